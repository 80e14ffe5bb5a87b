// SPDX-License-Identifier: MIT
//
// Inside contract: parameters as a file writes them, and the places where they stand.
#ifndef MLPSWEEP_SWEEP_WALK_PARAM_H
#define MLPSWEEP_SWEEP_WALK_PARAM_H

#include "walk_state.h"

// Reads how a parameter is written; its name is the walk's. false: a problem was reported. p->kind
// is set in either case, p->values where a choice has alternatives to look at.
bool ms_sweep_param_parse(struct ms_walk *w, const cJSON *v, struct ms_param *p);

// Adds it to the space under the walk's scope. Returns its index; -1: not added.
int ms_sweep_param_add(struct ms_walk *w, const cJSON *v, struct ms_param *p);

// Compares the range of a parameter that is not a choice with the field's bounds.
void ms_sweep_param_check(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                          const struct ms_param *p);

// The index of the parameter that stands at v (and, under "each", in the walk's layer); -1: none.
int ms_sweep_param_at(const struct ms_walk *w, const cJSON *v);

// Puts the places in the order that ms_sweep_param_at needs when reading.
void ms_sweep_places_sort(struct ms_place *place, int n);

#endif
