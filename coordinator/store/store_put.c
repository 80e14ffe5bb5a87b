// SPDX-License-Identifier: MIT
//
// Puts what a run reports into the open transaction. Everything is looked up before anything is
// written, so that a put which is refused has changed nothing.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/at.h"

static const char sql_trial_find[] = "SELECT trial_id FROM trial WHERE sweep_id = ? AND number = ?";
static const char sql_trial_insert[] =
    "INSERT INTO trial (sweep_id, number, weights, flops, memory_bytes, dataset, created_at)"
    " VALUES (?, ?, ?, ?, ?, nullif(?, -1), ?)";
static const char sql_param_insert[] = "INSERT INTO param (trial_id, name, position, text, "
                                       "value_index, value) VALUES (?, ?, ?, ?, ?, ?)";
static const char sql_param_list[] = "SELECT position, name, text, value_index, value FROM param "
                                     "WHERE trial_id = ? ORDER BY position";
static const char sql_execution_count[] =
    "SELECT count(*) FROM execution WHERE trial_id = ? AND purpose = 'search'";
static const char sql_execution_insert[] = "INSERT INTO execution (trial_id, number) VALUES (?, ?)"
                                           " ON CONFLICT DO UPDATE SET purpose = 'search'";
static const char sql_execution_find[] =
    "SELECT x.execution_id, x.state = 'done' FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.number = ?";
static const char sql_execution_running[] =
    "UPDATE execution SET state = 'running', outcome = NULL WHERE execution_id = ?";
static const char sql_execution_waiting[] = "UPDATE execution SET state = 'waiting', outcome = "
                                            "NULL, objective = NULL WHERE execution_id = ?";
static const char sql_execution_paused[] =
    "UPDATE execution SET state = 'waiting', outcome = NULL, objective = NULL, epochs = ?,"
    " epochs_asked = ? WHERE execution_id = ?";
static const char sql_checkpoint_forget[] = "DELETE FROM checkpoint WHERE execution_id = ?";
static const char sql_execution_end[] =
    "UPDATE execution SET state = ?, outcome = ?, objective = ?, best_epoch = nullif(?, 0),"
    " epochs = ?, epochs_asked = ?, constant = ? WHERE execution_id = ?";
static const char sql_attempt_begun[] =
    "UPDATE attempt SET worker_rank = ?, started_at = ? WHERE execution_id = ? AND outcome IS NULL";
static const char sql_attempt_begin[] =
    "INSERT INTO attempt (execution_id, number, worker_rank, started_at) SELECT ?1,"
    " coalesce((SELECT max(number) + 1 FROM attempt WHERE execution_id = ?1), 0), ?2, ?3";
static const char sql_attempt_end[] =
    "UPDATE attempt SET outcome = ?, test_epoch = ?, worker_rank = ?, host = ?, ended_at = ?,"
    " epochs = ?, wall_s = ?, cpu_s = ?, wait_s = ?, max_rss_bytes = ?, message = ?, output = ?"
    " WHERE execution_id = ? AND outcome IS NULL";
// The same in one statement, for an attempt that was never announced.
static const char sql_attempt_whole[] =
    "INSERT INTO attempt (execution_id, number, outcome, test_epoch, worker_rank, host, ended_at,"
    " epochs, wall_s, cpu_s, wait_s, max_rss_bytes, message, output) SELECT ?13,"
    " coalesce((SELECT max(number) + 1 FROM attempt WHERE execution_id = ?13), 0),"
    " ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12";
static const char sql_epoch_insert[] =
    "INSERT INTO epoch_metric (execution_id, metric, epoch, value) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING";
static const char sql_epoch_update[] =
    "UPDATE epoch_metric SET value = ? WHERE execution_id = ? AND metric = ? AND epoch = ?";
// Deletes what an attempt reported that came to nothing, except for the parts before it.
static const char sql_epoch_forget[] =
    "DELETE FROM epoch_metric WHERE execution_id = ?1 AND epoch >"
    " (SELECT coalesce(epochs, 0) FROM execution WHERE execution_id = ?1)";
static const char sql_epoch_trim[] =
    "DELETE FROM epoch_metric WHERE execution_id = ? AND epoch > ?";
static const char sql_epoch_value[] =
    "SELECT value FROM epoch_metric WHERE execution_id = ? AND metric = ? AND epoch = ?";
