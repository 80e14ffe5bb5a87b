// SPDX-License-Identifier: MIT
//
// Activations and normalizations of one row, in double and from their definitions. Formulas and
// arguments: Keras 3, as in worker/kernels, by whose rows they are called.
#ifndef MLPSWEEP_MODEL_ACTIVATE_H
#define MLPSWEEP_MODEL_ACTIVATE_H

#include "model.h"

// z (units) becomes f(z). pick: of ms_activation_table.
void ms_activate(const struct ms_pick *pick, double *z, int units);

// x (units) becomes what the layer's normalization makes of it outside of training.
void ms_activate_normalize(const struct ms_model_layer *l, double *x);

// The formula of the row of ms_activation_table; false: it has none here, which tests refuse.
bool ms_activate_knows(int row);

#endif
