// SPDX-License-Identifier: MIT
//
// mlpsweep importance: which parameters mattered, what each value did, and which pairs act
// together. What is printed of a sweep is what coordinator/insight computed; the sources of the
// methods are named below the tables.
#include "show_importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"

enum { BAR = 24, EFFECTS = 4, PAIRS = 5 };

static const char examples[] =
    "mlpsweep importance results.db              # the answer, with the effects of the first four\n"
    "mlpsweep importance results.db --top 0      # with the effect of every parameter\n"
    "mlpsweep importance results.db --csv > importance.csv\n"
    "mlpsweep importance results.db --ablation 0 -o path.json   # from trial 0 to the best\n"
    "mlpsweep run path.json --store path.db && mlpsweep importance path.db\n";

static const char usage[] =
    "usage: mlpsweep importance STORE [--sweep NAME] [--top N] [--json] [--csv]\n"
    "                           [--ablation FROM [-o FILE] [--force]]\n"
    "\n"
    "Says which parameters decide whether a trial is among the best (conditional PED-ANOVA, with\n"
    "bootstrap intervals), how the objective was on average with each value of a parameter, and\n"
    "which pairs of parameters act together. Trials that a scheduler stopped and trials without a\n"
    "result are left out, and counted.\n"
    "\n"
    "Of a sweep by method ablation it prints the path instead: what each step gained.\n";

static void print_head(const struct ms_show *s, const struct ms_importance *m)
{
    char text[600], worst[40];
    snprintf(text, sizeof text, "%s: %s, %s; %lld trial%s judged", s->sweep.name, s->sweep.metric,
             s->sweep.rule.maximize ? "larger is better" : "smaller is better",
             (long long)m->judged.n, m->judged.n == 1 ? "" : "s");
    if (m->n_top > 0) {
        const struct ms_digits d = ms_text_digits(0, fabs(m->worst_top));
        ms_words_append(text, sizeof text, ", of which the best %lld (%s %s) are the top",
                        (long long)m->n_top, s->sweep.rule.maximize ? "at least" : "at most",
                        ms_text_number(d, m->worst_top, worst, sizeof worst));
    }
    ms_text_wrap(stdout, text, 0, s->screen);
    printf("\n");
}

// What was left out and why; nothing where all trials are judged.
static void print_left_out(const struct ms_show *s, const struct ms_importance *m)
{
    char text[300] = "";
    const struct {
        int64_t n;
        const char *what;
    } kinds[] = {{m->judged.n_stopped, "that the scheduler stopped"},
                 {m->judged.n_without, "without a result"}};
    for (int k = 0; k < 2; k++)
        if (kinds[k].n > 0)
            ms_words_append(text, sizeof text, "%s%lld trial%s %s", *text ? " and " : "",
                            (long long)kinds[k].n, kinds[k].n == 1 ? "" : "s", kinds[k].what);
    if (!*text)
        return;
    ms_words_append(text, sizeof text, " left out");
    ms_text_wrap(stdout, text, 0, s->screen);
    printf("\n");
}

static int print_importance(const struct ms_show *s, const struct ms_importance *m)
{
    struct ms_text *t = ms_text_new(5);
    static const char *const titles[] = {"parameter", "importance", "95 % interval", "", "trials"};
    if (!t)
        return MS_ENOMEM;
    for (int c = 0; c < 5; c++)
        ms_text_column(t, c, c == 1 || c == 4 ? MS_RIGHT : MS_LEFT, titles[c]);
    for (int k = 0; k < m->n; k++) {
        const struct ms_importance_param *p = &m->item[k];
        char bar[4 * BAR];
        ms_text_style(t, p->lo > 0 ? MS_BOLD : MS_PLAIN);
        ms_text_cell(t, "%s", p->name);
        ms_text_cell(t, "%.3f", p->share);
        ms_text_cell(t, "%.3f … %.3f", p->lo, p->hi);
        ms_text_cell(t, "%s", ms_text_bar(p->share, BAR, bar, sizeof bar));
        ms_text_cell(t, "%lld", (long long)p->n);
    }
    const int status = ms_text_print(t, stdout, s->colour, "");
    ms_text_free(t);
    return status;
}

// The range of the means of an effect, and how their numbers are written.
struct scale {
    double lo, hi;
    struct ms_digits digits;
};

