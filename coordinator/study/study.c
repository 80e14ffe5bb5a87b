// SPDX-License-Identifier: MIT
//
// Steps come in order of urgency: what was promoted or pruned, the rest of the trial that begins, a
// promotion of asha's, a new trial. An execution is NEW, then RUNNING while a part of it was asked
// for, then PAUSED or ENDED by that part's result; a trial's part is over when `left` of its
// executions comes to 0. Only then does anything depend on it, so that the order of results among
// its executions is of no consequence.
#include "study_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

// --- life cycle --------------------------------------------------------------

int ms_study_new(const struct ms_sweep *sweep, struct ms_sampler *sampler, struct ms_study **out,
                 struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(sweep);
    const struct ms_scheduler_ops *ops = ms_scheduler_ops_of(search->scheduler.row);
    *out = NULL;
    if (!ops)
        return ms_fail(err, MS_EINVAL, "scheduler %d is described but not built",
                       search->scheduler.row);
    struct ms_study *s = calloc(1, sizeof *s);
    if (!s)
        return ms_no_memory(err, "the study");
    s->sweep = sweep;
    s->search = search;
    s->sampler = sampler;
    s->scheduler = ops;
    s->sign = ms_sweep_objective(sweep)->maximize ? -1 : 1;
    s->max_epochs = (int)fmin(fmax(1, ms_sweep_most_epochs(sweep)), MS_MAX_EPOCHS);
    s->learns = ms_sampler_learns(sampler);
    s->looks = s->learns || ops->median || !isnan(search->target) || search->patience > 0;
    s->keeps = s->looks || ops->bracket;
    s->best = (struct at_rung){.value = NAN, .failed = 1};
    s->least_failed = 1;
    int status =
        ops->median ? ms_scheduler_median_new(search->scheduler.arg, s->max_epochs, &s->median, err)
                    : 0;
    if (status) {
        free(s);
        return status;
    }
    *out = s;
    return 0;
}

void ms_study_free(struct ms_study *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->n; i++)
        ms_study_trial_free(s->trial[i]);
    for (int i = 0; i < MS_MAX_RUNGS; i++) {
        free(s->ladder[i].entry);
        free(s->ladder[i].promoted);
    }
    free(s->trial);
    free(s->due);
    free(s->bracket);
    free(s->seen);
    ms_scheduler_median_free(s->median);
    free(s);
}

// --- what is handed out ------------------------------------------------------

int ms_study_push(struct ms_study *s, uint32_t trial, uint32_t execution, bool prune,
                  struct ms_error *err)
{
    if (s->first_due > s->end_due / 2) { // more handed out than left: move the rest down
        s->end_due -= s->first_due;
        memmove(s->due, s->due + s->first_due, s->end_due * sizeof *s->due);
        s->first_due = 0;
    }
    int status =
        ms_grow(&s->due, &s->room_due, s->end_due + 1, sizeof *s->due, "parts of executions", err);
    if (!status)
        s->due[s->end_due++] = (struct due){trial, execution, prune};
    return status;
}

static void train(struct ms_study *s, uint32_t trial, uint32_t execution,
                  struct ms_study_step *step)
{
    struct trial *t = s->trial[trial];
    struct execution *x = &t->execution[execution];
    *step = (struct ms_study_step){.kind = MS_STUDY_TRAIN,
                                   .trial = trial,
                                   .execution = execution,
                                   .part = (uint32_t)t->rung,
                                   .from_epoch = x->epochs,
                                   .to_epoch = ms_study_rung_end(s, t),
                                   .limits = t->limits,
                                   .n_limits = t->n_limits};
    x->state = EXECUTION_RUNNING;
    s->in_flight++;
}

static bool pop(struct ms_study *s, struct ms_study_step *step)
{
    if (!ms_study_has_due(s))
        return false;
    const struct due k = s->due[s->first_due++];
    if (!k.prune) {
        train(s, k.trial, k.execution, step);
        return true;
    }
    struct trial *t = s->trial[k.trial];
    t->execution[k.execution].state = EXECUTION_ENDED;
    *step = (struct ms_study_step){.kind = MS_STUDY_PRUNE,
                                   .trial = k.trial,
                                   .execution = k.execution,
                                   .from_epoch = t->execution[k.execution].epochs};
    return true;
}

