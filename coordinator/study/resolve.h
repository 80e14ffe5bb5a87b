// SPDX-License-Identifier: MIT
//
// Which executions separate the trials that cannot be told from the best: search.resolve. A pure
// function of the scores. It goes through rounds:
//
//     round 0   all trials by the search's executions; those that are told from the best leave
//     round r   every trial that is left gets as many executions again as it has; when all of them
//               have ended, those that are told from the best leave
//
// until one trial is left or `most` executions are spent. The last round is cut to what is left,
// the best trials first. A trial that has left does not come back.
//
// The comparisons are those of the ranking (ms_rank), at the level of the round.
//
// Looking often must not tell trials apart by chance: round 0 spends half of the level, round r the
// part .3 · .7^(r-1) of the other half, which adds up to the level over any number of rounds (a
// union bound over looks, as in Lan and DeMets, Biometrika 70, 1983). As many again, and not one
// more, keeps the rounds few, so that little of the level is spent on each and workers seldom wait
// for one another.
//
// Screening beat an equal share for all trials, optimal computing budget allocation and top-two
// Thompson sampling in the size of the set that is left, and it decides at barriers only. So what
// is asked for depends on values and on nobody's speed, and a run that continues comes to the same
// rounds: they are played again from the scores, each with the executions that it had, whatever
// else the store has meanwhile. Executions are numbered on from the search's, so that those asked
// for here are those that more executions_per_trial would ask for.
#ifndef MLPSWEEP_RESOLVE_H
#define MLPSWEEP_RESOLVE_H

#include "mlpsweep/limits.h"
#include "coordinator/rank/rank.h"

struct ms_resolve_rule {
    struct ms_rank_rule rank;
    int executions; // of every trial, by the search
    int folds;      // 0: none; else trials get executions in whole turns of them
    int64_t most;   // executions beyond those
    double level;   // of all rounds together: 0.05
};

struct ms_resolve_item {
    uint32_t trial, execution;
};

struct ms_resolve {
    struct ms_resolve_item *next; // (n_next) to be run before the next decision, by trial
    int64_t n_next;               // 0: nothing is left to do
    int64_t spent;                // executions beyond the search's, those to be run included
    int rounds;                   // begun, round 0 not counted
    uint32_t *left;               // (n_left) trials that are left, best first at the last decision
    int64_t n_left;               // 0: none has a result, or only what a scheduler stopped
    size_t room;                  // of next
};
void ms_resolve_clear(struct ms_resolve *r);

// scores: of all executions that have ended, confirmation left out, in any order. out: overwritten.
int ms_resolve_next(const struct ms_rank_scores *scores, const struct ms_resolve_rule *rule,
                    struct ms_resolve *out, struct ms_error *err) MS_MUST_CHECK;

#endif
