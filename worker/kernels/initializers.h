// SPDX-License-Identifier: MIT
//
// Initial weights. Keras 3's distributions; the numbers are functions of (seed, trial, execution,
// layer, position) alone. They are made in double and then rounded, so that the float engine and
// its double oracle start alike; except orthogonal, whose right angles are as exact as the numbers.
#ifndef MLPSWEEP_WORKER_INITIALIZERS_H
#define MLPSWEEP_WORKER_INITIALIZERS_H

#include "mlpsweep/real.h"
#include "mlpsweep/rng.h"
#include "mlpsweep/table.h"

// A kernel of shape (rows, cols) = (inputs, units), or a bias of (1, units).
struct ms_init {
    ms_real *weights;
    int rows, cols;
    double fan_in, fan_out; // for a bias both are its length, as in Keras
    const struct ms_rng *rng;
    uint64_t counter; // the first of 2^40 that this fill may use
    const double *arg;
};

struct ms_initializer {
    struct ms_row row;
    void (*fill)(const struct ms_init *init);
};

const struct ms_initializer *ms_initializer_row(int i);

#endif
