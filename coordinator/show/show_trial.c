// SPDX-License-Identifier: MIT
//
// mlpsweep show: everything about one trial.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/utf8.h"
#include "progress.h"
#include "show.h"

enum { METRICS_MOST = MS_MAX_METRICS };

static const char usage[] = "usage: mlpsweep show STORE [TRIAL] [--sweep NAME] [--epochs N]\n"
                            "\n"
                            "Shows one trial: its parameters, its executions with their results, "
                            "what failed and why, and the\n"
                            "last epochs of its best execution. Without TRIAL: the best trial.\n";

static const char sql_trial[] = "SELECT weights, flops, memory_bytes, trial_id FROM trial"
                                " WHERE sweep_id = ? AND number = ?";
static const char sql_executions[] =
    "SELECT x.number, x.state, coalesce(x.outcome, ''), x.objective, x.best_epoch, x.epochs,"
    " count(a.number), sum(a.wall_s), max(a.max_rss_bytes), x.epochs_asked"
    " FROM execution AS x LEFT JOIN attempt AS a USING (execution_id)"
    " WHERE x.trial_id = ? GROUP BY x.execution_id ORDER BY x.number";
static const char sql_failures[] =
    "SELECT x.number, a.number, a.outcome, a.worker_rank, a.host, a.ended_at, a.message"
    " FROM execution AS x JOIN attempt AS a USING (execution_id) WHERE x.trial_id = ?"
    " AND a.outcome NOT IN ('completed', 'early_stopped', 'paused', 'pruned') ORDER BY x.number, "
    "a.number";
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
// The best execution that has epochs, else the one that has most of them.
static const char sql_best_execution[] =
    "SELECT x.execution_id, x.number, (SELECT max(epoch) FROM epoch_metric AS e"
    "  WHERE e.execution_id = x.execution_id) AS last FROM execution AS x"
    " WHERE x.trial_id = ?1 AND last IS NOT NULL"
    " ORDER BY x.objective IS NULL, x.objective * ?2, last DESC, x.number LIMIT 1";
static const char sql_epoch_metrics[] =
    "SELECT DISTINCT metric FROM epoch_metric WHERE execution_id = ?"
    " ORDER BY replace(metric, 'val_', '') <> 'loss', replace(metric, 'val_', ''), metric LIKE "
    "'val_%'";
static const char sql_epochs[] = "SELECT epoch, metric, value FROM epoch_metric WHERE execution_id "
                                 "= ? AND epoch > ? ORDER BY epoch";

struct trial {
    struct ms_show *s;
    struct ms_show_goals goals;
    uint32_t number;
    int64_t id;
};

// --- parameters --------------------------------------------------------------

struct values {
    const struct ms_show_params *params;
    struct ms_text *table;
};

static void take_value(void *context, int i, const char *text)
{
    struct values *v = context;
    ms_text_cell(v->table, "%s", v->params->item[i].name);
    ms_text_cell(v->table, "%s", *text ? text : "\"\"");
}

static int print_params(struct trial *t, struct ms_error *err)
{
    struct ms_show_params params;
    int rc = ms_show_params(t->s, &params, err);
    if (rc)
        return rc;
    struct values v = {&params, ms_text_new(2)};
    rc = v.table ? ms_show_values(t->s, &params, t->number, take_value, &v, err) : MS_ENOMEM;
    if (!rc && params.n > 0) {
        printf("\nparameters\n");
        rc = ms_text_print(v.table, stdout, t->s->colour, "  ");
    }
    ms_text_free(v.table);
    ms_show_params_clear(&params);
    return rc;
}

static int find_trial(struct trial *t, struct ms_error *err)
{
    char a[40], b[40], c[40];
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(t->s->store, err, &q, sql_trial, "ii", t->s->sweep.id,
                                (int64_t)t->number);
    if (rc || (rc = ms_store_sql_step(t->s->store, q, err)) <= 0)
        return rc ? rc : ms_fail(err, MS_ESTATE, "trial %u has just been removed", t->number);
    t->id = sqlite3_column_int64(q, 3);
    if (sqlite3_column_int64(q, 0) > 0) {
        printf("%s weights, %sFLOP an execution, %s of memory\n",
               ms_text_count(sqlite3_column_int64(q, 0), a, sizeof a),
               ms_text_scaled(sqlite3_column_double(q, 1), b, sizeof b),
               ms_text_bytes(sqlite3_column_double(q, 2), c, sizeof c));
    }
    sqlite3_reset(q);
    return 0;
}

