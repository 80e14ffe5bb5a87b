// SPDX-License-Identifier: MIT
//
// How far a sweep is: its latest run, its trials and executions by state, its attempts by outcome,
// and the seconds from which the time that is left can be told.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char sql_run[] =
    "SELECT started_at, coalesce(ended_at, ''), coalesce(host, ''), coalesce(pid, 0),"
    " coalesce(workers, 0), (SELECT count(*) FROM run WHERE sweep_id = ?1),"
    " (julianday(coalesce(ended_at, CASE WHEN ?2 THEN 'now' ELSE"
    "   (SELECT max(a.ended_at) FROM trial AS t JOIN execution AS x USING (trial_id)"
    "    JOIN attempt AS a USING (execution_id) WHERE t.sweep_id = ?1) END)) -"
    "  julianday(started_at)) * 86400,"
    " coalesce(core, ''), coalesce(core_note, ''), coalesce(gflops, 0), coalesce(worker_bytes, 0)"
    " FROM run WHERE sweep_id = ?1 ORDER BY run_id DESC LIMIT 1";
static const char sql_trials[] =
    "SELECT count(*), coalesce(sum(begun), 0), coalesce(sum(ended), 0) FROM"
    " (SELECT min(x.state IN ('done', 'failed')) AS ended, max(x.state <> 'waiting' OR EXISTS"
    "   (SELECT 1 FROM attempt AS a WHERE a.execution_id = x.execution_id)) AS begun"
    "  FROM trial AS t LEFT JOIN execution AS x USING (trial_id) WHERE t.sweep_id = ? GROUP BY "
    "t.trial_id)";
static const char sql_executions[] =
    "SELECT CASE WHEN x.state = 'done' AND x.objective IS NULL THEN 'failed' ELSE x.state END,"
    " count(*) FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? GROUP BY 1";
// The last attempt says why. The most frequent outcome comes first, and of it the most frequent
// reason.
static const char sql_failures[] =
    "SELECT o.word, coalesce(a.message, ''), count(*)"
    " FROM trial AS t JOIN execution AS x USING (trial_id) JOIN outcome AS o ON o.name = x.outcome"
    " LEFT JOIN attempt AS a ON a.execution_id = x.execution_id AND a.number ="
    "  (SELECT max(number) FROM attempt AS b WHERE b.execution_id = x.execution_id AND "
    "b.test_epoch "
    "= 0)"
    " WHERE t.sweep_id = ? AND x.state IN ('done', 'failed') AND x.objective IS NULL"
    " GROUP BY 1, 2 ORDER BY sum(count(*)) OVER (PARTITION BY o.word) DESC, 1, 3 DESC,"
    " min(t.number)";
static const char sql_outcomes[] =
    "SELECT o.word, count(*) FROM trial AS t JOIN execution AS x USING (trial_id)"
    " JOIN attempt AS a USING (execution_id) JOIN outcome AS o ON o.name = a.outcome"
    " WHERE t.sweep_id = ? AND a.test_epoch = 0 GROUP BY a.outcome ORDER BY a.outcome <> "
    "'completed', count(*) DESC";
static const char sql_ended_since[] =
    "SELECT count(*), sum(x), sum(y), sum(x * x), sum(x * y) FROM (SELECT coalesce(t.flops, 0) * "
    "1e-9 AS x,"
    " coalesce(sum(a.wall_s), 0) AS y FROM trial AS t JOIN execution AS x USING (trial_id)"
    " JOIN attempt AS a USING (execution_id) WHERE t.sweep_id = ?1 AND x.state = 'done' AND "
    "a.outcome IN (SELECT name FROM outcome WHERE counts) AND a.ended_at >= ?2"
    " GROUP BY x.execution_id)";
static const char sql_to_do[] = "SELECT coalesce(t.flops, 0) * 1e-9, CASE x.state WHEN 'running' "
                                "THEN (julianday('now') - julianday("
                                "  (SELECT max(a.started_at) FROM attempt AS a WHERE "
                                "a.execution_id = x.execution_id))) * 86400 END"
                                " FROM trial AS t JOIN execution AS x USING (trial_id)"
                                " WHERE t.sweep_id = ?1 AND x.state IN ('waiting', 'running')";
static const char sql_mean_flops[] =
    "SELECT coalesce(avg(flops), 0) * 1e-9 FROM trial WHERE sweep_id = ?1";
// The first wait of a worker is the start of the run.
static const char sql_waited[] =
    "SELECT coalesce(sum(a.wait_s), 0), coalesce(sum(a.wall_s), 0) FROM trial AS t"
    " JOIN execution AS x USING (trial_id) JOIN attempt AS a USING (execution_id)"
    " WHERE t.sweep_id = ?1 AND a.ended_at >= ?2 AND a.wall_s IS NOT NULL AND a.test_epoch = 0";

static int take_run(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_run_info *r = to;
    (void)err;
    ms_store_sql_text(q, 0, r->started, sizeof r->started);
    ms_store_sql_text(q, 1, r->ended, sizeof r->ended);
    ms_store_sql_text(q, 2, r->host, sizeof r->host);
    r->pid = sqlite3_column_int64(q, 3);
    r->workers = sqlite3_column_int64(q, 4);
    r->runs = sqlite3_column_int64(q, 5);
    if (sqlite3_column_type(q, 6) != SQLITE_NULL)
        r->elapsed_s = fmax(0, sqlite3_column_double(q, 6));
    ms_store_sql_text(q, 7, r->core, sizeof r->core);
    ms_store_sql_text(q, 8, r->core_note, sizeof r->core_note);
    r->gflops = sqlite3_column_double(q, 9);
    r->worker_bytes = sqlite3_column_double(q, 10);
    return 0;
}

