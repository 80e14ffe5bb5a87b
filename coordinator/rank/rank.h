// SPDX-License-Identifier: MIT
//
// Ranking: which trial is best, and which cannot be told apart from it. Pure functions of the raw
// objective values of the executions.
//
// Per trial: n, mean, sd (n-1), standard error, 95 % interval (Student t), min, median, max. Every
// trial is compared with the best by Welch's unequal-variances t test, two-sided, the p-values
// corrected by Holm's method; those not rejected at 5 % are tied with the best. With one execution
// there is no spread and nothing can be told apart: p is NAN and `tied` is set.
#ifndef MLPSWEEP_RANK_H
#define MLPSWEEP_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/status.h"
#include "mlpsweep/sweep.h"
#include "worth.h"

// The raw objective of every finished execution, in any order. The store fills it: arrays
// malloc'ed.
struct ms_rank_scores {
    int64_t n;
    uint32_t *trial;
    uint32_t *execution;
    double *value;  // NAN: no finite value (diverged), or failed
    bool *pruned;   // ended by the scheduler; NULL: none was
    bool *constant; // the network answers all rows alike; NULL: none does
};
void ms_rank_scores_clear(struct ms_rank_scores *sc);

struct ms_trial_rank {
    uint32_t trial;
    int n;                                         // executions with a finite value
    int n_failed;                                  // executions without: diverged or failed
    int n_pruned;                                  // executions that the scheduler stopped
    int n_constant;                                // executions whose network is constant
    double mean, sd, se, lo, hi, min, median, max; // NAN where not defined
    double key;                                    // the value by which it is ordered
    double failed;                                 // the share of n_failed that counts against it
    double p;  // Holm-corrected, against the best; NAN when not testable
    bool tied; // cannot be told from the best
};

// What a ranking goes by: the sweep's objective.
struct ms_rank_rule {
    bool maximize;
    enum ms_by by;
    enum ms_failures failures;
};

// Ranks trials, best first, by ms_worth_compare; trials without any finite value come last. Only
// trials that are comparable with the first (ms_worth_comparable) are tested against it, and may be
// tied with it. The statistics of a trial with failed executions are those of its finite ones, and
// n_failed counts the others. *out malloc'ed.
int ms_rank(const struct ms_rank_scores *sc, const struct ms_rank_rule *rule,
            struct ms_trial_rank **out, int64_t *n, struct ms_error *err) MS_MUST_CHECK;

// What the rule compares of a ranked trial.
struct ms_worth ms_rank_worth(const struct ms_trial_rank *r);

#endif
