// SPDX-License-Identifier: MIT
//
// Two screens share alpha. The first, by the union bound over all trials at a tenth of alpha, takes
// out what is hopeless; the second compares the survivors with one another, so that the hopeless
// many do not make it harder to tell the few. A trial that is taken out cannot be the cause of a
// wrong verdict later: what beat it stands above it. With Welch's t the second is repeated until it
// takes none out, at less of alpha: a tenth pays for the repetition.
//
// The second uses that all comparisons of one trial share its own error: the maximum of k - 1
// correlated t's (Hsu 1984; Dunnett 1955 for one reference). Each t becomes a normal z of the same
// tail, and the maximum of z's with one common factor is a single integral. It never decides more
// strictly than the union bound does.
//
// A trial need not be compared with all others: where one trial has a larger mean and a smaller
// variance than another, beating the other tells nothing new. The bounds hold for any choice.
#include "best_set.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "mlpsweep/compare.h"
#include "moderate.h"
#include "stats.h"

const struct ms_set_name ms_best_set_names[] = {
    [MS_SET_NONE] = {"", "", ""},
    [MS_SET_EXACT] = {"exact", "no trial has any spread", ""},
    [MS_SET_WELCH] = {"welch", "comparisons with the best, Welch's t",
                      "Hsu, Ann. Statist. 12, 1984; Welch, Biometrika 34, 1947"},
    [MS_SET_MODERATED] = {"moderated", "comparisons with the best, moderated variances",
                          "Hsu, Ann. Statist. 12, 1984; Smyth, Statist. Appl. Genet. Mol. Biol. 3, "
                          "2004"},
};
static_assert(sizeof ms_best_set_names / sizeof *ms_best_set_names == MS_N_SET_METHODS,
              "every method has its name");

static const double first_share = 0.1; // of alpha, that the first screen spends

// Below this part of the median a variance is taken for rounding (limma: 1e-5).
static const double least_share = 1e-5;

enum { REFERENCES = 256, MODERATE_TERMS = 4 };

struct set {
    int64_t k;
    struct ms_set_trial *t;
    double *v, *df;     // (k): of the mean
    int64_t *order;     // (k): by mean, the best first, and by variance
    int64_t *reference; // (REFERENCES): trials that others are compared with
    int n_references;
    double *scratch; // (10 k)
};

// Which method for how many trials, and how the second screen bounds the chance of an error. Found
// by simulation (tests/bench/ties.py), as the first that keeps the true best in 95 % of the sweeps
// whatever the spreads are:
//
//     below 30   Welch: a trend through fewer variances follows single trials, and noisy trials
//                that stand first by luck are taken for precise ones (0.90 to 0.94)
//     30 to 59   moderated, by the union bound; the correlated maximum comes to 0.94 there
//     60 to 399  moderated, by the correlated maximum
//     from 400   moderated, by the union bound at half of alpha: spreads that differ more than a
//                moderated t allows for (ln-sd 1) show in so many comparisons (0.93 of 1,000)
//
// With two executions each, one degree of freedom, noisy trials that stand first by luck have small
// variances by luck as well, and the more trials there are the more of these: 0.88 to 0.94 with 200
// where noise rises from the best trials to the worst. Welch holds there.
static const struct span {
    int64_t from;
    double least_df; // of the mean trial; else an earlier span holds
    enum ms_set_method method;
    bool maximum;        // the second screen uses the correlated maximum
    bool repeat;         // … and is repeated
    double second_share; // of alpha, that it spends
} spans[] = {{0, 0, MS_SET_WELCH, true, true, 0.8},
             {30, 1.5, MS_SET_MODERATED, false, false, 0.9},
             {60, 1.5, MS_SET_MODERATED, true, false, 0.85},
             {400, 1.5, MS_SET_MODERATED, false, false, 0.4}};

static const struct span *find_span(const struct ms_set_trial *t, int64_t k)
{
    double df = 0;
    const struct span *found = spans;
    for (int64_t i = 0; i < k; i++)
        df += t[i].df / (double)k;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (k >= spans[i].from && df >= spans[i].least_df)
            found = &spans[i];
    return found;
}

