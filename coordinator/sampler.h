// SPDX-License-Identifier: MIT
//
// Samplers propose trials. A sampler is deterministic: trial k is a function of the sweep and of k
// (and, for one that learns, of the results of earlier trials). So a store that is continued gets
// the same trials again, and more max_trials extend a sweep without changing its beginning.
#ifndef MLPSWEEP_SAMPLER_H
#define MLPSWEEP_SAMPLER_H

#include "mlpsweep/sweep.h"

struct ms_sampler;

int ms_sampler_new(const struct ms_sweep *sweep, struct ms_sampler **out,
                   struct ms_error *err) MS_MUST_CHECK;
void ms_sampler_free(struct ms_sampler *s);

// Trials this sampler will propose: max_trials or the size of a finite space, whichever is smaller.
int64_t ms_sampler_trials(const struct ms_sampler *s);

// Fills point for the next trial (0, 1, 2, … in order). Returns 1, 0 after the last, < 0 on error.
int ms_sampler_next(struct ms_sampler *s, double *point, struct ms_error *err) MS_MUST_CHECK;

#endif