static const char sql_epoch_curve[] =
    "SELECT epoch, value FROM epoch_metric WHERE execution_id = ? AND metric = ? AND epoch <= ?"
    " ORDER BY epoch";
static const char sql_test_put[] =
    "INSERT OR REPLACE INTO test_metric (execution_id, metric, epoch, value) VALUES (?, ?, ?, ?)";
static const char sql_planned[] = "UPDATE sweep SET trials_planned = ? WHERE sweep_id = ?";

#define METRIC_NAME_SIZE 64
#define PARAM_TEXT_SIZE 4096

// A size from the wire or the cost model as a whole number; NaN, negative and huge ones are 0.
static int64_t whole(double v)
{
    return v >= 0 && v < 0x1p62 ? (int64_t)v : 0;
}

// --- trials ------------------------------------------------------------------

static int put_param(struct ms_store *s, int64_t trial_id, int i, double v, struct ms_error *err)
{
    const struct ms_param *p = &ms_sweep_space(s->sweep)->param[i];
    char text[PARAM_TEXT_SIZE];
    ms_space_param_text(p, v, text, sizeof text);
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s, err, &q, sql_param_insert, "itit", trial_id, p->name, (int64_t)i,
                                text);
    if (rc)
        return rc;
    rc = p->count > 0 ? sqlite3_bind_int64(q, 5, (int64_t)v) : sqlite3_bind_null(q, 5);
    if (rc == SQLITE_OK)
        switch (ms_space_param_type(p, v)) { // the text is made to read back exactly
        case 'i':
            rc = sqlite3_bind_int64(q, 6, strtoll(text, NULL, 10));
            break;
        case 'r':
            rc = sqlite3_bind_double(q, 6, p->count > 0 ? strtod(text, NULL) : v);
            break;
        case 'b':
            rc = sqlite3_bind_int64(q, 6, text[0] == 't');
            break;
        default:
            rc = sqlite3_bind_text(q, 6, text, -1, SQLITE_STATIC);
        }
    if (rc != SQLITE_OK)
        return ms_store_sql_failed(s, rc, err);
    return ms_store_sql_step(s, q, err);
}

static int insert_trial(struct ms_store *s, uint32_t trial, const double *point,
                        const struct ms_cost *cost, int64_t *trial_id, struct ms_error *err)
{
    char now[MS_NOW_SIZE];
    const bool known = !isnan(cost->parameters); // of a network; the columns take whole numbers
    int status =
        ms_store_sql_do(s, err, sql_trial_insert, "iidddit", s->sweep_id, (int64_t)trial,
                        known ? (double)whole(cost->parameters) : NAN, known ? cost->flops : NAN,
                        known ? (double)whole(cost->bytes) : NAN,
                        (int64_t)ms_sweep_data_at(s->sweep, point), ms_store_now(now));
    *trial_id = sqlite3_last_insert_rowid(s->db);
    const struct ms_space *space = ms_sweep_space(s->sweep);
    for (int i = 0; !status && i < space->n; i++)
        if (!isnan(point[i]))
            status = put_param(s, *trial_id, i, point[i], err);
    return status;
}

// True when the store's parameter in q is parameter i with value v, to the bit.
static bool same_param(const struct ms_param *p, int i, double v, sqlite3_stmt *q)
{
    const char *name = (const char *)sqlite3_column_text(q, 1);
    if (sqlite3_column_int64(q, 0) != i || strcmp(name, p->name) != 0)
        return false;
    if (p->count > 0)
        return sqlite3_column_int64(q, 3) == (int64_t)v;
    const double was = sqlite3_column_double(q, 4);
    return memcmp(&was, &v, sizeof v) == 0;
}

// Compares the active parameters of the point with the rows, both in the order of the file.
static int check_trial(struct ms_store *s, uint32_t trial, const double *point, int64_t trial_id,
                       struct ms_error *err)
{
    const struct ms_space *space = ms_sweep_space(s->sweep);
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_param_list, "i", trial_id), i = 0;
    if (status)
        return status;
    while ((status = ms_store_sql_step(s, q, err)) > 0) {
        while (i < space->n && isnan(point[i]))
            i++;
        if (i == space->n || !same_param(&space->param[i], i, point[i], q))
            break;
        i++;
    }
    if (status < 0)
        return status;
    while (status == 0 && i < space->n && isnan(point[i]))
        i++;
    if (status == 0 && i == space->n)
        return 0;
    char ours[300] = "nothing more";
    if (i < space->n) {
        const int n = snprintf(ours, sizeof ours, "%.200s = ", space->param[i].name);
        ms_space_param_text(&space->param[i], point[i], ours + n, sizeof ours - (size_t)n);
    }
    status =
        ms_fail(err, MS_ESTATE, "%s: trial %u has %.200s%s%.200s where this program proposes %s",
                s->path, trial, status ? (const char *)sqlite3_column_text(q, 1) : "nothing more",
                status ? " = " : "", status ? (const char *)sqlite3_column_text(q, 2) : "", ours);
    sqlite3_reset(q);
    return status;
}

