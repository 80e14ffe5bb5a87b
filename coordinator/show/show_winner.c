// SPDX-License-Identifier: MIT
//
// The winner, beside its own score: executions that confirm it, the error of the validation rows,
// and the test set, each told apart from the others.
#include "show_winner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"

double ms_show_row_error(const struct ms_show *s, const struct ms_trial_rank *r, int64_t *rows)
{
    const struct ms_rank_rule *rule = &s->sweep.rule;
    const int64_t n = rule->bounds.rows * (rule->folds > 1 ? r->n : 1);
    if (rows)
        *rows = n;
    return n > 0 && r->mean >= 0 && r->mean <= 1 ? sqrt(r->mean * (1 - r->mean) / (double)n) : NAN;
}

static struct ms_moments sum_up(double *value, int64_t n)
{
    qsort(value, (size_t)n, sizeof *value, ms_compare_double);
    const double t = n > 1 ? ms_stats_student_quantile(0.975, (double)(n - 1)) : NAN;
    return ms_stats_moments_of(value, n, t);
}

// By the command's --at the values must be taken anew from the epochs.
static int read_confirmed_at(struct ms_show *s, uint32_t trial, struct ms_moments *out,
                             struct ms_error *err)
{
    struct ms_rank_scores sc;
    const int status = ms_store_scores_at(s->store, &s->sweep, true, &sc, err);
    if (status)
        return status;
    int64_t n = 0;
    for (int64_t i = 0; i < sc.n; i++)
        if (sc.trial[i] == trial && isfinite(sc.value[i]))
            sc.value[n++] = sc.value[i];
    *out = sum_up(sc.value, n);
    ms_rank_scores_clear(&sc);
    return 0;
}

static int read_confirmed(struct ms_show *s, int64_t trial_id, struct ms_moments *out,
                          struct ms_error *err)
{
    struct ms_execution_list l;
    int status = ms_store_executions(s->store, trial_id, &l, err);
    double *value = status ? NULL : malloc((l.n + 1) * sizeof *value);
    if (!status && !value)
        status = ms_no_memory(err, "the executions of a trial");
    int64_t n = 0;
    for (size_t i = 0; !status && i < l.n; i++)
        if (strcmp(l.item[i].purpose, "confirm") == 0 && isfinite(l.item[i].objective))
            value[n++] = l.item[i].objective;
    if (!status)
        *out = sum_up(value, n);
    free(value);
    ms_store_execution_list_clear(&l);
    return status;
}

static int read_tested(struct ms_show *s, int64_t trial_id, struct ms_show_winner *w,
                       struct ms_error *err)
{
    struct ms_test_list l;
    const char *metric = s->sweep.metric;
    snprintf(w->test_metric, sizeof w->test_metric, "%s",
             strncmp(metric, "val_", 4) == 0 ? metric + 4 : metric);
    int status = ms_store_tests(s->store, trial_id, &l, err);
    double *value = status ? NULL : malloc((l.n + 1) * sizeof *value);
    if (!status && !value)
        status = ms_no_memory(err, "the tests of a trial");
    int64_t n = 0;
    for (size_t i = 0; !status && i < l.n; i++)
        if (strcmp(l.item[i].metric, w->test_metric) == 0 && isfinite(l.item[i].value))
            value[n++] = l.item[i].value;
    if (!status)
        w->tested = sum_up(value, n);
    free(value);
    ms_store_test_list_clear(&l);
    return status;
}

int ms_show_winner(struct ms_show *s, struct ms_show_winner *out, struct ms_error *err)
{
    struct ms_trial_info info;
    *out = (struct ms_show_winner){.trial = s->rank[0].trial};
    out->row_error = ms_show_row_error(s, &s->rank[0], &out->rows);
    int status = ms_store_trial_info(s->store, s->sweep.id, out->trial, &info, err);
    if (status)
        return status;
    out->network = info.weights > 0;
    status = s->at_given ? read_confirmed_at(s, out->trial, &out->confirmed, err)
                         : read_confirmed(s, info.id, &out->confirmed, err);
    return status ? status : read_tested(s, info.id, out, err);
}

static const char *moments_text(const struct ms_moments *m, char *out, size_t size)
{
    char a[160];
    const struct ms_trial_rank r = {
        .n = (int)m->n, .mean = m->mean, .sd = m->sd, .min = m->min, .max = m->max};
    snprintf(out, size, "%s", ms_show_mean_text(&r, ms_show_rank_digits(&r, 1), a, sizeof a));
    ms_words_append(out, size, " (%lld execution%s)", (long long)m->n, m->n == 1 ? "" : "s");
    return out;
}

// Why the winner's own score is too good, in the parts that hold here.
static void print_bias(const struct ms_show *s, const struct ms_show_winner *w)
{
    char text[500] = "";
    const bool mean = s->sweep.at == MS_AT_BEST_MEAN;
    const bool chosen = ms_show_scored(s) > 1;
    const bool best = w->network && (mean || s->sweep.at == MS_AT_BEST);
    if (chosen)
        ms_words_append(text, sizeof text,
                        "the score of trial %u is biased upward, because it was chosen for it",
                        w->trial);
    if (best)
        ms_words_append(text, sizeof text, "%s the best %s%s",
                        chosen ? ", and because it is taken at" : "scores at",
                        mean ? "mean over epochs" : "epoch", chosen ? "" : " are biased upward");
    if (chosen && w->confirmed.n == 0)
        ms_words_append(text, sizeof text,
                        "; search.confirm runs fresh executions, by which nothing was chosen");
    if (!*text)
        return;
    ms_text_wrap(stdout, text, 0, s->screen);
    printf("\n");
}

void ms_show_winner_print(const struct ms_show *s, const struct ms_show_winner *w)
{
    char text[400], count[32];
    const enum ms_set_method method = s->rank[0].method;
    const bool noisy = w->network || s->rank[0].sd > 0;
    if (*ms_best_set_names[method].source) {
        snprintf(text, sizeof text, "method: %s, at 5 %% for all trials together (%s)",
                 ms_best_set_names[method].name, ms_best_set_names[method].source);
        ms_text_wrap(stdout, text, 0, s->screen);
        printf("\n");
    }
    if (noisy)
        print_bias(s, w);
    if (w->confirmed.n > 0)
        printf("confirmed: %s %s, fresh executions of trial %u alone\n", s->sweep.metric,
               moments_text(&w->confirmed, text, sizeof text), w->trial);
    if (w->row_error > 0)
        printf("validation: %s rows leave %s an error of ± %.2g, √(p(1-p)/N), however many "
               "executions there are\n",
               ms_words_count(w->rows, count, sizeof count), s->sweep.metric, w->row_error);
    if (w->tested.n > 0)
        printf("test: %s %s of trial %u\n", w->test_metric,
               moments_text(&w->tested, text, sizeof text), w->trial);
}
