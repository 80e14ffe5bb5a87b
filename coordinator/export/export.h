// SPDX-License-Identifier: MIT
//
// The formats of `mlpsweep export`, and what they are made from. A format is a row of the table in
// export.c and one function that writes a file or a folder. Only the table of trials is kept
// whole; executions and epochs are read trial by trial, so that memory does not grow with them, and
// no question holds up a run that is writing to the store. What a run adds meanwhile may be in the
// executions and not yet in the table.
#ifndef MLPSWEEP_EXPORT_H
#define MLPSWEEP_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "coordinator/insight/trial_table.h"
#include "coordinator/store/store_read.h"
#include "mlpsweep/json_out.h"
#include "mlpsweep/outfile.h"
#include "mlpsweep/status.h"

enum ms_export_table { MS_TABLE_TRIALS, MS_TABLE_EXECUTIONS, MS_TABLE_EPOCHS, MS_TABLE_ALL };

struct ms_export_column;
struct ms_model;

// One sweep of a store, opened for export.
struct ms_export {
    struct ms_store *store;
    struct ms_sweep_info sweep;
    struct ms_trial_table trials;
    struct ms_store_names metrics;   // of the epochs
    struct ms_goal_values goals;     // of several objectives; goals.goals.n is 0 where there is one
    struct ms_export_column *column; // by parameter: which of them are one column
    int table;                       // enum ms_export_table: what the format csv writes
};

struct ms_export_format {
    const char *name;
    const char *doc;    // one line
    const char *suffix; // of the file or folder that is written where no -o is given; NULL: it goes
                        // to standard output
    bool folder;        // it is a folder, to->temporary
    // Writes to to->file, or below to->temporary. NULL: the format is of a trained network.
    int (*write)(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err);
    // Writes the file output ("-": standard output), and what belongs beside it.
    int (*model)(const struct ms_model *m, const char *output, bool force, struct ms_error *err);
};

int ms_export_csv(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err);
int ms_export_json(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err);

int ms_export_optuna(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err);
int ms_export_tensorboard(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err);
int ms_export_mlflow(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err);

// --- trained networks (export_model.c) ------------------------------------------

int ms_export_safetensors(const struct ms_model *m, const char *output, bool force,
                          struct ms_error *err);
int ms_export_onnx(const struct ms_model *m, const char *output, bool force, struct ms_error *err);
int ms_export_c(const struct ms_model *m, const char *output, bool force, struct ms_error *err);

// Which network of a store is meant.
struct ms_export_which {
    const char *sweep; // NULL: the latest
    const char *trial; // "best" or a number; NULL: best
    int execution;     // its number; -1: the best of those that were kept
    bool refit;        // the one that was trained on training and validation rows
};
int ms_export_model(const char *store, const struct ms_export_format *f,
                    const struct ms_export_which *which, const char *output, bool force,
                    struct ms_error *err) MS_MUST_CHECK;

// mlpsweep export: a row of the table in coordinator/cli.c.
int ms_export_command(int argc, char **argv);

// --- what formats share (export_rows.c) ----------------------------------------

// Two parameters of one name, of which a trial has at most one, are one column: that of the first.
struct ms_export_column {
    bool first; // of its name
    int next;   // the next parameter of the same name; -1: none
};
int ms_export_columns(const struct ms_trial_table *t, struct ms_export_column **out,
                      struct ms_error *err) MS_MUST_CHECK;
// The parameter of a column (by its first) that is in force in a row; -1: none is.
int ms_export_in_force(const struct ms_export *e, int64_t row, int param);

// The mean of a row by objective k of e->goals, or the trial's mean where there is one objective;
// NAN: none.
double ms_export_goal(const struct ms_export *e, int64_t row, int k);

// What the store has of one trial besides its row in the table.
struct ms_export_trial {
    struct ms_execution_list executions;
    struct ms_epoch_table epochs; // by execution and epoch; columns are e->metrics
    struct ms_test_list tests;    // by execution and metric
};
// MS_ESTOPPED: the user interrupts the export.
int ms_export_trial(struct ms_export *e, int64_t row, struct ms_export_trial *out,
                    struct ms_error *err) MS_MUST_CHECK;
void ms_export_trial_clear(struct ms_export_trial *t);

// True unless it confirms the winner, which no mean includes.
bool ms_export_ranks(const struct ms_execution_info *x);

// A time of the store, "2026-01-31 12:00:00.123", as seconds since 1970; NAN: "".
double ms_export_seconds(const char *time);

// The rows of an execution in t->epochs: from *first up to, not including, the value returned.
size_t ms_export_epochs(const struct ms_export_trial *t, int64_t execution, size_t *first);

// A file in a folder that is written, with the folders above it: "trial 1/events". Its close
// returns status, or MS_EIO where the file could not be written.
int ms_export_file(const struct ms_outfile *to, const char *name, FILE **out,
                   struct ms_error *err) MS_MUST_CHECK;
int ms_export_close(const char *name, FILE *file, int status, struct ms_error *err) MS_MUST_CHECK;

// An empty folder there.
int ms_export_folder(const struct ms_outfile *to, const char *name,
                     struct ms_error *err) MS_MUST_CHECK;

// Ends loops over trials after Ctrl-C, so that what was written so far is removed: MS_ESTOPPED.
int ms_export_stopped(struct ms_error *err);
void ms_export_catch_signals(void);

// --- values as JSON (export_values.c) -------------------------------------------

// Value v of a parameter, in its type: a number, a text, true or false.
void ms_export_point(struct ms_json_out *o, const char *key, const struct ms_param *p, double v);
// The value of a parameter in a row; null: not in force.
void ms_export_value(struct ms_json_out *o, const char *key, const struct ms_trial_table *t,
                     int64_t row, int param);
// The parameters in force in a row, as an object.
void ms_export_values(struct ms_json_out *o, const char *key, const struct ms_export *e,
                      int64_t row);

// A JSON value as a text of its own. After the end, text is the caller's to free.
struct ms_export_text {
    struct ms_json_out json;
    char *text;
    size_t n;
};
int ms_export_begin_text(struct ms_export_text *t, struct ms_error *err) MS_MUST_CHECK;
int ms_export_end_text(struct ms_export_text *t, struct ms_error *err) MS_MUST_CHECK;

#endif
