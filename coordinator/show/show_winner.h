// SPDX-License-Identifier: MIT
//
// What is known of a sweep's winner beyond the score that made it win. That score is too good on
// average: it won partly by luck, and its best epochs are partly luck, too.
#ifndef MLPSWEEP_SHOW_WINNER_H
#define MLPSWEEP_SHOW_WINNER_H

#include "show.h"

struct ms_show_winner {
    uint32_t trial;
    struct ms_moments confirmed; // the objective of executions that were run after it had won
    struct ms_moments tested;    // the objective's metric on the test set, of executions that rank
    char test_metric[64];        // its name: "accuracy" of "val_accuracy"
    int64_t rows;                // validation rows behind its mean; 0: not known, or no such metric
    double row_error;            // standard error of a share of so many rows, √(p(1-p)/N); or NAN
    bool network;                // else a function or a command: epochs and rows say nothing
};

// s is ranked and has a trial with a result.
int ms_show_winner(struct ms_show *s, struct ms_show_winner *out,
                   struct ms_error *err) MS_MUST_CHECK;

// The lines of it below a ranking.
void ms_show_winner_print(const struct ms_show *s, const struct ms_show_winner *w);

// √(p(1-p)/N) of a ranked trial, N its validation rows; NAN where the metric is no share of rows.
// rows: N; NULL: not wanted.
double ms_show_row_error(const struct ms_show *s, const struct ms_trial_rank *r, int64_t *rows);

#endif
