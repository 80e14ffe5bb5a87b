// SPDX-License-Identifier: MIT
//
// The state of a training between two epochs, as bytes: all that it needs to go on elsewhere to the
// same bits. The rest follows from struct ms_training: random numbers are functions of their
// counters (mlpsweep/rng.h), the order of an epoch's rows of its number, schedules of the step.
//
//     "MSTS"                        4 bytes
//     version, bytes of a number    u32 each
//     seed                          u64
//     trial, execution, what        u32 each; what: ms_state_fingerprint
//     epoch                         u32
//     step                          u64
//     rate, best                    f64
//     any best                      u32
//     early stopping, plateau       best f64; any, wait, cooldown u32; each
//     blocks                        u32; u64 numbers of each
//     the numbers of all blocks     f32 or f64
//     CRC-32 of all before          u32
//
// All little-endian. A state is read by the build that wrote it or by another of the same version;
// it is never kept for longer than a sweep, so an old version is refused, not converted.
#ifndef MLPSWEEP_WORKER_STATE_H
#define MLPSWEEP_WORKER_STATE_H

#include <stdint.h>

#include "callbacks.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/real.h"
#include "mlpsweep/status.h"
#include "worker/kernels/optimizers.h"

// Weights, slots, average, best weights.
#define MS_STATE_BLOCKS (MS_MAX_SLOTS + 3)

struct ms_state_of {
    // Whose it is. A state of anything else is refused.
    uint64_t seed;
    uint32_t trial, execution;
    uint32_t fingerprint;
    int epoch; // trained
    // Its contents.
    uint64_t step;
    double rate;
    double best; // objective so far, see ms_training.limits
    bool any_best;
    struct ms_watch early, plateau;
    int n_blocks;
    struct {
        ms_real *data; // of the training
        size_t n;
    } block[MS_STATE_BLOCKS];
};

// One number for everything in a configuration and in the shape of its data that decides on the
// course of a training: two trainings with different numbers differ, and two that differ have
// different numbers, except for one case in 2^32.
uint32_t ms_state_fingerprint(const struct ms_config *c, const struct ms_dataset *d);

// Writes a state into new memory, which the caller frees. MS_ELIMIT if it is longer than most
// bytes.
int ms_state_write(const struct ms_state_of *s, size_t most, uint8_t **out, size_t *size,
                   struct ms_error *err) MS_MUST_CHECK;

// Reads a state into s, whose first part and whose blocks say what it must be. If it is anything
// else (cut off, damaged, another training's, another epoch's), MS_EFORMAT, and nothing is changed.
int ms_state_read(struct ms_state_of *s, const uint8_t *bytes, size_t size,
                  struct ms_error *err) MS_MUST_CHECK;

#endif
