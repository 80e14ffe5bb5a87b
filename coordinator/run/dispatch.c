// SPDX-License-Identifier: MIT
//
// Events and choosing; the records are described in dispatch_book.h.
//
// Choosing happens when the queue of actions is empty. `hungry` has the ready workers, least loaded
// first; `loaded` those from which something can be recalled, most first. Guided by what waits: a
// worker's load is bounded by half its share of what remains, so that batches shrink towards the
// end and nobody hoards. Until something was measured nobody gets more than two: the expectations
// are guesses and may be off by a lot.
#include "dispatch.h"

#include <math.h>
#include <stdlib.h>

#include "dispatch_book.h"

enum { STASH_MAX = 32, RATIOS_LEAST = 3 };
#define LEAST_BATCH_S 0.1

// --- events ------------------------------------------------------------------

static bool is_failure(enum ms_end end)
{
    return end == MS_END_CRASHED || end == MS_END_TIMEOUT || end == MS_END_LOST ||
           end == MS_END_INTERRUPTED;
}

static void again(struct ms_dispatch *d, int a, int r, enum ms_end end)
{
    const int t = d->attempts[a].task;
    ms_dispatch_book_act(d, MS_ACT_RETRY, r, ms_dispatch_book_id(d, a), &d->tasks[t], end);
    d->retried++;
    d->tasks[t].moved = false;
    ms_dispatch_book_wait_again(d, t);
}

// The current attempt a failed on rank r: again, or the end.
static void failed(struct ms_dispatch *d, int a, int r, enum ms_end end)
{
    const int t = d->attempts[a].task;
    struct task *k = &d->tasks[t];
    if (is_failure(end) && k->attempt < (uint32_t)d->o.max_retries) {
        again(d, a, r, end);
        k->attempt++;
        k->avoid = r;
    } else {
        ms_dispatch_book_act(d, MS_ACT_GIVE_UP, r, ms_dispatch_book_id(d, a), k, end);
        d->failed++;
        ms_dispatch_book_end_task(d, t, a);
    }
}

static void on_ready(struct ms_dispatch *d, int r)
{
    if (d->ranks[r].state == READY)
        return;
    ms_dispatch_book_set_state(d, r, READY);
    // One taken back: what it still has counts again where nobody else was given it, and is asked
    // for, because nobody knows what of it arrived.
    for (int a = d->ranks[r].first; a != NONE; a = d->attempts[a].next) {
        struct attempt *t = &d->attempts[a];
        const struct task *k = t->task == NONE ? NULL : &d->tasks[t->task];
        ms_dispatch_book_act(d, k ? MS_ACT_RECALL : MS_ACT_CANCEL, r, ms_dispatch_book_id(d, a), k,
                             MS_END_CANCELLED);
        t->recall = RECALLED;
        if (k && k->current == NONE) {
            ms_dispatch_book_stop_waiting(d, t->task);
            ms_dispatch_book_make_current(d, t->task, a);
        }
    }
    ms_dispatch_book_survey(d, r);
}

static void on_gone(struct ms_dispatch *d, int r, bool silent)
{
    if (d->ranks[r].state == LOST)
        return;
    ms_dispatch_book_set_state(d, r, LOST);
    for (int a = d->ranks[r].first, running = 1; a != NONE; a = d->attempts[a].next, running = 0) {
        struct attempt *t = &d->attempts[a];
        t->recall = NOT_RECALLED;
        if (t->task == NONE || d->tasks[t->task].current != a)
            continue;
        if (running && silent)
            failed(d, a, r, MS_END_LOST);
        else if (running)
            again(d, a, r, MS_END_INTERRUPTED);
        else // it had not begun: no attempt was used up
            ms_dispatch_book_wait_again(d, t->task);
    }
    ms_dispatch_book_survey(d, r);
}

static void on_result(struct ms_dispatch *d, const struct ms_event *e)
{
    int a = ms_dispatch_book_find(d, e->id);
    if (a == NONE || d->attempts[a].rank != e->rank || d->attempts[a].task == NONE) {
        ms_dispatch_book_act(d, MS_ACT_IGNORE, e->rank, e->id, NULL, e->end);
        if (a != NONE && d->attempts[a].rank == e->rank)
            ms_dispatch_book_free_attempt(d, a);
        return;
    }
    int t = d->attempts[a].task;
    bool current = d->tasks[t].current == a;
    bool good = e->end == MS_END_COMPLETED || e->end == MS_END_STOPPED ||
                e->end == MS_END_DIVERGED || e->end == MS_END_PAUSED || e->end == MS_END_PRUNED ||
                (e->end == MS_END_CANCELLED && current);
    if (good) {
        d->done++;
        ms_dispatch_book_act(d, MS_ACT_DONE, e->rank, e->id, &d->tasks[t], e->end);
        if (e->end != MS_END_CANCELLED)
            ms_dispatch_book_calibrate(d, e->seconds, d->tasks[t].seconds);
        ms_dispatch_book_end_task(d, t, a);
    } else if (current) {
        failed(d, a, e->rank, e->end);
    } else {
        ms_dispatch_book_act(d, MS_ACT_IGNORE, e->rank, e->id, &d->tasks[t], e->end);
    }
    ms_dispatch_book_free_attempt(d, a);
}

