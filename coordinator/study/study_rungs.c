// SPDX-License-Identifier: MIT
//
// Brackets.
//
// Synchronous: all trials of a bracket are at one rung. When the last of them has ended its part,
// and no other will join, the best go on and the others end. Trials that ended by themselves
// compete with the value they have, and are promoted without training.
//
// Asynchronous (asha): one bracket, whose rungs are ladders of results that grow.
#include "study_internal.h"

#include <stdlib.h>

#include "mlpsweep/memory.h"

struct bracket *ms_study_bracket(struct ms_study *s)
{
    struct bracket *last = s->n_brackets ? &s->bracket[s->n_brackets - 1] : NULL;
    if (last && !last->closed)
        return last;
    if (ms_grow(&s->bracket, &s->room_brackets, (size_t)s->n_brackets + 1, sizeof *s->bracket,
                "the brackets", NULL))
        return NULL;
    struct bracket *b = &s->bracket[s->n_brackets];
    *b = (struct bracket){.first = s->n};
    s->scheduler->bracket(s->search->scheduler.arg, s->max_epochs, ms_sampler_trials(s->sampler),
                          s->n_brackets, &b->plan);
    s->n_brackets++;
    return b;
}

void ms_study_join(struct ms_study *s, uint32_t trial)
{
    struct bracket *b = &s->bracket[s->n_brackets - 1];
    s->trial[trial]->bracket = s->n_brackets - 1;
    b->started++;
    b->pending++;
    b->closed = b->started >= b->plan.trials && !s->scheduler->asynchronous;
}

int ms_study_rung_end(const struct ms_study *s, const struct trial *t)
{
    if (!s->scheduler->bracket)
        return 0;
    const struct ms_bracket_plan *p = &s->bracket[t->bracket].plan;
    return t->rung >= p->n_rungs - 1 || p->epochs[t->rung] >= t->epochs ? 0 : p->epochs[t->rung];
}

// Makes the paused executions of a trial due, to train on or to be pruned. Returns how many, < 0:
// error.
static int push_paused(struct ms_study *s, uint32_t trial, bool prune, struct ms_error *err)
{
    const struct trial *t = s->trial[trial];
    int n = 0;
    for (int i = 0; i < t->n; i++) {
        if (t->execution[i].state != EXECUTION_PAUSED)
            continue;
        int status = ms_study_push(s, trial, (uint32_t)i, prune, err);
        if (status)
            return status;
        n++;
    }
    return n;
}

static int drop(struct ms_study *s, uint32_t trial, struct ms_error *err)
{
    int n = push_paused(s, trial, true, err);
    ms_study_end_trial(s, trial);
    return n < 0 ? n : 0;
}

// Promotes a trial by one rung. 1: it trains; 0: it had ended by itself, so that its result there
// is already known; < 0: an error.
static int promote(struct ms_study *s, uint32_t trial, struct ms_error *err)
{
    struct trial *t = s->trial[trial];
    t->rung++;
    t->left = push_paused(s, trial, false, err);
    if (t->left)
        return t->left < 0 ? t->left : 1;
    t->at[t->rung] = t->last;
    return 0;
}

static void end_bracket(struct ms_study *s, struct bracket *b)
{
    for (int64_t i = 0; i < b->started; i++)
        ms_study_end_trial(s, b->first + (uint32_t)i);
    b->ended = true;
    while (s->ended_brackets < s->n_brackets && s->bracket[s->ended_brackets].ended)
        s->ended_brackets++;
}

// The trials that compete at the bracket's rung, best first. malloc'ed.
static struct ms_worth *competitors(const struct ms_study *s, const struct bracket *b, int64_t *n)
{
    struct ms_worth *entry = malloc(((size_t)b->started + 1) * sizeof *entry);
    *n = 0;
    for (int64_t i = 0; entry && i < b->started; i++) {
        const struct trial *t = s->trial[b->first + i];
        if (t->rung == b->rung)
            entry[(*n)++] = ms_study_worth(b->first + (uint32_t)i, &t->last);
    }
    if (entry)
        ms_scheduler_rung_sort(entry, *n);
    return entry;
}

