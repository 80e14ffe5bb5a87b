// SPDX-License-Identifier: MIT
//
// Parzen estimators: the density of some observations as a mixture of one kernel per observation
// and a broad one, the prior. A kernel is a product over the parameters, so that values which occur
// together stay together. Numbers are in [0, 1] (see ms_space_param_to_unit); their kernels are
// Gaussians cut off at the ends. Values of a choice are indices; a kernel gives most of its weight
// to the observed one and equal weights to all others. sampler_tpe_parzen.c states the bandwidths.
// Only sampler_tpe.c uses this.
#ifndef MLPSWEEP_SAMPLER_TPE_H
#define MLPSWEEP_SAMPLER_TPE_H

#include "mlpsweep/rng.h"
#include "mlpsweep/space.h"
#include "mlpsweep/status.h"

// One parameter.
struct ms_parzen_dim {
    int choices;                   // number of values; 0: a number
    double cell;                   // width of one value of a number; 0: continuous, or they differ
    const struct ms_param *uneven; // whose values' widths differ; NULL: none
};

struct ms_parzen {
    int kernels, dims;
    const struct ms_parzen_dim *dim; // borrowed
    double *until; // (kernels) sum of the weights up to and with this kernel; the last is the prior
    double *constant; // (kernels) logarithm of the weight times the kernel's normalization
    double *mean;     // (kernels, dims) for a choice: the observed value, -1 in the prior
    double *inverse;  // (kernels, dims) 1 / bandwidth; for a choice: log odds of any other value
};

// The place of the next random number: (rng, counter), (rng, counter + 1), …
struct ms_parzen_draw {
    const struct ms_rng *rng;
    uint64_t counter;
};

// Makes the density of n >= 0 observations x (n, dims) with weights (n) whose mean is 1 (NULL: all
// 1); the prior weighs 1. No bandwidth is below narrow.
int ms_sampler_tpe_parzen_init(struct ms_parzen *p, const struct ms_parzen_dim *dim, int dims,
                               const double *x, const double *weights, int n, double narrow,
                               struct ms_error *err) MS_MUST_CHECK;
void ms_sampler_tpe_parzen_clear(struct ms_parzen *p);

// Draws x (dims). A number with finitely many values gets the place of one of them.
void ms_sampler_tpe_parzen_sample(const struct ms_parzen *p, struct ms_parzen_draw *draw,
                                  double *x);

// Logarithm of the density at x. A number with finitely many values counts as a continuous one at
// its place; with bandwidths of at least half a cell that is nearly the cell's mass.
double ms_sampler_tpe_parzen_log_density(const struct ms_parzen *p, const double *x);

#endif