static struct scale scale_of(const struct ms_effect *e)
{
    struct scale s = {INFINITY, -INFINITY, {0}};
    double sd = INFINITY, largest = 0;
    for (int k = 0; k < e->n; k++) {
        const struct ms_effect_bin *b = &e->bin[k];
        s.lo = fmin(s.lo, b->mean);
        s.hi = fmax(s.hi, b->mean);
        sd = b->sd > 0 ? fmin(sd, b->sd) : sd;
        largest = fmax(largest, fmax(fabs(b->mean), fabs(b->best)));
    }
    s.digits = ms_text_digits(isfinite(sd) ? fmax(sd, largest * 1e-6) : 0, largest);
    return s;
}

// The longer its bar, the better a value; the worst value has none.
static int print_effect(const struct ms_show *s, const struct ms_importance_param *p)
{
    static const char *const titles[] = {"", "mean ± sd", "", "best", "trials"};
    const struct scale scale = scale_of(&p->effect);
    struct ms_text *t = ms_text_new(5);
    if (!t)
        return MS_ENOMEM;
    for (int c = 0; c < 5; c++)
        ms_text_column(t, c, c > 2 ? MS_RIGHT : MS_LEFT, c == 0 ? p->name : titles[c]);
    for (int k = 0; k < p->effect.n; k++) {
        const struct ms_effect_bin *b = &p->effect.bin[k];
        char text[64], sd[48], bar[4 * BAR];
        double good = (b->mean - scale.lo) / (scale.hi - scale.lo);
        good = s->sweep.rule.maximize ? good : 1 - good;
        ms_text_style(t, b->inactive ? MS_DIM : MS_PLAIN);
        ms_text_cell(t, "%s", b->text);
        ms_text_number(scale.digits, b->mean, text, sizeof text);
        if (isnan(b->sd))
            ms_text_cell(t, "%s", text);
        else
            ms_text_cell(t, "%s ± %s", text, ms_text_number(scale.digits, b->sd, sd, sizeof sd));
        ms_text_cell(t, "%s", ms_text_bar(good, BAR / 2, bar, sizeof bar));
        ms_text_cell(t, "%s", ms_text_number(scale.digits, b->best, text, sizeof text));
        ms_text_cell(t, "%lld", (long long)b->n);
    }
    printf("\n");
    const int status = ms_text_print(t, stdout, s->colour, "");
    ms_text_free(t);
    return status;
}

static int print_pairs(const struct ms_show *s, const struct ms_pairs *pairs)
{
    struct ms_text *t = ms_text_new(4);
    static const char *const titles[] = {"pair", "interaction", "p", "trials"};
    if (!t)
        return MS_ENOMEM;
    for (int c = 0; c < 4; c++)
        ms_text_column(t, c, c ? MS_RIGHT : MS_LEFT, titles[c]);
    for (int k = 0; k < pairs->n && k < PAIRS; k++) {
        const struct ms_pair *p = &pairs->item[k];
        ms_text_style(t, p->p <= 0.05 ? MS_BOLD : MS_PLAIN);
        ms_text_cell(t, "%s × %s", p->a, p->b);
        ms_text_cell(t, "%.3f", p->share);
        if (isnan(p->p))
            ms_text_cell(t, "-");
        else
            ms_text_cell(t, "%.2g", p->p);
        ms_text_cell(t, "%lld", (long long)p->n);
    }
    printf("\n");
    const int status = ms_text_print(t, stdout, s->colour, "");
    ms_text_free(t);
    if (!(pairs->item[0].p <= 0.05))
        printf("none of %d pairs can be told from chance\n", pairs->n);
    return status;
}

static void print_methods(const struct ms_show *s, const struct ms_importance *m)
{
    char text[900];
    snprintf(text, sizeof text,
             "importance: conditional PED-ANOVA (arXiv 2304.10255, 2601.20800), as Optuna 5.0's; "
             "intervals: bootstrap, %d replicates (Efron 1979); mean, sd and best: over trials, "
             "whatever their other parameters were; interaction: part of the variance of ranks "
             "beyond the sum of the two, F test, Holm-corrected",
             m->replicates);
    printf("\n");
    ms_text_wrap(stdout, text, 0, s->screen);
    printf("\n");
}

