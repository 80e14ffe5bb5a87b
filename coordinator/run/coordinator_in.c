// SPDX-License-Identifier: MIT
//
// Messages come in and have consequences: each becomes an event for dispatch; what dispatch decides
// about attempts that ended goes into the store, what it wants sent into the outbox. A message that
// cannot be read, or that is about an attempt that no longer counts, changes nothing.
#include "coordinator_internal.h"

#include <math.h>
#include <string.h>

#include "mlpsweep/memory.h"

struct ms_attempt ms_coordinator_attempt(const struct ms_action *a)
{
    return (struct ms_attempt){.id = a->id,
                               .trial = ms_tag_trial(a->tag),
                               .execution = ms_tag_execution(a->tag),
                               .attempt = a->attempt};
}

static int on_ready(struct coordinator *c, int rank, const struct ms_ready *r, struct ms_error *err)
{
    struct worker *w = &c->worker[rank];
    memcpy(w->host, r->host, sizeof w->host);
    w->ready = true;
    w->lost = false;
    memcpy(c->blas, r->provenance, sizeof c->blas);
    ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_READY, .rank = rank});
    struct ms_provenance p = c->run->provenance;
    p.blas = r->provenance;
    p.workers = c->run->comm->size - 1;
    c->dirty = true;
    return ms_store_provenance(c->run->store, &p, err);
}

// The column of the epochs that holds the objective; -1: none.
static int objective_column(const struct coordinator *c, const struct ms_open_trial *t,
                            const struct ms_epochs *e)
{
    const struct ms_objective *o = ms_sweep_objective(c->run->sweep);
    const char *name = e->names;
    for (int i = 0; i < (int)e->n_columns; i++) {
        if (name ? strcmp(name, o->name) == 0 : t->columns[i] == o->metric)
            return i;
        name = name ? name + strlen(name) + 1 : NULL;
    }
    return -1;
}

static void warn_of_difference(struct coordinator *c, const struct ms_attempt *a, int epoch)
{
    const bool command = ms_sweep_kind(c->run->sweep) == MS_KIND_COMMAND;
    c->end->reproducible = false;
    ms_progress_note(&c->progress,
                     "warning: trial %u, execution %u, epoch %d gave different numbers when it was "
                     "repeated; %s",
                     a->trial, a->execution, epoch,
                     command ? "does the command use its seed?"
                             : "did the first run have another processor or BLAS?");
}

static int on_epochs(struct coordinator *c, int rank, const struct ms_epochs *e,
                     struct ms_error *err)
{
    uint64_t tag;
    int holder;
    if (!ms_dispatch_find(c->dispatch, e->id, &tag, &holder) || c->phase == PHASE_FINISH)
        return 0;
    const struct ms_open_trial *t = ms_feed_trial(c->feed, ms_tag_trial(tag));
    if (!t || (!e->names && (int)e->n_columns != t->n_columns))
        return 0;
    const struct ms_attempt attempt = {
        .id = e->id, .trial = ms_tag_trial(tag), .execution = ms_tag_execution(tag)};
    int differs = 0;
    int status = ms_store_epochs(c->run->store, &attempt, e, t->columns, &differs, err);
    if (status)
        return status;
    c->dirty = true;
    if (differs)
        warn_of_difference(c, &attempt, differs);
    struct worker *w = &c->worker[rank];
    w->epoch = e->first_epoch + e->n_epochs - 1;
    int objective = objective_column(c, t, e);
    if (objective >= 0)
        w->value = e->values[(size_t)(e->n_epochs - 1) * e->n_columns + (size_t)objective];
    return 0;
}

// Keeps the state of a part that is about to end, until the execution has ended.
static int on_state(struct coordinator *c, const struct ms_state *state, struct ms_error *err)
{
    uint64_t tag;
    int holder;
    if (!ms_dispatch_find(c->dispatch, state->id, &tag, &holder) || c->phase == PHASE_FINISH ||
        !ms_feed_trial(c->feed, ms_tag_trial(tag)))
        return 0;
    c->dirty = true;
    return ms_store_checkpoint(c->run->store, ms_tag_trial(tag), ms_tag_execution(tag), state, err);
}

