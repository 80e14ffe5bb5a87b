// SPDX-License-Identifier: MIT
//
// mlpsweep status: how far a sweep is, whether its run is alive, what it found so far.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"
#include "progress.h"
#include "show.h"
#include "coordinator/rank/stats.h"

static const char usage[] =
    "usage: mlpsweep status STORE [--sweep NAME]\n"
    "\n"
    "Shows how far a sweep is and whether its run is alive, also while it runs; then all sweeps of "
    "the\n"
    "store, where it has more: those of a staged sweep are called SWEEP:N-STAGE.\n";

static const char sql_run[] =
    "SELECT started_at, coalesce(ended_at, ''), coalesce(host, ''), coalesce(pid, 0),"
    " coalesce(workers, 0), (SELECT count(*) FROM run WHERE sweep_id = ?1),"
    " (julianday(coalesce(ended_at, CASE WHEN ?2 THEN 'now' ELSE"
    "   (SELECT max(a.ended_at) FROM trial AS t JOIN execution AS x USING (trial_id)"
    "    JOIN attempt AS a USING (execution_id) WHERE t.sweep_id = ?1) END)) -"
    "  julianday(started_at)) * 86400"
    " FROM run WHERE sweep_id = ?1 ORDER BY run_id DESC LIMIT 1";
static const char sql_trials[] =
    "SELECT count(*), coalesce(sum(begun), 0), coalesce(sum(ended), 0) FROM"
    " (SELECT min(x.state IN ('done', 'failed')) AS ended, max(x.state <> 'waiting' OR EXISTS"
    "   (SELECT 1 FROM attempt AS a WHERE a.execution_id = x.execution_id)) AS begun"
    "  FROM trial AS t LEFT JOIN execution AS x USING (trial_id) WHERE t.sweep_id = ? GROUP BY "
    "t.trial_id)";
static const char sql_executions[] =
    "SELECT x.state, count(*) FROM trial AS t JOIN execution AS x USING (trial_id)"
    " WHERE t.sweep_id = ? GROUP BY x.state";
static const char sql_outcomes[] =
    "SELECT a.outcome, count(*) FROM trial AS t JOIN execution AS x USING (trial_id)"
    " JOIN attempt AS a USING (execution_id) WHERE t.sweep_id = ? AND a.outcome IS NOT NULL"
    " AND a.test_epoch = 0 GROUP BY a.outcome ORDER BY a.outcome <> 'completed', count(*) DESC";
// Seconds of trainers over operations, for a line through them; a function or a command has no
// operations.
static const char sql_ended_in_run[] =
    "SELECT count(*), sum(x), sum(y), sum(x * x), sum(x * y) FROM (SELECT coalesce(t.flops, 0) * "
    "1e-9 AS x,"
    " coalesce(sum(a.wall_s), 0) AS y FROM trial AS t JOIN execution AS x USING (trial_id)"
    " JOIN attempt AS a USING (execution_id) WHERE t.sweep_id = ?1 AND x.state = 'done' AND "
    "a.outcome IN"
    " ('completed', 'early_stopped', 'diverged', 'paused', 'pruned') AND a.ended_at >= ?2"
    " GROUP BY x.execution_id)";
static const char sql_to_do[] = "SELECT coalesce(t.flops, 0) * 1e-9, CASE x.state WHEN 'running' "
                                "THEN (julianday('now') - julianday("
                                "  (SELECT max(a.started_at) FROM attempt AS a WHERE "
                                "a.execution_id = x.execution_id))) * 86400 END"
                                " FROM trial AS t JOIN execution AS x USING (trial_id)"
                                " WHERE t.sweep_id = ?1 AND x.state IN ('waiting', 'running')";
static const char sql_mean_flops[] =
    "SELECT coalesce(avg(flops), 0) * 1e-9 FROM trial WHERE sweep_id = ?1";
static const char sql_waited[] = // the first wait of a worker is the start of the run
    "SELECT coalesce(sum(a.wait_s), 0), coalesce(sum(a.wall_s), 0) FROM trial AS t"
    " JOIN execution AS x USING (trial_id) JOIN attempt AS a USING (execution_id)"
    " WHERE t.sweep_id = ?1 AND a.ended_at >= ?2 AND a.wall_s IS NOT NULL AND a.test_epoch = 0";
static const char sql_sweeps[] = "SELECT name FROM sweep ORDER BY sweep_id";

struct run {
    char started[32], ended[32], host[256];
    int64_t pid, workers, runs;
    double elapsed_s; // NAN: not known
};

