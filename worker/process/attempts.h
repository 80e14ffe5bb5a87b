// SPDX-License-Identifier: MIT
//
// The attempts that wait in a worker's shell, first in, first out. The memory that an attempt holds
// (point, state, limits) moves with it.
#ifndef MLPSWEEP_WORKER_ATTEMPTS_H
#define MLPSWEEP_WORKER_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/wire.h"

// Zero-initialise, free with ms_attempts_clear.
struct ms_attempts {
    struct ms_attempt *item; // item[first … first+n-1]
    size_t first, n, room;
};

// Adds one at the end, or before all others. Its memory is the queue's afterwards, unless adding
// fails.
int ms_attempts_push(struct ms_attempts *q, struct ms_attempt *attempt,
                     struct ms_error *err) MS_MUST_CHECK;
int ms_attempts_push_front(struct ms_attempts *q, struct ms_attempt *attempt,
                           struct ms_error *err) MS_MUST_CHECK;

// Takes out the first of n >= 1 attempts; its memory is the caller's.
struct ms_attempt ms_attempts_take(struct ms_attempts *q);

// Drops an attempt. false: it is not here.
bool ms_attempts_drop(struct ms_attempts *q, uint64_t id);

void ms_attempts_clear(struct ms_attempts *q);

#endif
