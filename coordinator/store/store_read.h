// SPDX-License-Identifier: MIT
//
// Reading a store: questions of the commands (rank, show, status, curves) and of a run that looks
// for its winner. Every question fills a struct; arrays and texts in it are malloc'ed and belong to
// the caller, who frees them with the struct's _clear function. A function that fails leaves
// nothing to free. "Number" is what people call a trial or an execution by, "id" is a row's key.
//
// A store may be read while a run writes to it: each question sees one state of the store, two
// questions may see two.
#ifndef MLPSWEEP_STORE_READ_H
#define MLPSWEEP_STORE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/data_info.h"
#include "mlpsweep/limits.h"
#include "mlpsweep/sweep.h"
#include "coordinator/rank/rank.h"
#include "coordinator/rank/stats.h"

struct ms_store;

// Opens an existing store read-only. Needs no write permission where the file system allows.
// Closed by ms_store_close.
int ms_store_open_read(const char *path, struct ms_store **out, struct ms_error *err) MS_MUST_CHECK;
int ms_store_close(struct ms_store *s, struct ms_error *err);

// Reports whether a run is writing to the store at this moment; holder: who, "host h, pid p".
bool ms_store_alive(const struct ms_store *s, char *holder, size_t size);

// --- sweeps and their results (store_read.c, store_goals.c) --------------------

// A sweep in the store.
struct ms_sweep_info {
    int64_t id;
    char name[256];
    char state[32];
    char metric[64];
    struct ms_rank_rule rule;
    enum ms_at at;
    int window;             // epochs that a mean is over
    int64_t trials_planned; // 0: unknown
};
// name NULL: the only or the latest sweep.
int ms_store_find(struct ms_store *s, const char *name, struct ms_sweep_info *out,
                  struct ms_error *err) MS_MUST_CHECK;

// Texts: names of sweeps, of metrics.
struct ms_store_names {
    int n;
    char **name;
    size_t room;
};
void ms_store_names_clear(struct ms_store_names *names);
// The names of all sweeps, the oldest first.
int ms_store_sweeps(struct ms_store *s, struct ms_store_names *out,
                    struct ms_error *err) MS_MUST_CHECK;

// The raw objective of every finished execution, ordered by trial, execution.
int ms_store_scores(struct ms_store *s, int64_t sweep_id, struct ms_rank_scores *out,
                    struct ms_error *err) MS_MUST_CHECK;

// The same with the objective taken anew from the epochs in the store, by info's at and window: so
// the sweep's own give the same bits. Executions that have no objective stay without one. confirm:
// the executions that confirm the winner, in place of the others.
int ms_store_scores_at(struct ms_store *s, const struct ms_sweep_info *info, bool confirm,
                       struct ms_rank_scores *out, struct ms_error *err) MS_MUST_CHECK;

// ms_store_scores of one trial of the sweep that a run has begun; none has ended: n is 0.
int ms_store_trial_scores(struct ms_store *s, uint32_t trial, struct ms_rank_scores *out,
                          struct ms_error *err) MS_MUST_CHECK;

// The raw objectives of the executions that confirm a trial (search.confirm) and have ended. They
// are in no other scores, no ranking and no view. n 0: it was not confirmed.
int ms_store_confirmation(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                          struct ms_rank_scores *out, struct ms_error *err) MS_MUST_CHECK;

// The objectives of a sweep, and of every trial that has a result the mean over its executions of
// each of them (view trial_goal), NAN where there is none. Ordered by trial.
struct ms_goal_values {
    struct ms_goals goals;
    int64_t n;
    uint32_t *trial;
    double *value; // (n, goals.n)
};
void ms_store_goal_values_clear(struct ms_goal_values *g);
int ms_store_goal_values(struct ms_store *s, int64_t sweep_id, struct ms_goal_values *out,
                         struct ms_error *err) MS_MUST_CHECK;

// --- data sets (store_data.c) -----------------------------------------------------

// The data sets of a sweep as its latest run understood them; none where the sweep has none, or was
// last run by a program that did not record them.
struct ms_data_sets {
    int n;
    struct ms_data_info *item; // by trial.dataset
    int64_t *id;               // keys of the table dataset
    size_t room;
};
void ms_store_data_sets_clear(struct ms_data_sets *d);
int ms_store_data_sets(struct ms_store *s, int64_t sweep_id, struct ms_data_sets *out,
                       struct ms_error *err) MS_MUST_CHECK;

// --- weights (store_model.c) ------------------------------------------------------

