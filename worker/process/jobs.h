// SPDX-License-Identifier: MIT
//
// The jobs that wait in a worker's shell, first in, first out. What a job holds (point, state,
// limits) moves with it.
#ifndef MLPSWEEP_WORKER_JOBS_H
#define MLPSWEEP_WORKER_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/wire.h"

// Zero-initialise, free with ms_jobs_clear.
struct ms_jobs {
    struct ms_job *job; // job[first … first+n-1]
    size_t first, n, room;
};

// At the end, or before all others. What job holds is theirs afterwards, unless there is no memory.
int ms_jobs_push(struct ms_jobs *q, struct ms_job *job, struct ms_error *err) MS_MUST_CHECK;
int ms_jobs_push_front(struct ms_jobs *q, struct ms_job *job, struct ms_error *err) MS_MUST_CHECK;

// Takes the first of n >= 1 jobs out; what it holds is the caller's.
struct ms_job ms_jobs_take(struct ms_jobs *q);

// Drops a job. false: it is not here.
bool ms_jobs_drop(struct ms_jobs *q, uint64_t id);

void ms_jobs_clear(struct ms_jobs *q);

#endif
