// SPDX-License-Identifier: MIT
//
// Importance of all parameters, with a bootstrap over the trials. A replicate draws how often each
// trial counts, takes the same order of trials anew for its top, and asks the same columns.
#include "importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"
#include "ped_anova.h"

// Replicates, such that the work stays bounded: 1,000 up to 100,000 values of parameters, fewer
// beyond, at least 20.
enum { REPLICATES_MOST = 1000, REPLICATES_LEAST = 20 };
static const double values_most = 1e8;

int64_t ms_importance_top(int64_t n)
{
    const int64_t tenth = (n + 9) / 10, half = n / 2, five = half < 5 ? half : 5;
    return tenth > five ? tenth : five;
}

// --- shares --------------------------------------------------------------------

struct work {
    const struct ms_judged *j;
    int n_columns;
    struct ms_ped_column *column; // by parameter of the table
    int *item;                    // which result a column belongs to; -1: none
    int n_items;
    uint32_t *times; // n
    double *share;   // n_items
    double *sum, *square;
};

// The number of leading trials that are the top: wanted of them, and those tied with the last.
static int64_t cut(const struct ms_judged *j, const uint32_t *times, int64_t wanted)
{
    int64_t i = 0, sum = 0;
    for (; i < j->n && sum < wanted; i++)
        sum += times ? times[i] : 1;
    while (i > 0 && ms_judged_tied(j, i - 1))
        i++;
    return i;
}

// Shares into w->share; they sum up to 1, or are all 0 where top and all do not differ.
static void shares(struct work *w, const uint32_t *times, int64_t n_top)
{
    double sum = 0;
    for (int k = 0; k < w->n_items; k++)
        w->share[k] = 0;
    for (int c = 0; c < w->n_columns; c++)
        if (w->item[c] >= 0) {
            const double v = ms_ped_importance(&w->column[c], w->j->n, n_top, times);
            w->share[w->item[c]] += v;
            sum += v;
        }
    for (int k = 0; k < w->n_items && sum > 0; k++)
        w->share[k] /= sum;
}

static void bootstrap(struct work *w, uint64_t seed, int replicates)
{
    const int64_t wanted = ms_importance_top(w->j->n);
    for (int b = 0; b < replicates; b++) {
        const struct ms_rng rng = ms_rng_at(seed, (uint32_t)b, 0, MS_STREAM_BOOTSTRAP);
        uint64_t counter = 0;
        memset(w->times, 0, (size_t)w->j->n * sizeof *w->times);
        for (int64_t i = 0; i < w->j->n; i++)
            w->times[ms_rng_below(&rng, &counter, (uint64_t)w->j->n)]++;
        shares(w, w->times, cut(w->j, w->times, wanted));
        for (int k = 0; k < w->n_items; k++) {
            w->sum[k] += w->share[k];
            w->square[k] += w->share[k] * w->share[k];
        }
    }
}

static int replicates_for(const struct work *w)
{
    const double n = values_most / ((double)w->j->n * w->n_columns + 1);
    return n > REPLICATES_MOST ? REPLICATES_MOST : n < REPLICATES_LEAST ? REPLICATES_LEAST : (int)n;
}

static void judge(struct work *w, uint64_t seed, struct ms_importance *out)
{
    out->n_top = cut(w->j, NULL, ms_importance_top(w->j->n));
    out->worst_top = w->j->value[out->n_top - 1];
    out->replicates = replicates_for(w);
    shares(w, NULL, out->n_top);
    for (int k = 0; k < out->n; k++)
        out->item[k].share = w->share[k];
    bootstrap(w, seed, out->replicates);
    for (int k = 0; k < out->n; k++) {
        const double b = out->replicates, mean = w->sum[k] / b;
        const double sd = sqrt(fmax(w->square[k] / b - mean * mean, 0) * b / (b - 1));
        out->item[k].lo = fmax(0, out->item[k].share - 1.96 * sd);
        out->item[k].hi = fmin(1, out->item[k].share + 1.96 * sd);
    }
}

