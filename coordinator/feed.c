// SPDX-License-Identifier: MIT
#include "feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ms_feed_init(struct ms_feed *f, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(f->sweep);
    f->execution = search->executions_per_trial; // the "current trial" before the first is used up
    f->executions_planned = ms_sampler_trials(f->sampler) * search->executions_per_trial;
    (void)err;
    return 0;
}

void ms_feed_clear(struct ms_feed *f)
{
    for (uint32_t i = 0; i < f->n_trials; i++) {
        if (f->open[i])
            free(f->open[i]->point);
        free(f->open[i]);
    }
    free(f->open);
    f->open = NULL;
    f->n_trials = f->room = 0;
}

struct ms_open_trial *ms_feed_trial(const struct ms_feed *f, uint32_t trial)
{
    return trial < f->n_trials ? f->open[trial] : NULL;
}

void ms_feed_close(struct ms_feed *f, uint32_t trial)
{
    struct ms_open_trial *t = ms_feed_trial(f, trial);
    if (!t || --t->left > 0)
        return;
    free(t->point);
    free(t);
    f->open[trial] = NULL;
}

// What the store knows of an execution; NULL when nothing. Executions are asked for in order.
static const struct ms_known *known_of(struct ms_feed *f, uint32_t trial, uint32_t execution)
{
    while (f->at_known < f->n_known) {
        const struct ms_known *k = &f->known[f->at_known];
        if (k->trial > trial || (k->trial == trial && k->execution > execution))
            return NULL;
        f->at_known++;
        if (k->trial == trial && k->execution == execution)
            return k;
    }
    return NULL;
}

static int make_room(struct ms_feed *f, struct ms_error *err)
{
    if (f->n_trials < f->room)
        return 0;
    uint32_t room = f->room ? f->room * 2 : 1024;
    struct ms_open_trial **open = realloc(f->open, room * sizeof *open);
    if (!open)
        return ms_fail(err, MS_ENOMEM, "no memory for %u trials", room);
    f->open = open;
    f->room = room;
    return 0;
}

// Why the trial cannot be trained, or 0.
static int describe(struct ms_feed *f, struct ms_open_trial *t, struct ms_error *err)
{
    struct ms_config *config = malloc(sizeof *config);
    if (!config)
        return ms_fail(err, MS_ENOMEM, "no memory");
    int status = ms_sweep_config(f->sweep, t->point, config, err);
    const struct ms_dataset *data = status ? NULL : &f->data[config->dataset];
    if (!status)
        status = ms_config_complete(config, data, err);
    if (!status) {
        t->cost = ms_cost_of(config, data);
        t->seconds = ms_cost_seconds(&t->cost);
        t->epochs = config->epochs;
        t->n_columns = ms_metric_columns(config, data->n_val > 0, t->columns);
        if (f->bytes_limit > 0 && t->cost.bytes > f->bytes_limit)
            status = ms_fail(err, MS_EINVAL, "infeasible: needs %.1f GB of memory, a worker has %.1f GB",
                             t->cost.bytes / 1e9, f->bytes_limit / 1e9);
    }
    free(config);
    return status;
}

// Records every execution of a trial that cannot be trained as failed.
static int refuse_trial(struct ms_feed *f, const struct ms_open_trial *t, const char *why,
                        struct ms_error *err)
{
    struct ms_result r = {.end = MS_END_ERROR};
    snprintf(r.message, sizeof r.message, "%.*s", (int)sizeof r.message - 1, why);
    for (int e = 0; e < t->left; e++) {
        const struct ms_known *k = known_of(f, t->trial, (uint32_t)e);
        if (k && k->state == MS_FAILED) {
            f->skipped_failed++;
            continue;
        }
        struct ms_job job = {.trial = t->trial, .execution = (uint32_t)e};
        int status = ms_store_attempt(f->store, &job, &r, 0, "", true, t->epochs, err);
        if (status)
            return status;
    }
    f->refused++;
    return 0;
}

// The next trial of the sampler into f->open. 1: it can be trained; 0: refused or none (see ended).
static int open_trial(struct ms_feed *f, struct ms_error *err)
{
    int executions = ms_sweep_search(f->sweep)->executions_per_trial;
    int status = make_room(f, err);
    if (status)
        return status;
    struct ms_open_trial *t = calloc(1, sizeof *t);
    size_t n = (size_t)ms_sweep_space(f->sweep)->n;
    if (t)
        t->point = calloc(n + 1, sizeof *t->point);
    if (!t || !t->point) {
        free(t);
        return ms_fail(err, MS_ENOMEM, "no memory for a trial");
    }
    status = ms_sampler_next(f->sampler, NULL, t->point, err);
    if (status != 1) {
        f->ended = status == 0;
        free(t->point);
        free(t);
        return status;
    }
    t->trial = f->n_trials;
    t->left = executions;
    f->open[f->n_trials++] = t;
    struct ms_error why = {0};
    int impossible = describe(f, t, &why);
    status = ms_store_trial(f->store, t->trial, t->point, &t->cost, executions, err);
    if (!status && impossible) {
        status = refuse_trial(f, t, why.text, err);
        t->left = 1;
        ms_feed_close(f, t->trial);
        return status;
    }
    f->execution = 0;
    return status ? status : 1;
}

// Offers the next execution of the current trial that still has to run.
static int offer_one(struct ms_feed *f, struct ms_dispatch *d, int *offered, struct ms_error *err)
{
    uint32_t trial = f->n_trials - 1, execution = (uint32_t)f->execution++;
    struct ms_open_trial *t = ms_feed_trial(f, trial);
    const struct ms_known *k = known_of(f, trial, execution);
    if (k && (k->state == MS_DONE || k->state == MS_FAILED)) {
        *(k->state == MS_DONE ? &f->skipped : &f->skipped_failed) += 1;
        ms_feed_close(f, trial);
        return 0;
    }
    struct ms_work task = {
        .tag = ms_tag(trial, execution), .seconds = t->seconds, .attempts = k ? k->attempts : 0};
    if (ms_dispatch_offer(d, &task))
        return ms_fail(err, MS_ENOMEM, "no memory for another execution");
    f->seconds_offered += t->seconds;
    f->offered++;
    *offered += 1;
    return 0;
}

int ms_feed_offer(struct ms_feed *f, struct ms_dispatch *d, int wanted, struct ms_error *err)
{
    int executions = ms_sweep_search(f->sweep)->executions_per_trial;
    int offered = 0;
    while (offered < wanted && !f->ended) {
        int status;
        if (f->execution < executions && f->n_trials > 0)
            status = offer_one(f, d, &offered, err);
        else
            status = open_trial(f, err);
        if (status < 0)
            return status;
    }
    return 0;
}
