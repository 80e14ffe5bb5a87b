// SPDX-License-Identifier: MIT
//
// Constraints: limits that are imposed on weights after every optimizer step. Keras 3's
// formulas with axis 0: the norm of a kernel's column (the weights into one unit), or of a bias as
// a whole. Row 0 is none.
#ifndef MLPSWEEP_WORKER_CONSTRAINTS_H
#define MLPSWEEP_WORKER_CONSTRAINTS_H

#include "mlpsweep/real.h"
#include "mlpsweep/table.h"

struct ms_constraint {
    struct ms_row row;
    // w (rows, cols): a kernel (inputs, units), a bias (units, 1). NULL: none.
    void (*apply)(ms_real *w, int rows, int cols, const double *arg);
};

const struct ms_constraint *ms_constraint_row(int i);

#endif
