// SPDX-License-Identifier: MIT
//
// Events and choosing; the records are described in book.h.
//
// Choosing happens when the queue of actions is empty. It is guided by what waits: a worker's load
// is bounded by half its share of what remains, so that batches shrink towards the end and no
// worker hoards. Until something has been measured no worker gets more than two, because the
// expectations are guesses and may be off by a lot.
#include "dispatch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "book.h"
#include "mlpsweep/memory.h"
#include "pace.h"

enum { NONE = MS_BOOK_NONE, STASH_MAX = 32, MEASURED_LEAST = 3 };
#define LEAST_BATCH_S 0.1

struct ms_dispatch {
    struct ms_dispatch_options o;
    struct ms_book book;
    struct ms_pace pace;
    int *aside; // [n_workers + 1]: hungry ones that nothing fits
    struct ms_action *actions;
    size_t action_first, action_last, action_room;
    bool drain;
    bool stop; // what waits is forgotten
    int64_t done, failed, retried;
};

// The order of waiting executions.
static bool waits_before(const void *owner, int a, int b)
{
    const struct ms_dispatch *d = owner;
    const struct execution *x = &d->book.executions[a], *y = &d->book.executions[b];
    if (d->o.order == MS_ORDER_LONGEST && x->seconds != y->seconds)
        return x->seconds > y->seconds;
    return d->o.order == MS_ORDER_LAST ? x->order > y->order : x->order < y->order;
}

// --- actions -----------------------------------------------------------------

static int reserve_actions(struct ms_dispatch *d, size_t n)
{
    return ms_grow(&d->actions, &d->action_room, d->action_last + n, sizeof *d->actions, "actions",
                   NULL);
}

// Appends an action; x may be NULL. Events find their room reserved since the attempt was made.
static void act(struct ms_dispatch *d, enum ms_action_kind kind, int rank, uint64_t id,
                const struct execution *x, enum ms_end end)
{
    int status = reserve_actions(d, 1);
    assert(status == 0); // actions are taken after every event
    if (status)
        return;
    d->actions[d->action_last++] = (struct ms_action){
        .kind = kind,
        .rank = rank,
        .id = id,
        .tag = x ? x->tag : 0,
        .attempt = x ? x->attempt : 0,
        .end = end,
    };
}

static void ask_back(struct ms_dispatch *d, int r, int a)
{
    struct attempt *t = &d->book.attempts[a];
    t->recall = RECALLED;
    act(d, MS_ACT_RECALL, r, ms_book_id(&d->book, a), &d->book.executions[t->execution],
        MS_END_CANCELLED);
}

// The execution was reported; whatever workers still have of it, except the attempt `except`, is
// cancelled there.
static void end_execution(struct ms_dispatch *d, int x, int except)
{
    const struct execution *k = &d->book.executions[x];
    for (int a = k->attempts; a != NONE; a = d->book.attempts[a].sibling) {
        const int r = d->book.attempts[a].rank;
        if (a != except && d->book.ranks[r].state == READY)
            act(d, MS_ACT_CANCEL, r, ms_book_id(&d->book, a), k, MS_END_CANCELLED);
    }
    ms_book_end(&d->book, x, except);
}

// --- events ------------------------------------------------------------------

static void again(struct ms_dispatch *d, int a, int r, enum ms_end end)
{
    const int x = d->book.attempts[a].execution;
    act(d, MS_ACT_RETRY, r, ms_book_id(&d->book, a), &d->book.executions[x], end);
    d->retried++;
    d->book.executions[x].moved = false;
    ms_book_wait_again(&d->book, x);
}

// The current attempt a failed on rank r: again, or the end.
static void failed(struct ms_dispatch *d, int a, int r, enum ms_end end)
{
    const int x = d->book.attempts[a].execution;
    struct execution *k = &d->book.executions[x];
    if (ms_outcome_of(end)->retried && k->attempt < (uint32_t)d->o.max_retries) {
        again(d, a, r, end);
        k->attempt++;
        k->avoid = r;
    } else {
        act(d, MS_ACT_GIVE_UP, r, ms_book_id(&d->book, a), k, end);
        d->failed++;
        end_execution(d, x, a);
    }
}

