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

// The raw objective of every finished execution, in any order. The store fills it: arrays
// malloc'ed.
struct ms_rank_scores {
    int64_t n;
    uint32_t *trial;
    uint32_t *execution;
    double *value; // NAN: no finite value (diverged), or failed
    bool *pruned;  // ended by the scheduler; NULL: none was
};
void ms_rank_scores_clear(struct ms_rank_scores *sc);

struct ms_trial_rank {
    uint32_t trial;
    int n;                                         // executions with a finite value
    int n_failed;                                  // executions without: diverged or failed
    int n_pruned;                                  // executions that the scheduler stopped
    double mean, sd, se, lo, hi, min, median, max; // NAN where not defined
    double key;                                    // the value by which it is ordered
    double p;  // Holm-corrected, against the best; NAN when not testable
    bool tied; // cannot be told from the best
};

// Ranks trials, best first; trials without any finite value come last. Trials that the scheduler
// stopped rank below those that were trained to the end and are not tied with them: a value after
// fewer epochs is not comparable, and the winner should be a network that was trained (Optuna's
// rule). A trial with failed executions besides finite ones is ranked by the finite ones, and
// n_failed counts the others. *out malloc'ed.
int ms_rank(const struct ms_rank_scores *sc, bool maximize, enum ms_by by,
            struct ms_trial_rank **out, int64_t *n, struct ms_error *err) MS_MUST_CHECK;

#endif
