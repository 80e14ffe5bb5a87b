// SPDX-License-Identifier: MIT
#include "feed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/sweep_cost.h"

enum {
    STEPS = 4096
}; // of the study in one call: a tenth of a second of what the store knows already

static void free_trial(struct ms_open_trial *t)
{
    if (t)
        free(t->point);
    free(t);
}

void ms_feed_clear(struct ms_feed *f)
{
    for (uint32_t i = 0; i < f->n_trials; i++)
        free_trial(f->open[i]);
    free(f->open);
    f->open = NULL;
    f->n_trials = f->room = 0;
}

struct ms_open_trial *ms_feed_trial(const struct ms_feed *f, uint32_t trial)
{
    return trial < f->n_trials ? f->open[trial] : NULL;
}

// One execution of the trial ended for good; forgets the trial after its last.
static void close_execution(struct ms_feed *f, uint32_t trial, uint32_t execution)
{
    struct ms_open_trial *t = ms_feed_trial(f, trial);
    if (!t || t->part[execution].ended)
        return;
    t->part[execution].ended = true;
    if (--t->left > 0)
        return;
    free_trial(t);
    f->open[trial] = NULL;
}

// --- what the store knows ----------------------------------------------------

// What the store knew of an execution when the run began; NULL when nothing.
static const struct ms_known *known_of(const struct ms_feed *f, uint32_t trial, uint32_t execution)
{
    const uint64_t wanted = ms_tag(trial, execution, 0);
    int64_t lo = 0, hi = f->n_known;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        const struct ms_known *k = &f->known[mid];
        uint64_t found = ms_tag(k->trial, k->execution, 0);
        if (found == wanted)
            return k;
        if (found < wanted)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

// Whether the store has the result of this part already: how it ended, after how many epochs. One
// that failed for good may have paused well at lower rungs: what they decided is decided again.
static bool known_result(const struct ms_feed *f, const struct ms_known *k,
                         const struct ms_study_step *step, struct ms_study_result *r)
{
    if (!k)
        return false;
    const int to = step->to_epoch;
    *r = (struct ms_study_result){.end = k->end, .epochs = k->trained, .value = NAN};
    if (k->state == MS_FAILED && !(to > 0 && to <= k->reached))
        return true;
    if (k->state == MS_DONE) {
        if (k->end == MS_END_PRUNED && !ms_study_pauses(f->study))
            return true; // by its limits, which are the same again
        if (k->end != MS_END_PRUNED && (to == 0 || k->trained <= to))
            return true;
    }
    r->end = MS_END_PAUSED;
    r->epochs = to;
    return to > 0 && to <= k->reached;
}

// Tells the study. curve and value of what is in the store are read where it wants them.
static int tell_study(struct ms_feed *f, struct ms_study_result *r, struct ms_error *err)
{
    double *curve = NULL;
    int status = 0;
    if (r->epochs > 0 && ms_study_wants_curve(f->study)) {
        status = ms_store_curve(f->store, r->trial, r->execution, r->epochs, &r->value, &curve,
                                &r->n_curve, err);
        r->curve = curve;
    }
    if (!status)
        status = ms_study_result(f->study, r, err);
    free(curve);
    return status;
}

static int answer_known(struct ms_feed *f, const struct ms_known *k, struct ms_study_result *r,
                        struct ms_error *err)
{
    r->trial = k->trial;
    r->execution = k->execution;
    if (k->state == MS_DONE && !ms_study_wants_curve(f->study) && ms_study_looks(f->study)) {
        int status = ms_store_objective(f->store, k->trial, k->execution, &r->value, err);
        if (status)
            return status;
    }
    f->epochs_known += r->epochs;
    int status = tell_study(f, r, err);
    if (status || r->end == MS_END_PAUSED)
        return status;
    *(k->state == MS_FAILED ? &f->skipped_failed : &f->skipped) += 1;
    close_execution(f, k->trial, k->execution);
    return 0;
}

// --- new trials --------------------------------------------------------------

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
    if (!status)
        status = ms_sweep_complete(f->sweep, f->data, config, err);
    if (!status) {
        t->cost = ms_sweep_cost(f->sweep, f->data, config);
        t->seconds = ms_sweep_seconds(f->sweep, config, &t->cost);
        t->epochs = config->epochs;
        if (config->dataset >= 0) // others name their metrics themselves
            t->n_columns =
                ms_config_metric_columns(config, f->data[config->dataset].n_val > 0, t->columns);
        if (f->bytes_limit > 0 && t->cost.bytes > f->bytes_limit)
            status =
                ms_fail(err, MS_EINVAL, "infeasible: needs %.1f GB of memory, a worker has %.1f GB",
                        t->cost.bytes / 1e9, f->bytes_limit / 1e9);
    }
    free(config);
    return status;
}