static int add_executions(struct ms_store *s, int64_t trial_id, int n, struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_execution_count, "i", trial_id);
    if (status || (status = ms_store_sql_step(s, q, err)) < 0)
        return status;
    const int64_t have = sqlite3_column_int64(q, 0);
    sqlite3_reset(q);
    status = 0;
    for (int64_t i = have; !status && i < n; i++)
        status = ms_store_sql_do(s, err, sql_execution_insert, "ii", trial_id, i);
    return status;
}

int ms_store_trial(struct ms_store *s, uint32_t trial, const double *point,
                   const struct ms_cost *cost, int n_executions, struct ms_error *err)
{
    int status = ms_store_sql_begin(s, err);
    if (status)
        return status;
    int64_t trial_id = 0;
    if (trial < s->fresh) {
        sqlite3_stmt *q;
        status = ms_store_sql_query(s, err, &q, sql_trial_find, "ii", s->sweep_id, (int64_t)trial);
        if (status || (status = ms_store_sql_step(s, q, err)) < 0)
            return status;
        trial_id = status > 0 ? sqlite3_column_int64(q, 0) : 0;
        sqlite3_reset(q);
    }
    if (trial_id) {
        status = check_trial(s, trial, point, trial_id, err);
        return status ? status : add_executions(s, trial_id, n_executions, err);
    }
    status = insert_trial(s, trial, point, cost, &trial_id, err);
    for (int64_t i = 0; !status && i < n_executions; i++)
        status = ms_store_sql_do(s, err, sql_execution_insert, "ii", trial_id, i);
    if (!status && trial >= s->fresh)
        s->fresh = (int64_t)trial + 1;
    return status;
}

// --- executions and attempts -------------------------------------------------

int ms_store_execution(struct ms_store *s, uint32_t trial, uint32_t execution, int64_t *id,
                       bool *done, struct ms_error *err)
{
    int status = ms_store_sql_begin(s, err);
    sqlite3_stmt *q;
    if (!status)
        status = ms_store_sql_query(s, err, &q, sql_execution_find, "iii", s->sweep_id,
                                    (int64_t)trial, (int64_t)execution);
    if (status || (status = ms_store_sql_step(s, q, err)) < 0)
        return status;
    if (status == 0)
        return ms_fail(err, MS_ESTATE, "%s: has no execution %u of trial %u", s->path, execution,
                       trial);
    *id = sqlite3_column_int64(q, 0);
    *done = sqlite3_column_int(q, 1);
    sqlite3_reset(q);
    return 0;
}

// The execution of an attempt. Mostly the reports of one execution follow each other.
static int same_execution(struct ms_store *s, const struct ms_attempt *job, int64_t *id,
                          struct ms_error *err)
{
    if (s->last.id && s->last.sweep_id == s->sweep_id && s->last.trial == job->trial &&
        s->last.execution == job->execution) {
        *id = s->last.id;
        return ms_store_sql_begin(s, err);
    }
    bool done;
    int status = ms_store_execution(s, job->trial, job->execution, id, &done, err);
    s->last.id = status ? 0 : *id;
    s->last.sweep_id = s->sweep_id;
    s->last.trial = job->trial;
    s->last.execution = job->execution;
    return status;
}

int ms_store_running(struct ms_store *s, uint32_t trial, uint32_t execution, int rank,
                     struct ms_error *err)
{
    int64_t id = 0;
    bool done = false;
    char now[MS_NOW_SIZE];
    ms_store_now(now);
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    if (!status && !done)
        status = ms_store_sql_do(s, err, sql_execution_running, "i", id);
    if (!status) // handed back by one worker and given to another: still the same attempt
        status = ms_store_sql_do(s, err, sql_attempt_begun, "iti", (int64_t)rank, now, id);
    if (!status && sqlite3_changes(s->db) == 0)
        status = ms_store_sql_do(s, err, sql_attempt_begin, "iit", id, (int64_t)rank, now);
    return status;
}