// --- results -----------------------------------------------------------------

static void print_summary(const struct trial *t)
{
    const struct ms_show *s = t->s;
    char a[160], b[64], c[64];
    int64_t place = 0;
    while (place < s->n_ranks && s->rank[place].trial != t->number)
        place++;
    printf("trial %u of %s", t->number, s->sweep.name);
    if (place == s->n_ranks || s->rank[place].n == 0) {
        printf(": no result%s\n", place == s->n_ranks ? " yet" : "");
        return;
    }
    const struct ms_trial_rank *r = &s->rank[place];
    const struct ms_digits d = ms_show_rank_digits(r, 1);
    printf(": rank %lld of %lld", (long long)place + 1, (long long)ms_show_scored(s));
    if (t->goals.front && t->goals.front[place])
        printf(", front %d", t->goals.front[place]);
    else if (t->goals.front)
        printf(", in no front");
    printf("\n%s %s", s->sweep.metric, ms_show_mean_text(r, d, a, sizeof a));
    if (r->n > 1)
        printf(", 95 %% interval %s … %s, median %s", ms_text_number(d, r->lo, a, sizeof a),
               ms_text_number(d, r->hi, b, sizeof b), ms_text_number(d, r->median, c, sizeof c));
    printf(" (%d execution%s", r->n, r->n == 1 ? "" : "s");
    if (r->n_failed)
        printf(", %d without a result", r->n_failed);
    printf(")\n");
}

// A column that may be NULL, as a whole number.
static void int_cell(struct ms_text *table, sqlite3_stmt *q, int column)
{
    if (sqlite3_column_type(q, column) == SQLITE_NULL)
        ms_text_cell(table, "-");
    else
        ms_text_cell(table, "%lld", (long long)sqlite3_column_int64(q, column));
}

static void execution_cells(struct ms_text *table, sqlite3_stmt *q)
{
    char text[64];
    const char *state = (const char *)sqlite3_column_text(q, 1);
    const char *outcome = (const char *)sqlite3_column_text(q, 2);
    if (strcmp(state, "failed") == 0)
        ms_text_style(table, MS_RED);
    int_cell(table, q, 0);
    ms_text_cell(table, "%s", *outcome ? outcome : state);
    if (sqlite3_column_type(q, 3) == SQLITE_NULL)
        ms_text_cell(table, "-");
    else
        ms_text_cell(table, "%s", ms_number_text(sqlite3_column_double(q, 3), text, sizeof text));
    int_cell(table, q, 4);
    int_cell(table, q, 5);
    int_cell(table, q, 6);
    if (sqlite3_column_type(q, 7) == SQLITE_NULL)
        ms_text_cell(table, "-");
    else
        ms_text_cell(table, "%s",
                     ms_progress_time_taken(sqlite3_column_double(q, 7), text, sizeof text));
    if (sqlite3_column_double(q, 8) > 0)
        ms_text_cell(table, "%s", ms_text_bytes(sqlite3_column_double(q, 8), text, sizeof text));
    else
        ms_text_cell(table, "%s", "");
}

static void failure_cells(struct ms_text *table, sqlite3_stmt *q)
{
    int_cell(table, q, 0);
    int_cell(table, q, 1);
    for (int i = 2; i < 7; i++) {
        const char *text = (const char *)sqlite3_column_text(q, i);
        ms_text_cell(table, "%s", text ? text : "");
    }
}

static void test_cells(struct ms_text *table, sqlite3_stmt *q)
{
    char text[64];
    const bool null = sqlite3_column_type(q, 2) == SQLITE_NULL;
    int_cell(table, q, 0);
    ms_text_cell(table, "%s", (const char *)sqlite3_column_text(q, 1));
    ms_text_cell(table, "%s",
                 ms_number_text(null ? NAN : sqlite3_column_double(q, 2), text, sizeof text));
    int_cell(table, q, 3);
}

