// SPDX-License-Identifier: MIT
//
// The sweeps of a store and their results, of a store that is open for reading or for writing.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/at.h"
#include "mlpsweep/metric.h"

static const char sql_sweep[] =
    "SELECT s.sweep_id, s.name, coalesce(r.state, ''), s.metric, s.goal = 'maximize', s.at, "
    "s.rank_by,"
    " coalesce(s.trials_planned, 0), r.run_id = (SELECT max(run_id) FROM run),"
    " s.failed_executions, d.validation, d.folds, s.at_window"
    " FROM sweep AS s LEFT JOIN run AS r ON r.run_id ="
    "  (SELECT max(run_id) FROM run WHERE run.sweep_id = s.sweep_id)"
    " LEFT JOIN (SELECT sweep_id, max(folds) AS folds,"
    "  min(CASE WHEN folds > 1 THEN rows / folds ELSE validation END) AS validation"
    "  FROM dataset GROUP BY sweep_id) AS d ON d.sweep_id = s.sweep_id"
    " WHERE ?1 IS NULL OR s.name = ?1 ORDER BY r.run_id DESC, s.sweep_id DESC LIMIT 1";
static const char sql_sweep_names[] = "SELECT name FROM sweep ORDER BY sweep_id";
static const char sql_scores[] =
    "SELECT t.number, x.number, x.objective, x.outcome = 'pruned', coalesce(x.constant, 0)"
    " FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND x.state IN ('done', 'failed') AND x.purpose <> 'confirm'"
    " ORDER BY t.number, x.number";
static const char sql_trial_scores[] =
    "SELECT t.number, x.number, x.objective, x.outcome = 'pruned', coalesce(x.constant, 0)"
    " FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.state IN ('done', 'failed')"
    " AND x.purpose <> 'confirm' ORDER BY x.number";

static const char sql_confirmation[] =
    "SELECT t.number, x.number, x.objective, x.outcome = 'pruned', coalesce(x.constant, 0)"
    " FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? AND x.state IN ('done', 'failed')"
    " AND x.purpose = 'confirm' ORDER BY x.number";
// A row for each epoch that an execution's objective may be of; one row where there are none.
static const char sql_scores_at[] =
    "SELECT t.number, x.number, x.objective, x.outcome = 'pruned', coalesce(x.constant, 0),"
    " e.epoch, e.value FROM sweep AS s JOIN trial AS t USING (sweep_id)"
    " JOIN execution AS x USING (trial_id)"
    " LEFT JOIN epoch_metric AS e ON e.execution_id = x.execution_id AND e.metric = s.metric"
    " AND (x.outcome <> 'pruned' OR e.epoch <= x.epochs)"
    " WHERE s.sweep_id = ? AND x.state IN ('done', 'failed') AND (x.purpose = 'confirm') = ?"
    " ORDER BY t.number, x.number, e.epoch";

