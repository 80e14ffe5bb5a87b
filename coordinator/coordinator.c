// SPDX-License-Identifier: MIT
//
// The loop: take every message that is there; let dispatch decide; write all of it in one
// transaction; commit; only then send what was decided; wait a little. Under load the messages that
// arrive during a commit form the next transaction, so that commits grow with the load by themselves.
//
// While a reader keeps a rollback journal from committing, the loop goes on: results stay in the open
// transaction, and work is handed out all the same, because a run that is killed then finds the same
// executions waiting and repeats them to the same bits.
#include "coordinator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed.h"
#include "rank.h"
#include "sampler.h"
#include "winner.h"

// Rank 0 polls this often without sleeping after traffic, then sleeps twice as long each time.
enum { SPIN = 200, PROBES = 4 };
#define SLEEP_MIN_S 10e-6
#define SLEEP_MAX_S 2e-3

struct worker {
    char host[256];
    bool ready, lost;
    double heard_s;       // when it last spoke
    uint64_t running_tag; // what the store was told it runs
    bool running;
    uint32_t epoch; // of what it runs, for the progress block
    double value;
};

struct coordinator {
    const struct ms_run *run;
    struct ms_feed feed;
    struct ms_dispatch *dispatch;
    struct worker *worker; // by rank; [0] unused
    struct ms_buf buf;     // message being built
    struct ms_action *outbox;
    size_t n_outbox, room_outbox;

    struct ms_progress progress;
    struct ms_run_end *end;
    double start_s, pinged_s, blocked_since_s;
    int64_t done, failed, finished_now;
    bool has_best;
    uint32_t best_trial, best_execution;
    double best;
    bool testing; // the sweep is over, the winner's test is being run
    struct ms_winner winner;
    bool dirty;   // the store has something to commit
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// --- what came in ---------------------------------------------------------------------------------

static int on_ready(struct coordinator *c, int rank, const struct ms_ready *r, struct ms_error *err)
{
    struct worker *w = &c->worker[rank];
    memcpy(w->host, r->host, sizeof w->host);
    w->ready = true;
    w->lost = false;
    ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_READY, .rank = rank});
    struct ms_provenance p = c->run->provenance;
    p.blas = r->provenance;
    p.workers = c->run->comm->size - 1;
    c->dirty = true;
    return ms_store_provenance(c->run->store, &p, err);
}

static int on_epochs(struct coordinator *c, int rank, const struct ms_epochs *e, struct ms_error *err)
{
    uint64_t tag;
    int holder;
    if (!ms_dispatch_find(c->dispatch, e->id, &tag, &holder) || c->testing)
        return 0;
    struct ms_open_trial *t = ms_feed_trial(&c->feed, ms_tag_trial(tag));
    if (!t || (int)e->n_columns != t->n_columns)
        return 0;
    struct ms_job job = {.id = e->id, .trial = ms_tag_trial(tag), .execution = ms_tag_execution(tag)};
    int differs = 0;
    int status = ms_store_epochs(c->run->store, &job, e, t->columns, &differs, err);
    if (status)
        return status;
    c->dirty = true;
    if (differs) {
        c->end->reproducible = false;
        ms_progress_note(&c->progress,
                         "warning: trial %u, execution %u, epoch %d repeated with other numbers than "
                         "before; is this another processor or BLAS than that of the first run?",
                         job.trial, job.execution, differs);
    }
    struct worker *w = &c->worker[rank];
    int objective = ms_sweep_objective(c->run->sweep)->metric;
    w->epoch = e->first_epoch + e->n_epochs - 1;
    for (int i = 0; i < t->n_columns; i++)
        if (t->columns[i] == objective)
            w->value = e->values[(size_t)(e->n_epochs - 1) * e->n_columns + (size_t)i];
    return 0;
}

// Tells what a failed attempt was, once per attempt.
static void note_failure(struct coordinator *c, const struct ms_action *a, const struct ms_result *r)
{
    ms_progress_note(&c->progress, "trial %u, execution %u, attempt %u on worker %d: %s%s%s%s",
                     ms_tag_trial(a->tag), ms_tag_execution(a->tag), a->attempt + 1, a->rank,
                     ms_end_name((int)a->end), r->message[0] ? ": " : "", r->message,
                     a->kind == MS_ACT_RETRY ? "; it is tried again" : "");
}

