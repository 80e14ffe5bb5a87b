// SPDX-License-Identifier: MIT
//
// The table of schedulers, and the arithmetic of rungs that several of them share. The table here
// and ms_search_scheduler_table (common/sweep/search.c) have the same rows in the same order.
#include "scheduler.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static const struct ms_scheduler_ops none = {.bracket = NULL};

static const struct ms_scheduler_ops *const schedulers[] = {
    &none,
    &ms_scheduler_median_stop,
    &ms_scheduler_successive_halving,
    &ms_scheduler_hyperband,
    &ms_scheduler_asha,
};
enum { N_SCHEDULERS = sizeof schedulers / sizeof *schedulers };

const struct ms_scheduler_ops *ms_scheduler_ops_of(int row)
{
    return ms_search_scheduler_table.n == N_SCHEDULERS && row >= 0 && row < N_SCHEDULERS
               ? schedulers[row]
               : NULL;
}

void ms_scheduler_rungs(double min_epochs, double eta, int max_epochs, struct ms_bracket_plan *out)
{
    out->eta = eta;
    out->n_rungs = 0;
    for (double e = min_epochs; e < max_epochs && out->n_rungs < MS_MAX_RUNGS - 1; e *= eta)
        if (out->n_rungs == 0 || (int)e > out->epochs[out->n_rungs - 1])
            out->epochs[out->n_rungs++] = (int)e;
    out->epochs[out->n_rungs++] = max_epochs;
}

int64_t ms_scheduler_rung_keep(int64_t n, double eta)
{
    return (int64_t)floor((double)n / eta * (1 + 1e-12)); // 9 / 3 is 3, also where eta was computed
}

static int better(const void *x, const void *y)
{
    return ms_worth_compare(x, y, false);
}

void ms_scheduler_rung_sort(struct ms_worth *entry, int64_t n)
{
    if (n > 1)
        qsort(entry, (size_t)n, sizeof *entry, better);
}