// Whether the store has the results of all executions of the trial.
static bool is_done(const struct ms_feed *f, const struct ms_open_trial *t)
{
    for (int e = 0; e < t->n; e++) {
        const struct ms_known *k = known_of(f, t->trial, (uint32_t)e);
        if (!k || k->state != MS_DONE)
            return false;
    }
    return true;
}

// Records every execution of a trial that cannot be trained as failed, but for those that were.
static int refuse_trial(struct ms_feed *f, struct ms_open_trial *t, const char *why,
                        struct ms_error *err)
{
    struct ms_result r = {.end = MS_END_ERROR};
    snprintf(r.message, sizeof r.message, "%.*s", (int)sizeof r.message - 1, why);
    for (int e = 0; e < t->n; e++) {
        const struct ms_known *k = known_of(f, t->trial, (uint32_t)e);
        if (k && k->state == MS_FAILED) {
            f->skipped_failed++;
            continue;
        }
        if (k && k->state == MS_DONE) {
            f->skipped++;
            continue;
        }
        struct ms_attempt job = {.trial = t->trial, .execution = (uint32_t)e};
        int status = ms_store_attempt(f->store, &job, &r, 0, "", true, t->epochs, NULL, err);
        if (status)
            return status;
        f->refused++;
    }
    t->left = 1;
    close_execution(f, t->trial, 0);
    return 0;
}

static struct ms_open_trial *new_trial(const struct ms_feed *f, const struct ms_study_step *step)
{
    struct ms_open_trial *t = calloc(1, sizeof *t + (size_t)step->n_executions * sizeof *t->part);
    if (!t)
        return NULL;
    t->point = calloc((size_t)ms_sweep_space(f->sweep)->n + 1, sizeof *t->point);
    if (!t->point) {
        free(t);
        return NULL;
    }
    t->trial = step->trial;
    t->n = t->left = step->n_executions;
    for (int i = 0; i < t->n; i++) {
        const struct ms_known *k = known_of(f, t->trial, (uint32_t)i);
        t->part[i].attempts = k ? k->attempts : 0;
    }
    return t;
}

// Has the sampler propose the trial, or takes its point from the store. 1, or 0: there are no more.
static int propose(struct ms_feed *f, struct ms_open_trial *t, struct ms_error *err)
{
    double *stored = NULL;
    int status = 0;
    if (f->adopt && f->n_known > 0 && t->trial <= f->known[f->n_known - 1].trial) {
        stored = calloc((size_t)ms_sweep_space(f->sweep)->n + 1, sizeof *stored);
        if (!stored)
            return ms_fail(err, MS_ENOMEM, "no memory for a trial");
        status = ms_store_point(f->store, t->trial, stored, err);
    }
    if (status >= 0)
        status = ms_study_open(f->study, status > 0 ? stored : NULL, t->point, err);
    free(stored);
    return status;
}

static int open_trial(struct ms_feed *f, const struct ms_study_step *step, struct ms_error *err)
{
    int status = make_room(f, err);
    struct ms_open_trial *t = status ? NULL : new_trial(f, step);
    if (!t)
        return status ? status : ms_fail(err, MS_ENOMEM, "no memory for a trial");
    status = propose(f, t, err);
    if (status != 1) {
        free_trial(t);
        return status;
    }
    f->open[f->n_trials++] = t;
    f->wrote = true;
    struct ms_error why = {0};
    // A store that is continued where there is less memory keeps what it has.
    const bool impossible = describe(f, t, &why) && !is_done(f, t);
    status = ms_store_trial(f->store, t->trial, t->point, &t->cost, t->n, err);
    if (!status)
        status = ms_study_describe(f->study, t->trial, impossible ? 0 : t->epochs, err);
    return !status && impossible ? refuse_trial(f, t, why.text, err) : status;
}

// --- steps -------------------------------------------------------------------

