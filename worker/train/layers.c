// SPDX-License-Identifier: MIT
//
// Dense layers, activations and dropout. Dropout draws words for all ld lanes; the same words mask
// the outputs forward and the gradients backward.
#include "layers.h"

#include "dense.h"
#include "worker/kernels/vector.h"

static size_t elements(const struct ms_layer *l, const struct ms_pass *p)
{
    return (size_t)l->units * (size_t)p->ld;
}

static struct ms_dense dense_of(const struct ms_layer *l, const struct ms_pass *p)
{
    return (struct ms_dense){l->inputs, l->units, p->rows, p->ld};
}

static void dense_forward(const struct ms_layer *l, const struct ms_pass *p, const ms_real *weights)
{
    struct ms_dense s = dense_of(l, p);
    ms_dense_forward(&s, l->out, l->in, weights + l->kernel,
                     l->use_bias ? weights + l->bias : NULL);
}

static ms_real *dense_backward(const struct ms_layer *l, const struct ms_pass *p,
                               const ms_real *weights, ms_real *gradients, ms_real *d,
                               ms_real *other)
{
    struct ms_dense s = dense_of(l, p);
    ms_dense_gradient(&s, gradients + l->kernel, l->use_bias ? gradients + l->bias : NULL, l->in,
                      d);
    if (l->lowest)
        return NULL;
    ms_dense_input_gradient(&s, other, d, weights + l->kernel);
    return other;
}

const struct ms_layer_ops ms_layer_dense = {"dense", dense_forward, dense_backward};

static void activation_forward(const struct ms_layer *l, const struct ms_pass *p,
                               const ms_real *weights)
{
    (void)weights;
    if (l->z)
        memcpy(l->z, l->in, elements(l, p) * sizeof *l->z);
    l->activation->forward(l->out, l->units, p->ld, l->arg);
}

static ms_real *activation_backward(const struct ms_layer *l, const struct ms_pass *p,
                                    const ms_real *weights, ms_real *gradients, ms_real *d,
                                    ms_real *other)
{
    (void)weights, (void)gradients, (void)other;
    l->activation->backward(d, l->out, l->z, l->units, p->ld, l->arg);
    return d;
}

const struct ms_layer_ops ms_layer_activation = {"activation", activation_forward,
                                                 activation_backward};

MS_VECTOR
static void mask(ms_real *restrict to, const ms_real *restrict from, const uint32_t *restrict words,
                 size_t n, uint32_t threshold, ms_real scale)
{
    for (size_t i = 0; i < n; i++)
        to[i] = words[i] < threshold ? 0 : from[i] * scale;
}

// The same in place: for pointers that may be equal, the compiler would make a scalar loop.
MS_VECTOR
static void mask_in_place(ms_real *restrict d, const uint32_t *restrict words, size_t n,
                          uint32_t threshold, ms_real scale)
{
    for (size_t i = 0; i < n; i++)
        d[i] = words[i] < threshold ? 0 : d[i] * scale;
}

static void dropout_forward(const struct ms_layer *l, const struct ms_pass *p,
                            const ms_real *weights)
{
    (void)weights;
    size_t n = elements(l, p);
    if (!p->training) {
        memcpy(l->out, l->in, n * sizeof *l->out);
        return;
    }
    ms_rng_words(p->dropout, l->counter + p->step * l->per_step, l->words, n);
    mask(l->out, l->in, l->words, n, l->threshold, l->scale);
}

static ms_real *dropout_backward(const struct ms_layer *l, const struct ms_pass *p,
                                 const ms_real *weights, ms_real *gradients, ms_real *d,
                                 ms_real *other)
{
    (void)weights, (void)gradients, (void)other;
    mask_in_place(d, l->words, elements(l, p), l->threshold, l->scale);
    return d;
}

const struct ms_layer_ops ms_layer_dropout = {"dropout", dropout_forward, dropout_backward};
