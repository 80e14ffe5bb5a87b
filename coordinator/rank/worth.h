// SPDX-License-Identifier: MIT
//
// What a trial is worth by its executions, and which of two trials is better: the one rule behind
// rankings, winners, the display of a run, samplers and schedulers. The views leaderboard and
// pareto say the same in SQL (coordinator/store/store_views.c).
//
// An execution that ended without a finite value of the objective has failed, whatever the reason:
// it crashed for good, ran too long, diverged, or its metric is undefined. By objective.
// failed_executions such executions either count against their trial ("worst") or are left out
// ("ignore"). An execution that has not ended, or that a scheduler stopped at a value, is none.
#ifndef MLPSWEEP_WORTH_H
#define MLPSWEEP_WORTH_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/sweep.h"
#include "stats.h"

struct ms_worth {
    uint32_t trial;
    double failed; // the share of its executions that counts against it; 1: it has no result
    bool pruned;   // the scheduler stopped one of its executions
    double key;    // by objective.by; NAN: none
    double mean;   // decides between equal keys
};

// The share of a trial's executions that counts against it: n have a value, n_failed ended without.
double ms_worth_failed(int64_t n, int64_t n_failed, enum ms_failures failures);

// The statistic by which objective.by orders trials.
double ms_worth_key(const struct ms_moments *m, bool maximize, enum ms_by by);

// < 0: a is better, > 0: b is. These decide, in turn: that it has a result; that it was not pruned,
// as a value after fewer epochs is not comparable and a winner should be a network that was trained
// (Optuna's rule); the smaller share of failures; that it has a key; the key; the mean; the number.
// 0: they are the same trial.
int ms_worth_compare(const struct ms_worth *a, const struct ms_worth *b, bool maximize);

// True when their values can be compared: both have a result, both or neither were pruned, and
// failures count equally against them.
bool ms_worth_comparable(const struct ms_worth *a, const struct ms_worth *b);

#endif
