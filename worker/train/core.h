// SPDX-License-Identifier: MIT
//
// Which of OpenBLAS's cores (its sets of kernels) a process should use. OpenBLAS knows processors
// by family and model; for one that is newer than the library it takes the kernels of 2004. This
// file goes by the features instead. Pure functions: no processor, environment or library is asked.
#ifndef MLPSWEEP_WORKER_CORE_H
#define MLPSWEEP_WORKER_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/blas.h"

// What CPUID and XGETBV say. All zero: not an x86 processor.
struct ms_cpuid {
    char vendor[13];    // leaf 0: "GenuineIntel"
    uint32_t top;       // leaf 0, EAX: the highest leaf
    uint32_t version;   // leaf 1, EAX: family, model, stepping
    uint32_t leaf1_ecx; // SSE3, FMA, SSE4.2, OSXSAVE, AVX
    uint32_t leaf7_ebx; // AVX2, AVX512F, DQ, CD, BW, VL
    uint64_t xcr0;      // XCR0, if OSXSAVE: the registers that the operating system keeps
};

// Sets of kernels by the vectors that they use, from the slowest on.
enum ms_vectors {
    MS_VECTORS_SSE2,
    MS_VECTORS_SSE42,
    MS_VECTORS_AVX,
    MS_VECTORS_AVX2,
    MS_VECTORS_AVX512
};

struct ms_processor {
    bool x86;
    bool amd; // AMD, or Hygon
    int family, model;
    enum ms_vectors vectors; // the best that processor and operating system support
};

struct ms_processor ms_core_processor(const struct ms_cpuid *id);

// The cores to try, the best first: those with more vectors than OpenBLAS's own choice, then its
// own choice, then those with fewer. So its choice stays where it uses what the processor has, and
// wherever nothing is known of the processor or of the core. Returns their number.
enum { MS_CORE_LADDER = 8 };
int ms_core_ladder(const struct ms_processor *p, const char *own,
                   const char *ladder[MS_CORE_LADDER]);

// The cores for any processor with such vectors, the best first, blanks between them, in an order
// that is the same on every processor; "": no x86.
char *ms_core_list(const struct ms_processor *p, char *out, size_t size);

// The search for a core that the library has and that computes rightly. It takes a start of the
// program for every core, so its state travels through the environment as text.
struct ms_core_search {
    char own[MS_CORE_NAME];  // OpenBLAS's own choice; "": not known yet
    int step;                // of the ladder: the core that is wanted
    bool asked;              // this start of the program was for it
    char note[MS_BLAS_NOTE]; // what was found so far
};

enum ms_core_move {
    MS_CORE_STAY,  // with the core that is running
    MS_CORE_AGAIN, // start the program again for ms_core_wanted
    MS_CORE_NONE,  // no core computes rightly
};

// Returns false and the reason if the running core computes wrongly.
typedef bool (*ms_core_test)(char *why, size_t size);

enum ms_core_move ms_core_decide(struct ms_core_search *s, const struct ms_processor *p,
                                 const char *running, ms_core_test test);
const char *ms_core_wanted(const struct ms_core_search *s, const struct ms_processor *p);

// Single-precision operations of one thread in a cycle, if every vector unit is busy. 0: not known.
int ms_core_flops_per_cycle(const struct ms_processor *p);
// 1e9 cycles a second: the first "cpu MHz" of the text of /proc/cpuinfo. 0: it has none.
double ms_core_ghz(const char *cpuinfo);

// As text, and back. A text that is none gives a search at its start.
char *ms_core_text(const struct ms_core_search *s, char *out, size_t size);
struct ms_core_search ms_core_parse(const char *text);

// "AVX-512", for messages.
const char *ms_core_vectors_name(enum ms_vectors vectors);

#endif
