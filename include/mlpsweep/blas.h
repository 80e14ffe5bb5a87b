// SPDX-License-Identifier: MIT
//
// OpenBLAS in this process: which of its cores (sets of kernels) runs, why, and how fast. Ranks and
// `plan` settle it before all else.
#ifndef MLPSWEEP_BLAS_H
#define MLPSWEEP_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/status.h"

enum { MS_CORE_NAME = 24, MS_CORE_LIST = 128, MS_BLAS_NOTE = 320 };

struct ms_blas {
    char core[MS_CORE_NAME]; // that runs: "SkylakeX"
    // Those that the processor supports and any OpenBLAS takes by their names, the best first,
    // blanks between them; "": not known.
    char cores[MS_CORE_LIST];
    bool by_user; // OPENBLAS_CORETYPE named it
    // Why it is another than OpenBLAS's own choice, and what else is to be said of it, in one line;
    // "": OpenBLAS's own choice, which is right.
    char note[MS_BLAS_NOTE];
};

// Makes OpenBLAS fit for a rank: one thread, and the best core that the library has, the processor
// supports and a self-test proves right. OpenBLAS reads the environment when it is loaded, which is
// before main(); so where something is to be changed, the program is executed anew, with the same
// arguments and process number. Call it first of all, before MPI and any thread.
//
//   - OPENBLAS_NUM_THREADS, GOTO_NUM_THREADS, OMP_NUM_THREADS: if one is set, the threads stay.
//   - OPENBLAS_CORETYPE: if set, the core stays, and the note says if it computes wrongly.
//   - OpenBLAS's own choice stays if it uses the best vectors of the processor, or is not known.
//
// Fails with MS_ESTATE if no core computes rightly. Afterwards the environment has nothing that the
// user has not put there, but OPENBLAS_NUM_THREADS: the programs that a command starts may have an
// OpenBLAS of their own.
int ms_blas_settle(struct ms_blas *out, struct ms_error *err) MS_MUST_CHECK;

// The self-test alone, in a child process: false and what is wrong if the core that runs computes
// wrongly.
bool ms_blas_test(char *why, size_t size);

// 1e9 floating-point operations a second of single-precision products on one thread, measured in
// some 10 ms of processor time. 0: no memory for it.
double ms_blas_gflops(void);

// What one thread could do at most with the processor's vectors, by estimate: the operations of its
// vector units in a cycle times its clock as the system tells it. 0: not known.
double ms_blas_peak_gflops(void);

#endif