// What the table model has of a sweep, ordered by trial, kept ones before refits, execution.
struct ms_store_model {
    int64_t id;
    uint32_t trial, execution; // of a refit: the number of its seed
    bool refit;
    bool there; // false: the network has too many weights to be kept
    int epoch;
    int64_t n_weights;
    double objective; // of the execution; NAN: of a refit
};
struct ms_store_models {
    int n;
    struct ms_store_model *item;
    size_t room;
};
void ms_store_models_clear(struct ms_store_models *m);
// trial: -1: all.
int ms_store_models(struct ms_store *s, int64_t sweep_id, int64_t trial,
                    struct ms_store_models *out, struct ms_error *err) MS_MUST_CHECK;
// Its n_weights numbers in the order of weights.h, malloc'ed.
int ms_store_model_weights(struct ms_store *s, const struct ms_store_model *model, float **out,
                           struct ms_error *err) MS_MUST_CHECK;

// --- how far a sweep is (store_read_progress.c) ---------------------------------

// The latest run of a sweep; all zero where it was never run.
struct ms_run_info {
    char started[20], ended[20], host[256]; // times without milliseconds, UTC
    int64_t pid, workers, runs;             // runs: how many there were
    double elapsed_s;                       // NAN: not known
    char core[32], core_note[512];          // "": not known; nothing to say
    double gflops, worker_bytes;            // 0: not known
};
// alive: the run still goes on, so that its time is counted until now.
int ms_store_run(struct ms_store *s, int64_t sweep_id, bool alive, struct ms_run_info *out,
                 struct ms_error *err) MS_MUST_CHECK;

struct ms_store_counts {
    int64_t trials, trials_begun,
        trials_ended;                       // trials: all in the store, those that wait included
    int64_t waiting, running, done, failed; // executions; failed: ended without a value
};
int ms_store_counts(struct ms_store *s, int64_t sweep_id, struct ms_store_counts *out,
                    struct ms_error *err) MS_MUST_CHECK;

// How often attempts ended in which way: completed first, then the most frequent.
struct ms_store_outcomes {
    int n;
    struct ms_store_outcome {
        char word[32]; // outcome.word
        int64_t count;
    } item[32];
};
int ms_store_outcomes(struct ms_store *s, int64_t sweep_id, struct ms_store_outcomes *out,
                      struct ms_error *err) MS_MUST_CHECK;

// Why executions failed: by the way in which they ended, each with its most frequent message.
struct ms_store_failures {
    int n;
    struct ms_store_failure {
        char word[32]; // outcome.word
        char message[400];
        int64_t count, with_message; // with_message: of count, those with this message
    } item[16];
};
int ms_store_failures(struct ms_store *s, int64_t sweep_id, struct ms_store_failures *out,
                      struct ms_error *err) MS_MUST_CHECK;

// Executions that ended since a time: x is their GFLOP, y the seconds of their trainers. A function
// or a command has no operations.
int ms_store_ended_since(struct ms_store *s, int64_t sweep_id, const char *since,
                         struct ms_sums *out, struct ms_error *err) MS_MUST_CHECK;

// Executions that wait or run. mean_gflop: of all trials drawn so far.
struct ms_store_to_do {
    size_t n;
    struct ms_store_to_do_item {
        double gflop; // 0: not known
        double had_s; // seconds since it was handed to a worker; 0: it waits
    } * item;
    size_t room;
    double mean_gflop;
};
void ms_store_to_do_clear(struct ms_store_to_do *t);
int ms_store_to_do(struct ms_store *s, int64_t sweep_id, struct ms_store_to_do *out,
                   struct ms_error *err) MS_MUST_CHECK;

// Seconds that trainers waited for an attempt and worked on one, of the attempts that ended since a
// time.
int ms_store_waited(struct ms_store *s, int64_t sweep_id, const char *since, double *wait_s,
                    double *wall_s, struct ms_error *err) MS_MUST_CHECK;

// Executions that run at this moment, by worker. Cheap: it looks at attempts that have not ended.
struct ms_running_list {
    size_t n;
    struct ms_running_info {
        uint32_t trial, execution;
        int64_t rank; // of its worker; -1: not known
        char host[64];
        double had_s;  // seconds since it was handed to the worker
        int64_t epoch; // its last one; 0: none yet
        double value;  // of the sweep's metric there; NAN: none
        int n_curve;
        double curve[32]; // the metric's last values, the latest last; NAN: none
    } * item;
    size_t room;
};
void ms_store_running_list_clear(struct ms_running_list *l);
int ms_store_running_list(struct ms_store *s, int64_t sweep_id, struct ms_running_list *out,
                          struct ms_error *err) MS_MUST_CHECK;

// --- trials (store_read_trial.c) --------------------------------------------------

