// SPDX-License-Identifier: MIT
//
// mlpsweep rank: which trial is best, and is it luck? The table shows each parameter that varies in
// a column of its own; where these are too many or too wide for the screen, one column holds them
// all and continues below itself. CSV has every column and every digit.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/json.h"
#include "mlpsweep/words.h"
#include "show_json.h"
#include "show_several.h"
#include "show_winner.h"

enum { COLUMNS_BEFORE = 8, PARAMS_MOST = 8 }; // more varying parameters go into one column

static const char examples[] = "mlpsweep rank results.db --top 5\n"
                               "mlpsweep rank results.db --by median --csv > ranking.csv\n"
                               "mlpsweep rank results.db --at last_mean --window 10\n"
                               "mlpsweep rank monday.db tuesday.db      # one ranking of both\n";

static const char usage[] =
    "usage: mlpsweep rank STORE… [--sweep NAME,…] [--top N] [--by KEY]\n"
    "                     [--at WHEN [--window N]] [--failed-executions worst|ignore]\n"
    "                     [--csv | --json]\n"
    "\n"
    "Ranks the trials of a sweep by its objective over their executions, with the mean, standard\n"
    "deviation and 95 % interval of each. \"=\" marks trials that cannot be told apart from the "
    "best "
    "by\n"
    "comparisons with the best; \"constant\" those whose network answers all rows alike. Trials "
    "with failed "
    "executions stand behind those without any, unless these "
    "are\n"
    "to be ignored. With several objectives trials are ranked by Pareto fronts (no other trial\n"
    "beats one of front 1 in every objective), and within a front by the first objective.\n"
    "Several stores, or several sweeps of one, are ranked together; what their files differ in is\n"
    "shown, and different metrics are refused.\n";

static int count_varying(const struct ms_show_params *p)
{
    int n = 0;
    for (int i = 0; i < p->n; i++)
        n += p->item[i].varies;
    return n;
}

static void param_cells(struct ms_text *t, const struct ms_show_params *p, char *const *value,
                        bool one_column)
{
    char text[4000];
    if (one_column)
        ms_text_cell(t, "%s", ms_show_line(p, value, text, sizeof text));
    for (int i = 0; !one_column && i < p->n; i++)
        if (p->item[i].varies)
            ms_text_cell(t, "%s", value[i] ? ms_text_short(value[i], text, sizeof text) : "-");
}

static void rank_cells(struct ms_text *t, const struct ms_trial_rank *r, int64_t place,
                       enum ms_by by, struct ms_digits d)
{
    char a[160];
    ms_show_place_cell(t, r, place);
    ms_text_cell(t, "%u", r->trial);
    ms_text_cell(t, "%s", ms_show_mean_text(r, d, a, sizeof a));
    ms_show_interval_cell(t, r, d);
    if (by == MS_BY_MEAN)
        ms_text_cell(t, "%s", "");
    else
        ms_text_cell(t, "%s", ms_text_number(d, r->key, a, sizeof a));
    if (r->n_failed) {
        ms_text_cell(t, "%d of %d", r->n, r->n + r->n_failed);
        ms_text_cell(t, "%d", r->n_failed);
    } else {
        ms_text_cell(t, "%d", r->n);
        ms_text_cell(t, "%s", "");
    }
    const char *mark = ms_show_mark(r, place);
    ms_text_cell(t, "%s%s%s", mark, *mark && r->n_constant ? " " : "",
                 ms_show_constant(r, a, sizeof a));
}

// The columns of further objectives, "front" before them.
static void goal_columns(struct ms_text *t, const struct ms_show_goals *g, int *column)
{
    const struct ms_goals *goals = &g->values.goals;
    ms_text_column(t, (*column)++, MS_RIGHT, "front");
    for (int k = 1; k < goals->n; k++)
        ms_text_column(t, (*column)++, MS_RIGHT, goals->item[k].name);
}

static void goal_cells(struct ms_text *t, const struct ms_show_goals *g, int64_t place,
                       uint32_t trial)
{
    char text[64];
    if (g->front[place])
        ms_text_cell(t, "%d", g->front[place]);
    else
        ms_text_cell(t, "-");
    for (int k = 1; k < g->values.goals.n; k++) {
        double v = ms_show_goal(g, trial, k);
        // Two runs do not agree in more digits than these.
        if (isfinite(v) && strcmp(g->values.goals.item[k].name, "seconds") == 0) {
            ms_text_cell(t, "%.3g", v);
            continue;
        }
        struct ms_digits d = v == floor(v) ? (struct ms_digits){0} : ms_text_digits(0, fabs(v));
        ms_text_cell(t, "%s", ms_text_number(d, v, text, sizeof text));
    }
}

