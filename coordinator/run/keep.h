// SPDX-License-Identifier: MIT
//
// keep_best: the best trials so far and the weights of their executions. A worker sends weights
// only if its execution is as good as the last of the best trials, so that most of a sweep sends
// none; the store keeps those of the best trials and of trials that have not ended. Whatever is
// missing at the end (a poor execution of a good trial, an epoch that an earlier part trained) is
// trained again, see finish.h: the same seeds give the same bits.
#ifndef MLPSWEEP_KEEP_H
#define MLPSWEEP_KEEP_H

#include "coordinator.h"
#include "coordinator/rank/rank.h"

struct ms_keep {
    int k;                      // keep_best
    int n, most;                // most: k, at least 1
    struct ms_trial_rank *best; // (n) of the trials that have ended, best first
    // Trials outside of these that have weights in the store.
    uint32_t *loose;
    int n_loose;
    size_t room_loose;
};
void ms_keep_clear(struct ms_keep *k);

// Reads what the store has. k: zero-initialised.
int ms_keep_begin(struct ms_keep *k, const struct ms_run *run, struct ms_error *err) MS_MUST_CHECK;

// Tells an attempt what to do with its weights.
void ms_keep_ask(const struct ms_keep *k, struct ms_attempt *attempt);

// Weights of an execution came in.
int ms_keep_take(struct ms_keep *k, const struct ms_run *run, uint32_t trial, uint32_t execution,
                 const struct ms_trained *t, struct ms_error *err) MS_MUST_CHECK;

// A trial has ended: it takes its place among the best, and the store forgets the weights of those
// that have none any more. If it had a place before, executions were added to it, and all trials
// are ranked again.
int ms_keep_end(struct ms_keep *k, const struct ms_run *run, uint32_t trial,
                struct ms_error *err) MS_MUST_CHECK;

// Everything has ended: ranks all trials, and forgets all weights but those of the best k.
int ms_keep_settle(struct ms_keep *k, const struct ms_run *run, struct ms_error *err) MS_MUST_CHECK;

#endif
