// SPDX-License-Identifier: MIT
//
// The beginning and the end of a run: finding or making its sweep, checking that it may continue,
// cleaning up after a run that was killed. All of it is one transaction, so that a sweep which is
// refused leaves nothing behind.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char sql_sweep_by_name[] =
    "SELECT sweep_id, file, text, text_sha256 FROM sweep WHERE name = ?";
static const char sql_sweep_insert[] =
    "INSERT INTO sweep (name, created_at, file, text, text_sha256, seed, metric, goal, at, rank_by,"
    " failed_executions, name_in_file, at_window) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
    " ?11, nullif(?12, ?1), ?13)";
static const char sql_sweep_update[] =
    "UPDATE sweep SET file = ?, text = ?, text_sha256 = ?, rank_by = ?, failed_executions = ?"
    " WHERE sweep_id = ?";
static const char sql_runs_killed[] = "UPDATE run SET state = 'killed' WHERE state = 'running'";
static const char sql_attempts_interrupted[] =
    "UPDATE attempt SET outcome = 'interrupted', ended_at = ?, message = ? WHERE outcome IS NULL";
static const char sql_running_wait[] =
    "UPDATE execution SET state = 'waiting' WHERE state = 'running'";
static const char sql_run_insert[] =
    "INSERT INTO run (sweep_id, state, started_at, host, user, pid, command_line, version, mpi, "
    "blas,"
    " workers, core, core_note, gflops, worker_bytes, text_sha256, text)"
    " VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0.0), nullif(?, 0), ?, ?)";
static const char sql_run_last_text[] =
    "SELECT text_sha256 FROM run WHERE sweep_id = ? ORDER BY run_id DESC LIMIT 1";
static const char sql_run_update[] =
    "UPDATE run SET mpi = coalesce(?, mpi), blas = coalesce(?, blas),"
    " workers = CASE WHEN ?3 > 0 THEN ?3 ELSE workers END WHERE run_id = ?4";
static const char sql_run_end[] =
    "UPDATE run SET state = ?, ended_at = ? WHERE run_id = ? AND state = 'running'";
static const char sql_known_count[] =
    "SELECT count(*) FROM execution JOIN trial USING (trial_id) WHERE sweep_id = ?";
static const char sql_fresh[] =
    "SELECT coalesce((SELECT max(number) + 1 FROM trial WHERE sweep_id = ?), 0),"
    " EXISTS (SELECT 1 FROM checkpoint)";
static const char sql_known[] =
    "SELECT t.number, x.number, x.state, coalesce(x.epochs_asked, 0),"
    " (SELECT count(*) FROM attempt AS a WHERE a.execution_id = x.execution_id AND a.test_epoch = 0"
    "  AND a.outcome IN (SELECT name FROM outcome WHERE failure AND NOT counts)), x.outcome, "
    "coalesce(x.epochs, 0),"
    " coalesce((SELECT max(a.epochs) FROM attempt AS a WHERE a.execution_id = x.execution_id"
    "  AND a.test_epoch = 0 AND a.outcome IN (SELECT name FROM outcome WHERE counts)), 0),"
    " x.objective IS NOT NULL FROM trial AS t JOIN execution AS x USING (trial_id) WHERE "
    "t.sweep_id = ?"
    " ORDER BY t.number, x.number";
static const char sql_forgive[] = // epochs: those of the parts that ended well
    "UPDATE execution SET state = 'waiting', outcome = NULL, objective = NULL, epochs ="
    " (SELECT max(a.epochs) FROM attempt AS a WHERE a.execution_id = execution.execution_id"
    "  AND a.outcome = 'paused') WHERE state = 'failed' AND trial_id IN"
    " (SELECT trial_id FROM trial WHERE sweep_id = ?)";
// Deletes what programs reported that did not finish: they start again and need not repeat it.
static const char sql_forget_told[] =
    "DELETE FROM epoch_metric WHERE execution_id IN (SELECT x.execution_id FROM trial AS t"
    " JOIN execution AS x USING (trial_id) WHERE t.sweep_id = ? AND x.state = 'waiting') AND epoch "
    ">"
    " (SELECT coalesce(x.epochs, 0) FROM execution AS x WHERE x.execution_id = "
    "epoch_metric.execution_id)";
static const char sql_finished_params[] =
    "SELECT t.trial_id, t.number, p.position, p.name, p.value_index, p.value"
    " FROM trial AS t LEFT JOIN param AS p USING (trial_id)"
    " WHERE t.sweep_id = ? AND EXISTS (SELECT 1 FROM execution AS x"
    "  WHERE x.trial_id = t.trial_id AND x.outcome IN ('completed', 'undefined'))"
    " ORDER BY t.number, p.position";
