// SPDX-License-Identifier: MIT
//
// The layer between a dense layer and its activation. It works in the dense layer's output, which
// is not read again, and leaves the normalised values there for the backward pass.
#include "layers.h"

static struct ms_norm norm_of(const struct ms_layer *l, const struct ms_pass *p,
                              const ms_real *weights)
{
    return (struct ms_norm){
        .units = l->units,
        .rows = p->rows,
        .ld = p->ld,
        .training = p->training,
        .arg = l->arg,
        .gamma = l->has_gamma ? weights + l->gamma : NULL,
        .beta = l->has_beta ? weights + l->beta : NULL,
        .moving_mean = l->moving_mean,
        .moving_variance = l->moving_variance,
        .x = l->z,
        .y = l->out,
        .work = l->work,
    };
}

static void norm_forward(const struct ms_layer *l, const struct ms_pass *p, const ms_real *weights)
{
    const struct ms_norm n = norm_of(l, p, weights);
    l->normalization->forward(&n);
}

static ms_real *norm_backward(const struct ms_layer *l, const struct ms_pass *p,
                              const ms_real *weights, ms_real *gradients, ms_real *d,
                              ms_real *other)
{
    (void)other;
    struct ms_norm n = norm_of(l, p, weights);
    n.d = d;
    n.d_gamma = l->has_gamma ? gradients + l->gamma : NULL;
    n.d_beta = l->has_beta ? gradients + l->beta : NULL;
    l->normalization->backward(&n);
    return d;
}

const struct ms_layer_ops ms_layer_norm = {"normalization", norm_forward, norm_backward};