// The trials of a sweep: how many, the first and the last number.
struct ms_trial_range {
    int64_t count, first, last;
    bool there; // the number asked for is one of them
};
int ms_store_trial_range(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                         struct ms_trial_range *out, struct ms_error *err) MS_MUST_CHECK;

// The numbers of all trials, ascending.
struct ms_trial_numbers {
    size_t n;
    uint32_t *trial;
    size_t room;
};
void ms_store_trial_numbers_clear(struct ms_trial_numbers *t);
int ms_store_trial_numbers(struct ms_store *s, int64_t sweep_id, struct ms_trial_numbers *out,
                           struct ms_error *err) MS_MUST_CHECK;

// What is known of a trial before it is trained. weights 0: not a network.
struct ms_trial_info {
    int64_t id, weights;
    double flops, memory_bytes;
    int dataset; // -1: not known, or it has none
};
// MS_ESTATE where it is not there.
int ms_store_trial_info(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                        struct ms_trial_info *out, struct ms_error *err) MS_MUST_CHECK;

// The parameters of a sweep, in the order of its file.
struct ms_param_names {
    int n;
    struct ms_param_name {
        char *name;
        bool varies; // between the trials of the store
    } * item;
    size_t room;
};
void ms_store_param_names_clear(struct ms_param_names *p);
int ms_store_param_names(struct ms_store *s, int64_t sweep_id, struct ms_param_names *out,
                         struct ms_error *err) MS_MUST_CHECK;

// The parameters of a trial that are in force, in the order of the sweep file.
struct ms_param_values {
    int n;
    struct ms_param_value {
        char *name, *text;
    } * item;
    size_t room;
};
void ms_store_param_values_clear(struct ms_param_values *p);
int ms_store_param_values(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                          struct ms_param_values *out, struct ms_error *err) MS_MUST_CHECK;

// --- all trials of a sweep at once (store_read_table.c) ----------------------------

// The file of a sweep as its latest run gave it: path and text, malloc'ed.
int ms_store_sweep_text(struct ms_store *s, int64_t sweep_id, char **file, char **text,
                        struct ms_error *err) MS_MUST_CHECK;

// A row for each trial, ordered by number; what executions are made of is summed up here.
struct ms_trial_rows {
    size_t n;
    struct ms_trial_row {
        uint32_t trial;
        int dataset;                // -1: not known, or it has none
        int64_t id;                 // trial_id
        int64_t weights;            // 0: not a network
        double flops, memory_bytes; // 0: not known
        char created_at[24];        // UTC, "2026-01-31 12:00:00.123"
        char ended_at[24];          // of its last attempt that ended; "": none has
        double wall_s;              // of all its attempts, as the view trial_summary has it
        int n_waiting, n_running;   // executions that have not ended
        char outcome[32];           // outcome.word of its last execution that ended without a
                                    // value; "": there is none
    } * item;
    size_t room;
};
void ms_store_trial_rows_clear(struct ms_trial_rows *t);
int ms_store_trial_rows(struct ms_store *s, int64_t sweep_id, struct ms_trial_rows *out,
                        struct ms_error *err) MS_MUST_CHECK;

// One value of one trial, valid during the call. point: as space.h has it.
struct ms_param_cell {
    uint32_t trial;
    int position; // of the parameter in the sweep file
    const char *name, *text;
    double point;
};
// Calls take for every value of every trial, ordered by trial, until it fails: then its status is
// returned.
typedef int (*ms_store_take_param)(void *to, const struct ms_param_cell *cell,
                                   struct ms_error *err);
int ms_store_each_param(struct ms_store *s, int64_t sweep_id, ms_store_take_param take, void *to,
                        struct ms_error *err) MS_MUST_CHECK;

// The same for the values of one trial.
int ms_store_trial_params(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                          ms_store_take_param take, void *to, struct ms_error *err) MS_MUST_CHECK;

// --- executions and attempts of one trial (store_read_execution.c) ---------------------

// Whole numbers that may be unknown are -1, doubles NAN.
struct ms_execution_list {
    size_t n;
    struct ms_execution_info {
        int64_t number;
        char state[16];
        char outcome[32]; // outcome.word; "": it has not ended
        char purpose[16]; // "search", "resolve": it ranks its trial; "confirm": it does not
        double objective;
        int64_t best_epoch, epochs, attempts;
        bool constant; // the network answers all rows alike
        double wall_s;
        double max_rss_bytes;              // 0: not known
        char started_at[24], ended_at[24]; // of its first and last attempt, without tests of the
                                           // winner; an attempt that began and ended in one
                                           // commit began its seconds before its end; "": not yet
        char host[64];                     // of its last attempt; "": not known
    } * item;
    size_t room;
};
void ms_store_execution_list_clear(struct ms_execution_list *l);
int ms_store_executions(struct ms_store *s, int64_t trial_id, struct ms_execution_list *out,
                        struct ms_error *err) MS_MUST_CHECK;

