// SPDX-License-Identifier: MIT
#include "gp_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ----------------------------------------------------------------------------------------- selection

struct row {
    int index;
    int epochs;
    double value;
    uint32_t trial;
};

static int by_trial(const void *a, const void *b) // of one trial the most epochs last
{
    const struct row *x = a, *y = b;
    if (x->trial != y->trial)
        return x->trial < y->trial ? -1 : 1;
    return x->epochs != y->epochs ? (x->epochs < y->epochs ? -1 : 1)
                                  : (x->index > y->index) - (x->index < y->index);
}

static int by_epochs(const void *a, const void *b) // descending
{
    const struct row *x = a, *y = b;
    return x->epochs != y->epochs ? (x->epochs > y->epochs ? -1 : 1)
                                  : (x->index > y->index) - (x->index < y->index);
}

static double worth(double value)
{
    return isnan(value) ? INFINITY : value;
}

static int by_value(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    double v = worth(x->value), w = worth(y->value);
    return v != w ? (v < w ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

static int by_index(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

// Keeps the rows of the level (number of epochs) that the header tells; rows are in any order.
static int keep_level(struct row *row, int n, int enough)
{
    qsort(row, (size_t)n, sizeof *row, by_epochs);
    int level = -1, most = 0;
    for (int i = 0; i < n;) {
        int j = i, count = 0;
        for (; j < n && row[j].epochs == row[i].epochs; j++)
            count += !isnan(row[j].value);
        if (count > most) {
            most = count;
            level = row[i].epochs;
        }
        if (count >= enough) {
            level = row[i].epochs;
            break;
        }
        i = j;
    }
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (row[i].epochs == level || isnan(row[i].value))
            row[kept++] = row[i];
    return kept;
}

// Of each trial the last row: rows are sorted by trial.
static int keep_last(struct row *row, int n)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (i + 1 == n || row[i + 1].trial != row[i].trial)
            row[kept++] = row[i];
    return kept;
}

int ms_gp_pick(const struct ms_history *history, int enough, int most, int *pick,
               struct ms_error *err)
{
    int n = history->n > INT32_MAX / 2 ? INT32_MAX / 2 : (int)history->n;
    struct row *row = calloc((size_t)n + 1, sizeof *row);
    bool parts = false;
    if (!row)
        return ms_fail(err, MS_ENOMEM, "no memory for %d observations", n);
    for (int i = 0; i < n; i++) {
        const struct ms_observation *o = &history->item[i];
        row[i] = (struct row){i, o->epochs, o->value, o->trial};
    }
    qsort(row, (size_t)n, sizeof *row, by_trial);
    for (int i = 0; i + 1 < n; i++)
        parts = parts || row[i].trial == row[i + 1].trial;
    if (parts) {
        n = keep_level(row, n, enough);
        qsort(row, (size_t)n, sizeof *row, by_trial);
        n = keep_last(row, n);
    }
    if (n > most) {
        int best = most / 2;
        qsort(row, (size_t)n, sizeof *row, by_value);
        qsort(row + best, (size_t)(n - best), sizeof *row, by_index);
        memmove(row + best, row + n - (most - best), (size_t)(most - best) * sizeof *row);
        n = most;
    }
    qsort(row, (size_t)n, sizeof *row, by_index);
    for (int i = 0; i < n; i++)
        pick[i] = row[i].index;
    free(row);
    return n;
}

// ------------------------------------------------------------------------------------------- targets

// The standard normal quantile of p in [0.5, 1): Newton's method on the distribution, which from 0
// rises to it without passing it.
static double quantile(double p)
{
    double z = 0;
    for (int i = 0; i < 60; i++) {
        double step = (p - 0.5 * erfc(-z / sqrt(2))) / (exp(-0.5 * z * z) / sqrt(2 * M_PI));
        z += fmin(step, 1);
        if (fabs(step) < 1e-12)
            break;
    }
    return z;
}

// To mean 0 and variance 1; all equal: all 0. Divides by the largest first: values
// may be as large as doubles are.
static void standardize(int n, double *v)
{
    double mean = 0, square = 0, largest = 0;
    for (int i = 0; i < n; i++)
        largest = fmax(largest, fabs(v[i]));
    double unit = largest > 0 ? 1 / largest : 1;
    if (!isfinite(unit))
        unit = 1;
    for (int i = 0; i < n; i++)
        mean += v[i] * unit / n;
    for (int i = 0; i < n; i++)
        square += (v[i] * unit - mean) * (v[i] * unit - mean) / n;
    double factor = square > 1e-28 ? 1 / sqrt(square) : 0;
    for (int i = 0; i < n; i++)
        v[i] = (v[i] * unit - mean) * factor;
}

static void sort_index(int n, const double *value, int *order)
{
    // Shell sort with Ciura's gaps: n is at most some hundreds, and qsort has no context.
    static const int gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (int i = gaps[g]; i < n; i++) {
            int moved = order[i], j = i;
            for (; j >= gaps[g] && worth(value[order[j - gaps[g]]]) > worth(value[moved]); j -= gaps[g])
                order[j] = order[j - gaps[g]];
            order[j] = moved;
        }
}

void ms_gp_targets(int n, const double *value, double *target, int *order)
{
    sort_index(n, value, order);
    int finite = 0;
    double low = 0;
    for (int i = n - 1; i >= 0; i--) {
        double v = value[order[i]];
        finite += isfinite(v);
        low = isfinite(v) ? v : low; // the smallest finite one: what -inf counts as
    }
    if (finite == 0) {
        memset(target, 0, (size_t)n * sizeof *target);
        return;
    }
    // The lower median of all, failed ones included, but a finite number.
    int middle = (n - 1) / 2;
    while (!isfinite(value[order[middle]]) && middle > 0)
        middle--;
    double median = fmax(value[order[middle]], low), scale = 0, range = median - low;
    for (int i = 0; i <= middle; i++) {
        double v = fmax(value[order[i]], low), off = range > 0 ? (v - median) / range : 0;
        target[order[i]] = v;
        scale += off * off / (middle + 1); // of squares that do not overflow
    }
    scale = scale > 0 ? sqrt(scale) * range : 1;
    for (int i = middle + 1; i < n;) { // equal values get one rank, the mean of theirs
        int j = i;
        while (j < n && worth(value[order[j]]) == worth(value[order[i]]))
            j++;
        double rank = 0.5 * (i + j - 1);
        bool tie = value[order[i]] == median;
        double p = fmax((rank + 0.5) / n, 0.5);
        for (; i < j; i++)
            target[order[i]] = tie ? median : median + scale * quantile(p);
    }
    standardize(n, target);
}