static int offer_part(struct ms_feed *f, struct ms_dispatch *d, const struct ms_study_step *step,
                      bool *offered, struct ms_error *err)
{
    struct ms_open_trial *t = ms_feed_trial(f, step->trial);
    const struct ms_known *k = known_of(f, step->trial, step->execution);
    struct ms_study_result known;
    *offered = false;
    if (known_result(f, k, step, &known))
        return answer_known(f, k, &known, err);
    struct ms_open_part *p = &t->part[step->execution];
    if (k && k->state == MS_DONE) {
        int status = ms_store_reopen(f->store, step->trial, step->execution, err);
        if (status)
            return status;
        f->wrote = true;
    }
    *p = (struct ms_open_part){.from_epoch = (uint32_t)step->from_epoch,
                               .to_epoch = (uint32_t)step->to_epoch,
                               .attempts = p->attempts,
                               .limits = step->limits,
                               .n_limits = (uint32_t)step->n_limits};
    double epochs = (step->to_epoch ? step->to_epoch : t->epochs) - step->from_epoch;
    struct ms_dispatch_execution work = {.tag = ms_tag(step->trial, step->execution, step->part),
                                         .seconds = t->seconds * epochs / t->epochs,
                                         .attempts = p->attempts};
    if (ms_dispatch_offer(d, &work))
        return ms_fail(err, MS_ENOMEM, "no memory for another execution");
    f->seconds_offered += work.seconds;
    f->epochs_offered += epochs;
    *offered = true;
    return 0;
}

static int prune(struct ms_feed *f, const struct ms_study_step *step, struct ms_error *err)
{
    const struct ms_open_trial *t = ms_feed_trial(f, step->trial);
    const struct ms_known *k = known_of(f, step->trial, step->execution);
    int status = ms_store_prune(f->store, step->trial, step->execution, step->from_epoch,
                                t ? t->epochs : step->from_epoch, err);
    f->wrote = true;
    *(k && k->state == MS_DONE ? &f->skipped : &f->pruned) += 1;
    close_execution(f, step->trial, step->execution);
    return status;
}

int ms_feed_offer(struct ms_feed *f, struct ms_dispatch *d, int wanted, struct ms_error *err)
{
    f->waits = false;
    for (int offered = 0, steps = 0; offered < wanted && steps < STEPS && !f->ended && !f->waits;
         steps++) {
        struct ms_study_step step;
        bool more = false;
        int status = ms_study_next(f->study, &step, err);
        if (status)
            return status;
        switch (step.kind) {
        case MS_STUDY_TRIAL:
            status = open_trial(f, &step, err);
            break;
        case MS_STUDY_TRAIN:
            status = offer_part(f, d, &step, &more, err);
            break;
        case MS_STUDY_PRUNE:
            status = prune(f, &step, err);
            break;
        case MS_STUDY_WAITS:
            f->waits = true;
            break;
        case MS_STUDY_ENDED:
            f->ended = true;
            break;
        }
        if (status)
            return status;
        offered += more;
    }
    return 0;
}

int ms_feed_result(struct ms_feed *f, uint64_t tag, const struct ms_result *r, uint32_t attempts,
                   double value, struct ms_error *err)
{
    struct ms_study_result result = {.trial = ms_tag_trial(tag),
                                     .execution = ms_tag_execution(tag),
                                     .end = (enum ms_end)r->end,
                                     .epochs = (int)r->epochs,
                                     .value = value};
    struct ms_open_trial *t = ms_feed_trial(f, result.trial);
    if (t)
        t->part[result.execution].attempts = attempts;
    int status = tell_study(f, &result, err);
    if (r->end != MS_END_PAUSED)
        close_execution(f, result.trial, result.execution);
    return status;
}

int ms_feed_job(const struct ms_feed *f, struct ms_attempt *job, struct ms_error *err)
{
    const struct ms_open_trial *t = ms_feed_trial(f, job->trial);
    if (!t)
        return 0;
    const struct ms_open_part *p = &t->part[job->execution];
    job->point = t->point;
    job->n_point = (uint32_t)ms_sweep_space(f->sweep)->n;
    job->from_epoch = p->from_epoch;
    job->to_epoch = p->to_epoch;
    job->limits = (double *)(uintptr_t)p->limits; // borrowed: encoding only reads it
    job->n_limits = p->n_limits;
    if (p->from_epoch == 0)
        return 0;
    return ms_store_checkpoint_at(f->store, job->trial, job->execution, p->from_epoch, &job->state,
                                  &job->n_state, err);
}
