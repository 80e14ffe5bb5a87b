// SPDX-License-Identifier: MIT
//
// The sampler "gp" learns from a history as rows and targets of a Gaussian process. Pure functions.
#ifndef MLPSWEEP_GP_HISTORY_H
#define MLPSWEEP_GP_HISTORY_H

#include "sampler.h"

// Chooses the observations that count, one per trial, and fills pick (history->n) with their
// indices in the history's order. Returns how many.
//
//   - If no scheduler trains trials in parts, or if epochs_vary (epochs are a parameter) and no
//     trial comes twice: all.
//
//   - Otherwise those after the largest number of epochs that at least `enough` trials
//     have reached, or after the number that most have (the rule of BOHB: Falkner, Klein, Hutter,
//     ICML 2018).
//
//   - If they are more than `most`: the better half of `most`, then the newest of the others.
//
// A trial that failed after any number of epochs counts as failed.
int ms_gp_pick(const struct ms_history *history, bool epochs_vary, int enough, int most, int *pick,
               struct ms_error *err) MS_MUST_CHECK;

// Turns values (n; smaller is better, NAN and inf are legal) into targets of mean 0 and variance 1:
// one value of 10^5 must not hide a minimum, and the scale must follow as trials gather near it.
// The better half keeps its shape. Let s be its spread, the root of the mean of its squared
// deviations from the median m; then, up to standardization,
//
//     target = v - m for v <= m,   else k s log(1 + (v - m) / (k s)),   k by warp: 1, 10, infinity
//
// which is smooth and increasing, unlike ranks, which would put steps into a smooth function.
// Failed trials come one s after the worst target. The likelihood decides which k suits a function,
// as in Snelson, Rasmussen, Ghahramani, "Warped Gaussian processes", NIPS 2003: the - log density
// of the targets plus the returned Σ - log d target / d value is that of the values (up to a
// constant that is the same for all warps). order (n) is overwritten.
enum ms_gp_warp { MS_GP_WARP_STRONG, MS_GP_WARP_WEAK, MS_GP_WARP_NONE, MS_GP_WARPS };
double ms_gp_targets(int n, const double *value, enum ms_gp_warp warp, double *target, int *order);

#endif
