// SPDX-License-Identifier: MIT
//
// The three products of a dense layer. Narrow layers are computed by our own kernels, because a
// BLAS call costs more than their arithmetic; wide ones by BLAS. The sizes alone decide, so that
// results depend on nothing else.
//
// Kernels are (inputs, units), as Keras has them; activations feature-major, see vector.h. inputs
// and units >= 1, 1 <= rows <= ld.
#ifndef MLPSWEEP_WORKER_DENSE_H
#define MLPSWEEP_WORKER_DENSE_H

#include "mlpsweep/real.h"

struct ms_dense {
    int inputs, units;
    int rows, ld;
};

// out (units, ld) = kernelᵀ · x (inputs, ld) + bias (units); bias may be NULL
void ms_dense_forward(const struct ms_dense *s, ms_real *out, const ms_real *x,
                      const ms_real *kernel, const ms_real *bias);

// d_kernel (inputs, units) = x · dᵀ, d_bias (units) = Σ over rows of d (units, ld); d_bias may be
// NULL. Sets d's lanes beyond rows to zero.
void ms_dense_gradient(const struct ms_dense *s, ms_real *d_kernel, ms_real *d_bias,
                       const ms_real *x, ms_real *d);

// d_x (inputs, ld) = kernel · d (units, ld)
void ms_dense_input_gradient(const struct ms_dense *s, ms_real *d_x, const ms_real *d,
                             const ms_real *kernel);

// The BLAS in use and the kernels it chose, for the provenance; and how many threads it may use.
const char *ms_dense_blas(void);
const char *ms_dense_core(void);
int ms_dense_threads(void);
void ms_dense_set_threads(int threads);

#endif