// Rows of a query on the trial, under a heading; nothing where there are none.
static int print_query(struct trial *t, const char *sql, const char *heading,
                       const char *const *titles, void (*cells)(struct ms_text *, sqlite3_stmt *),
                       struct ms_error *err)
{
    sqlite3_stmt *q;
    int n = 0, rows = 0, rc = ms_store_sql_query(t->s->store, err, &q, sql, "i", t->id);
    if (rc)
        return rc;
    while (titles[n])
        n++;
    struct ms_text *table = ms_text_new(n);
    if (!table)
        return MS_ENOMEM;
    for (int i = 0; i < n; i++) // a blank before the title: a column of words
        ms_text_column(table, i, titles[i][0] == ' ' ? MS_LEFT : MS_RIGHT,
                       titles[i] + (titles[i][0] == ' '));
    while ((rc = ms_store_sql_step(t->s->store, q, err)) > 0) {
        cells(table, q);
        rows++;
    }
    if (!rc && rows > 0) {
        printf("\n%s\n", heading);
        rc = ms_text_print(table, stdout, t->s->colour, "  ");
    }
    ms_text_free(table);
    return rc;
}

// The last lines of what a command wrote to stderr: of the attempt that failed last, else the last
// one.
static int print_output(struct trial *t, struct ms_error *err)
{
    enum { LINES = 20 };
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(t->s->store, err, &q, sql_has_output, "");
    if (rc || (rc = ms_store_sql_step(t->s->store, q, err)) <= 0)
        return rc;
    sqlite3_reset(q);
    rc = ms_store_sql_query(t->s->store, err, &q, sql_output, "i", t->id);
    if (rc || (rc = ms_store_sql_step(t->s->store, q, err)) <= 0)
        return rc;
    const char *text = (const char *)sqlite3_column_text(q, 2), *from = text + strlen(text);
    while (from > text && from[-1] == '\n')
        from--;
    const char *end = from;
    for (int lines = 0; from > text && (lines += from[-1] == '\n') < LINES;)
        from--;
    char *shown = strndup(from, (size_t)(end - from));
    if (shown) {
        printf("\nstderr of execution %lld, attempt %lld%s\n  ",
               (long long)sqlite3_column_int64(q, 0), (long long)sqlite3_column_int64(q, 1),
               from > text ? ", its end" : "");
        for (const char *p = ms_printable(shown, '?', "\n\t"); *p; p++)
            if (*p == '\n')
                printf("\n  ");
            else
                putchar(*p);
        putchar('\n');
    }
    free(shown);
    sqlite3_reset(q);
    return shown ? 0 : MS_ENOMEM;
}

// --- epochs ------------------------------------------------------------------

static int read_metrics(struct trial *t, int64_t execution_id, char names[][64], int *n,
                        struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(t->s->store, err, &q, sql_epoch_metrics, "i", execution_id);
    *n = 0;
    if (rc)
        return rc;
    while (*n < METRICS_MOST && (rc = ms_store_sql_step(t->s->store, q, err)) > 0)
        ms_store_sql_text(q, 0, names[(*n)++], sizeof *names);
    if (rc >= 0)
        sqlite3_reset(q);
    return rc < 0 ? rc : 0;
}

static void epoch_cells(struct ms_text *table, int64_t epoch, const double *value, int n)
{
    ms_text_cell(table, "%lld", (long long)epoch);
    for (int i = 0; i < n; i++)
        ms_text_cell(table, "%.6g", value[i]);
}

static int fill_epochs(struct trial *t, int64_t execution_id, int64_t after, char names[][64],
                       int n, struct ms_text *table, struct ms_error *err)
{
    double value[METRICS_MOST];
    int64_t epoch = 0;
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(t->s->store, err, &q, sql_epochs, "ii", execution_id, after);
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(t->s->store, q, err)) > 0) {
        if (epoch && sqlite3_column_int64(q, 0) != epoch)
            epoch_cells(table, epoch, value, n);
        if (sqlite3_column_int64(q, 0) != epoch)
            for (int i = 0; i < n; i++)
                value[i] = NAN;
        epoch = sqlite3_column_int64(q, 0);
        for (int i = 0; i < n; i++)
            if (strcmp(names[i], (const char *)sqlite3_column_text(q, 1)) == 0 &&
                sqlite3_column_type(q, 2) != SQLITE_NULL)
                value[i] = sqlite3_column_double(q, 2);
    }
    if (!rc && epoch)
        epoch_cells(table, epoch, value, n);
    return rc;
}

