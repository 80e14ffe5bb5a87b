// SPDX-License-Identifier: MIT
#include "sampler_internal.h"

static int propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    (void)state;
    (void)p;
    (void)point;
    return ms_fail(err, MS_ESTATE, "search.method: tpe is not built");
}

const struct ms_sampler_ops ms_sampler_tpe = {.learns = true, .propose = propose};
