// SPDX-License-Identifier: MIT
//
// What a trainer does for a job that is no training: a function is evaluated, a command is run.
#ifndef MLPSWEEP_WORKER_EVALUATE_H
#define MLPSWEEP_WORKER_EVALUATE_H

#include <stdbool.h>

#include "mlpsweep/sweep.h"
#include "mlpsweep/wire.h"

// Where a job's epochs go, and what is asked while it runs.
struct ms_outlet {
    void *ctx;
    int fd; // when something can be read from it, cancelled is asked; -1: none
    void (*epochs)(void *ctx, const struct ms_epochs *e);
    bool (*cancelled)(void *ctx); // true: stop
};

// One epoch with the metric "value". Returns 0, or a code: the job failed for the reason in err.
int ms_objective_evaluate_function(const struct ms_sweep *s, const struct ms_attempt *job,
                                   const struct ms_outlet *to, struct ms_result *r,
                                   struct ms_error *err) MS_MUST_CHECK;

// Runs the program; epochs go out as it prints them, at most a fifth of a second late. job.to_epoch
// (epochs, where the file gives them), job.limits, search.max_seconds and cancelled end it, with
// all that it started. Epochs up to job.from_epoch are not told again: a part is run from the
// start. r->output: the end of its stderr, malloc'ed. How it ended is r->end, with r->message; only
// what has nothing to do with the program (no memory, no process) is returned as a code.
int ms_objective_evaluate_command(const struct ms_sweep *s, const struct ms_attempt *job,
                                  const struct ms_outlet *to, struct ms_result *r,
                                  struct ms_error *err) MS_MUST_CHECK;

// The seed that {seed} and MLPSWEEP_SEED stand for: below 2^32, by Philox from the sweep's seed.
uint64_t ms_command_seed(uint64_t seed, uint32_t trial, uint32_t execution);

#endif