// --- parts -----------------------------------------------------------------------

static int make_columns(struct work *w, struct ms_importance *out, struct ms_error *err)
{
    const struct ms_trial_table *t = w->j->table;
    for (; w->n_columns < t->n_params; w->n_columns++) {
        const int c = w->n_columns, status = ms_ped_column_of(w->j, c, &w->column[c], err);
        if (status)
            return status;
        int k = 0;
        w->item[c] = -1;
        if (w->column[c].cells == 0)
            continue;
        while (k < out->n && strcmp(out->item[k].name, t->param[c].name) != 0)
            k++;
        if (k == out->n)
            out->item[out->n++] = (struct ms_importance_param){
                .name = t->param[c].name, .param = c, .share = NAN, .lo = NAN, .hi = NAN};
        w->item[c] = k;
        for (int64_t i = 0; i < w->j->n; i++)
            out->item[k].n += w->column[c].cell[i] >= 0;
    }
    w->n_items = out->n;
    return 0;
}

static void clear_work(struct work *w)
{
    for (int c = 0; w->column && c < w->n_columns; c++)
        free(w->column[c].cell);
    free(w->column);
    free(w->item);
    free(w->times);
    free(w->share);
}

static int make_shares(struct ms_importance *out, uint64_t seed, struct ms_error *err)
{
    const size_t n = (size_t)out->judged.table->n_params + 1;
    struct work w = {.j = &out->judged};
    w.column = calloc(n, sizeof *w.column);
    w.item = malloc(n * sizeof *w.item);
    w.times = malloc((size_t)(out->judged.n + 1) * sizeof *w.times);
    w.share = calloc(3 * n, sizeof *w.share);
    w.sum = w.share + n;
    w.square = w.sum + n;
    int status = w.column && w.item && w.times && w.share
                     ? make_columns(&w, out, err)
                     : ms_no_memory(err, "the importance of %zu parameters", n - 1);
    if (!status && out->judged.n >= MS_IMPORTANCE_LEAST && out->n > 0)
        judge(&w, seed, out);
    clear_work(&w);
    return status;
}

// The most important first; equal ones in the order of the sweep file.
static int by_share(const void *x, const void *y)
{
    const struct ms_importance_param *a = x, *b = y;
    if (a->share != b->share && !isnan(a->share))
        return a->share > b->share ? -1 : 1;
    return a->param - b->param;
}

static int make_pairs(struct ms_importance *out, struct ms_error *err)
{
    int params[MS_IMPORTANCE_PAIRED], n = 0;
    for (; n < out->n && n < MS_IMPORTANCE_PAIRED; n++)
        params[n] = out->item[n].param;
    return ms_pairs_of(&out->judged, params, n, &out->pairs, err);
}

int ms_importance_of(const struct ms_trial_table *t, uint64_t seed, struct ms_importance *out,
                     struct ms_error *err)
{
    *out = (struct ms_importance){0};
    out->item = calloc((size_t)t->n_params + 1, sizeof *out->item);
    int status = out->item ? ms_judged_of(t, &out->judged, err)
                           : ms_no_memory(err, "the importance of %d parameters", t->n_params);
    if (!status)
        status = make_shares(out, seed, err);
    for (int k = 0; !status && k < out->n; k++)
        status = ms_effect_of(&out->judged, out->item[k].name, &out->item[k].effect, err);
    if (!status) {
        qsort(out->item, (size_t)out->n, sizeof *out->item, by_share);
        status = make_pairs(out, err);
    }
    if (status)
        ms_importance_clear(out);
    return status;
}

void ms_importance_clear(struct ms_importance *m)
{
    for (int k = 0; k < m->n; k++)
        ms_effect_clear(&m->item[k].effect);
    free(m->item);
    ms_judged_clear(&m->judged);
    ms_pairs_clear(&m->pairs);
    *m = (struct ms_importance){0};
}
