// SPDX-License-Identifier: MIT
//
// The store: one SQLite file that holds everything, at home for anyone with sqlite3. This is the
// side that writes, rank 0 alone; store_read.h is the side that reads, which anyone may do at any
// time, also while a run writes. The schema with its comments is in store_tables.c and
// store_views.c.
//
// Writing: every put joins the open transaction; ms_store_commit makes it durable
// (synchronous=FULL). The coordinator commits before it acts on what was reported. Journal: WAL on
// a local file system, so that neither side ever waits for the other; a rollback journal on a
// network file system, where WAL does not work; --journal overrides. When a run ends cleanly the
// file is left as one plain file. Between ms_store_begin and ms_store_close no other program can
// write to the file (it is told that the database is locked). With a rollback journal a reader may
// delay a commit: ms_store_commit then returns MS_EBUSY, the transaction stays open and grows, the
// run goes on, and the next commit takes it all.
//
// Doubles are kept bit for bit. NaN, which SQLite cannot hold, is NULL in columns documented so.
#ifndef MLPSWEEP_STORE_H
#define MLPSWEEP_STORE_H

#include "mlpsweep/cost.h"
#include "mlpsweep/data_info.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/sweep.h"
#include "mlpsweep/wire.h"

struct ms_store;

enum ms_journal { MS_JOURNAL_AUTO, MS_JOURNAL_WAL, MS_JOURNAL_DELETE };

// Opens or creates a store for a run. A file that is not an SQLite file, a newer schema
// (user_version), a directory and a place that cannot be written are each refused by name, and left
// as they are. A second run on the same store is refused while the first one lives, by an advisory
// lock on the file "<store>.lock", which names host and pid and is removed at the end.
int ms_store_open(const char *path, enum ms_journal journal, struct ms_store **out,
                  struct ms_error *err) MS_MUST_CHECK;

// Commits the open transaction, leaves one plain file, and closes. NULL is fine.
int ms_store_close(struct ms_store *s, struct ms_error *err);

struct ms_provenance {
    const char *version; // of mlpsweep
    const char *host, *user, *command_line;
    const char *mpi;  // "Open MPI 4.1.4"
    const char *blas; // ms_train_provenance
    int workers;
    const char *core, *core_note;    // of BLAS, see include/mlpsweep/blas.h; NULL: nothing to tell
    double gflops;                   // 0: not measured
    double worker_bytes;             // memory that a worker may use; 0: not known
    const struct ms_data_info *data; // (n_data) of the sweep's data sets, by config.dataset
    int n_data;
    const struct ms_data_file *program; // (n_program) what a command runs; part has no meaning
    int n_program;
};

// In place of ms_store_begin, for a command that adds to a sweep without running it: what is put
// belongs to that sweep of the store, whose file `sweep` was parsed from. Borrowed likewise.
void ms_store_resume(struct ms_store *s, const struct ms_sweep *sweep, int64_t sweep_id);

// An execution that is already in a store that is continued.
struct ms_known {
    uint32_t trial, execution;
    enum { MS_WAITING, MS_RUNNING, MS_DONE, MS_FAILED } state;
    uint32_t attempts; // used up by failures; interrupted runs use up none
    int epochs;        // epochs the finished execution was asked to train
    enum ms_end end;   // how it ended; DONE and FAILED only
    int trained;       // epochs the finished execution was trained
    int reached;       // epochs whose results are complete: of its longest part that ended well
    bool has_value;    // of the objective
};

// Which edition of its file the sweep goes on as (ms_sweep_set_edition): the newest whose data are
// those of today; where all have other data the newest, which ms_store_begin refuses, or with
// accept a new one. unknown: it has trials, but the store does not know of which data.
struct ms_edition {
    int number;
    bool unknown;
};
int ms_store_edition(struct ms_store *s, const struct ms_sweep *sweep,
                     const struct ms_data_info *data, int n_data, bool accept,
                     struct ms_edition *out, struct ms_error *err) MS_MUST_CHECK;