static int close_study(struct ms_study *s, const char *why, struct ms_error *err)
{
    s->closed = true;
    s->why = why;
    return s->n_brackets > 0 ? ms_study_close_bracket(s, err) : 0;
}

// Executions of the next trial, by the budgets; 0: no more trials.
static int executions_left(const struct ms_study *s)
{
    int64_t n = s->search->executions_per_trial;
    if (s->search->max_executions > 0 && s->search->max_executions - s->executions < n)
        n = s->search->max_executions - s->executions;
    return (int)n;
}

// Asks for a new trial, if one may begin now: 1, 0 (it waits, or the study was closed), < 0.
static int propose(struct ms_study *s, struct ms_study_step *step, struct ms_error *err)
{
    if ((int64_t)s->n >= ms_sampler_trials(s->sampler))
        return close_study(s, NULL, err);
    int n = executions_left(s);
    if (n <= 0)
        return close_study(s, "max_executions is reached", err);
    if (s->scheduler->bracket && !ms_study_bracket(s))
        return ms_no_memory(err, "a bracket");
    if (s->looks) {
        if (!ms_study_may_look(s, s->n))
            return 0;
        int status = ms_study_look(s, s->n, err);
        if (status < 0)
            return status;
        if (status > 0)
            return close_study(s, s->why, err);
    }
    s->opening = true;
    *step = (struct ms_study_step){.kind = MS_STUDY_TRIAL, .trial = s->n, .n_executions = n};
    return 1;
}

int ms_study_next(struct ms_study *s, struct ms_study_step *step, struct ms_error *err)
{
    for (;;) {
        if (pop(s, step))
            return 0;
        if (s->begins < s->n && s->trial[s->begins] && s->next_execution < s->trial[s->begins]->n) {
            train(s, s->begins, (uint32_t)s->next_execution++, step);
            return 0;
        }
        const bool was_closed = s->closed;
        int status = s->scheduler->asynchronous ? ms_study_promote(s, err) : 0;
        if (status == 0 && !s->closed)
            status = propose(s, step, err);
        if (status == 0 && s->closed && s->scheduler->asynchronous && s->in_flight == 0 &&
            !ms_study_has_due(s))
            status = ms_study_prune_rest(s, err);
        if (status < 0)
            return status;
        if (s->opening)
            return 0;
        if (ms_study_has_due(s) || s->closed != was_closed)
            continue;
        *step = (struct ms_study_step){.kind = s->closed && s->n_open == 0 ? MS_STUDY_ENDED
                                                                           : MS_STUDY_WAITS};
        return 0;
    }
}

// --- a new trial -------------------------------------------------------------

int ms_study_open(struct ms_study *s, const double *stored, double *point, struct ms_error *err)
{
    if (!s->opening)
        return ms_fail(err, MS_ESTATE, "no trial is due");
    s->opening = false;
    const struct ms_history history = ms_study_history(s);
    int status;
    if (stored) {
        memcpy(point, stored, (size_t)ms_sweep_space(s->sweep)->n * sizeof *point);
        status = ms_sampler_adopt(s->sampler, stored, err);
        status = status < 0 ? status : 1;
    } else {
        status = ms_sampler_next(s->sampler, s->learns ? &history : NULL, point, err);
    }
    if (status < 0)
        return status;
    if (status == 0)
        return close_study(s, ms_sampler_gave_up(s->sampler), err);
    status = ms_grow(&s->trial, &s->room, (size_t)s->n + 1, sizeof *s->trial, "the trials", err);
    struct trial *t = status ? NULL : ms_study_trial_new(s, point, executions_left(s));
    if (!t)
        return status ? status : ms_no_memory(err, "a trial");
    s->begins = s->n;
    s->next_execution = t->n; // until it is described
    s->trial[s->n++] = t;
    s->n_open++;
    s->executions += t->n;
    if (s->scheduler->bracket)
        ms_study_join(s, s->n - 1);
    return 1;
}

static void set_ready(struct ms_study *s, struct trial *t)
{
    t->ready = true;
    while (s->ready < s->n && s->trial[s->ready] && s->trial[s->ready]->ready)
        s->ready++;
}

int ms_study_describe(struct ms_study *s, uint32_t trial, int epochs, struct ms_error *err)
{
    struct trial *t = s->trial[trial];
    t->epochs = epochs;
    if (epochs > 0) {
        s->next_execution = 0;
        return s->median ? ms_study_limit(s, t, err) : 0;
    }
    t->left = 0;
    for (int i = 0; i < t->n; i++)
        t->execution[i] = (struct execution){.state = EXECUTION_ENDED, .value = NAN};
    if (s->keeps)
        set_ready(s, t);
    if (s->scheduler->bracket)
        return ms_study_rung_result(s, trial, err);
    ms_study_end_trial(s, trial);
    return 0;
}

