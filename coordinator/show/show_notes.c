// SPDX-License-Identifier: MIT
//
// What stands below a table: the meaning of a mark in it, and why a number is missing.
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "mlpsweep/metric.h"
#include "show.h"

void ms_show_constant_legend(const struct ms_show *s)
{
    ms_text_wrap(stdout,
                 "constant: the network answers every row of training and validation with the same "
                 "numbers, as its units are dead or its output is saturated",
                 0, s->screen);
    printf("\n");
}

uint64_t ms_show_undefined(char *const *name, int n, const double *value, const bool *has,
                           size_t rows)
{
    uint64_t undefined = 0;
    for (int c = 0; c < n; c++) {
        const int id = ms_metric_id(name[c]);
        const bool may = id >= 0 && ms_metric_undefined(id);
        for (size_t i = 0; may && i < rows; i++) {
            const size_t at = i * (size_t)n + (size_t)c;
            if (isnan(value[at]) && (!has || has[at]))
                undefined |= UINT64_C(1) << id;
        }
    }
    return undefined;
}

void ms_show_undefined_print(FILE *f, uint64_t undefined)
{
    static_assert(2 * (MS_MAX_METRICS / 2) <= 64, "a bit for every metric");
    char name[64];
    for (int id = 0; id < 64; id++)
        if (undefined & UINT64_C(1) << id)
            fprintf(f, "%s is nan: %s\n", ms_metric_name(id, name, sizeof name),
                    ms_metric_undefined(id));
}
