// SPDX-License-Identifier: MIT
//
// Sobol's sequence (Sobol 1967) with the direction numbers of Joe and Kuo (2008), in the order of
// the Gray code (Antonov, Saleev 1979), and its random scrambling (Owen 1995). Every aligned block
// of 2^m points, such as the first 2^m, puts one point into each of 2^m equal intervals of every
// dimension. Pure functions of integers: 32-bit fractions of 1.
#ifndef MLPSWEEP_SOBOL_H
#define MLPSWEEP_SOBOL_H

#include <stdint.h>

#include "mlpsweep/rng.h"

#define MS_SOBOL_DIMENSIONS 161 // the first, and one for every primitive polynomial up to degree 10
#define MS_SOBOL_BITS 32

// dimension: 0 … MS_SOBOL_DIMENSIONS - 1.
void ms_sobol_directions(int dimension, uint32_t v[MS_SOBOL_BITS]);

// Point `index` (0, 1, 2, …) in the dimension with these direction numbers.
uint32_t ms_sobol(const uint32_t v[MS_SOBOL_BITS], uint32_t index);

// Nested uniform scrambling in base 2: a random bit decides whether a digit is flipped, one bit for
// each combination of the digits above it. Uses counters lane << 32 … of rng; numbers with the same
// lane share the scrambling.
uint32_t ms_sobol_owen_scramble(const struct ms_rng *rng, uint32_t lane, uint32_t x);

#endif
