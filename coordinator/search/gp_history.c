// SPDX-License-Identifier: MIT
//
// Rows are sorted by several keys in turn, and every comparison ends with the row's index: ties
// never depend on qsort.
#include "gp_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "sampler_internal.h"

// --- selection ---------------------------------------------------------------

struct row {
    int index;
    int epochs;
    double value;
    uint32_t trial;
};

// Within a trial by epochs, with a failure last.
static int by_trial(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->trial != y->trial)
        return x->trial < y->trial ? -1 : 1;
    if (isnan(x->value) != isnan(y->value))
        return isnan(x->value) ? 1 : -1;
    return x->epochs != y->epochs ? (x->epochs < y->epochs ? -1 : 1)
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

// Keeps the last row of each trial; rows are sorted by trial.
static int keep_last(struct row *row, int n)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (i + 1 == n || row[i + 1].trial != row[i].trial)
            row[kept++] = row[i];
    return kept;
}

int ms_gp_pick(const struct ms_history *history, bool epochs_vary, int enough, int most, int *pick,
               struct ms_error *err)
{
    int n = history->n > INT32_MAX / 2 ? INT32_MAX / 2 : (int)history->n;
    struct row *row = calloc((size_t)n + 1, sizeof *row);
    bool parts = history->parts && !epochs_vary;
    if (!row)
        return ms_no_memory(err, "%d observations", n);
    for (int i = 0; i < n; i++) {
        const struct ms_observation *o = &history->item[i];
        row[i] = (struct row){i, o->epochs, o->value, o->trial};
    }
    qsort(row, (size_t)n, sizeof *row, by_trial);
    for (int i = 0; i + 1 < n; i++)
        parts = parts || row[i].trial == row[i + 1].trial;
    if (parts) {
        // pick is not filled yet and serves as scratch.
        const int level = ms_sampler_history_level(history, enough, pick);
        int kept = 0;
        for (int i = 0; i < n; i++)
            if (row[i].epochs == level || isnan(row[i].value))
                row[kept++] = row[i];
        n = keep_last(row, kept);
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

// --- targets -----------------------------------------------------------------

// Brings values to mean 0 and variance 1; equal values become 0. Returns the logarithm of the
// standard deviation, or 0 if all are equal.
static double standardize(int n, double *v)
{
    double mean = 0, square = 0, largest = 0;
    for (int i = 0; i < n; i++)
        mean += v[i] / n;
    for (int i = 0; i < n; i++) {
        square += (v[i] - mean) * (v[i] - mean) / n;
        largest = fmax(largest, fabs(v[i]));
    }
    bool differ = square > 1e-28 * largest * largest;
    double factor = differ ? 1 / sqrt(square) : 0;
    for (int i = 0; i < n; i++)
        v[i] = (v[i] - mean) * factor;
    return differ ? 0.5 * log(square) : 0;
}

#define MAX_BEND 40 // a value more than 10^17 spreads away counts as if it were that far

static void sort_index(int n, const double *value, int *order)
{
    // Shell sort with Ciura's gaps: n is at most a few hundred, and qsort has no context.
    static const int gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (int i = gaps[g]; i < n; i++) {
            int moved = order[i], j = i;
            for (; j >= gaps[g] && worth(value[order[j - gaps[g]]]) > worth(value[moved]);
                 j -= gaps[g])
                order[j] = order[j - gaps[g]];
            order[j] = moved;
        }
}

// Scales finite values into [-1, 1], because values may be as large as doubles. -inf becomes the
// smallest finite value; all others are failures and become NAN. Returns the number of finite
// values.
static int to_unit(int n, const double *value, double *out)
{
    double largest = 0, low = INFINITY;
    int finite = 0;
    for (int i = 0; i < n; i++)
        if (isfinite(value[i])) {
            largest = fmax(largest, fabs(value[i]));
            low = fmin(low, value[i]);
            finite++;
        }
    double unit = largest > 0 && isfinite(1 / largest) ? 1 / largest : 1;
    for (int i = 0; i < n; i++)
        out[i] = isfinite(value[i]) ? value[i] * unit : value[i] == -INFINITY ? low * unit : NAN;
    return finite;
}

double ms_gp_targets(int n, const double *value, enum ms_gp_warp warp, double *target, int *order)
{
    static const double knees[MS_GP_WARPS] = {1, 10, INFINITY}; // where it bends, in spreads
    if (to_unit(n, value, target) == 0) {
        memset(target, 0, (size_t)n * sizeof *target);
        return 0;
    }
    sort_index(n, target, order);
    int last = n - 1, middle = (n - 1) / 2; // the worst finite value; the lower median
    while (isnan(target[order[last]]))
        last--;
    middle = middle < last ? middle : last;
    double median = target[order[middle]], high = target[order[last]], spread = 0;
    for (int i = 0; i <= middle; i++)
        spread += pow(target[order[i]] - median, 2) / (middle + 1);
    spread = spread > 0 ? sqrt(spread) : high > median ? high - median : 1;
    double knee = knees[warp], loss = 0, worst = 0;
    for (int i = 0; i < n; i++) {
        double off = (target[order[i]] - median) / spread;
        if (isnan(off)) { // sorted last: one spread worse than the worst
            target[order[i]] = worst + 1;
        } else {
            double bend = off > 0 ? fmin(log1p(off / knee), MAX_BEND) : 0;
            target[order[i]] = worst = off > 0 && isfinite(knee) ? knee * bend : off;
            loss += bend;
        }
    }
    return loss + n * standardize(n, target);
}
