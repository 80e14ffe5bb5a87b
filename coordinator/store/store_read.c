// SPDX-License-Identifier: MIT
//
// What rank, status, samplers and reports ask of a store, open for reading or for writing.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char sql_sweep[] =
    "SELECT s.sweep_id, s.name, coalesce(r.state, ''), s.metric, s.goal = 'maximize', s.at, "
    "s.rank_by,"
    " coalesce(s.trials_planned, 0), r.run_id = (SELECT max(run_id) FROM run)"
    " FROM sweep AS s LEFT JOIN run AS r ON r.run_id ="
    "  (SELECT max(run_id) FROM run WHERE run.sweep_id = s.sweep_id)"
    " WHERE ?1 IS NULL OR s.name = ?1 ORDER BY r.run_id DESC, s.sweep_id DESC LIMIT 1";
static const char sql_sweep_names[] = "SELECT name FROM sweep ORDER BY sweep_id LIMIT 50";
static const char sql_objective[] =
    "SELECT x.objective FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.number = ?";
static const char sql_untested[] =
    "SELECT x.number, coalesce(x.best_epoch, x.epochs)"
    " FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.objective IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM test_metric AS m WHERE m.execution_id = x.execution_id)"
    " ORDER BY x.number";
static const char sql_scores[] =
    "SELECT t.number, x.number, x.objective, x.outcome = 'pruned' FROM trial AS t JOIN execution "
    "AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND x.state IN ('done', 'failed') ORDER BY t.number, x.number";

static enum ms_by by_of(const char *name)
{
    for (int i = 0; name && i < MS_N_BY; i++)
        if (strcmp(ms_sweep_by_names[i], name) == 0)
            return (enum ms_by)i;
    return MS_BY_MEAN;
}

// No such sweep: say which there are.
static int refuse_name(struct ms_store *s, const char *name, struct ms_error *err)
{
    char names[50][256], list[700] = "";
    const char *candidates[50];
    int n = 0, rc;
    size_t used = 0;
    sqlite3_stmt *q;
    rc = ms_store_sql_query(s, err, &q, sql_sweep_names, "");
    while (!rc && n < 50 && (rc = ms_store_sql_step(s, q, err)) > 0) {
        ms_store_sql_text(q, 0, names[n], sizeof names[n]);
        candidates[n] = names[n];
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%.100s", n ? ", " : "",
                                     names[n]);
        n++;
        rc = 0;
    }
    if (rc)
        return rc;
    sqlite3_reset(q);
    if (!name || n == 0)
        return ms_fail(err, MS_EINVAL, "%s: has no sweep yet", s->path);
    const char *near = ms_nearest(name, candidates, n);
    return ms_fail(err, MS_EINVAL, "%s: no sweep '%s'; it has: %s%s%s%s", s->path, name, list,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int ms_store_find(struct ms_store *s, const char *name, struct ms_sweep_info *out,
                  struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s, err, &q, sql_sweep, "t", name);
    if (rc || (rc = ms_store_sql_step(s, q, err)) < 0)
        return rc;
    if (rc == 0)
        return refuse_name(s, name, err);
    *out = (struct ms_sweep_info){.id = sqlite3_column_int64(q, 0),
                                  .maximize = sqlite3_column_int(q, 4),
                                  .by = by_of((const char *)sqlite3_column_text(q, 6)),
                                  .trials_planned = sqlite3_column_int64(q, 7)};
    ms_store_sql_text(q, 1, out->name, sizeof out->name);
    ms_store_sql_text(q, 2, out->state, sizeof out->state);
    ms_store_sql_text(q, 3, out->metric, sizeof out->metric);
    out->at =
        strcmp((const char *)sqlite3_column_text(q, 5), "last") == 0 ? MS_AT_LAST : MS_AT_BEST;
    const bool latest = sqlite3_column_int(q, 8);
    sqlite3_reset(q);
    // What a killed run could not write itself.
    char holder[300];
    if (strcmp(out->state, "running") == 0 && !(latest && ms_store_alive(s, holder, sizeof holder)))
        snprintf(out->state, sizeof out->state, "killed");
    return 0;
}

static int grow(struct ms_rank_scores *sc, int64_t *room)
{
    const size_t n = *room ? (size_t)*room * 2 : 256;
    uint32_t *trial = realloc(sc->trial, n * sizeof *trial);
    if (trial)
        sc->trial = trial;
    uint32_t *execution = realloc(sc->execution, n * sizeof *execution);
    if (execution)
        sc->execution = execution;
    double *value = realloc(sc->value, n * sizeof *value);
    if (value)
        sc->value = value;
    bool *pruned = realloc(sc->pruned, n * sizeof *pruned);
    if (pruned)
        sc->pruned = pruned;
    if (!trial || !execution || !value || !pruned)
        return MS_ENOMEM;
    *room = (int64_t)n;
    return 0;
}

int ms_store_scores(struct ms_store *s, int64_t sweep_id, struct ms_rank_scores *out,
                    struct ms_error *err)
{
    *out = (struct ms_rank_scores){0};
    int64_t room = 0;
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s, err, &q, sql_scores, "i", sweep_id);
    while (!rc && (rc = ms_store_sql_step(s, q, err)) > 0) {
        rc = out->n == room ? grow(out, &room) : 0;
        if (rc) {
            sqlite3_reset(q);
            rc = ms_fail(err, MS_ENOMEM, "%s: no memory for the scores", s->path);
            break;
        }
        out->trial[out->n] = (uint32_t)sqlite3_column_int64(q, 0);
        out->execution[out->n] = (uint32_t)sqlite3_column_int64(q, 1);
        const bool null = sqlite3_column_type(q, 2) == SQLITE_NULL;
        out->pruned[out->n] = sqlite3_column_int(q, 3);
        out->value[out->n++] = null ? NAN : sqlite3_column_double(q, 2);
    }
    if (rc)
        ms_rank_scores_clear(out);
    return rc;
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
    int rc = ms_store_sql_query(s, err, &q, sql_untested, "ii", s->sweep_id, (int64_t)trial);
    *n = 0;
    while (!rc && (rc = ms_store_sql_step(s, q, err)) > 0) {
        if (*n < max)
            out[(*n)++] = (struct ms_untested){.execution = (uint32_t)sqlite3_column_int64(q, 0),
                                               .epoch = (uint32_t)sqlite3_column_int64(q, 1)};
        rc = 0;
    }
    return rc;
}
