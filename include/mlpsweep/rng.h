// SPDX-License-Identifier: MIT
//
// Counter-based randomness: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers:
// as easy as 1, 2, 3", SC 2011).
//
//     value = f(sweep seed, trial, execution, stream, counter)
//
// There is no state to share or to save: the five arguments determine the number. That is why a
// sweep gives the same bits on any number of ranks. mlpsweep has no other source of randomness. All
// functions are pure and may be called on every rank.
#ifndef MLPSWEEP_RNG_H
#define MLPSWEEP_RNG_H

#include <stddef.h>
#include <stdint.h>

// The purpose of a number. Numbers of two streams never coincide. The values are part of the
// result: only append.
enum ms_stream {
    MS_STREAM_SAMPLER = 1,   // hyperparameter values; trial = trial number, execution = 0
    MS_STREAM_DATA = 2,      // synthetic data sets; trial = execution = 0
    MS_STREAM_SPLIT = 3,     // train/validation/test split; trial = execution = 0
    MS_STREAM_INIT = 4,      // initial weights
    MS_STREAM_SHUFFLE = 5,   // order of the rows in an epoch
    MS_STREAM_DROPOUT = 6,   // dropout masks
    MS_STREAM_NOISE = 7,     // Gaussian noise layers
    MS_STREAM_BOOTSTRAP = 8, // trials that count in a replicate; trial = replicate, execution = 0
    MS_STREAM_COMMAND = 16,  // seed of a program that runs instead of a training
};

struct ms_rng {
    uint32_t key[2]; // the sweep's seed
    uint32_t trial;
    uint32_t lane; // execution << 16 | stream
};

struct ms_rng ms_rng_at(uint64_t seed, uint32_t trial, uint32_t execution, enum ms_stream stream);

// Another stream of the same execution.
struct ms_rng ms_rng_stream(const struct ms_rng *rng, enum ms_stream stream);

// The raw block: four 32-bit words for one 64-bit counter.
void ms_rng_block(const struct ms_rng *rng, uint64_t counter, uint32_t out[4]);

// One number from one counter. uniform: [0, 1) with 53 bits. normal: standard normal (Box-Muller).
double ms_rng_uniform(const struct ms_rng *rng, uint64_t counter);
double ms_rng_normal(const struct ms_rng *rng, uint64_t counter);

// Uniform in 0 … n-1 without bias (Lemire 2019, with rejection), n >= 1. Advances *counter.
uint64_t ms_rng_below(const struct ms_rng *rng, uint64_t *counter, uint64_t n);

// n 32-bit words for the counters first, first+1, …: word i is block(first + i/4)[i%4].
// This vectorised form makes dropout masks and initial weights.
void ms_rng_words(const struct ms_rng *rng, uint64_t first, uint32_t *out, size_t n);

// Fisher-Yates shuffle of 0 … n-1 into order; the permutation depends on (rng, epoch) alone.
void ms_rng_permutation(const struct ms_rng *rng, uint32_t epoch, uint32_t *order, uint32_t n);

#endif