static void on_ready(struct ms_dispatch *d, int r)
{
    struct ms_book *b = &d->book;
    if (b->ranks[r].state == READY)
        return;
    ms_book_set_state(b, r, READY);
    // One taken back: what it still has counts again where nobody else was given it, and is asked
    // for, because nobody knows what of it arrived.
    for (int a = b->ranks[r].first; a != NONE; a = b->attempts[a].next) {
        const int x = b->attempts[a].execution;
        if (x == NONE) {
            b->attempts[a].recall = RECALLED;
            act(d, MS_ACT_CANCEL, r, ms_book_id(b, a), NULL, MS_END_CANCELLED);
            continue;
        }
        ask_back(d, r, a);
        if (b->executions[x].current == NONE) {
            ms_book_stop_waiting(b, x);
            ms_book_make_current(b, x, a);
        }
    }
    ms_book_survey(b, r);
}

static void on_gone(struct ms_dispatch *d, int r, bool silent)
{
    struct ms_book *b = &d->book;
    if (b->ranks[r].state == LOST)
        return;
    ms_book_set_state(b, r, LOST);
    for (int a = b->ranks[r].first, running = 1; a != NONE; a = b->attempts[a].next, running = 0) {
        struct attempt *t = &b->attempts[a];
        t->recall = NOT_RECALLED;
        if (t->execution == NONE || b->executions[t->execution].current != a)
            continue;
        if (running && silent)
            failed(d, a, r, MS_END_LOST);
        else if (running)
            again(d, a, r, MS_END_INTERRUPTED);
        else // it had not begun: no attempt was used up
            ms_book_wait_again(b, t->execution);
    }
    ms_book_survey(b, r);
}

static void on_result(struct ms_dispatch *d, const struct ms_event *e)
{
    struct ms_book *b = &d->book;
    const int a = ms_book_find(b, e->id);
    if (a == NONE || b->attempts[a].rank != e->rank || b->attempts[a].execution == NONE) {
        act(d, MS_ACT_IGNORE, e->rank, e->id, NULL, e->end);
        if (a != NONE && b->attempts[a].rank == e->rank)
            ms_book_free_attempt(b, a);
        return;
    }
    const int x = b->attempts[a].execution;
    const bool current = b->executions[x].current == a;
    const bool good = ms_outcome_of(e->end)->counts || (e->end == MS_END_CANCELLED && current);
    if (good) {
        d->done++;
        act(d, MS_ACT_DONE, e->rank, e->id, &b->executions[x], e->end);
        if (e->end != MS_END_CANCELLED)
            ms_pace_add(&d->pace, e->seconds, b->executions[x].seconds);
        end_execution(d, x, a);
    } else if (current) {
        failed(d, a, e->rank, e->end);
    } else {
        act(d, MS_ACT_IGNORE, e->rank, e->id, &b->executions[x], e->end);
    }
    ms_book_free_attempt(b, a);
}

static void on_returned(struct ms_dispatch *d, const struct ms_event *e)
{
    struct ms_book *b = &d->book;
    if (e->id == 0) {
        for (int a = b->ranks[e->rank].first; a != NONE; a = b->attempts[a].next)
            if (b->attempts[a].recall == RECALLED)
                b->attempts[a].recall = REFUSED;
        ms_book_survey(b, e->rank);
        return;
    }
    const int a = ms_book_find(b, e->id);
    if (a == NONE || b->attempts[a].rank != e->rank)
        return;
    const int x = b->attempts[a].execution;
    if (x != NONE && b->executions[x].current == a)
        ms_book_wait_again(b, x);
    ms_book_free_attempt(b, a);
}

static void forget_waiting(struct ms_dispatch *d)
{
    while (d->book.waiting.n)
        end_execution(d, d->book.waiting.item[0], NONE);
}

// Asks for everything back that has not begun.
static void stop(struct ms_dispatch *d)
{
    const struct ms_book *b = &d->book;
    d->stop = true;
    forget_waiting(d);
    for (int r = 1; r <= b->n_workers; r++) {
        for (int a = b->ranks[r].first; a != NONE; a = b->attempts[a].next) {
            const struct attempt *t = &b->attempts[a];
            if (t->prev != NONE && t->recall == NOT_RECALLED && t->execution != NONE &&
                b->ranks[r].state == READY)
                ask_back(d, r, a);
        }
        ms_book_survey(&d->book, r);
    }
}

