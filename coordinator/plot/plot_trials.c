// SPDX-License-Identifier: MIT
//
// Plots of all trials of a sweep: history, importance, parallel coordinates and a pair of
// parameters. Every trial that has a result is drawn; how many have none is said below the picture.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/insight/importance.h"
#include "mlpsweep/words.h"
#include "plot.h"

// "3 of 60 trials have no result".
static void note_without(const struct ms_plot *p, struct ms_figure *f)
{
    const int64_t without = p->trials.n - p->trials.n_scored;
    if (without > 0)
        snprintf(f->below, sizeof f->below, "%lld of %lld trials have no result",
                 (long long)without, (long long)p->trials.n);
}

// So many marks are drawn at most, and the best of the ranking always: more hide one another, and
// make files that nothing opens.
enum { POINTS = 5000, LINES = 500, ALWAYS = 50 };

static int64_t every_of(const struct ms_plot *p, int64_t most)
{
    return (p->trials.n_scored + most - 1) / most;
}

static bool is_drawn(const struct ms_plot *p, int64_t row, int64_t every)
{
    const int64_t place = p->trials.place[row];
    return place > 0 && (place <= ALWAYS || place % every == 0);
}

static void note_drawn(struct ms_figure *f, int64_t every)
{
    if (every > 1)
        ms_words_append(f->below, sizeof f->below, "%sone trial of %lld is drawn, and the best %d",
                        *f->below ? "; " : "", (long long)every, ALWAYS);
}

static int no_result(const struct ms_plot *p, struct ms_error *err)
{
    return ms_fail(err, MS_EINVAL, "sweep '%s': no trial has a result yet", p->trials.info.name);
}

// --- history -----------------------------------------------------------------------

int ms_plot_history(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    if (t->n_scored == 0)
        return no_result(p, err);
    const double sign = t->info.rule.maximize ? -1 : 1;
    const int stopped = ms_figure_series(f, MS_MARK_POINTS, MS_STYLE_QUIET, "");
    const int ended = ms_figure_series(f, MS_MARK_POINTS, 0, "mean of a trial");
    const int best = ms_figure_series(f, MS_MARK_STEPS, 1, "best so far");
    const int64_t every = every_of(p, POINTS);
    double least = INFINITY, last = 0;
    for (int64_t row = 0; row < t->n; row++) {
        const struct ms_trial_rank *r = &t->rank[row];
        if (r->n == 0)
            continue;
        const bool whole = r->n_pruned == 0;
        last = r->trial;
        if (is_drawn(p, row, every))
            ms_figure_point(f, whole ? ended : stopped, r->trial, r->mean);
        if (whole && r->n_failed == 0 && sign * r->mean < least) {
            least = sign * r->mean;
            ms_figure_point(f, best, r->trial, r->mean);
        }
    }
    if (isfinite(least))
        ms_figure_point(f, best, last, sign * least);
    if (!f->status && f->series[stopped].n > 0)
        snprintf(f->series[stopped].name, sizeof f->series[stopped].name,
                 "stopped by the scheduler");
    f->x.lo = -1;
    f->x.hi = last + 1;
    snprintf(f->title, sizeof f->title, "%s: history", t->info.name);
    snprintf(f->x.label, sizeof f->x.label, "trial");
    ms_plot_objective(p, f->y.label, sizeof f->y.label);
    note_without(p, f);
    note_drawn(f, every);
    return 0;
}

// --- importance ----------------------------------------------------------------------