static int print_all(struct ms_show *s, const struct ms_importance *m, int top)
{
    print_head(s, m);
    print_left_out(s, m);
    if (m->n == 0) {
        printf("no parameter varies\n");
        return 0;
    }
    if (m->n_top == 0) {
        printf("too few trials to say which parameters mattered: %d are the least\n",
               MS_IMPORTANCE_LEAST);
    } else {
        printf("\n");
        const int status = print_importance(s, m);
        if (status)
            return status;
        if (m->n_top == m->judged.n)
            printf("every trial is as good as the others: nothing mattered\n");
    }
    const int shown = top > 0 && top < m->n ? top : m->n;
    int status = 0;
    for (int k = 0; !status && k < shown; k++)
        if (m->item[k].effect.n > 0)
            status = print_effect(s, &m->item[k]);
    if (!status && shown < m->n)
        printf("… %d more; --top 0 shows all\n", m->n - shown);
    if (!status && m->n_top > 0 && m->pairs.n > 0)
        status = print_pairs(s, &m->pairs);
    if (!status && m->n_top > 0)
        print_methods(s, m);
    return status;
}

// Names of the store may hold anything.
static void make_printable(struct ms_trial_table *t)
{
    for (int i = 0; i < t->n_params; i++)
        ms_printable(t->param[i].name, '?', "");
}

struct arguments {
    int top;
    bool json, csv, force;
    const char *ablation, *output;
};

static int print_table(struct ms_show *s, struct ms_trial_table *t, const struct arguments *a,
                       struct ms_error *err)
{
    struct ms_importance m;
    struct ms_ablation path = {0};
    const bool is_path = t->sweep && ms_sweep_is_ablation(t->sweep);
    if (!a->json && !a->csv)
        make_printable(t);
    int status = is_path ? ms_ablation_of(t, &path, err) : 0;
    if (!status && is_path && !a->json && !a->csv) {
        status = ms_show_ablation(s, t, &path, err);
        ms_ablation_clear(&path);
        return status;
    }
    if (!status)
        status = ms_importance_of(t, t->sweep ? ms_sweep_seed(t->sweep) : 0, &m, err);
    if (!status) {
        if (a->json)
            ms_show_json_importance(s, &m, is_path ? &path : NULL);
        else if (a->csv)
            ms_show_csv_importance(&m);
        else
            status = print_all(s, &m, a->top);
        ms_importance_clear(&m);
    }
    ms_ablation_clear(&path);
    return status;
}

static int importance(struct ms_show *s, const struct arguments *a, struct ms_error *err)
{
    struct ms_trial_table t;
    if (a->output && !a->ablation)
        return ms_fail(err, MS_EINVAL, "--output: belongs to --ablation");
    int status = ms_trial_table_read(s->store, &s->sweep, &t, err);
    if (status)
        return status;
    status = a->ablation ? ms_show_ablation_file(s, &t, a->ablation, a->output, a->force, err)
                         : print_table(s, &t, a, err);
    ms_trial_table_clear(&t);
    return status;
}

int ms_show_importance_command(int argc, char **argv)
{
    const char *sweep = NULL, *store[1];
    struct arguments a = {.top = EFFECTS};
    const struct ms_option options[] = {
        ms_show_sweep_option(&sweep),
        {.name = "top",
         .kind = MS_OPT_INT,
         .to = &a.top,
         .lo = 0,
         .doc = "of how many parameters to show the effect (default 4; 0: all)"},
        {.name = "json", .kind = MS_OPT_FLAG, .to = &a.json, .doc = "everything as JSON"},
        {.name = "csv",
         .kind = MS_OPT_FLAG,
         .to = &a.csv,
         .doc = "comma-separated: a row for each parameter, value and pair"},
        {.name = "ablation",
         .kind = MS_OPT_TEXT,
         .to = &a.ablation,
         .choices = "FROM",
         .doc = "write the sweep file that runs the path from FROM to the best trial; FROM is a "
                "trial's number,\n"
                "      \"first\" (the first value of every parameter) or \"try_first\" (the file's "
                "first entry there)"},
        {.name = "output",
         .kind = MS_OPT_TEXT,
         .to = &a.output,
         .choices = "FILE",
         .doc = "where --ablation writes it (default standard output)"},
        {.name = "force",
         .kind = MS_OPT_FLAG,
         .to = &a.force,
         .doc = "replace FILE if it is there"},
    };
    const struct ms_syntax syntax = {"importance", usage, options, 7, 1, 1, "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, store);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int status = ms_show_open(&s, store[0], sweep, &err);
    if (!status)
        status = importance(&s, &a, &err);
    ms_show_close(&s);
    return ms_show_exit("importance", status, &err);
}