struct counts {
    int64_t trials, trials_begun, trials_ended; // trials: all that are known, also those that wait
    int64_t waiting, running, done, failed;
};

static int read_run(struct ms_show *s, struct run *r, struct ms_error *err)
{
    sqlite3_stmt *q;
    const bool alive = strcmp(s->sweep.state, "running") == 0;
    int rc = ms_store_sql_query(s->store, err, &q, sql_run, "ii", s->sweep.id, (int64_t)alive);
    *r = (struct run){.elapsed_s = NAN};
    if (rc || (rc = ms_store_sql_step(s->store, q, err)) <= 0)
        return rc;
    ms_store_sql_text(q, 0, r->started, 20); // without the milliseconds
    ms_store_sql_text(q, 1, r->ended, 20);
    ms_store_sql_text(q, 2, r->host, sizeof r->host);
    ms_printable(r->host, '?', "");
    r->pid = sqlite3_column_int64(q, 3);
    r->workers = sqlite3_column_int64(q, 4);
    r->runs = sqlite3_column_int64(q, 5);
    if (sqlite3_column_type(q, 6) != SQLITE_NULL)
        r->elapsed_s = fmax(0, sqlite3_column_double(q, 6));
    sqlite3_reset(q);
    return 0;
}

static int read_counts(struct ms_show *s, struct counts *c, struct ms_error *err)
{
    sqlite3_stmt *q;
    *c = (struct counts){0};
    int rc = ms_store_sql_query(s->store, err, &q, sql_trials, "i", s->sweep.id);
    if (rc || (rc = ms_store_sql_step(s->store, q, err)) < 0)
        return rc;
    c->trials = sqlite3_column_int64(q, 0);
    c->trials_begun = sqlite3_column_int64(q, 1);
    c->trials_ended = sqlite3_column_int64(q, 2);
    sqlite3_reset(q);
    const struct {
        const char *state;
        int64_t *n;
    } states[] = {{"waiting", &c->waiting},
                  {"running", &c->running},
                  {"done", &c->done},
                  {"failed", &c->failed}};
    rc = ms_store_sql_query(s->store, err, &q, sql_executions, "i", s->sweep.id);
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(s->store, q, err)) > 0)
        for (size_t i = 0; i < sizeof states / sizeof *states; i++)
            if (strcmp((const char *)sqlite3_column_text(q, 0), states[i].state) == 0)
                *states[i].n = sqlite3_column_int64(q, 1);
    return rc;
}

static void print_state(const struct ms_show *s, const struct run *r)
{
    char text[64];
    const char *state = s->sweep.state;
    printf("  state       ");
    if (!*state)
        printf("never run\n");
    else if (strcmp(state, "running") == 0)
        printf("running on %s (pid %lld) with %lld worker%s for %s\n", r->host, (long long)r->pid,
               (long long)r->workers, r->workers == 1 ? "" : "s",
               ms_progress_duration(r->elapsed_s, text, sizeof text));
    else if (strcmp(state, "killed") == 0)
        printf("the run of %s UTC on %s ended without a word; mlpsweep run continues it\n",
               r->started, r->host);
    else
        printf("%s at %s UTC after %s%s\n", state, r->ended,
               ms_progress_duration(r->elapsed_s, text, sizeof text),
               strcmp(state, "interrupted") == 0 ? "; mlpsweep run continues it" : "");
}

static int print_attempts(struct ms_show *s, struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s->store, err, &q, sql_outcomes, "i", s->sweep.id), n = 0;
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(s->store, q, err)) > 0)
        printf("%s%lld %s", n++ ? ", " : "  attempts    ", (long long)sqlite3_column_int64(q, 1),
               (const char *)sqlite3_column_text(q, 0));
    if (n)
        printf("\n");
    return rc;
}

// Trainer seconds that are still to come, by a line through those that were taken; *spent: those
// that executions under way have had. Executions of trials that are not drawn yet cost the mean.
static int seconds_to_do(struct ms_show *s, const struct ms_line *line, double undrawn,
                         double *left, double *spent, struct ms_error *err)
{
    sqlite3_stmt *q;
    *left = *spent = 0;
    int rc = ms_store_sql_query(s->store, err, &q, sql_to_do, "i", s->sweep.id);
    while (!rc && (rc = ms_store_sql_step(s->store, q, err)) > 0) {
        const double whole = line->base + line->slope * sqlite3_column_double(q, 0);
        const double had = fmin(fmax(sqlite3_column_double(q, 1), 0), whole); // waiting: none
        *left += whole - had;
        *spent += had;
        rc = 0;
    }
    if (!rc)
        rc = ms_store_sql_query(s->store, err, &q, sql_mean_flops, "i", s->sweep.id);
    if (rc || (rc = ms_store_sql_step(s->store, q, err)) < 0)
        return rc;
    *left += undrawn * (line->base + line->slope * sqlite3_column_double(q, 0));
    sqlite3_reset(q);
    return 0;
}

