// SPDX-License-Identifier: MIT
//
// The study decides what is next; the feed answers at once what a continued store knows, and offers
// the rest. A trial is open from its proposal until the last of its executions has ended; then its
// record is freed, so that memory follows what is open and not what was ever proposed.
//
// A result that is in the store is never computed again: the study is run from its beginning, gets
// the stored results in the order of its own steps, and so comes to the same decisions.
#include "feed_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/sweep_cost.h"

#include "mlpsweep/memory.h"

// Steps of the study in one call: a tenth of a second of what the store knows already.
enum { STEPS = 4096 };

// --- life cycle --------------------------------------------------------------

int ms_feed_new(const struct ms_feed_options *o, struct ms_feed **out, struct ms_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return ms_no_memory(err, "the feed");
    (*out)->o = *o;
    return 0;
}

static void free_trial(struct ms_open_trial *t)
{
    if (t)
        free(t->point);
    free(t);
}

void ms_feed_free(struct ms_feed *f)
{
    if (!f)
        return;
    for (uint32_t i = 0; i < f->n_trials; i++)
        free_trial(f->open[i]);
    free(f->open);
    free(f);
}

// --- open trials -------------------------------------------------------------

static struct ms_open_trial *open_of(const struct ms_feed *f, uint32_t trial)
{
    return trial < f->n_trials ? f->open[trial] : NULL;
}

struct ms_open_part *ms_feed_part_of(struct ms_open_trial *t, uint32_t execution)
{
    return execution >= t->first && execution - t->first < (uint32_t)t->n
               ? &t->part[execution - t->first]
               : NULL;
}

const struct ms_open_part *ms_feed_part(const struct ms_open_trial *t, uint32_t execution)
{
    return ms_feed_part_of((struct ms_open_trial *)(uintptr_t)t, execution);
}

const struct ms_open_trial *ms_feed_trial(const struct ms_feed *f, uint32_t trial)
{
    return open_of(f, trial);
}

// Ends an execution of the trial for good; forgets the trial after its last.
static void close_execution(struct ms_feed *f, uint32_t trial, uint32_t execution)
{
    struct ms_open_trial *t = open_of(f, trial);
    struct ms_open_part *p = t ? ms_feed_part_of(t, execution) : NULL;
    if (!p || p->ended)
        return;
    p->ended = true;
    if (--t->left > 0)
        return;
    free_trial(t);
    f->open[trial] = NULL;
}

// --- what the store knows ----------------------------------------------------

const struct ms_known *ms_feed_known(const struct ms_feed *f, uint32_t trial, uint32_t execution)
{
    const uint64_t wanted = ms_tag(trial, execution, 0);
    int64_t lo = 0, hi = f->o.n_known;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        const struct ms_known *k = &f->o.known[mid];
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

// True when the store has the result of this part already: how it ended, after how many epochs. An
// execution that failed for good may have paused well at lower rungs: what those decided is decided
// again.
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
        if (k->end == MS_END_PRUNED && !ms_study_pauses(f->o.study))
            return true; // by its limits, which are the same again
        if (k->end != MS_END_PRUNED && (to == 0 || k->trained <= to))
            return true;
    }
    r->end = MS_END_PAUSED;
    r->epochs = to;
    return to > 0 && to <= k->reached;
}

// Reports a result to the study. Its curve and value are read from the store where the study wants
// them.
static int report(struct ms_feed *f, struct ms_study_result *r, struct ms_error *err)
{
    double *curve = NULL;
    int status = 0;
    if (r->epochs > 0 && ms_study_wants_curve(f->o.study)) {
        status = ms_store_curve(f->o.store, r->trial, r->execution, r->epochs, &r->value, &curve,
                                &r->n_curve, err);
        r->curve = curve;
    }
    if (!status)
        status = ms_study_result(f->o.study, r, err);
    free(curve);
    return status;
}

