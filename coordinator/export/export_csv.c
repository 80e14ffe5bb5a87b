// SPDX-License-Identifier: MIT
//
// The format csv: tables as RFC 4180 quotes them, with the names in the first line, lines that end
// as in any text file, and every digit. An empty field is a number that there is not: a parameter
// that is not in force, the spread of one execution, a metric that an epoch did not report. NaN
// that was reported is "nan", infinity "inf".
#include <math.h>
#include <string.h>

#include "coordinator/show/text.h"
#include "export.h"
#include "mlpsweep/json.h"

// A line under way.
struct line {
    FILE *file;
    bool begun;
};

static void put_text(struct line *l, const char *text)
{
    ms_text_csv(l->file, text ? text : "", !l->begun);
    l->begun = true;
}

static void put_int(struct line *l, int64_t x, bool known)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)x);
    put_text(l, known ? text : "");
}

// Infinity is a number here, NAN is none.
static void put_number(struct line *l, double x, bool known)
{
    char text[40];
    put_text(l, known ? ms_number_text(x, text, sizeof text) : "");
}

static void end_line(struct line *l)
{
    fputc('\n', l->file);
    l->begun = false;
}

// --- a row a trial -------------------------------------------------------------

static const char *const before[] = {"trial", "rank", "tied", "state"};
static const char *const behind[] = {
    "n",     "n_failed",     "n_pruned", "n_constant", "mean",    "sd",     "se",
    "low95", "high95",       "min",      "median",     "max",     "wall_s", "weights",
    "flops", "memory_bytes", "dataset",  "created_at", "ended_at"};
#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static bool is_column(const char *name)
{
    for (int i = 0; i < COUNT(before); i++)
        if (strcmp(before[i], name) == 0)
            return true;
    for (int i = 0; i < COUNT(behind); i++)
        if (strcmp(behind[i], name) == 0)
            return true;
    return false;
}

static void head_of_trials(struct line *l, const struct ms_export *e)
{
    const struct ms_trial_table *t = &e->trials;
    for (int i = 0; i < COUNT(before); i++)
        put_text(l, before[i]);
    for (int p = 0; p < t->n_params; p++) {
        char name[600];
        snprintf(name, sizeof name, "%s%s", is_column(t->param[p].name) ? "param." : "",
                 t->param[p].name);
        if (e->column[p].first)
            put_text(l, name);
    }
    for (int i = 0; i < COUNT(behind); i++)
        put_text(l, behind[i]);
    for (int k = 1; k < e->goals.goals.n; k++) {
        char name[100];
        snprintf(name, sizeof name, "%s%s", is_column(e->goals.goals.item[k].name) ? "mean_" : "",
                 e->goals.goals.item[k].name);
        put_text(l, name);
    }
    end_line(l);
}

static void put_results(struct line *l, const struct ms_trial_row *x, const struct ms_trial_rank *r)
{
    const double results[] = {r->mean, r->sd, r->se, r->lo, r->hi, r->min, r->median, r->max};
    put_int(l, r->n, true);
    put_int(l, r->n_failed, true);
    put_int(l, r->n_pruned, true);
    put_int(l, r->n_constant, true);
    for (int i = 0; i < COUNT(results); i++)
        put_number(l, results[i], !isnan(results[i]));
    put_number(l, x->wall_s, !isnan(x->wall_s));
    put_int(l, x->weights, x->weights > 0);
    put_number(l, x->flops, x->flops > 0);
    put_number(l, x->memory_bytes, x->memory_bytes > 0);
    put_int(l, x->dataset, x->dataset >= 0);
    put_text(l, x->created_at);
    put_text(l, x->ended_at);
}

static int trials(struct ms_export *e, FILE *file, struct ms_error *err)
{
    const struct ms_trial_table *t = &e->trials;
    struct line l = {.file = file};
    int status = 0;
    head_of_trials(&l, e);
    for (int64_t i = 0; !status && i < t->n; i++) {
        put_int(&l, t->row[i].trial, true);
        put_int(&l, t->place[i], t->place[i] > 0);
        put_int(&l, t->rank[i].tied, t->place[i] > 0);
        put_text(&l, ms_trial_table_state(t, i));
        for (int p = 0; p < t->n_params; p++) {
            char text[4096];
            const int at = ms_export_in_force(e, i, p);
            if (e->column[p].first)
                put_text(&l, at < 0 ? "" : ms_trial_table_text(t, i, at, text, sizeof text));
        }
        put_results(&l, &t->row[i], &t->rank[i]);
        for (int k = 1; k < e->goals.goals.n; k++) {
            const double goal = ms_export_goal(e, i, k);
            put_number(&l, goal, !isnan(goal));
        }
        end_line(&l);
        status = ms_export_stopped(err);
    }
    return status;
}

