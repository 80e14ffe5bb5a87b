// SPDX-License-Identifier: MIT
//
// Conditional PED-ANOVA: how much a parameter decides whether a trial is among the best.
//
// S. Watanabe, A. Bansal, F. Hutter: "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance
// in Arbitrary Subspaces", IJCAI 2023, arXiv 2304.10255; for parameters that are not always in
// force K. Ito et al.: "Conditional PED-ANOVA", KDD 2026, arXiv 2601.20800. It is the default of
// Optuna 5.0, and these are its numbers.
//
//     importance = (|top| / |all|)²  α² / β  D
//
// α and β are the shares of the top trials and of all trials in which the parameter is in force,
// and D is the Pearson divergence Σ q (p/q - 1)² between the densities p of the top trials and q of
// all trials over a grid of at most 50 cells. A density is a mixture with a kernel for each
// occupied cell, weighted by its trials, and one of weight 1 for the prior:
//     numbers   normals cut to the grid, of width max(1.059 min(IQR / 1.34, σ) n^-0.2, 0.5 / 1.64)
//               (D. W. Scott, "Multivariate Density Estimation", 1992); the prior is as wide as
//               the grid
//     names     each with 1/(K+1) for every name and 1 more for its own, K occupied; the prior is
//               uniform
// (|top| / |all|)² is the same for all parameters and left out here, as the shares are made to
// sum up to 1.
#ifndef MLPSWEEP_PED_ANOVA_H
#define MLPSWEEP_PED_ANOVA_H

#include "judged.h"

enum { MS_PED_CELLS = 50 };

// One parameter of the judged trials as cells of its grid.
struct ms_ped_column {
    int cells;     // 0: it has a single value, or was never in force
    bool ordered;  // numbers; false: names
    int16_t *cell; // by place among the judged trials; -1: not in force
};
// cells: one for each choice; for stepped numbers min(values, 50); for integers with log
// min(⌈log₂(hi-lo+1)⌉ + 1, 50) in the logarithm; else 50, in the logarithm with log. Without a
// space: one for each text where there are at most 50 or one is no number, else 50 between the
// smallest and the largest.
int ms_ped_column_of(const struct ms_judged *j, int param, struct ms_ped_column *out,
                     struct ms_error *err) MS_MUST_CHECK;

// D of two sets of counts over the cells of a column, top within all.
double ms_ped_divergence(const struct ms_ped_column *c, const int64_t *top, const int64_t *all);

// α²/β D, where the first n_top of n trials are the top ones; times (NULL: once each) says how
// often each counts. 0 where it was in force in no top trial, or in less than two trials.
double ms_ped_importance(const struct ms_ped_column *c, int64_t n, int64_t n_top,
                         const uint32_t *times);

#endif
