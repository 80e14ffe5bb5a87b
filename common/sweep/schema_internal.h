// SPDX-License-Identifier: MIT
//
// Inside contract of schema*.c: the sections of the top level, and what their tables share.
#ifndef MLPSWEEP_SWEEP_SCHEMA_INTERNAL_H
#define MLPSWEEP_SWEEP_SCHEMA_INTERNAL_H

#include <stddef.h>

#include "schema.h"
#include "walkers.h"

// A section of a table of fields; further members may follow.
#define SECTION(name, fields, ...)                                                                 \
    {                                                                                              \
        .what = name, .n = (int)(sizeof(fields) / sizeof(fields)[0]), .field = fields, __VA_ARGS__ \
    }

// The place in which a value is stored.
#define VALUE(member) offsetof(struct ms_values, member)

#define MAX_WHOLE 9007199254740991.0 // 2^53 - 1: every whole number up to here is a double

// The kinds of sweep that take a field.
#define OF_TRAINING (1 << MS_KIND_TRAIN)
#define OF_FUNCTIONS (1 << MS_KIND_FUNCTION)
#define OF_COMMANDS (1 << MS_KIND_COMMAND)

extern const struct ms_section ms_schema_input_section;     // schema_layers.c
extern const struct ms_section ms_schema_hidden_section;    // schema_layers.c: layers, same, each
extern const struct ms_field ms_schema_layer_field;         // schema_layers.c: of an array
extern const struct ms_section ms_schema_output_section;    // schema_layers.c
extern const struct ms_section ms_schema_data_section;      // schema_data.c
extern const struct ms_section ms_schema_early_section;     // schema_training.c
extern const struct ms_section ms_schema_plateau_section;   // schema_training.c
extern const struct ms_section ms_schema_search_section;    // schema_search.c
extern const struct ms_section ms_schema_objective_section; // schema_search.c

#endif