int ms_store_take_objective(struct ms_store *s, int64_t id, int64_t upto, double *value,
                            int64_t *epoch, struct ms_error *err)
{
    const struct ms_objective *o = ms_sweep_objective(s->sweep);
    struct ms_at_watch w = {.at = o->at, .maximize = o->maximize, .window = o->window};
    *value = NAN;
    *epoch = 0;
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s, err, &q, sql_epoch_curve, "iti", id, o->name, upto);
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(s, q, err)) > 0) {
        const bool null = sqlite3_column_type(q, 1) == SQLITE_NULL;
        const double v = null ? NAN : sqlite3_column_double(q, 1);
        ms_at_next(&w, (int)sqlite3_column_int64(q, 0), v);
    }
    if (w.epoch > 0) {
        *value = w.value;
        *epoch = w.epoch;
    }
    return rc;
}

// How an attempt ended, and why.
struct ending {
    enum ms_end end;
    const char *message; // "": there is nothing to say
    char own[160];
};

// A training that came to its own end without a value of the objective is not one that completed.
static void judge_value(const struct ms_store *s, double value, struct ending *e)
{
    const struct ms_objective *o = ms_sweep_objective(s->sweep);
    if (!isnan(value) || (e->end != MS_END_COMPLETED && e->end != MS_END_STOPPED))
        return;
    e->end = MS_END_UNDEFINED;
    snprintf(e->own, sizeof e->own, "%s has no finite value%s", o->name,
             o->at == MS_AT_LAST        ? " in the last epoch"
             : o->at == MS_AT_LAST_MEAN ? " in the last epochs"
                                        : "");
    if (!*e->message)
        e->message = e->own;
}

static int end_attempt(struct ms_store *s, int64_t id, const struct ms_attempt *job,
                       const struct ms_result *r, const struct ending *e, int rank,
                       const char *host, struct ms_error *err)
{
    char now[MS_NOW_SIZE];
    ms_store_now(now);
    const char *const ways[] = {sql_attempt_end, sql_attempt_whole};
    for (int i = 0; i < 2; i++) {
        int status = ms_store_sql_do(
            s, err, ways[i], "tiittiddditti", ms_outcome_of(e->end)->name, (int64_t)job->test_epoch,
            (int64_t)rank, host, now, (int64_t)r->epochs, r->wall_s, r->cpu_s, r->wait_s,
            whole(r->max_rss_bytes), *e->message ? e->message : NULL, r->output, id);
        if (status || sqlite3_changes(s->db) > 0)
            return status;
    }
    return ms_fail(err, MS_ESTATE, "%s: trial %u, execution %u: its attempt cannot be recorded",
                   s->path, job->trial, job->execution);
}

// A training repeats its epochs to the bit; a program need not. For a command only the numbers of
// the attempt that ended well count. An attempt that is believed lost may still end well, so its
// numbers stay.
static int forget_epochs(struct ms_store *s, int64_t id, const struct ms_result *r, bool done,
                         bool final, struct ms_error *err)
{
    if (ms_sweep_kind(s->sweep) != MS_KIND_COMMAND)
        return 0;
    if (done)
        return ms_store_sql_do(s, err, sql_epoch_trim, "ii", id, (int64_t)r->epochs);
    return final || r->end == MS_END_LOST ? 0 : ms_store_sql_do(s, err, sql_epoch_forget, "i", id);
}

