// SPDX-License-Identifier: MIT
//
// Costs of one trial of a sweep, whatever the sweep runs: a network by the cost model, a function
// or a command by a constant guess. data is the array of the sweep's data sets, of which c takes
// data[c->dataset]; it is not read where no network is trained.
#ifndef MLPSWEEP_SWEEP_COST_H
#define MLPSWEEP_SWEEP_COST_H

#include "mlpsweep/cost.h"
#include "mlpsweep/sweep.h"

// ms_config_complete for a network; does nothing for a function or a command.
int ms_sweep_complete(const struct ms_sweep *s, const struct ms_dataset *data, struct ms_config *c,
                      struct ms_error *err) MS_MUST_CHECK;

// The weights of a function or a command are unknown (NAN), and it has no FLOPs.
struct ms_cost ms_sweep_cost(const struct ms_sweep *s, const struct ms_dataset *data,
                             const struct ms_config *c);

// A guess of the trial's seconds, as of ms_cost_seconds.
double ms_sweep_seconds(const struct ms_sweep *s, const struct ms_config *c,
                        const struct ms_cost *cost);

#endif
