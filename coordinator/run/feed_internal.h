// SPDX-License-Identifier: MIT
//
// The feed's own state, shared by feed.c (the study's executions) and feed_more.c (those that come
// after the search).
#ifndef MLPSWEEP_FEED_INTERNAL_H
#define MLPSWEEP_FEED_INTERNAL_H

#include "feed.h"

struct ms_feed {
    struct ms_feed_options o;
    struct ms_open_trial **open; // by trial number, NULL once ended
    size_t room;
    uint32_t n_trials; // proposed so far
    bool ended;        // the study is over
    struct ms_feed_counts counts;
};

// As ms_feed_part, to be written to.
struct ms_open_part *ms_feed_part_of(struct ms_open_trial *t, uint32_t execution);

// An execution as the store knew it when the run began; NULL: it did not.
const struct ms_known *ms_feed_known(const struct ms_feed *f, uint32_t trial, uint32_t execution);

// Counts an execution that the store has.
void ms_feed_count_known(struct ms_feed *f, const struct ms_known *k);

// Completes the trial from its point. MS_EINVAL: it cannot be trained, for the reason in err.
int ms_feed_describe(struct ms_feed *f, struct ms_open_trial *t, struct ms_error *err);

// Records every execution of a trial that cannot be trained as failed, except those that have
// ended, and forgets the trial.
int ms_feed_refuse(struct ms_feed *f, struct ms_open_trial *t, const char *why,
                   struct ms_error *err);

#endif
