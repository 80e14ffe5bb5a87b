// SPDX-License-Identifier: MIT
//
// Inside contract: the walk over a sweep file, driven by the field tables of schema.h. It knows
// parameters, sections and lists; what it does with a value of another type the walk's table of
// walkers says (walkers.h).
#ifndef MLPSWEEP_SWEEP_WALK_H
#define MLPSWEEP_SWEEP_WALK_H

#include "node.h"
#include "walk_problem.h"
#include "walk_state.h"

// One value, which may be a parameter. base: what the field's offset counts from.
void ms_sweep_walk_value(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);

// One value that is no parameter: an alternative of a choice, say.
void ms_sweep_walk_literal(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);

// The members of an object by a section's fields. base as for the fields.
void ms_sweep_walk_members(struct ms_walk *w, const cJSON *object, const struct ms_section *s,
                           void *base);

// Walkers of field types.
ms_walk_value ms_sweep_walk_list; // numbers of the given bounds, each of which may be a parameter
ms_walk_value ms_sweep_walk_section; // an object with the fields of a section
ms_walk_value ms_sweep_walk_custom;  // by the field's own walk()

#endif
