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

// Arguments of every optimizer.
enum {
    MS_WEIGHT_DECAY = MS_MAX_OWN_ARGS,
    MS_CLIPNORM,
    MS_CLIPVALUE,
    MS_GLOBAL_CLIPNORM,
    MS_USE_EMA,
    MS_EMA_MOMENTUM,
    MS_EMA_OVERWRITE_FREQUENCY,
};

struct ms_segment;

// One step over n weights, all of them trainable. Blocks do not overlap and are 64-byte aligned.
struct ms_update {
    ms_real *weights;
    ms_real *gradients;          // clipped where they are
    ms_real *slot[MS_MAX_SLOTS]; // the optimizer's memory of each weight; NULL: not needed
    ms_real *average;            // of each weight, see MS_USE_EMA; NULL without it
    size_t n;
    uint64_t step;                     // 1 for the first
    double rate;                       // learning rate of this step
    const double *arg;                 // of the row; arg[0], the base rate, is not read
    const struct ms_segment *segments; // the variables, each of which MS_CLIPNORM clips alone
    int n_segments;
};

struct ms_optimizer {
    struct ms_row row;
    int slots; // at most MS_MAX_SLOTS
    void (*step)(const struct ms_update *u);
    // The same after w -= w * share (weight decay), in one loop. If it is NULL or returns false,
    // decay and step are two loops.
    bool (*step_decayed)(const struct ms_update *u, ms_real share);
    double (*slot_start)(int slot, const double *arg); // value before the first step; NULL: 0
    bool (*needs_slot)(int slot, const double *arg);   // NULL: needs all
};

const struct ms_optimizer *ms_optimizer_row(int i);

// True if a training with these arguments reads the slot.
bool ms_optimizer_needs(const struct ms_optimizer *o, int slot, const double *arg);

// Blocks of n weights that a training keeps for the optimizer: slots and the average.
int ms_optimizer_blocks(const struct ms_pick *optimizer);

// A whole step in Keras's order: clipping, weight decay, the row's step, the average.
// (worker/train/update.c)
void ms_update_optimizer(const struct ms_optimizer *o, const struct ms_update *u);

#endif
