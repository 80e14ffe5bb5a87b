// SPDX-License-Identifier: MIT
//
// Inside contract: the walkers of field types, and those of single fields, which the field tables
// name.
#ifndef MLPSWEEP_SWEEP_WALKERS_H
#define MLPSWEEP_SWEEP_WALKERS_H

#include "walk.h"

extern ms_walk_value *const ms_sweep_walkers[MS_FIELD_TYPES];

// The walkers of field types: of values without parts (walk_scalar.c) …
ms_walk_value ms_sweep_walk_number;
ms_walk_value ms_sweep_walk_bool;
ms_walk_value ms_sweep_walk_text;
ms_walk_value ms_sweep_walk_names;
ms_walk_value ms_sweep_walk_name;
ms_walk_value ms_sweep_walk_row;
ms_walk_value ms_sweep_walk_metric;

// … and others.
ms_walk_value ms_sweep_walk_pick; // walk_pick.c
ms_walk_value ms_sweep_walk_any;  // walk_params.c

// Rules between the arguments of an object that picks a row (walk_pick_rules.c).
void ms_sweep_pick_rules(struct ms_walk *w, const cJSON *v, const struct ms_row *row,
                         const struct ms_rule *rule);
bool ms_sweep_pick_gives(const cJSON *v, const char *name); // given, and not as what means off

// The walkers of single fields.
ms_walk_value ms_sweep_walk_hidden;           // walk_hidden.c
ms_walk_value ms_sweep_walk_metrics;          // walk_metrics.c
ms_walk_value ms_sweep_walk_sign;             // walk_data.c
ms_walk_value ms_sweep_walk_switch;           // walk_data.c
ms_walk_value ms_sweep_walk_class_weight;     // walk_metrics.c
ms_walk_value ms_sweep_walk_params;           // walk_params.c
ms_walk_value ms_sweep_walk_objective;        // walk_objective.c
ms_walk_value ms_sweep_walk_objective_metric; // walk_objective.c
ms_walk_value ms_sweep_walk_goal_metric;      // walk_objective.c
ms_walk_value ms_sweep_walk_command;          // walk_objective.c
ms_walk_value ms_sweep_walk_require;          // sweep_require.c
ms_walk_value ms_sweep_walk_try_first;        // sweep_try_first.c

// Checks the data section after its members (walk_data.c).
void ms_sweep_walk_data_after(struct ms_walk *w, const cJSON *object, const struct ms_section *s,
                              void *base);

// The numbers that every command has beside its parameters: {trial}, {execution}, {seed}, {epochs}.
enum {
    MS_COMMAND_IDS = 4,
    MS_COMMAND_ARGUMENTS = 1024, // of a command, with the program
    MS_COMMAND_BYTES = 65536,    // of one argument, with what stands for the placeholders
    MS_PARAM_NAME = 64,          // bytes of a name in params, and of a metric, with the NUL
};
extern const char *const ms_sweep_command_ids[MS_COMMAND_IDS];
int ms_sweep_command_id(const char *name, size_t n); // index of the first n bytes, or -1
// True for "name?": the argument is left out where the value is empty.
bool ms_sweep_command_optional(const char *name, size_t n);

#endif
