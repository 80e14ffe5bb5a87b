// SPDX-License-Identifier: MIT
//
// Inside contract of the sweep file's parser: which fields there are. A section is a table of
// fields; a field says its name, type, bounds, default and where its value goes. One walker
// (walk.h) runs over the file with these tables, first to check it and to find its
// parameters, then, once per trial, to read the configuration at a point.
#ifndef MLPSWEEP_SCHEMA_H
#define MLPSWEEP_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/sweep.h"

struct cJSON;
struct ms_walk;
struct ms_field;

enum ms_field_type { // and what it is stored as
    MS_F_REAL,       // double
    MS_F_INT,        // int
    MS_F_LONG,       // int64_t
    MS_F_BOOL,       // bool
    MS_F_TEXT,       // char[size]
    MS_F_NAME,       // int: index into names
    MS_F_ROW,        // int: row of table, a name alone
    MS_F_PICK,       // struct ms_pick: a row of table with its arguments
    MS_F_METRIC,     // int: metric id
    MS_F_LIST,       // double: index into config.list, where the number of values and they stand
    MS_F_SECTION,    // fields of section, offset added to their own
    MS_F_NAMES,      // char[size]: a text, or an array of them, with line ends between
    MS_F_CUSTOM,     // walk() knows
    MS_F_ANY,        // not stored: any value, with parameters anywhere in its objects (params)
    MS_FIELD_TYPES
};

// What a field belongs to: only the parts asked for are read.
enum ms_part {
    MS_PART_SWEEP = 1,  // the same for all trials
    MS_PART_CONFIG = 2, // struct ms_config
    MS_PART_DATA = 4,   // struct ms_data_spec
};

struct ms_section {
    const char *what; // "a layer"
    int n;
    const struct ms_field *field;
    // Called for every object that spells the section out; base as for its fields. May be NULL.
    void (*after)(struct ms_walk *w, const struct cJSON *object, void *base);
};

struct ms_field {
    const char *name;
    enum ms_field_type type;
    const char *doc; // one line
    size_t offset;
    size_t size; // of text
    bool required;
    bool fixed;    // cannot be swept
    bool optional; // of a section: null stands for "left out", and nothing is set then
    bool keep;     // of a section: members not given keep their values instead of defaults
    double def;    // of numbers and bools
    double lo, hi; // of numbers
    bool lo_open, hi_open;
    bool null_off;                // of numbers: null stands for 0
    bool as_double;               // an int or bool that is stored as a double (arguments of rows)
    const char *const *names;     // of MS_F_NAME, NULL at the end
    const struct ms_table *table; // of MS_F_ROW, MS_F_PICK
    const char *def_text;         // name of the default row, metric, text; NULL: -1 or ""
    int def_name;                 // default of MS_F_NAME
    const char *key;              // of MS_F_PICK: which key names the row
    // Of MS_F_PICK: a number may stand for row 0; it becomes arg[0] and is bounded as the first
    // argument of this table's first row.
    const struct ms_table *number;
    bool rate;   // of MS_F_PICK: the first argument is a learning rate, see read_rate
    int sources; // of data: bits 1 << enum ms_source that take the field; 0: all
    int kinds;   // of the top level and the objective: bits 1 << enum ms_kind that take it; 0: all
    int parts;   // of the top level: enum ms_part bits
    const struct ms_section
        *section; // of MS_F_REAL: an object that may stand in the number's place
    void (*walk)(struct ms_walk *w, const struct cJSON *value, const struct ms_field *f,
                 void *base);
};

// Everything that a sweep file can say, at one point.
struct ms_values {
    char name[256];
    int64_t seed;
    int threads;
    struct ms_search search;
    struct {
        int metric; // -1: not given
        int goal;   // 0 minimize, 1 maximize, -1 not given
        int at, by;
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
extern const struct ms_section ms_schema_hidden_section; // layers, same, each
extern const struct ms_field ms_schema_layer_field; // a layer in an array: struct ms_layer_config
extern const struct ms_field ms_schema_same_field;  // the same, but nothing is required
extern const struct ms_field ms_schema_objective_field; // one objective: struct ms_values
extern const struct ms_field
    ms_schema_goal_field; // one of a list but the first: struct ms_goal_value
extern const struct ms_field ms_schema_rate_field; // learning_rate, of struct ms_config

// The index of a field by name, or -1.
int ms_schema_section_find(const struct ms_section *s, const char *name);

// A latin hypercube is held in memory; beyond so many strata it is no better than several.
#define MS_MAX_STRATA 65536

// Rows of ms_search_sampler_table.
struct ms_search_row {
    struct ms_row row;
    bool needs_max_trials; // does not end by itself
    bool learns;           // looks at the results of earlier trials
    bool needs_finite;     // walks a grid: no continuous parameter
};

#endif
