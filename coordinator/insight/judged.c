// SPDX-License-Identifier: MIT
//
// The choice of the trials that are comparable with one another, from the table's ranking.
#include "judged.h"

#include <stdlib.h>

#include "mlpsweep/memory.h"

int ms_judged_of(const struct ms_trial_table *t, struct ms_judged *out, struct ms_error *err)
{
    *out = (struct ms_judged){.table = t};
    out->row = malloc((size_t)(t->n_ranked + 1) * sizeof *out->row);
    out->value = malloc((size_t)(t->n_ranked + 1) * sizeof *out->value);
    if (!out->row || !out->value) {
        ms_judged_clear(out);
        return ms_no_memory(err, "%lld trials", (long long)t->n_ranked);
    }
    for (int64_t k = 0; k < t->n_ranked; k++) {
        const int64_t row = t->ranked[k];
        const struct ms_trial_rank *r = &t->rank[row];
        if (r->n == 0) {
            out->n_without++;
        } else if (r->n_pruned > 0) {
            out->n_stopped++;
        } else {
            out->row[out->n] = row;
            out->value[out->n++] = r->mean;
        }
    }
    return 0;
}

void ms_judged_clear(struct ms_judged *j)
{
    free(j->row);
    free(j->value);
    *j = (struct ms_judged){0};
}

bool ms_judged_tied(const struct ms_judged *j, int64_t i)
{
    if (i + 1 >= j->n)
        return false;
    const struct ms_trial_rank *a = &j->table->rank[j->row[i]];
    const struct ms_trial_rank *b = &j->table->rank[j->row[i + 1]];
    return a->failed == b->failed && a->key == b->key;
}
