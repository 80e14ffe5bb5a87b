// SPDX-License-Identifier: MIT
//
// Learning curves: a line for each trial, the mean of its executions, with a band from the lowest
// to the highest of them. The legend says of each trial the parameters in which the drawn ones
// differ.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"
#include "plot.h"

enum { BEST = 5, NAME_WIDTH = 76 };

static int choose_metric(struct ms_plot *p, char *out, size_t size, struct ms_error *err)
{
    struct ms_store_names names;
    const char *wanted = p->metric ? p->metric : p->trials.info.metric;
    int status = ms_store_metrics(p->show->store, p->trials.info.id, &names, err);
    if (status)
        return status;
    bool found = false;
    for (int i = 0; i < names.n; i++)
        found = found || strcmp(names.name[i], wanted) == 0;
    if (found) {
        snprintf(out, size, "%s", wanted);
    } else if (names.n == 0) {
        status = ms_fail(err, MS_EINVAL, "sweep '%s': no execution has reported an epoch",
                         p->trials.info.name);
    } else {
        const char *near = ms_nearest(wanted, (const char *const *)names.name, names.n);
        char all[500] = "";
        for (int i = 0; i < names.n; i++)
            ms_words_append(all, sizeof all, "%s%s", i ? ", " : "", names.name[i]);
        status = ms_fail(err, MS_EINVAL, "no epoch has the metric '%s'; allowed: %s%s%s%s", wanted,
                         all, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    ms_store_names_clear(&names);
    return status;
}

// "trial 9: units=32 learning_rate=0.01": what differs between the trials that are drawn.
static void name_of(const struct ms_plot *p, const uint32_t *trial, int n, int k, char *out,
                    size_t size)
{
    const struct ms_trial_table *t = &p->trials;
    struct ms_text_param *line = calloc((size_t)t->n_params + 1, sizeof *line);
    char *texts = malloc((size_t)t->n_params * 64 + 1), text[600] = "";
    const int64_t own = ms_trial_table_row(t, trial[k]);
    for (int i = 0; line && texts && i < t->n_params; i++) {
        char *value = texts + (size_t)i * 64, shorter[64];
        bool differs = false;
        for (int other = 0; other < n; other++) {
            const double a = t->value[own * t->n_params + i];
            const double b = t->value[ms_trial_table_row(t, trial[other]) * t->n_params + i];
            differs = differs || (a != b && !(isnan(a) && isnan(b)));
        }
        const char *is = ms_trial_table_text(t, own, i, shorter, sizeof shorter);
        if (is)
            ms_text_short(shorter, value, 64);
        line[i] = (struct ms_text_param){t->param[i].name, ms_plot_label(p, i), is ? value : NULL,
                                         differs};
    }
    if (line && texts)
        ms_text_params(line, t->n_params, text, sizeof text);
    free(line);
    free(texts);
    const size_t cut = ms_text_cut(text, NAME_WIDTH);
    const bool whole = text[cut] == '\0';
    text[cut] = '\0';
    snprintf(out, size, "trial %u%s%s%s", trial[k], *text ? ": " : "", text, whole ? "" : "…");
}

// One epoch over the executions.
struct epoch {
    double sum, lo, hi;
    int n;
};

static int add_trial(struct ms_plot *p, struct ms_figure *f, const struct ms_store_names *metric,
                     uint32_t trial, const char *name, int style, struct ms_error *err)
{
    struct ms_epoch_table e;
    int status = ms_store_epoch_table(p->show->store, p->trials.info.id, trial, metric, &e, err);
    if (status)
        return status;
    int64_t last = 0;
    for (size_t i = 0; i < e.n; i++)
        last = e.epoch[i] > last ? e.epoch[i] : last;
    struct epoch *at = calloc((size_t)last + 1, sizeof *at);
    if (!at) {
        ms_store_epoch_table_clear(&e);
        return ms_no_memory(err, "%lld epochs", (long long)last);
    }
    bool band = false;
    for (size_t i = 0; i < e.n; i++) {
        struct epoch *x = &at[e.epoch[i]];
        if (!e.has[i] || !isfinite(e.value[i]))
            continue;
        x->lo = x->n ? fmin(x->lo, e.value[i]) : e.value[i];
        x->hi = x->n ? fmax(x->hi, e.value[i]) : e.value[i];
        x->sum += e.value[i];
        band = ++x->n > 1 || band;
    }
    const int spread = band ? ms_figure_series(f, MS_MARK_BAND, style, "") : -1;
    const int mean = ms_figure_series(f, MS_MARK_LINE, style, name);
    for (int64_t k = 1; k <= last; k++) {
        if (at[k].n == 0)
            continue;
        ms_figure_point(f, mean, (double)k, at[k].sum / at[k].n);
        ms_figure_span(f, spread, (double)k, NAN, at[k].lo, at[k].hi);
    }
    if (last > 1) {
        f->x.lo = 1;
        f->x.hi = fmax(isnan(f->x.hi) ? 0 : f->x.hi, (double)last);
    }
    free(at);
    ms_store_epoch_table_clear(&e);
    return 0;
}

int ms_plot_curves(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    uint32_t trial[MS_PLOT_TRIALS];
    char metric[256], name[160], *one = metric;
    int n = p->n_trials, status = choose_metric(p, metric, sizeof metric, err);
    if (status)
        return status;
    memcpy(trial, p->trial, sizeof trial);
    for (int64_t k = 0; p->n_trials == 0 && k < t->n_scored && n < BEST; k++)
        trial[n++] = t->row[t->ranked[k]].trial;
    for (int64_t row = 0; n == 0 && row < t->n && row < BEST; row++) // none has ended yet
        trial[n++] = t->row[row].trial;
    const struct ms_store_names metrics = {.n = 1, .name = &one};
    for (int k = 0; !status && k < n; k++) {
        name_of(p, trial, n, k, name, sizeof name);
        status = add_trial(p, f, &metrics, trial[k], name, k, err);
    }
    snprintf(f->title, sizeof f->title, "%s: %s of %s", t->info.name, metric,
             p->n_trials ? "the chosen trials" : "the best trials");
    snprintf(f->x.label, sizeof f->x.label, "epoch");
    snprintf(f->y.label, sizeof f->y.label, "%s", metric);
    snprintf(f->below, sizeof f->below, "lines: means over executions; bands: lowest to highest");
    return status;
}
