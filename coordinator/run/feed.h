// SPDX-License-Identifier: MIT
//
// The feed turns the study's steps into executions for dispatch and rows of the store: trials with
// their configuration and cost, executions or parts of them, except those whose result a continued
// store has. It keeps a trial's point for as long as one of its executions is open.
#ifndef MLPSWEEP_FEED_H
#define MLPSWEEP_FEED_H

#include "dispatch.h"
#include "coordinator/store/store.h"
#include "coordinator/study/resolve.h"
#include "coordinator/study/study.h"

// The part of an execution that will be trained next, or is being trained.
struct ms_open_part {
    uint32_t from_epoch, to_epoch; // as in struct ms_attempt
    uint32_t attempts;             // used up by failures, also of earlier parts
    const double *limits;          // the study's
    uint32_t n_limits;
    bool ended; // the execution, for good
};

struct ms_open_trial {
    uint32_t trial;
    uint32_t first; // number of the first of its executions here; 0 in the search
    bool more;      // the search is over: these come after it
    int left;       // executions not ended
    double *point;  // owned
    int n_columns;
    int columns[MS_MAX_METRICS]; // metric ids of an epoch's values
    int epochs;                  // asked for
    struct ms_cost cost;
    double seconds;             // expected, of one execution
    int n;                      // executions
    struct ms_open_part part[]; // (n)
};
// NULL: it is not one of them.
const struct ms_open_part *ms_feed_part(const struct ms_open_trial *t, uint32_t execution);

struct ms_feed_options {
    const struct ms_sweep *sweep;
    const struct ms_dataset *data; // by config.dataset
    struct ms_store *store;
    struct ms_study *study;
    const struct ms_known *known; // what the store had when the run began; ordered
    int64_t n_known;
    double bytes_limit;   // memory that a trial may need; 0: unknown
    const char *bytes_of; // what it is a share of, in words; NULL: nothing to say
    bool adopt;           // trials in the store are taken from there, not proposed again
    // Told of every trial that cannot be trained, and why, when it is recorded; NULL: nobody.
    void (*refused)(void *owner, uint32_t trial, const char *why);
    void *owner;
};

struct ms_feed;
// Everything that the options point to is borrowed and must outlive the feed.
int ms_feed_new(const struct ms_feed_options *o, struct ms_feed **out,
                struct ms_error *err) MS_MUST_CHECK;
void ms_feed_free(struct ms_feed *f);

// The outcome of asking for more.
struct ms_feed_offered {
    int n;      // executions, or parts of them, that dispatch was offered
    bool wrote; // the store has something to commit
    bool waits; // nothing more can be decided before a result comes
};

// Offers up to `wanted` executions to d, fewer where many are known already: the caller listens to
// its workers between two calls. A trial whose configuration is impossible (a loss that does not
// fit the data, more memory than there is) is recorded as failed with the reason and passed over.
// out is filled even when the call fails.
int ms_feed_offer(struct ms_feed *f, struct ms_dispatch *d, int wanted, struct ms_feed_offered *out,
                  struct ms_error *err) MS_MUST_CHECK;

// After the end of the study: offers further executions, ordered by trial and number, of trials
// that are in the store. They are trained to their end at once.
int ms_feed_more(struct ms_feed *f, struct ms_dispatch *d, const struct ms_resolve_item *item,
                 int64_t n, enum ms_purpose purpose, struct ms_error *err) MS_MUST_CHECK;

// Counts those that the store had when the run began. Returns how many.
int64_t ms_feed_known_more(struct ms_feed *f);

// True when the study is over: nothing more will be offered.
bool ms_feed_ended(const struct ms_feed *f);

// Reports the end of an execution, or of a part of it (PAUSED); its epochs are in the store.
// attempts: failures so far. value: its objective, where the store has just taken it (not of
// PAUSED). Forgets a trial after its last execution.
int ms_feed_result(struct ms_feed *f, uint64_t tag, const struct ms_result *r, uint32_t attempts,
                   double value, struct ms_error *err) MS_MUST_CHECK;

// An open trial; NULL: it is not open. The feed's.
const struct ms_open_trial *ms_feed_trial(const struct ms_feed *f, uint32_t trial);

// Completes an attempt at an execution: point, part, limits (borrowed), and the state that it goes
// on from, where the store has it (malloc'ed: the caller frees attempt->state).
int ms_feed_attempt(const struct ms_feed *f, struct ms_attempt *attempt,
                    struct ms_error *err) MS_MUST_CHECK;

// So far. Executions, unless they say otherwise.
struct ms_feed_counts {
    int64_t skipped;         // already in the store: done
    int64_t skipped_without; // … ended well, but without a value
    int64_t skipped_failed;  // … failed for good
    int64_t refused;         // of trials that cannot be trained (recorded as failed)
    int64_t pruned;          // that ended paused, in this run
    int64_t pruned_without;  // … without a value
    double seconds_offered;  // expected seconds of what was offered
    double epochs_offered;   // epochs of it, without those known already
    double epochs_known;     // epochs that the store had
};
const struct ms_feed_counts *ms_feed_counts(const struct ms_feed *f);

// The tag by which dispatch knows an execution's part, and back. Parts beyond 2^17 share a number:
// it only has to tell a part from the one before it.
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
