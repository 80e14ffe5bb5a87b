// SPDX-License-Identifier: MIT
//
// What is left to do once every trial has ended. Validation chooses, and the test set judges once:
// the winner's executions are run again up to the epoch that counted, with the same seeds and so to
// the same bits, and are evaluated on the test set. No loser is ever tested. The best trials'
// executions whose weights are not in the store are run again in the same way, and their weights
// kept. Everything follows from the store, so that a run that continues does only what is missing.
#ifndef MLPSWEEP_FINISH_H
#define MLPSWEEP_FINISH_H

#include "keep.h"
#include "winner.h"

struct ms_finish {
    int n_trials;
    struct ms_winner *trial; // (n_trials), their points are owned
    int n;
    size_t room;
    struct ms_finish_item {
        int trial; // index
        uint32_t execution, epoch;
        bool test, keep;
    } * item;
};
void ms_finish_clear(struct ms_finish *f);

// Offers the executions that are to be run again: those of the best trials that lack weights; with
// test, those of the winner that lack test metrics, if the data has a test set. A network with too
// many weights is noted in the store, and told of in the progress. f: zero-initialised.
int ms_finish_offer(struct ms_finish *f, const struct ms_run *run, const struct ms_keep *keep,
                    bool test, struct ms_dispatch *d, struct ms_progress *progress,
                    struct ms_error *err) MS_MUST_CHECK;

// Completes an attempt at such an execution: its point (borrowed from f), the epoch to stop after,
// what to do with the weights.
void ms_finish_attempt(const struct ms_finish *f, int n_point, struct ms_attempt *attempt);

// Stores what came back.
int ms_finish_trained(const struct ms_finish *f, const struct ms_run *run, uint32_t trial,
                      uint32_t execution, const struct ms_trained *t,
                      struct ms_error *err) MS_MUST_CHECK;
int ms_finish_result(const struct ms_finish *f, const struct ms_run *run, uint32_t trial,
                     uint32_t execution, const struct ms_result *r,
                     struct ms_error *err) MS_MUST_CHECK;

#endif
