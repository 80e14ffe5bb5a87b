// SPDX-License-Identifier: MIT
#include "sampler_internal.h"

static int propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    (void)state;
    (void)p;
    (void)point;
    return ms_fail(err, MS_ESTATE, "search.method: evolution is not built");
}

const struct ms_sampler_ops ms_sampler_evolution = {.learns = true, .propose = propose};
