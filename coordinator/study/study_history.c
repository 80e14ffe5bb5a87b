// SPDX-License-Identifier: MIT
//
// Trial k may look at trials 0 … k-1-lag. With rungs it sees those of them in brackets up to b-2
// with all their rungs, the others with their lowest one. Under asha it sees all the rungs they
// have had, because results depend on timing there anyway.
#include "study_internal.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

// The number of brackets whose trials bracket b sees with all rungs.
static int brackets_before(int b)
{
    return b > 1 ? b - 1 : 0;
}

bool ms_study_may_look(struct ms_study *s, uint32_t k)
{
    if ((int64_t)s->ready < ms_sampler_needs(s->sampler, k))
        return false;
    if (!s->scheduler->bracket || s->scheduler->asynchronous)
        return true;
    return s->ended_brackets >= brackets_before(s->n_brackets - 1);
}

static int see(struct ms_study *s, uint32_t trial, const struct at_rung *at, struct ms_error *err)
{
    int status = ms_grow(&s->seen, &s->room_seen, (size_t)s->n_seen + 1, sizeof *s->seen,
                         "the history", err);
    if (status)
        return status;
    // Values can be compared only where failures count equally against their trials.
    if (at->failed < s->least_failed) {
        s->least_failed = at->failed;
        for (int64_t i = 0; i < s->n_seen; i++)
            s->seen[i].value = NAN;
    }
    const bool behind = at->failed > s->least_failed;
    s->seen[s->n_seen++] = (struct ms_observation){.trial = trial,
                                                   .epochs = at->epochs,
                                                   .value = behind ? NAN : at->value,
                                                   .point = s->trial[trial]->point,
                                                   .stopped = s->trial[trial]->stopped};
    return 0;
}

static int see_trial(struct ms_study *s, uint32_t trial, bool all, struct ms_error *err)
{
    const struct trial *t = s->trial[trial];
    if (!t->at)
        return see(s, trial, &t->last, err);
    // asha: a trial that is being trained at its rung has no result there yet
    const int rungs = all ? t->rung + (t->left == 0) : 1;
    int status = 0;
    for (int i = 0; i < rungs && !status; i++)
        if (i == 0 || t->at[i].epochs != t->at[i - 1].epochs) // carried up without training
            status = see(s, trial, &t->at[i], err);
    return status;
}

// Epochs differ also where nothing stops a trial: when all of its executions crash except one that
// stopped early, the trial has the epochs of that one. Only rungs make levels of them.
struct ms_history ms_study_history(const struct ms_study *s)
{
    return (struct ms_history){
        .n = s->n_seen, .item = s->seen, .parts = s->scheduler->bracket != NULL};
}

bool ms_study_on_target(const struct ms_study *s, const struct at_rung *at)
{
    return !isnan(s->search->target) && at->failed == 0 && at->value <= s->sign * s->search->target;
}

// Takes a trial's result as the best where it is better; newest: the trial that saw it.
static void take_best(struct ms_study *s, const struct at_rung *at, uint32_t newest)
{
    const struct ms_worth a = ms_study_worth(1, at), b = ms_study_worth(0, &s->best);
    if (at->failed < 1 && ms_worth_compare(&a, &b, false) < 0) { // the earlier of equal ones stays
        s->best = *at;
        s->best_trial = newest;
    }
}

// Judges target and patience by the first trials, whose results are final for everybody. asha's
// trials get better as they are promoted: the newest one is then the last that saw a better one.
static bool judge(struct ms_study *s)
{
    const struct ms_search *search = s->search;
    const bool rungs = s->scheduler->bracket && !s->scheduler->asynchronous;
    if (isnan(search->target) && search->patience == 0)
        return false;
    for (uint32_t i = 0; s->scheduler->asynchronous && i < s->judged; i++)
        take_best(s, &s->trial[i]->last, s->judged - 1);
    for (; s->judged < s->visible; s->judged++) {
        const struct trial *t = s->trial[s->judged];
        if (rungs && t->bracket >= s->full)
            break;
        take_best(s, &t->last, s->judged);
    }
    if (ms_study_on_target(s, &s->best)) {
        s->why = "the target is reached";
        return true;
    }
    if (search->patience > 0 && s->judged > 0 &&
        (int64_t)s->judged - 1 - s->best_trial >= search->patience) {
        s->why = "patience is used up: none of the latest trials was better";
        return true;
    }
    return false;
}

int ms_study_look(struct ms_study *s, uint32_t k, struct ms_error *err)
{
    const int64_t upto = ms_sampler_needs(s->sampler, k);
    const uint32_t visible = upto > 0 ? (uint32_t)upto : 0;
    const bool async = s->scheduler->asynchronous;
    const int full = s->scheduler->bracket && !async ? brackets_before(s->n_brackets - 1) : 0;
    int status = 0;
    if (full != s->full || async) { // from the beginning: earlier trials have more rungs now
        s->n_seen = 0;
        s->least_failed = 1;
        if (s->learns)
            for (uint32_t i = 0; i < s->visible && !status; i++)
                status = see_trial(s, i, async || s->trial[i]->bracket < full, err);
        s->full = full;
    }
    for (; s->visible < visible && !status; s->visible++) {
        struct trial *t = s->trial[s->visible];
        if (s->learns)
            status = see_trial(s, s->visible, async || t->bracket < full, err);
        if (!status && s->median) {
            // A trial with failures stands behind those without: it is no measure for them.
            if (t->last.failed == 0)
                status =
                    ms_scheduler_median_add(s->median, t->average, t->n_average, t->itself, err);
            free(t->average);
            t->average = NULL;
        }
    }
    return status ? status : judge(s);
}

int ms_study_limit(struct ms_study *s, struct trial *t, struct ms_error *err)
{
    const int n = t->epochs - 1; // not after the last
    t->limits = malloc(((size_t)n + 1) * sizeof *t->limits);
    if (!t->limits)
        return ms_no_memory(err, "a trial's limits");
    t->n_limits = ms_scheduler_median_limits(s->median, t->limits, n);
    for (int i = 0; i < t->n_limits; i++)
        t->limits[i] *= s->sign;
    return 0;
}
