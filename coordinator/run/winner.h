// SPDX-License-Identifier: MIT
//
// The trial that ranks first, and a trial with its point. What is done for the winner at the end is
// in finish.h.
#ifndef MLPSWEEP_WINNER_H
#define MLPSWEEP_WINNER_H

#include "coordinator.h"
#include "coordinator/rank/rank.h"

struct ms_winner {
    uint32_t trial;
    double *point; // owned
};
void ms_winner_clear(struct ms_winner *w);

// The ranking of the trials in the store so far, without comparisons: best first. *ranks:
// malloc'ed, free with free().
int ms_winner_ranking(const struct ms_run *run, struct ms_trial_rank **ranks, int64_t *n,
                      struct ms_error *err) MS_MUST_CHECK;

// Finds the trial that ranks first of those in the store so far. best->n 0: none has a result.
int ms_winner_best(const struct ms_run *run, struct ms_trial_rank *best,
                   struct ms_error *err) MS_MUST_CHECK;

// A trial of the store with its point. w: zero-initialised.
int ms_winner_of(const struct ms_run *run, uint32_t trial, struct ms_winner *w,
                 struct ms_error *err) MS_MUST_CHECK;

// Finds the trial that ranks first, with its point. found: false where no trial
// has a value. w: zero-initialised.
int ms_winner_find(const struct ms_run *run, struct ms_winner *w, bool *found,
                   struct ms_error *err) MS_MUST_CHECK;

#endif
