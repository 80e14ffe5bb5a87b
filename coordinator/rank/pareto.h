// SPDX-License-Identifier: MIT
//
// Ranking by several goals at once: nondominated fronts (Deb, Pratap, Agarwal & Meyarivan 2002,
// "A fast and elitist multiobjective genetic algorithm: NSGA-II", section III-A). A trial dominates
// another when it is no worse in any goal and better in one. Front 1 has the trials that no other
// dominates, the trade-offs among which a person chooses; front 2 has those that only front 1
// dominates; and so on.
//
// Values are compared as they are, without allowing for noise, so a goal that is measured
// (accuracy) separates trials that a repetition might swap. Equal trials share a front.
#ifndef MLPSWEEP_PARETO_H
#define MLPSWEEP_PARETO_H

#include <stdint.h>

#include "mlpsweep/status.h"

// value (n, goals): smaller is better in every goal. front (n): 1 is best; 0 where any of the
// values is NAN, as such a trial neither dominates nor is dominated. Infinities are values. With
// one or two goals O(n log n), with more O(n log n) at best and O(goals n²) at worst.
int ms_pareto_fronts(const double *value, int64_t n, int goals, int *front,
                     struct ms_error *err) MS_MUST_CHECK;

#endif