static struct ms_text *new_table(const struct ms_show *s, const struct ms_show_goals *g,
                                 const struct ms_show_params *p, bool one_column)
{
    static const enum ms_align align[COLUMNS_BEFORE] = {MS_RIGHT, MS_RIGHT, MS_LEFT,  MS_LEFT,
                                                        MS_RIGHT, MS_RIGHT, MS_RIGHT, MS_LEFT};
    const char *const titles[COLUMNS_BEFORE] = {"rank",
                                                "trial",
                                                s->sweep.metric,
                                                "95 % interval",
                                                ms_sweep_by_names[s->sweep.rule.by],
                                                "n",
                                                "failed",
                                                ""};
    const int goals = g->front ? g->values.goals.n : 0;
    struct ms_text *t = ms_text_new(COLUMNS_BEFORE + goals + (one_column ? 1 : count_varying(p)));
    if (!t)
        return NULL;
    int column = 0;
    for (; column < COLUMNS_BEFORE; column++)
        ms_text_column(t, column, align[column], titles[column]);
    if (goals)
        goal_columns(t, g, &column);
    if (one_column)
        ms_text_column(t, column, MS_LEFT, "parameters");
    else
        for (int i = 0; i < p->n; i++)
            if (p->item[i].varies)
                ms_text_column(t, column++, MS_LEFT, p->item[i].label);
    return t;
}

// *out: the table of the first trials, NULL where that failed.
static int make_table(struct ms_show *s, const struct ms_show_goals *g,
                      const struct ms_show_params *p, int64_t top, bool one_column,
                      struct ms_text **out, struct ms_error *err)
{
    struct ms_text *t = *out = new_table(s, g, p, one_column);
    if (!t)
        return ms_no_memory(err, "the table of trials");
    const struct ms_digits d = ms_show_rank_digits(s->rank, top);
    int status = 0;
    for (int64_t i = 0; !status && i < top; i++) {
        char **value;
        status = ms_show_row(s, p, s->rank[i].trial, &value, err);
        if (status)
            break;
        rank_cells(t, &s->rank[i], i, s->sweep.rule.by, d);
        if (g->front)
            goal_cells(t, g, i, s->rank[i].trial);
        param_cells(t, p, value, one_column);
        ms_show_row_free(p, value);
    }
    if (status) {
        ms_text_free(t);
        *out = NULL;
    }
    return status;
}

// "taken at the best epoch"
static void epochs_text(enum ms_at at, int window, char *out, size_t size)
{
    const bool last = at == MS_AT_LAST || at == MS_AT_LAST_MEAN;
    if (at == MS_AT_BEST || at == MS_AT_LAST)
        ms_words_append(out, size, "taken at the %s epoch", last ? "last" : "best");
    else
        ms_words_append(out, size, "the mean of the %s %d epochs", last ? "last" : "best", window);
}

static const char *taken_at(const struct ms_show *s, char *out, size_t size)
{
    out[0] = '\0';
    epochs_text(s->sweep.at, s->sweep.window, out, size);
    if (!s->at_given)
        return out;
    ms_words_append(out, size, " (by option; the sweep says: ");
    epochs_text(s->own.at, s->own.window, out, size);
    ms_words_append(out, size, ")");
    return out;
}

static int print_table(struct ms_show *s, const struct ms_show_goals *g,
                       const struct ms_show_params *p, int64_t top, struct ms_error *err)
{
    bool one_column = count_varying(p) > PARAMS_MOST;
    struct ms_text *t;
    int status = make_table(s, g, p, top, one_column, &t, err);
    if (!status && !one_column && s->screen &&
        ms_text_total(t) > s->screen) { // a text can go on below itself
        ms_text_free(t);
        status = make_table(s, g, p, top, one_column = true, &t, err);
    }
    if (status)
        return status;
    ms_text_fit(t, one_column ? s->screen : 0);
    status = ms_text_print(t, stdout, s->colour, "");
    ms_text_free(t);
    return status;
}

