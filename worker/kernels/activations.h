// SPDX-License-Identifier: MIT
//
// Activation functions: a flat loop forward, a flat loop backward. Formulas and arguments: Keras 3.
#ifndef MLPSWEEP_WORKER_ACTIVATIONS_H
#define MLPSWEEP_WORKER_ACTIVATIONS_H

#include "mlpsweep/real.h"
#include "mlpsweep/table.h"

// The rows that other files know by number; all others are found by name.
enum ms_activation_id { MS_ACT_LINEAR, MS_ACT_RELU, MS_ACT_TANH, MS_ACT_SIGMOID, MS_ACT_SOFTMAX };

// Matrices are feature-major, (units, ld), see vector.h; ld is a multiple of MS_LANE_BLOCK.
struct ms_activation {
    struct ms_row row;
    bool keeps_input; // backward reads z, so that the network must keep a copy of it
    double work;      // for the cost model: time both ways beyond a relu's, in relus' times
    // a: in z, out f(z)
    void (*forward)(ms_real *a /* (units, ld) */, int units, int ld, const double *arg);
    // d: in dL/da, out dL/dz. z is NULL unless keeps_input.
    void (*backward)(ms_real *d /* (units, ld) */, const ms_real *a, const ms_real *z, int units,
                     int ld, const double *arg);
};

const struct ms_activation *ms_activation_row(int i);

#endif
