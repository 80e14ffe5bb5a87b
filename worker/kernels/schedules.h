// SPDX-License-Identifier: MIT
//
// Learning-rate schedules. Keras 3's formulas (keras/src/optimizers/schedules/
// learning_rate_schedule.py); evaluated before every optimizer step.
#ifndef MLPSWEEP_WORKER_SCHEDULES_H
#define MLPSWEEP_WORKER_SCHEDULES_H

#include <stdint.h>

#include "mlpsweep/table.h"

// Arguments of every schedule: the rate rises linearly before the schedule begins.
enum { MS_WARMUP_STEPS = MS_MAX_OWN_ARGS, MS_WARMUP_FROM };

// The point that a training has reached.
struct ms_schedule_at {
    double base;              // the optimizer's learning_rate
    uint64_t step;            // optimizer steps made: 0 at the first
    uint64_t steps_per_epoch; // so that a row can count in epochs
    int epochs;               // of the whole training
    const double *list;       // the configuration's, see MS_ARG_LIST; NULL if no row has lists
};

struct ms_schedule {
    struct ms_row row;
    double (*rate)(const struct ms_schedule_at *at, const double *arg); // without the warm-up
};

const struct ms_schedule *ms_schedule_row(int i);

// The learning rate of the next step, warm-up included.
double ms_schedule_rate(const struct ms_pick *schedule, const struct ms_schedule_at *at);

#endif
