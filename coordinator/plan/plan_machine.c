// SPDX-License-Identifier: MIT
//
// The bound is a tenth, because the peak is an estimate: the clock is the one that the system tells
// of, and a processor may have half the vector units that are assumed.
#include "plan_machine.h"

#include <stdio.h>
#include <stdlib.h>

static const double fast_enough = 0.1; // of the peak

char *ms_plan_machine_text(const struct ms_plan_machine *m, double gflops, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "OpenBLAS's core %s", m->core);
    if (gflops > 0 && n < size)
        n += (size_t)snprintf(out + n, size - n, ", %.3g GFLOP/s on one thread", gflops);
    if (m->core_note[0] && n < size)
        snprintf(out + n, size - n, "; %s", m->core_note);
    return out;
}

char *ms_plan_machine_warning(const struct ms_plan_machine *m, double gflops, char *out,
                              size_t size)
{
    out[0] = 0;
    if (gflops > 0 && gflops < fast_enough * m->peak_gflops)
        snprintf(out, size,
                 "OpenBLAS computes %.3g GFLOP/s on one thread, but the processor's vectors allow "
                 "about %.3g: is OpenBLAS too old for it, or the processor busy? OPENBLAS_CORETYPE "
                 "chooses another core",
                 gflops, m->peak_gflops);
    return out;
}

void ms_plan_machine_memory(const struct ms_memory *memory, int workers, int processors,
                            struct ms_cluster *out)
{
    const int n = workers < processors ? workers : processors;
    struct ms_rank_facts *rank = calloc((size_t)n + 1, sizeof *rank);
    *out = (struct ms_cluster){0};
    if (!rank)
        return; // then it is not known
    for (int i = 0; i <= n; i++) {
        rank[i].memory = *memory;
        snprintf(rank[i].host, sizeof rank[i].host, "this machine");
    }
    ms_cluster_of(rank, n + 1, out);
    free(rank);
}
