// SPDX-License-Identifier: MIT
//
// The values are sorted before anything is added up: the result is a function of the set of
// executions, to the last bit, whatever the order in which they finished.
//
// A trial of one execution has no lower bound, so under lower_bound it ranks below all that have
// one.
#include "rank.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "stats.h"

static const double alpha = 0.05; // the level at which two means are told apart

struct score {
    uint32_t trial;
    bool pruned, constant;
    double value;
};

static int by_trial_value(const void *x, const void *y)
{
    const struct score *a = x, *b = y;
    if (a->trial != b->trial)
        return a->trial < b->trial ? -1 : 1;
    const int fa = isfinite(a->value) != 0, fb = isfinite(b->value) != 0;
    if (!fa || !fb)
        return fb - fa; // values that are not finite come last
    return (a->value > b->value) - (a->value < b->value);
}

struct ms_worth ms_rank_worth(const struct ms_trial_rank *r)
{
    return (struct ms_worth){.trial = r->trial,
                             .failed = r->failed,
                             .pruned = r->n_pruned > 0,
                             .key = r->key,
                             .mean = r->mean};
}

static int by_rank(const void *x, const void *y, void *context)
{
    const struct ms_worth a = ms_rank_worth(x), b = ms_rank_worth(y);
    return ms_worth_compare(&a, &b, *(const bool *)context);
}

// The last quantile that was computed, because most trials have the same number of executions.
struct quantile {
    int64_t n;
    double t;
};

// Summarises the scores [first, end) of one trial.
static struct ms_trial_rank summarise(const struct score *scores, int64_t first, int64_t end,
                                      const struct ms_rank_rule *rule, double *sorted,
                                      struct quantile *q)
{
    int64_t n = 0, pruned = 0, constant = 0;
    for (int64_t i = first; i < end; i++) {
        pruned += scores[i].pruned;
        constant += scores[i].constant;
    }
    while (first + n < end && isfinite(scores[first + n].value)) {
        sorted[n] = scores[first + n].value;
        n++;
    }
    if (n > 1 && n != q->n)
        *q = (struct quantile){n, ms_stats_student_quantile(0.975, (double)(n - 1))};
    const struct ms_moments m = ms_stats_moments_of(sorted, n, q->t);
    return (struct ms_trial_rank){.trial = scores[first].trial,
                                  .n = (int)n,
                                  .n_failed = (int)(end - first - n),
                                  .n_pruned = (int)pruned,
                                  .n_constant = (int)constant,
                                  .mean = m.mean,
                                  .sd = m.sd,
                                  .se = m.se,
                                  .lo = m.lo,
                                  .hi = m.hi,
                                  .min = m.min,
                                  .median = m.median,
                                  .max = m.max,
                                  .key = ms_worth_key(&m, rule->maximize, rule->by),
                                  .failed = ms_worth_failed(n, end - first - n, rule->failures),
                                  .p = NAN};
}

static struct ms_moments moments(const struct ms_trial_rank *r)
{
    return (struct ms_moments){.n = r->n, .mean = r->mean, .sd = r->sd, .se = r->se};
}

// Compares every trial with the first.
static int mark_ties(struct ms_trial_rank *r, int64_t n)
{
    if (n == 0 || r[0].n == 0)
        return 0;
    double *p = malloc((size_t)n * sizeof *p);
    if (!p)
        return MS_ENOMEM;
    const struct ms_moments best = moments(&r[0]);
    const struct ms_worth first = ms_rank_worth(&r[0]);
    p[0] = NAN;
    for (int64_t i = 1; i < n; i++) {
        const struct ms_moments m = moments(&r[i]);
        const struct ms_worth w = ms_rank_worth(&r[i]);
        p[i] = ms_worth_comparable(&w, &first) ? ms_stats_welch_p(&m, &best) : NAN;
    }
    const int status = ms_stats_holm(p, n);
    for (int64_t i = 0; !status && i < n; i++) {
        const struct ms_worth w = ms_rank_worth(&r[i]);
        r[i].p = p[i];
        r[i].tied = !(p[i] <= alpha) && ms_worth_comparable(&w, &first);
    }
    free(p);
    return status;
}

void ms_rank_scores_clear(struct ms_rank_scores *sc)
{
    free(sc->trial);
    free(sc->execution);
    free(sc->value);
    free(sc->pruned);
    free(sc->constant);
    *sc = (struct ms_rank_scores){0};
}

int ms_rank(const struct ms_rank_scores *sc, const struct ms_rank_rule *rule,
            struct ms_trial_rank **out, int64_t *n, struct ms_error *err)
{
    *out = NULL;
    *n = 0;
    const size_t room = sc->n > 0 ? (size_t)sc->n : 1;
    struct score *scores = malloc(room * sizeof *scores);
    double *sorted = malloc(room * sizeof *sorted);
    struct ms_trial_rank *r = malloc(room * sizeof *r);
    int64_t trials = 0;
    int status = scores && sorted && r ? 0 : MS_ENOMEM;
    if (!status) {
        struct quantile q = {0, NAN};
        for (int64_t i = 0; i < sc->n; i++)
            scores[i] = (struct score){.trial = sc->trial[i],
                                       .pruned = sc->pruned && sc->pruned[i],
                                       .constant = sc->constant && sc->constant[i],
                                       .value = sc->value[i]};
        qsort(scores, (size_t)sc->n, sizeof *scores, by_trial_value);
        for (int64_t i = 0, end; i < sc->n; i = end) {
            for (end = i + 1; end < sc->n && scores[end].trial == scores[i].trial; end++)
                ;
            r[trials++] = summarise(scores, i, end, rule, sorted, &q);
        }
        bool maximize = rule->maximize;
        qsort_r(r, (size_t)trials, sizeof *r, by_rank, &maximize);
        status = mark_ties(r, trials);
    }
    free(scores);
    free(sorted);
    if (status) {
        free(r);
        return ms_no_memory(err, "the ranking of %lld executions", (long long)sc->n);
    }
    *out = r;
    *n = trials;
    return 0;
}
