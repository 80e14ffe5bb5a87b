// SPDX-License-Identifier: MIT
//
// Executions that are trained in parts: the states from which they continue, what they have reached
// so far, and their end where they paused. Also what a run asks about trials that it has open:
// their points, objectives, and executions without a test.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char sql_checkpoint_put[] =
    "INSERT OR REPLACE INTO checkpoint (execution_id, epoch, state) VALUES (?, ?, ?)";
static const char sql_checkpoint_get[] =
    "SELECT state FROM checkpoint WHERE execution_id = ? AND epoch = ?";
static const char sql_checkpoint_forget[] = "DELETE FROM checkpoint WHERE execution_id = ?";
static const char sql_curve[] =
    "SELECT epoch, value FROM epoch_metric WHERE execution_id = ? AND metric = ? AND epoch <= ?"
    " ORDER BY epoch";
static const char sql_prune[] = "UPDATE execution SET state = 'done', outcome = 'pruned', "
                                "objective = ?, best_epoch = nullif(?, 0),"
                                " epochs = ?, epochs_asked = ? WHERE execution_id = ?";
static const char sql_reopen[] =
    "UPDATE execution SET state = 'waiting', outcome = NULL, objective = NULL, best_epoch = NULL"
    " WHERE execution_id = ?";
static const char sql_forget_test[] = "DELETE FROM test_metric WHERE execution_id = ?";
static const char sql_objective[] =
    "SELECT x.objective FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.number = ?";
static const char sql_untested[] =
    "SELECT x.number, coalesce(x.best_epoch, x.epochs)"
    " FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.objective IS NOT NULL"
    " AND x.purpose <> 'confirm'"
    " AND NOT EXISTS (SELECT 1 FROM test_metric AS m WHERE m.execution_id = x.execution_id)"
    " ORDER BY x.number";
static const char sql_point[] =
    "SELECT t.trial_id, t.number, p.position, p.name, p.value_index, p.value"
    " FROM trial AS t LEFT JOIN param AS p USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ?";

int ms_store_checkpoint(struct ms_store *s, uint32_t trial, uint32_t execution,
                        const struct ms_state *state, struct ms_error *err)
{
    int64_t id = 0;
    bool done = false;
    sqlite3_stmt *q;
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    if (!status)
        status =
            ms_store_sql_query(s, err, &q, sql_checkpoint_put, "ii", id, (int64_t)state->epoch);
    if (status)
        return status;
    const int bound = sqlite3_bind_blob64(q, 3, state->bytes, state->n, SQLITE_STATIC);
    if (bound != SQLITE_OK)
        return ms_store_sql_failed(s, bound, err);
    s->checkpoints = true;
    status = ms_store_sql_step(s, q, err);
    (void)sqlite3_bind_null(q, 3); // the bytes are the caller's
    return status;
}

int ms_store_checkpoint_at(struct ms_store *s, uint32_t trial, uint32_t execution, uint32_t epoch,
                           uint8_t **bytes, uint32_t *n, struct ms_error *err)
{
    int64_t id = 0;
    bool done = false;
    sqlite3_stmt *q;
    *bytes = NULL;
    *n = 0;
    if (!s->checkpoints)
        return 0;
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    if (!status)
        status = ms_store_sql_query(s, err, &q, sql_checkpoint_get, "ii", id, (int64_t)epoch);
    if (status || (status = ms_store_sql_step(s, q, err)) <= 0)
        return status;
    const void *state = sqlite3_column_blob(q, 0);
    const int size = sqlite3_column_bytes(q, 0);
    status = 0;
    if (size > 0) {
        *bytes = malloc((size_t)size);
        if (*bytes) {
            memcpy(*bytes, state, (size_t)size);
            *n = (uint32_t)size;
        } else {
            status = ms_no_memory(err, "a checkpoint of %d bytes", size);
        }
    }
    sqlite3_reset(q);
    return status;
}