// Decides a rung, once all trials of the bracket are at its end. At least one goes on, or a bracket
// that was cut short would train none to its end. No more than one goes on where that is good
// enough to end the search.
static int decide(struct ms_study *s, struct bracket *b, struct ms_error *err)
{
    while (b->pending == 0 && !b->ended) {
        if (b->rung == b->plan.n_rungs - 1) {
            end_bracket(s, b);
            return 0;
        }
        int64_t n, promoted = 0;
        struct ms_worth *entry = competitors(s, b, &n);
        if (!entry)
            return ms_no_memory(err, "a rung");
        int64_t keep = ms_scheduler_rung_keep(n, b->plan.eta);
        keep = keep > 0 && !(n > 0 && ms_study_on_target(s, &s->trial[entry[0].trial]->last)) ? keep
                                                                                              : 1;
        int status = 0;
        for (int64_t i = 0; i < n && status >= 0; i++) {
            if (i < keep && entry[i].failed < 1) {
                promoted++;
                status = promote(s, entry[i].trial, err);
                b->pending += status > 0;
            } else {
                status = drop(s, entry[i].trial, err);
            }
        }
        free(entry);
        if (status < 0)
            return status;
        b->rung++;
        if (promoted == 0)
            end_bracket(s, b);
    }
    return 0;
}

int ms_study_close_bracket(struct ms_study *s, struct ms_error *err)
{
    struct bracket *b = &s->bracket[s->n_brackets - 1];
    if (s->scheduler->asynchronous || b->closed)
        return 0;
    b->closed = true;
    return decide(s, b, err);
}

// --- asha --------------------------------------------------------------------

static int climb(struct ms_study *s, uint32_t trial, struct ms_error *err)
{
    const struct trial *t = s->trial[trial];
    struct ladder *l = &s->ladder[t->rung];
    const struct ms_column_array columns[] = {{&l->entry, sizeof *l->entry},
                                              {&l->promoted, sizeof *l->promoted}};
    int status = ms_grow_columns(columns, 2, &l->room, (size_t)l->n + 1, "a rung", err);
    if (status)
        return status;
    const struct ms_worth worth = ms_study_worth(trial, &t->last);
    int64_t at = l->n++;
    for (; at > 0 && ms_worth_compare(&l->entry[at - 1], &worth, false) > 0; at--) {
        l->entry[at] = l->entry[at - 1];
        l->promoted[at] = l->promoted[at - 1];
    }
    l->entry[at] = worth;
    l->promoted[at] = false;
    return 0;
}

// Promotes entry i of a rung; > 0: it trains.
static int promote_entry(struct ms_study *s, struct ladder *l, int64_t i, struct ms_error *err)
{
    uint32_t trial = l->entry[i].trial;
    l->promoted[i] = true;
    int status = promote(s, trial, err);
    return status ? status : ms_study_rung_result(s, trial, err); // it had ended by itself
}

int ms_study_promote(struct ms_study *s, struct ms_error *err)
{
    if (s->n_brackets == 0)
        return 0;
    const struct ms_bracket_plan *p = &s->bracket[0].plan;
    for (int r = p->n_rungs - 2; r >= 0; r--) {
        struct ladder *l = &s->ladder[r];
        int64_t keep = ms_scheduler_rung_keep(l->n, p->eta);
        for (int64_t i = 0; i < keep && l->entry[i].failed < 1; i++) {
            if (l->promoted[i])
                continue;
            int status = promote_entry(s, l, i, err);
            if (status)
                return status;
            r = p->n_rungs - 1; // its rung grew: look from the top again
            break;
        }
    }
    return 0;
}

// Trains on the best of the highest rung when no trial has reached the top (which takes eta to the
// power of the number of rungs of them), because a search must end with a winner that was trained
// to its end. > 0: it trains.
static int finish_best(struct ms_study *s, struct ms_error *err)
{
    const struct bracket *b = &s->bracket[0];
    for (int r = b->plan.n_rungs - 2; r >= 0 && !b->topped; r--) {
        struct ladder *l = &s->ladder[r];
        for (int64_t i = 0; i < l->n && l->entry[i].failed < 1; i++) {
            if (l->promoted[i])
                continue;
            int status = promote_entry(s, l, i, err);
            if (status)
                return status;
            r = b->plan.n_rungs - 1;
            break;
        }
    }
    return 0;
}

int ms_study_prune_rest(struct ms_study *s, struct ms_error *err)
{
    int trains = s->n_brackets > 0 ? finish_best(s, err) : 0;
    if (trains)
        return trains;
    for (uint32_t i = 0; i < s->n; i++) {
        int status = s->trial[i]->ended ? 0 : drop(s, i, err);
        if (status)
            return status;
    }
    return ms_study_has_due(s);
}

int ms_study_rung_result(struct ms_study *s, uint32_t trial, struct ms_error *err)
{
    struct trial *t = s->trial[trial];
    struct bracket *b = &s->bracket[t->bracket];
    t->at[t->rung] = t->last;
    if (!s->scheduler->asynchronous) {
        b->pending--;
        return b->closed ? decide(s, b, err) : 0;
    }
    if (t->rung == b->plan.n_rungs - 1) {
        b->topped = true;
        ms_study_end_trial(s, trial);
        return 0;
    }
    return climb(s, trial, err);
}
