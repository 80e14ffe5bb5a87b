// SPDX-License-Identifier: MIT
//
// Regularizers: penalties that large weights, or large outputs of a layer, add to the loss. Keras
// 3's formulas: l1·Σ|w| + l2·Σw², without a half and without a mean. Row 0 is none.
#ifndef MLPSWEEP_WORKER_REGULARIZERS_H
#define MLPSWEEP_WORKER_REGULARIZERS_H

#include "mlpsweep/real.h"
#include "mlpsweep/table.h"

struct ms_regularizer {
    struct ms_row row;
    int l1, l2; // which argument is the factor; -1: none is
};

struct ms_penalty {
    double l1, l2; // both 0: nothing to do
};

struct ms_penalty ms_regularizer_penalty_of(const struct ms_pick *pick);

// l1·Σ|w| + l2·Σw² over n numbers
double ms_regularizer_penalty_sum(const struct ms_penalty *p, const ms_real *w, size_t n);

// g += scale · (l1·sign(w) + 2·l2·w), sign(0) = 0
void ms_regularizer_penalty_gradient(const struct ms_penalty *p, double scale, ms_real *g,
                                     const ms_real *w, size_t n);

#endif
