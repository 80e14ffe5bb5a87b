// SPDX-License-Identifier: MIT
//
// What a training takes on this machine, found by training a little of it: the worker's own code in
// child processes, so that a trial that crashes or takes all memory ends no command. `plan`
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
    int at_once;    // processes that train the same at the same time: what they cost one another in
                    // caches and memory is measured with it; 1 … MS_MEASURE_MOST
};

struct ms_measured {
    double start_s; // what comes once an execution: memory, starting weights
    double epoch_s; // processor time of an epoch; of one thread
    double share;   // of an epoch that was trained at a time; 1: whole epochs
};

enum { MS_MEASURE_MOST = 64 };

// Forks, trains whole epochs or, where these take longer than there is time, batches of one (as few
// rows of a batch as must be, where one batch takes longer). Returns MS_ESTATE when a process died,
// failed or took far longer than it was given.
int ms_measure(const struct ms_measurement *measurement, struct ms_measured *out,
               struct ms_error *err) MS_MUST_CHECK;

#endif
