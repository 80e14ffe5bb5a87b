// SPDX-License-Identifier: MIT
//
// Matrix products for narrow layers, vectorised over the rows of the batch. See dense.h.
#ifndef MLPSWEEP_WORKER_NARROW_H
#define MLPSWEEP_WORKER_NARROW_H

#include "mlpsweep/real.h"

// out (m, ld) = start (m) or 0 + A · x (k, ld), with A[i][l] = a[i·a_row + l·a_col]
void ms_narrow_product(ms_real *out, const ms_real *start, const ms_real *a, int a_row, int a_col,
                       const ms_real *x, int m, int k, int ld);

// g (k, m) = x (k, ld) · d (m, ld)ᵀ: scalar products of rows, over all ld lanes
void ms_narrow_outer(ms_real *g, const ms_real *x, const ms_real *d, int k, int m, int ld);

// out (m) = sums of the rows of d (m, ld), over all ld lanes
void ms_narrow_sums(ms_real *out, const ms_real *d, int m, int ld);

#endif
