// SPDX-License-Identifier: MIT
//
// The targets and outputs of a batch as people mean them: in the target's own unit, where the
// network learns a scaled one; and whether outputs differ from row to row.
#ifndef MLPSWEEP_WORKER_OUTPUTS_H
#define MLPSWEEP_WORKER_OUTPUTS_H

#include "arena.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/real.h"

struct ms_outputs {
    const struct ms_target *target; // of the data set; NULL: the network's unit is the target's own
    int units;
    // In the target's own unit minus its base, for metrics; NULL without target scaling.
    ms_real *t, *y;     // (units, ld)
    const double *base; // (units)

    // Of the batches since ms_outputs_reset:
    bool varies;    // some output differed from that of the first row looked at; NaN differs
    uint32_t rows;  // looked at
    ms_real *first; // (units) the outputs of the first row
};

// Called twice with the network, see arena.h. The data set must outlive it.
void ms_outputs_lay_out(struct ms_outputs *o, const struct ms_dataset *d, int ld,
                        struct ms_carve *carve);
void ms_outputs_reset(struct ms_outputs *o);

// After ms_gather: keeps the targets (units, ld) in o->t and scales them in place, see struct
// ms_target. Nothing without target scaling.
void ms_outputs_scale(struct ms_outputs *o, ms_real *t, int ld);

// After ms_net_forward: brings the outputs y (units, ld) back into o->y. Nothing without target
// scaling.
void ms_outputs_bring_back(struct ms_outputs *o, const ms_real *y, int ld);

// Do the outputs of these rows equal, bit for bit, those of all rows looked at before?
void ms_outputs_look(struct ms_outputs *o, const ms_real *y, int rows, int ld);

#endif
