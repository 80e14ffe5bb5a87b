// SPDX-License-Identifier: MIT
//
// What comes in, and what it leads to: a message becomes an event for dispatch; what dispatch
// decides about attempts that ended is put into the store, what it wants to be sent into the
// outbox.
#include "coordinator_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

// The column of the epochs that is the objective; -1: none.
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

static int on_epochs(struct coordinator *c, int rank, const struct ms_epochs *e,
                     struct ms_error *err)
{
    uint64_t tag;
    int holder;
    if (!ms_dispatch_find(c->dispatch, e->id, &tag, &holder) || c->testing)
        return 0;
    struct ms_open_trial *t = ms_feed_trial(&c->feed, ms_tag_trial(tag));
    if (!t || (!e->names && (int)e->n_columns != t->n_columns))
        return 0;
    struct ms_attempt job = {
        .id = e->id, .trial = ms_tag_trial(tag), .execution = ms_tag_execution(tag)};
    int differs = 0;
    int status = ms_store_epochs(c->run->store, &job, e, t->columns, &differs, err);
    if (status)
        return status;
    c->dirty = true;
    if (differs) {
        c->end->reproducible = false;
        bool command = ms_sweep_kind(c->run->sweep) == MS_KIND_COMMAND;
        ms_progress_note(
            &c->progress,
            "warning: trial %u, execution %u, epoch %d repeated with other numbers than "
            "before; %s?",
            job.trial, job.execution, differs,
            command ? "does the command use its seed"
                    : "is this another processor or BLAS than that of the first run");
    }
    struct worker *w = &c->worker[rank];
    w->epoch = e->first_epoch + e->n_epochs - 1;
    int objective = objective_column(c, t, e);
    if (objective >= 0)
        w->value = e->values[(size_t)(e->n_epochs - 1) * e->n_columns + (size_t)objective];
    return 0;
}

// The state of a part that is about to end: kept until the execution has ended.
static int on_state(struct coordinator *c, const struct ms_state *state, struct ms_error *err)
{
    uint64_t tag;
    int holder;
    if (!ms_dispatch_find(c->dispatch, state->id, &tag, &holder) || c->testing ||
        !ms_feed_trial(&c->feed, ms_tag_trial(tag)))
        return 0;
    c->dirty = true;
    return ms_store_checkpoint(c->run->store, ms_tag_trial(tag), ms_tag_execution(tag), state, err);
}

// Tells what a failed attempt was, once per attempt.
static void note_failure(struct coordinator *c, const struct ms_action *a,
                         const struct ms_result *r)
{
    ms_progress_note(&c->progress, "trial %u, execution %u, attempt %u on worker %d: %s%s%s%s",
                     ms_tag_trial(a->tag), ms_tag_execution(a->tag), a->attempt + 1, a->rank,
                     ms_wire_end_name((int)a->end), r->message[0] ? ": " : "", r->message,
                     a->kind == MS_ACT_RETRY ? "; it is tried again" : "");
}

static void note_best(struct coordinator *c, const struct ms_attempt *job, double score)
{
    bool better = ms_sweep_objective(c->run->sweep)->maximize ? score > c->best : score < c->best;
    if (!isfinite(score) || (c->has_best && !better))
        return;
    c->has_best = true;
    c->best = score;
    c->best_trial = job->trial;
    c->best_execution = job->execution;
}

static bool is_failure(const struct ms_action *a, const struct ms_result *r)
{
    return a->kind == MS_ACT_GIVE_UP || (r->end >= MS_END_ERROR && r->end <= MS_END_INTERRUPTED);
}

// The end of an attempt that counts: into the store, to the study, and on to the next.
static int on_end(struct coordinator *c, const struct ms_action *a, const struct ms_result *r,
                  struct ms_error *err)
{
    struct ms_attempt job = {.id = a->id,
                             .trial = ms_tag_trial(a->tag),
                             .execution = ms_tag_execution(a->tag),
                             .attempt = a->attempt};
    if (is_failure(a, r))
        note_failure(c, a, r);
    if (c->testing)
        return a->kind == MS_ACT_DONE ? ms_winner_store(c->run, &c->winner, job.execution, r, err)
                                      : 0;

