// SPDX-License-Identifier: MIT
//
// Two passes over the values of each trial: the means of its folds, and then the medians, fold by
// fold. The mean of the effects is left in all values alike and moves no difference.
#include "pairing.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mlpsweep/compare.h"

// What each fold lies above the mean of the trial of n values; false: it lacks a fold. above,
// count (folds).
static bool fold_effects(const struct ms_paired *x, int64_t n, int folds, double *above,
                         double *count)
{
    double mean = 0;
    for (int f = 0; f < folds; f++)
        above[f] = count[f] = 0;
    for (int64_t i = 0; i < n; i++) {
        above[x[i].fold] += x[i].value;
        count[x[i].fold] += 1;
    }
    for (int f = 0; f < folds; f++) {
        if (count[f] == 0)
            return false;
        above[f] /= count[f];
        mean += above[f] / folds;
    }
    for (int f = 0; f < folds; f++)
        above[f] -= mean;
    return true;
}

static double median(double *v, int64_t n)
{
    qsort(v, (size_t)n, sizeof *v, ms_compare_double);
    return n % 2 ? v[n / 2] : v[n / 2 - 1] / 2 + v[n / 2] / 2;
}

double ms_pairing_remove(struct ms_paired *x, int64_t n, int folds)
{
    if (n < 1 || folds < 2)
        return 1;
    const int64_t trials = x[n - 1].trial + 1;
    // (folds, trials): effects; then a trial's own, and counts.
    double *effect = malloc((size_t)(folds * (trials + 2)) * sizeof *effect);
    if (!effect)
        return MS_ENOMEM;
    double *own = effect + folds * trials, *count = own + folds;
    int64_t whole = 0;
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && x[end].trial == x[i].trial; end++)
            ;
        if (!fold_effects(x + i, end - i, folds, own, count))
            continue;
        for (int f = 0; f < folds; f++)
            effect[f * trials + whole] = own[f];
        whole++;
    }
    for (int f = 0; whole >= 3 && f < folds; f++)
        own[f] = median(effect + f * trials, whole);
    for (int64_t i = 0; whole >= 3 && i < n; i++)
        x[i].value -= own[x[i].fold];
    free(effect);
    return whole >= 3 ? (double)(whole - 1) / (double)whole : 1;
}
