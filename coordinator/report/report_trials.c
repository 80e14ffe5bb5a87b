// SPDX-License-Identifier: MIT
//
// Parameters, trials and executions as columns. A parameter of few values, or of words, has its
// values as texts and their indices; any other has numbers.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mlpsweep/memory.h"
#include "report_internal.h"

enum { FEW = 24, TEXT = 4000 };

// --- parameters --------------------------------------------------------------

static const char *const kind_names[] = {
    [MS_CHOICE] = "choice", [MS_INT] = "int", [MS_FLOAT] = "float", [MS_BOOL] = "bool"};

static uint64_t n_values(const struct ms_table_param *p)
{
    return p->param ? p->param->count : p->n_levels;
}

// Whether every value is a number: then many of them need no texts.
static bool is_number(const struct ms_trial_table *t, int i)
{
    for (int64_t row = 0; row < t->n; row++)
        if (!isnan(t->value[row * t->n_params + i]) && isnan(ms_trial_table_number(t, row, i)))
            return false;
    return true;
}

static const char *label_of(const struct ms_show_params *labels, const char *name)
{
    for (int i = 0; i < labels->n; i++)
        if (strcmp(labels->item[i].name, name) == 0)
            return labels->item[i].label;
    return name;
}

static void write_texts(struct ms_json_out *o, const struct ms_table_param *p)
{
    char text[TEXT];
    ms_json_out_open(o, "texts", '[');
    for (uint64_t v = 0; v < n_values(p); v++)
        ms_json_out_text(o, NULL,
                         p->param ? ms_space_param_text(p->param, (double)v, text, sizeof text)
                                  : p->level[v]);
    ms_json_out_close(o);
}

static int write_param(struct ms_json_out *o, const struct ms_report_sweep *s, int i,
                       double *column, struct ms_error *err)
{
    const struct ms_trial_table *t = &s->table;
    const struct ms_table_param *p = &t->param[i];
    const bool texts = n_values(p) > 0 && (n_values(p) <= FEW || !is_number(t, i));
    for (int64_t k = 0; k < s->n; k++)
        column[k] =
            texts ? t->value[s->row[k] * t->n_params + i] : ms_trial_table_number(t, s->row[k], i);
    ms_json_out_open(o, NULL, '{');
    ms_json_out_text(o, "name", p->name);
    ms_json_out_text(o, "label", label_of(&s->labels, p->name));
    ms_json_out_text(o, "kind", p->param ? kind_names[p->param->kind] : "choice");
    ms_json_out_bool(o, "log", p->param && p->param->log);
    ms_json_out_bool(o, "varies", p->varies);
    if (texts)
        write_texts(o, p);
    else
        ms_json_out_null(o, "texts");
    const int status = ms_report_column(o, "column",
                                        !texts                ? MS_REPORT_F4
                                        : n_values(p) < 255   ? MS_REPORT_U1
                                        : n_values(p) < 65535 ? MS_REPORT_U2
                                                              : MS_REPORT_U4,
                                        column, (size_t)s->n, err);
    ms_json_out_close(o);
    return status;
}

// --- trials ------------------------------------------------------------------

// "2026-01-31 12:00:00.123" as seconds since 1970.
static double seconds_of(const char *text)
{
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
    return rest ? (double)timegm(&tm) + (*rest == '.' ? strtod(rest, NULL) : 0) : NAN;
}

static const struct ms_trial_rank *rank_of(const struct ms_report_sweep *s, int64_t row)
{
    static const struct ms_trial_rank none = {
        .mean = NAN, .sd = NAN, .lo = NAN, .hi = NAN, .key = NAN};
    return s->place[row] < 0 ? &none : &s->show.rank[s->place[row]];
}

typedef double (*ms_value_of)(const struct ms_report_sweep *s, int64_t row);

static double number(const struct ms_report_sweep *s, int64_t row)
{
    return s->table.row[row].trial;
}
// Those that have not ended stand behind those that have, by their numbers.
static double place(const struct ms_report_sweep *s, int64_t row)
{
    return (double)(s->place[row] >= 0 ? s->place[row] : s->show.n_ranks + row);
}
static double n(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->n;
}
static double failed(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->n_failed;
}
static double pruned(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->n_pruned;
}
static double constant(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->n_constant;
}
static double mean(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->mean;
}
static double sd(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->sd;
}
static double lo(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->lo;
}
static double hi(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->hi;
}
static double key(const struct ms_report_sweep *s, int64_t row)
{
    return rank_of(s, row)->key;
}
static double tied(const struct ms_report_sweep *s, int64_t row)
{
    const struct ms_trial_rank *r = rank_of(s, row);
    return r->tied && !isnan(r->p);
}
static double front(const struct ms_report_sweep *s, int64_t row)
{
    return s->goals.front && s->place[row] >= 0 ? s->goals.front[s->place[row]] : 0;
}
static double wall(const struct ms_report_sweep *s, int64_t row)
{
    return s->table.row[row].wall_s;
}
static double weights(const struct ms_report_sweep *s, int64_t row)
{
    const int64_t w = s->table.row[row].weights;
    return w > 0 ? (double)w : NAN;
}
static double flops(const struct ms_report_sweep *s, int64_t row)
{
    const double f = s->table.row[row].flops;
    return f > 0 ? f : NAN;
}
static double ended(const struct ms_report_sweep *s, int64_t row)
{
    return seconds_of(s->table.row[row].ended_at) - seconds_of(s->table.row[0].created_at);
}

