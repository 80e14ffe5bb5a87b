// SPDX-License-Identifier: MIT
//
// A sweep file, parsed and checked. Rank 0 parses it from disk, every other rank from the text that
// rank 0 sent: the same function on the same bytes, so all agree.
//
// A sweep file is a training configuration in which any value may be replaced by a parameter. The
// parser is driven by field tables (common/sweep/schema.c) and by the tables of table.h; it finds
// every error of the file, not only the first.
#ifndef MLPSWEEP_SWEEP_H
#define MLPSWEEP_SWEEP_H

#include <stdint.h>
#include <stdio.h>

#include "mlpsweep/config.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/space.h"
#include "mlpsweep/status.h"

// Everything that is wrong with a file, one line each:
//     file:line: path: what was found; what is allowed[; did you mean 'x'?]
struct ms_sweep_problems {
    int n;
    size_t room; // of item
    struct ms_sweep_problem {
        int line;
        char *text; // without the "file:line: " prefix
    } * item;
};
void ms_sweep_problems_clear(struct ms_sweep_problems *p);

enum ms_at { MS_AT_BEST, MS_AT_LAST, MS_AT_BEST_MEAN, MS_AT_LAST_MEAN }; // objective.at
#define MS_N_AT (MS_AT_LAST_MEAN + 1)
extern const char *const ms_sweep_at_names[MS_N_AT + 1]; // by enum ms_at: "best", …; NULL ends it
enum ms_by { MS_BY_MEAN, MS_BY_MEDIAN, MS_BY_WORST, MS_BY_LOWER_BOUND }; // objective.by
#define MS_N_BY (MS_BY_LOWER_BOUND + 1)
extern const char *const ms_sweep_by_names[MS_N_BY + 1]; // by enum ms_by: "mean", …; NULL ends it
enum ms_failures { MS_FAILURES_WORST, MS_FAILURES_IGNORE }; // objective.failed_executions
#define MS_N_FAILURES (MS_FAILURES_IGNORE + 1)
extern const char *const ms_sweep_failures_names[MS_N_FAILURES + 1]; // by enum ms_failures

struct ms_search {
    struct ms_pick method;     // of ms_search_sampler_table
    struct ms_pick scheduler;  // of ms_search_scheduler_table; row 0 is "none"
    int64_t max_trials;        // 0: not given (grid: the whole grid)
    int executions_per_trial;  // default 1
    int max_retries_per_trial; // attempts after a crash or a lost worker, per execution; default 2
    double max_seconds;        // wall time one attempt may take; 0: no limit
    // Trial k may depend on the results of trials 0 … k-1-lag only: whatever learns (samplers,
    // median_stop, target, patience) waits for these and looks at no others. default 7
    int lag;
    int64_t max_executions;  // 0: no limit
    double max_wall_seconds; // of one run: then nothing more is begun; 0: no limit
    double target;           // an objective that is good enough to end the search; NAN: none
    int64_t patience;        // trials without a better one that end the search; 0: no limit
    int64_t resolve; // executions more, at most, where they separate (coordinator/study/resolve.h)
    int confirm;     // fresh executions of the winner
};

// The kind of work that a sweep runs for a point, known by the keys of its objective.
enum ms_kind {
    MS_KIND_TRAIN,    // trains a network
    MS_KIND_FUNCTION, // objective.function: evaluates a row of ms_function_table
    MS_KIND_COMMAND,  // objective.command: runs a program
};

struct ms_objective {
    char name[64]; // of the metric: "val_loss"; of a function "value", of a command what it prints
    int metric;    // metric id, see metric.h; -1: of a function or command, which go by name
    bool maximize; // "goal"; default: the metric's own
    enum ms_at at; // which epoch of an execution counts; default best (Keras Tuner's rule)
    int window;    // epochs that best_mean and last_mean are over; default 5; 1 of the others
    enum ms_by by; // how rank orders trials; default mean
    enum ms_failures failures; // what executions without a value do to their trial; default worst
};

// "objective" may be a list: the metrics that a trial is judged by. The first is the objective,
// which guides samplers and schedulers and finds the winner; all of them rank
// (coordinator/rank/pareto.h).
#define MS_MAX_GOALS 8
#define MS_GOAL_NAME 64
struct ms_goals {
    int n; // 1 if it is not a list
    struct ms_goal {
        char name[MS_GOAL_NAME]; // a metric of epochs, or weights, flops, memory_bytes (of the
                                 // trial), seconds (of an execution; it differs when the
                                 // execution is repeated)
        bool maximize;
        int metric; // metric id; -1: none of those
    } item[MS_MAX_GOALS];
};

struct ms_sweep; // opaque: document, space, field values

// Reads a sweep file whole: *text is malloc'ed and NUL-terminated. Refuses one that is too large.
int ms_sweep_read(const char *path, char **text, size_t *len, struct ms_error *err) MS_MUST_CHECK;

// Parses text. file is used in messages only. On success returns 0 and *out (free with
// ms_sweep_free). On a wrong file returns MS_EINVAL with problems filled (sorted by line), *out
// NULL.
int ms_sweep_parse(const char *file, const char *text, size_t len, struct ms_sweep **out,
                   struct ms_sweep_problems *problems) MS_MUST_CHECK;
void ms_sweep_free(struct ms_sweep *s);

const char *
ms_sweep_name(const struct ms_sweep *s); // "name", or the file's base name without suffix
// The same without the edition.
const char *ms_sweep_name_in_file(const struct ms_sweep *s);