// The end of an attempt that counts: into the store, and on to the next.
static int on_end(struct coordinator *c, const struct ms_action *a, const struct ms_result *r,
                  struct ms_error *err)
{
    struct ms_job job = {.id = a->id,
                         .trial = ms_tag_trial(a->tag),
                         .execution = ms_tag_execution(a->tag),
                         .attempt = a->attempt};
    bool final = a->kind != MS_ACT_RETRY;
    if (r->end >= MS_END_ERROR || a->kind == MS_ACT_GIVE_UP)
        note_failure(c, a, r);
    if (c->testing)
        return a->kind == MS_ACT_DONE ? ms_winner_store(c->run, &c->winner, job.execution, r, err) : 0;

    struct ms_open_trial *t = ms_feed_trial(&c->feed, job.trial);
    int epochs = t ? t->epochs : 0;
    int status = ms_store_attempt(c->run->store, &job, r, a->rank, c->worker[a->rank].host, final, epochs, err);
    c->dirty = true;
    if (status || !final)
        return status;
    ms_feed_close(&c->feed, job.trial);
    c->finished_now++;
    if (a->kind == MS_ACT_GIVE_UP || r->end == MS_END_ERROR) {
        c->failed++;
        return 0;
    }
    c->done++;
    double score;
    status = ms_store_objective(c->run->store, job.trial, job.execution, &score, err);
    bool better = ms_sweep_objective(c->run->sweep)->maximize ? score > c->best : score < c->best;
    if (!status && isfinite(score) && (better || !c->has_best)) {
        c->has_best = true;
        c->best = score;
        c->best_trial = job.trial;
        c->best_execution = job.execution;
    }
    return status;
}

// Does what dispatch decided; what is to be sent waits in the outbox for the commit. r: the result that
// caused it, NULL for a loss.
static int do_actions(struct coordinator *c, const struct ms_result *r, struct ms_error *err)
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
                snprintf(lost.message, sizeof lost.message, "worker %d (%s) fell silent", a.rank,
                         c->worker[a.rank].host);
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

static int on_message(struct coordinator *c, const struct ms_message *m, struct ms_error *err)
{
    struct ms_wire w;
    struct ms_error bad;
    if (m->source < 1 || m->source >= c->run->comm->size)
        return 0;
    struct worker *from = &c->worker[m->source];
    from->heard_s = now_s();
    if (from->lost) { // only slow: welcome back
        from->lost = false;
        ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_READY, .rank = m->source});
        ms_progress_note(&c->progress, "worker %d (%s) speaks again", m->source, from->host);
    }
    if (ms_wire_get(m->data, m->size, &w, &bad)) {
        ms_progress_note(&c->progress, "worker %d sent what cannot be read: %s", m->source, bad.text);
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
    case MS_WIRE_RESULT:
        e.kind = MS_EV_RESULT;
        e.id = w.result.id;
        e.end = (enum ms_end)w.result.end;
        e.seconds = w.result.wall_s;
        c->worker[m->source].epoch = 0;
        ms_dispatch_event(c->dispatch, &e);
        status = do_actions(c, &w.result, err);
        break;
    case MS_WIRE_RETURNED:
        e.kind = MS_EV_RETURNED;
        for (uint32_t i = 0; i < w.n; i++) {
            e.id = w.ids[i];
            ms_dispatch_event(c->dispatch, &e);
        }
        break;
    default: // PONG: heard_s says it all
        break;
    }
    ms_wire_clear(&w);
    return status;
}

// --- what goes out --------------------------------------------------------------------------------

static int send_jobs(struct coordinator *c, int rank, const struct ms_job *jobs, uint32_t n,
                     struct ms_error *err)
{
    if (ms_wire_put_assign(&c->buf, jobs, n))
        return ms_fail(err, MS_ENOMEM, "no memory for a message");
    return ms_comm_send(c->run->comm, rank, c->buf.data, c->buf.size, err);
}

