// SPDX-License-Identifier: MIT
//
// Random numbers against what a case says of their distribution; the bounds are those of README.md,
// "Statistics".
#ifndef MLPSWEEP_TESTS_REFERENCE_STATISTICS_H
#define MLPSWEEP_TESTS_REFERENCE_STATISTICS_H

#include "reference.h"

// Mean and variance of n numbers within five standard errors of what is wanted.
static inline void compare_moments(const cJSON *c, const double *v, int n)
{
    double mean = 0, variance = 0, wanted = number(get(c, "variance"));
    double kurtosis = get(c, "kurtosis") ? number(get(c, "kurtosis")) : 0;
    for (int i = 0; i < n; i++)
        mean += v[i] / n;
    for (int i = 0; i < n; i++)
        variance += (v[i] - mean) * (v[i] - mean) / n;
    double mean_wanted = number(get(c, "mean"));
    CHECK_THAT(fabs(mean - mean_wanted) <= 5 * sqrt(wanted / n) + 1e-12, "%s: mean %g, not %g",
               reference_name(c), mean, mean_wanted);
    double bound = wanted * (5 * sqrt((kurtosis + 2) / n) + 30.0 / n) + 1e-12;
    CHECK_THAT(fabs(variance - wanted) <= bound, "%s: variance %g, not %g", reference_name(c),
               variance, wanted);
}

static inline void compare_bounds(const cJSON *c, const double *v, int n)
{
    const cJSON *q, *lower = get(c, "lower"), *upper = get(c, "upper");
    int outside = 0;
    for (int i = 0; i < n; i++)
        outside += (cJSON_IsNumber(lower) && v[i] < number(lower) - 1e-7) ||
                   (cJSON_IsNumber(upper) && v[i] > number(upper) + 1e-7);
    CHECK_THAT(outside == 0, "%s: %d of %d numbers outside the bounds", reference_name(c), outside,
               n);
    cJSON_ArrayForEach(q, get(c, "quantiles"))
    {
        double share = strtod(q->string, NULL);
        int below = 0;
        for (int i = 0; i < n; i++)
            below += v[i] <= number(q);
        CHECK_THAT(fabs((double)below / n - share) <= 5 * sqrt(share * (1 - share) / n),
                   "%s: %g of the numbers below the quantile of %g", reference_name(c),
                   (double)below / n, share);
    }
}

// The shorter side's vectors: unit length times gain, at right angles.
static inline void compare_orthogonal(const cJSON *c, const double *w, int rows, int cols)
{
    int n = rows < cols ? rows : cols, length = rows < cols ? cols : rows;
    double gain = number(get(c, "gain")), worst = 0;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++) {
            double dot = 0;
            for (int k = 0; k < length; k++)
                dot += rows < cols ? w[a * cols + k] * w[b * cols + k]
                                   : w[k * cols + a] * w[k * cols + b];
            worst = fmax(worst, fabs(dot - (a == b ? gain * gain : 0)));
        }
    CHECK_THAT(worst <= TOLERANCE, "%s: off by %g from orthogonal", reference_name(c), worst);
}

#endif
