// SPDX-License-Identifier: MIT
//
// Minimizes a smooth function of a few numbers within bounds, from its gradient: what fits a
// Gaussian process and refines a proposal. Pure; the same numbers in give the same numbers out.
//
// Algorithm: the limited-memory quasi-Newton direction of Nocedal ("Updating quasi-Newton matrices
// with limited storage", Mathematics of Computation 35, 1980; two-loop recursion) over the
// variables that no bound holds, and a backtracking search along the projected path with the
// sufficient decrease of Bertsekas ("Projected Newton methods for optimization problems with simple
// constraints", SIAM J. Control and Optimization 20, 1982).
#ifndef MLPSWEEP_MINIMIZE_H
#define MLPSWEEP_MINIMIZE_H

#include "mlpsweep/status.h"

// The function: fills gradient (n) and returns the value; INFINITY (gradient then unused) where
// there is none.
typedef double ms_smooth(const double *x, double *gradient, void *context);

struct ms_minimize {
    int n;
    const double *lo, *hi; // (n)
    int max_values;        // evaluations of the function; at least 1
    double tolerance;      // stops when no free component of the projected gradient exceeds it
    ms_smooth *function;
    void *context;
};

// Improves x (n), which is brought into the bounds first. *value: the function there. The value
// never gets worse. Fails only without memory, MS_ENOMEM.
int ms_minimize(const struct ms_minimize *m, double *x, double *value,
                struct ms_error *err) MS_MUST_CHECK;

#endif
