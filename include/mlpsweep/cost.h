// SPDX-License-Identifier: MIT
//
// The cost model: what a training will cost, known before it runs. Pure arithmetic on the
// configuration and the data set's shape. plan prints it, dispatch orders by it.
#ifndef MLPSWEEP_COST_H
#define MLPSWEEP_COST_H

#include "mlpsweep/config.h"
#include "mlpsweep/dataset.h"

struct ms_cost {
    double parameters; // trainable weights
    double flops; // of all epochs: 2·in·out per row forward, twice that backward (without the
                  // gradient of the first layer's input), forward alone on validation rows
    double
        elements; // element-wise work of all epochs, in elements that a relu takes forward or back
    double updates; // weights that steps read and write, in all epochs: in weights of a plain SGD
    double steps;   // optimizer steps in all epochs
    double bytes;   // resident memory of a trainer for this trial, without the data set
};

struct ms_cost ms_cost_of(const struct ms_config *c, const struct ms_dataset *d);

// A guess of the seconds on one core, before anything was measured on it: each count at the rate
// that one machine showed. Proportions hold elsewhere too, so dispatch orders by it; plan measures.
double ms_cost_seconds(const struct ms_cost *cost);

#endif