static const char
    sql_forget_tests[] = // of the shorter training, whose weights are not those of the longer one
    "DELETE FROM test_metric WHERE execution_id IN (SELECT execution_id FROM execution"
    " WHERE trial_id = ? AND outcome = 'completed' AND epochs_asked < ?)";
static const char sql_forget_models[] = // likewise
    "DELETE FROM model WHERE kind = 'kept' AND trial_id = ?1 AND execution IN (SELECT number FROM"
    " execution WHERE trial_id = ?1 AND outcome = 'completed' AND epochs_asked < ?2)";
static const char sql_reopen[] =
    "UPDATE execution SET state = 'waiting', outcome = NULL, objective = NULL, best_epoch = NULL"
    " WHERE trial_id = ? AND (outcome = 'completed' OR (outcome = 'undefined' AND epochs ="
    " epochs_asked)) AND epochs_asked < ?";

static int insert_sweep(struct ms_store *s, const char *hash, struct ms_error *err)
{
    const struct ms_objective *o = ms_sweep_objective(s->sweep);
    char now[MS_NOW_SIZE];
    const int status = ms_store_sql_do(
        s, err, sql_sweep_insert, "tttttitttttti", ms_sweep_name(s->sweep), ms_store_now(now),
        ms_sweep_file(s->sweep), ms_sweep_text(s->sweep), hash, (int64_t)ms_sweep_seed(s->sweep),
        o->name, o->maximize ? "maximize" : "minimize", ms_sweep_at_names[o->at],
        ms_sweep_by_names[o->by], ms_sweep_failures_names[o->failures],
        ms_sweep_name_in_file(s->sweep), (int64_t)o->window);
    if (status)
        return status;
    s->sweep_id = sqlite3_last_insert_rowid(s->db);
    return ms_store_put_goals(s, err);
}

// Reopens what a trial of an earlier run has with fewer epochs than the sweep now asks for.
static int reopen_trial(struct ms_store *s, int64_t trial_id, const double *point,
                        struct ms_config *config, struct ms_error *err)
{
    int status = ms_sweep_config(s->sweep, point, config, err);
    if (!status)
        status = ms_store_sql_do(s, err, sql_forget_tests, "ii", trial_id, (int64_t)config->epochs);
    if (!status)
        status =
            ms_store_sql_do(s, err, sql_forget_models, "ii", trial_id, (int64_t)config->epochs);
    return status ? status
                  : ms_store_sql_do(s, err, sql_reopen, "ii", trial_id, (int64_t)config->epochs);
}

int ms_store_read_param(const struct ms_store *s, sqlite3_stmt *q, double *point,
                        struct ms_error *err)
{
    const struct ms_space *space = ms_sweep_space(s->sweep);
    if (sqlite3_column_type(q, 2) == SQLITE_NULL)
        return 0; // a trial without parameters
    const int64_t i = sqlite3_column_int64(q, 2);
    const char *name = (const char *)sqlite3_column_text(q, 3);
    if (i < 0 || i >= space->n || !name || strcmp(name, space->param[i].name) != 0)
        return ms_fail(err, MS_ESTATE,
                       "%s: trial %lld has a parameter '%s' that the sweep does not have", s->path,
                       (long long)sqlite3_column_int64(q, 1), name ? name : "");
    const int column = sqlite3_column_type(q, 4) == SQLITE_NULL ? 5 : 4;
    point[i] = sqlite3_column_double(q, column);
    return 0;
}

// The number of epochs may itself be a parameter, so the point of each trial is read back and its
// configuration is computed.
static int reopen_shorter(struct ms_store *s, struct ms_error *err)
{
    const int n = ms_sweep_space(s->sweep)->n;
    double *point = malloc((size_t)(n + 1) * sizeof *point);
    struct ms_config *config = malloc(sizeof *config);
    if (!point || !config) {
        free(point);
        free(config);
        return ms_no_memory(err, "a point of %d parameters", n);
    }
    sqlite3_stmt *q = NULL;
    int status = ms_store_sql_query(s, err, &q, sql_finished_params, "i", s->sweep_id), row = 0;
    int64_t trial_id = 0;
    while (!status) {
        row = ms_store_sql_step(s, q, err);
        const int64_t next = row > 0 ? sqlite3_column_int64(q, 0) : 0;
        if (row >= 0 && trial_id && next != trial_id)
            status = reopen_trial(s, trial_id, point, config, err);
        if (status || row <= 0)
            break;
        if (next != trial_id)
            for (int i = 0; i < n; i++)
                point[i] = NAN;
        trial_id = next;
        status = ms_store_read_param(s, q, point, err);
    }
    if (q)
        sqlite3_reset(q);
    free(point);
    free(config);
    return status ? status : row;
}

