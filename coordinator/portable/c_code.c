// SPDX-License-Identifier: MIT
//
// The functions of a C header: fixed texts, of which only those that are called are written, and
// predict, a call for each step of each layer.
#include "c_header.h"

#include <string.h>

#include "spellings.h"

static const char dense[] =
    "\n"
    "/* y += x * row, for each of the units. */\n"
    "static inline void %s_add(double *y, double x, const float *row, int "
    "units)\n{\n"
    "    for (int j = 0; x != 0 && j < units; j++)\n"
    "        y[j] += x * (double)row[j];\n}\n"
    "\nstatic inline void %s_start(double *y, const float *bias, int "
    "units)\n{\n"
    "    for (int j = 0; j < units; j++)\n"
    "        y[j] = bias ? (double)bias[j] : 0;\n}\n"
    "\nstatic inline void %s_dense(double *y, const double *x, int inputs,\n"
    "    const float *kernel, const float *bias, int units)\n{\n"
    "    %s_start(y, bias, units);\n"
    "    for (int i = 0; i < inputs; i++)\n"
    "        %s_add(y, x[i], kernel + (size_t)i * (size_t)units, units);\n"
    "}\n";

static const char layer_norm[] =
    "\nstatic inline void %s_layer_normalization(double *y, int units, double epsilon,\n"
    "    const float *gamma, const float *beta)\n{\n"
    "    double mean = 0, variance = 0;\n"
    "    for (int j = 0; j < units; j++)\n"
    "        mean += y[j] / units;\n"
    "    for (int j = 0; j < units; j++)\n"
    "        variance += (y[j] - mean) * (y[j] - mean) / units;\n"
    "    for (int j = 0; j < units; j++)\n"
    "        y[j] = (y[j] - mean) / sqrt(variance + epsilon) * (gamma ? (double)gamma[j] : 1) +\n"
    "               (beta ? (double)beta[j] : 0);\n}\n";

static const char batch_norm[] =
    "\nstatic inline void %s_batch_normalization(double *y, int units, double epsilon,\n"
    "    const float *gamma, const float *beta, const float *mean, const float *variance)\n{\n"
    "    for (int j = 0; j < units; j++)\n"
    "        y[j] = (y[j] - (double)mean[j]) / sqrt((double)variance[j] + epsilon) *\n"
    "                   (gamma ? (double)gamma[j] : 1) +\n"
    "               (beta ? (double)beta[j] : 0);\n}\n";

static const char softmax[] = "\nstatic inline void %s_softmax(double *y, int units)\n{\n"
                              "    double top = y[0], sum = 0;\n"
                              "    for (int j = 1; j < units; j++)\n"
                              "        top = y[j] > top ? y[j] : top;\n"
                              "    for (int j = 0; j < units; j++)\n"
                              "        y[j] = exp(y[j] - top);\n"
                              "    for (int j = 0; j < units; j++)\n"
                              "        sum += y[j];\n"
                              "    for (int j = 0; j < units; j++)\n"
                              "        y[j] /= sum;\n}\n";

static const char category[] =
    "\n/* A category as a value: its place. -1: the network has not learnt it, and sees none. */\n"
    "static inline double %s_category(int value, const char *text)\n{\n"
    "    for (int k = 0; k < %s_n_categories[value]; k++) {\n"
    "        const char *a = %s_categories[value][k], *b = text;\n"
    "        while (*a && *a == *b)\n"
    "            a++, b++;\n"
    "        if (*a == *b)\n"
    "            return k;\n"
    "    }\n"
    "    return -1;\n}\n";

// Writes a text in which every %s is the name that all names begin with.
static void put_text(const struct ms_portable_c *h, const char *text)
{
    for (const char *s = text; *s; s++)
        if (s[0] == '%' && s[1] == 's') {
            fputs(h->name, h->file);
            s++;
        } else {
            fputc(*s, h->file);
        }
}

void ms_portable_c_helpers(const struct ms_portable_c *h)
{
    bool with[3] = {false}, with_softmax = false;
    double epsilon;
    for (int i = 0; i < h->m->n_layers; i++) {
        const struct ms_model_layer *l = &h->m->layer[i];
        const char *text = ms_spellings_of(&l->config->activation, MS_SPELLING_C);
        with[ms_portable_norm(l, &epsilon)] = true;
        with_softmax = with_softmax || (text && !*text);
    }
    put_text(h, dense);
    put_text(h, with[MS_PORTABLE_BATCH_NORM] ? batch_norm : "");
    put_text(h, with[MS_PORTABLE_LAYER_NORM] ? layer_norm : "");
    put_text(h, with_softmax ? softmax : "");
    put_text(h, h->categories ? category : "");
}

// A weight's name, or 0 where the layer has none.
static void put_weight(const struct ms_portable_c *h, const char *layer, const char *what,
                       const float *data)
{
    if (data)
        fprintf(h->file, ", %s_%s_%s", h->name, layer, what);
    else
        fputs(", 0", h->file);
}

