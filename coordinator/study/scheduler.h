// SPDX-License-Identifier: MIT
//
// A scheduler decides when a trial is paused, and which paused trials go on. The rows of
// ms_search_scheduler_table (common/sweep/search.c) have their code here, one file
// scheduler_<name>.c each, whose head states the algorithm and its source. All of it is pure;
// study.c asks and acts.
//
// Two kinds. One (median_stop) stops a trial by comparing it with what earlier
// trials had reached at the same epoch. The others train in rungs: all trials of a bracket are
// trained to the first rung, the best of them to the second, and so on. Synchronous: a rung is
// decided when all of its trials have ended their part. Asynchronous (asha): whenever a worker is
// free.
#ifndef MLPSWEEP_SCHEDULER_H
#define MLPSWEEP_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/status.h"
#include "mlpsweep/table.h"
#include "coordinator/rank/worth.h"

// eta is at least 2, and 2^20 > MS_MAX_EPOCHS.
#define MS_MAX_RUNGS 24

// A bracket: `trials` trials begin in it and are trained to epochs[0], the best of them to
// epochs[1], and so on.
struct ms_bracket_plan {
    int64_t trials;
    int n_rungs;              // 1 …
    int epochs[MS_MAX_RUNGS]; // increasing; the last is all epochs
    double eta;               // one in eta goes on
};

struct ms_scheduler_ops {
    bool median;       // limits of median_stop
    bool asynchronous; // one endless bracket, decided at any time
    // Bracket b = 0, 1, … of a sweep whose longest training has max_epochs epochs. NULL: no rungs.
    // max_trials: an upper bound on what the sampler will propose.
    void (*bracket)(const double *arg, int max_epochs, int64_t max_trials, int64_t b,
                    struct ms_bracket_plan *out);
};

// By row of ms_search_scheduler_table; NULL where there is none.
const struct ms_scheduler_ops *ms_scheduler_ops_of(int row);

extern const struct ms_scheduler_ops ms_scheduler_median_stop;        // scheduler_median.c
extern const struct ms_scheduler_ops ms_scheduler_successive_halving; // scheduler_halving.c
extern const struct ms_scheduler_ops ms_scheduler_hyperband;          // scheduler_hyperband.c
extern const struct ms_scheduler_ops ms_scheduler_asha;               // scheduler_asha.c

// The rungs of halving and asha: min_epochs, min_epochs·eta, … below max_epochs, and max_epochs.
void ms_scheduler_rungs(double min_epochs, double eta, int max_epochs, struct ms_bracket_plan *out);

// How many of n go on to the next rung: floor(n / eta).
int64_t ms_scheduler_rung_keep(int64_t n, double eta);

// Sorts the competitors in a rung, best first (ms_worth_compare). Keys are signed so that smaller
// is better.
void ms_scheduler_rung_sort(struct ms_worth *entry, int64_t n);

// --- median_stop -------------------------------------------------------------

struct ms_median; // running averages of trials that have ended

int ms_scheduler_median_new(const double *arg, int max_epochs, struct ms_median **out,
                            struct ms_error *err) MS_MUST_CHECK;
void ms_scheduler_median_free(struct ms_median *m);

// Adds a trial that ended: its running averages after epochs 1 … n. itself: it ended by itself
// (early stopping, say), so that its last average counts for the later epochs too.
int ms_scheduler_median_add(struct ms_median *m, const double *average, int n, bool itself,
                            struct ms_error *err) MS_MUST_CHECK;

// limit[e-1] for epochs 1 … n: the median where there is a decision after epoch e, else NAN.
// Returns how many of them are needed: the last that is not NAN.
int ms_scheduler_median_limits(const struct ms_median *m, double *limit, int n);

#endif