// Compares the sweep that the store has under this name with the one to run now.
static int continue_sweep(struct ms_store *s, const char *file, const char *text, bool same_data,
                          bool *changed, struct ms_error *err)
{
    struct ms_sweep *old = NULL;
    struct ms_sweep_problems problems = {0};
    int status = ms_sweep_parse(file, text, strlen(text), &old, &problems);
    if (status)
        status =
            ms_fail(err, MS_ESTATE, "%s: this version does not accept the sweep stored in it: %s",
                    s->path, problems.n > 0 ? problems.item[0].text : "it cannot be parsed");
    else
        status = ms_sweep_continues(old, s->sweep, same_data, err);
    *changed = !status && strcmp(ms_sweep_canonical(old), ms_sweep_canonical(s->sweep)) != 0;
    ms_sweep_problems_clear(&problems);
    ms_sweep_free(old);
    return status;
}

// Whether the sweep of the row in q (sql_sweep_by_name) may go on with today's file and data.
static int check_continues(struct ms_store *s, const struct ms_provenance *p, const char *hash,
                           sqlite3_stmt *q, bool *changed, struct ms_error *err)
{
    char why[900];
    enum ms_data_match match;
    int status =
        ms_store_data_changed(s, s->sweep_id, p->data, p->n_data, &match, why, sizeof why, err);
    if (!status && strcmp((const char *)sqlite3_column_text(q, 3), hash) != 0)
        status = continue_sweep(s, (const char *)sqlite3_column_text(q, 1),
                                (const char *)sqlite3_column_text(q, 2), match == MS_DATA_SAME,
                                changed, err);
    if (!status && match == MS_DATA_CHANGED)
        status = ms_fail(err, MS_EINVAL,
                         "%s; nothing was written; --accept-changed-data begins a new sweep "
                         "beside it",
                         why);
    if (!status)
        status = ms_store_check_values(s, err);
    if (status == MS_EINVAL)
        ms_fail_in(err, "%s: sweep '%s' cannot be continued", s->path, ms_sweep_name(s->sweep));
    return status;
}

static int find_or_make_sweep(struct ms_store *s, const struct ms_provenance *p, const char *hash,
                              struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_sweep_by_name, "t", ms_sweep_name(s->sweep));
    if (status)
        return status;
    status = ms_store_sql_step(s, q, err);
    if (status <= 0)
        return status ? status : insert_sweep(s, hash, err);
    s->sweep_id = sqlite3_column_int64(q, 0);
    bool changed = false;
    status = check_continues(s, p, hash, q, &changed, err);
    sqlite3_reset(q);
    const struct ms_objective *o = ms_sweep_objective(s->sweep);
    if (!status)
        status = ms_store_sql_do(s, err, sql_sweep_update, "ttttti", ms_sweep_file(s->sweep),
                                 ms_sweep_text(s->sweep), hash, ms_sweep_by_names[o->by],
                                 ms_sweep_failures_names[o->failures], s->sweep_id);
    if (!status && changed)
        status = reopen_shorter(s, err);
    return status;
}

// Settles what an earlier run left under way. That run is dead, or the lock would not be ours.
static int settle_running(struct ms_store *s, const char *ended_at, const char *why,
                          struct ms_error *err)
{
    int status = ms_store_sql_do(s, err, sql_attempts_interrupted, "tt", ended_at, why);
    if (!status)
        status = ms_store_sql_do(s, err, sql_running_wait, "");
    return status;
}

static int insert_run(struct ms_store *s, const struct ms_provenance *p, const char *hash,
                      struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_run_last_text, "i", s->sweep_id);
    if (status)
        return status;
    status = ms_store_sql_step(s, q, err);
    if (status < 0)
        return status;
    const bool same = status > 0 && strcmp((const char *)sqlite3_column_text(q, 0), hash) == 0;
    sqlite3_reset(q);
    char now[MS_NOW_SIZE];
    status =
        ms_store_sql_do(s, err, sql_run_insert, "itttittttittditt", s->sweep_id, ms_store_now(now),
                        p->host, p->user, (int64_t)getpid(), p->command_line, p->version, p->mpi,
                        p->blas, (int64_t)p->workers, p->core, p->core_note, p->gflops,
                        (int64_t)p->worker_bytes, hash, same ? NULL : ms_sweep_text(s->sweep));
    if (!status)
        s->run_id = sqlite3_last_insert_rowid(s->db);
    return status;
}

