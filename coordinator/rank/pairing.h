// SPDX-License-Identifier: MIT
//
// Executions that are the folds of a cross-validation pair the trials: a fold with hard rows is
// hard for all. Its effect is no noise between the means of trials, which all have it, but it would
// be counted as such.
#ifndef MLPSWEEP_PAIRING_H
#define MLPSWEEP_PAIRING_H

#include <stdint.h>

#include "mlpsweep/status.h"

struct ms_paired {
    int64_t trial; // 0, 1, …
    int fold;      // 0 to folds - 1
    double value;
};

// Subtracts from every value the effect of its fold. x: by trial. The effect is the median, over
// the trials that have all folds, of what the fold lies above the trial's mean; the median, because
// the trials that matter are less noisy than the others. Returns by how much the variance of what
// is left about a trial's mean is too small: (k - 1) / k for k such trials; 1 where there are fewer
// than three, and nothing is done; negative: MS_ENOMEM.
double ms_pairing_remove(struct ms_paired *x, int64_t n, int folds) MS_MUST_CHECK;

#endif
