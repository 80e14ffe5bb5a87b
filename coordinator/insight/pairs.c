// SPDX-License-Identifier: MIT
//
// Two-way tables of ranks. The fit of classes of both parameters together is a least-squares
// problem of at most 2 · 4 unknowns, solved by its normal equations; empty cells and classes that
// never meet lower its rank, which is counted while it is solved.
#include "pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/rank/stats.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"

enum { CELLS = MS_PAIR_CLASSES * MS_PAIR_CLASSES, UNKNOWN = 2 * MS_PAIR_CLASSES };
enum { LEAST_PER_CELL = 3 }; // trials for each cell on average

struct table {
    double n[CELLS], sum[CELLS]; // trials and their ranks, centred
    double total, square;        // of all trials
};

// The value of a parameter as a number that orders it; NAN: not in force.
static double key_of(const struct ms_judged *j, int64_t i, int param)
{
    const double v = j->table->value[j->row[i] * j->table->n_params + param];
    const double number = isnan(v) ? NAN : ms_trial_table_number(j->table, j->row[i], param);
    return isnan(number) ? v : number;
}

// Edges that cut values into at most `classes` classes of about as many trials; returns how many
// classes there are. Class k holds values up to edge[k].
static int edges_of(double *sorted, int64_t n, int classes, double *edge)
{
    int k = 0;
    for (int c = 1; c <= classes; c++) {
        const double x = c < classes ? sorted[(n * c - 1) / classes] : sorted[n - 1];
        if (k == 0 || x > edge[k - 1])
            edge[k++] = x;
    }
    return k;
}

static int class_of(double x, const double *edge, int classes)
{
    int k = 0;
    while (k + 1 < classes && x > edge[k])
        k++;
    return k;
}

// Ranks 1 … n of the judged trials, which are in order; ties have their mean.
static void ranks_of(const struct ms_judged *j, double *rank)
{
    for (int64_t from = 0, to; from < j->n; from = to) {
        for (to = from + 1; to < j->n && ms_judged_tied(j, to - 1); to++)
            ;
        for (int64_t i = from; i < to; i++)
            rank[i] = (double)(from + to + 1) / 2;
    }
}

// --- least squares ---------------------------------------------------------------

// The part of the ranks' squares that classes of rows plus classes of columns explain, and the
// number of unknowns that they need (*rank).
static double explained_by_sum(const struct table *t, int *rank)
{
    double m[UNKNOWN][UNKNOWN + 1] = {{0}};
    for (int c = 0; c < CELLS; c++) {
        const int a = c / MS_PAIR_CLASSES, b = MS_PAIR_CLASSES + c % MS_PAIR_CLASSES;
        m[a][a] += t->n[c];
        m[b][b] += t->n[c];
        m[a][b] += t->n[c];
        m[b][a] += t->n[c];
        m[a][UNKNOWN] += t->sum[c];
        m[b][UNKNOWN] += t->sum[c];
    }
    // Cholesky's elimination; what a pivot explains is the square of its right side over it. A
    // pivot of 0 is an unknown that the others already have.
    double explained = 0;
    *rank = 0;
    for (int k = 0; k < UNKNOWN; k++) {
        if (m[k][k] < 1e-9 * t->total)
            continue;
        ++*rank;
        explained += m[k][UNKNOWN] * m[k][UNKNOWN] / m[k][k];
        for (int i = k + 1; i < UNKNOWN; i++) {
            const double f = m[i][k] / m[k][k];
            for (int c = k; c <= UNKNOWN; c++)
                m[i][c] -= f * m[k][c];
        }
    }
    return explained;
}

static void judge(const struct table *t, struct ms_pair *pair)
{
    int rank, occupied = 0;
    double cells = 0;
    const double sum = explained_by_sum(t, &rank);
    for (int c = 0; c < CELLS; c++)
        if (t->n[c] > 0) {
            occupied++;
            cells += t->sum[c] * t->sum[c] / t->n[c];
        }
    const double df = occupied - rank, rest = t->total - occupied;
    pair->share = 0;
    pair->p = NAN;
    if (df <= 0 || rest <= 0 || t->square <= 0)
        return;
    const double beyond = fmax(cells - sum, 0), error = (t->square - cells) / rest;
    pair->share = fmax(0, (beyond - df * error) / t->square);
    pair->p = error > 0 ? ms_stats_f_p(beyond / df / error, df, rest) : beyond > 0 ? 0 : 1;
}

// --- pairs -------------------------------------------------------------------------

// Keys of one pair, and scratch: an element for each judged trial.
struct keys {
    const double *rank;
    double *of[2], *sorted;
};

