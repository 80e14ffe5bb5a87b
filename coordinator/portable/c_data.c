// SPDX-License-Identifier: MIT
//
// The constants of a C header: weights, scaling, names. Texts of the user stand in it as literals
// and inside comments, where nothing of them may end either. Weights are written with the nine
// digits that read back as the same float.
#include "c_header.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"

enum { NAMED = 256 }; // as many raw values get names of their own

// A literal; bytes that are no plain characters, and those of trigraphs, are escaped.
void ms_portable_c_literal(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\' || c == '?')
            fprintf(file, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(file, "\\%03o", c);
        else
            fputc(c, file);
    }
    fputc('"', file);
}

// Inside a comment, which "*/" and "/*" must not be part of.
void ms_portable_c_remark(FILE *file, const char *text)
{
    for (char before = ' '; *text; before = *text++)
        if ((before == '*' && *text == '/') || (before == '/' && *text == '*'))
            fputs(" _", file);
        else
            fputc((unsigned char)*text < 0x20 || *text == '\\' || *text == 0x7f ? '_' : *text,
                  file);
}

static void put_float(FILE *file, float x)
{
    char text[40];
    if (!isfinite(x)) {
        fputs(isnan(x) ? "NAN" : x < 0 ? "-INFINITY" : "INFINITY", file);
        return;
    }
    snprintf(text, sizeof text, "%.9g", (double)x);
    fprintf(file, "%s%sf", text, strpbrk(text, ".e") ? "" : ".0");
}

void ms_portable_c_double(FILE *file, double x)
{
    char text[40];
    fputs(ms_number_text(x, text, sizeof text), file);
}

// A comma and a place for item i of a list.
static void put_next(FILE *file, size_t i)
{
    fputs(i == 0 ? "\n    " : i % 8 == 0 ? ",\n    " : ", ", file);
}

static void put_floats(const struct ms_portable_c *h, const char *layer, const char *what,
                       const float *data, size_t n)
{
    if (!data)
        return;
    fprintf(h->file, "static const float %s_%s_%s[%zu] = {", h->name, layer, what, n);
    for (size_t i = 0; i < n; i++) {
        put_next(h->file, i);
        put_float(h->file, data[i]);
    }
    fputs("};\n", h->file);
}

const char *ms_portable_c_layer(const struct ms_model *m, int i, char *out, size_t size)
{
    char name[32];
    ms_portable_layer_name(m, i, name, sizeof name);
    return ms_portable_identifier(name, out, size);
}

void ms_portable_c_weights(const struct ms_portable_c *h)
{
    char layer[40];
    fputs("\n/* Kernels are (inputs, units), a row after the other. */\n", h->file);
    for (int i = 0; i < h->m->n_layers; i++) {
        const struct ms_model_layer *l = &h->m->layer[i];
        const size_t units = (size_t)l->units;
        ms_portable_c_layer(h->m, i, layer, sizeof layer);
        put_floats(h, layer, "kernel", l->kernel, (size_t)l->inputs * units);
        put_floats(h, layer, "bias", l->bias, units);
        put_floats(h, layer, "gamma", l->gamma, units);
        put_floats(h, layer, "beta", l->beta, units);
        put_floats(h, layer, "moving_mean", l->moving_mean, units);
        put_floats(h, layer, "moving_variance", l->moving_variance, units);
    }
}

static void put_texts(const struct ms_portable_c *h, const char *what, const char *const *text,
                      size_t n)
{
    fprintf(h->file, "static const char *const %s_%s[%zu] = {", h->name, what, n);
    for (size_t i = 0; i < n; i++) {
        put_next(h->file, i);
        ms_portable_c_literal(h->file, text[i]);
    }
    fputs("};\n", h->file);
}