// The files of a command that are not what they were when the sweep, by its name, ran last.
struct ms_store_names;
int ms_store_program_changed(struct ms_store *s, const struct ms_sweep *sweep,
                             const struct ms_data_file *files, int n, struct ms_store_names *out,
                             struct ms_error *err) MS_MUST_CHECK;

// Finds the sweep by its name in the store, or creates it. A sweep that exists must be one that
// this one continues (ms_sweep_continues), with the same data; otherwise the result is MS_EINVAL
// and nothing is written. Executions found running wait again, and each has an attempt recorded as
// "interrupted". A run row is added with the provenance. Where the number of epochs grew, completed
// executions of fewer epochs wait again, and their objective is unknown until they have ended;
// early-stopped and diverged ones stay as they are. sweep is borrowed until the store is closed.
// known (malloc'ed, free with free()): every execution the store has, ordered by trial, execution.
int ms_store_begin(struct ms_store *s, const struct ms_sweep *sweep, const struct ms_provenance *p,
                   struct ms_known **known, int64_t *n_known, struct ms_error *err) MS_MUST_CHECK;

// After begin: executions that failed for good wait again, in the store and in known, with no
// attempts used up.
int ms_store_forgive(struct ms_store *s, struct ms_known *known, int64_t n_known,
                     struct ms_error *err) MS_MUST_CHECK;

// Fills in what is only known once the workers are up (blas, mpi, workers). May be called again.
int ms_store_provenance(struct ms_store *s, const struct ms_provenance *p,
                        struct ms_error *err) MS_MUST_CHECK;

// Adds a trial with the values of its parameters and n_executions waiting executions. If the store
// already has the trial, checks that its values are the same (MS_ESTATE if not: another program's
// store) and adds only the executions that are missing. Those that came after a smaller search are
// its own now.
int ms_store_trial(struct ms_store *s, uint32_t trial, const double *point,
                   const struct ms_cost *cost, int n_executions,
                   struct ms_error *err) MS_MUST_CHECK;

// The execution was handed to a worker. The store numbers attempts itself, because it counts
// interrupted ones too. A done execution stays done (a test attempt).
int ms_store_running(struct ms_store *s, uint32_t trial, uint32_t execution, int rank,
                     struct ms_error *err) MS_MUST_CHECK;

// Epochs of a running execution. ids: metric ids of the columns, unless e names them itself. An
// epoch that is already there (an earlier attempt reported it) must have the same bits. If it has
// not, *differs is set to the first such epoch, for the caller to report. The old value stays,
// except that of a command the latest counts.
int ms_store_epochs(struct ms_store *s, const struct ms_attempt *job, const struct ms_epochs *e,
                    const int *ids, int *differs, struct ms_error *err) MS_MUST_CHECK;

// One attempt ended. host: that of the worker. epochs_asked: config.epochs. final: the execution
// has ended with it, done if the outcome counts and is not a pause, failed otherwise; its objective
// and best epoch are taken from its epochs by the sweep's objective, and *objective (may be NULL)
// is set to it, NAN if there is none; one that came to its own end without a value is recorded as
// undefined. Not final: the execution waits again, and what a command reported in vain is
// forgotten.
int ms_store_attempt(struct ms_store *s, const struct ms_attempt *job, const struct ms_result *r,
                     int rank, const char *host, bool final, int epochs_asked, double *objective,
                     struct ms_error *err) MS_MUST_CHECK;

// --- executions after the search (store_more.c) --------------------------------

// Why an execution exists; in the store as execution.purpose.
enum ms_purpose { MS_PURPOSE_SEARCH, MS_PURPOSE_RESOLVE, MS_PURPOSE_CONFIRM };

// Adds a waiting execution to a trial of the store, unless it has it.
int ms_store_more(struct ms_store *s, uint32_t trial, uint32_t execution, enum ms_purpose purpose,
                  struct ms_error *err) MS_MUST_CHECK;