// From the raw values to the first layer's products, so that nothing holds all inputs at once.
static void put_first(const struct ms_portable_c *h)
{
    char layer[40];
    const struct ms_model_layer *l = &h->m->layer[0];
    ms_portable_c_layer(h->m, 0, layer, sizeof layer);
    fprintf(h->file, "    %s_start(y", h->name);
    put_weight(h, layer, "bias", l->bias);
    fprintf(h->file, ", %d);\n", l->units);
    if (!h->categories) {
        fprintf(h->file,
                "    for (int i = 0; i < %d; i++)\n"
                "        %s_add(y, %s_input(values[i], i), %s_%s_kernel + (size_t)i * %d, %d);\n",
                l->inputs, h->name, h->name, h->name, layer, l->units, l->units);
        return;
    }
    fprintf(h->file,
            "    for (int v = 0, i = 0; v < %d; v++) {\n"
            "        const int n = %s_n_categories[v];\n"
            "        for (int k = 0; k < (n ? n : 1); k++, i++) {\n"
            "            const int own = n == 0 || values[v] != values[v];\n"
            "            const double raw = own ? values[v] : (values[v] == k ? 1 : 0);\n"
            "            %s_add(y, %s_input(raw, i), %s_%s_kernel + (size_t)i * %d, %d);\n"
            "        }\n"
            "    }\n",
            h->c.n_values, h->name, h->name, h->name, h->name, layer, l->units, l->units);
}

static void put_norm(const struct ms_portable_c *h, const struct ms_model_layer *l,
                     const char *layer)
{
    double epsilon;
    const enum ms_portable_norm norm = ms_portable_norm(l, &epsilon);
    if (norm == MS_PORTABLE_NO_NORM)
        return;
    fprintf(h->file, "    %s_%s(y, %d, ", h->name,
            norm == MS_PORTABLE_BATCH_NORM ? "batch_normalization" : "layer_normalization",
            l->units);
    ms_portable_c_double(h->file, epsilon);
    put_weight(h, layer, "gamma", l->gamma);
    put_weight(h, layer, "beta", l->beta);
    if (norm == MS_PORTABLE_BATCH_NORM) {
        put_weight(h, layer, "moving_mean", l->moving_mean);
        put_weight(h, layer, "moving_variance", l->moving_variance);
    }
    fputs(");\n", h->file);
}

static int put_activation(const struct ms_portable_c *h, const struct ms_model_layer *l,
                          struct ms_error *err)
{
    const struct ms_pick *p = &l->config->activation;
    const char *name = ms_table_row(&ms_activation_table, p->row)->name;
    const char *text = ms_spellings_of(p, MS_SPELLING_C);
    if (!text)
        return ms_fail(err, MS_EINVAL, "activation '%s' has no counterpart in C", name);
    if (!*text) {
        fprintf(h->file, "    %s_softmax(y, %d);\n", h->name, l->units);
    } else if (strcmp(text, "z") != 0) {
        fprintf(h->file,
                "    for (int j = 0; j < %d; j++) { /* %s */\n"
                "        const double z = y[j];\n        y[j] = ",
                l->units, name);
        ms_spellings_put(h->file, p, MS_SPELLING_C);
        fputs(";\n    }\n", h->file);
    }
    return 0;
}

static void put_outputs(const struct ms_portable_c *h)
{
    static const char *const after[] = {
        [MS_TARGET_LINEAR] = "", [MS_TARGET_LOG] = "exp", [MS_TARGET_LOG1P] = "expm1"};
    const struct ms_target *t = h->m->target;
    if (!ms_portable_scales_target(h->m))
        fprintf(h->file, "    for (int j = 0; j < %d; j++)\n        outputs[j] = y[j];\n",
                h->m->n_outputs);
    for (int j = 0; ms_portable_scales_target(h->m) && j < h->m->n_outputs; j++) {
        fprintf(h->file, "    outputs[%d] = %s(y[%d] * ", j, after[t[j].kind], j);
        ms_portable_c_double(h->file, t[j].divide);
        fputs(" + ", h->file);
        ms_portable_c_double(h->file, t[j].shift);
        fputs(");\n", h->file);
    }
}

int ms_portable_c_predict(const struct ms_portable_c *h, struct ms_error *err)
{
    int widest = 1, status = 0;
    char layer[40];
    for (int i = 0; i < h->m->n_layers; i++)
        widest = h->m->layer[i].units > widest ? h->m->layer[i].units : widest;
    fprintf(h->file,
            "\n/* The network's answer to one row. */\n"
            "static inline void %s_predict(const double values[%d], double outputs[%d])\n{\n"
            "    double a[%d], *y = a;\n",
            h->name, h->c.n_values, h->m->n_outputs, widest);
    if (h->m->n_layers > 1)
        fprintf(h->file, "    double b[%d], *x = b, *swap;\n", widest);
    for (int i = 0; i < h->m->n_layers && !status; i++) {
        const struct ms_model_layer *l = &h->m->layer[i];
        ms_portable_c_layer(h->m, i, layer, sizeof layer);
        if (i == 0) {
            put_first(h);
        } else {
            fprintf(h->file, "    swap = x, x = y, y = swap;\n    %s_dense(y, x, %d", h->name,
                    l->inputs);
            put_weight(h, layer, "kernel", l->kernel);
            put_weight(h, layer, "bias", l->bias);
            fprintf(h->file, ", %d);\n", l->units);
        }
        put_norm(h, l, layer);
        status = put_activation(h, l, err);
    }
    put_outputs(h);
    fputs("}\n", h->file);
    return status;
}
