// SPDX-License-Identifier: MIT
//
// Inside contract: making one document out of others. Every value that is copied keeps the line of
// the file that it came from, so that what is wrong with the made document can still be shown in
// the file.
#ifndef MLPSWEEP_SWEEP_TREE_H
#define MLPSWEEP_SWEEP_TREE_H

#include "sweep_internal.h"

// The source and the destination of copied values.
struct ms_copy {
    const struct ms_json *from; // whose lines they have
    struct ms_json *to;         // that notes the lines; NULL: nobody asks for them
    struct ms_walk
        *point;          // parameters take this reader's point's value; NULL: they stay parameters
    const char *without; // members of this name are left out, at any depth; NULL: none
};

// A copy of v; NULL: no memory, or the point does not fit. v may be NULL, which is NULL.
cJSON *ms_sweep_copy_value(const struct ms_copy *c, const cJSON *v) MS_MUST_CHECK;

// A new value of the program's own that stands for v (its line); takes made, which may be NULL.
cJSON *ms_sweep_copy_made(const struct ms_copy *c, cJSON *made, const cJSON *v) MS_MUST_CHECK;

// Adds a member (or, key NULL, an item) to an object; frees it and returns false where that fails,
// as when item is NULL.
bool ms_sweep_tree_add(cJSON *to, const char *key, cJSON *item) MS_MUST_CHECK;

// The member of the top level called field, at c's point: as ms_sweep_copy_value, and hidden layers
// that are given as {"layers": …, "same": …, "each": …} are written out, because each may differ.
cJSON *ms_sweep_copy_section(const struct ms_copy *c, const cJSON *v,
                             const char *field) MS_MUST_CHECK;

// The document of a stage (sweep_overlay.c): base with a stage's object over it. search and
// objective come from the file, whatever base says, and so, where first, does require.
int ms_sweep_overlay(const struct ms_json *file, const struct ms_json *base, const cJSON *stage,
                     const char *name, bool first, struct ms_json **out) MS_MUST_CHECK;

// A sweep from a document that has no stages (sweep_build.c). Takes doc, also when it fails.
// Results as of ms_sweep_parse; text may be NULL where only the problems are wanted.
int ms_sweep_of(const char *file, const char *text, size_t len, struct ms_json *doc,
                struct ms_sweep **out, struct ms_sweep_problems *problems) MS_MUST_CHECK;

// A file with stages (sweep_stages_check.c): takes doc, also when it fails.
int ms_sweep_stages_parse(const char *file, struct ms_json *doc, struct ms_sweep **out,
                          struct ms_sweep_problems *problems) MS_MUST_CHECK;

// The document of stage i (sweep_stages.c). before NULL: stage 0, or a stage that is judged by
// itself.
int ms_sweep_stage_document(const struct ms_stages *s, int i, const struct ms_sweep *before,
                            const double *winner, struct ms_json **out) MS_MUST_CHECK;

// The sweep of a stage from its document, which it takes, also when it fails. The document has the
// lines of the file, so that problems point to them.
int ms_sweep_stage_sweep(const char *file, struct ms_json *doc, struct ms_sweep **out,
                         struct ms_sweep_problems *problems) MS_MUST_CHECK;

// As ms_sweep_stand_in. wanted[i] >= 0: the value index that parameter i must have.
void ms_sweep_stand_in_with(const struct ms_sweep *s, const int64_t *wanted, double *point);

#endif
