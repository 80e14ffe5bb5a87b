// SPDX-License-Identifier: MIT
//
// Normalizations: bring each unit of a layer to mean 0 and variance 1 over a batch, or each row
// over its units; then multiply by gamma and add beta. Keras 3's BatchNormalization and
// LayerNormalization: biased variances, epsilon inside the root. Row 0 is none.
#ifndef MLPSWEEP_WORKER_NORMALIZATIONS_H
#define MLPSWEEP_WORKER_NORMALIZATIONS_H

#include "mlpsweep/real.h"
#include "mlpsweep/table.h"

// Arguments that all rows except the first have, in this place.
enum { MS_NORM_EPSILON, MS_NORM_CENTER, MS_NORM_SCALE };

struct ms_norm {
    int units, rows, ld; // see vector.h
    bool training;
    const double *arg;
    const ms_real *gamma, *beta;            // (units); NULL: 1, 0
    ms_real *moving_mean, *moving_variance; // (units) of rows with statistics
    ms_real *x;                             // (units, ld) in; training leaves it normalised
    ms_real *y;                             // (units, ld) out
    ms_real *work;                          // ms_norm_work() numbers, kept for the way back
    ms_real *d;                             // backward: dL/dy becomes dL/dx
    ms_real *d_gamma, *d_beta;              // (units); NULL: not wanted
};

struct ms_normalization {
    struct ms_row row;
    bool statistics; // has moving statistics; training moves them, inference takes them
    void (*forward)(const struct ms_norm *n);
    void (*backward)(const struct ms_norm *n); // after forward in training
};

const struct ms_normalization *ms_normalization_row(int i);

static inline size_t ms_norm_work(int units, int ld)
{
    return (size_t)units + 3 * (size_t)ld;
}

#endif
