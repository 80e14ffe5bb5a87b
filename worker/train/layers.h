// SPDX-License-Identifier: MIT
//
// Layers: a network is a list of them. A layer knows its sizes, where its weights stand in the
// network's flat block and where its output goes; two functions are its forward and backward pass.
#ifndef MLPSWEEP_WORKER_LAYERS_H
#define MLPSWEEP_WORKER_LAYERS_H

#include "worker/kernels/activations.h"
#include "mlpsweep/rng.h"
#include "worker/kernels/normalizations.h"
#include "worker/kernels/regularizers.h"

struct ms_layer;

// One passage of one batch.
struct ms_pass {
    int rows, ld;                 // see vector.h
    bool training;                // dropout drops
    uint64_t step;                // optimizer steps made so far
    const struct ms_rng *dropout; // stream of this execution; noise has its own beside it
};

struct ms_layer_ops {
    const char *name;
    // in (inputs, ld) → out (units, ld)
    void (*forward)(const struct ms_layer *l, const struct ms_pass *p, const ms_real *weights);
    // From d (units, ld) = dL/d out, which it may overwrite, to the gradients of its own weights
    // and to dL/d in (inputs, ld), which is returned: d itself if the layer works in place, else
    // other. The lowest layer with weights leaves dL/d in undone and returns NULL.
    ms_real *(*backward)(const struct ms_layer *l, const struct ms_pass *p, const ms_real *weights,
                         ms_real *gradients, ms_real *d, ms_real *other);
};

extern const struct ms_layer_ops ms_layer_dense, ms_layer_activation, ms_layer_dropout;
extern const struct ms_layer_ops ms_layer_norm;                             // layers_norm.c
extern const struct ms_layer_ops ms_layer_noise, ms_layer_gaussian_dropout; // layers_noise.c

struct ms_layer {
    const struct ms_layer_ops *ops;
    int inputs, units; // equal except for dense
    bool lowest;       // nothing below has weights
    const ms_real *in; // (inputs, ld): the out of the layer below
    ms_real *out;      // (units, ld); activations work in place: out == in

    bool penalised;             // out adds to the loss
    struct ms_penalty activity; // how

    size_t kernel, bias; // dense: offsets in the weights
    bool use_bias;

    const struct ms_activation *activation; // activation
    const double *arg;
    ms_real *z; // (units, ld) copy of the input; NULL: not needed. Normalization: the input itself,
                // then the normalised values; noise: the addends or factors

    const struct ms_normalization *normalization; // normalization, with arg
    size_t gamma, beta;                           // offsets in the weights
    bool has_gamma, has_beta;
    ms_real *moving_mean, *moving_variance; // (units) in the weights block
    ms_real *work;

    uint64_t counter;   // dropout, noise: the first counter of this layer's masks
    uint64_t per_step;  // counters that one step may use
    uint32_t threshold; // a word below it drops
    ms_real scale;      // of the kept values: 1 / (1 - rate); noise: standard deviation
    uint32_t *words;    // (units, ld) random words of the last training pass
};

#endif
