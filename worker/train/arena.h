// SPDX-License-Identifier: MIT
//
// One block of memory per execution, reused by the next. The same code lays out a network twice:
// first on a NULL base to learn the size, then on the block.
#ifndef MLPSWEEP_WORKER_ARENA_H
#define MLPSWEEP_WORKER_ARENA_H

#include <stddef.h>

#include "mlpsweep/status.h"
#include "mlpsweep/train.h"

#define MS_ALIGN 64 // of every piece: a cache line, an AVX-512 register

struct ms_carve {
    char *base; // NULL: only count
    size_t used;
};

// The next n elements of the given size; NULL while counting. Never fails: past SIZE_MAX, used
// stays there and reserving fails.
void *ms_arena_carve_take(struct ms_carve *c, size_t n, size_t size);

// Makes the block at least size bytes and fills size bytes of it with zeros. The old contents are
// lost. *block is aligned to MS_ALIGN.
int ms_arena_reserve(struct ms_arena *a, size_t size, void **block,
                     struct ms_error *err) MS_MUST_CHECK;

#endif
