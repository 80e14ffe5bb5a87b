// SPDX-License-Identifier: MIT
//
// The table of outcomes. A row that is added or changed needs a step in coordinator/store
// (store_migrate.c), so that stores get it too; the store's README.md has the steps.
#include "mlpsweep/outcome.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const struct ms_outcome_row outcomes[] = {
    [MS_END_COMPLETED] = {"completed", "completed", .counts = true, .itself = true},
    [MS_END_STOPPED] = {"early_stopped", "stopped early", .counts = true, .itself = true},
    // Its finite epochs are a result, and training it again would diverge again.
    [MS_END_DIVERGED] = {"diverged", "diverged", .failure = true, .counts = true, .itself = true},
    [MS_END_CANCELLED] = {"cancelled", "cancelled"},
    // The same error would come again.
    [MS_END_ERROR] = {"error", "failed", .failure = true},
    [MS_END_CRASHED] = {"crashed", "crashed", .failure = true, .retried = true},
    [MS_END_TIMEOUT] = {"timeout", "timed out", .failure = true, .retried = true},
    [MS_END_LOST] = {"lost", "lost", .failure = true, .retried = true},
    [MS_END_INTERRUPTED] = {"interrupted", "interrupted", .retried = true},
    [MS_END_PAUSED] = {"paused", "paused", .counts = true},
    [MS_END_PRUNED] = {"pruned", "pruned", .counts = true},
    [MS_END_UNDEFINED] = {"undefined", "undefined", .failure = true, .counts = true,
                          .itself = true},
};
static_assert(sizeof outcomes / sizeof *outcomes == MS_N_ENDS, "every end has a row");

const struct ms_outcome_row *ms_outcome_of(int end)
{
    static const struct ms_outcome_row unknown = {.name = "unknown", .word = "unknown"};
    return end >= 0 && end < MS_N_ENDS ? &outcomes[end] : &unknown;
}

int ms_outcome_find(const char *name)
{
    for (int end = 0; name && end < MS_N_ENDS; end++)
        if (strcmp(outcomes[end].name, name) == 0)
            return end;
    return -1;
}

bool ms_outcome_uses_up(int end)
{
    const struct ms_outcome_row *o = ms_outcome_of(end);
    return o->failure && !o->counts;
}
