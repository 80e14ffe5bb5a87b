// SPDX-License-Identifier: MIT
//
// The loop of one stage: take every message that is there; let dispatch decide; write all of it in
// one transaction; commit; only then send what was decided; wait a little. Under load the messages
// that arrive during a commit form the next transaction, so that commits grow with the load by
// themselves.
//
// While a reader keeps a rollback journal from committing, the loop goes on: results stay in the
// open transaction, and attempts are handed out all the same, because a run that is killed then
// finds the same executions waiting and repeats them to the same bits.
#include "coordinator_internal.h"

#include <stdlib.h>
#include <time.h>

#include "coordinator/search/sampler.h"
#include "mlpsweep/memory.h"

// Rank 0 polls this often without sleeping after traffic, then sleeps twice as long each time.
enum { SPIN = 200, MESSAGES_A_TURN = 4096 };
#define SLEEP_MIN_S 10e-6
#define SLEEP_MAX_S 2e-3

// --- what goes out -----------------------------------------------------------

static int send_attempts(struct coordinator *c, int rank, const struct ms_attempt *attempts,
                         uint32_t n, struct ms_error *err)
{
    if (ms_wire_put_assign(&c->buf, attempts, n))
        return ms_no_memory(err, "a message");
    return ms_comm_send(c->run->comm, rank, c->buf.data, c->buf.size, err);
}

static int complete_attempt(struct coordinator *c, struct ms_attempt *attempt, struct ms_error *err)
{
    if (c->phase == PHASE_FINISH) {
        ms_finish_attempt(&c->finish, ms_sweep_space(c->run->sweep)->n, attempt);
        return 0;
    }
    if (c->phase != PHASE_CONFIRM)
        ms_keep_ask(&c->keep, attempt);
    return ms_feed_attempt(c->feed, attempt, err);
}

// Sends the outbox. Neighbouring assignments to one worker become one message; one with a state
// ends its message, because states may be large.
static int send_outbox(struct coordinator *c, struct ms_error *err)
{
    struct ms_attempt attempts[MS_BATCH_MAX];
    uint32_t n = 0;
    int status = 0;
    for (size_t i = 0; i < c->n_outbox && !status; i++) {
        const struct ms_action *a = &c->outbox[i];
        if (a->kind != MS_ACT_ASSIGN) {
            enum ms_wire_type type = a->kind == MS_ACT_RECALL ? MS_WIRE_RECALL : MS_WIRE_CANCEL;
            status = ms_wire_put_ids(&c->buf, type, &a->id, 1)
                         ? ms_no_memory(err, "a message")
                         : ms_comm_send(c->run->comm, a->rank, c->buf.data, c->buf.size, err);
            continue;
        }
        attempts[n] = ms_coordinator_attempt(a);
        status = complete_attempt(c, &attempts[n++], err);
        const struct ms_action *next = i + 1 < c->n_outbox ? &c->outbox[i + 1] : NULL;
        bool more =
            next && next->kind == MS_ACT_ASSIGN && next->rank == a->rank && n < MS_BATCH_MAX;
        if (!status && (!more || attempts[n - 1].n_state > 0)) {
            status = send_attempts(c, a->rank, attempts, n, err);
            free(attempts[n - 1].state);
            n = 0;
        }
    }
    c->n_outbox = 0;
    return status;
}