// --- results -----------------------------------------------------------------

void ms_study_end_trial(struct ms_study *s, uint32_t trial)
{
    struct trial *t = s->trial[trial];
    if (t->ended)
        return;
    t->ended = true;
    s->n_open--;
    free(t->limits);
    t->limits = NULL;
    if (!s->keeps) {
        ms_study_trial_free(t);
        s->trial[trial] = NULL;
    }
}

int ms_study_result(struct ms_study *s, const struct ms_study_result *r, struct ms_error *err)
{
    struct trial *t = r->trial < s->n ? s->trial[r->trial] : NULL;
    struct execution *x = t && r->execution < (uint32_t)t->n ? &t->execution[r->execution] : NULL;
    if (!x || x->state != EXECUTION_RUNNING)
        return ms_fail(err, MS_ESTATE, "a result of trial %u, execution %u, which is not running",
                       r->trial, r->execution);
    const bool good = ms_outcome_of(r->end)->counts;
    x->state = good && r->end == MS_END_PAUSED ? EXECUTION_PAUSED : EXECUTION_ENDED;
    x->epochs = r->epochs;
    x->value = good && isfinite(r->value) ? s->sign * r->value : NAN;
    x->itself = ms_outcome_of(r->end)->itself;
    t->stopped |= s->median && r->end == MS_END_PRUNED;
    int status = s->median && good ? ms_study_keep_average(s, x, r, err) : 0;
    s->in_flight--;
    if (status || --t->left > 0)
        return status;
    status = ms_study_sum_up(s, t, err);
    if (status)
        return status;
    if (s->keeps)
        set_ready(s, t);
    if (s->scheduler->bracket)
        return ms_study_rung_result(s, r->trial, err);
    status = s->median ? ms_study_average(t, err) : 0;
    ms_study_end_trial(s, r->trial);
    return status;
}

// --- questions ---------------------------------------------------------------

bool ms_study_wants_curve(const struct ms_study *s)
{
    return s->scheduler->median || s->scheduler->bracket;
}

bool ms_study_looks(const struct ms_study *s)
{
    return s->keeps;
}

bool ms_study_pauses(const struct ms_study *s)
{
    return s->scheduler->bracket != NULL;
}

bool ms_study_asynchronous(const struct ms_study *s)
{
    return s->scheduler->asynchronous;
}

int64_t ms_study_trials(const struct ms_study *s)
{
    int64_t n = ms_sampler_trials(s->sampler), per_trial = s->search->executions_per_trial;
    if (s->search->max_executions > 0 && (s->search->max_executions - 1) / per_trial + 1 < n)
        n = (s->search->max_executions - 1) / per_trial + 1;
    return s->closed ? (int64_t)s->n : n;
}

double ms_study_planned_epochs(const struct ms_study *s)
{
    enum { ENOUGH = 1000 }; // brackets; the rest are as these
    const int64_t trials = ms_study_trials(s);
    double epochs = (double)trials * s->max_epochs;
    if (s->scheduler->bracket) {
        int64_t left = trials;
        epochs = 0;
        for (int64_t b = 0; left > 0 && b < ENOUGH; b++) {
            struct ms_bracket_plan p;
            s->scheduler->bracket(s->search->scheduler.arg, s->max_epochs,
                                  ms_sampler_trials(s->sampler), b, &p);
            int64_t n = p.trials < left ? p.trials : left;
            left -= n;
            for (int i = 0; i < p.n_rungs && n > 0; i++, n = ms_scheduler_rung_keep(n, p.eta))
                epochs += (double)n * (p.epochs[i] - (i > 0 ? p.epochs[i - 1] : 0));
        }
        if (left > 0)
            epochs *= (double)trials / (double)(trials - left);
    }
    return epochs * s->search->executions_per_trial;
}

const char *ms_study_why_ended(const struct ms_study *s)
{
    return s->closed ? s->why : NULL;
}

uint32_t ms_study_proposed(const struct ms_study *s)
{
    return s->n;
}

int64_t ms_study_executions(const struct ms_study *s)
{
    return s->executions;
}
