// SPDX-License-Identifier: MIT
//
// Successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
// hyperparameter optimization", AISTATS, figure 3): n trials are trained to min_epochs; the best
// floor(n / eta) of them go on to min_epochs·eta, and so on up to all epochs. One bracket has
// `trials` trials, all of the sweep where it is not given; more trials make the next bracket.
#include "scheduler.h"

enum { ETA, MIN_EPOCHS, TRIALS };

static void bracket(const double *arg, int max_epochs, int64_t max_trials, int64_t b,
                    struct ms_bracket_plan *out)
{
    (void)b;
    ms_scheduler_rungs(arg[MIN_EPOCHS], arg[ETA], max_epochs, out);
    out->trials = arg[TRIALS] > 0 ? (int64_t)arg[TRIALS] : max_trials;
}

const struct ms_scheduler_ops ms_scheduler_successive_halving = {.bracket = bracket};