static void take_event(struct ms_dispatch *d, const struct ms_event *e)
{
    if (e->rank < 1 || e->rank > d->o.n_workers)
        return;
    switch (e->kind) {
    case MS_EV_LOST:
    case MS_EV_LEFT:
        on_gone(d, e->rank, e->kind == MS_EV_LOST);
        return;
    case MS_EV_RESULT:
        on_result(d, e);
        break;
    case MS_EV_RETURNED:
        on_returned(d, e);
        break;
    default:
        break;
    }
    on_ready(d, e->rank); // a worker that sends anything is alive
}

void ms_dispatch_event(struct ms_dispatch *d, const struct ms_event *e)
{
    switch (e->kind) {
    case MS_EV_DRAIN:
        d->drain = true;
        break;
    case MS_EV_STOP:
        stop(d);
        break;
    case MS_EV_GO:
        d->stop = false;
        break;
    default:
        take_event(d, e);
        if (d->stop)
            forget_waiting(d);
    }
}

// --- choosing ----------------------------------------------------------------

static bool wants_more(const struct ms_dispatch *d, int r)
{
    const struct ms_book *b = &d->book;
    const struct rank *k = &b->ranks[r];
    if (d->o.depth > 0)
        return k->held < d->o.depth;
    if (k->held < 2)
        return true;
    if (d->pace.n < MEASURED_LEAST)
        return false;
    // Guided self-scheduling; but below a few message latencies (and a commit is one of them) a
    // smaller batch costs more in waiting than it saves at the end, where recalls even things out.
    const double ratio = ms_pace_ratio(&d->pace), share = b->waiting_s * ratio / (2 * b->ready);
    const double most = fmin(fmax(share, LEAST_BATCH_S), d->o.batch_s);
    const double next = b->executions[b->waiting.item[0]].seconds;
    return (k->seconds + next) * ratio <= most;
}

// The execution to give to rank r: the first that did not fail there last, while there are others.
static int choose(struct ms_dispatch *d, int r)
{
    struct ms_book *b = &d->book;
    int stash[STASH_MAX], n = 0, found = NONE;
    while (b->waiting.n && n < STASH_MAX) {
        const int x = b->waiting.item[0];
        if (b->executions[x].avoid != r || b->ready < 2) {
            found = x;
            break;
        }
        ms_heap_remove(&b->waiting, x);
        stash[n++] = x;
    }
    while (n > 0)
        ms_heap_put(&b->waiting, stash[--n]);
    return found;
}

static bool give(struct ms_dispatch *d, int r)
{
    struct ms_book *b = &d->book;
    const int x = choose(d, r);
    // An event makes at most an end of an attempt and the cancelling of another one.
    if (x == NONE || ms_book_reserve_attempt(b) || reserve_actions(d, 4 * b->room_attempts))
        return false;
    const int a = ms_book_give(b, x, r);
    act(d, MS_ACT_ASSIGN, r, ms_book_id(b, a), &b->executions[x], MS_END_COMPLETED);
    return true;
}

static void hand_out(struct ms_dispatch *d)
{
    struct ms_book *b = &d->book;
    int n_aside = 0;
    while (b->waiting.n && b->hungry.n && d->action_first == d->action_last) {
        const int r = b->hungry.item[0];
        if (!wants_more(d, r))
            break;
        if (!give(d, r)) {
            ms_heap_remove(&b->hungry, r);
            d->aside[n_aside++] = r;
            continue;
        }
        // The rest of its batch travels with it, once everybody has something.
        while (b->idle == 0 && b->waiting.n && ms_heap_has(&b->hungry, r) && wants_more(d, r) &&
               give(d, r))
            ;
    }
    while (n_aside > 0)
        ms_heap_put(&b->hungry, d->aside[--n_aside]);
}

// Somebody is idle and nothing waits for it: half of what waits behind the most loaded is recalled.
static void recall(struct ms_dispatch *d)
{
    struct ms_book *b = &d->book;
    while (b->recalled < b->idle && b->loaded.n) {
        const int r = b->loaded.item[0];
        int n = (b->ranks[r].recallable + 1) / 2;
        for (int a = b->ranks[r].last; a != NONE && n > 0; a = b->attempts[a].prev) {
            if (!ms_book_recallable(b, a))
                continue;
            b->executions[b->attempts[a].execution].moved = true;
            ask_back(d, r, a);
            n--;
        }
        ms_book_survey(b, r);
    }
}

