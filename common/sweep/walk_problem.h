// SPDX-License-Identifier: MIT
//
// Inside contract: the problems of a file, one line each: what was found, what is allowed, the
// nearest spelling. The path where the walk is comes before the text. A problem met while reading
// means that the point is wrong.
#ifndef MLPSWEEP_SWEEP_WALK_PROBLEM_H
#define MLPSWEEP_SWEEP_WALK_PROBLEM_H

#include "walk_state.h"

#define MS_MAX_PROBLEMS 1000 // of one file; those after them are counted, not listed

void ms_sweep_problem(struct ms_walk *w, const cJSON *at, const char *fmt, ...) MS_PRINTF(3, 4);

// The value is not of the field's type or outside its bounds.
void ms_sweep_problem_mismatch(struct ms_walk *w, const cJSON *v, const struct ms_field *f);

// of: what the key does not belong to ("adam"), NULL: the path says it.
void ms_sweep_problem_unknown(struct ms_walk *w, const cJSON *member, const char *of,
                              const char *const *allowed, int n);
void ms_sweep_problem_missing(struct ms_walk *w, const cJSON *object, const struct ms_field *f);
void ms_sweep_problem_section_key(struct ms_walk *w, const cJSON *member,
                                  const struct ms_section *s);

// A key of the top level or the objective that this kind of sweep does not take.
void ms_sweep_problem_kind(struct ms_walk *w, const cJSON *member, const struct ms_section *s);

void ms_sweep_problem_duplicates(struct ms_walk *w, const cJSON *object); // keys given twice

// The list itself, without a walk.
int ms_sweep_problems_add(struct ms_sweep_problems *p, int line, const char *text) MS_MUST_CHECK;
void ms_sweep_problems_sort(struct ms_sweep_problems *p); // by line, stable

#endif
