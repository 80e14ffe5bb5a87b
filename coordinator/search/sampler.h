// SPDX-License-Identifier: MIT
//
// Samplers propose trials. A sampler is deterministic: trial k is a function of the sweep, of k
// and, if the sampler learns, of the history it is given. The study makes the history by the
// sweep's lag, never by the number of workers. So a continued store gets the same trials again, and
// a larger max_trials extends a sweep without changing its beginning.
#ifndef MLPSWEEP_SAMPLER_H
#define MLPSWEEP_SAMPLER_H

#include "mlpsweep/sweep.h"

struct ms_sampler;

// A result of an earlier trial.
struct ms_observation {
    uint32_t trial;
    int epochs;   // after which value was measured; the configuration's if it went to its end
    double value; // smaller is better (a metric to maximize comes negated); NAN: it failed, or more
                  // of its executions did than those of others
    const double *point; // (space->n) borrowed
    bool stopped;        // by median_stop: worse than others, after fewer epochs than they had
};

// The results of earlier trials, in the order of their numbers. A trial that was trained in parts
// may occur several times, once for each number of epochs.
struct ms_history {
    int64_t n;
    const struct ms_observation *item;
    bool parts; // a scheduler trains trials in parts: values after different epochs are not
                // comparable
};

int ms_sampler_new(const struct ms_sweep *sweep, struct ms_sampler **out,
                   struct ms_error *err) MS_MUST_CHECK;
void ms_sampler_free(struct ms_sampler *s);

// Number of trials this sampler will propose: max_trials, or the points of a finite space that
// "require" allows, whichever is smaller. Up to 10 million points are counted; for a larger space
// the number is an upper bound, and next() may end earlier.
int64_t ms_sampler_trials(const struct ms_sampler *s);
bool ms_sampler_counted(const struct ms_sampler *s); // false: an upper bound

// Why next() ended early, in a line for people; NULL: there is no further point.
const char *ms_sampler_gave_up(const struct ms_sampler *s);

// True if next() looks at the history.
bool ms_sampler_learns(const struct ms_sampler *s);

// How many of the first trials must have results before the next trial, of this number, is
// proposed; those are its history. As search.lag says, unless the method goes by rounds.
int64_t ms_sampler_needs(const struct ms_sampler *s, int64_t trial);

// Fills point for the next trial (0, 1, 2, … in order). Returns 1, 0 after the last, < 0 on error.
// history: NULL for a sampler that does not learn.
int ms_sampler_next(struct ms_sampler *s, const struct ms_history *history, double *point,
                    struct ms_error *err) MS_MUST_CHECK;

// Replaces next(): the next trial is this point, because a continued store has it already. Makes
// continuing fast, and independent of the last bit of another machine's LAPACK.
int ms_sampler_adopt(struct ms_sampler *s, const double *point, struct ms_error *err) MS_MUST_CHECK;

#endif