static void on_returned(struct ms_dispatch *d, const struct ms_event *e)
{
    if (e->id == 0) {
        for (int a = d->ranks[e->rank].first; a != NONE; a = d->attempts[a].next)
            if (d->attempts[a].recall == RECALLED)
                d->attempts[a].recall = REFUSED;
        ms_dispatch_book_survey(d, e->rank);
        return;
    }
    int a = ms_dispatch_book_find(d, e->id);
    if (a == NONE || d->attempts[a].rank != e->rank)
        return;
    int t = d->attempts[a].task;
    if (t != NONE && d->tasks[t].current == a)
        ms_dispatch_book_wait_again(d, t);
    ms_dispatch_book_free_attempt(d, a);
}

static void forget_waiting(struct ms_dispatch *d)
{
    while (d->waiting.n)
        ms_dispatch_book_end_task(d, d->waiting.item[0], NONE);
}

// Asks for everything back that has not begun.
static void stop(struct ms_dispatch *d)
{
    d->stop = true;
    forget_waiting(d);
    for (int r = 1; r <= d->o.n_workers; r++) {
        for (int a = d->ranks[r].first; a != NONE; a = d->attempts[a].next) {
            if (d->attempts[a].prev == NONE || d->attempts[a].recall != NOT_RECALLED ||
                d->attempts[a].task == NONE || d->ranks[r].state != READY)
                continue;
            d->attempts[a].recall = RECALLED;
            ms_dispatch_book_act(d, MS_ACT_RECALL, r, ms_dispatch_book_id(d, a),
                                 &d->tasks[d->attempts[a].task], MS_END_CANCELLED);
        }
        ms_dispatch_book_survey(d, r);
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
    case MS_EV_READY:
    case MS_EV_DRAIN:
    case MS_EV_STOP:
    case MS_EV_GO:
        break;
    }
    on_ready(d, e->rank); // who speaks is there
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
    const struct rank *k = &d->ranks[r];
    if (k->held == 0)
        return true;
    if (k->held < 2)
        return true;
    if (d->n_ratios < RATIOS_LEAST)
        return false;
    // Guided self-scheduling; but below a few message latencies (and a commit is one of them) a
    // smaller batch costs more in waiting than it saves at the end, where recalls even things out.
    double share = d->waiting_s * ms_dispatch_book_ratio(d) / (2 * d->ready);
    double most = fmin(fmax(share, LEAST_BATCH_S), d->o.batch_s);
    double next = d->tasks[d->waiting.item[0]].seconds;
    return (k->seconds + next) * ms_dispatch_book_ratio(d) <= most;
}

// The task to give to rank r: the first that did not fail there last, while there are others.
static int take_task(struct ms_dispatch *d, int r)
{
    int stash[STASH_MAX], n = 0, found = NONE;
    while (d->waiting.n && n < STASH_MAX) {
        int t = d->waiting.item[0];
        if (d->tasks[t].avoid != r || d->ready < 2) {
            found = t;
            break;
        }
        ms_heap_remove(&d->waiting, t);
        stash[n++] = t;
    }
    while (n > 0)
        ms_heap_put(&d->waiting, stash[--n]);
    return found;
}

static bool give(struct ms_dispatch *d, int r)
{
    int t = take_task(d, r);
    int a = t == NONE ? NONE : ms_dispatch_book_new_attempt(d, t, r);
    if (a == NONE)
        return false;
    ms_dispatch_book_act(d, MS_ACT_ASSIGN, r, ms_dispatch_book_id(d, a), &d->tasks[t],
                         MS_END_COMPLETED);
    return true;
}

static void feed(struct ms_dispatch *d)
{
    int n_aside = 0;
    while (d->waiting.n && d->hungry.n && d->action_first == d->action_last) {
        int r = d->hungry.item[0];
        if (!wants_more(d, r))
            break;
        if (!give(d, r)) {
            ms_heap_remove(&d->hungry, r);
            d->aside[n_aside++] = r;
            continue;
        }
        // The rest of its batch travels with it, once everybody has something.
        while (d->idle == 0 && d->waiting.n && ms_heap_has(&d->hungry, r) && wants_more(d, r) &&
               give(d, r))
            ;
    }
    while (n_aside > 0)
        ms_heap_put(&d->hungry, d->aside[--n_aside]);
}