bool ms_dispatch_next(struct ms_dispatch *d, struct ms_action *out)
{
    if (d->action_first == d->action_last) {
        d->action_first = d->action_last = 0;
        if (!d->drain) {
            hand_out(d);
            if (d->book.idle && d->action_last == 0)
                recall(d);
        }
    }
    if (d->action_first == d->action_last)
        return false;
    *out = d->actions[d->action_first++];
    return true;
}

// --- life cycle and questions ------------------------------------------------

static void set_window(struct ms_dispatch *d)
{
    int n = d->o.n_workers < 4096 ? d->o.n_workers : 4096;
    if (d->o.window <= 0)
        d->o.window = 1024 + 16 * n;
}

int ms_dispatch_new(const struct ms_dispatch_options *o, struct ms_dispatch **out,
                    struct ms_error *err)
{
    *out = NULL;
    struct ms_dispatch *d = calloc(1, sizeof *d);
    if (!d)
        return ms_no_memory(err, "the dispatcher");
    const int n = o->n_workers > 0 ? o->n_workers : 0;
    d->o = *o;
    d->o.n_workers = n;
    set_window(d);
    int status = ms_book_init(&d->book, n, MS_BATCH_MAX, waits_before, d, err);
    d->aside = calloc((size_t)n + 1, sizeof *d->aside);
    if (!status && !d->aside)
        status = ms_no_memory(err, "%d workers", n);
    if (status) {
        ms_dispatch_free(d);
        return status;
    }
    *out = d;
    return 0;
}

void ms_dispatch_again(struct ms_dispatch *d, const struct ms_dispatch_options *o)
{
    d->o = *o;
    set_window(d);
    d->drain = d->stop = false;
}

void ms_dispatch_free(struct ms_dispatch *d)
{
    if (!d)
        return;
    ms_book_clear(&d->book);
    free(d->aside);
    free(d->actions);
    free(d);
}

int ms_dispatch_wants(const struct ms_dispatch *d)
{
    const int64_t has = d->book.waiting.n + (d->o.depth > 0 ? d->book.held : 0);
    const int64_t most = d->o.depth > 0 ? (int64_t)d->o.depth * d->o.n_workers : d->o.window;
    return d->drain || d->stop || has >= most ? 0 : (int)(most - has);
}

int ms_dispatch_offer(struct ms_dispatch *d, const struct ms_dispatch_execution *x)
{
    return ms_book_add(&d->book, x->tag, x->seconds, x->attempts);
}

bool ms_dispatch_find(const struct ms_dispatch *d, uint64_t id, uint64_t *tag, int *rank)
{
    const int a = ms_book_find(&d->book, id);
    if (a == NONE || d->book.attempts[a].execution == NONE)
        return false;
    *tag = d->book.executions[d->book.attempts[a].execution].tag;
    *rank = d->book.attempts[a].rank;
    return true;
}

void ms_dispatch_state(const struct ms_dispatch *d, struct ms_dispatch_state *out)
{
    const struct ms_book *b = &d->book;
    const double scale = ms_pace_ratio(&d->pace);
    *out = (struct ms_dispatch_state){
        .workers_ready = b->ready,
        .workers_busy = b->ready - b->idle,
        .workers_lost = b->lost,
        .waiting = b->waiting.n,
        .held = b->held,
        .done = d->done,
        .failed = d->failed,
        .retried = d->retried,
        .seconds_left = (b->waiting_s + b->held_s) * scale,
        .scale = scale,
    };
}

int ms_dispatch_holds(const struct ms_dispatch *d, int rank, uint64_t *tags, int max)
{
    const struct ms_book *b = &d->book;
    int n = 0;
    if (rank < 1 || rank > d->o.n_workers)
        return 0;
    for (int a = b->ranks[rank].first; a != NONE && n < max; a = b->attempts[a].next)
        if (b->attempts[a].execution != NONE)
            tags[n++] = b->executions[b->attempts[a].execution].tag;
    return n;
}

bool ms_dispatch_quiet(const struct ms_dispatch *d)
{
    const struct ms_book *b = &d->book;
    for (int r = 1; r <= d->o.n_workers; r++)
        if (b->ranks[r].state == READY && b->ranks[r].first != NONE)
            return false;
    return true;
}

bool ms_dispatch_idle(const struct ms_dispatch *d)
{
    return d->book.waiting.n == 0 && d->book.held == 0;
}