static int by_mean(const void *x, const void *y, void *context)
{
    const struct set *s = context;
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    if (s->t[a].mean != s->t[b].mean)
        return s->t[a].mean > s->t[b].mean ? -1 : 1;
    if (s->v[a] != s->v[b])
        return s->v[a] < s->v[b] ? -1 : 1;
    return (a > b) - (a < b);
}

// Raises variances that are rounding. false: all are 0.
static bool raise_least(const struct set *s, double *variance)
{
    double *sorted = s->scratch;
    int64_t zero = 0;
    for (int64_t i = 0; i < s->k; i++) {
        sorted[i] = s->t[i].variance;
        zero += sorted[i] == 0;
    }
    if (zero == s->k)
        return false;
    qsort(sorted, (size_t)s->k, sizeof *sorted, ms_compare_double);
    const int64_t middle = s->k / 2; // of all, or of those that are not 0 where most are
    const double median = sorted[middle >= zero ? middle : zero + (s->k - zero) / 2];
    for (int64_t i = 0; i < s->k; i++)
        variance[i] = fmax(s->t[i].variance, least_share * median);
    return true;
}

// Where each trial stands by its mean, from -1 (best) to 1; equal means stand together.
static void find_places(const struct set *s, double *place)
{
    for (int64_t i = 0, end; i < s->k; i = end) {
        for (end = i + 1; end < s->k && s->t[s->order[end]].mean == s->t[s->order[i]].mean; end++)
            ;
        for (int64_t j = i; j < end; j++)
            place[s->order[j]] = (double)(i + end) / (double)s->k - 1;
    }
}

static enum ms_set_method estimate(struct set *s, enum ms_set_method method)
{
    double *variance = s->scratch + s->k, *df = variance + s->k, *place = df + s->k;
    if (!raise_least(s, variance))
        return MS_SET_EXACT;
    for (int64_t i = 0; i < s->k; i++) {
        s->order[i] = i;
        s->v[i] = variance[i];
        s->df[i] = df[i] = s->t[i].df;
    }
    if (method == MS_SET_MODERATED) {
        qsort_r(s->order, (size_t)s->k, sizeof *s->order, by_mean, s);
        find_places(s, place);
        const struct ms_moderate m = {.k = s->k,
                                      .variance = variance,
                                      .df = df,
                                      .place = place,
                                      .terms = MODERATE_TERMS,
                                      .careful = true,
                                      .moderated = s->v,
                                      .moderated_df = s->df};
        (void)ms_moderate(&m, place + s->k);
    }
    for (int64_t i = 0; i < s->k; i++)
        s->v[i] /= (double)s->t[i].n;
    qsort_r(s->order, (size_t)s->k, sizeof *s->order, by_mean, s);
    return method;
}

// The trials with p > 0 that no other beats in both mean and variance; of more than there is room
// for, some of all heights.
static void choose_references(struct set *s)
{
    int64_t n = 0, kept = 0;
    for (int pass = 0; pass < 2; pass++) {
        double least = INFINITY;
        int64_t at = 0;
        for (int64_t i = 0; i < s->k; i++) {
            const int64_t j = s->order[i];
            if (!s->t[j].in || !(s->v[j] < least))
                continue;
            least = s->v[j];
            if (pass == 1 && (n <= REFERENCES || at * REFERENCES / n == kept))
                s->reference[kept++] = j;
            at++;
        }
        n = at;
    }
    s->n_references = (int)kept;
}

// The smallest probability, over the references, that chance alone puts the reference so far above
// the trial.
static double least_tail(const struct set *s, int64_t i)
{
    double tail = 1, largest_t = 0, largest_df = 0;
    for (int r = 0; r < s->n_references; r++) {
        const int64_t j = s->reference[r];
        const double difference = s->t[j].mean - s->t[i].mean, v = s->v[i] + s->v[j];
        if (!(difference > 0))
            break; // references fall in mean
        const double t = difference / sqrt(v), a = s->v[i] / v, b = s->v[j] / v;
        const double df = 1 / (a * a / s->df[i] + b * b / s->df[j]);
        if (t <= largest_t && df <= largest_df)
            continue;
        tail = fmin(tail, ms_stats_student_p(t, df) / 2);
        largest_t = fmax(largest_t, t);
        largest_df = fmax(largest_df, df);
    }
    return tail;
}