int ms_plot_importance(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    enum { MOST = 20 };
    const struct ms_trial_table *t = &p->trials;
    struct ms_importance m;
    int status = ms_importance_of(t, t->sweep ? ms_sweep_seed(t->sweep) : 0, &m, err);
    if (status)
        return status;
    if (m.n_top == 0 || m.n == 0)
        status =
            m.n == 0
                ? ms_fail(err, MS_EINVAL, "sweep '%s': no parameter varies", t->info.name)
                : ms_fail(err, MS_EINVAL,
                          "sweep '%s': too few trials to say which parameters mattered: it has "
                          "%lld to judge, and %d are the least",
                          t->info.name, (long long)m.judged.n, MS_IMPORTANCE_LEAST);
    const int n = m.n < MOST ? m.n : MOST;
    const int bars = status ? -1 : ms_figure_series(f, MS_MARK_BARS, 0, "");
    for (int k = 0; !status && k < n; k++) {
        const struct ms_importance_param *q = &m.item[k];
        ms_figure_tick(f, &f->y, n - 1 - k, ms_plot_label(p, q->param));
        ms_figure_span(f, bars, q->share, n - 1 - k, q->lo, q->hi);
    }
    f->y.lo = -0.6;
    f->y.hi = n - 0.4;
    f->x.lo = 0;
    snprintf(f->title, sizeof f->title,
             "%s: which parameters decide whether a trial is in the top %lld", t->info.name,
             (long long)m.n_top);
    snprintf(f->x.label, sizeof f->x.label, "importance");
    snprintf(f->below, sizeof f->below,
             "conditional PED-ANOVA, 95 %% bootstrap intervals; %lld trials judged",
             (long long)m.judged.n);
    ms_importance_clear(&m);
    return status;
}

// --- a pair ----------------------------------------------------------------------------