// Sends the outbox: neighbouring assignments to one worker become one message.
static int send_outbox(struct coordinator *c, struct ms_error *err)
{
    struct ms_job jobs[MS_BATCH_MAX];
    uint32_t n = 0;
    int status = 0;
    for (size_t i = 0; i < c->n_outbox && !status; i++) {
        const struct ms_action *a = &c->outbox[i];
        if (a->kind != MS_ACT_ASSIGN) {
            enum ms_wire_type type = a->kind == MS_ACT_RECALL ? MS_WIRE_RECALL : MS_WIRE_CANCEL;
            status = ms_wire_put_ids(&c->buf, type, &a->id, 1)
                         ? ms_fail(err, MS_ENOMEM, "no memory for a message")
                         : ms_comm_send(c->run->comm, a->rank, c->buf.data, c->buf.size, err);
            continue;
        }
        const struct ms_open_trial *t = ms_feed_trial(&c->feed, ms_tag_trial(a->tag));
        struct ms_job *j = &jobs[n++];
        *j = (struct ms_job){.id = a->id,
                             .trial = ms_tag_trial(a->tag),
                             .execution = ms_tag_execution(a->tag),
                             .attempt = a->attempt};
        if (c->testing) {
            ms_winner_job(&c->winner, ms_sweep_space(c->run->sweep)->n, j);
        } else if (t) {
            j->point = t->point;
            j->n_point = (uint32_t)ms_sweep_space(c->run->sweep)->n;
        }
        const struct ms_action *next = i + 1 < c->n_outbox ? &c->outbox[i + 1] : NULL;
        bool more = next && next->kind == MS_ACT_ASSIGN && next->rank == a->rank && n < MS_BATCH_MAX;
        if (!more) {
            status = send_jobs(c, a->rank, jobs, n, err);
            n = 0;
        }
    }
    c->n_outbox = 0;
    return status;
}

// Tells the store which execution each worker has begun (the first it holds).
static int mark_running(struct coordinator *c, struct ms_error *err)
{
    if (c->testing)
        return 0;
    for (int rank = 1; rank < c->run->comm->size; rank++) {
        struct worker *w = &c->worker[rank];
        uint64_t tag;
        bool running = ms_dispatch_holds(c->dispatch, rank, &tag, 1) > 0;
        if (running && (!w->running || w->running_tag != tag)) {
            int status =
                ms_store_running(c->run->store, ms_tag_trial(tag), ms_tag_execution(tag), 0, rank, err);
            if (status)
                return status;
            c->dirty = true;
            w->running_tag = tag;
            w->epoch = 0;
        }
        w->running = running;
    }
    return 0;
}

static int commit(struct coordinator *c, double now, struct ms_error *err)
{
    if (!c->dirty)
        return 0;
    int status = ms_store_commit(c->run->store, err);
    if (status == MS_EBUSY) {
        if (c->blocked_since_s == 0)
            c->blocked_since_s = now;
        return 0;
    }
    c->blocked_since_s = 0;
    c->dirty = status != 0;
    return status;
}

// --- time -----------------------------------------------------------------------------------------

static int heartbeat(struct coordinator *c, double now, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    bool ping = now - c->pinged_s >= run->patience.heartbeat_s;
    if (!ping)
        return 0;
    c->pinged_s = now;
    if (ms_wire_put_plain(&c->buf, MS_WIRE_PING))
        return ms_fail(err, MS_ENOMEM, "no memory for a message");
    for (int rank = 1; rank < run->comm->size; rank++) {
        struct worker *w = &c->worker[rank];
        if (!w->lost && now - w->heard_s > run->patience.lost_s) {
            w->lost = true;
            c->end->clean = false;
            ms_comm_forget(run->comm, rank);
            ms_progress_note(&c->progress, "worker %d (%s) has been silent for %.0f s: given up", rank,
                             w->host, now - w->heard_s);
            ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_LOST, .rank = rank});
            int status = do_actions(c, NULL, err);
            if (status)
                return status;
        }
        if (!w->lost) {
            int status = ms_comm_send(run->comm, rank, c->buf.data, c->buf.size, err);
            if (status)
                return status;
        }
    }
    return 0;
}

static double seconds_left(const struct coordinator *c, const struct ms_dispatch_state *d)
{
    const struct ms_feed *f = &c->feed;
    double hidden = (double)(f->executions_planned - f->offered - f->skipped - f->skipped_failed);
    double mean = f->offered ? f->seconds_offered / (double)f->offered : 0;
    int workers = d->workers_ready > 0 ? d->workers_ready : 1;
    if (c->finished_now == 0)
        return NAN;
    double known = d->seconds_left, scale = d->scale > 0 ? d->scale : 1;
    return (known + hidden * mean * scale) / workers;
}