// Calls the sweep, and the stages made from it, by the name of an edition of its file: "demo-2",
// "demo-2:1-lr". 1: the name in the file. MS_EINVAL: the name becomes too long. Rank 0, which alone
// needs names.
int ms_sweep_set_edition(struct ms_sweep *s, int edition, struct ms_error *err) MS_MUST_CHECK;
const char *ms_sweep_file(const struct ms_sweep *s);
const char *ms_sweep_text(const struct ms_sweep *s); // as given, NUL-terminated
size_t ms_sweep_text_size(const struct ms_sweep *s);
uint64_t ms_sweep_seed(const struct ms_sweep *s);
int ms_sweep_threads(const struct ms_sweep *s); // threads_per_worker, default 1
// keep_best: how many of the best trials keep their weights, 0 … MS_MAX_KEPT_TRIALS; of functions
// and commands 0.
int ms_sweep_keep_best(const struct ms_sweep *s);
const struct ms_space *ms_sweep_space(const struct ms_sweep *s);

// The most epochs that a trial can have, at least 1; 0: a function has none, or the file leaves
// them to the command.
double ms_sweep_most_epochs(const struct ms_sweep *s);

const struct ms_search *ms_sweep_search(const struct ms_sweep *s);
const struct ms_objective *ms_sweep_objective(const struct ms_sweep *s);

const struct ms_goals *ms_sweep_goals(const struct ms_sweep *s);

enum ms_kind ms_sweep_kind(const struct ms_sweep *s);

// For MS_KIND_FUNCTION: the function, and the numbers it takes at a point, in the order of
// the file's params. Returns how many (1 …), MS_EINVAL: not a point of the space.
struct ms_function;
int ms_sweep_function(const struct ms_sweep *s, const struct ms_function **function,
                      const double *point, double *x /* MS_MAX_FUNCTION_DIMS */,
                      struct ms_error *err) MS_MUST_CHECK;

// For MS_KIND_COMMAND: the program and its arguments at a point, NULL after the last, in one block
// to be freed with free(). {name} is replaced by the value of params.name, a choice of objects by
// its name; {trial}, {execution}, {seed} and {epochs} by what ids says; {{ and }} are braces. An
// argument that names a parameter which the point does not have (see space.h) is left out. It runs
// in the sweep file's folder.
struct ms_command_ids {
    uint32_t trial, execution;
    uint64_t seed;
    int epochs;
};
bool ms_sweep_command_tells_epochs(const struct ms_sweep *s); // {epochs} is among its arguments
int ms_sweep_command(const struct ms_sweep *s, const double *point,
                     const struct ms_command_ids *ids, char ***argv,
                     struct ms_error *err) MS_MUST_CHECK;

// The data sets that the space can ask for (parameters inside "data" must be finite), in order of
// first appearance in grid order. At least one; none where no network is trained.
int ms_sweep_data(const struct ms_sweep *s, const struct ms_data_spec **specs);
// Which of them a point asks for; -1: none.
int ms_sweep_data_at(const struct ms_sweep *s, const double *point);

// What the loss, the output's activation, metrics and class weights say about the target, over all
// values that they may take.
void ms_sweep_task_hint(const struct ms_sweep *s, struct ms_task_hint *out);

// True when "require" allows a point: no expression is false there, though some may be unknown.
// Pure.
bool ms_sweep_feasible(const struct ms_sweep *s, const double *point);
bool ms_sweep_requires(const struct ms_sweep *s); // there is an expression

// search.try_first: (n, space->n) values of the first n trials; NAN: not named there.
int ms_sweep_try_first(const struct ms_sweep *s, const double **values);

// The sweep file of an ablation between two points of s: what s says, with its parameters, searched
// by method ablation from the one to the other, as often executed, and called by `name`. Comments
// are gone. malloc'ed; NULL: no memory. A file with stages has no such path (ms_sweep_stages).
char *ms_sweep_ablation_text(const struct ms_sweep *s, const char *name, const double *from,
                             const double *to);
bool ms_sweep_is_ablation(const struct ms_sweep *s); // its method is ablation
// The most trials that an ablation can have: n differences between its two points make
// n(n+1)/2 + 1; "require" may forbid some. 0: no memory.
int64_t ms_sweep_ablation_trials(const struct ms_sweep *s);

// The training configuration at a point. Pure and fast (tens of microseconds): called per trial.
// For a function or a command only epochs has a meaning, and dataset is -1.
int ms_sweep_config(const struct ms_sweep *s, const double *point, struct ms_config *out,
                    struct ms_error *err) MS_MUST_CHECK;

// The value of a field of the file's top level ("optimizer", "hidden") at a point, as compact
// JSON with sorted keys and no parameters left. malloc'ed; NULL: no such field, or no memory.
char *ms_sweep_resolved(const struct ms_sweep *s, const char *field, const double *point);

// The file as canonical compact JSON: comments gone, keys in file order, numbers shortest. Owned by
// s.
const char *ms_sweep_canonical(const struct ms_sweep *s);

// Compares two sweeps for continuing a store. same_data: their files of data are known to have the
// same content, wherever they lie, so that their paths are not compared. Returns 0 when new_one may
// continue old_one: nothing differs except search.max_trials, search.executions_per_trial or
// epochs, which may grow, and fields that change no result (search.max_retries_per_trial,
// search.max_seconds, objective.by, objective.failed_executions, keep_best) or only where a search
// ends (search.max_executions, max_wall_seconds, target, patience, resolve, confirm), or except a
// step of 2 that old_one did not write for integers with log, which once were doubled without it;
// the caller compares the values then. Else MS_EINVAL with a message that names the first differing
// path and both values.
int ms_sweep_continues(const struct ms_sweep *old_one, const struct ms_sweep *new_one,
                       bool same_data, struct ms_error *err) MS_MUST_CHECK;

// Prints every field with its type, range, default and meaning, and every row of every table with
// its arguments.
int ms_sweep_print_fields(FILE *out) MS_MUST_CHECK;

#endif
