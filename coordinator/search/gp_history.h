// SPDX-License-Identifier: MIT
//
// What the sampler "gp" learns from: a history as rows and targets of a Gaussian process. Pure.
#ifndef MLPSWEEP_GP_HISTORY_H
#define MLPSWEEP_GP_HISTORY_H

#include "sampler.h"

// Which observations count: pick (history->n) is filled with their indices, in the history's order.
// One per trial. Where no scheduler trains trials in parts, or epochs_vary (they are a parameter)
// and no trial comes twice, all. Else those after the largest number of epochs that at least enough
// trials have reached, else after the number that most have (the rule of BOHB: Falkner, Klein,
// Hutter, ICML 2018). Of more than most, the best half and of the others the newest. A trial that
// failed after any number of epochs counts as failed.
int ms_gp_pick(const struct ms_history *history, bool epochs_vary, int enough, int most, int *pick,
               struct ms_error *err) MS_MUST_CHECK;

// Values (n, smaller is better, NAN and inf legal) to targets of mean 0 and variance 1, so that one
// value of 10^5 does not hide a minimum, and as trials gather near it the scale follows. The better
// half keeps its shape. With the spread s, the root of the mean of its squared deviations from the
// median m,
//
//     target = v - m for v <= m,   else k s log(1 + (v - m) / (k s)),   k by warp: 1, 10, infinity
//
// but for standardization: smooth and increasing, unlike ranks, which would put steps into a smooth
// function. Failed trials come one s after the worst target. Which k suits a function is told by
// its likelihood, as in Snelson, Rasmussen, Ghahramani, "Warped Gaussian processes", NIPS 2003: the
// - log density of the targets plus what is returned, Σ - log d target / d value, which is that of
// the values (up to a constant that is the same for all warps). work (n) is overwritten.
enum ms_gp_warp { MS_GP_WARP_STRONG, MS_GP_WARP_WEAK, MS_GP_WARP_NONE, MS_GP_WARPS };
double ms_gp_targets(int n, const double *value, enum ms_gp_warp warp, double *target, int *work);

#endif
