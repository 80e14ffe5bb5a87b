// SPDX-License-Identifier: MIT
//
// mlpsweep importance, about ablation: the sweep file of a path that is to be run, and the path of
// a sweep that ran one.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/outfile.h"
#include "mlpsweep/stages.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"
#include "show_importance.h"

// --- the path that was run ---------------------------------------------------

static void gain_cells(struct ms_text *t, const struct ms_ablation_step *x, struct ms_digits d)
{
    char a[64], b[64];
    if (isnan(x->gain))
        ms_text_cell(t, "%s", "");
    else
        ms_text_cell(t, "%s%s", x->gain > 0 ? "+" : "", ms_text_number(d, x->gain, a, sizeof a));
    if (isnan(x->lo))
        ms_text_cell(t, "%s", "");
    else
        ms_text_cell(t, "%s … %s", ms_text_number(d, x->lo, a, sizeof a),
                     ms_text_number(d, x->hi, b, sizeof b));
}

static int print_steps(const struct ms_show *s, const struct ms_trial_table *t,
                       const struct ms_ablation *path)
{
    const char *const titles[] = {"step",          "trial", s->sweep.metric, "gain",
                                  "95 % interval", "of",    "change"};
    struct ms_text *text = ms_text_new(7);
    struct ms_trial_rank *rank = malloc((size_t)(path->n + 1) * sizeof *rank);
    if (!text || !rank) {
        ms_text_free(text);
        free(rank);
        return MS_ENOMEM;
    }
    for (int k = 0; k < path->n; k++)
        rank[k] = t->rank[path->step[k].row];
    const struct ms_digits d = ms_show_rank_digits(rank, path->n);
    for (int c = 0; c < 7; c++)
        ms_text_column(text, c, c == 2 || c == 4 || c == 6 ? MS_LEFT : MS_RIGHT, titles[c]);
    for (int k = 0; k < path->n; k++) {
        const struct ms_ablation_step *x = &path->step[k];
        char cell[600];
        ms_text_style(text, x->lo > 0 ? MS_BOLD : MS_PLAIN);
        ms_text_cell(text, "%d", k);
        ms_text_cell(text, "%u", rank[k].trial);
        ms_text_cell(text, "%s", ms_show_mean_text(&rank[k], d, cell, sizeof cell));
        gain_cells(text, x, d);
        if (k)
            ms_text_cell(text, "%lld", (long long)x->contested);
        else
            ms_text_cell(text, "%s", "");
        ms_text_cell(text, "%s", ms_ablation_change(t, path, k, cell, sizeof cell));
    }
    ms_text_fit(text, s->screen);
    const int status = ms_text_print(text, stdout, s->colour, "");
    ms_text_free(text);
    free(rank);
    return status;
}

int ms_show_ablation(struct ms_show *s, const struct ms_trial_table *t,
                     const struct ms_ablation *path, struct ms_error *err)
{
    char text[700], a[64], b[64], c[64];
    printf("%s: ablation path from trial 0 to trial 1, %s, %s\n", s->sweep.name, s->sweep.metric,
           s->sweep.rule.maximize ? "larger is better" : "smaller is better");
    if (path->n == 0) {
        printf("no step has ended yet\n");
        return 0;
    }
    printf("\n");
    if (print_steps(s, t, path))
        return ms_no_memory(err, "the table of steps");
    printf("\n");
    text[0] = '\0';
    if (!path->complete)
        ms_words_append(text, sizeof text,
                        "the path is not at its end yet: `mlpsweep run` the "
                        "sweep file again; ");
    if (!isnan(path->total)) {
        const struct ms_digits d = ms_text_digits(0, fabs(path->total));
        ms_words_append(text, sizeof text, "trial 1 is better than trial 0 by %s",
                        ms_text_number(d, path->total, a, sizeof a));
        if (!isnan(path->lo))
            ms_words_append(text, sizeof text, " (%s … %s)",
                            ms_text_number(d, path->lo, b, sizeof b),
                            ms_text_number(d, path->hi, c, sizeof c));
        ms_words_append(text, sizeof text, "; ");
    }
    ms_words_append(text, sizeof text,
                    "ablation: Fawcett & Hoos 2016; intervals: Welch; each step is the best of the "
                    "trials counted under \"of\", so that early gains are flattered and later ones "
                    "pay for it");
    ms_text_wrap(stdout, text, 0, s->screen);
    printf("\n");
    return 0;
}

