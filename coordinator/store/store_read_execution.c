// SPDX-License-Identifier: MIT
//
// The executions of one trial and their attempts: results, failures, what a command wrote, and the
// metrics of the test set.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>

static const char sql_executions[] =
    "SELECT x.number, x.state, coalesce((SELECT word FROM outcome WHERE name = x.outcome), ''),"
    " x.objective, x.best_epoch, x.epochs,"
    " count(a.number), sum(a.wall_s), max(a.max_rss_bytes), coalesce(x.constant, 0), x.purpose,"
    " min(coalesce(a.started_at, strftime('%Y-%m-%d %H:%M:%f', a.ended_at,"
    "  printf('-%.3f seconds', a.wall_s)))), CASE WHEN x.outcome IS NOT NULL THEN"
    "  max(a.ended_at) FILTER (WHERE a.test_epoch = 0) END,"
    " (SELECT host FROM attempt AS h WHERE h.execution_id = x.execution_id AND h.test_epoch = 0"
    "  ORDER BY number DESC LIMIT 1)"
    " FROM execution AS x LEFT JOIN attempt AS a USING (execution_id)"
    " WHERE x.trial_id = ? GROUP BY x.execution_id ORDER BY x.number";
static const char sql_failures[] =
    "SELECT x.number, a.number, o.word, a.worker_rank, a.host, a.ended_at, a.message"
    " FROM execution AS x JOIN attempt AS a USING (execution_id)"
    " JOIN outcome AS o ON o.name = a.outcome"
    " WHERE x.trial_id = ? AND (o.failure OR NOT o.counts)"
    " ORDER BY x.number, a.number";
// A store that no later run has brought up to date may lack the column.
static const char sql_has_output[] =
    "SELECT 1 FROM pragma_table_info('attempt') WHERE name = 'output'";
static const char sql_output[] =
    "SELECT x.number, a.number, a.output FROM execution AS x JOIN attempt AS a USING (execution_id)"
    " WHERE x.trial_id = ? AND a.output IS NOT NULL"
    " ORDER BY a.outcome = 'completed', a.ended_at DESC LIMIT 1";
static const char sql_tests[] =
    "SELECT x.number, m.metric, m.value, m.epoch FROM execution AS x"
    " JOIN test_metric AS m USING (execution_id) WHERE x.trial_id = ? ORDER BY x.number, m.metric";

static int64_t whole_or_unknown(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? -1 : sqlite3_column_int64(q, column);
}

void ms_store_execution_list_clear(struct ms_execution_list *l)
{
    free(l->item);
    *l = (struct ms_execution_list){0};
}

static int take_execution(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_execution_list *l = to;
    const int status =
        ms_grow(&l->item, &l->room, l->n + 1, sizeof *l->item, "the executions of a trial", err);
    if (status)
        return status;
    struct ms_execution_info *x = &l->item[l->n++];
    *x = (struct ms_execution_info){.number = sqlite3_column_int64(q, 0),
                                    .objective = ms_store_sql_double(q, 3),
                                    .best_epoch = whole_or_unknown(q, 4),
                                    .epochs = whole_or_unknown(q, 5),
                                    .attempts = sqlite3_column_int64(q, 6),
                                    .wall_s = ms_store_sql_double(q, 7),
                                    .max_rss_bytes = sqlite3_column_double(q, 8),
                                    .constant = sqlite3_column_int(q, 9)};
    ms_store_sql_text(q, 1, x->state, sizeof x->state);
    ms_store_sql_text(q, 2, x->outcome, sizeof x->outcome);
    ms_store_sql_text(q, 10, x->purpose, sizeof x->purpose);
    ms_store_sql_text(q, 11, x->started_at, sizeof x->started_at);
    ms_store_sql_text(q, 12, x->ended_at, sizeof x->ended_at);
    ms_store_sql_text(q, 13, x->host, sizeof x->host);
    return 0;
}

int ms_store_executions(struct ms_store *s, int64_t trial_id, struct ms_execution_list *out,
                        struct ms_error *err)
{
    *out = (struct ms_execution_list){0};
    const int status =
        ms_store_sql_each(s, err, take_execution, out, sql_executions, "i", trial_id);
    if (status)
        ms_store_execution_list_clear(out);
    return status;
}

void ms_store_attempt_list_clear(struct ms_attempt_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->item[i].host);
        free(l->item[i].ended);
        free(l->item[i].message);
    }
    free(l->item);
    *l = (struct ms_attempt_list){0};
}

static int take_attempt(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_attempt_list *l = to;
    int status =
        ms_grow(&l->item, &l->room, l->n + 1, sizeof *l->item, "the attempts of a trial", err);
    if (status)
        return status;
    struct ms_attempt_info *a = &l->item[l->n++];
    *a = (struct ms_attempt_info){.execution = sqlite3_column_int64(q, 0),
                                  .number = sqlite3_column_int64(q, 1)};
    ms_store_sql_text(q, 2, a->outcome, sizeof a->outcome);
    ms_store_sql_text(q, 3, a->worker, sizeof a->worker);
    status = ms_store_sql_copy(q, 4, &a->host, err);
    if (!status)
        status = ms_store_sql_copy(q, 5, &a->ended, err);
    return status ? status : ms_store_sql_copy(q, 6, &a->message, err);
}

int ms_store_failed_attempts(struct ms_store *s, int64_t trial_id, struct ms_attempt_list *out,
                             struct ms_error *err)
{
    *out = (struct ms_attempt_list){0};
    const int status = ms_store_sql_each(s, err, take_attempt, out, sql_failures, "i", trial_id);
    if (status)
        ms_store_attempt_list_clear(out);
    return status;
}

static int take_true(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)q;
    (void)err;
    *(bool *)to = true;
    return 0;
}

static int take_output(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_attempt_output *o = to;
    o->execution = sqlite3_column_int64(q, 0);
    o->attempt = sqlite3_column_int64(q, 1);
    return ms_store_sql_copy(q, 2, &o->text, err);
}

int ms_store_output(struct ms_store *s, int64_t trial_id, struct ms_attempt_output *out,
                    struct ms_error *err)
{
    bool has = false;
    *out = (struct ms_attempt_output){0};
    const int status = ms_store_sql_each(s, err, take_true, &has, sql_has_output, "");
    return status || !has ? status
                          : ms_store_sql_each(s, err, take_output, out, sql_output, "i", trial_id);
}

void ms_store_test_list_clear(struct ms_test_list *l)
{
    free(l->item);
    *l = (struct ms_test_list){0};
}

static int take_test(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_test_list *l = to;
    const int status =
        ms_grow(&l->item, &l->room, l->n + 1, sizeof *l->item, "the test metrics of a trial", err);
    if (status)
        return status;
    struct ms_test_info *t = &l->item[l->n++];
    *t = (struct ms_test_info){.execution = sqlite3_column_int64(q, 0),
                               .value = ms_store_sql_double(q, 2),
                               .epoch = sqlite3_column_int64(q, 3)};
    ms_store_sql_text(q, 1, t->metric, sizeof t->metric);
    return 0;
}

int ms_store_tests(struct ms_store *s, int64_t trial_id, struct ms_test_list *out,
                   struct ms_error *err)
{
    *out = (struct ms_test_list){0};
    const int status = ms_store_sql_each(s, err, take_test, out, sql_tests, "i", trial_id);
    if (status)
        ms_store_test_list_clear(out);
    return status;
}