int ms_store_curve(struct ms_store *s, uint32_t trial, uint32_t execution, int upto, double *value,
                   double **curve, int *n, struct ms_error *err)
{
    const char *metric = ms_sweep_objective(s->sweep)->name;
    int64_t id = 0, epoch;
    bool done = false;
    sqlite3_stmt *q;
    *n = 0;
    *curve = NULL;
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    if (!status)
        status = ms_store_take_objective(s, id, upto, value, &epoch, err);
    if (!status)
        status = ms_store_sql_query(s, err, &q, sql_curve, "iti", id, metric, (int64_t)upto);
    if (status)
        return status;
    double *out = malloc(((size_t)(upto > 0 ? upto : 0) + 1) * sizeof *out);
    if (!out)
        return ms_no_memory(err, "a learning curve of %d epochs", upto);
    while ((status = ms_store_sql_step(s, q, err)) > 0) {
        epoch = sqlite3_column_int64(q, 0);
        for (; *n < epoch - 1; ++*n) // a command need not report every epoch
            out[*n] = *n > 0 ? out[*n - 1] : NAN;
        out[(*n)++] = sqlite3_column_type(q, 1) == SQLITE_NULL ? NAN : sqlite3_column_double(q, 1);
    }
    if (status)
        free(out);
    else
        *curve = out;
    return status;
}

int ms_store_prune(struct ms_store *s, uint32_t trial, uint32_t execution, int epochs,
                   int epochs_asked, bool *has_value, struct ms_error *err)
{
    int64_t id = 0, best_epoch = 0;
    bool done = false;
    double value = NAN;
    *has_value = false;
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    if (status || done)
        return status;
    status = ms_store_take_objective(s, id, epochs, &value, &best_epoch, err);
    *has_value = !isnan(value);
    if (!status)
        status = ms_store_sql_do(s, err, sql_prune, "diiii", value, best_epoch, (int64_t)epochs,
                                 (int64_t)epochs_asked, id);
    return status || !s->checkpoints ? status
                                     : ms_store_sql_do(s, err, sql_checkpoint_forget, "i", id);
}

int ms_store_reopen(struct ms_store *s, uint32_t trial, uint32_t execution, struct ms_error *err)
{
    int64_t id = 0;
    bool done = false;
    int status = ms_store_execution(s, trial, execution, &id, &done, err);
    if (!status)
        status = ms_store_sql_do(s, err, sql_reopen, "i", id);
    return status ? status : ms_store_sql_do(s, err, sql_forget_test, "i", id);
}

int ms_store_point(struct ms_store *s, uint32_t trial, double *point, struct ms_error *err)
{
    sqlite3_stmt *q;
    bool found = false;
    for (int i = 0; i < ms_sweep_space(s->sweep)->n; i++)
        point[i] = NAN;
    int rc = ms_store_sql_query(s, err, &q, sql_point, "ii", s->sweep_id, (int64_t)trial),
        status = 0;
    while (!rc && (rc = ms_store_sql_step(s, q, err)) > 0) {
        found = true;
        if (!status)
            status = ms_store_read_param(s, q, point, err);
        rc = 0;
        if (status) {
            sqlite3_reset(q);
            break;
        }
    }
    return rc ? rc : status ? status : found;
}

int ms_store_objective(struct ms_store *s, uint32_t trial, uint32_t execution, double *value,
                       struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s, err, &q, sql_objective, "iii", s->sweep_id, (int64_t)trial,
                                (int64_t)execution);
    if (rc || (rc = ms_store_sql_step(s, q, err)) < 0)
        return rc;
    const bool null = rc == 0 || sqlite3_column_type(q, 0) == SQLITE_NULL;
    *value = null ? NAN : sqlite3_column_double(q, 0);
    sqlite3_reset(q);
    return 0;
}

int ms_store_untested(struct ms_store *s, uint32_t trial, struct ms_untested *out, int max, int *n,
                      struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_untested, "ii", s->sweep_id, (int64_t)trial);
    *n = 0;
    while (!status && (status = ms_store_sql_step(s, q, err)) > 0) {
        if (*n < max)
            out[(*n)++] = (struct ms_untested){.execution = (uint32_t)sqlite3_column_int64(q, 0),
                                               .epoch = (uint32_t)sqlite3_column_int64(q, 1)};
        status = 0;
    }
    return status;
}
