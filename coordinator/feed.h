// SPDX-License-Identifier: MIT
//
// The feed turns the sampler's trials into executions for dispatch: in order, without those that a
// continued store has already, each with its configuration, its cost and its rows in the store. It
// keeps a trial's point and configuration for as long as one of its executions is open.
#ifndef MLPSWEEP_FEED_H
#define MLPSWEEP_FEED_H

#include "dispatch.h"
#include "sampler.h"
#include "store.h"

struct ms_open_trial {
    uint32_t trial;
    int left;      // executions not ended
    double *point; // owned
    int n_columns;
    int columns[MS_MAX_METRICS]; // metric ids of an epoch's values
    int epochs;                  // asked for
    struct ms_cost cost;
    double seconds; // expected, of one execution
};

struct ms_feed {
    const struct ms_sweep *sweep;
    const struct ms_dataset *data; // by config.dataset
    struct ms_store *store;
    struct ms_sampler *sampler;
    const struct ms_known *known; // borrowed, ordered
    int64_t n_known, at_known;
    double bytes_limit; // memory of the smallest node; 0: unknown

    struct ms_open_trial **open; // by trial number, NULL once ended
    uint32_t n_trials, room;     // proposed so far
    int execution;               // next execution of the current trial
    bool ended;                  // the sampler has no more

    int64_t executions_planned; // of all trials
    int64_t skipped;            // executions already in the store: done
    int64_t skipped_failed;     // … failed for good
    int64_t refused;            // trials that cannot be trained (recorded as failed)
    double seconds_offered;     // expected seconds of what was offered
    int64_t offered;
};

// known must stay alive as long as the feed. Nothing is owned but the open trials.
int ms_feed_init(struct ms_feed *f, struct ms_error *err) MS_MUST_CHECK;
void ms_feed_clear(struct ms_feed *f);

// Offers up to `wanted` executions to d. A trial whose configuration is impossible (a loss that does
// not fit the data, more memory than there is) is recorded as failed with the reason and passed over.
int ms_feed_offer(struct ms_feed *f, struct ms_dispatch *d, int wanted, struct ms_error *err) MS_MUST_CHECK;

struct ms_open_trial *ms_feed_trial(const struct ms_feed *f, uint32_t trial);

// One execution of the trial ended for good; forgets the trial after its last.
void ms_feed_close(struct ms_feed *f, uint32_t trial);

// The tag that dispatch knows an execution by, and back.
static inline uint64_t ms_tag(uint32_t trial, uint32_t execution)
{
    return (uint64_t)trial << 16 | execution;
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
