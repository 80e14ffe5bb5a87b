// SPDX-License-Identifier: MIT
//
// Metrics accumulate over the batches of an epoch: a row has some doubles of state, zero at first,
// a function that adds a batch to them and one that reads the result. So a metric that is no mean
// over rows (precision, auc, r2_score) is that of all rows of the epoch, not a mean of its batches.
// Formulas are Keras 3's, or scikit-learn's where a row says so. See mlpsweep/metric.h for names
// and columns.
#ifndef MLPSWEEP_WORKER_METRICS_H
#define MLPSWEEP_WORKER_METRICS_H

#include "mlpsweep/metric.h"
#include "mlpsweep/real.h"

struct ms_metric_batch {
    const ms_real *y; // (units, ld) outputs
    const ms_real *t; // (units, ld) targets
    int units, rows, ld;
    double loss; // the batch's mean, with all penalties
    const double *arg;
    const double *base; // (units) what y and t are less than the target's unit; NULL: nothing
};

struct ms_metric {
    struct ms_row row;
    const char *undefined; // what the result is NaN for, see ms_metric_undefined; NULL: never
    bool maximize;
    bool share;              // of rows, or of outputs
    double least, most;      // bounds; equal: none
    int n_state, per_output; // doubles of state: n_state + units * per_output
    void (*update)(double *state, const struct ms_metric_batch *b);
    double (*result)(const double *state); // of at least one row
    double work; // for the cost model: time of an output beyond a comparison, in relus' times
};

const struct ms_metric *ms_metric_row(int i);

// Doubles of state that a row needs for a number of outputs.
size_t ms_metric_state(int row, int units);

#endif
