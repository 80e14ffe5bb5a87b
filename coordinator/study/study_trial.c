// SPDX-License-Identifier: MIT
//
// One trial: its record, and what its executions are worth together (coordinator/rank/worth.h).
// Values are signed so that smaller is better; NAN stands for a failed execution.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"
#include "study_internal.h"

struct trial *ms_study_trial_new(const struct ms_study *s, const double *point, int n)
{
    const size_t values = (size_t)ms_sweep_space(s->sweep)->n;
    struct trial *t = calloc(1, sizeof *t + (size_t)n * sizeof *t->execution);
    if (!t)
        return NULL;
    if (s->learns)
        t->point = malloc((values + 1) * sizeof *t->point);
    if (s->scheduler->bracket)
        t->at = calloc(MS_MAX_RUNGS, sizeof *t->at);
    if ((s->learns && !t->point) || (s->scheduler->bracket && !t->at)) {
        ms_study_trial_free(t);
        return NULL;
    }
    if (t->point)
        memcpy(t->point, point, values * sizeof *point);
    t->n = t->left = n;
    t->last = (struct at_rung){.value = NAN, .failed = 1};
    return t;
}

void ms_study_trial_free(struct trial *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->n; i++)
        free(t->execution[i].average);
    free(t->at);
    free(t->point);
    free(t->average);
    free(t->limits);
    free(t);
}

// --- what it is worth --------------------------------------------------------

// The ranking's rule, but for the lower bound: trials have too few executions for one while they
// run, and take the mean.
int ms_study_sum_up(const struct ms_study *s, struct trial *t, struct ms_error *err)
{
    const struct ms_objective *o = ms_sweep_objective(s->sweep);
    const enum ms_by by = o->by == MS_BY_LOWER_BOUND ? MS_BY_MEAN : o->by;
    double few[16], *value = t->n <= 16 ? few : malloc((size_t)t->n * sizeof *value);
    int64_t n = 0;
    if (!value)
        return ms_no_memory(err, "the executions of a trial");
    t->last = (struct at_rung){0};
    t->itself = true;
    for (int i = 0; i < t->n; i++) {
        const struct execution *x = &t->execution[i];
        if (!isnan(x->value))
            value[n++] = x->value;
        t->last.epochs = x->epochs > t->last.epochs ? x->epochs : t->last.epochs;
        t->itself = t->itself && x->itself;
    }
    if (t->itself)
        t->last.epochs = t->epochs;
    qsort(value, (size_t)n, sizeof *value, ms_compare_double);
    const struct ms_moments m = ms_stats_moments_of(value, n, NAN);
    t->last.value = ms_worth_key(&m, false, by);
    t->last.failed = ms_worth_failed(n, t->n - n, o->failures);
    if (value != few)
        free(value);
    return 0;
}

struct ms_worth ms_study_worth(uint32_t trial, const struct at_rung *at)
{
    return (struct ms_worth){.trial = trial, .failed = at->failed, .key = at->value};
}

// --- running averages -----------------------------------------------------------

// From the first epoch on that has a value.
int ms_study_keep_average(const struct ms_study *s, struct execution *x,
                          const struct ms_study_result *r, struct ms_error *err)
{
    double sum = 0;
    int n = 0;
    x->average = malloc(((size_t)r->n_curve + 1) * sizeof *x->average);
    if (!x->average)
        return ms_no_memory(err, "a learning curve");
    for (int i = 0; i < r->n_curve; i++) {
        n += n > 0 || !isnan(r->curve[i]);
        sum += n > 0 ? s->sign * r->curve[i] : 0;
        x->average[i] = n > 0 ? sum / n : NAN;
    }
    x->n_average = r->n_curve;
    return 0;
}

// After every epoch the mean of the executions that were trained so far. One that ended by itself
// before counts with what it had at its end.
int ms_study_average(struct trial *t, struct ms_error *err)
{
    for (int i = 0; i < t->n; i++)
        t->n_average =
            t->execution[i].n_average > t->n_average ? t->execution[i].n_average : t->n_average;
    t->average = malloc(((size_t)t->n_average + 1) * sizeof *t->average);
    if (!t->average)
        return ms_no_memory(err, "a learning curve");
    for (int e = 0; e < t->n_average; e++) {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < t->n; i++) {
            const struct execution *x = &t->execution[i];
            int at = e < x->n_average ? e : x->itself ? x->n_average - 1 : -1;
            if (at < 0 || isnan(x->average[at]))
                continue;
            sum += x->average[at];
            n++;
        }
        t->average[e] = n > 0 ? sum / n : NAN;
    }
    for (int i = 0; i < t->n; i++) {
        free(t->execution[i].average);
        t->execution[i].average = NULL;
    }
    return 0;
}