static void show(struct coordinator *c, double now, bool final)
{
    const struct ms_run *run = c->run;
    struct ms_dispatch_state d;
    ms_dispatch_state(c->dispatch, &d);
    struct ms_progress_state s = {
        .sweep = ms_sweep_name(run->sweep),
        .executions = c->feed.executions_planned,
        .done = c->done + c->feed.skipped,
        .failed = c->failed + c->feed.skipped_failed +
                  c->feed.refused * ms_sweep_search(run->sweep)->executions_per_trial,
        .running = final ? 0 : d.workers_busy,
        .done_before = c->feed.skipped,
        .finished_now = c->finished_now,
        .elapsed_s = now - c->start_s,
        .left_s = seconds_left(c, &d),
        .has_best = c->has_best,
        .best_trial = c->best_trial,
        .best_execution = c->best_execution,
        .best = c->best,
        .reader_waits_s = c->blocked_since_s > 0 ? now - c->blocked_since_s : 0,
        .workers = run->comm->size - 1,
        .workers_ready = d.workers_ready,
        .workers_lost = d.workers_lost,
    };
    ms_metric_name(ms_sweep_objective(run->sweep)->metric, s.metric, sizeof s.metric);
    if (s.workers <= MS_PROGRESS_WORKERS) {
        s.n_lines = s.workers;
        for (int rank = 1; rank <= s.workers; rank++) {
            const struct worker *w = &c->worker[rank];
            struct ms_progress_worker *line = &s.line[rank - 1];
            const struct ms_open_trial *t = ms_feed_trial(&c->feed, ms_tag_trial(w->running_tag));
            *line = (struct ms_progress_worker){.rank = rank,
                                                .ready = w->ready,
                                                .lost = w->lost,
                                                .busy = w->running,
                                                .trial = ms_tag_trial(w->running_tag),
                                                .execution = ms_tag_execution(w->running_tag),
                                                .epoch = w->epoch,
                                                .epochs = t ? (uint32_t)t->epochs : 0,
                                                .value = w->value};
            memcpy(line->metric, s.metric, sizeof line->metric);
        }
    }
    c->end->failed = s.failed;
    ms_progress_show(&c->progress, &s, final);
}

static void wait_a_little(int *quiet)
{
    if (++*quiet <= SPIN)
        return;
    int doublings = *quiet - SPIN < 10 ? *quiet - SPIN : 10;
    double s = SLEEP_MIN_S * (double)(1 << doublings);
    struct timespec t = {.tv_nsec = (long)(1e9 * (s < SLEEP_MAX_S ? s : SLEEP_MAX_S))};
    nanosleep(&t, NULL);
}

// --- the run --------------------------------------------------------------------------------------

// One turn of the loop. *traffic: whether anything happened.
static int turn(struct coordinator *c, bool *traffic, struct ms_error *err)
{
    struct ms_message m;
    int got, probes = 0, status;
    *traffic = false;
    while ((got = ms_comm_poll(c->run->comm, &m, err)) == 1 || (got == 0 && ++probes < PROBES)) {
        if (got == 0)
            continue;
        *traffic = true;
        if ((status = on_message(c, &m, err)))
            return status;
    }
    if (got < 0)
        return got;
    double now = now_s();
    if ((status = heartbeat(c, now, err)))
        return status;
    int64_t refused = c->feed.refused;
    int wanted = c->testing ? 0 : ms_dispatch_wants(c->dispatch);
    if (wanted > 0 && (status = ms_feed_offer(&c->feed, c->dispatch, wanted, err)))
        return status;
    c->dirty = c->dirty || wanted > 0 || refused != c->feed.refused;
    if ((status = do_actions(c, NULL, err)) || (status = mark_running(c, err)) ||
        (status = commit(c, now, err)) || (status = send_outbox(c, err)))
        return status;
    status = ms_comm_flush(c->run->comm, err);
    show(c, now, false);
    return status < 0 ? status : 0;
}

// True when there is nothing more to run; starts the winner's test when that is left to do.
static bool finished(struct coordinator *c, int *status, struct ms_error *err)
{
    if (!c->feed.ended || !ms_dispatch_idle(c->dispatch))
        return false;
    if (c->testing)
        return true;
    c->testing = true;
    *status = ms_winner_offer(c->run, &c->winner, c->dispatch, err);
    c->dirty = true;
    return *status || ms_dispatch_idle(c->dispatch);
}

