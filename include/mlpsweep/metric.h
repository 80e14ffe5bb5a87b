// SPDX-License-Identifier: MIT
//
// Metrics, named as Keras names them: "loss", "accuracy", "mse", …, and "val_" before the name for
// the validation set. For every epoch an execution records a fixed row of columns:
//
//     column 2*i     config.metrics[i] on the training set: the running mean over the epoch's
//                    batches, weighted by their rows, while the weights change (as Keras reports)
//     column 2*i + 1 the same metric on the validation set, evaluated at the end of the epoch;
//                    absent (not NaN) if there is no validation set: then columns are dense
//
// A column is identified on the wire and in memory by a metric id = 2*row + (validation ? 1 : 0).
#ifndef MLPSWEEP_METRIC_H
#define MLPSWEEP_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/table.h"

// Name of a metric id into out. Returns out.
const char *ms_metric_name(int id, char *out, size_t size);

// The metric id of a name such as "val_accuracy", or -1.
int ms_metric_id(const char *name);

// true if larger is better (accuracy), false if smaller is better (loss).
bool ms_metric_maximize(int id);

// What leaves a metric without a value on some rows, in words that follow "no value: "
// ("targets of one class only"). Such a value is NaN on the wire and NULL in the store, never 0.
// NULL: any rows define it. Beside that, every metric is NaN where the network's outputs are no
// numbers.
const char *ms_metric_undefined(int id);

// Between which values a metric lies, either of which may be infinite; equal: anywhere (a loss).
// share: it is a share of rows, as accuracy is, so that its own error is that of a proportion.
struct ms_metric_range {
    double least, most;
    bool share;
};
struct ms_metric_range ms_metric_range(int id);

#endif
