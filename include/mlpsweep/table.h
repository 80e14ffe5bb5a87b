// SPDX-License-Identifier: MIT
//
// Tables, not chains. An optimizer, activation, loss, schedule, initializer, metric, synthetic data
// set, sampler or command is one row of a table: a name, its arguments with defaults and bounds,
// one line of documentation, and functions. The parser, the error messages, the help and the schema
// read the row, so that adding one touches one file and one row.
//
// Every row type begins with a struct ms_row, and the parser needs to know no more of it:
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
    MS_ARG_BOOL,     // 0 or 1
    MS_ARG_OFF,      // a real; 0 means off and may also be written null
    MS_ARG_OPTIONAL, // a real; NAN if it is not given
    MS_ARG_LIST,     // an array of reals. The argument is an index into struct ms_config's list[]:
                     // their number is there, and they follow it
};

// One named number that a row takes. The spelling is Keras's.
struct ms_arg {
    const char *name;
    enum ms_arg_type type;
    double def;            // default; NAN: must be given
    double lo, hi;         // allowed range, inclusive unless open
    bool lo_open, hi_open; // the bound itself is refused
    const char *doc;       // one line
};

// Rules between the arguments of one object, in addition to the range of each.
enum ms_rule_kind {
    MS_RULE_END,
    MS_RULE_ONE_OF,   // at most one of names is given (0, null, false: not given)
    MS_RULE_BESIDE,   // names[0] may be given only if names[1] is
    MS_RULE_ONE_MORE, // list names[0] has one number more than list names[1]
    MS_RULE_ORDER,    // names[0] is at most names[1]
    MS_RULE_RISING,   // the numbers of list names[0] rise
};

struct ms_rule {
    enum ms_rule_kind kind;
    const char *names[4]; // NULL after the last
};

// Arguments that many rows of a table share.
struct ms_shared {
    int n;
    struct ms_arg args[MS_MAX_SHARED_ARGS];
    const struct ms_rule *rules; // up to MS_RULE_END, or NULL
};

struct ms_row {
    const char *name;
    const char *doc; // one line
    int n_args;
    struct ms_arg args[MS_MAX_OWN_ARGS];
    const struct ms_rule *rules;    // up to MS_RULE_END, or NULL
    const struct ms_shared *shared; // or NULL
    const double *shared_def;       // (shared->n) in place of the shared defaults, or NULL
    const char *also; // other names of it, separated by blanks: suggested, not accepted; or NULL
};

struct ms_table {
    const char *what; // the word for a row in messages: "optimizer"
    int n;
    const void *rows;
    size_t stride; // sizeof one row; every row begins with a struct ms_row
};

// A chosen row with its arguments: {"name": "sgd", "momentum": 0.9} of a sweep file becomes one.
// arg[i] belongs to row.args[i], and arg[MS_MAX_OWN_ARGS + i] to row.shared->args[i].
struct ms_pick {
    int row;
    double arg[MS_MAX_ARGS];
};

const struct ms_row *ms_table_row(const struct ms_table *t, int i);

// The description of arg[i] of a row's pick, or NULL if the row has no such argument; the index of
// the argument called name, or -1.
const struct ms_arg *ms_table_row_arg(const struct ms_row *row, int i);
int ms_table_find_arg(const struct ms_row *row, const char *name);

// The index of the row called name, or -1. Only an exact match counts: the parser compares names
// once.
int ms_table_find(const struct ms_table *t, const char *name);

// The row with all defaults. Arguments without a default are NAN.
struct ms_pick ms_table_default(const struct ms_table *t, int row);

// The candidate nearest to word (Damerau-Levenshtein, case folded), or NULL if none is worth
// suggesting: if more than a third of the letters, and more than one, would change.
const char *ms_nearest(const char *word, const char *const *candidates, int n);

// Writes a table's names into out, "a, b, c", truncated with "…" if too long. Returns out.
char *ms_table_names(const struct ms_table *t, char *out, size_t size);

// The tables of the rooms above. worker/kernels, in the file of the table's name:
extern const struct ms_table ms_activation_table;
extern const struct ms_table ms_loss_table;
extern const struct ms_table ms_metric_table;
extern const struct ms_table ms_optimizer_table; // args[0] is learning_rate
extern const struct ms_table ms_schedule_table;  // row 0 is "constant"
extern const struct ms_table ms_initializer_table;
extern const struct ms_table ms_regularizer_table;   // row 0 is "none"
extern const struct ms_table ms_constraint_table;    // row 0 is "none"
extern const struct ms_table ms_normalization_table; // row 0 is "none"
// common/data, in dataset_synthetic.c and dataset_scale.c:
extern const struct ms_table ms_dataset_synthetic_table;
extern const struct ms_table ms_dataset_scaling_table;
extern const struct ms_table ms_dataset_target_scaling_table;
// common/sweep/search.c:
extern const struct ms_table ms_search_sampler_table;
extern const struct ms_table ms_search_scheduler_table; // row 0 is "none"

#endif