// --- the path that is to be run ------------------------------------------------

// Fills point with the configuration that a word names.
static int begin_of(struct ms_show *s, const struct ms_trial_table *t, const char *from,
                    double *point, struct ms_error *err)
{
    const struct ms_space *space = t->space;
    const double *named = NULL;
    uint32_t trial;
    if (strcmp(from, "first") != 0 && strcmp(from, "try_first") != 0) {
        const int status = ms_show_trial(s, from, &trial, err);
        if (status)
            return ms_fail_in(err, "--ablation (a trial's number, first or try_first)");
        const int64_t row = ms_trial_table_row(t, trial);
        if (row < 0)
            return ms_fail(err, MS_ESTATE, "trial %u is gone", trial);
        memcpy(point, &t->value[row * t->n_params], (size_t)space->n * sizeof *point);
        return 0;
    }
    if (from[0] == 't' && ms_sweep_try_first(t->sweep, &named) == 0)
        return ms_fail(err, MS_EINVAL,
                       "--ablation try_first: the sweep file has no search.try_first; allowed: a "
                       "trial's number, or first");
    double *zeros = calloc(2 * (size_t)space->n + 1, sizeof *zeros);
    if (!zeros)
        return ms_no_memory(err, "a point");
    ms_space_from_unit(space, zeros, point);
    if (named)
        ms_space_overlay(space, named, zeros, point);
    free(zeros);
    return 0;
}

static int64_t differences(const struct ms_space *space, const double *from, const double *to)
{
    int64_t n = 0;
    for (int i = 0; i < space->n; i++)
        n += ms_space_differs(space, from, to, i);
    return n;
}

static int write_text(const char *text, const char *output, bool force, struct ms_error *err)
{
    struct ms_outfile o;
    int status = ms_outfile_open(&o, output, force, err);
    if (status)
        return status;
    fprintf(o.file, "%s\n", text);
    return ms_outfile_end(&o, status, err);
}

int ms_show_ablation_file(struct ms_show *s, const struct ms_trial_table *t, const char *from,
                          const char *output, bool force, struct ms_error *err)
{
    if (!t->space)
        return ms_fail(err, MS_EINVAL, "the sweep file in the store cannot be used: %s", t->why);
    if (ms_sweep_stages(t->sweep) > 1)
        return ms_fail(err, MS_EINVAL,
                       "sweep '%s' is the first of several stages, which have no path between "
                       "two of their trials; name a later one with --sweep",
                       s->sweep.name);
    if (t->n_scored == 0)
        return ms_fail(err, MS_EINVAL, "no trial has a result yet, to which a path could lead");
    const int64_t winner = t->ranked[0];
    const double *to = &t->value[winner * t->n_params];
    double *point = malloc(((size_t)t->n_params + 1) * sizeof *point);
    int status = point ? begin_of(s, t, from, point, err) : ms_no_memory(err, "a point");
    const int64_t n = status ? 0 : differences(t->space, point, to);
    if (!status && n == 0)
        status = ms_fail(err, MS_EINVAL, "--ablation %s: that is the best trial, %u, itself", from,
                         t->row[winner].trial);
    char name[300];
    snprintf(name, sizeof name, "%.200s-ablation", ms_sweep_name(t->sweep));
    char *text = status ? NULL : ms_sweep_ablation_text(t->sweep, name, point, to);
    if (!status && !text)
        status = ms_no_memory(err, "a sweep file");
    if (!status)
        status = write_text(text, output, force, err);
    if (!status && output && strcmp(output, "-") != 0)
        printf("%s: %lld steps to trial %u, at most %lld trials; mlpsweep run %s, then mlpsweep "
               "importance its store\n",
               output, (long long)n, t->row[winner].trial, (long long)(n * (n + 1) / 2 + 1),
               output);
    free(text);
    free(point);
    return status;
}
