// SPDX-License-Identifier: MIT
//
// The time of a training on this machine, found by training a little of it: the worker's own code
// in child processes, so that a training that crashes or takes all memory ends no command. `plan`
// calibrates the cost model with it.
#ifndef MLPSWEEP_MEASURE_H
#define MLPSWEEP_MEASURE_H

#include "mlpsweep/config.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/status.h"

struct ms_measurement {
    const struct ms_config *config; // completed (ms_config_complete)
    const struct ms_dataset *data;
    uint64_t seed;
    int threads;    // threads_per_worker
    double limit_s; // about how long it may take
    int at_once;    // processes that train the same at the same time, so that their cost to one
                    // another in caches and memory is measured, too; 1 … MS_MEASURE_MOST
};

struct ms_measured {
    double start_s; // once for each execution: memory, initial weights
    double epoch_s; // processor time of an epoch; of one thread
    double share;   // the part of an epoch that was trained at a time; 1: whole epochs
};

enum { MS_MEASURE_MOST = 64 };

// Forks and trains whole epochs. If these take longer than limit_s, trains fewer rows, in whole
// batches where there is time for one. Returns MS_ESTATE if a process died, failed or took far
// longer than limit_s.
int ms_measure(const struct ms_measurement *measurement, struct ms_measured *out,
               struct ms_error *err) MS_MUST_CHECK;

#endif
