// SPDX-License-Identifier: MIT
//
// The two objectives that are no training: a function is evaluated, a command is run.
#ifndef MLPSWEEP_WORKER_EVALUATE_H
#define MLPSWEEP_WORKER_EVALUATE_H

#include <stdbool.h>

#include "mlpsweep/sweep.h"
#include "mlpsweep/wire.h"

// The receiver of an attempt's epochs, which also says when the attempt must stop.
struct ms_outlet {
    void *ctx;
    int fd; // cancelled is asked when something can be read from it; -1: none
    void (*epochs)(void *ctx, const struct ms_epochs *e);
    bool (*cancelled)(void *ctx); // true: stop
};

// One epoch with the metric "value". Returns 0, or a code: the attempt failed for the reason in
// err.
int ms_objective_evaluate_function(const struct ms_sweep *s, const struct ms_attempt *attempt,
                                   const struct ms_outlet *to, struct ms_result *r,
                                   struct ms_error *err) MS_MUST_CHECK;

// Runs the program; epochs go out as it prints them, at most a fifth of a second late. It is ended,
// with all that it started, by attempt->to_epoch (or by epochs, where the file gives them), by
// attempt->limits, by search.max_seconds and by cancelled. A part is run from the start, but epochs
// up to attempt->from_epoch are not reported again. r->end says how it ended, r->message why, and
// r->output is the end of its stderr, malloc'ed. Only a failure that has nothing to do with the
// program (no memory, no process) is returned as a code.
int ms_objective_evaluate_command(const struct ms_sweep *s, const struct ms_attempt *attempt,
                                  const struct ms_outlet *to, struct ms_result *r,
                                  struct ms_error *err) MS_MUST_CHECK;

// The value of {seed} and MLPSWEEP_SEED: below 2^32, by Philox from the sweep's seed.
uint64_t ms_command_seed(uint64_t seed, uint32_t trial, uint32_t execution);

#endif