// DEMO_AGE = 0, …: places of the raw values.
void ms_portable_c_places(const struct ms_portable_c *h)
{
    char name[MS_PORTABLE_NAME], other[MS_PORTABLE_NAME];
    if (h->c.n_values > NAMED || h->c.n_values != h->c.n)
        return;
    fputs("\n/* Places of the values. */\nenum {\n", h->file);
    for (int i = 0; i < h->c.n; i++) {
        bool taken = false;
        ms_portable_identifier(h->c.item[i].name, name, sizeof name);
        for (int k = 0; k < h->c.n && !taken; k++)
            taken = k != i && strcasecmp(name, ms_portable_identifier(h->c.item[k].name, other,
                                                                      sizeof other)) == 0;
        for (char *p = name; *p; p++)
            *p = (char)toupper((unsigned char)*p);
        fprintf(h->file, "    %s_AT_%s", h->upper, name);
        if (taken)
            fprintf(h->file, "_%d", i);
        fprintf(h->file, " = %d%s /* ", i, i + 1 < h->c.n ? "," : "");
        ms_portable_c_remark(h->file, h->c.item[i].name);
        fprintf(h->file, ": %s */\n", h->c.item[i].kind);
    }
    fputs("};\n", h->file);
}

// Raw values of a column.
static int values_of(const struct ms_portable_column *c)
{
    return c->category ? 1 : c->width;
}

void ms_portable_c_columns(const struct ms_portable_c *h)
{
    char what[40];
    if (!h->categories)
        return;
    fputs("\n/* Categories of the values, in the order of their inputs. */\n", h->file);
    for (int i = 0; i < h->c.n; i++) {
        const struct ms_portable_column *c = &h->c.item[i];
        snprintf(what, sizeof what, "category_%d", c->value);
        if (c->category)
            put_texts(h, what, c->level, (size_t)c->width);
    }
    fprintf(h->file, "static const char *const *const %s_categories[%d] = {", h->name,
            h->c.n_values);
    for (int i = 0; i < h->c.n; i++)
        for (int k = 0; k < values_of(&h->c.item[i]); k++) {
            put_next(h->file, (size_t)h->c.item[i].value + (size_t)k);
            if (h->c.item[i].category)
                fprintf(h->file, "%s_category_%d", h->name, h->c.item[i].value);
            else
                fputc('0', h->file);
        }
    fprintf(h->file, "};\nstatic const int %s_n_categories[%d] = {", h->name, h->c.n_values);
    for (int i = 0; i < h->c.n; i++)
        for (int k = 0; k < values_of(&h->c.item[i]); k++) {
            put_next(h->file, (size_t)h->c.item[i].value + (size_t)k);
            fprintf(h->file, "%d", h->c.item[i].category ? h->c.item[i].width : 0);
        }
    fputs("};\n", h->file);
}

// Of all inputs alike it is one number.
void ms_portable_c_scaling(const struct ms_portable_c *h)
{
    const size_t n = (size_t)h->m->n_inputs;
    const struct ms_column *in = h->m->input;
    size_t same = 1;
    while (same < n && in[same].fill == in[0].fill && in[same].shift == in[0].shift &&
           in[same].divide == in[0].divide)
        same++;
    const size_t each = same == n ? 1 : n;
    fprintf(h->file,
            "\n/* A missing value is fill; the network sees (x - shift) / divide. */\n"
            "static const double %s_inputs[%zu][3] = {\n",
            h->name, each);
    for (size_t j = 0; j < each; j++) {
        const double number[] = {in[j].fill, in[j].shift, in[j].divide};
        for (int k = 0; k < 3; k++) {
            fputs(k == 0 ? "    {" : ", ", h->file);
            ms_portable_c_double(h->file, number[k]);
        }
        fputs(j + 1 < each ? "},\n" : "}};\n", h->file);
    }
    fprintf(h->file,
            "\nstatic inline double %s_input(double raw, int i)\n{\n"
            "    const double *of = %s_inputs[%s];\n%s"
            "    return ((raw != raw ? of[0] : raw) - of[1]) / of[2];\n}\n",
            h->name, h->name, each == 1 ? "0" : "i",
            each == 1 ? "    (void)i; /* all inputs are alike */\n" : "");
}

int ms_portable_c_classes(const struct ms_portable_c *h, struct ms_error *err)
{
    const size_t n = h->m->data.n_classes;
    if (n == 0)
        return 0;
    const char **label = malloc(n * sizeof *label);
    if (!label)
        return ms_no_memory(err, "%zu classes", n);
    for (size_t i = 0; i < n; i++)
        label[i] = h->m->data.class[i].label;
    fputs("\n/* Classes in the order of the outputs; of two the second is the one that a single "
          "output means. */\n",
          h->file);
    put_texts(h, "classes", label, n);
    free(label);
    return 0;
}