void ms_feed_count_known(struct ms_feed *f, const struct ms_known *k)
{
    struct ms_feed_counts *c = &f->counts;
    *(k->state == MS_FAILED ? &c->skipped_failed
      : k->has_value        ? &c->skipped
                            : &c->skipped_without) += 1;
}

static int answer_known(struct ms_feed *f, const struct ms_known *k, struct ms_study_result *r,
                        struct ms_error *err)
{
    r->trial = k->trial;
    r->execution = k->execution;
    if (k->state == MS_DONE && !ms_study_wants_curve(f->o.study) && ms_study_looks(f->o.study)) {
        int status = ms_store_objective(f->o.store, k->trial, k->execution, &r->value, err);
        if (status)
            return status;
    }
    f->counts.epochs_known += r->epochs;
    int status = report(f, r, err);
    if (status || r->end == MS_END_PAUSED)
        return status;
    ms_feed_count_known(f, k);
    close_execution(f, k->trial, k->execution);
    return 0;
}

// --- new trials --------------------------------------------------------------

int ms_feed_describe(struct ms_feed *f, struct ms_open_trial *t, struct ms_error *err)
{
    struct ms_config *config = malloc(sizeof *config);
    if (!config)
        return ms_no_memory(err, "a configuration");
    int status = ms_sweep_config(f->o.sweep, t->point, config, err);
    if (!status)
        status = ms_sweep_complete(f->o.sweep, f->o.data, config, err);
    if (!status) {
        t->cost = ms_sweep_cost(f->o.sweep, f->o.data, config);
        t->seconds = ms_sweep_seconds(f->o.sweep, config, &t->cost);
        t->epochs = config->epochs;
        if (config->dataset >= 0) // others name their metrics themselves
            t->n_columns =
                ms_config_metric_columns(config, f->o.data[config->dataset].n_val > 0, t->columns);
        if (f->o.bytes_limit > 0 && t->cost.bytes > f->o.bytes_limit)
            status = ms_fail(err, MS_EINVAL,
                             "infeasible: needs %.1f GB of memory, a worker has %.1f GB%s%s%s",
                             t->cost.bytes / 1e9, f->o.bytes_limit / 1e9, f->o.bytes_of ? " (" : "",
                             f->o.bytes_of ? f->o.bytes_of : "", f->o.bytes_of ? ")" : "");
    }
    free(config);
    return status;
}

// True when the store has the results of all executions of the trial.
static bool is_done(const struct ms_feed *f, const struct ms_open_trial *t)
{
    for (int e = 0; e < t->n; e++) {
        const struct ms_known *k = ms_feed_known(f, t->trial, (uint32_t)e);
        if (!k || k->state != MS_DONE)
            return false;
    }
    return true;
}

int ms_feed_refuse(struct ms_feed *f, struct ms_open_trial *t, const char *why,
                   struct ms_error *err)
{
    struct ms_result r = {.end = MS_END_ERROR};
    bool refused = false;
    snprintf(r.message, sizeof r.message, "%.*s", (int)sizeof r.message - 1, why);
    for (int i = 0; i < t->n; i++) {
        const uint32_t e = t->first + (uint32_t)i;
        const struct ms_known *k = ms_feed_known(f, t->trial, e);
        if (t->part[i].ended)
            continue;
        if (!t->more && k && (k->state == MS_FAILED || k->state == MS_DONE)) {
            ms_feed_count_known(f, k);
            continue;
        }
        const struct ms_attempt attempt = {.trial = t->trial, .execution = e};
        int status = ms_store_attempt(f->o.store, &attempt, &r, 0, "", true, t->epochs, NULL, err);
        if (status)
            return status;
        f->counts.refused++;
        refused = true;
    }
    if (refused && f->o.refused)
        f->o.refused(f->o.owner, t->trial, r.message);
    f->open[t->trial] = NULL;
    free_trial(t);
    return 0;
}

