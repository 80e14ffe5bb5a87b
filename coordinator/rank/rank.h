// SPDX-License-Identifier: MIT
//
// Ranking: which trial is best, and which cannot be told apart from it. Pure functions of the raw
// objective values of the executions.
//
// Per trial: n, mean, sd (n-1), standard error, 95 % interval (Student t, inside the metric's
// bounds: interval.h), min, median, max. Trials that chance alone does not put below another are
// tied with the best: comparisons with the best at 5 %, by moderated variances where there are
// trials enough (best_set.h). Folds pair the trials (pairing.h). With one execution there is no
// spread and nothing can be told apart: p is NAN and `tied` is set.
#ifndef MLPSWEEP_RANK_H
#define MLPSWEEP_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/status.h"
#include "mlpsweep/sweep.h"
#include "best_set.h"
#include "interval.h"
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
    double p;  // that the trial is the best, and below the others by chance; NAN: not testable
    bool tied; // may be the best: p above the level, or not testable
    enum ms_set_method method; // behind p; MS_SET_NONE where p is NAN
};

// What a ranking goes by: the sweep's objective, and what is known of its metric. Members after the
// third may be 0.
struct ms_rank_rule {
    bool maximize;
    enum ms_by by;
    enum ms_failures failures;
    struct ms_bounds bounds; // rows: of one execution
    int folds;               // execution e has the validation rows of e mod folds; 0: all the same
    double level;            // of the comparisons; 0: 0.05
    bool order_only;         // without comparisons: p is NAN
};

// Ranks trials, best first, by ms_worth_compare; trials without any finite value come last. Only
// trials that are comparable with the first (ms_worth_comparable) are compared with one another, by
// their means whatever objective.by is, and may be tied. The statistics of a trial with failed
// executions are those of its finite ones, and n_failed counts the others. *out malloc'ed.
//
// Where the metric is a share of N rows, an execution's variance is not taken for less than
// 1/(n N²), which n executions have that agree up to one row: that they agree is chance, and no
// proof that others would. The larger variance p(1-p)/N would be wrong here, because trials are
// compared on the same rows, which are hard for all of them.
int ms_rank(const struct ms_rank_scores *sc, const struct ms_rank_rule *rule,
            struct ms_trial_rank **out, int64_t *n, struct ms_error *err) MS_MUST_CHECK;

// What the rule compares of a ranked trial.
struct ms_worth ms_rank_worth(const struct ms_trial_rank *r);

#endif
