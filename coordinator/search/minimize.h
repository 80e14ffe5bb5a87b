// SPDX-License-Identifier: MIT
//
// Minimizes a smooth function of a few numbers within bounds, from its gradient. It fits a Gaussian
// process and refines a proposal. Pure: equal arguments give equal results.
//
// Algorithm: the limited-memory quasi-Newton direction of Nocedal ("Updating quasi-Newton matrices
// with limited storage", Mathematics of Computation 35, 1980; two-loop recursion) over the
// variables that no bound holds, and a backtracking search along the projected path with the
// sufficient decrease of Bertsekas ("Projected Newton methods for optimization problems with simple
// constraints", SIAM J. Control and Optimization 20, 1982).
#ifndef MLPSWEEP_MINIMIZE_H
#define MLPSWEEP_MINIMIZE_H

#include "mlpsweep/status.h"

// The function: fills gradient (n) and returns the value. INFINITY, with the gradient unused, if it
// has no value there.
typedef double ms_smooth(const double *x, double *gradient, void *context);

struct ms_minimize {
    int n;
    const double *lo, *hi; // (n)
    int max_values;        // evaluations of the function; at least 1
    double tolerance;      // of the free components of the gradient: below it the search ends
    ms_smooth *function;
    void *context;
};

// Brings x (n) into the bounds and improves it; *value becomes the function there, which never gets
// worse. Fails only without memory (MS_ENOMEM).
int ms_minimize(const struct ms_minimize *p, double *x, double *value,
                struct ms_error *err) MS_MUST_CHECK;

#endif
