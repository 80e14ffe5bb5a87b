// SPDX-License-Identifier: MIT
//
// Tables, not chains. An optimizer, activation, loss, schedule, initializer, metric, synthetic data
// set, sampler or command is one row of a table: a name, its arguments with defaults and bounds, one
// line of documentation, and functions. The parser, the error messages, the help and the schema read
// the row, so that adding one touches one file and one row.
//
// Every row type begins with a struct ms_row, which is all that the parser needs to know of it:
//
//     struct ms_optimizer { struct ms_row row; int slots; void (*step)(…); };
#ifndef MLPSWEEP_TABLE_H
#define MLPSWEEP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/limits.h"

enum ms_arg_type {
    MS_ARG_REAL,
    MS_ARG_INT,
    MS_ARG_BOOL, // 0 or 1
};

// One named number that a row takes. Spelled as Keras spells it.
struct ms_arg {
    const char *name;
    enum ms_arg_type type;
    double def;            // default; NAN: must be given
    double lo, hi;         // allowed range, inclusive unless open
    bool lo_open, hi_open; // true: the bound itself is refused
    const char *doc;       // one line
};

struct ms_row {
    const char *name;
    const char *doc; // one line
    int n_args;
    struct ms_arg args[MS_MAX_ARGS];
};

struct ms_table {
    const char *what; // "optimizer": how messages call a row
    int n;
    const void *rows;
    size_t stride; // sizeof one row; every row begins with a struct ms_row
};

// A row chosen, with its arguments filled in: what a sweep file's
// {"name": "sgd", "momentum": 0.9} becomes. arg[i] belongs to row.args[i].
struct ms_pick {
    int row;
    double arg[MS_MAX_ARGS];
};

const struct ms_row *ms_table_row(const struct ms_table *t, int i);

// Index of the row called name, or -1. Exact match: names are compared once, in the parser.
int ms_table_find(const struct ms_table *t, const char *name);

// The row with all defaults. Arguments without a default are NAN.
struct ms_pick ms_table_default(const struct ms_table *t, int row);

// The candidate nearest to word (Damerau-Levenshtein, case folded), or NULL when nothing is near
// enough to be worth suggesting (more than a third of the letters, at least 1, would change).
const char *ms_nearest(const char *word, const char *const *candidates, int n);

// "a, b, c" of a table's names into out (truncated with "…" where it is too long). Returns out.
char *ms_table_names(const struct ms_table *t, char *out, size_t size);

// The tables of the training engine. Rows are defined in the worker/ file of the same name.
extern const struct ms_table ms_activation_table;  // worker/activations.c
extern const struct ms_table ms_loss_table;        // worker/losses.c
extern const struct ms_table ms_metric_table;      // worker/metrics.c
extern const struct ms_table ms_optimizer_table;   // worker/optimizers.c; args[0] is learning_rate
extern const struct ms_table ms_schedule_table;    // worker/schedules.c; row 0 is "constant"
extern const struct ms_table ms_initializer_table; // worker/initializers.c
extern const struct ms_table ms_regularizer_table; // worker/regularizers.c; row 0 is "none"
extern const struct ms_table ms_constraint_table;  // worker/constraints.c; row 0 is "none"
extern const struct ms_table ms_normalization_table; // worker/normalizations.c; row 0 is "none"
extern const struct ms_table ms_synthetic_table;   // common/dataset_synthetic.c
extern const struct ms_table ms_scaling_table;     // common/dataset_scale.c
extern const struct ms_table ms_sampler_table;     // common/search.c

#endif