// Records in the store which execution each worker has begun: the first it holds.
static int mark_running(struct coordinator *c, struct ms_error *err)
{
    if (c->phase == PHASE_FINISH)
        return 0;
    for (int rank = 1; rank < c->run->comm->size; rank++) {
        struct worker *w = &c->worker[rank];
        uint64_t tag;
        bool running = ms_dispatch_holds(c->dispatch, rank, &tag, 1) > 0;
        if (running && (!w->running || w->running_tag != tag)) {
            int status = ms_store_running(c->run->store, ms_tag_trial(tag), ms_tag_execution(tag),
                                          rank, err);
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

// --- time --------------------------------------------------------------------

// After a turn that took this long it was this process that stood still (Ctrl-Z, a laptop asleep),
// not its workers that were silent.
#define STALL_S 2.0
// A worker that left so long before the end no longer waits for the others (comm_mpi.c, meet).
#define LEFT_S 3.0

static void forgive_gap(struct coordinator *c, double now)
{
    double gap = c->turned_s > 0 ? now - c->turned_s : 0;
    for (int rank = 1; gap > STALL_S && rank < c->run->comm->size; rank++)
        c->worker[rank].heard_s += gap;
    c->turned_s = now;
}

static int heartbeat(struct coordinator *c, double now, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    bool ping = now - c->pinged_s >= run->patience.heartbeat_s;
    if (!ping)
        return 0;
    c->pinged_s = now;
    if (ms_wire_put_plain(&c->buf, MS_WIRE_PING))
        return ms_no_memory(err, "a message");
    for (int rank = 1; rank < run->comm->size; rank++) {
        struct worker *w = &c->worker[rank];
        if (!w->lost && now - w->heard_s > run->patience.lost_s) {
            w->lost = true;
            c->end->clean = false;
            ms_comm_forget(run->comm, rank);
            ms_progress_note(&c->progress, "worker %d (%s) has been silent for %.0f s: given up",
                             rank, w->host, now - w->heard_s);
            ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_LOST, .rank = rank});
            int status = ms_coordinator_act(c, NULL, err);
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

static void wait_a_little(int *quiet)
{
    if (++*quiet <= SPIN)
        return;
    int doublings = *quiet - SPIN < 10 ? *quiet - SPIN : 10;
    double s = SLEEP_MIN_S * (double)(1 << doublings);
    struct timespec t = {.tv_nsec = (long)(1e9 * (s < SLEEP_MAX_S ? s : SLEEP_MAX_S))};
    nanosleep(&t, NULL);
}

// --- the run -----------------------------------------------------------------

// Asks the study for more, as long as there is time.
static int offer(struct coordinator *c, double now, struct ms_error *err)
{
    double most = ms_sweep_search(c->run->sweep)->max_wall_seconds;
    if (most > 0 && !c->over && c->phase != PHASE_FINISH && now - c->began_s >= most) {
        c->over = true;
        ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_STOP});
        ms_progress_note(&c->progress,
                         "max_wall_seconds: %g s have passed; nothing new begins, running "
                         "executions are trained to their end",
                         most);
    }
    int wanted = c->phase != PHASE_SEARCH || c->over ? 0 : ms_dispatch_wants(c->dispatch);
    if (wanted <= 0)
        return 0;
    struct ms_feed_offered offered;
    int status = ms_feed_offer(c->feed, c->dispatch, wanted, &offered, err);
    c->dirty = c->dirty || offered.wrote;
    if (!status && offered.waits && ms_dispatch_idle(c->dispatch))
        status = ms_fail(err, MS_ESTATE,
                         "the search waits for a result, but no execution is running or waiting");
    return status;
}

// Takes what came in, and looks who is still there. *traffic: something came in.
static int listen(struct coordinator *c, double *now, bool *traffic, struct ms_error *err)
{
    struct ms_message m;
    int got = 0, status, taken = 0;
    const bool one_by_one = ms_study_asynchronous(c->study); // results
    *traffic = c->news = false;
    while (!(one_by_one && c->news) && taken++ < MESSAGES_A_TURN &&
           (got = ms_comm_poll(c->run->comm, &m, err)) == 1) {
        *traffic = true;
        if ((status = ms_coordinator_message(c, &m, err)))
            return status;
    }
    if (got < 0)
        return got;
    *now = ms_now_s();
    forgive_gap(c, *now);
    return heartbeat(c, *now, err);
}

// One turn of the loop.
static int turn(struct coordinator *c, bool *traffic, struct ms_error *err)
{
    double now;
    int status = listen(c, &now, traffic, err);
    if (status || (status = offer(c, now, err)))
        return status;
    if ((status = ms_coordinator_act(c, NULL, err)) || (status = mark_running(c, err)) ||
        (status = commit(c, now, err)) || (status = send_outbox(c, err)))
        return status;
    status = ms_comm_flush(c->run->comm, err);
    ms_coordinator_show(c, now, false);
    return status < 0 ? status : 0;
}

static int loop(struct coordinator *c, struct ms_error *err)
{
    int quiet = 0;
    for (;;) {
        bool traffic;
        int status = turn(c, &traffic, err);
        if (status || ms_coordinator_advance(c, &status, err))
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

// Without a scheduler the window is wide, so that long executions come first. Rungs stay in the
// order of the study, so that brackets are finished before others begin. An asynchronous scheduler
// is asked for two executions a worker, and once for each result: what it decides then depends on
// the order of results, but on no time, and one worker always gives the same order.
static struct ms_dispatch_options dispatch_options(const struct ms_run *run,
                                                   const struct ms_study *study)
{
    const int workers = run->comm->size - 1;
    struct ms_dispatch_options o = {.n_workers = workers,
                                    .max_retries =
                                        ms_sweep_search(run->sweep)->max_retries_per_trial,
                                    .batch_s = 0.4,
                                    .order = run->order};
    if (ms_study_pauses(study)) {
        o.window = 16 + 4 * workers;
        o.depth = ms_study_asynchronous(study) ? 2 : 0;
        o.order = run->order == MS_ORDER_LAST ? MS_ORDER_LAST : MS_ORDER_FIRST;
    }
    return o;
}

static int begin_dispatch(struct coordinator *c, struct ms_error *err)
{
    const struct ms_dispatch_options o = dispatch_options(c->run, c->study);
    if (!c->dispatch)
        return ms_dispatch_new(&o, &c->dispatch, err);
    ms_dispatch_again(c->dispatch, &o);
    return 0;
}

static void note_refused(void *owner, uint32_t trial, const char *why)
{
    struct coordinator *c = owner;
    ms_progress_note(&c->progress, "trial %u: %s", trial, why);
}

static int begin_feed(struct coordinator *c, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    const struct ms_feed_options o = {.sweep = run->sweep,
                                      .data = run->data,
                                      .store = run->store,
                                      .study = c->study,
                                      .known = c->known,
                                      .n_known = c->n_known,
                                      .adopt = ms_sampler_learns(c->sampler),
                                      .bytes_limit = run->bytes_limit,
                                      .bytes_of = run->bytes_of,
                                      .refused = note_refused,
                                      .owner = c};
    return ms_feed_new(&o, &c->feed, err);
}

// Makes what the stage needs, each part from those before it, and reads what the store has.
static int make_parts(struct coordinator *c, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    int status = ms_sampler_new(run->sweep, &c->sampler, err);
    if (!status)
        status = ms_study_new(run->sweep, c->sampler, &c->study, err);
    if (!status)
        status =
            ms_store_begin(run->store, run->sweep, &run->provenance, &c->known, &c->n_known, err);
    if (!status)
        status = begin_dispatch(c, err);
    if (!status && run->retry_failed)
        status = ms_store_forgive(run->store, c->known, c->n_known, err);
    if (!status)
        status = begin_feed(c, err);
    if (!status)
        status = ms_store_planned(run->store, ms_study_trials(c->study), err);
    if (!status)
        status = ms_keep_begin(&c->keep, run, err);
    if (!status && c->keep.n > 0)
        c->best = c->keep.best[0];
    return status;
}

// In reverse; dispatch stays for the next stage.
static void free_parts(struct coordinator *c)
{
    ms_finish_clear(&c->finish);
    ms_keep_clear(&c->keep);
    ms_feed_free(c->feed);
    free(c->known);
    ms_study_free(c->study);
    ms_sampler_free(c->sampler);
    c->feed = NULL;
    c->known = NULL;
    c->study = NULL;
    c->sampler = NULL;
}

// The stage's results are durable before the next one begins, so a reader may have to be waited
// for.
static int end_stage(struct coordinator *c, int status, struct ms_error *err)
{
    struct ms_error ignored;
    const char *state = status ? "failed" : c->end->interrupted ? "interrupted" : "finished";
    // A budget may have ended the search, or there were no more trials to be had.
    if (!status && ms_feed_ended(c->feed))
        status = ms_store_planned(c->run->store, ms_study_trials(c->study), err);
    int ended = ms_store_end(c->run->store, state, status ? &ignored : err);
    if (!status)
        status = ended;
    bool last = c->end->interrupted || c->stage + 1 == c->n_stages; // closing the store commits
    c->dirty = !last;
    for (int quiet = 0; !status && c->dirty && !*c->run->stop; wait_a_little(&quiet)) {
        double now;
        bool traffic;
        status = listen(c, &now, &traffic, err);
        if (!status)
            status = commit(c, now, err);
        if (!status && ms_comm_flush(c->run->comm, err) < 0)
            status = err->code;
    }
    c->end->interrupted = c->end->interrupted || c->dirty;
    return status;
}

int ms_coordinator_stage(struct coordinator *c, bool *complete, struct ms_error *err)
{
    struct ms_provenance p = c->run->provenance;
    int status = make_parts(c, err);
    p.blas = c->blas;
    if (!status && c->blas[0]) // the workers said so when they began
        status = ms_store_provenance(c->run->store, &p, err);
    if (!status) {
        ms_coordinator_greet(c);
        status = loop(c, err);
    }
    const bool ended = !status && ms_feed_ended(c->feed);
    if (!status) // also of trials that are not complete, and by all executions of the others
        status = ms_winner_best(c->run, &c->best, err);
    if (c->known) // the store has begun
        status = end_stage(c, status, err);
    *complete = !status && !c->end->interrupted && ended;
    if (c->feed)
        ms_coordinator_show(c, ms_now_s(), true);
    free_parts(c);
    return status;
}

int ms_coordinator_end(struct coordinator *c, int status, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    struct ms_error ignored;
    if (ms_wire_put_plain(&c->buf, MS_WIRE_FINISH)) // they notice the silence
        return status ? status : ms_no_memory(err, "a message");
    const double now = ms_now_s();
    for (int rank = 1; rank < run->comm->size; rank++) {
        const struct worker *w = &c->worker[rank];
        const bool gone = w->lost && now - w->heard_s > LEFT_S;
        if (gone || (!w->lost && ms_comm_send(run->comm, rank, c->buf.data, c->buf.size, &ignored)))
            c->end->clean = false;
    }
    // FINISH must leave this process before it ends; 2 s are plenty for peers that live.
    for (int i = 0; i < 2000 && ms_comm_flush(run->comm, &ignored) > 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return status;
}
