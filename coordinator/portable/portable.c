// SPDX-License-Identifier: MIT
//
// What all writers of models say alike: columns, names, and the description that travels with the
// weights, so that nobody needs the store to use them.
#include "portable.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "worker/kernels/activations.h"
#include "worker/kernels/normalizations.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

// ---- columns -----------------------------------------------------------------------------------

static const char unnamed[] = "x"; // as people call the inputs

int ms_portable_columns(const struct ms_model *m, struct ms_portable_columns *out,
                        struct ms_error *err)
{
    const struct ms_data_info *d = &m->data;
    *out = (struct ms_portable_columns){.item = calloc(d->n_columns + 1, sizeof *out->item)};
    if (!out->item)
        return ms_no_memory(err, "%zu columns", d->n_columns);
    int first = 0;
    for (size_t i = 0; i < d->n_columns; i++) {
        const struct ms_data_column *c = &d->column[i];
        const bool category = c->role == MS_ROLE_CATEGORY;
        if (!category && c->role != MS_ROLE_INPUT)
            continue;
        out->item[out->n++] = (struct ms_portable_column){
            .name = *c->name ? c->name : unnamed, // an array
            .kind = c->kind,
            .category = category,
            .first = first,
            .width = (int)c->width,
            .value = out->n_values,
            .level = category ? (const char *const *)c->level : NULL,
            .lo = c->lo,
            .hi = c->hi,
        };
        first += (int)c->width;
        out->n_values += category ? 1 : (int)c->width;
    }
    if (out->n == 0) {
        out->item[out->n++] = (struct ms_portable_column){
            .name = unnamed, .kind = "number", .width = m->n_inputs, .lo = NAN, .hi = NAN};
        out->n_values = first = m->n_inputs;
    }
    if (first == m->n_inputs)
        return 0;
    free(out->item);
    *out = (struct ms_portable_columns){0};
    return ms_fail(err, MS_ESTATE, "the model has %d inputs, its columns have %d", m->n_inputs,
                   first);
}

// ---- names -------------------------------------------------------------------------------------

const char *ms_portable_identifier(const char *text, char *out, size_t size)
{
    size_t n = 0;
    if (!isalpha((unsigned char)*text))
        n = (size_t)snprintf(out, size, "m_");
    for (; *text && n + 1 < size; text++)
        if (((unsigned char)*text & 0xC0) != 0x80) // one "_" for a character of several bytes
            out[n++] = isalnum((unsigned char)*text) ? *text : '_';
    out[n] = '\0';
    return out;
}

const char *ms_portable_layer_name(const struct ms_model *m, int layer, char *out, size_t size)
{
    if (layer + 1 == m->n_layers)
        snprintf(out, size, "output");
    else
        snprintf(out, size, "hidden.%d", layer + 1);
    return out;
}

enum ms_portable_norm ms_portable_norm(const struct ms_model_layer *l, double *epsilon)
{
    const struct ms_pick *p = &l->config->normalization;
    *epsilon = p->arg[MS_NORM_EPSILON];
    if (p->row <= 0)
        return MS_PORTABLE_NO_NORM;
    return ms_normalization_row(p->row)->statistics ? MS_PORTABLE_BATCH_NORM
                                                    : MS_PORTABLE_LAYER_NORM;
}

const char *ms_portable_output_name(const struct ms_model *m)
{
    const int row = m->layer[m->n_layers - 1].config->activation.row;
    if (m->task == MS_REGRESSION)
        return "prediction";
    return row == MS_ACT_SOFTMAX || row == MS_ACT_SIGMOID ? "probabilities" : "scores";
}

bool ms_portable_scales_target(const struct ms_model *m)
{
    for (int j = 0; m->target && j < m->n_outputs; j++)
        if (m->target[j].kind != MS_TARGET_LINEAR || m->target[j].shift != 0 ||
            m->target[j].divide != 1)
            return true;
    return false;
}

// ---- description -------------------------------------------------------------------------------

// {"name": "leaky_relu", "negative_slope": 0.2}
static void put_pick(struct ms_json_out *o, const char *key, const struct ms_table *t,
                     const struct ms_pick *p)
{
    const struct ms_row *row = ms_table_row(t, p->row);
    ms_json_out_open(o, key, '{');
    ms_json_out_text(o, "name", row->name);
    for (int i = 0; i < row->n_args; i++)
        if (row->args[i].type == MS_ARG_BOOL)
            ms_json_out_bool(o, row->args[i].name, p->arg[i] != 0);
        else
            ms_json_out_number(o, row->args[i].name, p->arg[i]);
    ms_json_out_close(o);
}

