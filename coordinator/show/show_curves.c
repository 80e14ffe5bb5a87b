// SPDX-License-Identifier: MIT
//
// mlpsweep curves: every epoch as a line of tab-separated values, ready for gnuplot, R or pandas.
// Numbers have all their digits; NaN is "nan", infinity "inf", a metric that was not reported
// nothing.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/utf8.h"
#include "show.h"

enum { METRICS_MOST = 64, TRIALS_MOST = 4096 };

static const char usage[] = "usage: mlpsweep curves STORE [TRIAL…] [--sweep NAME] [--metric NAME]\n"
                            "\n"
                            "Prints the metrics of every epoch as tab-separated values, a line per "
                            "epoch, the names in the\n"
                            "first line. Without TRIAL: of all trials.\n";

static const char sql_metrics[] =
    "SELECT DISTINCT e.metric FROM trial AS t JOIN execution AS x USING (trial_id)"
    " JOIN epoch_metric AS e USING (execution_id) WHERE t.sweep_id = ?"
    " ORDER BY replace(e.metric, 'val_', '') <> 'loss', replace(e.metric, 'val_', ''),"
    " e.metric LIKE 'val_%'";
static const char sql_trials[] = "SELECT number FROM trial WHERE sweep_id = ? ORDER BY number";
static const char sql_epochs[] =
    "SELECT x.number, e.epoch, e.metric, e.value FROM trial AS t JOIN execution AS x USING "
    "(trial_id)"
    " JOIN epoch_metric AS e USING (execution_id) WHERE t.sweep_id = ? AND t.number = ?"
    " ORDER BY x.number, e.epoch";

struct curves {
    struct ms_show *s;
    char metric[METRICS_MOST][64];
    int n;
    bool has[METRICS_MOST];
    double value[METRICS_MOST];
};

static int read_metrics(struct curves *c, const char *only, struct ms_error *err)
{
    char list[1000] = "";
    const char *names[METRICS_MOST];
    size_t used = 0;
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(c->s->store, err, &q, sql_metrics, "i", c->s->sweep.id);
    if (rc)
        return rc;
    while (c->n < METRICS_MOST && (rc = ms_store_sql_step(c->s->store, q, err)) > 0) {
        ms_store_sql_text(q, 0, c->metric[c->n], sizeof *c->metric);
        names[c->n] = c->metric[c->n];
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", c->n ? ", " : "",
                                     names[c->n]);
        c->n++;
    }
    if (rc < 0)
        return rc;
    sqlite3_reset(q);
    if (!only)
        return 0;
    for (int i = 0; i < c->n; i++)
        if (strcmp(c->metric[i], only) == 0) {
            snprintf(c->metric[0], sizeof *c->metric, "%s", only);
            c->n = 1;
            return 0;
        }
    const char *near = ms_nearest(only, names, c->n);
    return ms_fail(err, MS_EINVAL, "--metric: found '%s'; allowed: %s%s%s%s", only, list,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void print_line(const struct curves *c, uint32_t trial, int64_t execution, int64_t epoch)
{
    char text[40];
    printf("%u\t%lld\t%lld", trial, (long long)execution, (long long)epoch);
    for (int i = 0; i < c->n; i++)
        printf("\t%s", c->has[i] ? ms_number_text(c->value[i], text, sizeof text) : "");
    printf("\n");
}

static int print_trial(struct curves *c, uint32_t trial, struct ms_error *err)
{
    int64_t execution = -1, epoch = -1;
    sqlite3_stmt *q;
    int rc =
        ms_store_sql_query(c->s->store, err, &q, sql_epochs, "ii", c->s->sweep.id, (int64_t)trial);
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(c->s->store, q, err)) > 0) {
        const int64_t x = sqlite3_column_int64(q, 0), e = sqlite3_column_int64(q, 1);
        if (x != execution || e != epoch) {
            if (epoch >= 0)
                print_line(c, trial, execution, epoch);
            memset(c->has, 0, sizeof c->has);
            execution = x;
            epoch = e;
        }
        for (int i = 0; i < c->n; i++)
            if (strcmp(c->metric[i], (const char *)sqlite3_column_text(q, 2)) == 0) {
                const bool null = sqlite3_column_type(q, 3) == SQLITE_NULL;
                c->has[i] = true;
                c->value[i] = null ? NAN : sqlite3_column_double(q, 3);
            }
    }
    if (!rc && epoch >= 0)
        print_line(c, trial, execution, epoch);
    return rc;
}

static int print_all(struct curves *c, struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(c->s->store, err, &q, sql_trials, "i", c->s->sweep.id), status = 0;
    if (rc)
        return rc;
    while (!status && (rc = ms_store_sql_step(c->s->store, q, err)) > 0)
        status = print_trial(c, (uint32_t)sqlite3_column_int64(q, 0), err);
    if (status)
        sqlite3_reset(q);
    return status ? status : rc;
}

static int curves(struct ms_show *s, const char *const *words, int n_words, const char *only,
                  struct ms_error *err)
{
    struct curves c = {.s = s};
    uint32_t trial;
    int rc = read_metrics(&c, only, err);
    for (int i = 0; !rc && i < n_words; i++) // all of them before the first line is printed
        rc = ms_show_trial(s, words[i], &trial, err);
    if (rc)
        return rc;
    printf("trial\texecution\tepoch");
    for (int i = 0; i < c.n; i++) {
        char name[sizeof c.metric[i]];
        memcpy(name, c.metric[i], sizeof name); // the store's own name finds the values
        printf("\t%s", ms_printable(name, '?', ""));
    }
    printf("\n");
    if (n_words == 0)
        return print_all(&c, err);
    for (int i = 0; !rc && i < n_words; i++) {
        rc = ms_show_trial(s, words[i], &trial, err);
        if (!rc)
            rc = print_trial(&c, trial, err);
    }
    return rc;
}

int ms_show_curves_command(int argc, char **argv)
{
    const char *sweep = NULL, *only = NULL, *words[TRIALS_MOST];
    const struct ms_option options[] = {
        {.name = "sweep",
         .kind = MS_OPT_TEXT,
         .to = &sweep,
         .choices = "NAME",
         .doc = "which sweep of the store (default: the one that ran last)"},
        {.name = "metric",
         .kind = MS_OPT_TEXT,
         .to = &only,
         .choices = "NAME",
         .doc = "this metric only (default: all)"},
    };
    const struct ms_syntax syntax = {"curves", usage, options, 2, 1, TRIALS_MOST, "store"};
    const int n = ms_options_read(&syntax, argc, argv, words);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int rc = ms_show_open(&s, words[0], sweep, &err);
    if (!rc)
        rc = curves(&s, words + 1, n - 1, only, &err);
    ms_show_close(&s);
    return ms_show_exit("curves", rc, &err);
}
