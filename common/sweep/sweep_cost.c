// SPDX-License-Identifier: MIT
//
// The costs of a trial by what the sweep runs. Only the cost of a network can be known before: a
// command is taken to need a second an epoch until it has been measured, a function next to
// nothing.
#include "mlpsweep/sweep_cost.h"

#include <math.h>

#define COMMAND_EPOCH_S 1.0 // a guess; measured later
#define FUNCTION_S 1e-6

int ms_sweep_complete(const struct ms_sweep *s, const struct ms_dataset *data, struct ms_config *c,
                      struct ms_error *err)
{
    return ms_sweep_kind(s) == MS_KIND_TRAIN ? ms_config_complete(c, &data[c->dataset], err) : 0;
}

struct ms_cost ms_sweep_cost(const struct ms_sweep *s, const struct ms_dataset *data,
                             const struct ms_config *c)
{
    if (ms_sweep_kind(s) == MS_KIND_TRAIN)
        return ms_cost_of(c, &data[c->dataset]);
    return (struct ms_cost){.parameters = NAN};
}

double ms_sweep_seconds(const struct ms_sweep *s, const struct ms_config *c,
                        const struct ms_cost *cost)
{
    if (ms_sweep_kind(s) == MS_KIND_TRAIN)
        return ms_cost_seconds(cost);
    return ms_sweep_kind(s) == MS_KIND_COMMAND ? COMMAND_EPOCH_S * c->epochs : FUNCTION_S;
}
