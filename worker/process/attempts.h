// SPDX-License-Identifier: MIT
//
// The jobs that wait in a worker's shell, first in, first out. What a job holds (point, state,
// limits) moves with it.
#ifndef MLPSWEEP_WORKER_JOBS_H
#define MLPSWEEP_WORKER_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/wire.h"

// Zero-initialise, free with ms_attempts_clear.
struct ms_attempts {
    struct ms_attempt *job; // job[first … first+n-1]
    size_t first, n, room;
};

// At the end, or before all others. What job holds is theirs afterwards, unless there is no memory.
int ms_attempts_push(struct ms_attempts *q, struct ms_attempt *job,
                     struct ms_error *err) MS_MUST_CHECK;
int ms_attempts_push_front(struct ms_attempts *q, struct ms_attempt *job,
                           struct ms_error *err) MS_MUST_CHECK;

// Takes the first of n >= 1 jobs out; what it holds is the caller's.
struct ms_attempt ms_attempts_take(struct ms_attempts *q);

// Drops a job. false: it is not here.
bool ms_attempts_drop(struct ms_attempts *q, uint64_t id);

void ms_attempts_clear(struct ms_attempts *q);

#endif
