// SPDX-License-Identifier: MIT
//
// What a plan says of the machine: which core of BLAS computes, how fast, and whether that is far
// below what the processor could do. Pure; main() lends the numbers, as only the worker has them.
#ifndef MLPSWEEP_PLAN_MACHINE_H
#define MLPSWEEP_PLAN_MACHINE_H

#include <stddef.h>

#include "coordinator/run/cluster.h"
#include "mlpsweep/status.h"

struct ms_plan_machine {
    char core[24];
    char core_note[320];    // why it is not BLAS's own choice; "": it is
    double (*gflops)(void); // measures one thread; 0: it cannot
    double peak_gflops;     // that the vectors of the processor allow one thread; 0: not known
};

// Fills it in main(); may start the process anew with another core of BLAS.
typedef int (*ms_plan_settle)(struct ms_plan_machine *out, struct ms_error *err);

// The lines of the plan. gflops: measured, 0: not.
char *ms_plan_machine_text(const struct ms_plan_machine *m, double gflops, char *out, size_t size);

// "": the BLAS is fast enough, or nothing is known; else a warning: it computes less than a tenth
// of what the processor's vectors allow.
char *ms_plan_machine_warning(const struct ms_plan_machine *m, double gflops, char *out,
                              size_t size);

// The memory of each of so many workers on one machine, at most one for each processor.
void ms_plan_machine_memory(const struct ms_memory *memory, int workers, int processors,
                            struct ms_cluster *out);

#endif
