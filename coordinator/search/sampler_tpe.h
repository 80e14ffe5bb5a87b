// SPDX-License-Identifier: MIT
//
// Parzen estimators: the density from which some observations may have been drawn, as a mixture of
// one kernel per observation and a broad one, the prior. A kernel is a product over the parameters;
// so what goes together in an observation stays together. Numbers are in [0, 1] (see
// ms_sampler_param_to_unit); their kernels are Gaussians cut off at the ends. Values of a choice
// are indices; a kernel gives most of its weight to the observed one and the same to all others.
// sampler_tpe_parzen.c says how wide kernels are. Only sampler_tpe.c uses this.
#ifndef MLPSWEEP_SAMPLER_TPE_H
#define MLPSWEEP_SAMPLER_TPE_H

#include "mlpsweep/rng.h"
#include "mlpsweep/status.h"

// One parameter.
struct ms_parzen_dim {
    int choices; // how many values; 0: a number
    double cell; // of a number the width of one of its values; 0: continuous
};

struct ms_parzen {
    int kernels, dims;
    const struct ms_parzen_dim *dim; // borrowed
    double *until; // (kernels) sum of the weights up to and with this kernel; the last is the prior
    double *constant; // (kernels) logarithm of the weight and of what normalizes the kernel
    double *mean;     // (kernels, dims) of a choice the observed value, -1 in the prior
    double *inverse;  // (kernels, dims) 1 / bandwidth; of a choice the log odds of any other value
};

// Where the next random number is: (rng, counter), (rng, counter + 1), …
struct ms_parzen_draw {
    const struct ms_rng *rng;
    uint64_t counter;
};

// From n observations x (n, dims), n >= 0, with weights (n) whose mean is 1 (NULL: all 1); the
// prior weighs 1. No bandwidth is below narrow.
int ms_sampler_tpe_parzen_init(struct ms_parzen *p, const struct ms_parzen_dim *dim, int dims,
                               const double *x, const double *weights, int n, double narrow,
                               struct ms_error *err) MS_MUST_CHECK;
void ms_sampler_tpe_parzen_clear(struct ms_parzen *p);

// Draws x (dims): numbers with finitely many values at the middle of a cell.
void ms_sampler_tpe_parzen_sample(const struct ms_parzen *p, struct ms_parzen_draw *draw,
                                  double *x);

// Logarithm of the density at x. A number with finitely many values counts as a continuous one at
// the middle of its cell: bandwidths of half a cell and more make that nearly its cell's mass.
double ms_sampler_tpe_parzen_log_density(const struct ms_parzen *p, const double *x);

#endif
