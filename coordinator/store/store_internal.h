// SPDX-License-Identifier: MIT
//
// Shared by the files of this room, and by nobody else: the connection, its statements, one way to
// run SQL and one way to report that SQLite refused.
#ifndef MLPSWEEP_STORE_INTERNAL_H
#define MLPSWEEP_STORE_INTERNAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/sha256.h"
#include "store.h"
#include "store_read.h"

#define MS_STORE_APPLICATION 0x4d4c5053 // "MLPS", PRAGMA application_id
#define MS_STORE_VERSION 7              // PRAGMA user_version
#define MS_STORE_READABLE 2             // the oldest that can be read as it is, see store_lend.c
#define MS_STORE_STATEMENTS 128         // different statements of one connection, at most

struct ms_store {
    sqlite3 *db;
    char *path; // absolute
    char *lock_path;
    int lock_fd; // -1: none (a reader)
    bool writer;
    bool in_transaction;
    bool wal;
    int broken; // the code with which every call fails once SQLite has rolled back reported results
    struct ms_error fault;        // the message of that failure
    const struct ms_sweep *sweep; // borrowed from ms_store_begin until the store is closed
    int64_t sweep_id, run_id;
    struct {
        int64_t sweep_id, id; // id 0: none
        uint32_t trial, execution;
    } last;           // the execution looked up last
    int64_t fresh;    // trials from this number on are not in the store
    bool checkpoints; // there may be some
    struct {
        const char *sql; // compared by address: statements are named constants
        sqlite3_stmt *stmt;
    } prepared[MS_STORE_STATEMENTS];
    int n_prepared;
};

// --- running SQL (store_sql.c) -----------------------------------------------
//
// sql is a named constant of the calling file; it is prepared once and kept. types has a letter per
// parameter: i int64_t, d double (NaN becomes NULL), t const char * (NULL is NULL).

// Runs a statement that returns no rows.
int ms_store_sql_do(struct ms_store *s, struct ms_error *err, const char *sql, const char *types,
                    ...) MS_MUST_CHECK;

// Binds a query; step through it with ms_store_sql_step until it returns 0, or end it with
// sqlite3_reset. Texts must stay until then.
int ms_store_sql_query(struct ms_store *s, struct ms_error *err, sqlite3_stmt **out,
                       const char *sql, const char *types, ...) MS_MUST_CHECK;

// 1: a row; 0: no more, the statement is reset; < 0: error, reset too.
int ms_store_sql_step(struct ms_store *s, sqlite3_stmt *q, struct ms_error *err) MS_MUST_CHECK;

// Calls take for each row of a query, until it fails: then its status is returned.
typedef int (*ms_store_take)(void *to, sqlite3_stmt *q, struct ms_error *err);
int ms_store_sql_each(struct ms_store *s, struct ms_error *err, ms_store_take take, void *to,
                      const char *sql, const char *types, ...) MS_MUST_CHECK;

// The first column of every row.
int ms_store_sql_names(struct ms_store *s, struct ms_error *err, struct ms_store_names *out,
                       const char *sql, const char *types, ...) MS_MUST_CHECK;

// Statements given as text, run once.
int ms_store_sql_script(struct ms_store *s, const char *text, struct ms_error *err) MS_MUST_CHECK;

// Joins the open transaction or begins one. MS_EBUSY when another program writes to the file.
int ms_store_sql_begin(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;
void ms_store_sql_rollback(struct ms_store *s);

// Says in words what SQLite's result rc means and returns our code. Notes when the transaction is
// gone.
int ms_store_sql_failed(struct ms_store *s, int rc, struct ms_error *err);
void ms_store_sql_finalize(struct ms_store *s);

// Text of a column into a fixed buffer; "" for NULL.
void ms_store_sql_text(sqlite3_stmt *q, int column, char *out, size_t size);
// The same malloc'ed.
int ms_store_sql_copy(sqlite3_stmt *q, int column, char **out, struct ms_error *err) MS_MUST_CHECK;
// NAN for NULL.
double ms_store_sql_double(sqlite3_stmt *q, int column);

// Now, UTC, "2026-01-31 12:00:00.123".
#define MS_NOW_SIZE 32
const char *ms_store_now(char out[MS_NOW_SIZE]);

// --- parts of opening a store ------------------------------------------------

// store_tables.c and store_views.c: today's schema; a NULL name ends each.
struct ms_store_part {
    const char *name, *sql;
};
extern const struct ms_store_part ms_store_tables[], ms_store_views[];
int ms_store_make_table(struct ms_store *s, const char *name, struct ms_error *err) MS_MUST_CHECK;
int ms_store_make_views(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;
// Rows that come with the program. Outcomes that are there already become today's.
int ms_store_fill_student(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;
int ms_store_fill_outcomes(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

// store_migrate.c: brings an open file from user_version `from` to MS_STORE_VERSION.
int ms_store_migrate(struct ms_store *s, int from, struct ms_error *err) MS_MUST_CHECK;

// store_lend.c: shows a reader an older file as one of today.
int ms_store_lend(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

// store_goals.c: the rows of a sweep's objectives.
int ms_store_put_goals(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

// store_lock.c. Takes <path>.lock, or reports who has it; releasing removes the file.
int ms_store_lock(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;
void ms_store_unlock(struct ms_store *s);
bool ms_store_is_local(const char *path); // WAL works: shared memory between processes of one host

// store_edition.c: compares data with those that the store has of a sweep. why: what has changed.
enum ms_data_match { MS_DATA_UNKNOWN, MS_DATA_SAME, MS_DATA_CHANGED };
int ms_store_data_changed(struct ms_store *s, int64_t sweep_id, const struct ms_data_info *data,
                          int n, enum ms_data_match *match, char *why, size_t size,
                          struct ms_error *err) MS_MUST_CHECK;

// store_data.c: data sets and programs of the run, in a transaction.
int ms_store_put_data(struct ms_store *s, const struct ms_provenance *p,
                      struct ms_error *err) MS_MUST_CHECK;

// store_scaling.c: the constants of a data set's scaling, of every fold. d->n_inputs and n_outputs
// are known.
int ms_store_put_scaling(struct ms_store *s, int64_t dataset_id, const struct ms_data_info *d,
                         struct ms_error *err) MS_MUST_CHECK;
int ms_store_scaling(struct ms_store *s, int64_t dataset_id, struct ms_data_info *d,
                     struct ms_error *err) MS_MUST_CHECK;

// store_put.c: the row of an execution, in a transaction. MS_ESTATE where there is none.
int ms_store_execution(struct ms_store *s, uint32_t trial, uint32_t execution, int64_t *id,
                       bool *done, struct ms_error *err) MS_MUST_CHECK;
// The objective by the sweep's rule, of epochs 1 … upto, and its epoch; NAN and 0 when none is
// finite.
int ms_store_take_objective(struct ms_store *s, int64_t id, int64_t upto, double *value,
                            int64_t *epoch, struct ms_error *err) MS_MUST_CHECK;

// store_begin.c: one parameter of a trial into its point. Columns 1 … 5 of q: the trial's number;
// position, name, value_index and value of param.
int ms_store_read_param(const struct ms_store *s, sqlite3_stmt *q, double *point,
                        struct ms_error *err) MS_MUST_CHECK;

// store_values.c: MS_EINVAL where the current sweep has another value under an index of the store.
int ms_store_check_values(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

// store_view.c: (re)makes the view trials_NAME of the current sweep.
int ms_store_make_view(struct ms_store *s, struct ms_error *err) MS_MUST_CHECK;

#endif
