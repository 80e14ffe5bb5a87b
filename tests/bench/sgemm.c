// SPDX-License-Identifier: MIT
//
// This machine's own SGEMM rate: GFLOP/s of a 2048 x 2048 x 2048 product on one thread, by the
// clock of its processor time, with the core of OpenBLAS that mlpsweep would choose. Prints the
// rate and the core.
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

#include "mlpsweep/blas.h"
#include "mlpsweep/clock.h"

int main(void)
{
    enum { N = 2048 };
    struct ms_blas blas;
    struct ms_error err;
    if (ms_blas_settle(&blas, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    float *a = malloc(sizeof(float) * N * N), *b = malloc(sizeof(float) * N * N),
          *c = malloc(sizeof(float) * N * N);
    if (!a || !b || !c)
        return 1;
    for (int i = 0; i < N * N; i++) {
        a[i] = (float)(i % 17) * 0.1f;
        b[i] = (float)(i % 13) * 0.1f;
        c[i] = 0;
    }
    openblas_set_num_threads(1);
    double best = 0;
    for (int round = 0; round < 4; round++) { // the first is the warm-up
        double start = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
        double rate = 2.0 * N * N * N / (ms_clock_s(CLOCK_PROCESS_CPUTIME_ID) - start) / 1e9;
        if (round > 0 && rate > best)
            best = rate;
    }
    printf("%.1f %s\n", best, blas.core);
    free(a);
    free(b);
    free(c);
    return 0;
}