static int print_speed(struct ms_show *s, const struct run *r, const struct counts *c,
                       struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s->store, err, &q, sql_ended_in_run, "it", s->sweep.id, r->started);
    if (rc || (rc = ms_store_sql_step(s->store, q, err)) < 0)
        return rc;
    const struct ms_sums ended = {sqlite3_column_double(q, 0), sqlite3_column_double(q, 1),
                                  sqlite3_column_double(q, 2), sqlite3_column_double(q, 3),
                                  sqlite3_column_double(q, 4)};
    sqlite3_reset(q);
    if (ended.n == 0 || !(r->elapsed_s > 0))
        return 0;
    char text[64];
    printf("  speed       %.3g executions/s in this run, %s each", ended.n / r->elapsed_s,
           ms_progress_time_taken(ended.y / ended.n, text, sizeof text));
    const int64_t executions = c->waiting + c->running + c->done + c->failed;
    const double per_trial = (double)executions / (double)c->trials;
    const double undrawn = fmax((double)s->sweep.trials_planned - (double)c->trials, 0) * per_trial;
    const struct ms_line line = ms_stats_line_of(&ended);
    double left = 0, spent = 0;
    rc = 0;
    if (strcmp(s->sweep.state, "running") == 0) {
        rc = seconds_to_do(s, &line, undrawn, &left, &spent, err);
        const double at_once = fmin((ended.y + spent) / r->elapsed_s, fmax((double)r->workers, 1));
        if (!rc && at_once > 0)
            printf("; about %s to go", ms_progress_duration(left / at_once, text, sizeof text));
    }
    printf("\n");
    return rc;
}

// How much of the workers' time went into waiting: for results that the search needs before it goes
// on (lag, rungs), or for a coordinator that does not keep up.
static int print_waiting(struct ms_show *s, const struct run *r, struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s->store, err, &q, sql_waited, "it", s->sweep.id, r->started);
    if (rc || (rc = ms_store_sql_step(s->store, q, err)) < 0)
        return rc;
    const double wait_s = sqlite3_column_double(q, 0), wall_s = sqlite3_column_double(q, 1);
    sqlite3_reset(q);
    if (wall_s > 0)
        printf("  waiting     %.1f %% of the workers' time in this run\n",
               100 * wait_s / (wait_s + wall_s));
    return 0;
}

static int print_best(struct ms_show *s, struct ms_error *err)
{
    enum { INDENT = 14 };
    char text[160], verdict[1000];
    if (s->n_ranks == 0 || s->rank[0].n == 0)
        return 0;
    const struct ms_trial_rank *r = &s->rank[0];
    printf("  best        trial %u: %s %s (%d execution%s)\n", r->trial, s->sweep.metric,
           ms_show_mean_text(r, ms_show_rank_digits(r, 1), text, sizeof text), r->n,
           r->n == 1 ? "" : "s");
    struct ms_show_params params;
    int rc = ms_show_params(s, &params, err);
    if (rc)
        return rc;
    char **value, line[4000];
    rc = ms_show_row(s, &params, r->trial, &value, err);
    if (!rc && *ms_show_line(&params, value, line, sizeof line)) {
        printf("%*s", INDENT, "");
        ms_text_wrap(stdout, line, INDENT, s->screen);
        printf("\n");
    }
    if (!rc)
        ms_show_row_free(&params, value);
    ms_show_params_clear(&params);
    printf("%*s", INDENT, "");
    ms_text_wrap(stdout, ms_show_verdict(s->rank, s->n_ranks, verdict, sizeof verdict), INDENT,
                 s->screen);
    printf("\n");
    return rc;
}

