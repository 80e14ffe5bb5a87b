// SPDX-License-Identifier: MIT
//
// Losses: the loss of each row of a batch and, if wanted, its gradient, in one pass. Keras 3's
// formulas: the mean over the outputs (categorical_crossentropy, kl_divergence: the sum), then over
// the batch; probabilities clipped to [1e-7, 1 - 1e-7], with a zero gradient outside.
//
// binary_crossentropy on a sigmoid and categorical_crossentropy on a softmax have a fused form that
// works on the pre-activations: no clipping, no overflow. Keras on TensorFlow does the same.
#ifndef MLPSWEEP_WORKER_LOSSES_H
#define MLPSWEEP_WORKER_LOSSES_H

#include "mlpsweep/real.h"
#include "mlpsweep/table.h"

struct ms_loss_batch {
    const ms_real *y;      // (units, ld) outputs
    const ms_real *z;      // (units, ld) pre-activations; fused forms only
    const ms_real *t;      // (units, ld) targets
    const ms_real *weight; // (ld) of each row in the gradient: 1/rows, times its class's weight
    ms_real *loss;         // (ld) out: each row's loss, not weighted
    ms_real *d;            // (units, ld) out: weight · d loss / d y (fused: d z); NULL: not wanted
    int units, ld;
    const double *arg;
};

struct ms_loss {
    struct ms_row row;
    void (*evaluate)(const struct ms_loss_batch *b);
    void (*evaluate_fused)(const struct ms_loss_batch *b); // with activation `fuses`; NULL: none
    int fuses;                                             // enum ms_activation_id
    double work; // for the cost model: time of an output, in relus' times both ways
};

const struct ms_loss *ms_loss_row(int i);

// Multiplies each row's weight (ld) by that of its class. The class is the unit with the largest t
// (units, ld), the first of equals; if there is one output, t's nearest whole number. Classes
// beyond the n given weigh 1. Keras: fit(class_weight).
void ms_loss_class_weights(const double *of_class, int n, const ms_real *t, int units, int ld,
                           ms_real *weight);

#endif
