// SPDX-License-Identifier: MIT
//
// Validation chooses, and the test set judges once. When every trial has ended, the winner's
// executions are run again up to the epoch that counted, with the same seeds and so to the same
// bits, and are evaluated on the test set. Nothing has to be saved on the way, and no loser is ever
// tested.
#ifndef MLPSWEEP_WINNER_H
#define MLPSWEEP_WINNER_H

#include "coordinator.h"
#include "coordinator/rank/rank.h"

struct ms_winner {
    uint32_t trial;
    double *point;            // owned
    int n;                    // executions to test
    struct ms_untested *test; // owned
};
void ms_winner_clear(struct ms_winner *w);

// Finds the trial that ranks first of those in the store so far. best->n 0: none has a result.
int ms_winner_best(const struct ms_run *run, struct ms_trial_rank *best,
                   struct ms_error *err) MS_MUST_CHECK;

// The trial has ended: best becomes it where it ranks before the best so far. If it was the best so
// far, executions were added to it, and all trials are ranked again.
int ms_winner_update(const struct ms_run *run, uint32_t trial, struct ms_trial_rank *best,
                     struct ms_error *err) MS_MUST_CHECK;

// Finds the trial that ranks first, with its point and without tests. found: false where no trial
// has a value. w: zero-initialised.
int ms_winner_find(const struct ms_run *run, struct ms_winner *w, bool *found,
                   struct ms_error *err) MS_MUST_CHECK;

// Finds the winner and offers those of its executions that have no test metrics yet. Offers nothing
// where the data has no test set. w: zero-initialised.
int ms_winner_offer(const struct ms_run *run, struct ms_winner *w, struct ms_dispatch *d,
                    struct ms_error *err) MS_MUST_CHECK;

// Completes an attempt at such an execution: its point (borrowed from w) and the epoch to test
// after.
void ms_winner_attempt(const struct ms_winner *w, int n_point, struct ms_attempt *attempt);

// Stores the test metrics that came back.
int ms_winner_store(const struct ms_run *run, const struct ms_winner *w, uint32_t execution,
                    const struct ms_result *r, struct ms_error *err) MS_MUST_CHECK;

#endif
