// SPDX-License-Identifier: MIT
//
// The effect of one parameter: trials sorted by its value, cut into bins. A value that is a name,
// and any of few values, is a bin of its own; more numbers share ten ranges of equal width, in the
// logarithm where the parameter has one. A range is called by the values that occur in it.
#include "effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/rank/stats.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"

struct entry {
    double key;    // orders the values; INFINITY: not in force
    double number; // NAN: a name
    int64_t i;     // place among the judged trials
    int param;     // column of the table; -1: not in force
};

struct view {
    const struct ms_judged *j;
    struct entry *entry; // sorted by key
    int64_t n_active;
    bool named;    // some value is no number
    bool log;      // ranges are those of the logarithm
    double *value; // scratch
    struct ms_effect *out;
    size_t room;
    struct ms_error *err;
};

static int by_key(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->i > b->i) - (a->i < b->i);
}

static struct entry entry_of(const struct view *v, const char *name, int64_t i)
{
    const struct ms_trial_table *t = v->j->table;
    const int64_t row = v->j->row[i];
    for (int c = 0; c < t->n_params; c++) {
        const double value = t->value[row * t->n_params + c];
        if (isnan(value) || strcmp(t->param[c].name, name) != 0)
            continue;
        const double number = ms_trial_table_number(t, row, c);
        return (struct entry){isnan(number) ? (double)c * INT16_MAX + value : number, number, i, c};
    }
    return (struct entry){INFINITY, NAN, i, -1};
}

// What is shown of a number of a range, or of a value.
static void bin_text(const struct view *v, const struct entry *first, const struct entry *last,
                     struct ms_effect_bin *bin)
{
    if (first->param < 0)
        snprintf(bin->text, sizeof bin->text, "not in force");
    else if (first->key != last->key)
        snprintf(bin->text, sizeof bin->text, "%.3g … %.3g", first->number, last->number);
    else
        ms_trial_table_text(v->j->table, v->j->row[first->i], first->param, bin->text,
                            sizeof bin->text);
}

// Appends the bin of the entries [from, to).
static int add_bin(struct view *v, int64_t from, int64_t to)
{
    struct ms_effect *e = v->out;
    const int status =
        ms_grow(&e->bin, &v->room, (size_t)e->n + 1, sizeof *e->bin, "an effect", v->err);
    if (status || from == to)
        return status;
    const struct entry *first = &v->entry[from], *last = &v->entry[to - 1];
    struct ms_effect_bin *bin = &e->bin[e->n++];
    *bin = (struct ms_effect_bin){
        .inactive = first->param < 0, .from = first->number, .to = last->number, .n = to - from};
    bin_text(v, first, last, bin);
    for (int64_t i = from; i < to; i++)
        v->value[i - from] = v->j->value[v->entry[i].i];
    qsort(v->value, (size_t)bin->n, sizeof *v->value, ms_compare_double);
    const double t = bin->n > 1 ? ms_stats_student_quantile(0.975, (double)bin->n - 1) : NAN;
    const struct ms_moments m = ms_stats_moments_of(v->value, bin->n, t);
    bin->mean = m.mean;
    bin->sd = m.sd;
    bin->lo = m.lo;
    bin->hi = m.hi;
    bin->best = v->j->table->info.rule.maximize ? m.max : m.min;
    return 0;
}

static int64_t count_values(const struct view *v)
{
    int64_t n = v->n_active > 0;
    for (int64_t i = 1; i < v->n_active; i++)
        n += v->entry[i].key != v->entry[i - 1].key;
    return n;
}

static int add_values(struct view *v)
{
    int status = 0;
    for (int64_t from = 0, to; !status && from < v->n_active; from = to) {
        for (to = from + 1; to < v->n_active && v->entry[to].key == v->entry[from].key; to++)
            ;
        status = add_bin(v, from, to);
    }
    return status;
}

static int range_of(const struct view *v, double x)
{
    double lo = v->entry[0].key, hi = v->entry[v->n_active - 1].key;
    if (v->log) {
        lo = log(lo);
        hi = log(hi);
        x = log(x);
    }
    const int k = (int)((x - lo) / (hi - lo) * MS_EFFECT_BINS);
    return k < MS_EFFECT_BINS ? k : MS_EFFECT_BINS - 1;
}

static int add_ranges(struct view *v)
{
    int status = 0;
    for (int64_t from = 0, to; !status && from < v->n_active; from = to) {
        const int range = range_of(v, v->entry[from].key);
        for (to = from + 1; to < v->n_active && range_of(v, v->entry[to].key) == range; to++)
            ;
        status = add_bin(v, from, to);
    }
    return status;
}

static int fill(struct view *v, const char *name)
{
    const struct ms_trial_table *t = v->j->table;
    for (int64_t i = 0; i < v->j->n; i++) {
        v->entry[i] = entry_of(v, name, i);
        v->n_active += v->entry[i].param >= 0;
        v->named = v->named || (v->entry[i].param >= 0 && isnan(v->entry[i].number));
    }
    qsort(v->entry, (size_t)v->j->n, sizeof *v->entry, by_key);
    if (v->n_active > 0 && t->param[v->entry[0].param].param)
        v->log = t->param[v->entry[0].param].param->log && v->entry[0].key > 0;
    int status = v->named || count_values(v) <= MS_EFFECT_VALUES ? add_values(v) : add_ranges(v);
    if (!status && v->n_active < v->j->n)
        status = add_bin(v, v->n_active, v->j->n);
    return status;
}

int ms_effect_of(const struct ms_judged *j, const char *name, struct ms_effect *out,
                 struct ms_error *err)
{
    struct view v = {.j = j, .out = out, .err = err};
    *out = (struct ms_effect){0};
    v.entry = malloc((size_t)(j->n + 1) * sizeof *v.entry);
    v.value = malloc((size_t)(j->n + 1) * sizeof *v.value);
    const int status =
        v.entry && v.value ? fill(&v, name) : ms_no_memory(err, "the effect of a parameter");
    free(v.entry);
    free(v.value);
    if (status)
        ms_effect_clear(out);
    return status;
}

void ms_effect_clear(struct ms_effect *e)
{
    free(e->bin);
    *e = (struct ms_effect){0};
}