static void print_head(const struct ms_show *s)
{
    const int64_t scored = ms_show_scored(s), without = s->n_ranks - scored;
    char planned[64] = "", failed[64] = "", taken[160], text[900];
    const char *ignoring =
        s->sweep.rule.failures == MS_FAILURES_IGNORE ? ", failed executions ignored" : "";
    if (s->sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)s->sweep.trials_planned);
    if (without > 0)
        snprintf(failed, sizeof failed, ", %lld ended without one", (long long)without);
    snprintf(text, sizeof text, "%s: %s, %s, %s, ranked by %s%s; %lld%s trials have a result%s",
             s->sweep.name, s->sweep.metric,
             s->sweep.rule.maximize ? "larger is better" : "smaller is better",
             taken_at(s, taken, sizeof taken), ms_sweep_by_names[s->sweep.rule.by], ignoring,
             (long long)scored, planned, failed);
    ms_text_wrap(stdout, text, 0, s->screen);
    printf("\n");
}

static void csv_number(double v)
{
    char text[40];
    ms_text_csv(stdout, isnan(v) ? "" : ms_number_text(v, text, sizeof text), false);
}

static int print_csv(struct ms_show *s, const struct ms_show_goals *g,
                     const struct ms_show_params *p, int64_t top, struct ms_error *err)
{
    const int goals = g->front ? g->values.goals.n : 0;
    printf("rank,trial,n,n_failed,mean,sd,se,low95,high95,min,median,max,p,tied,n_constant%s",
           goals ? ",front" : "");
    for (int k = 1; k < goals; k++)
        ms_text_csv(stdout, g->values.goals.item[k].name, false);
    for (int i = 0; i < p->n; i++)
        ms_text_csv(stdout, p->item[i].name, false);
    printf(",n_pruned,row_error,method\r\n");
    for (int64_t i = 0; i < top; i++) {
        const struct ms_trial_rank *r = &s->rank[i];
        const double v[] = {r->mean, r->sd, r->se, r->lo, r->hi, r->min, r->median, r->max, r->p};
        char **value;
        const int status = ms_show_row(s, p, r->trial, &value, err);
        if (status)
            return status;
        if (r->n > 0)
            printf("%lld", (long long)i + 1);
        printf(",%u,%d,%d", r->trial, r->n, r->n_failed);
        for (size_t k = 0; k < sizeof v / sizeof *v; k++)
            csv_number(v[k]);
        printf(",%d,%d", r->tied, r->n_constant);
        if (goals)
            printf(",%d", g->front[i]);
        for (int k = 1; k < goals; k++)
            csv_number(ms_show_goal(g, r->trial, k));
        for (int k = 0; k < p->n; k++)
            ms_text_csv(stdout, value[k] ? value[k] : "", false);
        printf(",%d", r->n_pruned);
        csv_number(ms_show_row_error(s, r, NULL));
        ms_text_csv(stdout, ms_best_set_names[r->method].word, false);
        printf("\r\n");
        ms_show_row_free(p, value);
    }
    return 0;
}

// The sentences below the table: what the ranking says, and why executions failed.
static int print_verdict(struct ms_show *s, const struct ms_show_goals *g, int64_t shown,
                         struct ms_error *err)
{
    char verdict[1000], failures[1500];
    bool constant = false;
    for (int64_t i = 0; i < shown; i++)
        constant = constant || s->rank[i].n_constant > 0;
    const int status = ms_show_failures_of(s, failures, sizeof failures, err);
    if (status)
        return status;
    printf("\n");
    if (g->front && ms_show_scored(s) > 0) {
        ms_show_goals_note(s, g);
    } else if (!*failures || ms_show_scored(s) > 0) {
        ms_text_wrap(stdout, ms_show_verdict(s->rank, s->n_ranks, verdict, sizeof verdict), 0,
                     s->screen);
        printf("\n");
    }
    if (*failures) {
        ms_text_wrap(stdout, failures, 0, s->screen);
        printf("\n");
    }
    if (constant)
        ms_show_constant_legend(s);
    if (g->front || ms_show_scored(s) == 0)
        return 0;
    struct ms_show_winner winner;
    const int asked = ms_show_winner(s, &winner, err);
    if (!asked)
        ms_show_winner_print(s, &winner);
    return asked;
}

enum form { FORM_TEXT, FORM_CSV, FORM_JSON };

