// SPDX-License-Identifier: MIT
//
// Where and when a sweep was computed: its latest run, and its attempts as spans of time on
// workers. Small executions are reported many at a time: an attempt that has no start has its end
// and its seconds.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>

static const char sql_run[] =
    "SELECT r.started_at, r.ended_at, r.host, r.user, r.version, r.mpi, r.blas, r.core,"
    " r.command_line, s.text_sha256, s.seed, coalesce(r.workers, 0),"
    " (SELECT count(*) FROM run AS q WHERE q.sweep_id = s.sweep_id), r.gflops"
    " FROM sweep AS s LEFT JOIN run AS r USING (sweep_id) WHERE s.sweep_id = ?"
    " ORDER BY r.run_id DESC LIMIT 1";
// CROSS JOIN keeps the order of the tables, in which no sorting is needed.
static const char sql_attempts[] =
    "SELECT t.number, x.number, coalesce(a.worker_rank, -1),"
    " (julianday(coalesce(a.started_at, a.ended_at)) - 2440587.5) * 86400,"
    " (julianday(a.ended_at) - 2440587.5) * 86400, coalesce(a.wall_s, 0), a.started_at IS NULL,"
    " coalesce(a.host, ''), coalesce(o.word, 'running'), coalesce(o.failure, 0), a.test_epoch > 0"
    " FROM trial AS t CROSS JOIN execution AS x ON x.trial_id = t.trial_id"
    " CROSS JOIN attempt AS a ON a.execution_id = x.execution_id"
    " LEFT JOIN outcome AS o ON o.name = a.outcome"
    " WHERE t.sweep_id = ? AND coalesce(a.started_at, a.ended_at) IS NOT NULL"
    " ORDER BY t.number, x.number";

void ms_store_provenance_info_clear(struct ms_provenance_info *p)
{
    char *const texts[] = {p->started, p->ended, p->host, p->user,         p->version,
                           p->mpi,     p->blas,  p->core, p->command_line, p->text_sha256};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    *p = (struct ms_provenance_info){0};
}

static int take_run(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_provenance_info *p = to;
    char **const texts[] = {&p->started, &p->ended, &p->host, &p->user,         &p->version,
                            &p->mpi,     &p->blas,  &p->core, &p->command_line, &p->text_sha256};
    const int n = (int)(sizeof texts / sizeof *texts);
    int status = 0;
    for (int i = 0; !status && i < n; i++)
        status = ms_store_sql_copy(q, i, texts[i], err);
    p->seed = sqlite3_column_int64(q, n);
    p->workers = sqlite3_column_int64(q, n + 1);
    p->runs = sqlite3_column_int64(q, n + 2);
    p->gflops = ms_store_sql_double(q, n + 3);
    return status;
}

int ms_store_provenance_info(struct ms_store *s, int64_t sweep_id, struct ms_provenance_info *out,
                             struct ms_error *err)
{
    *out = (struct ms_provenance_info){0};
    const int status = ms_store_sql_each(s, err, take_run, out, sql_run, "i", sweep_id);
    if (status)
        ms_store_provenance_info_clear(out);
    return status;
}

struct taking {
    ms_store_take_attempt take;
    void *to;
};

static int take_attempt(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    const struct taking *t = to;
    struct ms_attempt_span span = {.trial = (uint32_t)sqlite3_column_int64(q, 0),
                                   .execution = sqlite3_column_int64(q, 1),
                                   .worker = sqlite3_column_int64(q, 2),
                                   .start = ms_store_sql_double(q, 3),
                                   .end = ms_store_sql_double(q, 4),
                                   .host = (const char *)sqlite3_column_text(q, 7),
                                   .word = (const char *)sqlite3_column_text(q, 8),
                                   .failure = sqlite3_column_int(q, 9),
                                   .test = sqlite3_column_int(q, 10)};
    if (sqlite3_column_int(q, 6))
        span.start -= sqlite3_column_double(q, 5);
    return t->take(t->to, &span, err);
}

int ms_store_each_attempt(struct ms_store *s, int64_t sweep_id, ms_store_take_attempt take,
                          void *to, struct ms_error *err)
{
    struct taking t = {take, to};
    return ms_store_sql_each(s, err, take_attempt, &t, sql_attempts, "i", sweep_id);
}
