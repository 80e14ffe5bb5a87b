// SPDX-License-Identifier: MIT
//
// What the sampler "gp" learns from: a history as rows and targets of a Gaussian process. Pure.
#ifndef MLPSWEEP_GP_HISTORY_H
#define MLPSWEEP_GP_HISTORY_H

#include "sampler.h"

// Which observations count: pick (history->n) is filled with their indices, in the history's order.
// One per trial. Where no trial comes twice, all. Where trials are trained in parts, those after the
// largest number of epochs that at least enough trials have reached, else after the number that most
// have (the rule of BOHB: Falkner, Klein, Hutter, ICML 2018). Of more than most, the best half and
// of the others the newest. A failed trial counts at any number of epochs.
int ms_gp_pick(const struct ms_history *history, int enough, int most, int *pick,
               struct ms_error *err) MS_MUST_CHECK;

// Values (n, smaller is better, NAN and inf legal) to targets of mean 0 and variance 1. Values worse
// than the median are replaced by their rank, on the scale of the deviations of the better half from
// the median; the better half keeps its shape: "half-rank warping" of Song et al., "The Vizier
// Gaussian process bandit algorithm", 2024, section 3. So one value of 10^5 does not hide a minimum,
// and as trials gather near it the scale follows. Failed ones are the worst. work (n) is overwritten.
void ms_gp_targets(int n, const double *value, double *target, int *work);

#endif