// --- a row an execution, a row an epoch ------------------------------------------

static void head_of_executions(struct line *l, const struct ms_export *e)
{
    static const char *const names[] = {"trial",    "execution",  "purpose",    "state",
                                        "outcome",  "objective",  "best_epoch", "epochs",
                                        "attempts", "constant",   "wall_s",     "max_rss_bytes",
                                        "host",     "started_at", "ended_at"};
    (void)e;
    for (int i = 0; i < COUNT(names); i++)
        put_text(l, names[i]);
    end_line(l);
}

static void executions_of(struct line *l, uint32_t trial, const struct ms_export_trial *x)
{
    for (size_t i = 0; i < x->executions.n; i++) {
        const struct ms_execution_info *a = &x->executions.item[i];
        put_int(l, trial, true);
        put_int(l, a->number, true);
        put_text(l, a->purpose);
        put_text(l, a->state);
        put_text(l, a->outcome);
        put_number(l, a->objective, !isnan(a->objective));
        put_int(l, a->best_epoch, a->best_epoch >= 0);
        put_int(l, a->epochs, a->epochs >= 0);
        put_int(l, a->attempts, true);
        put_int(l, a->constant, true);
        put_number(l, a->wall_s, !isnan(a->wall_s));
        put_number(l, a->max_rss_bytes, a->max_rss_bytes > 0);
        put_text(l, a->host);
        put_text(l, a->started_at);
        put_text(l, a->ended_at);
        end_line(l);
    }
}

static void head_of_epochs(struct line *l, const struct ms_export *e)
{
    put_text(l, "trial");
    put_text(l, "execution");
    put_text(l, "epoch");
    for (int i = 0; i < e->metrics.n; i++)
        put_text(l, e->metrics.name[i]);
    end_line(l);
}

static void epochs_of(struct line *l, uint32_t trial, const struct ms_export_trial *x)
{
    const struct ms_epoch_table *t = &x->epochs;
    for (size_t i = 0; i < t->n; i++) {
        put_int(l, trial, true);
        put_int(l, t->execution[i], true);
        put_int(l, t->epoch[i], true);
        for (int k = 0; k < t->n_metrics; k++) {
            const size_t at = i * (size_t)t->n_metrics + (size_t)k;
            put_number(l, t->value[at], t->has[at]);
        }
        end_line(l);
    }
}

// The two tables whose rows are read trial by trial.
static const struct by_trial {
    void (*head)(struct line *l, const struct ms_export *e);
    void (*rows)(struct line *l, uint32_t trial, const struct ms_export_trial *x);
} tables[] = {[MS_TABLE_EXECUTIONS] = {head_of_executions, executions_of},
              [MS_TABLE_EPOCHS] = {head_of_epochs, epochs_of}};

static int by_trial(struct ms_export *e, int table, FILE *file, struct ms_error *err)
{
    struct line l = {.file = file};
    int status = 0;
    tables[table].head(&l, e);
    for (int64_t i = 0; !status && i < e->trials.n; i++) {
        struct ms_export_trial x;
        status = ms_export_trial(e, i, &x, err);
        if (!status)
            tables[table].rows(&l, e->trials.row[i].trial, &x);
        if (!status)
            ms_export_trial_clear(&x);
    }
    return status;
}

static int put_table(struct ms_export *e, int table, FILE *file, struct ms_error *err)
{
    return table == MS_TABLE_TRIALS ? trials(e, file, err) : by_trial(e, table, file, err);
}

int ms_export_csv(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err)
{
    static const char *const names[] = {[MS_TABLE_TRIALS] = "trials.csv",
                                        [MS_TABLE_EXECUTIONS] = "executions.csv",
                                        [MS_TABLE_EPOCHS] = "epochs.csv"};
    int status = 0;
    if (e->table != MS_TABLE_ALL)
        return put_table(e, e->table, to->file, err);
    for (int i = 0; !status && i < COUNT(names); i++) {
        FILE *file;
        status = ms_export_file(to, names[i], &file, err);
        if (!status)
            status = ms_export_close(names[i], file, put_table(e, i, file, err), err);
    }
    return status;
}