int ms_store_attempt(struct ms_store *s, const struct ms_attempt *job, const struct ms_result *r,
                     int rank, const char *host, bool final, int epochs_asked, double *objective,
                     struct ms_error *err)
{
    const bool test = job->test_epoch > 0, pauses = !final && r->end == MS_END_PAUSED;
    const bool done = !test && ms_outcome_of(r->end)->counts && r->end != MS_END_PAUSED;
    struct ending e = {.end = r->end, .message = r->message};
    int64_t id = 0, best_epoch = 0;
    double value = NAN;
    if (objective)
        *objective = NAN;
    int status = same_execution(s, job, &id, err);
    if (!status && !test && !pauses)
        status = forget_epochs(s, id, r, done, final, err);
    if (!status && done && final)
        status = ms_store_take_objective(s, id, INT64_MAX, &value, &best_epoch, err);
    if (!status && done && final)
        judge_value(s, value, &e);
    if (!status)
        status = end_attempt(s, id, job, r, &e, rank, host, err);
    if (status || test)
        return status;
    if (pauses)
        return ms_store_sql_do(s, err, sql_execution_paused, "iii", (int64_t)r->epochs,
                               (int64_t)epochs_asked, id);
    if (!final)
        return ms_store_sql_do(s, err, sql_execution_waiting, "i", id);
    const double constant = done && ms_sweep_kind(s->sweep) == MS_KIND_TRAIN ? r->constant : NAN;
    status = ms_store_sql_do(s, err, sql_execution_end, "ttdiiidi", done ? "done" : "failed",
                             ms_outcome_of(e.end)->name, value, best_epoch, (int64_t)r->epochs,
                             (int64_t)epochs_asked, constant, id);
    if (!status && s->checkpoints)
        status = ms_store_sql_do(s, err, sql_checkpoint_forget, "i", id);
    if (objective)
        *objective = value;
    return status;
}

// --- metrics -----------------------------------------------------------------

// Compares an epoch that is already there with the report. NaN equals NaN, whatever its payload.
static int compare_epoch(struct ms_store *s, int64_t id, const char *metric, int64_t epoch,
                         double value, bool *same, struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_epoch_value, "iti", id, metric, epoch);
    if (status || (status = ms_store_sql_step(s, q, err)) < 0)
        return status;
    if (sqlite3_column_type(q, 0) == SQLITE_NULL) {
        *same = isnan(value);
    } else {
        const double was = sqlite3_column_double(q, 0);
        *same = memcmp(&was, &value, sizeof value) == 0;
    }
    sqlite3_reset(q);
    return 0;
}

int ms_store_epochs(struct ms_store *s, const struct ms_attempt *job, const struct ms_epochs *e,
                    const int *ids, int *differs, struct ms_error *err)
{
    char names[MS_MAX_METRICS][METRIC_NAME_SIZE];
    if (e->n_columns > MS_MAX_METRICS)
        return ms_fail(err, MS_ELIMIT, "%u metrics in an epoch, at most %d", e->n_columns,
                       MS_MAX_METRICS);
    const char *name = e->names;
    for (uint32_t c = 0; c < e->n_columns; c++) {
        if (!name) {
            ms_metric_name(ids[c], names[c], sizeof names[c]);
            continue;
        }
        snprintf(names[c], sizeof names[c], "%s", name);
        name += strlen(name) + 1;
    }
    int64_t id = 0;
    *differs = 0;
    int status = same_execution(s, job, &id, err);
    for (uint32_t i = 0; !status && i < e->n_epochs; i++) {
        const int64_t epoch = (int64_t)e->first_epoch + i;
        const double *row = e->values + (size_t)i * e->n_columns; /* (n_columns) */
        for (uint32_t c = 0; !status && c < e->n_columns; c++) {
            bool same = true;
            status = ms_store_sql_do(s, err, sql_epoch_insert, "itid", id, names[c], epoch, row[c]);
            if (!status && sqlite3_changes(s->db) == 0)
                status = compare_epoch(s, id, names[c], epoch, row[c], &same, err);
            if (!status && !same && ms_sweep_kind(s->sweep) == MS_KIND_COMMAND)
                status =
                    ms_store_sql_do(s, err, sql_epoch_update, "diti", row[c], id, names[c], epoch);
            if (!status && !same && *differs == 0)
                *differs = (int)epoch;
        }
    }
    return status;
}

int ms_store_test(struct ms_store *s, uint32_t trial, uint32_t execution, int epoch,
                  const int *metrics, const double *values, int n, struct ms_error *err)
{
    int64_t id = 0;
    bool done = false;
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    for (int i = 0; !status && i < n; i++) {
        char name[METRIC_NAME_SIZE];
        ms_metric_name(2 * metrics[i], name, sizeof name);
        status = ms_store_sql_do(s, err, sql_test_put, "itid", id, name, (int64_t)epoch, values[i]);
    }
    return status;
}

int ms_store_planned(struct ms_store *s, int64_t trials, struct ms_error *err)
{
    const int status = ms_store_sql_begin(s, err);
    return status ? status : ms_store_sql_do(s, err, sql_planned, "ii", trials, s->sweep_id);
}
