// SPDX-License-Identifier: MIT
//
// From the data set's row-major matrices to the feature-major batch of a network.
#ifndef MLPSWEEP_WORKER_GATHER_H
#define MLPSWEEP_WORKER_GATHER_H

#include "mlpsweep/dataset.h"
#include "mlpsweep/real.h"

// Copies the rows order[0 … rows-1] of the data set, or, if order is NULL, those from `first` on,
// into x (inputs, ld) and t (outputs, ld). Lanes from rows to ld repeat the last row.
void ms_gather(const struct ms_dataset *data, const uint32_t *order, uint32_t first, int rows,
               int ld, ms_real *x, ms_real *t);

// The weights (n_outputs, or 2 of a binary task) that give every class the same part in the loss of
// the training rows order[0 … n_train-1]: n_train / (classes · rows of the class), where only
// classes that have rows count; the others' weight is 1. scikit-learn's
// compute_class_weight("balanced"). Of binary and multiclass data.
void ms_gather_balance(const struct ms_dataset *data, const uint32_t *order, double *weight);

#endif