static int find_param(const struct ms_plot *p, const char *option, const char *name, int *param,
                      struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    const char *names[MS_MAX_PARAMS];
    int n = 0;
    for (int i = 0; i < t->n_params && n < MS_MAX_PARAMS; i++) {
        if (strcmp(t->param[i].name, name) == 0 || strcmp(ms_plot_label(p, i), name) == 0) {
            *param = i;
            return 0;
        }
        names[n++] = t->param[i].name;
    }
    const char *near = ms_nearest(name, names, n);
    return ms_fail(err, MS_EINVAL, "--%s: '%s' is not a parameter of the sweep%s%s%s", option, name,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// The two most important parameters, where the trials are enough to tell; else the first two.
static int choose_pair(struct ms_plot *p, int param[2], struct ms_error *err)
{
    struct ms_importance m;
    int status = ms_importance_of(&p->trials, 0, &m, err);
    if (status)
        return status;
    for (int side = 0; side < 2; side++) {
        const int other = param[1 - side];
        for (int k = 0; param[side] < 0 && k < m.n; k++)
            if (m.item[k].param != other)
                param[side] = m.item[k].param;
    }
    ms_importance_clear(&m);
    if (param[0] < 0 || param[1] < 0)
        return ms_fail(err, MS_EINVAL, "sweep '%s': a pair needs two parameters that vary",
                       p->trials.info.name);
    return 0;
}

int ms_plot_pair(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    int param[2] = {-1, -1}, series[MS_PLOT_CLASSES], status = 0;
    int64_t apart = 0;
    if (t->n_scored == 0)
        return no_result(p, err);
    if (p->x)
        status = find_param(p, "x", p->x, &param[0], err);
    if (!status && p->y)
        status = find_param(p, "y", p->y, &param[1], err);
    if (!status && (param[0] < 0 || param[1] < 0))
        status = choose_pair(p, param, err);
    if (status)
        return status;
    ms_plot_param_axis(p, f, &f->x, param[0]);
    ms_plot_param_axis(p, f, &f->y, param[1]);
    ms_plot_classes(f, MS_MARK_POINTS, series);
    const int64_t every = every_of(p, POINTS);
    for (int64_t row = 0; row < t->n; row++) {
        const int k = ms_plot_class(p, row);
        const double x = ms_plot_place(p, row, param[0]), y = ms_plot_place(p, row, param[1]);
        if (is_drawn(p, row, every) && !isnan(x) && !isnan(y))
            ms_figure_point(f, series[k], x, y);
        apart += k >= 0 && (isnan(x) || isnan(y));
    }
    snprintf(f->title, sizeof f->title, "%s: trials by their place in %s", t->info.name,
             t->info.metric);
    note_without(p, f);
    if (apart > 0)
        ms_words_append(f->below, sizeof f->below, "%s%lld have one of the two not in force",
                        *f->below ? "; " : "", (long long)apart);
    note_drawn(f, every);
    return 0;
}

// --- parallel coordinates --------------------------------------------------------------

enum { AXES = 16 };

struct axes {
    int n;
    int param[AXES];
    double lo[AXES], hi[AXES]; // of the trials; in the logarithm where it is one
    bool log[AXES];
};

static double scaled(const struct ms_plot *p, const struct axes *a, int k, int64_t row)
{
    const double v = ms_plot_place(p, row, a->param[k]);
    return a->log[k] ? log(v) : v;
}

static void find_axes(const struct ms_plot *p, struct axes *a)
{
    const struct ms_trial_table *t = &p->trials;
    for (int i = 0; i < t->n_params && a->n < AXES; i++) {
        if (!t->param[i].varies)
            continue;
        const int k = a->n++;
        a->param[k] = i;
        a->log[k] = t->param[i].param && t->param[i].param->log;
        a->lo[k] = INFINITY;
        a->hi[k] = -INFINITY;
        for (int64_t row = 0; row < t->n; row++) {
            a->lo[k] = fmin(a->lo[k], scaled(p, a, k, row));
            a->hi[k] = fmax(a->hi[k], scaled(p, a, k, row));
        }
    }
}

static void end_note(const struct ms_plot *p, struct ms_figure *f, const struct axes *a, int k,
                     bool top)
{
    const struct ms_trial_table *t = &p->trials;
    char text[64] = "";
    for (int64_t row = 0; row < t->n && !*text; row++)
        if (scaled(p, a, k, row) == (top ? a->hi[k] : a->lo[k]))
            ms_trial_table_text(t, row, a->param[k], text, sizeof text);
    char *end;
    const double number = strtod(text, &end);
    if (*text && !*end)
        snprintf(text, sizeof text, "%.3g", number);
    ms_figure_note(f, k, top ? 1 : 0, top, text);
}

int ms_plot_parallel(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    struct axes a = {0};
    int series[MS_PLOT_CLASSES];
    char best[64], worst[64];
    if (t->n_scored == 0)
        return no_result(p, err);
    find_axes(p, &a);
    if (a.n == 0)
        return ms_fail(err, MS_EINVAL, "sweep '%s': no parameter varies", t->info.name);
    ms_plot_classes(f, MS_MARK_LINE, series);
    const int64_t every = every_of(p, LINES);
    for (int64_t k = t->n_scored - 1; k >= 0; k--) {
        const int64_t row = t->ranked[k];
        const int s = series[ms_plot_class(p, row)];
        if (!is_drawn(p, row, every))
            continue;
        for (int i = 0; i < a.n; i++) {
            const double v = scaled(p, &a, i, row);
            const double y = isnan(v)            ? -0.15
                             : a.lo[i] < a.hi[i] ? (v - a.lo[i]) / (a.hi[i] - a.lo[i])
                                                 : 0.5;
            ms_figure_point(f, s, i, y);
        }
        ms_figure_point(f, s, a.n, t->n_scored > 1 ? 1 - (double)k / (double)(t->n_scored - 1) : 1);
        ms_figure_point(f, s, a.n, NAN);
    }
    for (int i = 0; i < a.n; i++) {
        ms_figure_tick(f, &f->x, i, ms_plot_label(p, a.param[i]));
        end_note(p, f, &a, i, false);
        end_note(p, f, &a, i, true);
    }
    ms_figure_tick(f, &f->x, a.n, "rank");
    snprintf(best, sizeof best, "%.4g", t->rank[t->ranked[0]].mean);
    snprintf(worst, sizeof worst, "%.4g", t->rank[t->ranked[t->n_scored - 1]].mean);
    ms_figure_note(f, a.n, 1, true, best);
    ms_figure_note(f, a.n, 0, false, worst);
    ms_figure_tick(f, &f->y, -0.15, "not in force");
    f->y.lo = -0.22;
    f->y.hi = 1.1;
    snprintf(f->title, sizeof f->title, "%s: trials by their place in %s", t->info.name,
             t->info.metric);
    note_without(p, f);
    note_drawn(f, every);
    return 0;
}