static int print_epochs(struct trial *t, int most, struct ms_error *err)
{
    char names[METRICS_MOST][64];
    sqlite3_stmt *q;
    int n, rc = ms_store_sql_query(t->s->store, err, &q, sql_best_execution, "ii", t->id,
                                   (int64_t)(t->s->sweep.maximize ? -1 : 1));
    if (rc || (rc = ms_store_sql_step(t->s->store, q, err)) <= 0)
        return rc;
    const int64_t id = sqlite3_column_int64(q, 0), number = sqlite3_column_int64(q, 1);
    const int64_t last = sqlite3_column_int64(q, 2);
    sqlite3_reset(q);
    rc = read_metrics(t, id, names, &n, err);
    if (rc)
        return rc;
    struct ms_text *table = ms_text_new(n + 1);
    if (!table)
        return MS_ENOMEM;
    ms_text_column(table, 0, MS_RIGHT, "epoch");
    for (int i = 0; i < n; i++)
        ms_text_column(table, i + 1, MS_RIGHT, names[i]);
    rc = fill_epochs(t, id, last - most, names, n, table, err);
    if (!rc) {
        printf("\nlast epochs of execution %lld\n", (long long)number);
        rc = ms_text_print(table, stdout, t->s->colour, "  ");
    }
    ms_text_free(table);
    return rc;
}

static int show(struct trial *t, int epochs, struct ms_error *err)
{
    const char *metric = t->s->sweep.metric;
    const char *const executions[] = {"execution", " state", metric,   "at epoch", "epochs",
                                      "attempts",  "time",   "memory", NULL};
    static const char *const failures[] = {"execution", "attempt", " outcome", "worker",
                                           " host",     " ended",  " message", NULL};
    static const char *const tests[] = {"execution", " metric", "value", "after epoch", NULL};
    print_summary(t);
    int rc = find_trial(t, err);
    if (!rc)
        rc = print_params(t, err);
    if (!rc)
        rc = print_query(t, sql_executions, "executions", executions, execution_cells, err);
    if (!rc)
        rc = print_query(t, sql_tests, "on the test set", tests, test_cells, err);
    if (!rc)
        rc = print_query(t, sql_failures, "attempts that did not complete", failures, failure_cells,
                         err);
    if (!rc)
        rc = print_output(t, err);
    if (!rc && epochs > 0)
        rc = print_epochs(t, epochs, err);
    return rc;
}

int ms_show_trial_command(int argc, char **argv)
{
    const char *sweep = NULL, *words[2];
    int epochs = 5;
    const struct ms_option options[] = {
        {.name = "sweep",
         .kind = MS_OPT_TEXT,
         .to = &sweep,
         .choices = "NAME",
         .doc = "which sweep of the store (default: the one that ran last)"},
        {.name = "epochs",
         .kind = MS_OPT_INT,
         .to = &epochs,
         .lo = 0,
         .doc = "how many of the last epochs to show (default 5)"},
    };
    const struct ms_syntax syntax = {"show", usage, options, 2, 1, 2, "store"};
    const int n = ms_options_read(&syntax, argc, argv, words);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    struct trial t = {.s = &s};
    int rc = ms_show_open(&s, words[0], sweep, &err);
    if (!rc)
        rc = ms_show_rank(&s, -1, &err);
    if (!rc) // which orders by fronts, as rank does
        rc = ms_show_goals(&s, &t.goals, &err);
    if (!rc && n == 2)
        rc = ms_show_trial(&s, words[1], &t.number, &err);
    else if (!rc && s.n_ranks == 0)
        rc = ms_fail(&err, MS_EINVAL, "no trial of sweep '%s' has ended yet; name one",
                     s.sweep.name);
    else if (!rc)
        t.number = s.rank[0].trial;
    if (!rc)
        rc = show(&t, epochs, &err);
    ms_show_goals_clear(&t.goals);
    ms_show_close(&s);
    return ms_show_exit("show", rc, &err);
}
