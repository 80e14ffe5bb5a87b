// SPDX-License-Identifier: MIT
//
// The parts that the reading commands share. Commands read and print; they change nothing in a
// store.
#ifndef MLPSWEEP_SHOW_H
#define MLPSWEEP_SHOW_H

#include "commands.h"
#include "mlpsweep/options.h"
#include "coordinator/rank/rank.h"
#include "coordinator/store/store_read.h"
#include "text.h"

// A store opened for a command, with its sweep and the ranking of it.
struct ms_show {
    struct ms_store *store;
    struct ms_sweep_info sweep;
    struct ms_trial_rank *rank; // by the sweep's objective.by, or by the command's option
    int64_t n_ranks;
    bool colour;
    int screen;    // columns of the terminal; 0: standard output is none
    bool at_given; // sweep.at and sweep.window are the command's, not the sweep's
    struct {
        enum ms_at at;
        int window;
    } own; // the sweep's
};

// Opens the store and finds the sweep (NULL: the latest).
int ms_show_open(struct ms_show *s, const char *path, const char *sweep,
                 struct ms_error *err) MS_MUST_CHECK;
// From now on the objective is taken by at (enum ms_at) and window; < 0: as the sweep says. Both:
// nothing changes. Refuses a window for a single epoch. Before ms_show_rank.
int ms_show_take_at(struct ms_show *s, int at, int window, struct ms_error *err) MS_MUST_CHECK;
// Ranks the sweep's trials; by (enum ms_by), failures (enum ms_failures) < 0: as the sweep says.
int ms_show_rank(struct ms_show *s, int by, int failures, struct ms_error *err) MS_MUST_CHECK;
// The number of ranked trials that have a result; the others ended without one.
int64_t ms_show_scored(const struct ms_show *s);
void ms_show_close(struct ms_show *s);

// Several objectives (show_goals.c). front: by place in s->rank, which is sorted by fronts; NULL
// where there is one objective.
struct ms_show_goals {
    struct ms_goal_values values;
    int *front;
};
int ms_show_goals(struct ms_show *s, struct ms_show_goals *g, struct ms_error *err) MS_MUST_CHECK;
void ms_show_goals_clear(struct ms_show_goals *g);
double ms_show_goal(const struct ms_show_goals *g, uint32_t trial, int goal); // its mean; NAN: none
void ms_show_goals_note(const struct ms_show *s,
                        const struct ms_show_goals *g); // prints what front 1 is

// The exit status of a command. Prints "mlpsweep NAME: …" for an error, and also when standard
// output could not be written.
int ms_show_exit(const char *command, int status, const struct ms_error *err);

// Reads a word of the command line as a trial of the sweep: a number, or "best", the one that ranks
// first. Anything else is refused with the numbers that the sweep has.
int ms_show_trial(struct ms_show *s, const char *word, uint32_t *trial,
                  struct ms_error *err) MS_MUST_CHECK;

// The sentence below a ranking: which trials cannot be told apart from the best, and what to do
// about it. Returns out.
const char *ms_show_verdict(const struct ms_trial_rank *r, int64_t n, char *out, size_t size);

// The end of that sentence: "; 2 trials that the scheduler stopped rank below them", "" without
// any. Returns out.
const char *ms_show_behind(const struct ms_trial_rank *r, int64_t n, char *out, size_t size);

// The sentence about executions that failed: how many, in which ways, the most frequent reason of
// each; complete: nothing is left to be run, so that it can be said that no trial has a result.
// "" where none failed. Returns out.
const char *ms_show_failures(const struct ms_store_failures *f, const struct ms_store_counts *c,
                             bool complete, char *out, size_t size);
// The same of the sweep, fit for a terminal.
int ms_show_failures_of(struct ms_show *s, char *out, size_t size,
                        struct ms_error *err) MS_MUST_CHECK;

// What stands below tables (show_notes.c): what the mark of a constant network means.
void ms_show_constant_legend(const struct ms_show *s);
// The metrics, as bits 1 << id, that some rows leave without a value and that are NaN in some row
// of value (rows, n), where has (NULL: everywhere) says that they were reported. For sweeps of
// networks.
uint64_t ms_show_undefined(char *const *name, int n, const double *value, const bool *has,
                           size_t rows);
// "val_auc is nan: targets of one class only", a line for each of them.
void ms_show_undefined_print(FILE *f, uint64_t undefined);

// "constant", "2 constant" where only some executions are, "" where none is. Returns out.
const char *ms_show_constant(const struct ms_trial_rank *r, char *out, size_t size);

// "0.8912 ± 0.0031", or without ± where there is one execution.
const char *ms_show_mean_text(const struct ms_trial_rank *r, struct ms_digits d, char *out,
                              size_t size);
// Cells of a row of a ranking: its place, with the row's style; its interval, "" where there is
// none; and the mark of a trial that was stopped, or that cannot be told from the best, "" else.
void ms_show_place_cell(struct ms_text *t, const struct ms_trial_rank *r, int64_t place);
void ms_show_interval_cell(struct ms_text *t, const struct ms_trial_rank *r, struct ms_digits d);
const char *ms_show_mark(const struct ms_trial_rank *r, int64_t place);

// Digits for a column of rankings, such that the median of their spreads is seen with two digits.
struct ms_digits ms_show_rank_digits(const struct ms_trial_rank *r, int64_t n);

// Parameters of a sweep as columns. label: the name, without "hidden." and the layer's number where
// that is unambiguous.
struct ms_show_params {
    int n;
    struct ms_show_param {
        char *name, *label;
        bool varies; // between the trials of the store
    } * item;
};
int ms_show_params(struct ms_show *s, struct ms_show_params *out,
                   struct ms_error *err) MS_MUST_CHECK;
void ms_show_params_clear(struct ms_show_params *p);

// The values of a trial by parameter; NULL: not in force. Free with ms_show_row_free.
int ms_show_row(struct ms_show *s, const struct ms_show_params *p, uint32_t trial, char ***text,
                struct ms_error *err) MS_MUST_CHECK;
void ms_show_row_free(const struct ms_show_params *p, char **text);

// The parameters that vary, in one line: "optimizer=adam units=128,64,32" (ms_text_params). Returns
// out.
const char *ms_show_line(const struct ms_show_params *p, char *const *text, char *out, size_t size);

// The row of --sweep, which every command on a store has. name: where its value goes.
struct ms_option ms_show_sweep_option(const char **name);

#endif
