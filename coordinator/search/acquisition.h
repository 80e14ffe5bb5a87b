// SPDX-License-Identifier: MIT
//
// The place where a Gaussian process expects the largest improvement. A thousand codes are scored
// by the logarithm of the expected improvement. Some are drawn from the whole space, others near
// the best trials, at distances from a tenth to a hundred-thousandth of the range. The best that
// lie apart are then improved in turns: continuous parameters together by their gradient, discrete
// ones value by value, as in Optuna's GPSampler (optuna/_gp/optim_mixed.py).
#ifndef MLPSWEEP_ACQUISITION_H
#define MLPSWEEP_ACQUISITION_H

#include "gp.h"
#include "gp_code.h"

struct ms_acquisition {
    const struct ms_gp_code *code;
    struct ms_gp *gp;   // after ms_gp_condition
    double best;        // an improvement goes below it; in the process's targets
    const double *near; // (n_near, space->n) codes of the best trials, best first
    int n_near;
    struct ms_rng rng; // counters first … first + 2^31
    uint64_t first;
    bool refine;                                       // false: take the best candidate as it is
    bool (*allows)(const double *code, void *context); // NULL: everything is allowed
    void *context;
};

// Finds the code (space->n) with the largest expected improvement; *found is false if no candidate
// was allowed. Deterministic.
int ms_acquisition_maximize(const struct ms_acquisition *a, double *code, bool *found,
                            struct ms_error *err) MS_MUST_CHECK;

#endif
