// SPDX-License-Identifier: MIT
//
// The weights of networks. A kept row belongs to an execution and to the epoch that counts for it:
// whoever wants to know if an execution's weights are there compares both, because a pruned
// execution that was reopened may have found a better epoch.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/weights.h"
#include "store_internal.h"

static const char sql_put[] =
    "INSERT OR REPLACE INTO model (trial_id, execution, kind, epoch, n_weights, created_at,"
    " weights) SELECT trial_id, ?3, ?4, ?5, ?6, ?7, ?8 FROM trial WHERE sweep_id = ?1 AND"
    " number = ?2";
static const char sql_drop[] = "DELETE FROM model WHERE kind = 'kept' AND trial_id ="
                               " (SELECT trial_id FROM trial WHERE sweep_id = ? AND number = ?)";
static const char sql_unkept[] =
    "SELECT x.number, x.best_epoch FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.objective IS NOT NULL AND x.purpose <> 'confirm'"
    " AND NOT EXISTS (SELECT 1 FROM model AS m WHERE m.trial_id = x.trial_id AND m.execution ="
    " x.number AND m.kind = 'kept' AND m.epoch = x.best_epoch) ORDER BY x.number";
static const char sql_models[] =
    "SELECT m.model_id, t.number, m.execution, m.kind = 'refit', m.weights IS NOT NULL, m.epoch,"
    " m.n_weights, CASE m.kind WHEN 'kept' THEN x.objective END FROM trial AS t JOIN model AS m"
    " USING (trial_id) LEFT JOIN execution AS x ON x.trial_id = t.trial_id AND x.number ="
    " m.execution WHERE t.sweep_id = ?1 AND (?2 < 0 OR t.number = ?2)"
    " ORDER BY t.number, m.kind, m.execution";
static const char sql_weights[] = "SELECT weights FROM model WHERE model_id = ?";

// --- writing -------------------------------------------------------------------------

void ms_store_resume(struct ms_store *s, const struct ms_sweep *sweep, int64_t sweep_id)
{
    s->sweep = sweep;
    s->sweep_id = sweep_id;
}

int ms_store_put_model(struct ms_store *s, uint32_t trial, uint32_t execution, bool refit,
                       int epoch, const uint8_t *weights, int64_t n, struct ms_error *err)
{
    char now[MS_NOW_SIZE];
    sqlite3_stmt *q;
    int status = ms_store_sql_begin(s, err);
    if (!status)
        status = ms_store_sql_query(s, err, &q, sql_put, "iiitiit", s->sweep_id, (int64_t)trial,
                                    (int64_t)execution, refit ? "refit" : "kept", (int64_t)epoch, n,
                                    ms_store_now(now));
    if (status)
        return status;
    const int bound = weights
                          ? sqlite3_bind_blob64(q, 8, weights, 4 * (sqlite3_uint64)n, SQLITE_STATIC)
                          : sqlite3_bind_null(q, 8);
    if (bound != SQLITE_OK)
        return ms_store_sql_failed(s, bound, err);
    status = ms_store_sql_step(s, q, err);
    (void)sqlite3_bind_null(q, 8); // the bytes are the caller's
    if (!status && sqlite3_changes(s->db) == 0)
        return ms_fail(err, MS_ESTATE, "%s: has no trial %u", s->path, trial);
    return status;
}

int ms_store_drop_models(struct ms_store *s, uint32_t trial, struct ms_error *err)
{
    const int status = ms_store_sql_begin(s, err);
    return status ? status : ms_store_sql_do(s, err, sql_drop, "ii", s->sweep_id, (int64_t)trial);
}

// --- reading -------------------------------------------------------------------------

int ms_store_unkept(struct ms_store *s, uint32_t trial, struct ms_untested *out, int max, int *n,
                    struct ms_error *err)
{
    sqlite3_stmt *q;
    *n = 0;
    int status = ms_store_sql_query(s, err, &q, sql_unkept, "ii", s->sweep_id, (int64_t)trial);
    while (!status && *n < max && (status = ms_store_sql_step(s, q, err)) > 0) {
        out[(*n)++] = (struct ms_untested){(uint32_t)sqlite3_column_int64(q, 0),
                                           (uint32_t)sqlite3_column_int64(q, 1)};
        status = 0;
    }
    if (*n == max)
        sqlite3_reset(q);
    return status;
}

void ms_store_models_clear(struct ms_store_models *m)
{
    free(m->item);
    *m = (struct ms_store_models){0};
}

static int take_model(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_models *m = to;
    const int status =
        ms_grow(&m->item, &m->room, (size_t)m->n + 1, sizeof *m->item, "the models", err);
    if (!status)
        m->item[m->n++] = (struct ms_store_model){.id = sqlite3_column_int64(q, 0),
                                                  .trial = (uint32_t)sqlite3_column_int64(q, 1),
                                                  .execution = (uint32_t)sqlite3_column_int64(q, 2),
                                                  .refit = sqlite3_column_int(q, 3),
                                                  .there = sqlite3_column_int(q, 4),
                                                  .epoch = sqlite3_column_int(q, 5),
                                                  .n_weights = sqlite3_column_int64(q, 6),
                                                  .objective = ms_store_sql_double(q, 7)};
    return status;
}

int ms_store_models(struct ms_store *s, int64_t sweep_id, int64_t trial,
                    struct ms_store_models *out, struct ms_error *err)
{
    *out = (struct ms_store_models){0};
    const int status =
        ms_store_sql_each(s, err, take_model, out, sql_models, "ii", sweep_id, trial);
    if (status)
        ms_store_models_clear(out);
    return status;
}

int ms_store_model_weights(struct ms_store *s, const struct ms_store_model *model, float **out,
                           struct ms_error *err)
{
    sqlite3_stmt *q;
    *out = NULL;
    int status = ms_store_sql_query(s, err, &q, sql_weights, "i", model->id);
    if (status || (status = ms_store_sql_step(s, q, err)) < 0)
        return status;
    const void *bytes = status > 0 ? sqlite3_column_blob(q, 0) : NULL;
    const size_t n = (size_t)model->n_weights;
    if (!bytes || (size_t)sqlite3_column_bytes(q, 0) != 4 * n) {
        status = ms_fail(err, MS_ESTATE, "%s: has no weights of trial %u, execution %u", s->path,
                         model->trial, model->execution);
    } else {
        *out = malloc(n * sizeof **out);
        status = *out ? 0 : ms_no_memory(err, "%zu weights", n);
    }
    if (!status)
        ms_weights_from_bytes(bytes, n, *out);
    sqlite3_reset(q);
    return status;
}
