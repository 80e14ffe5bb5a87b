// SPDX-License-Identifier: MIT
//
// Costs of what a sweep runs for a point, whatever it runs.
#include <math.h>

#include "mlpsweep/cost.h"
#include "mlpsweep/sweep.h"

#define COMMAND_EPOCH_S 1.0 // nobody knows before; what it takes is measured

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
    return ms_sweep_kind(s) == MS_KIND_COMMAND ? COMMAND_EPOCH_S * c->epochs : 1e-6;
}
