// SPDX-License-Identifier: MIT
//
// Inside contract: the tables of the fields of a sweep file, and where their values go. One walk
// (walk.h) runs over the file with these tables, first to check it and to find its parameters,
// then, once per trial, to read the configuration at a point.
#ifndef MLPSWEEP_SCHEMA_H
#define MLPSWEEP_SCHEMA_H

#include "field.h"
#include "mlpsweep/sweep.h"

// Everything that a sweep file can say, at one point.
struct ms_values {
    char name[256];
    int64_t seed;
    int threads, keep_best;
    struct ms_search search;
    struct {
        int metric; // -1: not given
        int goal;   // 0 minimize, 1 maximize, -1 not given
        int at, window, by, failures;
        char name[64]; // of a command's metric; "": not given
        int function;  // row; -1: not given
    } objective;
    int n_goals; // of a list of objectives; the first is the one above
    struct ms_goal_value {
        char name[MS_GOAL_NAME];
        int goal; // as above
    } goal[MS_MAX_GOALS];
    int monitor; // metric id; -1: no early stopping
    int plateau; // metric id; -1: no reduce_on_plateau
    struct ms_config config;
    struct ms_data_spec data;
};

extern const struct ms_section ms_schema_top_section;
extern const struct ms_field ms_schema_same_field;      // what layers share: struct ms_layer_config
extern const struct ms_field ms_schema_objective_field; // one objective: struct ms_values
extern const struct ms_field ms_schema_goal_field; // a further one of a list: struct ms_goal_value
extern const struct ms_field ms_schema_rate_field; // learning_rate, of struct ms_config

// A latin hypercube is held in memory; beyond so many strata it is no better than several.
#define MS_MAX_STRATA 65536

// Rows of ms_search_sampler_table.
struct ms_search_row {
    struct ms_row row;
    bool needs_max_trials; // does not end by itself
    bool learns;           // looks at the results of earlier trials
    bool needs_finite;     // walks a grid: no continuous parameter
    bool is_path;          // leads from one entry of try_first to another
};

#endif
