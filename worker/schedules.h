// SPDX-License-Identifier: MIT
//
// Learning-rate schedules. Keras 3's formulas; evaluated before every optimizer step.
#ifndef MLPSWEEP_WORKER_SCHEDULES_H
#define MLPSWEEP_WORKER_SCHEDULES_H

#include <stdint.h>

#include "mlpsweep/table.h"

// Where a training stands.
struct ms_schedule_at {
    double base;              // the optimizer's learning_rate
    uint64_t step;            // optimizer steps made: 0 at the first
    uint64_t steps_per_epoch; // so that a row can count in epochs
    int epochs;               // of the whole training
};

struct ms_schedule {
    struct ms_row row;
    double (*rate)(const struct ms_schedule_at *at, const double *arg);
};

const struct ms_schedule *ms_schedule_row(int i);

#endif
