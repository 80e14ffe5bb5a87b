// SPDX-License-Identifier: MIT
//
// The weights of a network as a list of named tensors: the order in which they are kept in the
// store (model.weights), travel from a worker and are written to files. One float32 after the
// other, without gaps; every tensor row-major.
//
// For each dense layer, hidden ones first: its kernel (inputs, units), as Keras has it; its bias;
// gamma, beta and the moving statistics of its normalization. What a layer does not have is not in
// the list. Names count hidden layers from 1: "hidden.1.kernel", "hidden.2.moving_mean",
// "output.bias". Pure.
#ifndef MLPSWEEP_WEIGHTS_H
#define MLPSWEEP_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/config.h"

enum ms_role {
    MS_KERNEL,
    MS_BIAS,
    MS_GAMMA,
    MS_BETA, // the last one that is trained
    MS_MOVING_MEAN,
    MS_MOVING_VARIANCE,
};
enum { MS_N_ROLES = MS_MOVING_VARIANCE + 1 };

#define MS_MAX_TENSORS (MS_N_ROLES * (MS_MAX_LAYERS + 1))

struct ms_weight {
    char name[32];
    enum ms_role role;
    int layer;      // 0 …: the hidden layers, then the output
    int rows, cols; // kernel (inputs, units); all others (1, units)
    size_t offset;  // of its first number, in numbers
};

// The tensors of a configuration's network, in their order. Returns how many there are; *total (may
// be NULL): numbers of all of them. n_inputs, n_outputs: of the data set.
int ms_weights_of(const struct ms_config *config, int n_inputs, int n_outputs,
                  struct ms_weight out[MS_MAX_TENSORS], size_t *total);

// The same numbers as the bytes in which they travel and are stored, four each, little-endian; and
// back. out may be the weights' own memory.
void ms_weights_to_bytes(const float *weights, size_t n, uint8_t *out);
void ms_weights_from_bytes(const uint8_t *bytes, size_t n, float *out);

// The short name of a role: "kernel", "moving_mean".
const char *ms_weights_role_name(enum ms_role role);

#endif
