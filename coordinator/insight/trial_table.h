// SPDX-License-Identifier: MIT
//
// All trials of one sweep: what each was, what became of it, and its place in the ranking. Read in
// a few passes over the store, and then asked by pages, plots, exports, importance and comparisons:
// 10,000 trials in tens of milliseconds, a million in seconds.
//
// Rows stand in the order of the trials' numbers. `ranked` has the rows of the trials that have
// ended, best first, as `mlpsweep rank` shows them.
//
// Values are those of a point (mlpsweep/space.h), as long as the sweep file in the store can be
// parsed by this program and fits the stored trials. Where it does not, sweep and space are NULL,
// and the value of every parameter is the index of its text among the texts that occur
// (ms_table_param.level). Texts and numbers can be asked for in both cases. A parameter that is not
// in force is NAN.
//
// Two parameters of a space may have the same name (in two objects of one choice): they are two
// columns here, and no trial has both.
#ifndef MLPSWEEP_TRIAL_TABLE_H
#define MLPSWEEP_TRIAL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coordinator/rank/rank.h"
#include "coordinator/store/store_read.h"
#include "mlpsweep/space.h"
#include "mlpsweep/sweep.h"

struct ms_table_param {
    char *name;   // path in the sweep file: "optimizer.learning_rate", "hidden.2.units"
    bool varies;  // between the trials, or in force in some of them only
    int n_active; // trials in which it is in force (at most n)
    const struct ms_param *param; // of space; NULL where there is none
    // Without a space: the texts that occur, in the order of the trials.
    char **level;
    size_t n_levels, levels_room;
};

struct ms_trial_table {
    struct ms_sweep_info info;
    struct ms_sweep *sweep;       // owned; NULL: the text cannot be parsed, or does not fit
    const struct ms_space *space; // of sweep
    char *file, *text;            // the sweep file: path and text, as the latest run gave them
    char why[400];                // why sweep is NULL: one line; "" otherwise

    int n_params;
    struct ms_table_param *param; // in the order of the space

    int64_t n;                      // trials
    const struct ms_trial_row *row; // n; number, outcome word, times, cost: see store_read.h
    double *value;                  // (n, n_params)
    // n; of a trial that has not ended n and n_failed are 0 and every number is NAN. Executions
    // that have ended count as soon as they have.
    struct ms_trial_rank *rank;
    int64_t *place;   // n; in the ranking, 1 is the best; 0: it has no result
    int64_t n_ranked; // trials of which an execution has ended
    int64_t n_scored; // of those, the first that have a result
    int64_t *ranked;  // n_ranked rows, best first

    struct ms_trial_rows rows; // what row points into
};

// info: from ms_store_find. by (enum ms_by) and failures of info->rule order the ranking. On
// success free with ms_trial_table_clear; a failure leaves nothing to free.
int ms_trial_table_read(struct ms_store *s, const struct ms_sweep_info *info,
                        struct ms_trial_table *out, struct ms_error *err) MS_MUST_CHECK;
void ms_trial_table_clear(struct ms_trial_table *t);

// The row of a trial by its number; -1: there is none.
int64_t ms_trial_table_row(const struct ms_trial_table *t, uint32_t trial);

// A value as people write it (the store's param.text). Returns out; NULL: not in force.
const char *ms_trial_table_text(const struct ms_trial_table *t, int64_t row, int param, char *out,
                                size_t size);

// The number that a value is; NAN: not in force, or not a number (a name, a bool).
double ms_trial_table_number(const struct ms_trial_table *t, int64_t row, int param);

// One word for how a trial stands: "waiting", "running" (an execution has not ended), "pruned" (the
// scheduler stopped an execution), "completed" (it has a result), or why it has none ("crashed").
const char *ms_trial_table_state(const struct ms_trial_table *t, int64_t row);

#endif