// Trials of about equal variance, of those still in.
struct bins {
    int n;
    double *v; // of the largest of them: smaller correlations, which is the safe side
    double *count;
};

static void fill_bins(const struct set *s, struct bins *b, double *sorted)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->k; i++)
        if (s->t[i].in)
            sorted[n++] = s->v[i];
    qsort(sorted, (size_t)n, sizeof *sorted, ms_compare_double);
    const double factor = n <= 64 ? 1 : 1.1;
    b->n = 0;
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && sorted[end] <= sorted[i] * factor; end++)
            ;
        b->v[b->n] = sorted[end - 1];
        b->count[b->n++] = (double)(end - i);
    }
}

// The probability that the largest of a trial's z's reaches z.
static double maximum_tail(const struct set *s, const struct bins *b, int64_t i, double z,
                           double *loading)
{
    double own = 1; // the trial is in a bin itself, and not compared with itself
    for (int n = 0; n < b->n; n++) {
        loading[n] = sqrt(s->v[i] / (s->v[i] + b->v[n]));
        if (own > 0 && s->v[i] <= b->v[n]) {
            b->count[n] -= 1;
            own = -n - 1;
        }
    }
    const double p = ms_stats_maximum_p(z, loading, b->count, b->n);
    if (own <= 0)
        b->count[(int)-own - 1] += 1;
    return p;
}

// Compares those that are in with one another. Returns whether any is taken out.
static bool compare_survivors(struct set *s, double alpha, const struct span *span)
{
    struct bins b = {.v = s->scratch, .count = s->scratch + s->k};
    double *loading = b.count + s->k, left = 0;
    for (int64_t i = 0; i < s->k; i++)
        left += s->t[i].in;
    if (left < 2)
        return false;
    choose_references(s);
    fill_bins(s, &b, loading);
    for (int64_t i = 0; i < s->k; i++) {
        if (!s->t[i].in)
            continue;
        const double tail = least_tail(s, i);
        double p = fmin(1, tail * (left - 1));
        if (span->maximum && p > 1e-3 && tail < 0.5)
            p = fmin(p,
                     maximum_tail(s, &b, i, -ms_stats_student_quantile(tail, INFINITY), loading));
        s->t[i].p = fmin(s->t[i].p, p / span->second_share);
    }
    for (int64_t i = 0; i < s->k; i++) {
        s->t[i].in = s->t[i].p > alpha;
        left -= s->t[i].in;
    }
    return left > 0;
}

static void compare_exactly(struct set *s)
{
    double best = -INFINITY;
    for (int64_t i = 0; i < s->k; i++)
        best = fmax(best, s->t[i].mean);
    for (int64_t i = 0; i < s->k; i++) {
        s->t[i].in = s->t[i].mean == best;
        s->t[i].p = s->t[i].in;
    }
}

int ms_best_set(struct ms_set_trial *t, int64_t k, double alpha, enum ms_set_method *method)
{
    *method = MS_SET_NONE;
    for (int64_t i = 0; i < k; i++) {
        t[i].in = true;
        t[i].p = 1;
    }
    if (k < 2)
        return 0;
    double *memory = malloc((size_t)(13 * k + REFERENCES) * sizeof *memory);
    if (!memory)
        return MS_ENOMEM;
    struct set s = {.k = k, .t = t, .v = memory, .df = memory + k, .scratch = memory + 2 * k};
    s.order = (int64_t *)(memory + 12 * k);
    s.reference = s.order + k;
    const struct span *span = find_span(t, k);
    *method = estimate(&s, span->method);
    if (*method == MS_SET_EXACT) {
        compare_exactly(&s);
    } else {
        choose_references(&s);
        for (int64_t i = 0; i < k; i++)
            t[i].p = fmin(1, least_tail(&s, i) * (double)(k - 1) / first_share);
        for (int64_t i = 0; i < k; i++)
            t[i].in = t[i].p > alpha;
        while (compare_survivors(&s, alpha, span) && span->repeat)
            ;
    }
    free(memory);
    return 0;
}