static int rank(struct ms_show *s, int top, enum form form, struct ms_error *err)
{
    struct ms_show_params params;
    struct ms_show_goals goals;
    int status = ms_show_params(s, &params, err);
    if (status)
        return status;
    status = ms_show_goals(s, &goals, err);
    if (!status && goals.front && s->at_given) {
        status =
            ms_fail(err, MS_EINVAL, "--at and --window are for one objective; sweep '%s' has %d",
                    s->sweep.name, goals.values.goals.n);
        ms_show_goals_clear(&goals);
    }
    if (status) {
        ms_show_params_clear(&params);
        return status;
    }
    const int64_t shown = top > 0 && top < s->n_ranks ? top : s->n_ranks;
    if (form == FORM_JSON) {
        status = ms_show_json_ranking(s, &goals, shown, err);
    } else if (form == FORM_CSV) {
        status = print_csv(s, &goals, &params, shown, err);
    } else {
        print_head(s);
        if (s->n_ranks > 0) {
            printf("\n");
            status = print_table(s, &goals, &params, shown, err);
        }
        if (!status && shown < s->n_ranks)
            printf("… %lld more; --top 0 shows all\n", (long long)(s->n_ranks - shown));
        if (!status)
            status = print_verdict(s, &goals, shown, err);
    }
    ms_show_goals_clear(&goals);
    ms_show_params_clear(&params);
    return status;
}

struct rank_options {
    const char *sweep;
    int top, by, failures, at, window; // -1: not given
    bool csv, json;
};

static int rank_several(const char *const *store, int n, const struct rank_options *o, int top,
                        enum form form)
{
    struct ms_error err = {0};
    struct ms_show_several *s = calloc(1, sizeof *s);
    int status = s ? 0 : ms_no_memory(&err, "the sweeps");
    if (!status && form == FORM_JSON)
        status = ms_fail(&err, MS_EINVAL, "--json shows one sweep; --csv shows several");
    else if (!status && (o->at >= 0 || o->window >= 0))
        status = ms_fail(&err, MS_EINVAL, "--at and --window are for one sweep; found several");
    else if (!status)
        status = ms_show_several_open(s, store, n, o->sweep, o->by, o->failures, &err);
    if (!status)
        status = ms_show_several_print(s, top, form == FORM_CSV, &err);
    if (s)
        ms_show_several_close(s);
    free(s);
    return ms_show_exit("rank", status, &err);
}

// The number of stores, or as ms_options_read.
static int read_options(int argc, char **argv, struct rank_options *o, const char **store)
{
    *o = (struct rank_options){.top = -1, .by = -1, .failures = -1, .at = -1, .window = -1};
    const struct ms_option options[] = {
        ms_show_sweep_option(&o->sweep),
        {"top", MS_OPT_INT, &o->top, NULL, 0,
         "how many trials to show (default 10, with --csv and --json all; 0: all)"},
        {"by", MS_OPT_CHOICE, &o->by, "mean|median|worst|lower_bound", 0,
         "what to rank by (default: as the sweep file says)"},
        {"at", MS_OPT_CHOICE, &o->at, "best|last|best_mean|last_mean", 0,
         "epochs to take the objective at, from those in the store (default: as the sweep file "
         "says)"},
        {"window", MS_OPT_INT, &o->window, NULL, 1,
         "epochs that best_mean and last_mean are over (default: as the sweep file says, else 5)"},
        {"failed-executions", MS_OPT_CHOICE, &o->failures, "worst|ignore", 0,
         "what failed executions do to their trial (default: as the sweep file says)"},
        {"csv", MS_OPT_FLAG, &o->csv, NULL, 0, "comma-separated, with all columns and digits"},
        {"json", MS_OPT_FLAG, &o->json, NULL, 0, "one JSON object, with all columns and digits"},
    };
    const struct ms_syntax syntax = {
        "rank", usage,           options, sizeof options / sizeof *options,
        1,      MS_SHOW_SEVERAL, "store", examples};
    return ms_options_read(&syntax, argc, argv, store);
}

int ms_show_rank_command(int argc, char **argv)
{
    const char *store[MS_SHOW_SEVERAL];
    struct rank_options o;
    const int n = read_options(argc, argv, &o, store);
    if (n < 0)
        return -1 - n;
    const enum form form = o.json ? FORM_JSON : o.csv ? FORM_CSV : FORM_TEXT;
    const int shown = o.top >= 0 ? o.top : form != FORM_TEXT ? 0 : 10;
    if (n > 1 || (o.sweep && strchr(o.sweep, ',')))
        return rank_several(store, n, &o, shown, form);
    struct ms_error err = {0};
    struct ms_show s;
    int status = ms_show_open(&s, store[0], o.sweep, &err);
    if (!status)
        status = ms_show_take_at(&s, o.at, o.window, &err);
    if (!status)
        status = ms_show_rank(&s, o.by, o.failures, &err);
    if (!status)
        status = rank(&s, shown, form, &err);
    ms_show_close(&s);
    return ms_show_exit("rank", status, &err);
}
