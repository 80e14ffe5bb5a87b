// SPDX-License-Identifier: MIT
//
// What several kinds of plots share: how the objective and parameters are called, where values
// stand on their axes, and the classes of trials.
#include "plot.h"

#include <math.h>
#include <string.h>

void ms_plot_objective(const struct ms_plot *p, char *out, size_t size)
{
    const struct ms_sweep_info *s = &p->trials.info;
    snprintf(out, size, "%s (%s is better)", s->metric, s->rule.maximize ? "larger" : "smaller");
}

const char *ms_plot_label(const struct ms_plot *p, int param)
{
    const char *name = p->trials.param[param].name;
    for (int i = 0; i < p->labels.n; i++)
        if (strcmp(p->labels.item[i].name, name) == 0)
            return p->labels.item[i].label;
    return name;
}

// A value that is no number stands at its index.
static bool is_named(const struct ms_trial_table *t, int param)
{
    for (int64_t row = 0; row < t->n; row++)
        if (!isnan(t->value[row * t->n_params + param]) &&
            isnan(ms_trial_table_number(t, row, param)))
            return true;
    return false;
}

double ms_plot_place(const struct ms_plot *p, int64_t row, int param)
{
    const struct ms_trial_table *t = &p->trials;
    const double v = t->value[row * t->n_params + param];
    const double number = isnan(v) ? NAN : ms_trial_table_number(t, row, param);
    return isnan(number) ? v : number;
}

// A tick for every value; MS_FIGURE_ROUND of numbers, beyond which round numbers are better.
static void add_values(const struct ms_plot *p, struct ms_figure *f, struct ms_axis *a, int param,
                       bool named)
{
    const struct ms_trial_table *t = &p->trials;
    for (int64_t row = 0; row < t->n; row++) {
        char text[64];
        const double at = ms_plot_place(p, row, param);
        bool there = isnan(at);
        for (int k = 0; k < a->n_ticks && !there; k++)
            there = a->tick[k].at == at;
        if (!there)
            ms_figure_tick(f, a, at, ms_trial_table_text(t, row, param, text, sizeof text));
        if (!named && a->n_ticks > MS_FIGURE_ROUND) {
            a->n_ticks = 0;
            return;
        }
    }
}

void ms_plot_param_axis(const struct ms_plot *p, struct ms_figure *f, struct ms_axis *a, int param)
{
    const struct ms_trial_table *t = &p->trials;
    const struct ms_param *of = t->param[param].param;
    const bool named = is_named(t, param);
    snprintf(a->label, sizeof a->label, "%s", t->param[param].name);
    a->log = of && of->log && !named;
    if (named || !of || of->count > 0)
        add_values(p, f, a, param, named);
    if (!named)
        return;
    a->lo = -0.5;
    a->hi = of ? (double)of->count - 0.5 : (double)t->param[param].n_levels - 0.5;
}

int ms_plot_class(const struct ms_plot *p, int64_t row)
{
    const int64_t place = p->trials.place[row], n = p->trials.n_scored;
    return place == 0 ? -1 : place <= (n + 9) / 10 ? 0 : place <= (n + 1) / 2 ? 1 : 2;
}

void ms_plot_classes(struct ms_figure *f, enum ms_mark mark, int series[MS_PLOT_CLASSES])
{
    static const char *const names[] = {"the best tenth", "the better half", "the others"};
    static const int styles[] = {1, 0, MS_STYLE_QUIET};
    static const double widths[] = {1.8, 0.7, 0.4};
    for (int k = MS_PLOT_CLASSES - 1; k >= 0; k--) {
        series[k] = ms_figure_series(f, mark, styles[k], names[k]);
        if (series[k] >= 0)
            f->series[series[k]].width = widths[k];
    }
}
