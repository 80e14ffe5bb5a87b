// SPDX-License-Identifier: MIT
//
// The statistics behind a ranking: pure functions of numbers.
#ifndef MLPSWEEP_STATS_H
#define MLPSWEEP_STATS_H

#include <stdint.h>

// Student's t: P(|T| > t) with df degrees of freedom, and the quantile t with P(T <= t) = p.
double ms_stats_student_p(double t, double df);
double ms_stats_student_quantile(double p, double df);

// P(F > f) of Fisher's F with a and b degrees of freedom.
double ms_stats_f_p(double f, double a, double b);

struct ms_moments {
    int64_t n;
    double mean, sd, se; // sd with n - 1; NAN where n does not allow it
    double lo, hi;       // 95 % interval of the mean, Student t
    double min, median, max;
};
// Moments of n values in ascending order, so that the result does not depend on the order of
// arrival. t: ms_stats_student_quantile(0.975, n - 1), which callers keep for the next trial of
// equal n.
struct ms_moments ms_stats_moments_of(const double *sorted, int64_t n, double t);

// The line y = base + slope x through n points by least squares, from their sums; neither is below
// 0 (a line that would begin below 0 goes through 0, one that would fall is level). n at least 1.
struct ms_sums {
    double n, x, y, xx, xy;
};
struct ms_line {
    double base, slope;
};
struct ms_line ms_stats_line_of(const struct ms_sums *sums);

// Welch's test that two means are equal although the variances differ: two-sided p. NAN when either
// has fewer than two values. Without any spread: 1 when the means are equal, else 0.
// B. L. Welch, Biometrika 34 (1947); degrees of freedom after Satterthwaite (1946).
double ms_stats_welch_p(const struct ms_moments *a, const struct ms_moments *b);

// P(max z >= c) of normal variables that share one factor: z_j = loading_j u + sqrt(1 - loading_j²)
// e_j with independent standard normal u and e_j; count (n): how many variables have each loading,
// from 0 to 1. The maximum of the t's of one trial against many is of this kind (Dunnett, J. Amer.
// Statist. Assoc. 50, 1955; unequal variances: Hsu, Multiple Comparisons, 1996, section 4.2). A
// loading beyond 0.98 is taken for 0.98, which makes the result larger. Error below 1e-6.
double ms_stats_maximum_p(double c, const double *loading, const double *count, int n);

// Replaces n p-values by Holm's adjusted ones (S. Holm, Scand. J. Statist. 6, 1979): comparing them
// with alpha keeps the chance of any false difference below alpha. NANs are not tests and stay.
// Returns 0 or MS_ENOMEM.
int ms_stats_holm(double *p, int64_t n);

#endif
