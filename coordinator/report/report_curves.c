// SPDX-License-Identifier: MIT
//
// Learning curves: for each of the chosen trials and each metric the mean over its executions, and
// the smallest and the largest of them as a band, at most 100 epochs of a trial: the first, the
// last, and others evenly between. Nothing is smoothed.
#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "report_internal.h"

enum { POINTS = 100 };

struct curves {
    struct ms_store_names metrics;
    size_t n, n_room;   // trials
    double *row, *last; // of a trial: its row, and where its points end
    size_t points, room;
    double *epoch;
    double *value; // (points, metrics, 3): mean, lowest, highest
};

static void clear(struct curves *c)
{
    ms_store_names_clear(&c->metrics);
    free(c->row);
    free(c->last);
    free(c->epoch);
    free(c->value);
}

// One epoch over the executions that have it: rows i of the table with that epoch.
static int add_point(struct curves *c, const struct ms_epoch_table *t, const size_t *at,
                     size_t n_at, int64_t epoch, struct ms_error *err)
{
    const size_t m = (size_t)c->metrics.n;
    const struct ms_column_array arrays[] = {{&c->epoch, sizeof *c->epoch},
                                             {&c->value, 3 * m * sizeof *c->value}};
    const int status =
        ms_grow_columns(arrays, 2, &c->room, c->points + 1, "the learning curves", err);
    if (status)
        return status;
    double *to = c->value + c->points * 3 * m;
    for (size_t k = 0; k < m; k++, to += 3) {
        double sum = 0, lo = INFINITY, hi = -INFINITY;
        int n = 0;
        for (size_t i = 0; i < n_at; i++) {
            const double v = t->value[at[i] * m + k];
            if (isnan(v))
                continue;
            n++;
            sum += v;
            lo = fmin(lo, v);
            hi = fmax(hi, v);
        }
        to[0] = n ? sum / n : NAN;
        to[1] = n ? lo : NAN;
        to[2] = n ? hi : NAN;
    }
    c->epoch[c->points++] = (double)epoch;
    return 0;
}

// Whether epoch e of 1 … last is one of the points.
static bool is_point(int64_t e, int64_t last)
{
    return last <= POINTS || e == 1 || e * (POINTS - 1) / last != (e - 1) * (POINTS - 1) / last;
}

// Executions follow one another, each with its epochs in order: a cursor for each of them.
static int add_trial(struct curves *c, const struct ms_epoch_table *t, double row,
                     struct ms_error *err)
{
    const struct ms_column_array arrays[] = {{&c->row, sizeof *c->row},
                                             {&c->last, sizeof *c->last}};
    int status = ms_grow_columns(arrays, 2, &c->n_room, c->n + 1, "the learning curves", err);
    size_t executions = 0;
    int64_t last = 0;
    for (size_t i = 0; i < t->n; i++) {
        executions += i == 0 || t->execution[i] != t->execution[i - 1];
        last = t->epoch[i] > last ? t->epoch[i] : last;
    }
    size_t *cursor = malloc((executions + 1) * sizeof *cursor);
    size_t *at = malloc((executions + 1) * sizeof *at), k = 0;
    if (!status && (!cursor || !at))
        status = ms_no_memory(err, "the learning curves");
    for (size_t i = 0; !status && i < t->n; i++)
        if (i == 0 || t->execution[i] != t->execution[i - 1])
            cursor[k++] = i;
    for (int64_t e = 1; !status && e <= last; e++) {
        size_t n_at = 0;
        for (k = 0; k < executions; k++) {
            const size_t i = cursor[k];
            if (i < t->n && t->epoch[i] == e) {
                at[n_at++] = i;
                const bool same = i + 1 < t->n && t->execution[i + 1] == t->execution[i];
                cursor[k] = same ? i + 1 : t->n;
            }
        }
        if (n_at && is_point(e, last))
            status = add_point(c, t, at, n_at, e, err);
    }
    free(cursor);
    free(at);
    if (!status) {
        c->row[c->n] = row;
        c->last[c->n++] = (double)c->points;
    }
    return status;
}