// The place of a name in a table of n; 0: it has none.
static int place_of(const char *name, const char *const *names, int n)
{
    for (int i = 0; name && i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

void ms_store_names_clear(struct ms_store_names *names)
{
    for (int i = 0; i < names->n; i++)
        free(names->name[i]);
    free(names->name);
    *names = (struct ms_store_names){0};
}

int ms_store_sweeps(struct ms_store *s, struct ms_store_names *out, struct ms_error *err)
{
    return ms_store_sql_names(s, err, out, sql_sweep_names, "");
}

// The refusal of a name that no sweep has lists those there are.
static int refuse_name(struct ms_store *s, const char *name, struct ms_error *err)
{
    enum { LISTED = 50 };
    struct ms_store_names names;
    char list[700] = "";
    size_t used = 0;
    int status = ms_store_sweeps(s, &names, err);
    if (status)
        return status;
    const int n = names.n < LISTED ? names.n : LISTED;
    for (int i = 0; i < n && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.100s", i ? ", " : "",
                                 names.name[i]);
    if (!name || n == 0) {
        status = ms_fail(err, MS_EINVAL, "%s: has no sweep yet", s->path);
    } else {
        const char *near = ms_nearest(name, (const char *const *)names.name, n);
        status = ms_fail(err, MS_EINVAL, "%s: no sweep '%s'; it has: %s%s%s%s", s->path, name, list,
                         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    ms_store_names_clear(&names);
    return status;
}

// What a network's metric is bounded by. Of several data sets the smallest counts.
static void take_bounds(struct ms_sweep_info *i, int64_t validation, int folds)
{
    const int id = ms_metric_id(i->metric);
    if (id < 0)
        return;
    const struct ms_metric_range r = ms_metric_range(id);
    i->rule.bounds =
        (struct ms_bounds){r.least, r.most, r.share && (id & 1) ? validation : 0}; // odd: val_
    i->rule.folds = folds;
}

int ms_store_find(struct ms_store *s, const char *name, struct ms_sweep_info *out,
                  struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_sweep, "t", name);
    if (status || (status = ms_store_sql_step(s, q, err)) < 0)
        return status;
    if (status == 0)
        return refuse_name(s, name, err);
    *out = (struct ms_sweep_info){
        .id = sqlite3_column_int64(q, 0),
        .rule.maximize = sqlite3_column_int(q, 4),
        .rule.by = (enum ms_by)place_of((const char *)sqlite3_column_text(q, 6), ms_sweep_by_names,
                                        MS_N_BY),
        .rule.failures = (enum ms_failures)place_of((const char *)sqlite3_column_text(q, 9),
                                                    ms_sweep_failures_names, MS_N_FAILURES),
        .trials_planned = sqlite3_column_int64(q, 7)};
    ms_store_sql_text(q, 1, out->name, sizeof out->name);
    ms_store_sql_text(q, 2, out->state, sizeof out->state);
    ms_store_sql_text(q, 3, out->metric, sizeof out->metric);
    out->at =
        (enum ms_at)place_of((const char *)sqlite3_column_text(q, 5), ms_sweep_at_names, MS_N_AT);
    out->window = sqlite3_column_int(q, 12);
    const bool latest = sqlite3_column_int(q, 8);
    if (sqlite3_column_type(q, 10) != SQLITE_NULL)
        take_bounds(out, sqlite3_column_int64(q, 10), sqlite3_column_int(q, 11));
    sqlite3_reset(q);
    // What a killed run could not write itself.
    char holder[300];
    if (strcmp(out->state, "running") == 0 && !(latest && ms_store_alive(s, holder, sizeof holder)))
        snprintf(out->state, sizeof out->state, "killed");
    return 0;
}

struct scores {
    struct ms_rank_scores *to;
    size_t room;
};

static int take_score(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct scores *scores = to;
    struct ms_rank_scores *sc = scores->to;
    const struct ms_column_array columns[] = {{&sc->trial, sizeof *sc->trial},
                                              {&sc->execution, sizeof *sc->execution},
                                              {&sc->value, sizeof *sc->value},
                                              {&sc->pruned, sizeof *sc->pruned},
                                              {&sc->constant, sizeof *sc->constant}};
    const int status =
        ms_grow_columns(columns, 5, &scores->room, (size_t)sc->n + 1, "the scores", err);
    if (status)
        return status;
    sc->trial[sc->n] = (uint32_t)sqlite3_column_int64(q, 0);
    sc->execution[sc->n] = (uint32_t)sqlite3_column_int64(q, 1);
    sc->value[sc->n] = ms_store_sql_double(q, 2);
    sc->pruned[sc->n] = sqlite3_column_int(q, 3);
    sc->constant[sc->n++] = sqlite3_column_int(q, 4);
    return 0;
}

int ms_store_scores(struct ms_store *s, int64_t sweep_id, struct ms_rank_scores *out,
                    struct ms_error *err)
{
    struct scores scores = {.to = out};
    *out = (struct ms_rank_scores){0};
    const int status = ms_store_sql_each(s, err, take_score, &scores, sql_scores, "i", sweep_id);
    if (status)
        ms_rank_scores_clear(out);
    return status;
}

struct scores_at {
    struct scores scores;
    struct ms_at_watch none, watch; // before the first epoch; of the last score
};

static int take_score_at(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct scores_at *a = to;
    const struct ms_rank_scores *sc = a->scores.to;
    const int64_t last = sc->n - 1;
    if (last < 0 || sc->trial[last] != sqlite3_column_int64(q, 0) ||
        sc->execution[last] != sqlite3_column_int64(q, 1)) {
        const int status = take_score(&a->scores, q, err);
        if (status)
            return status;
        a->watch = a->none;
    }
    if (sqlite3_column_type(q, 2) == SQLITE_NULL)
        return 0;
    if (sqlite3_column_type(q, 5) != SQLITE_NULL)
        ms_at_next(&a->watch, sqlite3_column_int(q, 5), ms_store_sql_double(q, 6));
    sc->value[sc->n - 1] = a->watch.epoch > 0 ? a->watch.value : NAN;
    return 0;
}

int ms_store_scores_at(struct ms_store *s, const struct ms_sweep_info *info, bool confirm,
                       struct ms_rank_scores *out, struct ms_error *err)
{
    struct scores_at a = {
        .scores = {.to = out},
        .none = {.at = info->at, .maximize = info->rule.maximize, .window = info->window}};
    *out = (struct ms_rank_scores){0};
    const int status = ms_store_sql_each(s, err, take_score_at, &a, sql_scores_at, "ii", info->id,
                                         (int64_t)confirm);
    if (status)
        ms_rank_scores_clear(out);
    return status;
}

int ms_store_trial_scores(struct ms_store *s, uint32_t trial, struct ms_rank_scores *out,
                          struct ms_error *err)
{
    struct scores scores = {.to = out};
    *out = (struct ms_rank_scores){0};
    const int status = ms_store_sql_each(s, err, take_score, &scores, sql_trial_scores, "ii",
                                         s->sweep_id, (int64_t)trial);
    if (status)
        ms_rank_scores_clear(out);
    return status;
}

int ms_store_confirmation(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                          struct ms_rank_scores *out, struct ms_error *err)
{
    struct scores scores = {.to = out};
    *out = (struct ms_rank_scores){0};
    const int status = ms_store_sql_each(s, err, take_score, &scores, sql_confirmation, "ii",
                                         sweep_id, (int64_t)trial);
    if (status)
        ms_rank_scores_clear(out);
    return status;
}
