// SPDX-License-Identifier: MIT
//
// What the reading commands share. They read and print; nothing in a store changes.
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
    struct ms_trial_rank *rank; // by the sweep's objective.by, or what the command was told
    int64_t n_ranks;
    bool colour;
    int screen; // columns of the terminal; 0: standard output is none
};

// Opens the store and finds the sweep (NULL: the latest).
int ms_show_open(struct ms_show *s, const char *path, const char *sweep,
                 struct ms_error *err) MS_MUST_CHECK;
// Ranks the sweep's trials: by < 0 as the sweep says.
int ms_show_rank(struct ms_show *s, int by, struct ms_error *err) MS_MUST_CHECK;
// How many of the ranked trials have a result; the others ended without one.
int64_t ms_show_scored(const struct ms_show *s);
void ms_show_close(struct ms_show *s);

// Several objectives (show_goals.c). front NULL: there is one; else by place in s->rank, which is
// put into the order of the fronts.
struct ms_show_goals {
    struct ms_goal_values values;
    int *front;
};
int ms_show_goals(struct ms_show *s, struct ms_show_goals *g, struct ms_error *err) MS_MUST_CHECK;
void ms_show_goals_clear(struct ms_show_goals *g);
double ms_show_goal(const struct ms_show_goals *g, uint32_t trial, int goal); // its mean; NAN: none
void ms_show_goals_note(const struct ms_show *s,
                        const struct ms_show_goals *g); // prints what front 1 is

// Exit status of a command that ended with rc: prints "mlpsweep NAME: …" for an error; also notices
// that standard output could not be written.
int ms_show_exit(const char *command, int status, const struct ms_error *err);

// A number of the command line that must be a trial of the sweep: what is not one is refused,
// saying which there are.
int ms_show_trial(struct ms_show *s, const char *word, uint32_t *trial,
                  struct ms_error *err) MS_MUST_CHECK;

// The sentence below a ranking: which trials cannot be told apart from the best, and what would
// help. Returns out.
const char *ms_show_verdict(const struct ms_trial_rank *r, int64_t n, char *out, size_t size);

// "0.8912 ± 0.0031", or without ± where there is one execution.
const char *ms_show_mean_text(const struct ms_trial_rank *r, struct ms_digits d, char *out,
                              size_t size);
// Digits for a column of rankings: the middle one of their spreads is seen with two digits.
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

// What varies, in one line: "optimizer=adam units=128,64,32"; what layers have one by one stands
// together. Returns out.
const char *ms_show_line(const struct ms_show_params *p, char *const *text, char *out, size_t size);

#endif
