// SPDX-License-Identifier: MIT
//
// The trials from which importance, effects and interactions are read: those with a result that
// were trained to their end, best first. Trials that a scheduler stopped have values after fewer
// epochs, which cannot be compared, and trials without a result have none: both are left out and
// counted (Optuna leaves them out, too). Trials with some failed executions stand where the ranking
// puts them.
#ifndef MLPSWEEP_JUDGED_H
#define MLPSWEEP_JUDGED_H

#include "trial_table.h"

struct ms_judged {
    const struct ms_trial_table *table; // borrowed
    int64_t n;
    int64_t *row;      // n rows of the table, best first
    double *value;     // n; the mean objective
    int64_t n_stopped; // left out: the scheduler stopped them
    int64_t n_without; // left out: they ended without a result
};

int ms_judged_of(const struct ms_trial_table *t, struct ms_judged *out,
                 struct ms_error *err) MS_MUST_CHECK;
void ms_judged_clear(struct ms_judged *j);

// True when trials i and i + 1 of the order are equally good.
bool ms_judged_tied(const struct ms_judged *j, int64_t i);

#endif
