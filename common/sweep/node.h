// SPDX-License-Identifier: MIT
//
// Inside contract: looking at the values of a sweep file without knowing its fields.
#ifndef MLPSWEEP_SWEEP_NODE_H
#define MLPSWEEP_SWEEP_NODE_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

// The member of an object with exactly this key; NULL: none, or v is not an object.
const cJSON *ms_sweep_member(const cJSON *object, const char *key);

// The object that is the sweep's objective: the first of a list. root: the file's top level.
const cJSON *ms_sweep_first_objective(const cJSON *root);

// {"choice": …}, {"int": …}, {"float": …}, {"bool": …}: the value is meant as a parameter, whether
// or not it is written correctly.
bool ms_sweep_is_param(const cJSON *v);
int ms_sweep_param_kind(const char *key); // enum ms_param_kind; -1: not the key of a parameter
extern const char *const ms_sweep_param_words[]; // the keys, by enum ms_param_kind

// Text from the file, fit for a message: one line, not too long, cut between characters. Returns
// out.
#define MS_CLIP 68
const char *ms_sweep_clip(const char *s, char out[MS_CLIP]);

// A value in words ("'adamm'", "an object"). Returns out.
char *ms_sweep_value_text(const cJSON *v, char *out, size_t size);

#endif