static const struct {
    const char *name;
    enum ms_report_kind kind;
    ms_value_of value;
} columns[] = {
    {"number", MS_REPORT_U4, number},
    {"place", MS_REPORT_U4, place},
    {"n", MS_REPORT_U2, n},
    {"n_failed", MS_REPORT_U2, failed},
    {"n_pruned", MS_REPORT_U2, pruned},
    {"n_constant", MS_REPORT_U2, constant},
    {"mean", MS_REPORT_F8, mean},
    {"sd", MS_REPORT_F4, sd},
    {"lo", MS_REPORT_F4, lo},
    {"hi", MS_REPORT_F4, hi},
    {"key", MS_REPORT_F8, key},
    {"tied", MS_REPORT_U1, tied},
    {"front", MS_REPORT_U2, front},
    {"wall_s", MS_REPORT_F4, wall},
    {"weights", MS_REPORT_F8, weights},
    {"flops", MS_REPORT_F8, flops},
    {"ended", MS_REPORT_F4, ended},
};

static int write_goals(struct ms_json_out *o, struct ms_report_sweep *s, double *column,
                       struct ms_error *err)
{
    const struct ms_goals *goals = &s->goals.values.goals;
    int status = 0;
    ms_json_out_open(o, "goals", '[');
    for (int k = 0; !status && k < goals->n; k++) {
        for (int64_t i = 0; i < s->n; i++)
            column[i] = ms_show_goal(&s->goals, s->table.row[s->row[i]].trial, k);
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "name", goals->item[k].name);
        ms_json_out_bool(o, "maximize", goals->item[k].maximize);
        status = ms_report_column(o, "column", MS_REPORT_F4, column, (size_t)s->n, err);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    return status;
}

// The objective of every execution that has one, by row.
static int write_executions(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct ms_rank_scores scores;
    int status = ms_store_scores(s->show.store, s->show.sweep.id, &scores, err);
    if (status)
        return status;
    const size_t all = (size_t)scores.n;
    double *row = malloc((all + 1) * sizeof *row), *value = malloc((all + 1) * sizeof *value);
    size_t count = 0;
    if (!row || !value)
        status = ms_no_memory(err, "the scores of %zu executions", all);
    for (size_t i = 0; !status && i < all; i++) {
        const int64_t found = ms_trial_table_row(&s->table, scores.trial[i]);
        if (found < 0 || s->at[found] < 0 || isnan(scores.value[i]))
            continue;
        row[count] = (double)s->at[found];
        value[count++] = scores.value[i];
    }
    ms_json_out_open(o, "executions", '{');
    ms_json_out_int(o, "n", (int64_t)count);
    if (!status)
        status = ms_report_column(o, "row", MS_REPORT_U4, row, count, err);
    if (!status)
        status = ms_report_column(o, "value", MS_REPORT_F4, value, count, err);
    ms_json_out_close(o);
    free(row);
    free(value);
    ms_rank_scores_clear(&scores);
    return status;
}

int ms_report_write_trials(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    double *column = malloc(((size_t)s->n + 1) * sizeof *column);
    int status = column ? 0 : ms_no_memory(err, "a column of the page");
    ms_json_out_int(o, "n", s->n);
    ms_json_out_open(o, "params", '[');
    for (int i = 0; !status && i < s->table.n_params; i++)
        status = write_param(o, s, i, column, err);
    ms_json_out_close(o);
    ms_json_out_open(o, "trials", '{');
    for (size_t k = 0; !status && k < sizeof columns / sizeof *columns; k++) {
        for (int64_t i = 0; i < s->n; i++)
            column[i] = columns[k].value(s, s->row[i]);
        status = ms_report_column(o, columns[k].name, columns[k].kind, column, (size_t)s->n, err);
    }
    ms_json_out_close(o);
    if (!status)
        status = write_goals(o, s, column, err);
    free(column);
    return status ? status : write_executions(o, s, err);
}