static int state_of(const char *name)
{
    static const char *const names[] = {[MS_WAITING] = "waiting",
                                        [MS_RUNNING] = "running",
                                        [MS_DONE] = "done",
                                        [MS_FAILED] = "failed"};
    for (int i = 0; name && i < (int)(sizeof names / sizeof *names); i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return MS_WAITING;
}

static enum ms_end end_of(const char *name)
{
    const int end = ms_outcome_find(name);
    return end < 0 ? MS_END_INTERRUPTED : (enum ms_end)end;
}

static int read_known(struct ms_store *s, struct ms_known **out, int64_t *n, struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_known_count, "i", s->sweep_id);
    if (!status && (status = ms_store_sql_step(s, q, err)) > 0) {
        *n = sqlite3_column_int64(q, 0);
        sqlite3_reset(q);
        status = ms_store_sql_query(s, err, &q, sql_known, "i", s->sweep_id);
    }
    if (status)
        return status;
    struct ms_known *known = malloc((size_t)(*n + 1) * sizeof *known);
    if (!known)
        return ms_no_memory(err, "%lld executions", (long long)*n);
    int64_t i = 0;
    while (i < *n && (status = ms_store_sql_step(s, q, err)) > 0)
        known[i++] =
            (struct ms_known){.trial = (uint32_t)sqlite3_column_int64(q, 0),
                              .execution = (uint32_t)sqlite3_column_int64(q, 1),
                              .state = (unsigned)state_of((const char *)sqlite3_column_text(q, 2)),
                              .epochs = sqlite3_column_int(q, 3),
                              .attempts = (uint32_t)sqlite3_column_int64(q, 4),
                              .end = end_of((const char *)sqlite3_column_text(q, 5)),
                              .trained = sqlite3_column_int(q, 6),
                              .reached = sqlite3_column_int(q, 7),
                              .has_value = sqlite3_column_int(q, 8)};
    sqlite3_reset(q);
    if (status < 0) {
        free(known);
        return status;
    }
    *n = i;
    *out = known;
    return 0;
}

static int read_fresh(struct ms_store *s, struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_fresh, "i", s->sweep_id);
    if (status || (status = ms_store_sql_step(s, q, err)) < 0)
        return status;
    s->fresh = sqlite3_column_int64(q, 0);
    s->checkpoints = sqlite3_column_int(q, 1);
    sqlite3_reset(q);
    return 0;
}

int ms_store_begin(struct ms_store *s, const struct ms_sweep *sweep, const struct ms_provenance *p,
                   struct ms_known **known, int64_t *n_known, struct ms_error *err)
{
    char hash[MS_SHA256_SIZE];
    *known = NULL;
    *n_known = 0;
    s->sweep = sweep;
    ms_sha256(ms_sweep_text(sweep), ms_sweep_text_size(sweep), hash);
    int status = ms_store_sql_begin(s, err);
    if (!status)
        status = find_or_make_sweep(s, p, hash, err);
    if (!status)
        status = ms_store_sql_do(s, err, sql_runs_killed, "");
    if (!status)
        status = settle_running(s, NULL, "the run was killed", err);
    if (!status && ms_sweep_kind(sweep) == MS_KIND_COMMAND)
        status = ms_store_sql_do(s, err, sql_forget_told, "i", s->sweep_id);
    if (!status)
        status = insert_run(s, p, hash, err);
    if (!status)
        status = ms_store_put_data(s, p, err);
    if (!status)
        status = ms_store_make_view(s, err);
    if (!status)
        status = read_known(s, known, n_known, err);
    if (!status)
        status = read_fresh(s, err);
    if (!status && (status = ms_store_commit(s, err)) == MS_EBUSY)
        status = 0; // a reader holds the file: the next commit takes this along
    if (status) {
        ms_store_sql_rollback(s);
        free(*known);
        *known = NULL;
        *n_known = 0;
        s->sweep = NULL;
    }
    return status;
}

int ms_store_forgive(struct ms_store *s, struct ms_known *known, int64_t n_known,
                     struct ms_error *err)
{
    int status = ms_store_sql_begin(s, err);
    if (!status)
        status = ms_store_sql_do(s, err, sql_forgive, "i", s->sweep_id);
    if (!status && ms_sweep_kind(s->sweep) == MS_KIND_COMMAND)
        status = ms_store_sql_do(s, err, sql_forget_told, "i", s->sweep_id);
    for (int64_t i = 0; !status && i < n_known; i++)
        if (known[i].state == MS_FAILED) {
            known[i].state = MS_WAITING;
            known[i].attempts = 0;
        }
    return status;
}

int ms_store_provenance(struct ms_store *s, const struct ms_provenance *p, struct ms_error *err)
{
    const int status = ms_store_sql_begin(s, err);
    return status ? status
                  : ms_store_sql_do(s, err, sql_run_update, "ttii", p->mpi, p->blas,
                                    (int64_t)p->workers, s->run_id);
}

int ms_store_end(struct ms_store *s, const char *state, struct ms_error *err)
{
    char now[MS_NOW_SIZE];
    int status = ms_store_sql_begin(s, err);
    if (!status)
        status = settle_running(s, ms_store_now(now), "the run ended", err);
    if (!status)
        status = ms_store_sql_do(s, err, sql_run_end, "tti", state, now, s->run_id);
    return status;
}