// Trials of more than one epoch, best first, until there are enough.
static int gather(struct curves *c, struct ms_report_sweep *s, int64_t *of, struct ms_error *err)
{
    bool *chosen = calloc((size_t)s->show.n_ranks + 1, sizeof *chosen);
    int status = chosen ? 0 : ms_no_memory(err, "the choice of curves");
    if (!status)
        ms_report_choose(s->show.n_ranks, s->limits.curves, chosen);
    for (int64_t k = 0; !status && k < s->show.n_ranks; k++) {
        const int64_t row = ms_trial_table_row(&s->table, s->show.rank[k].trial);
        if (!chosen[k] || row < 0 || s->at[row] < 0)
            continue;
        struct ms_epoch_table t;
        status = ms_store_epoch_table(s->show.store, s->show.sweep.id, s->show.rank[k].trial,
                                      &c->metrics, &t, err);
        if (status)
            break;
        if (t.n > 0)
            status = add_trial(c, &t, (double)s->at[row], err);
        ms_store_epoch_table_clear(&t);
    }
    *of = s->show.n_ranks;
    free(chosen);
    return status;
}

static int write_band(struct ms_json_out *o, const struct curves *c, size_t metric, double *column,
                      struct ms_error *err)
{
    static const char *const names[] = {"mean", "lo", "hi"};
    const size_t width = 3 * (size_t)c->metrics.n;
    int status = 0;
    ms_json_out_open(o, NULL, '{');
    for (size_t k = 0; !status && k < 3; k++) {
        for (size_t i = 0; i < c->points; i++)
            column[i] = c->value[i * width + 3 * metric + k];
        status = ms_report_column(o, names[k], MS_REPORT_F4, column, c->points, err);
    }
    ms_json_out_close(o);
    return status;
}

static int write(struct ms_json_out *o, const struct curves *c, int64_t of, struct ms_error *err)
{
    double *column = malloc((c->points + c->n + 2) * sizeof *column);
    if (!column)
        return ms_no_memory(err, "the learning curves");
    ms_json_out_open(o, "curves", '{');
    ms_json_out_int(o, "n", (int64_t)c->n);
    ms_json_out_int(o, "of", of);
    ms_json_out_int(o, "points", (int64_t)c->points);
    ms_json_out_open(o, "metrics", '[');
    for (int k = 0; k < c->metrics.n; k++)
        ms_json_out_text(o, NULL, c->metrics.name[k]);
    ms_json_out_close(o);
    int status = ms_report_column(o, "row", MS_REPORT_U4, c->row, c->n, err);
    column[0] = 0;
    for (size_t i = 0; i < c->n; i++)
        column[i + 1] = c->last[i];
    if (!status)
        status = ms_report_column(o, "first", MS_REPORT_U4, column, c->n + 1, err);
    if (!status)
        status = ms_report_column(o, "epoch", MS_REPORT_U4, c->epoch, c->points, err);
    ms_json_out_open(o, "values", '[');
    for (size_t k = 0; !status && k < (size_t)c->metrics.n; k++)
        status = write_band(o, c, k, column, err);
    ms_json_out_close(o);
    ms_json_out_close(o);
    free(column);
    return status;
}

int ms_report_write_curves(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct curves c = {0};
    int64_t of = 0;
    const bool epochs = !s->table.sweep || ms_sweep_kind(s->table.sweep) != MS_KIND_FUNCTION;
    int status = epochs ? ms_store_metrics(s->show.store, s->show.sweep.id, &c.metrics, err) : 0;
    if (!status && c.metrics.n > 0)
        status = gather(&c, s, &of, err);
    if (!status && c.points > c.n) // else no trial has more than one epoch: no curve
        status = write(o, &c, of, err);
    else if (!status)
        ms_json_out_null(o, "curves");
    clear(&c);
    return status;
}
