// SPDX-License-Identifier: MIT
//
// One trial: its record, and what its executions are worth together. Values are signed so that
// smaller is better; NAN stands for a failed execution, which a trial's value passes over as long
// as another one has a number.
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
    t->last.value = NAN;
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

// The trial's value over its executions, by objective.by; NAN: all failed.
static double value_of(const struct ms_study *s, const struct trial *t)
{
    if (t->n == 1)
        return t->execution[0].value;
    double few[16], *value = t->n <= 16 ? few : malloc((size_t)t->n * sizeof *value), out = 0;
    int n = 0;
    for (int i = 0; value && i < t->n; i++)
        if (!isnan(t->execution[i].value))
            value[n++] = t->execution[i].value;
    if (n == 0) {
        out = NAN;
    } else {
        qsort(value, (size_t)n, sizeof *value, ms_compare_double);
        switch (ms_sweep_objective(s->sweep)->by) {
        case MS_BY_MEDIAN:
            out = (value[(n - 1) / 2] + value[n / 2]) / 2;
            break;
        case MS_BY_WORST:
            out = value[n - 1];
            break;
        case MS_BY_MEAN:
        case MS_BY_LOWER_BOUND: // a bound needs more executions than trials have while they run
            for (int i = 0; i < n; i++)
                out += value[i];
            out /= n;
        }
    }
    if (value != few)
        free(value);
    return out;
}

void ms_study_sum_up(const struct ms_study *s, struct trial *t)
{
    t->last = (struct at_rung){.value = value_of(s, t)};
    t->itself = true;
    for (int i = 0; i < t->n; i++) {
        const struct execution *x = &t->execution[i];
        t->last.epochs = x->epochs > t->last.epochs ? x->epochs : t->last.epochs;
        t->itself = t->itself && x->itself;
    }
    if (t->itself)
        t->last.epochs = t->epochs;
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