int ms_store_run(struct ms_store *s, int64_t sweep_id, bool alive, struct ms_run_info *out,
                 struct ms_error *err)
{
    *out = (struct ms_run_info){.elapsed_s = NAN};
    return ms_store_sql_each(s, err, take_run, out, sql_run, "ii", sweep_id, (int64_t)alive);
}

static int take_trials(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_counts *c = to;
    (void)err;
    c->trials = sqlite3_column_int64(q, 0);
    c->trials_begun = sqlite3_column_int64(q, 1);
    c->trials_ended = sqlite3_column_int64(q, 2);
    return 0;
}

static int take_state(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_counts *c = to;
    (void)err;
    const struct {
        const char *state;
        int64_t *n;
    } states[] = {{"waiting", &c->waiting},
                  {"running", &c->running},
                  {"done", &c->done},
                  {"failed", &c->failed}};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp((const char *)sqlite3_column_text(q, 0), states[i].state) == 0)
            *states[i].n = sqlite3_column_int64(q, 1);
    return 0;
}

int ms_store_counts(struct ms_store *s, int64_t sweep_id, struct ms_store_counts *out,
                    struct ms_error *err)
{
    *out = (struct ms_store_counts){0};
    const int status = ms_store_sql_each(s, err, take_trials, out, sql_trials, "i", sweep_id);
    return status ? status
                  : ms_store_sql_each(s, err, take_state, out, sql_executions, "i", sweep_id);
}

static int take_outcome(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_outcomes *o = to;
    (void)err;
    if (o->n == (int)(sizeof o->item / sizeof *o->item))
        return 0;
    ms_store_sql_text(q, 0, o->item[o->n].word, sizeof o->item[o->n].word);
    o->item[o->n++].count = sqlite3_column_int64(q, 1);
    return 0;
}

int ms_store_outcomes(struct ms_store *s, int64_t sweep_id, struct ms_store_outcomes *out,
                      struct ms_error *err)
{
    *out = (struct ms_store_outcomes){0};
    return ms_store_sql_each(s, err, take_outcome, out, sql_outcomes, "i", sweep_id);
}

static int take_failure(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_failures *f = to;
    char word[sizeof f->item[0].word];
    int i = 0;
    (void)err;
    ms_store_sql_text(q, 0, word, sizeof word);
    while (i < f->n && strcmp(f->item[i].word, word) != 0)
        i++;
    if (i == (int)(sizeof f->item / sizeof *f->item))
        return 0;
    const int64_t count = sqlite3_column_int64(q, 2);
    if (i == f->n) {
        memcpy(f->item[i].word, word, sizeof word);
        ms_store_sql_text(q, 1, f->item[i].message, sizeof f->item[i].message);
        f->item[i].with_message = count;
        f->n++;
    }
    f->item[i].count += count;
    return 0;
}

int ms_store_failures(struct ms_store *s, int64_t sweep_id, struct ms_store_failures *out,
                      struct ms_error *err)
{
    *out = (struct ms_store_failures){0};
    return ms_store_sql_each(s, err, take_failure, out, sql_failures, "i", sweep_id);
}

static int take_sums(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)err;
    *(struct ms_sums *)to = (struct ms_sums){
        sqlite3_column_double(q, 0), sqlite3_column_double(q, 1), sqlite3_column_double(q, 2),
        sqlite3_column_double(q, 3), sqlite3_column_double(q, 4)};
    return 0;
}

int ms_store_ended_since(struct ms_store *s, int64_t sweep_id, const char *since,
                         struct ms_sums *out, struct ms_error *err)
{
    *out = (struct ms_sums){0};
    return ms_store_sql_each(s, err, take_sums, out, sql_ended_since, "it", sweep_id, since);
}

void ms_store_to_do_clear(struct ms_store_to_do *t)
{
    free(t->item);
    *t = (struct ms_store_to_do){0};
}

static int take_to_do(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_to_do *t = to;
    const int status =
        ms_grow(&t->item, &t->room, t->n + 1, sizeof *t->item, "the executions to do", err);
    if (!status)
        t->item[t->n++] = (struct ms_store_to_do_item){sqlite3_column_double(q, 0),
                                                       fmax(sqlite3_column_double(q, 1), 0)};
    return status;
}

static int take_mean(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)err;
    ((struct ms_store_to_do *)to)->mean_gflop = sqlite3_column_double(q, 0);
    return 0;
}

int ms_store_to_do(struct ms_store *s, int64_t sweep_id, struct ms_store_to_do *out,
                   struct ms_error *err)
{
    *out = (struct ms_store_to_do){0};
    int status = ms_store_sql_each(s, err, take_to_do, out, sql_to_do, "i", sweep_id);
    if (!status)
        status = ms_store_sql_each(s, err, take_mean, out, sql_mean_flops, "i", sweep_id);
    if (status)
        ms_store_to_do_clear(out);
    return status;
}

static int take_two(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    double *const *two = to;
    (void)err;
    *two[0] = sqlite3_column_double(q, 0);
    *two[1] = sqlite3_column_double(q, 1);
    return 0;
}

int ms_store_waited(struct ms_store *s, int64_t sweep_id, const char *since, double *wait_s,
                    double *wall_s, struct ms_error *err)
{
    double *two[] = {wait_s, wall_s};
    *wait_s = *wall_s = 0;
    return ms_store_sql_each(s, err, take_two, two, sql_waited, "it", sweep_id, since);
}
