// SPDX-License-Identifier: MIT
//
// Which parameters act together: does what one does to the objective depend on the other?
//
// A two-way table for each pair (R. A. Fisher, 1925; for unequal cells H. Scheffé, "The Analysis of
// Variance", 1959, ch. 4): each parameter is cut into two to four classes of about as many trials
// each (its values, where it has so few), and the ranks of the trials are explained by the classes
// of one plus those of the other, and then by the cells of the table. What the cells explain beyond
// the sum is the interaction. `share` is its part of the variance of all ranks, freed of what
// chance explains (ε², T. L. Kelley, 1935); p is that of its F test, corrected over all pairs after
// Holm.
//
// Ranks (Conover & Iman, 1981), because one diverged loss of 1e9 would otherwise be all variance.
// Limits: an interaction of ranks may be a mere bend of the scale; three parameters that only act
// together are not seen; what lies within a class is not seen; where a search learns, p is a guide.
// A functional ANOVA (Hutter, Hoos & Leyton-Brown, ICML 2014) would put a random forest between the
// trials and this table; the table needs no model and shows what was run.
#ifndef MLPSWEEP_PAIRS_H
#define MLPSWEEP_PAIRS_H

#include "judged.h"

enum { MS_PAIR_CLASSES = 4 };

struct ms_pair {
    const char *a, *b; // names, borrowed from the table
    int param_a, param_b;
    int64_t n;    // trials in which both are in force
    double share; // of the variance of ranks, 0 … 1
    double p;     // NAN: it could not be tested
};

struct ms_pairs {
    int n;
    struct ms_pair *item;
};

// All pairs of the columns `params`.
int ms_pairs_of(const struct ms_judged *j, const int *params, int n_params, struct ms_pairs *out,
                struct ms_error *err) MS_MUST_CHECK;
void ms_pairs_clear(struct ms_pairs *p);

#endif