    if (c->worker[a->rank].running_tag == a->tag)
        c->worker[a->rank].running = false; // should it be given the same again, that is told anew
    const struct ms_open_trial *t = ms_feed_trial(&c->feed, job.trial);
    const bool retried = a->kind == MS_ACT_RETRY, final = !retried && r->end != MS_END_PAUSED;
    double score;
    int status = ms_store_attempt(c->run->store, &job, r, a->rank, c->worker[a->rank].host, final,
                                  t ? t->epochs : 0, &score, err);
    c->dirty = true;
    if (status || retried)
        return status;
    if (final) {
        c->finished_now++;
        *(is_failure(a, r) ? &c->failed : &c->done) += 1;
        if (r->end != MS_END_PRUNED)
            note_best(c, &job, score);
    }
    return ms_feed_result(&c->feed, a->tag, r, a->attempt, score, err);
}

int ms_coordinator_act(struct coordinator *c, const struct ms_result *r, struct ms_error *err)
{
    struct ms_action a;
    while (ms_dispatch_next(c->dispatch, &a)) {
        int status = 0;
        struct ms_result lost = {.id = a.id, .end = (uint8_t)a.end};
        switch (a.kind) {
        case MS_ACT_ASSIGN:
        case MS_ACT_RECALL:
        case MS_ACT_CANCEL:
            if (c->n_outbox == c->room_outbox) {
                size_t room = c->room_outbox ? 2 * c->room_outbox : 256;
                struct ms_action *p = realloc(c->outbox, room * sizeof *p);
                if (!p)
                    return ms_fail(err, MS_ENOMEM, "no memory for messages");
                c->outbox = p;
                c->room_outbox = room;
            }
            c->outbox[c->n_outbox++] = a;
            break;
        case MS_ACT_DONE:
        case MS_ACT_RETRY:
        case MS_ACT_GIVE_UP:
            if (!r || r->id != a.id) {
                snprintf(lost.message, sizeof lost.message, "worker %d (%s) %s", a.rank,
                         c->worker[a.rank].host,
                         a.end == MS_END_INTERRUPTED ? "left" : "fell silent");
                status = on_end(c, &a, &lost, err);
            } else {
                status = on_end(c, &a, r, err);
            }
            break;
        case MS_ACT_IGNORE:
            break;
        }
        if (status)
            return status;
    }
    return 0;
}

int ms_coordinator_message(struct coordinator *c, const struct ms_message *m, struct ms_error *err)
{
    struct ms_wire w;
    struct ms_error bad;
    if (m->source < 1 || m->source >= c->run->comm->size)
        return 0;
    struct worker *from = &c->worker[m->source];
    if (from->lost && from->stage != c->stage) // it knows an earlier stage, and has work of that
        return 0;
    from->heard_s = ms_now_s();
    if (from->lost) { // only slow: welcome back
        from->lost = false;
        ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_READY, .rank = m->source});
        ms_progress_note(&c->progress, "worker %d (%s) speaks again", m->source, from->host);
    }
    if (ms_wire_get(m->data, m->size, &w, &bad)) {
        ms_progress_note(&c->progress, "worker %d sent what cannot be read: %s", m->source,
                         bad.text);
        return 0;
    }
    int status = 0;
    struct ms_event e = {.rank = m->source};
    switch (w.type) {
    case MS_WIRE_READY:
        status = on_ready(c, m->source, &w.ready, err);
        break;
    case MS_WIRE_METRICS:
        status = on_epochs(c, m->source, &w.epochs, err);
        break;
    case MS_WIRE_STATE:
        status = on_state(c, &w.state, err);
        break;
    case MS_WIRE_RESULT:
        e.kind = MS_EV_RESULT;
        e.id = w.result.id;
        e.end = (enum ms_end)w.result.end;
        e.seconds = w.result.wall_s;
        c->worker[m->source].epoch = 0;
        ms_dispatch_event(c->dispatch, &e);
        status = ms_coordinator_act(c, &w.result, err);
        break;
    case MS_WIRE_RETURNED:
        e.kind = MS_EV_RETURNED;
        for (uint32_t i = 0; i < w.n; i++) {
            e.id = w.ids[i];
            ms_dispatch_event(c->dispatch, &e);
        }
        e.id = 0; // that was its whole answer
        ms_dispatch_event(c->dispatch, &e);
        break;
    case MS_WIRE_FINISH: // it leaves, and says so: what it held goes to others at once
        from->lost = true;
        e.kind = MS_EV_LEFT;
        ms_dispatch_event(c->dispatch, &e);
        status = ms_coordinator_act(c, NULL, err);
        break;
    default: // PONG: heard_s says it all
        break;
    }
    ms_wire_clear(&w);
    return status;
}
