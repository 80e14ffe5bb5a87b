// SPDX-License-Identifier: MIT
//
// Samplers propose trials. A sampler is deterministic: trial k is a function of the sweep, of k
// and, for one that learns, of the history it is given, which the study makes by the sweep's lag
// and never by the number of workers. So a store that is continued gets the same trials again, and
// more max_trials extend a sweep without changing its beginning.
#ifndef MLPSWEEP_SAMPLER_H
#define MLPSWEEP_SAMPLER_H

#include "mlpsweep/sweep.h"

struct ms_sampler;

// What is known of earlier trials, in the order of their numbers; a trial that was trained in parts
// may be there several times, with the objective after so many epochs.
struct ms_observation {
    uint32_t trial;
    int epochs;          // it was trained; of one that went to its end the configuration's
    double value;        // smaller is better (a metric to maximize comes negated); NAN: it failed
    const double *point; // (space->n) borrowed
    bool stopped;        // by median_stop: worse than others, after fewer epochs than they had
};
struct ms_history {
    int64_t n;
    const struct ms_observation *item;
    bool parts; // a scheduler trains trials in parts: values after different epochs are not
                // comparable
};

int ms_sampler_new(const struct ms_sweep *sweep, struct ms_sampler **out,
                   struct ms_error *err) MS_MUST_CHECK;
void ms_sampler_free(struct ms_sampler *s);

// Trials this sampler will propose: max_trials or the points of a finite space that "require"
// allows, whichever is smaller. They are counted among up to 10 million points; of a larger space
// it is an upper bound, and next() may end before.
int64_t ms_sampler_trials(const struct ms_sampler *s);
bool ms_sampler_counted(const struct ms_sampler *s); // false: an upper bound

// Why next() ended before: a line for people; NULL: there is no further point.
const char *ms_sampler_gave_up(const struct ms_sampler *s);

// Whether next() looks at the history.
bool ms_sampler_learns(const struct ms_sampler *s);

// Fills point for the next trial (0, 1, 2, … in order). Returns 1, 0 after the last, < 0 on error.
// history: NULL for a sampler that does not learn.
int ms_sampler_next(struct ms_sampler *s, const struct ms_history *history, double *point,
                    struct ms_error *err) MS_MUST_CHECK;

// Instead of next: the next trial is this point (a store that is continued has it already). Makes
// continuing fast, and independent of the last bit of another machine's LAPACK.
int ms_sampler_adopt(struct ms_sampler *s, const double *point, struct ms_error *err) MS_MUST_CHECK;

#endif
