// SPDX-License-Identifier: MIT
//
// Optimizers: one flat loop over all trainable weights. Formulas, constants and the place of every
// epsilon: Keras 3 (keras/src/optimizers/*.py).
#ifndef MLPSWEEP_WORKER_OPTIMIZERS_H
#define MLPSWEEP_WORKER_OPTIMIZERS_H

#include <stdint.h>

#include "mlpsweep/real.h"
#include "mlpsweep/table.h"

#define MS_MAX_SLOTS 4

// One step over n weights. Blocks do not overlap and are 64-byte aligned.
struct ms_update {
    ms_real *weights;
    const ms_real *gradients;
    ms_real *slot[MS_MAX_SLOTS]; // what the optimizer remembers of each weight
    size_t n;
    uint64_t step;     // 1 for the first
    double rate;       // learning rate of this step
    const double *arg; // of the row; arg[0], the base rate, is not read
};

struct ms_optimizer {
    struct ms_row row;
    int slots; // at most MS_MAX_SLOTS
    void (*step)(const struct ms_update *u);
    double (*slot_start)(int slot, const double *arg); // value before the first step; NULL: 0
};

const struct ms_optimizer *ms_optimizer_row(int i);

#endif
