// SPDX-License-Identifier: MIT
//
// The state of the processor and of BLAS in which all trainings run, and how both are described.
// The same state in every trainer is a condition for the same bits.
#include <stdio.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "dense.h"
#include "mlpsweep/real.h"
#include "mlpsweep/train.h"

static void flush_denormals(void)
{
#if defined(__x86_64__)
    _mm_setcsr(_mm_getcsr() | 0x8040u); // FTZ and DAZ
#elif defined(__aarch64__)
    unsigned long fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | 1ul << 24)); // FZ
#endif
}

void ms_train_prepare(int threads)
{
    flush_denormals();
    ms_dense_set_threads(threads < 1 ? 1 : threads);
}

// The clone of a MS_VECTOR function that this machine takes.
static const char *vectors(void)
{
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MS_NO_CLONES)
    if (__builtin_cpu_supports("x86-64-v4"))
        return "x86-64-v4";
    if (__builtin_cpu_supports("x86-64-v3"))
        return "x86-64-v3";
#endif
    return "baseline";
}

const char *ms_train_provenance(char *out, size_t size)
{
    char name[32] = "BLAS", version[32] = ""; // of "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …"
    (void)sscanf(ms_dense_blas(), "%31s %31s", name, version);
    int threads = ms_dense_threads();
    snprintf(out, size, "%s %s %s, %d thread%s; vectors: %s", name, version, ms_dense_core(),
             threads, threads == 1 ? "" : "s", vectors());
    return out;
}