static bool both(const struct keys *k, int64_t i)
{
    return !isnan(k->of[0][i]) && !isnan(k->of[1][i]);
}

// Cuts both parameters into at most `wanted` classes and fills the table.
static void fill(const struct ms_judged *j, const struct keys *k, int wanted, double mean,
                 struct table *t)
{
    double edge[2][MS_PAIR_CLASSES];
    int classes[2];
    for (int side = 0; side < 2; side++) {
        int64_t n = 0;
        for (int64_t i = 0; i < j->n; i++)
            if (both(k, i))
                k->sorted[n++] = k->of[side][i];
        qsort(k->sorted, (size_t)n, sizeof *k->sorted, ms_compare_double);
        classes[side] = edges_of(k->sorted, n, wanted, edge[side]);
    }
    for (int64_t i = 0; i < j->n; i++) {
        if (!both(k, i))
            continue;
        const double rank = k->rank[i] - mean;
        const int c = class_of(k->of[0][i], edge[0], classes[0]) * MS_PAIR_CLASSES +
                      class_of(k->of[1][i], edge[1], classes[1]);
        t->n[c]++;
        t->sum[c] += rank;
        t->square += rank * rank;
    }
}

static void compare_pair(const struct ms_judged *j, const struct keys *k, struct ms_pair *pair)
{
    double mean = 0;
    pair->p = NAN;
    for (int64_t i = 0; i < j->n; i++) {
        k->of[0][i] = key_of(j, i, pair->param_a);
        k->of[1][i] = key_of(j, i, pair->param_b);
        if (both(k, i)) {
            pair->n++;
            mean += k->rank[i];
        }
    }
    int64_t wanted = 2;
    while (wanted < MS_PAIR_CLASSES && LEAST_PER_CELL * (wanted + 1) * (wanted + 1) <= pair->n)
        wanted++;
    if (pair->n < LEAST_PER_CELL * wanted * wanted)
        return;
    struct table t = {.total = (double)pair->n};
    fill(j, k, (int)wanted, mean / (double)pair->n, &t);
    judge(&t, pair);
}

static int by_strength(const void *x, const void *y)
{
    const struct ms_pair *a = x, *b = y;
    const double pa = isnan(a->p) ? 2 : a->p, pb = isnan(b->p) ? 2 : b->p;
    if (pa != pb)
        return pa < pb ? -1 : 1;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return a->param_a != b->param_a ? a->param_a - b->param_a : a->param_b - b->param_b;
}

static int correct(struct ms_pairs *out, struct ms_error *err)
{
    double *p = malloc(((size_t)out->n + 1) * sizeof *p);
    for (int k = 0; p && k < out->n; k++)
        p[k] = out->item[k].p;
    if (!p || ms_stats_holm(p, out->n)) {
        free(p);
        return ms_no_memory(err, "%d pairs", out->n);
    }
    for (int k = 0; k < out->n; k++)
        out->item[k].p = p[k];
    free(p);
    return 0;
}

int ms_pairs_of(const struct ms_judged *j, const int *params, int n_params, struct ms_pairs *out,
                struct ms_error *err)
{
    const size_t n = (size_t)j->n + 1;
    *out = (struct ms_pairs){0};
    out->item = calloc((size_t)(n_params * n_params) / 2 + 1, sizeof *out->item);
    double *scratch = malloc(4 * n * sizeof *scratch);
    if (!out->item || !scratch) {
        free(scratch);
        ms_pairs_clear(out);
        return ms_no_memory(err, "the pairs of %d parameters", n_params);
    }
    const struct keys keys = {scratch, {scratch + n, scratch + 2 * n}, scratch + 3 * n};
    ranks_of(j, scratch);
    for (int a = 0; a < n_params; a++)
        for (int b = a + 1; b < n_params; b++) {
            struct ms_pair *pair = &out->item[out->n];
            const int first = params[a] < params[b] ? params[a] : params[b];
            const int second = params[a] < params[b] ? params[b] : params[a];
            *pair = (struct ms_pair){.a = j->table->param[first].name,
                                     .b = j->table->param[second].name,
                                     .param_a = first,
                                     .param_b = second};
            compare_pair(j, &keys, pair);
            out->n += pair->n > 0 && strcmp(pair->a, pair->b) != 0;
        }
    free(scratch);
    qsort(out->item, (size_t)out->n, sizeof *out->item, by_strength); // before many become 1
    const int status = correct(out, err);
    if (status)
        ms_pairs_clear(out);
    return status;
}

void ms_pairs_clear(struct ms_pairs *p)
{
    free(p->item);
    *p = (struct ms_pairs){0};
}