static void put_layers(const struct ms_model *m, struct ms_json_out *o)
{
    char name[MS_PORTABLE_NAME];
    ms_json_out_open(o, "layers", '[');
    for (int i = 0; i < m->n_layers; i++) {
        const struct ms_model_layer *l = &m->layer[i];
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "name", ms_portable_layer_name(m, i, name, sizeof name));
        ms_json_out_int(o, "inputs", l->inputs);
        ms_json_out_int(o, "units", l->units);
        ms_json_out_bool(o, "use_bias", l->bias != NULL);
        if (l->config->normalization.row > 0)
            put_pick(o, "normalization", &ms_normalization_table, &l->config->normalization);
        put_pick(o, "activation", &ms_activation_table, &l->config->activation);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_columns(const struct ms_portable_columns *c, struct ms_json_out *o)
{
    ms_json_out_open(o, "columns", '[');
    for (int i = 0; i < c->n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "name", c->item[i].name);
        ms_json_out_text(o, "kind", c->item[i].kind);
        ms_json_out_int(o, "width", c->item[i].width);
        if (c->item[i].category) {
            ms_json_out_open(o, "levels", '[');
            for (int k = 0; k < c->item[i].width; k++)
                ms_json_out_text(o, NULL, c->item[i].level[k]);
            ms_json_out_close(o);
        }
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static double column_fill(const struct ms_column *c)
{
    return c->fill;
}

static double column_shift(const struct ms_column *c)
{
    return c->shift;
}

static double column_divide(const struct ms_column *c)
{
    return c->divide;
}

// One number where all inputs have the same, else a number for each.
static void put_scaling(const struct ms_model *m, struct ms_json_out *o)
{
    static const struct {
        const char *name;
        double (*of)(const struct ms_column *c);
    } parts[] = {{"fill", column_fill}, {"shift", column_shift}, {"divide", column_divide}};
    ms_json_out_open(o, "inputs", '{');
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        int same = 1;
        while (same < m->n_inputs && parts[p].of(&m->input[same]) == parts[p].of(&m->input[0]))
            same++;
        if (same == m->n_inputs) {
            ms_json_out_number(o, parts[p].name, parts[p].of(&m->input[0]));
            continue;
        }
        ms_json_out_open(o, parts[p].name, '[');
        for (int j = 0; j < m->n_inputs; j++)
            ms_json_out_number(o, NULL, parts[p].of(&m->input[j]));
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_target(const struct ms_model *m, struct ms_json_out *o)
{
    static const char *const kinds[] = {
        [MS_TARGET_LINEAR] = "linear", [MS_TARGET_LOG] = "log", [MS_TARGET_LOG1P] = "log1p"};
    ms_json_out_text(o, "target", m->data.target);
    ms_json_out_open(o, "classes", '[');
    for (size_t i = 0; i < m->data.n_classes; i++)
        ms_json_out_text(o, NULL, m->data.class[i].label);
    ms_json_out_close(o);
    if (!ms_portable_scales_target(m))
        return;
    ms_json_out_open(o, "outputs", '[');
    for (int j = 0; j < m->n_outputs; j++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "kind", kinds[m->target[j].kind]);
        ms_json_out_number(o, "shift", m->target[j].shift);
        ms_json_out_number(o, "divide", m->target[j].divide);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

void ms_portable_describe(const struct ms_model *m, const struct ms_portable_columns *c,
                          struct ms_json_out *o)
{
    static const char *const tasks[] = {
        [MS_REGRESSION] = "regression", [MS_BINARY] = "binary", [MS_MULTICLASS] = "multiclass"};
    ms_json_out_open(o, NULL, '{');
    ms_json_out_text(o, "mlpsweep", MS_VERSION);
    ms_json_out_text(o, "sweep", m->sweep);
    ms_json_out_int(o, "trial", m->trial);
    ms_json_out_int(o, "execution", m->execution);
    ms_json_out_text(o, "kind", ms_model_kind_names[m->kind]);
    ms_json_out_int(o, "epoch", m->epoch);
    ms_json_out_text(o, "task", tasks[m->task]);
    ms_json_out_text(o, "loss", ms_table_row(&ms_loss_table, m->config->loss.row)->name);
    ms_json_out_open(o, "metrics", '{');
    for (int i = 0; i < m->n_metrics; i++)
        ms_json_out_number(o, m->metric[i].name, m->metric[i].value);
    ms_json_out_close(o);
    put_columns(c, o);
    put_scaling(m, o);
    put_layers(m, o);
    put_target(m, o);
    ms_json_out_text(o, "output", ms_portable_output_name(m));
    ms_json_out_close(o);
}

// ---- texts -------------------------------------------------------------------------------------

int ms_portable_text_open(struct ms_portable_text *t, struct ms_error *err)
{
    *t = (struct ms_portable_text){0};
    t->file = open_memstream(&t->text, &t->size);
    return t->file ? 0 : ms_no_memory(err, "a text of the export");
}

int ms_portable_text_close(struct ms_portable_text *t, struct ms_error *err)
{
    const bool whole = !ferror(t->file);
    if (fclose(t->file) || !whole || !t->text) {
        free(t->text);
        t->text = NULL;
        return ms_no_memory(err, "a text of the export");
    }
    for (size_t n = strlen(t->text); n > 0 && t->text[n - 1] == '\n'; n--)
        t->text[n - 1] = '\0';
    return 0;
}

int ms_portable_description(const struct ms_model *m, const struct ms_portable_columns *c,
                            struct ms_portable_text *out, struct ms_error *err)
{
    const int status = ms_portable_text_open(out, err);
    if (status)
        return status;
    struct ms_json_out o = {.file = out->file};
    ms_portable_describe(m, c, &o);
    return ms_portable_text_close(out, err);
}
