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

#endif
