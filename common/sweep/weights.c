// SPDX-License-Identifier: MIT
//
// The list follows the configuration alone, so that a reader of the store needs no network to find
// its way in the weights. worker/train/net.c lays out the same tensors with gaps of its own; a test
// compares the two.
#include "mlpsweep/weights.h"

#include <stdio.h>
#include <string.h>

#include "worker/kernels/normalizations.h"

static const char *const role_names[MS_N_ROLES] = {
    [MS_KERNEL] = "kernel",
    [MS_BIAS] = "bias",
    [MS_GAMMA] = "gamma",
    [MS_BETA] = "beta",
    [MS_MOVING_MEAN] = "moving_mean",
    [MS_MOVING_VARIANCE] = "moving_variance",
};

const char *ms_weights_role_name(enum ms_role role)
{
    return role_names[role];
}

static bool has(const struct ms_layer_config *l, bool output, enum ms_role role)
{
    const struct ms_pick *norm = &l->normalization;
    if (role == MS_KERNEL)
        return true;
    if (role == MS_BIAS)
        return l->use_bias;
    if (output || norm->row <= 0)
        return false;
    if (role == MS_GAMMA)
        return norm->arg[MS_NORM_SCALE] != 0;
    if (role == MS_BETA)
        return norm->arg[MS_NORM_CENTER] != 0;
    return ms_normalization_row(norm->row)->statistics;
}

int ms_weights_of(const struct ms_config *config, int n_inputs, int n_outputs,
                  struct ms_weight out[MS_MAX_TENSORS], size_t *total)
{
    int n = 0, inputs = n_inputs;
    size_t offset = 0;
    for (int i = 0; i <= config->n_hidden; i++) {
        const bool output = i == config->n_hidden;
        const struct ms_layer_config *l = output ? &config->output : &config->hidden[i];
        const int units = output ? n_outputs : l->units;
        for (int r = 0; r < MS_N_ROLES; r++) {
            const enum ms_role role = (enum ms_role)r;
            if (!has(l, output, role))
                continue;
            struct ms_weight *w = &out[n++];
            *w = (struct ms_weight){.role = role,
                                    .layer = i,
                                    .rows = role == MS_KERNEL ? inputs : 1,
                                    .cols = units,
                                    .offset = offset};
            if (output)
                snprintf(w->name, sizeof w->name, "output.%s", role_names[role]);
            else
                snprintf(w->name, sizeof w->name, "hidden.%d.%s", i + 1, role_names[role]);
            offset += (size_t)w->rows * (size_t)w->cols;
        }
        inputs = units;
    }
    if (total)
        *total = offset;
    return n;
}

void ms_weights_to_bytes(const float *weights, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &weights[i], sizeof bits);
        for (int k = 0; k < 4; k++)
            out[4 * i + (size_t)k] = (uint8_t)(bits >> (8 * k));
    }
}

void ms_weights_from_bytes(const uint8_t *bytes, size_t n, float *out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = 0;
        for (int k = 0; k < 4; k++)
            bits |= (uint32_t)bytes[4 * i + (size_t)k] << (8 * k);
        memcpy(&out[i], &bits, sizeof bits);
    }
}
