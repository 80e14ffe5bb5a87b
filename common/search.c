// SPDX-License-Identifier: MIT
//
// The samplers and schedulers by name, as the sweep file knows them. Their code is in coordinator/.
#include "schema.h"

static const struct ms_search_row rows[] = {
    {{.name = "grid", .doc = "every combination once; the last-written parameter varies fastest"},
     .needs_finite = true},
    {{.name = "random", .doc = "max_trials combinations drawn at random, none twice"},
     .needs_max_trials = true},
};

const struct ms_table ms_sampler_table = {
    .what = "search method",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

static const struct ms_row schedulers[] = {
    {.name = "none", .doc = "every trial is trained to its end"},
};

const struct ms_table ms_scheduler_table = {
    .what = "scheduler",
    .n = sizeof schedulers / sizeof schedulers[0],
    .rows = schedulers,
    .stride = sizeof schedulers[0],
};