static struct ms_open_trial *new_trial(const struct ms_feed *f, const struct ms_study_step *step)
{
    struct ms_open_trial *t = calloc(1, sizeof *t + (size_t)step->n_executions * sizeof *t->part);
    if (!t)
        return NULL;
    t->point = calloc((size_t)ms_sweep_space(f->o.sweep)->n + 1, sizeof *t->point);
    if (!t->point) {
        free(t);
        return NULL;
    }
    t->trial = step->trial;
    t->n = t->left = step->n_executions;
    for (int i = 0; i < t->n; i++) {
        const struct ms_known *k = ms_feed_known(f, t->trial, (uint32_t)i);
        t->part[i].attempts = k ? k->attempts : 0;
    }
    return t;
}

// Has the sampler propose the trial, or takes its point from the store. Returns 1, or 0 when there
// are no more.
static int propose(struct ms_feed *f, struct ms_open_trial *t, struct ms_error *err)
{
    double *stored = NULL;
    int status = 0;
    if (f->o.adopt && f->o.n_known > 0 && t->trial <= f->o.known[f->o.n_known - 1].trial) {
        stored = calloc((size_t)ms_sweep_space(f->o.sweep)->n + 1, sizeof *stored);
        if (!stored)
            return ms_no_memory(err, "a trial");
        status = ms_store_point(f->o.store, t->trial, stored, err);
    }
    if (status >= 0)
        status = ms_study_open(f->o.study, status > 0 ? stored : NULL, t->point, err);
    free(stored);
    return status;
}

static int open_trial(struct ms_feed *f, const struct ms_study_step *step,
                      struct ms_feed_offered *out, struct ms_error *err)
{
    int status =
        ms_grow(&f->open, &f->room, (size_t)f->n_trials + 1, sizeof *f->open, "the trials", err);
    struct ms_open_trial *t = status ? NULL : new_trial(f, step);
    if (!t)
        return status ? status : ms_no_memory(err, "a trial");
    status = propose(f, t, err);
    if (status != 1) {
        free_trial(t);
        return status;
    }
    f->open[f->n_trials++] = t;
    out->wrote = true;
    struct ms_error why = {0};
    // A store that is continued on a machine with less memory keeps what it has.
    status = ms_feed_describe(f, t, &why);
    if (status && status != MS_EINVAL) { // it is not the trial's fault
        if (err)
            *err = why;
        return status;
    }
    const bool impossible = status && !is_done(f, t);
    status = ms_store_trial(f->o.store, t->trial, t->point, &t->cost, t->n, err);
    if (!status)
        status = ms_study_describe(f->o.study, t->trial, impossible ? 0 : t->epochs, err);
    return !status && impossible ? ms_feed_refuse(f, t, why.text, err) : status;
}

// --- steps -------------------------------------------------------------------

static int offer_part(struct ms_feed *f, struct ms_dispatch *d, const struct ms_study_step *step,
                      struct ms_feed_offered *out, struct ms_error *err)
{
    struct ms_open_trial *t = open_of(f, step->trial);
    const struct ms_known *k = ms_feed_known(f, step->trial, step->execution);
    struct ms_study_result known;
    if (known_result(f, k, step, &known))
        return answer_known(f, k, &known, err);
    struct ms_open_part *p = ms_feed_part_of(t, step->execution);
    if (k && k->state == MS_DONE) {
        int status = ms_store_reopen(f->o.store, step->trial, step->execution, err);
        if (status)
            return status;
        out->wrote = true;
    }
    *p = (struct ms_open_part){.from_epoch = (uint32_t)step->from_epoch,
                               .to_epoch = (uint32_t)step->to_epoch,
                               .attempts = p->attempts,
                               .limits = step->limits,
                               .n_limits = (uint32_t)step->n_limits};
    double epochs = (step->to_epoch ? step->to_epoch : t->epochs) - step->from_epoch;
    const struct ms_dispatch_execution x = {.tag = ms_tag(step->trial, step->execution, step->part),
                                            .seconds = t->seconds * epochs / t->epochs,
                                            .attempts = p->attempts};
    if (ms_dispatch_offer(d, &x))
        return ms_no_memory(err, "an execution");
    f->counts.seconds_offered += x.seconds;
    f->counts.epochs_offered += epochs;
    out->n++;
    return 0;
}