// Forgets the executions after the search that have not ended: at the end of a stage nobody asks
// for them any more.
int ms_store_forget_more(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

// --- executions in parts (store_parts.c) -------------------------------------

// The state of a paused execution; replaces an earlier one. Deleted when the execution ends.
int ms_store_checkpoint(struct ms_store *s, uint32_t trial, uint32_t execution,
                        const struct ms_state *state, struct ms_error *err) MS_MUST_CHECK;

// The state after epoch, malloc'ed; NULL and 0 where there is none of that epoch.
int ms_store_checkpoint_at(struct ms_store *s, uint32_t trial, uint32_t execution, uint32_t epoch,
                           uint8_t **bytes, uint32_t *n, struct ms_error *err) MS_MUST_CHECK;

// The objective of epochs 1 … upto, and the objective's metric after each of them (curve:
// malloc'ed, *n epochs; an epoch that a command did not report has the value of the one before it,
// NAN before the first).
int ms_store_curve(struct ms_store *s, uint32_t trial, uint32_t execution, int upto, double *value,
                   double **curve, int *n, struct ms_error *err) MS_MUST_CHECK;

// A paused execution gets no more epochs: it is done, "pruned". One that is done stays as it is.
// *has_value: it has an objective.
int ms_store_prune(struct ms_store *s, uint32_t trial, uint32_t execution, int epochs,
                   int epochs_asked, bool *has_value, struct ms_error *err) MS_MUST_CHECK;

// A pruned execution of an earlier run continues after all, because the sweep has grown.
int ms_store_reopen(struct ms_store *s, uint32_t trial, uint32_t execution,
                    struct ms_error *err) MS_MUST_CHECK;

// The point of a trial in the store. Returns 1, or 0 if it is not there.
int ms_store_point(struct ms_store *s, uint32_t trial, double *point,
                   struct ms_error *err) MS_MUST_CHECK;

// Test metrics of an execution (the winner's): ids of config.metrics rows.
int ms_store_test(struct ms_store *s, uint32_t trial, uint32_t execution, int epoch,
                  const int *metrics, const double *values, int n,
                  struct ms_error *err) MS_MUST_CHECK;

// The objective of an execution of the current sweep; NAN: none.
int ms_store_objective(struct ms_store *s, uint32_t trial, uint32_t execution, double *value,
                       struct ms_error *err) MS_MUST_CHECK;

// The executions of a trial that have an objective but no test metrics, with the epoch that
// counted. At most max into out.
struct ms_untested {
    uint32_t execution, epoch;
};
int ms_store_untested(struct ms_store *s, uint32_t trial, struct ms_untested *out, int max, int *n,
                      struct ms_error *err) MS_MUST_CHECK;

// --- weights (store_model.c) --------------------------------------------------

// The weights of an execution after an epoch (weights.h, as bytes), in place of those it had; of a
// refit, execution is the number of its seed. n: how many. NULL: too many to be kept.
int ms_store_put_model(struct ms_store *s, uint32_t trial, uint32_t execution, bool refit,
                       int epoch, const uint8_t *weights, int64_t n,
                       struct ms_error *err) MS_MUST_CHECK;

// Forgets what is kept of a trial's executions; refits stay.
int ms_store_drop_models(struct ms_store *s, uint32_t trial, struct ms_error *err) MS_MUST_CHECK;

// The executions of a trial that rank it and have an objective, but whose weights at the epoch that
// counted are not in the store. At most max into out.
int ms_store_unkept(struct ms_store *s, uint32_t trial, struct ms_untested *out, int max, int *n,
                    struct ms_error *err) MS_MUST_CHECK;

// 0: durable; MS_EBUSY: a reader holds it, try again later; else an error such as a full disk.
int ms_store_commit(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

// The run ended: "finished", "interrupted", "failed".
int ms_store_end(struct ms_store *s, const char *state, struct ms_error *err) MS_MUST_CHECK;

// Records how many trials are planned, for status and views.
int ms_store_planned(struct ms_store *s, int64_t trials, struct ms_error *err) MS_MUST_CHECK;

#endif
