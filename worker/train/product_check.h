// SPDX-License-Identifier: MIT
//
// The self-test of a BLAS: products of all kinds that trainings (float) and the Gaussian process
// (double) ask for, against own loops.
#ifndef MLPSWEEP_WORKER_PRODUCT_CHECK_H
#define MLPSWEEP_WORKER_PRODUCT_CHECK_H

#include <stdbool.h>
#include <stddef.h>

// out (m, n) = alpha · op(a) (m, k) · op(b) (k, n) + beta · out, row-major; op transposes or does
// not. With beta 0 out is not read.
struct ms_product {
    bool in_double;
    bool trans_a, trans_b;
    int m, n, k;
    int lda, ldb, ldc; // elements from row to row
    double alpha, beta;
};
typedef void (*ms_product_with)(const struct ms_product *p, const void *a, const void *b,
                                void *out);

// OpenBLAS's.
void ms_product_blas(const struct ms_product *p, const void *a, const void *b, void *out);

// Returns false, and which product is wrong, if an element is further from the sum of its products
// than their rounding in any order allows, or if out is written to beyond its columns. Takes a few
// milliseconds.
bool ms_product_check(ms_product_with product, char *why, size_t size);

#endif
