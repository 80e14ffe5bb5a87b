// SPDX-License-Identifier: MIT
//
// Answers as CSV: one line a row, in the order of the file, with its number from 0 as NumPy and
// pandas count; a row without an answer has empty fields.
#include <stdlib.h>
#include <string.h>

#include "coordinator/show/text.h"
#include "mlpsweep/json.h"
#include "predict.h"

static bool is_named(const struct ms_pick *p, const struct ms_table *t, const char *name)
{
    return strcmp(ms_table_row(t, p->row)->name, name) == 0;
}

bool ms_predict_is_probability(const struct ms_model *m)
{
    const struct ms_pick *a = &m->config->output.activation;
    return m->task != MS_REGRESSION && (is_named(a, &ms_activation_table, "sigmoid") ||
                                        is_named(a, &ms_activation_table, "softmax"));
}

// One output is the second class above 0.5, as the metrics count it; above 0 for hinge, whose
// targets are -1 and 1. Of several the largest.
size_t ms_predict_class(const struct ms_model *m, const double *outputs)
{
    size_t best = 0;
    if (m->n_outputs == 1)
        return outputs[0] > (is_named(&m->config->loss, &ms_loss_table, "hinge") ? 0 : 0.5);
    for (size_t k = 1; k < (size_t)m->n_outputs; k++)
        best = outputs[k] > outputs[best] ? k : best;
    return best;
}

// The shortest number that reads back: most outputs are floats.
static void put_number(FILE *out, double v)
{
    char text[40];
    if ((double)(float)v == v)
        fprintf(out, ",%.9g", v);
    else
        fprintf(out, ",%s", ms_number_text(v, text, sizeof text));
}

// The name of output k: its class, its target.
static const char *name_of(const struct ms_model *m, size_t k, char number[24])
{
    size_t target = 0;
    if (m->task != MS_REGRESSION && m->n_outputs == 1)
        k = 1;
    if (m->task != MS_REGRESSION && k < m->data.n_classes)
        return m->data.class[k].label;
    for (size_t i = 0; i < m->data.n_columns; i++) {
        const struct ms_data_column *c = &m->data.column[i];
        if (c->role == MS_ROLE_TARGET && target++ == k && c->width == 1 && c->name && c->name[0])
            return c->name;
    }
    snprintf(number, 24, "%zu", k);
    return number;
}

static void put_name(FILE *out, const char *what, const char *name)
{
    char *text = NULL;
    if (asprintf(&text, "%s(%s)", what, name) >= 0)
        ms_text_csv(out, text, false);
    free(text);
}

static void put_names(FILE *out, const struct ms_model *m, const char *what)
{
    char number[24];
    if (m->task == MS_BINARY && m->n_outputs == 1 && ms_predict_is_probability(m) &&
        m->data.n_classes == 2)
        put_name(out, what, m->data.class[0].label);
    for (size_t k = 0; k < (size_t)m->n_outputs; k++)
        put_name(out, what, name_of(m, k, number));
}

static bool shows_both(const struct ms_model *m)
{
    return m->task == MS_BINARY && m->n_outputs == 1 && ms_predict_is_probability(m) &&
           m->data.n_classes == 2;
}

static void put_outputs(FILE *out, const struct ms_model *m, const double *y, bool deviations)
{
    if (shows_both(m))
        put_number(out, deviations ? y[0] : (double)(float)(1 - y[0]));
    for (size_t k = 0; k < (size_t)m->n_outputs; k++)
        put_number(out, y[k]);
}

static void write_head(FILE *out, const struct ms_predict_answers *a)
{
    const struct ms_model *m = a->model;
    const bool one = m->task == MS_REGRESSION && m->n_outputs == 1;
    ms_text_csv(out, "row", true);
    if (one || m->task != MS_REGRESSION)
        ms_text_csv(out, "prediction", false);
    if (!one)
        put_names(out, m,
                  m->task == MS_REGRESSION       ? "prediction"
                  : ms_predict_is_probability(m) ? "p"
                                                 : "output");
    if (a->sd && one)
        ms_text_csv(out, "sd", false);
    else if (a->sd)
        put_names(out, m, "sd");
    fputc('\n', out);
}

static void write_row(FILE *out, const struct ms_predict_answers *a, size_t i)
{
    const struct ms_model *m = a->model;
    const size_t n = (size_t)m->n_outputs;
    const double *y = a->mean + i * n;
    char number[24];
    fprintf(out, "%u", a->rows->row[i]);
    if (m->task != MS_REGRESSION) {
        const size_t class = ms_predict_class(m, y);
        snprintf(number, sizeof number, "%zu", class);
        ms_text_csv(out, class < m->data.n_classes ? m->data.class[class].label : number, false);
    }
    put_outputs(out, m, y, false);
    if (a->sd)
        put_outputs(out, m, a->sd + i * n, true);
    fputc('\n', out);
}

// As many empty fields as the head has names.
static void write_hole(FILE *out, const struct ms_predict_answers *a, size_t i)
{
    const struct ms_model *m = a->model;
    size_t fields = (size_t)m->n_outputs + shows_both(m);
    fields = fields * (a->sd ? 2 : 1) + (m->task != MS_REGRESSION);
    fprintf(out, "%u", a->rows->row[i]);
    for (size_t k = 0; k < fields; k++)
        fputc(',', out);
    fputc('\n', out);
}

void ms_predict_write(FILE *out, const struct ms_predict_answers *a)
{
    const uint8_t *hole = a->rows->later.hole;
    write_head(out, a);
    for (size_t i = 0; i < a->rows->n; i++)
        if (hole && hole[a->rows->row[i]])
            write_hole(out, a, i);
        else
            write_row(out, a, i);
}