// The attempts that did not come to a good end, by execution and number.
struct ms_attempt_list {
    size_t n;
    struct ms_attempt_info {
        int64_t execution, number;
        char outcome[32]; // outcome.word
        char worker[24];  // its rank; "": none
        char *host, *ended, *message;
    } * item;
    size_t room;
};
void ms_store_attempt_list_clear(struct ms_attempt_list *l);
int ms_store_failed_attempts(struct ms_store *s, int64_t trial_id, struct ms_attempt_list *out,
                             struct ms_error *err) MS_MUST_CHECK;

// What the command of an attempt wrote to stderr: of the attempt that failed last, else of the last
// one. text NULL: there is none.
struct ms_attempt_output {
    int64_t execution, attempt;
    char *text;
};
int ms_store_output(struct ms_store *s, int64_t trial_id, struct ms_attempt_output *out,
                    struct ms_error *err) MS_MUST_CHECK;

// Metrics of the test set, by execution and metric.
struct ms_test_list {
    size_t n;
    struct ms_test_info {
        int64_t execution, epoch;
        char metric[64];
        double value;
    } * item;
    size_t room;
};
void ms_store_test_list_clear(struct ms_test_list *l);
int ms_store_tests(struct ms_store *s, int64_t trial_id, struct ms_test_list *out,
                   struct ms_error *err) MS_MUST_CHECK;

// --- where and when (store_read_provenance.c) -------------------------------------------

// The latest run of a sweep, in words; every text is malloc'ed, "" where the store does not have
// it. gflops NAN, workers 0: not known.
struct ms_provenance_info {
    char *started, *ended; // UTC; ended "": it runs, or was killed
    char *host, *user, *version, *mpi, *blas, *core, *command_line, *text_sha256;
    int64_t seed, workers, runs; // runs: how many there were
    double gflops;
};
void ms_store_provenance_info_clear(struct ms_provenance_info *p);
int ms_store_provenance_info(struct ms_store *s, int64_t sweep_id, struct ms_provenance_info *out,
                             struct ms_error *err) MS_MUST_CHECK;

// One attempt, valid during the call. Seconds since 1970 (UTC); end NAN: under way.
struct ms_attempt_span {
    uint32_t trial;
    int64_t execution, worker; // -1: no worker had it
    double start, end;
    const char *host, *word; // "" where there is none; outcome.word, "running"
    bool failure, test;      // test: a repetition that evaluates the test set
};
// Calls take for every attempt that a worker began, ordered by the trial, until it fails: then its
// status is returned.
typedef int (*ms_store_take_attempt)(void *to, const struct ms_attempt_span *span,
                                     struct ms_error *err);
int ms_store_each_attempt(struct ms_store *s, int64_t sweep_id, ms_store_take_attempt take,
                          void *to, struct ms_error *err) MS_MUST_CHECK;

// --- epochs (store_read_epochs.c) --------------------------------------------------

// The metrics that the sweep's epochs have, loss first, each followed by that of the validation
// set.
int ms_store_metrics(struct ms_store *s, int64_t sweep_id, struct ms_store_names *out,
                     struct ms_error *err) MS_MUST_CHECK;

// Epochs, ordered by execution and epoch: a row each, a column for each of the metrics asked for.
struct ms_epoch_table {
    size_t n;
    int n_metrics;
    int64_t *execution, *epoch; // execution: its number
    double *value;              // (n, n_metrics); NAN: not reported, or NaN
    bool *has;                  // (n, n_metrics): it was reported
    size_t room;
};
void ms_store_epoch_table_clear(struct ms_epoch_table *t);
int ms_store_epoch_table(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                         const struct ms_store_names *metrics, struct ms_epoch_table *out,
                         struct ms_error *err) MS_MUST_CHECK;

// The last epochs, at most `most`, of the trial's best execution that has any, or of the one that
// has most where none has an objective. number -1: no execution has epochs.
struct ms_last_epochs {
    int64_t number; // of the execution
    struct ms_store_names metrics;
    struct ms_epoch_table table;
};
void ms_store_last_epochs_clear(struct ms_last_epochs *l);
int ms_store_last_epochs(struct ms_store *s, int64_t trial_id, bool maximize, int most,
                         struct ms_last_epochs *out, struct ms_error *err) MS_MUST_CHECK;

#endif
