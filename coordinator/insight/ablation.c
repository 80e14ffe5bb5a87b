// SPDX-License-Identifier: MIT
//
// The path is found again from the trials: the steps of a round are the trials whose points lie one
// change from where the path stands, and the best ranked of them is where it stands next.
#include "ablation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/rank/stats.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"

static const double *point_of(const struct ms_trial_table *t, int64_t row)
{
    return &t->value[row * t->n_params];
}

static bool ended(const struct ms_trial_table *t, int64_t row)
{
    return t->row[row].n_waiting == 0 && t->row[row].n_running == 0 &&
           t->rank[row].n + t->rank[row].n_failed > 0;
}

// Whether row a stands before row b in the ranking.
static bool better(const struct ms_trial_table *t, int64_t a, int64_t b)
{
    const int64_t pa = t->place[a], pb = t->place[b];
    return pa != pb ? pa && (!pb || pa < pb) : a < b;
}

// The best trial of the round from where the path stands; -1: the round is not over.
static int64_t best_of_round(const struct ms_trial_table *t, int64_t stand, double *step,
                             int *param, int64_t *contested)
{
    int64_t best = -1;
    *contested = 0;
    for (int i = 0; i < t->n_params; i++) {
        if (!ms_space_differs(t->space, point_of(t, stand), point_of(t, 1), i))
            continue;
        ms_space_toward(t->space, point_of(t, stand), point_of(t, 1), i, step);
        int64_t row = 1;
        while (row < t->n && !ms_space_point_equal(t->space, step, point_of(t, row)))
            row++;
        if (row == t->n && !ms_sweep_feasible(t->sweep, step))
            continue;
        if (row == t->n || !ended(t, row))
            return -1;
        ++*contested;
        if (best < 0 || better(t, row, best)) {
            best = row;
            *param = i;
        }
    }
    return best;
}

// What row b is better by than row a.
static void compare(const struct ms_trial_table *t, int64_t a, int64_t b, double *gain, double *lo,
                    double *hi)
{
    const struct ms_trial_rank *x = &t->rank[a], *y = &t->rank[b];
    const double sign = t->info.rule.maximize ? 1 : -1;
    const double va = x->se * x->se, vb = y->se * y->se;
    *gain = sign * (y->mean - x->mean);
    *lo = *hi = NAN;
    if (x->n < 2 || y->n < 2)
        return;
    const double df = (va + vb) * (va + vb) / (va * va / (x->n - 1) + vb * vb / (y->n - 1));
    const double half = va + vb > 0 ? ms_stats_student_quantile(0.975, df) * sqrt(va + vb) : 0;
    *lo = *gain - half;
    *hi = *gain + half;
}

int ms_ablation_of(const struct ms_trial_table *t, struct ms_ablation *out, struct ms_error *err)
{
    *out = (struct ms_ablation){.total = NAN, .lo = NAN, .hi = NAN};
    out->step = calloc((size_t)t->n_params + 1, sizeof *out->step);
    double *step = malloc(((size_t)t->n_params + 1) * sizeof *step);
    if (!out->step || !step) {
        free(step);
        ms_ablation_clear(out);
        return ms_no_memory(err, "a path of %d steps", t->n_params);
    }
    int64_t stand = 0;
    if (t->n >= 2 && t->row[1].trial == 1 && ended(t, 0)) {
        out->step[out->n++] =
            (struct ms_ablation_step){.row = 0, .param = -1, .gain = NAN, .lo = NAN, .hi = NAN};
        if (ended(t, 1))
            compare(t, 0, 1, &out->total, &out->lo, &out->hi);
    }
    while (out->n > 0 && out->n <= t->n_params && stand != 1) {
        struct ms_ablation_step *next = &out->step[out->n];
        const int64_t best = best_of_round(t, stand, step, &next->param, &next->contested);
        if (best < 0)
            break;
        next->row = best;
        compare(t, stand, best, &next->gain, &next->lo, &next->hi);
        stand = best;
        out->n++;
    }
    out->complete = stand == 1;
    free(step);
    return 0;
}

void ms_ablation_clear(struct ms_ablation *a)
{
    free(a->step);
    *a = (struct ms_ablation){0};
}

// A value with at most six digits, as tables show them.
static const char *short_text(const struct ms_trial_table *t, int64_t row, int param, char *out,
                              size_t size)
{
    const struct ms_param *p = t->param[param].param;
    if (p && p->kind == MS_FLOAT)
        snprintf(out, size, "%.6g", ms_trial_table_number(t, row, param));
    else
        ms_trial_table_text(t, row, param, out, size);
    return out;
}

const char *ms_ablation_change(const struct ms_trial_table *t, const struct ms_ablation *a,
                               int step, char *out, size_t size)
{
    out[0] = '\0';
    if (step == 0)
        return out;
    const int64_t was = a->step[step - 1].row, now = a->step[step].row;
    const int param = a->step[step].param;
    char before[80], after[80];
    ms_words_append(out, size, "%s %s → %s", t->param[param].name,
                    short_text(t, was, param, before, sizeof before),
                    short_text(t, now, param, after, sizeof after));
    bool first = true;
    for (int i = 0; i < t->n_params; i++)
        if (i != param && isnan(point_of(t, was)[i]) && !isnan(point_of(t, now)[i])) {
            ms_words_append(out, size, "%s%s %s", first ? ", with " : ", ", t->param[i].name,
                            short_text(t, now, i, after, sizeof after));
            first = false;
        }
    return out;
}