static int loop(struct coordinator *c, struct ms_error *err)
{
    int quiet = 0;
    for (;;) {
        bool traffic;
        int status = turn(c, &traffic, err);
        if (status || finished(c, &status, err))
            return status;
        struct ms_dispatch_state d;
        ms_dispatch_state(c->dispatch, &d);
        if (*c->run->stop || d.workers_lost == c->run->comm->size - 1) {
            c->end->interrupted = true;
            ms_progress_note(&c->progress, "%s; the same command continues",
                             *c->run->stop ? "stopped" : "every worker is lost");
            return 0;
        }
        if (traffic)
            quiet = 0;
        wait_a_little(&quiet);
    }
}

// Commits what is left, waiting for a reader if need be, and lets the workers go.
static int wind_up(struct coordinator *c, int status, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    struct ms_error ignored;
    const char *state = status ? "failed" : c->end->interrupted ? "interrupted" : "finished";
    int ended = ms_store_end(run->store, state, status ? &ignored : err);
    if (!status)
        status = ended;
    if (ms_wire_put_plain(&c->buf, MS_WIRE_FINISH) == 0)
        for (int rank = 1; rank < run->comm->size; rank++)
            if (!c->worker[rank].lost && ms_comm_send(run->comm, rank, c->buf.data, c->buf.size, &ignored))
                c->end->clean = false;
    // FINISH must leave this process before it ends; 2 s are plenty for peers that live.
    for (int i = 0; i < 2000 && ms_comm_flush(run->comm, &ignored) > 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return status;
}

static void greet(struct coordinator *c)
{
    const struct ms_run *run = c->run;
    int executions = ms_sweep_search(run->sweep)->executions_per_trial;
    long long before = 0;
    for (int64_t i = 0; i < c->feed.n_known; i++)
        before += c->feed.known[i].state == MS_DONE || c->feed.known[i].state == MS_FAILED;
    char already[64] = "";
    if (before)
        snprintf(already, sizeof already, ", %lld of them done before", before);
    ms_progress_note(&c->progress, "%s: %lld trials x %d execution%s on %d worker%s into %s%s",
                     ms_sweep_name(run->sweep), (long long)ms_sampler_trials(c->feed.sampler), executions,
                     executions == 1 ? "" : "s", run->comm->size - 1, run->comm->size == 2 ? "" : "s",
                     run->store_path, already);
}

int ms_coordinate(const struct ms_run *run, struct ms_run_end *end, struct ms_error *err)
{
    struct coordinator c = {.run = run, .end = end, .start_s = now_s()};
    struct ms_sampler *sampler = NULL;
    struct ms_known *known = NULL;
    int64_t n_known = 0;
    *end = (struct ms_run_end){.clean = true, .reproducible = true};
    c.progress = (struct ms_progress){
        .mode = run->progress, .out = stdout, .columns = run->columns};
    c.worker = calloc((size_t)run->comm->size, sizeof *c.worker);
    struct ms_dispatch_options o = {.n_workers = run->comm->size - 1,
                                    .max_retries = ms_sweep_search(run->sweep)->max_retries_per_trial,
                                    .batch_s = 0.2,
                                    .order = run->order};
    int status = c.worker ? 0 : ms_fail(err, MS_ENOMEM, "no memory");
    for (int rank = 1; !status && rank < run->comm->size; rank++)
        c.worker[rank].heard_s = c.start_s;
    if (!status)
        status = ms_sampler_new(run->sweep, &sampler, err);
    if (!status)
        status = ms_store_begin(run->store, run->sweep, &run->provenance, &known, &n_known, err);
    if (!status)
        status = ms_dispatch_new(&o, &c.dispatch, err);
    if (!status) {
        c.feed = (struct ms_feed){.sweep = run->sweep,
                                  .data = run->data,
                                  .store = run->store,
                                  .sampler = sampler,
                                  .known = known,
                                  .n_known = n_known,
                                  .bytes_limit = run->bytes_limit};
        status = ms_feed_init(&c.feed, err);
    }
    if (!status)
        status = ms_store_planned(run->store, ms_sampler_trials(sampler), err);
    if (!status)
        status = ms_winner_now(run, &c.has_best, &c.best_trial, &c.best_execution, &c.best, err);
    if (!status) {
        greet(&c);
        status = loop(&c, err);
    }
    if (c.worker)
        status = wind_up(&c, status, err);
    if (c.dispatch)
        show(&c, now_s(), true);
    ms_winner_clear(&c.winner);
    ms_feed_clear(&c.feed);
    ms_dispatch_free(c.dispatch);
    ms_sampler_free(sampler);
    ms_buf_clear(&c.buf);
    free(c.outbox);
    free(c.worker);
    free(known);
    return status;
}