static int on_weights(struct coordinator *c, const struct ms_trained *t, struct ms_error *err)
{
    uint64_t tag;
    int holder;
    if (!ms_dispatch_find(c->dispatch, t->id, &tag, &holder))
        return 0;
    c->dirty = true;
    return c->phase == PHASE_FINISH
               ? ms_finish_trained(&c->finish, c->run, ms_tag_trial(tag), ms_tag_execution(tag), t,
                                   err)
               : ms_keep_take(&c->keep, c->run, ms_tag_trial(tag), ms_tag_execution(tag), t, err);
}

// Reports a failed attempt.
static void note_failure(struct coordinator *c, const struct ms_action *a,
                         const struct ms_result *r)
{
    ms_progress_note(&c->progress, "trial %u, execution %u, attempt %u on worker %d: %s%s%s%s",
                     ms_tag_trial(a->tag), ms_tag_execution(a->tag), a->attempt + 1, a->rank,
                     ms_outcome_of(a->end)->word, r->message[0] ? ": " : "", r->message,
                     a->kind == MS_ACT_RETRY ? "; it will be tried again" : "");
}

static bool is_failure(const struct ms_action *a, const struct ms_result *r)
{
    return a->kind == MS_ACT_GIVE_UP || ms_outcome_uses_up(r->end) ||
           ms_outcome_of(r->end)->retried;
}

// An attempt that counts has ended: the store keeps it, and the study learns of it when it was the
// last one. A trial may be the best once all of its executions have ended, so that what is shown
// depends on nobody's speed.
static int on_end(struct coordinator *c, const struct ms_action *a, const struct ms_result *r,
                  struct ms_error *err)
{
    const struct ms_attempt attempt = ms_coordinator_attempt(a);
    if (is_failure(a, r))
        note_failure(c, a, r);
    if (c->phase == PHASE_FINISH)
        return a->kind == MS_ACT_DONE
                   ? ms_finish_result(&c->finish, c->run, attempt.trial, attempt.execution, r, err)
                   : 0;

    if (c->worker[a->rank].running_tag == a->tag)
        c->worker[a->rank].running = false; // the same given to it again is recorded anew
    const struct ms_open_trial *t = ms_feed_trial(c->feed, attempt.trial);
    const bool retried = a->kind == MS_ACT_RETRY, final = !retried && r->end != MS_END_PAUSED;
    double score;
    int status = ms_store_attempt(c->run->store, &attempt, r, a->rank, c->worker[a->rank].host,
                                  final, t ? t->epochs : 0, &score, err);
    c->dirty = true;
    if (status || retried)
        return status;
    if (final) {
        c->finished_now++;
        *(is_failure(a, r) ? &c->failed : isnan(score) ? &c->without : &c->done) += 1;
    }
    status = ms_feed_result(c->feed, a->tag, r, a->attempt, score, err);
    if (!status && final && !ms_feed_trial(c->feed, attempt.trial))
        status = ms_keep_end(&c->keep, c->run, attempt.trial, err);
    if (c->keep.n > 0)
        c->best = c->keep.best[0];
    return status;
}

// The end of an attempt whose worker did not report it.
static struct ms_result unreported(const struct coordinator *c, const struct ms_action *a)
{
    struct ms_result r = {.id = a->id, .end = (uint8_t)a->end};
    snprintf(r.message, sizeof r.message, "worker %d (%s) %s", a->rank, c->worker[a->rank].host,
             a->end == MS_END_INTERRUPTED ? "left" : "fell silent");
    return r;
}