static int prune(struct ms_feed *f, const struct ms_study_step *step, struct ms_feed_offered *out,
                 struct ms_error *err)
{
    const struct ms_open_trial *t = ms_feed_trial(f, step->trial);
    const struct ms_known *k = ms_feed_known(f, step->trial, step->execution);
    bool has_value;
    int status = ms_store_prune(f->o.store, step->trial, step->execution, step->from_epoch,
                                t ? t->epochs : step->from_epoch, &has_value, err);
    out->wrote = true;
    if (k && k->state == MS_DONE)
        ms_feed_count_known(f, k);
    else
        *(has_value ? &f->counts.pruned : &f->counts.pruned_without) += 1;
    close_execution(f, step->trial, step->execution);
    return status;
}

static int take_step(struct ms_feed *f, struct ms_dispatch *d, struct ms_feed_offered *out,
                     struct ms_error *err)
{
    struct ms_study_step step;
    int status = ms_study_next(f->o.study, &step, err);
    if (status)
        return status;
    switch (step.kind) {
    case MS_STUDY_TRIAL:
        return open_trial(f, &step, out, err);
    case MS_STUDY_TRAIN:
        return offer_part(f, d, &step, out, err);
    case MS_STUDY_PRUNE:
        return prune(f, &step, out, err);
    case MS_STUDY_WAITS:
        out->waits = true;
        return 0;
    case MS_STUDY_ENDED:
        f->ended = true;
        return 0;
    }
    return 0;
}

int ms_feed_offer(struct ms_feed *f, struct ms_dispatch *d, int wanted, struct ms_feed_offered *out,
                  struct ms_error *err)
{
    int status = 0;
    *out = (struct ms_feed_offered){0};
    for (int i = 0; i < STEPS && out->n < wanted && !f->ended && !out->waits && !status; i++)
        status = take_step(f, d, out, err);
    return status;
}

int ms_feed_result(struct ms_feed *f, uint64_t tag, const struct ms_result *r, uint32_t attempts,
                   double value, struct ms_error *err)
{
    struct ms_study_result result = {.trial = ms_tag_trial(tag),
                                     .execution = ms_tag_execution(tag),
                                     .end = (enum ms_end)r->end,
                                     .epochs = (int)r->epochs,
                                     .value = value};
    struct ms_open_trial *t = open_of(f, result.trial);
    struct ms_open_part *p = t ? ms_feed_part_of(t, result.execution) : NULL;
    if (p)
        p->attempts = attempts;
    int status = t && t->more ? 0 : report(f, &result, err); // the study is over
    if (r->end != MS_END_PAUSED)
        close_execution(f, result.trial, result.execution);
    return status;
}

int ms_feed_attempt(const struct ms_feed *f, struct ms_attempt *attempt, struct ms_error *err)
{
    struct ms_open_trial *t = open_of(f, attempt->trial);
    const struct ms_open_part *p = t ? ms_feed_part(t, attempt->execution) : NULL;
    if (!p)
        return 0;
    attempt->point = t->point;
    attempt->n_point = (uint32_t)ms_sweep_space(f->o.sweep)->n;
    attempt->from_epoch = p->from_epoch;
    attempt->to_epoch = p->to_epoch;
    attempt->limits = (double *)(uintptr_t)p->limits; // borrowed: encoding only reads it
    attempt->n_limits = p->n_limits;
    if (p->from_epoch == 0)
        return 0;
    return ms_store_checkpoint_at(f->o.store, attempt->trial, attempt->execution, p->from_epoch,
                                  &attempt->state, &attempt->n_state, err);
}

// --- questions ---------------------------------------------------------------

bool ms_feed_ended(const struct ms_feed *f)
{
    return f->ended;
}

const struct ms_feed_counts *ms_feed_counts(const struct ms_feed *f)
{
    return &f->counts;
}
