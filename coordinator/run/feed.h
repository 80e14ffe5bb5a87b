// SPDX-License-Identifier: MIT
//
// The feed turns the study's steps into work for dispatch and into rows of the store: trials with
// their configuration and cost, executions or parts of them, without those whose result a continued
// store has. It keeps a trial's point for as long as one of its executions is open.
#ifndef MLPSWEEP_FEED_H
#define MLPSWEEP_FEED_H

#include "dispatch.h"
#include "coordinator/store/store.h"
#include "coordinator/study/study.h"

// The part of an execution that is to be trained, or is being trained.
struct ms_open_part {
    uint32_t from_epoch, to_epoch; // as in struct ms_attempt
    uint32_t attempts;             // used up by failures, also of earlier parts
    const double *limits;          // the study's
    uint32_t n_limits;
    bool ended; // the execution, for good
};

struct ms_open_trial {
    uint32_t trial;
    int left;      // executions not ended
    double *point; // owned
    int n_columns;
    int columns[MS_MAX_METRICS]; // metric ids of an epoch's values
    int epochs;                  // asked for
    struct ms_cost cost;
    double seconds;             // expected, of one execution
    int n;                      // executions
    struct ms_open_part part[]; // (n)
};

struct ms_feed {
    const struct ms_sweep *sweep;
    const struct ms_dataset *data; // by config.dataset
    struct ms_store *store;
    struct ms_study *study;
    const struct ms_known *known; // borrowed, ordered
    int64_t n_known;
    double bytes_limit; // more than a trial may need: rank 0's memory; 0: unknown
    bool adopt;         // trials in the store are taken from there, not proposed again

    struct ms_open_trial **open; // by trial number, NULL once ended
    uint32_t n_trials, room;     // proposed so far
    bool ended;                  // the study is over
    bool waits;                  // for results
    bool wrote;                  // the store has something to commit; the caller clears it

    int64_t skipped;        // executions already in the store: done
    int64_t skipped_failed; // … failed for good
    int64_t refused;        // executions of trials that cannot be trained (recorded as failed)
    int64_t pruned;         // executions that ended paused, in this run
    double seconds_offered; // expected seconds of what was offered
    double epochs_offered;  // epochs of it, and of what was known already
    double epochs_known;
};

// known must stay alive as long as the feed. Nothing is owned but the open trials.
void ms_feed_clear(struct ms_feed *f);

// Offers up to `wanted` pieces of work to d, fewer where many are known already: the caller listens
// to its workers between two calls. A trial whose configuration is impossible (a loss that does not
// fit the data, more memory than there is) is recorded as failed with the reason and passed over.
int ms_feed_offer(struct ms_feed *f, struct ms_dispatch *d, int wanted,
                  struct ms_error *err) MS_MUST_CHECK;

// A piece of work ended for good; its epochs are in the store. attempts: failures so far. value:
// its objective, where the store has just taken it (not of PAUSED). Forgets a trial after its last
// execution.
int ms_feed_result(struct ms_feed *f, uint64_t tag, const struct ms_result *r, uint32_t attempts,
                   double value, struct ms_error *err) MS_MUST_CHECK;

struct ms_open_trial *ms_feed_trial(const struct ms_feed *f, uint32_t trial);

// Fills in what a job of the execution is: point, part, limits (borrowed), and the state that it
// goes on from, where the store has it (malloc'ed: the caller frees job->state).
int ms_feed_job(const struct ms_feed *f, struct ms_attempt *job,
                struct ms_error *err) MS_MUST_CHECK;

// The tag that dispatch knows a piece of work by, and back. Parts beyond 2^17 share a number: it
// only tells a part from the one before it.
static inline uint64_t ms_tag(uint32_t trial, uint32_t execution, uint32_t part)
{
    return (uint64_t)(part & 0x1ffffu) << 47 | (uint64_t)trial << 16 | execution;
}
static inline uint32_t ms_tag_trial(uint64_t tag)
{
    return (uint32_t)(tag >> 16) & 0x7fffffffu;
}
static inline uint32_t ms_tag_execution(uint64_t tag)
{
    return (uint32_t)(tag & 0xffff);
}

#endif
