// SPDX-License-Identifier: MIT
//
// The path of an ablation that has been run (search method "ablation", coordinator/search/
// sampler_ablation.c): from trial 0 to trial 1 in steps of one parameter, each the best of its
// round, with what each step gained.
//
// A gain is the difference of the means of two trials; its 95 % interval is Welch's (unequal
// variances, Satterthwaite's degrees of freedom). As every round takes the best of several trials,
// which won partly by luck, gains early in the path are flattered and later ones pay for it: the
// total, from trial 0 to trial 1, is not.
#ifndef MLPSWEEP_ABLATION_H
#define MLPSWEEP_ABLATION_H

#include "trial_table.h"

struct ms_ablation_step {
    int64_t row;       // of the table, where the path stands
    int param;         // what changed; -1: the beginning
    double gain;       // better by so much than the step before; NAN: not known, or the beginning
    double lo, hi;     // 95 % interval of the gain; NAN: with one execution there is none
    int64_t contested; // trials of its round
};

struct ms_ablation {
    int n; // steps, the beginning included; 0: trial 0 has not been run
    struct ms_ablation_step *step;
    bool complete;        // it has reached trial 1
    double total, lo, hi; // what trial 1 is better by than trial 0
};

// t: of a sweep for which ms_sweep_is_ablation. Rounds that have not ended are left out.
int ms_ablation_of(const struct ms_trial_table *t, struct ms_ablation *out,
                   struct ms_error *err) MS_MUST_CHECK;
void ms_ablation_clear(struct ms_ablation *a);

// "hidden.layers 1 → 3, with hidden.2.units 16". Returns out.
const char *ms_ablation_change(const struct ms_trial_table *t, const struct ms_ablation *a,
                               int step, char *out, size_t size);

#endif
