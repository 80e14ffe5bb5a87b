// SPDX-License-Identifier: MIT
//
// Asynchronous successive halving (Li, Jamieson, Rostamizadeh, Gonina, Ben-Tzur, Hardt, Recht &
// Talwalkar 2020, "A system for massively parallel hyperparameter tuning", MLSys, algorithm 2):
// when a worker is free, the highest rung with a trial among its best 1 / eta that was not
// promoted yet gives that trial; where no rung has one, a new trial begins. Nothing waits for a
// rung to be complete, so which trials are promoted depends on the order in which results arrive;
// no other scheduler has that property. What a trial reaches by an epoch does not depend on it. If
// max_trials is too small for any trial to reach the top, the best of the highest rung is trained
// to its end at last.
#include "scheduler.h"

enum { ETA, MIN_EPOCHS };

static void bracket(const double *arg, int max_epochs, int64_t max_trials, int64_t b,
                    struct ms_bracket_plan *out)
{
    (void)b;
    ms_scheduler_rungs(arg[MIN_EPOCHS], arg[ETA], max_epochs, out);
    out->trials = max_trials;
}

const struct ms_scheduler_ops ms_scheduler_asha = {.asynchronous = true, .bracket = bracket};