static int take_action(struct coordinator *c, const struct ms_action *a, const struct ms_result *r,
                       struct ms_error *err)
{
    int status = 0;
    switch (a->kind) {
    case MS_ACT_ASSIGN:
    case MS_ACT_RECALL:
    case MS_ACT_CANCEL:
        status = ms_grow(&c->outbox, &c->room_outbox, c->n_outbox + 1, sizeof *c->outbox,
                         "messages", err);
        if (!status)
            c->outbox[c->n_outbox++] = *a;
        return status;
    case MS_ACT_DONE:
    case MS_ACT_RETRY:
    case MS_ACT_GIVE_UP:
        if (r && r->id == a->id)
            return on_end(c, a, r, err);
        const struct ms_result lost = unreported(c, a);
        return on_end(c, a, &lost, err);
    case MS_ACT_IGNORE:
        return 0;
    }
    return 0;
}

int ms_coordinator_act(struct coordinator *c, const struct ms_result *r, struct ms_error *err)
{
    struct ms_action a;
    int status = 0;
    while (!status && ms_dispatch_next(c->dispatch, &a))
        status = take_action(c, &a, r, err);
    return status;
}

// True when the message must be read. A worker that sends one is alive, even if it was given up.
static bool listen_to(struct coordinator *c, int rank)
{
    struct worker *from = &c->worker[rank];
    if (from->lost &&
        from->stage != c->stage) // it knows an earlier stage, and holds attempts of it
        return false;
    from->heard_s = ms_now_s();
    if (from->lost) { // only slow: welcome back
        from->lost = false;
        ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_READY, .rank = rank});
        ms_progress_note(&c->progress, "worker %d (%s) speaks again", rank, from->host);
    }
    return true;
}

static int on_result(struct coordinator *c, int rank, const struct ms_result *r,
                     struct ms_error *err)
{
    c->worker[rank].epoch = 0;
    c->news = true;
    ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_RESULT,
                                                      .rank = rank,
                                                      .id = r->id,
                                                      .end = (enum ms_end)r->end,
                                                      .seconds = r->wall_s});
    return ms_coordinator_act(c, r, err);
}

static void on_returned(struct coordinator *c, int rank, const uint64_t *ids, uint32_t n)
{
    struct ms_event e = {.kind = MS_EV_RETURNED, .rank = rank};
    for (uint32_t i = 0; i < n; i++) {
        e.id = ids[i];
        ms_dispatch_event(c->dispatch, &e);
    }
    e.id = 0; // that was its whole answer
    ms_dispatch_event(c->dispatch, &e);
}

// It leaves, and says so: what it held goes to others at once.
static int on_leaving(struct coordinator *c, int rank, struct ms_error *err)
{
    c->worker[rank].lost = true;
    ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_LEFT, .rank = rank});
    return ms_coordinator_act(c, NULL, err);
}

int ms_coordinator_message(struct coordinator *c, const struct ms_message *m, struct ms_error *err)
{
    struct ms_wire w;
    struct ms_error bad;
    const int rank = m->source;
    if (rank < 1 || rank >= c->run->comm->size || !listen_to(c, rank))
        return 0;
    if (ms_wire_get(m->data, m->size, &w, &bad)) {
        ms_progress_note(&c->progress, "worker %d sent a message that cannot be read: %s", rank,
                         bad.text);
        return 0;
    }
    int status = 0;
    switch (w.type) {
    case MS_WIRE_READY:
        status = on_ready(c, rank, &w.ready, err);
        break;
    case MS_WIRE_METRICS:
        status = on_epochs(c, rank, &w.epochs, err);
        break;
    case MS_WIRE_STATE:
        status = on_state(c, &w.state, err);
        break;
    case MS_WIRE_WEIGHTS:
        status = on_weights(c, &w.trained, err);
        break;
    case MS_WIRE_RESULT:
        status = on_result(c, rank, &w.result, err);
        break;
    case MS_WIRE_RETURNED:
        on_returned(c, rank, w.ids, w.n);
        break;
    case MS_WIRE_FINISH:
        status = on_leaving(c, rank, err);
        break;
    default: // PONG: that it was heard is all
        break;
    }
    ms_wire_clear(&w);
    return status;
}