// A row of the table of sweeps: how far, and who leads.
static int sweep_row(struct ms_show *s, const char *name, struct ms_text *t, struct ms_error *err)
{
    struct ms_show other = {.store = s->store};
    struct counts c = {0};
    char planned[64] = "", mean[160];
    int rc = ms_store_find(s->store, name, &other.sweep, err);
    if (!rc)
        rc = read_counts(&other, &c, err);
    if (!rc)
        rc = ms_show_rank(&other, -1, err);
    if (rc)
        return rc;
    if (other.sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)other.sweep.trials_planned);
    ms_text_style(t, other.sweep.id == s->sweep.id ? MS_BOLD : MS_PLAIN);
    ms_text_cell(t, "%s", name);
    ms_text_cell(t, "%s", other.sweep.state);
    ms_text_cell(t, "%lld%s", (long long)c.trials_ended, planned);
    if (other.n_ranks > 0 && other.rank[0].n > 0) {
        const struct ms_digits d = ms_show_rank_digits(other.rank, other.n_ranks);
        ms_text_cell(t, "%u", other.rank[0].trial);
        ms_text_cell(t, "%s %s", other.sweep.metric,
                     ms_show_mean_text(&other.rank[0], d, mean, sizeof mean));
    } else {
        ms_text_cell(t, "-");
        ms_text_cell(t, "%s -", other.sweep.metric);
    }
    free(other.rank);
    return 0;
}

// All sweeps of the store, where there is more than one: the stages of a staged sweep, say.
static int print_sweeps(struct ms_show *s, struct ms_error *err)
{
    static const char *const titles[] = {"sweep", "state", "trials ended", "best trial", ""};
    static const enum ms_align align[] = {MS_LEFT, MS_LEFT, MS_LEFT, MS_RIGHT, MS_LEFT};
    char(*name)[256] = NULL;
    size_t n = 0;
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s->store, err, &q, sql_sweeps, "");
    while (!rc && (rc = ms_store_sql_step(s->store, q, err)) > 0) {
        char(*grown)[256] = realloc(name, (n + 1) * sizeof *name);
        rc = grown ? 0 : ms_fail(err, MS_ENOMEM, "no memory");
        if (rc) {
            sqlite3_reset(q);
            break;
        }
        name = grown;
        ms_store_sql_text(q, 0, name[n++], sizeof *name);
    }
    struct ms_text *t = !rc && n > 1 ? ms_text_new(5) : NULL;
    if (!rc && n > 1 && !t)
        rc = ms_fail(err, MS_ENOMEM, "no memory");
    for (int i = 0; t && i < 5; i++)
        ms_text_column(t, i, align[i], titles[i]);
    for (size_t i = 0; t && !rc && i < n; i++)
        rc = sweep_row(s, name[i], t, err);
    if (t && !rc) {
        printf("\nsweeps of this store (--sweep)\n");
        rc = ms_text_print(t, stdout, s->colour, "  ");
    }
    ms_text_free(t);
    free(name);
    return rc;
}

static int status(struct ms_show *s, struct ms_error *err)
{
    struct run r;
    struct counts c;
    char planned[64] = "";
    int rc = read_run(s, &r, err);
    if (!rc)
        rc = read_counts(s, &c, err);
    if (rc)
        return rc;
    printf("%s\n", s->sweep.name);
    print_state(s, &r);
    if (s->sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)s->sweep.trials_planned);
    printf("  trials      %lld%s begun, %lld ended\n", (long long)c.trials_begun, planned,
           (long long)c.trials_ended);
    printf("  executions  %lld done, %lld running, %lld waiting, %lld failed\n", (long long)c.done,
           (long long)c.running, (long long)c.waiting, (long long)c.failed);
    rc = print_attempts(s, err);
    if (!rc)
        rc = print_speed(s, &r, &c, err);
    if (!rc)
        rc = print_waiting(s, &r, err);
    if (!rc)
        rc = print_best(s, err);
    return rc ? rc : print_sweeps(s, err);
}

int ms_show_status_command(int argc, char **argv)
{
    const char *sweep = NULL, *store[1];
    const struct ms_option options[] = {
        {.name = "sweep",
         .kind = MS_OPT_TEXT,
         .to = &sweep,
         .choices = "NAME",
         .doc = "which sweep of the store (default: the one that ran last)"},
    };
    const struct ms_syntax syntax = {"status", usage, options, 1, 1, 1, "store"};
    const int n = ms_options_read(&syntax, argc, argv, store);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int rc = ms_show_open(&s, store[0], sweep, &err);
    if (!rc)
        rc = ms_show_rank(&s, -1, &err);
    if (!rc)
        rc = status(&s, &err);
    ms_show_close(&s);
    return ms_show_exit("status", rc, &err);
}
