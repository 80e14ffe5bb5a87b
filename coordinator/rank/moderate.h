// SPDX-License-Identifier: MIT
//
// Moderated variances: a trial of three executions says little about its own spread, but sixty such
// trials say a lot about what spreads are like, and how they change from the best trials to the
// worst. Each variance is drawn towards what the others make likely at its place.
//
// G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in
// microarray experiments", Statist. Appl. Genet. Mol. Biol. 3 (2004), sections 6.2 and 5; the trend
// as limma's eBayes(trend = TRUE), by a cubic over the rank of the mean in place of a spline.
#ifndef MLPSWEEP_MODERATE_H
#define MLPSWEEP_MODERATE_H

#include <stdbool.h>
#include <stdint.h>

// The derivative of that order of the logarithm of the gamma function's derivative: 0 digamma,
// 1 trigamma, … 3. x above 0.
double ms_moderate_polygamma(int order, double x);

// The x above 0 with trigamma(x) = y, y above 0 (Smyth, appendix).
double ms_moderate_trigamma_inverse(double y);

// k trials: variance (k) of df (k) degrees of freedom, above 0 both; place (k): where the trial
// stands, from -1 to 1. terms: of the polynomial over the place, 1 (constant) to 4 (cubic), less
// than k. The result: moderated (k), and moderated_df (k), at most all degrees of freedom together.
//
// careful: allows for what the trend and the spread of the variances are not known to. The prior of
// each trial becomes wider by the variance of the fitted trend at its place (its leverage: large at
// the ends, where the best trial is), and the spread of the prior is taken one standard error
// larger. Too wide a prior costs power, too narrow a one the promise of the ranking. Without it the
// numbers are limma's.
struct ms_moderate {
    int64_t k;
    const double *variance, *df, *place;
    int terms;
    bool careful;
    double *moderated, *moderated_df;
};

// Returns the variance of the logarithms of the true variances about their trend (limma's trigamma
// of d0/2); 0: the variances do not differ more than chance makes them. scratch: (6 k).
double ms_moderate(const struct ms_moderate *m, double *scratch);

#endif