// Somebody is idle and nothing waits for him: half of what waits behind the most loaded is
// recalled.
static void recall(struct ms_dispatch *d)
{
    while (d->recalled < d->idle && d->loaded.n) {
        int r = d->loaded.item[0];
        int n = (d->ranks[r].recallable + 1) / 2;
        for (int a = d->ranks[r].last; a != NONE && n > 0; a = d->attempts[a].prev) {
            if (!ms_dispatch_book_recallable(d, a))
                continue;
            struct task *k = &d->tasks[d->attempts[a].task];
            d->attempts[a].recall = RECALLED;
            k->moved = true;
            ms_dispatch_book_act(d, MS_ACT_RECALL, r, ms_dispatch_book_id(d, a), k,
                                 MS_END_CANCELLED);
            n--;
        }
        ms_dispatch_book_survey(d, r);
    }
}

bool ms_dispatch_next(struct ms_dispatch *d, struct ms_action *out)
{
    if (d->action_first == d->action_last) {
        d->action_first = d->action_last = 0;
        if (!d->drain) {
            feed(d);
            if (d->idle && d->action_last == 0)
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
        return ms_fail(err, MS_ENOMEM, "out of memory");
    d->o = *o;
    int n = o->n_workers > 0 ? o->n_workers : 0;
    d->o.n_workers = n;
    set_window(d);
    d->free_task = d->free_attempt = NONE;
    d->waiting = (struct ms_heap){.before = ms_dispatch_book_task_before, .owner = d};
    d->hungry = (struct ms_heap){.before = ms_dispatch_book_hungry_before, .owner = d};
    d->loaded = (struct ms_heap){.before = ms_dispatch_book_loaded_before, .owner = d};
    d->ranks = calloc((size_t)n + 1, sizeof *d->ranks);
    d->aside = calloc((size_t)n + 1, sizeof *d->aside);
    if (!d->ranks || !d->aside || ms_heap_reserve(&d->hungry, n + 1) ||
        ms_heap_reserve(&d->loaded, n + 1)) {
        ms_dispatch_free(d);
        return ms_fail(err, MS_ENOMEM, "out of memory for %d workers", n);
    }
    for (int r = 0; r <= n; r++)
        d->ranks[r].first = d->ranks[r].last = NONE;
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
    ms_heap_clear(&d->waiting);
    ms_heap_clear(&d->hungry);
    ms_heap_clear(&d->loaded);
    free(d->tasks);
    free(d->attempts);
    free(d->ranks);
    free(d->aside);
    free(d->actions);
    free(d);
}

int ms_dispatch_wants(const struct ms_dispatch *d)
{
    return d->drain || d->stop || d->waiting.n >= d->o.window ? 0 : d->o.window - d->waiting.n;
}

int ms_dispatch_offer(struct ms_dispatch *d, const struct ms_dispatch_execution *t)
{
    return ms_dispatch_book_new_task(d, t);
}

bool ms_dispatch_find(const struct ms_dispatch *d, uint64_t id, uint64_t *tag, int *rank)
{
    int a = ms_dispatch_book_find(d, id);
    if (a == NONE || d->attempts[a].task == NONE)
        return false;
    *tag = d->tasks[d->attempts[a].task].tag;
    *rank = d->attempts[a].rank;
    return true;
}

void ms_dispatch_state(const struct ms_dispatch *d, struct ms_dispatch_state *out)
{
    *out = (struct ms_dispatch_state){
        .workers_ready = d->ready,
        .workers_busy = d->ready - d->idle,
        .workers_lost = d->lost,
        .waiting = d->waiting.n,
        .held = d->held,
        .done = d->done,
        .failed = d->failed,
        .retried = d->retried,
        .seconds_left = (d->waiting_s + d->held_s) * ms_dispatch_book_ratio(d),
        .scale = ms_dispatch_book_ratio(d),
    };
}

int ms_dispatch_holds(const struct ms_dispatch *d, int rank, uint64_t *tags, int max)
{
    int n = 0;
    if (rank < 1 || rank > d->o.n_workers)
        return 0;
    for (int a = d->ranks[rank].first; a != NONE && n < max; a = d->attempts[a].next)
        if (d->attempts[a].task != NONE)
            tags[n++] = d->tasks[d->attempts[a].task].tag;
    return n;
}

bool ms_dispatch_quiet(const struct ms_dispatch *d)
{
    for (int r = 1; r <= d->o.n_workers; r++)
        if (d->ranks[r].state == READY && d->ranks[r].first != NONE)
            return false;
    return true;
}

bool ms_dispatch_idle(const struct ms_dispatch *d)
{
    return d->waiting.n == 0 && d->held == 0;
}
