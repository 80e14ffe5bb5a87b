// SPDX-License-Identifier: MIT
//
// The values are sorted before anything is added up: the result is a function of the set of
// executions, to the last bit, whatever the order in which they finished.
//
// A trial of one execution has no lower bound, so under lower_bound it ranks below all that have
// one. That key is Student's bound, as in the store's views; the interval shown stays inside the
// metric's bounds.
#include "rank.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "pairing.h"
#include "stats.h"

static const double usual_level = 0.05; // at which means are told apart

struct score {
    uint32_t trial, execution;
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
    struct ms_moments m = ms_stats_moments_of(sorted, n, q->t);
    const double key = ms_worth_key(&m, rule->maximize, rule->by);
    ms_interval_bound(&m, q->t, &rule->bounds, rule->bounds.rows * (rule->folds > 1 ? n : 1));
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
                                  .key = key,
                                  .failed = ms_worth_failed(n, end - first - n, rule->failures),
                                  .p = NAN};
}

// --- the set of trials that may be the best ------------------------------------

// Finds the ranked trials that are compared: place (k) of each in r; scores of a trial follow from
// first. Returns k.
static int64_t find_comparable(const struct ms_trial_rank *r, int64_t n, int64_t *place)
{
    int64_t k = 0;
    for (int64_t i = 0; i < n; i++) {
        const struct ms_worth first = ms_rank_worth(&r[0]), w = ms_rank_worth(&r[i]);
        if (ms_worth_comparable(&w, &first) && r[i].n > 1)
            place[k++] = i;
    }
    return k;
}

struct values {
    struct ms_paired *x; // of the compared trials, each trial's in ascending order
    int64_t n;
};

static int by_trial(const void *key, const void *element)
{
    const uint32_t trial = *(const uint32_t *)key, of = ((const struct score *)element)->trial;
    return (trial > of) - (trial < of);
}

// Appends the finite values of a trial, larger is better. scores: all, by trial.
static void take_values(struct values *v, const struct score *scores, int64_t n_scores,
                        const struct ms_trial_rank *r, int64_t number,
                        const struct ms_rank_rule *rule)
{
    const struct score *s = bsearch(&r->trial, scores, (size_t)n_scores, sizeof *scores, by_trial);
    while (s > scores && s[-1].trial == r->trial)
        s--;
    for (int i = 0; i < r->n; i++)
        v->x[v->n++] = (struct ms_paired){
            .trial = number,
            .fold = rule->folds > 1 ? (int)(s[i].execution % (uint32_t)rule->folds) : 0,
            .value = rule->maximize ? s[i].value : -s[i].value};
}

// Mean and variance of n values. shrunk: what pairing took from the variance.
static struct ms_set_trial sum_up(const struct ms_paired *x, int64_t n, double shrunk,
                                  const struct ms_bounds *bounds)
{
    struct ms_set_trial t = {.n = n, .df = (double)(n - 1)};
    double sum = 0, square = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (x[i].value - x[0].value) / (double)n;
    t.mean = x[0].value + sum;
    for (int64_t i = 0; i < n; i++)
        square += (x[i].value - t.mean) * (x[i].value - t.mean) / t.df;
    if (x[0].value == x[n - 1].value) // equal values: rounding must not make a spread of them
        t.mean = x[0].value;
    t.variance = x[0].value == x[n - 1].value && shrunk == 1 ? 0 : square / shrunk;
    if (bounds->rows > 0) {
        const double row = (bounds->most - bounds->least) / (double)bounds->rows;
        t.variance = fmax(t.variance, row * row / (double)n);
    }
    return t;
}

// Marks the trials that may be the best. values, t, place: room for all.
static int mark_set(struct ms_trial_rank *r, int64_t n, const struct score *scores,
                    int64_t n_scores, const struct ms_rank_rule *rule, struct values *v,
                    struct ms_set_trial *t, int64_t *place)
{
    const int64_t k = find_comparable(r, n, place);
    for (int64_t i = 0; i < k; i++)
        take_values(v, scores, n_scores, &r[place[i]], i, rule);
    const double shrunk = ms_pairing_remove(v->x, v->n, rule->folds);
    if (shrunk < 0)
        return MS_ENOMEM;
    for (int64_t i = 0, at = 0; i < k; at += r[place[i++]].n)
        t[i] = sum_up(v->x + at, r[place[i]].n, shrunk, &rule->bounds);
    enum ms_set_method method;
    const int status = ms_best_set(t, k, rule->level > 0 ? rule->level : usual_level, &method);
    for (int64_t i = 0; !status && method != MS_SET_NONE && i < k; i++) {
        r[place[i]].p = t[i].p;
        r[place[i]].tied = t[i].in;
        r[place[i]].method = method;
    }
    return status;
}

static int compare(struct ms_trial_rank *r, int64_t n, const struct score *scores, int64_t n_scores,
                   const struct ms_rank_rule *rule)
{
    if (n == 0 || r[0].n == 0)
        return 0;
    for (int64_t i = 0; i < n; i++) {
        const struct ms_worth first = ms_rank_worth(&r[0]), w = ms_rank_worth(&r[i]);
        r[i].tied = ms_worth_comparable(&w, &first);
    }
    if (rule->order_only)
        return 0;
    struct values v = {.x = malloc((size_t)n_scores * sizeof *v.x)};
    struct ms_set_trial *t = malloc((size_t)n * sizeof *t);
    int64_t *place = malloc((size_t)n * sizeof *place);
    const int status =
        v.x && t && place ? mark_set(r, n, scores, n_scores, rule, &v, t, place) : MS_ENOMEM;
    free(v.x);
    free(t);
    free(place);
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
                                       .execution = sc->execution ? sc->execution[i] : 0,
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
        status = compare(r, trials, scores, sc->n, rule);
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
