// SPDX-License-Identifier: MIT
//
// Which parameters mattered: the importance of each with an interval, its effect value by value,
// and the pairs that act together. All three look at the trials of judged.h and at the first
// objective.
//
// Importance is conditional PED-ANOVA (ped_anova.h): how much a parameter decides whether a trial
// is among the best tenth, at least five (but at most half of the trials). Below 50 trials that is
// more than Optuna's tenth, which would be fewer than the five its own documentation asks for.
// Shares sum up to 1. It says nothing about trials between middle and bad ones, and parameters that
// only act together share what they do.
//
// The 95 % interval is the standard bootstrap interval (B. Efron, Ann. Statist. 7, 1979): trials
// are drawn with replacement and judged anew; share ± 1.96 standard deviations, cut to 0 … 1. Over
// simulated random searches of 30 to 1,000 trials it held the importance that 200,000 trials show
// in 94 to 100 of 100 cases (test_importance.c has one of them). A search that learns does not draw
// its trials independently, so it is a lower bound of the doubt there.
#ifndef MLPSWEEP_IMPORTANCE_H
#define MLPSWEEP_IMPORTANCE_H

#include "effect.h"
#include "judged.h"
#include "pairs.h"

enum { MS_IMPORTANCE_LEAST = 10 }; // judged trials without which nothing is said

struct ms_importance_param {
    const char *name; // borrowed from the table
    int param;        // its (first) column of the table
    double share, lo, hi;
    int64_t n;               // judged trials in which it is in force
    struct ms_effect effect; // of all columns of that name
};

struct ms_importance {
    struct ms_judged judged;
    int64_t n_top;    // 0: there are fewer trials than MS_IMPORTANCE_LEAST, and shares are NAN
    double worst_top; // the mean objective of the worst trial of the top
    int replicates;   // of the bootstrap
    int n;            // parameters with more than one value, the most important first
    struct ms_importance_param *item;
    struct ms_pairs pairs; // the least likely by chance first
};

// t must outlive the result. Deterministic: the bootstrap's numbers come from `seed` alone (the
// sweep's). MS_IMPORTANCE_PAIRED: of how many parameters, the most important, pairs are looked at.
enum { MS_IMPORTANCE_PAIRED = 12 };
int ms_importance_of(const struct ms_trial_table *t, uint64_t seed, struct ms_importance *out,
                     struct ms_error *err) MS_MUST_CHECK;
void ms_importance_clear(struct ms_importance *m);

// How many of n trials are the top: max(⌈n/10⌉, min(5, ⌊n/2⌋)).
int64_t ms_importance_top(int64_t n);

#endif
