// SPDX-License-Identifier: MIT
//
// The number that networks are made of: float; double in the build that the tests use as an oracle
// (-DMS_REAL_DOUBLE). Only worker/ files see it.
#ifndef MLPSWEEP_REAL_H
#define MLPSWEEP_REAL_H

#ifdef MS_REAL_DOUBLE
typedef double ms_real;
#define MS_REAL(x) x
#define MS_CBLAS(name) cblas_d##name
#else
typedef float ms_real;
#define MS_REAL(x) x##f
#define MS_CBLAS(name) cblas_s##name
#endif

// Flat loops are compiled for several instruction sets and the best is taken when the program
// starts, so that one portable build is as fast as the machine allows.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MS_NO_CLONES)
#define MS_VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MS_VECTOR
#endif

#endif
