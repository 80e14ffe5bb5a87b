// SPDX-License-Identifier: MIT
#include "dispatch_book.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- orders ------------------------------------------------------------------

bool ms_dispatch_book_task_before(const void *owner, int a, int b)
{
    const struct ms_dispatch *d = owner;
    const struct task *x = &d->tasks[a], *y = &d->tasks[b];
    if (d->o.order == MS_ORDER_LONGEST && x->seconds != y->seconds)
        return x->seconds > y->seconds;
    return d->o.order == MS_ORDER_LAST ? x->order > y->order : x->order < y->order;
}

bool ms_dispatch_book_hungry_before(const void *owner, int a, int b)
{
    const struct ms_dispatch *d = owner;
    const struct rank *x = &d->ranks[a], *y = &d->ranks[b];
    int cx = x->held < 2 ? x->held : 2, cy = y->held < 2 ? y->held : 2;
    if (cx != cy)
        return cx < cy;
    return x->seconds != y->seconds ? x->seconds < y->seconds : a < b;
}

bool ms_dispatch_book_loaded_before(const void *owner, int a, int b)
{
    const struct ms_dispatch *d = owner;
    const struct rank *x = &d->ranks[a], *y = &d->ranks[b];
    if (x->seconds != y->seconds)
        return x->seconds > y->seconds;
    return x->recallable != y->recallable ? x->recallable > y->recallable : a < b;
}

// --- expectations ------------------------------------------------------------

void ms_dispatch_book_calibrate(struct ms_dispatch *d, double measured, double expected)
{
    double r = measured / expected;
    if (!isfinite(r) || r <= 0)
        return;
    int i = d->n_ratios;
    if (d->n_ratios == RATIOS) { // the oldest makes room
        i = 0;
        while (d->sorted[i] != d->ratios[d->at_ratio])
            i++;
        memmove(d->sorted + i, d->sorted + i + 1, (size_t)(RATIOS - 1 - i) * sizeof *d->sorted);
        d->n_ratios--;
    }
    for (i = d->n_ratios; i > 0 && d->sorted[i - 1] > r; i--)
        d->sorted[i] = d->sorted[i - 1];
    d->sorted[i] = r;
    d->n_ratios++;
    d->ratios[d->at_ratio] = r;
    d->at_ratio = (d->at_ratio + 1) % RATIOS;
}

double ms_dispatch_book_ratio(const struct ms_dispatch *d)
{
    return d->n_ratios ? d->sorted[d->n_ratios / 2] : 1;
}

// --- actions -----------------------------------------------------------------

// Room for n more actions.
static int reserve_actions(struct ms_dispatch *d, size_t n)
{
    if (d->action_last + n <= d->action_room)
        return 0;
    size_t room = d->action_room ? d->action_room : 64;
    while (room < d->action_last + n)
        room *= 2;
    struct ms_action *grown = realloc(d->actions, room * sizeof *grown);
    if (!grown)
        return MS_ENOMEM;
    d->actions = grown;
    d->action_room = room;
    return 0;
}

uint64_t ms_dispatch_book_id(const struct ms_dispatch *d, int a)
{
    return (uint64_t)d->attempts[a].generation << 32 | (uint32_t)a;
}

void ms_dispatch_book_act(struct ms_dispatch *d, enum ms_action_kind kind, int rank, uint64_t id,
                          const struct task *t, enum ms_end end)
{
    int status = reserve_actions(d, 1);
    assert(status == 0); // actions are taken after every event
    if (status)
        return;
    d->actions[d->action_last++] = (struct ms_action){
        .kind = kind,
        .rank = rank,
        .id = id,
        .tag = t ? t->tag : 0,
        .attempt = t ? t->attempt : 0,
        .end = end,
    };
}

// --- records -----------------------------------------------------------------

bool ms_dispatch_book_recallable(const struct ms_dispatch *d, int a)
{
    const struct attempt *t = &d->attempts[a];
    if (t->recall != NOT_RECALLED || t->task == NONE || t->prev == NONE)
        return false;
    const struct task *k = &d->tasks[t->task];
    return k->current == a && !(k->avoid && k->moved);
}

void ms_dispatch_book_survey(struct ms_dispatch *d, int r)
{
    struct rank *k = &d->ranks[r];
    bool ready = k->state == READY;
    d->idle -= ready && k->held == 0;
    d->recallable -= k->recallable;
    d->recalled -= k->recalled;
    k->held = k->recallable = k->recalled = 0;
    k->seconds = 0;
    for (int a = k->first; a != NONE; a = d->attempts[a].next) {
        const struct attempt *t = &d->attempts[a];
        k->seconds += t->seconds;
        if (k->held++ == 0 || !ready)
            continue;
        k->recallable += ms_dispatch_book_recallable(d, a);
        k->recalled += t->recall == RECALLED;
    }
    d->idle += ready && k->held == 0;
    d->recallable += k->recallable;
    d->recalled += k->recalled;
    if (ready && k->held < MS_BATCH_MAX)
        ms_heap_put(&d->hungry, r);
    else
        ms_heap_remove(&d->hungry, r);
    if (k->recallable)
        ms_heap_put(&d->loaded, r);
    else
        ms_heap_remove(&d->loaded, r);
}

void ms_dispatch_book_set_state(struct ms_dispatch *d, int r, enum rank_state state)
{
    struct rank *k = &d->ranks[r];
    d->idle -= k->state == READY && k->held == 0;
    d->ready += (state == READY) - (k->state == READY);
    d->lost += (state == LOST) - (k->state == LOST);
    k->state = state;
    d->idle += state == READY && k->held == 0;
}

static int take_attempt(struct ms_dispatch *d)
{
    if (d->free_attempt != NONE) {
        int a = d->free_attempt;
        d->free_attempt = d->attempts[a].sibling;
        return a;
    }
    if (d->n_attempts == d->room_attempts) {
        int room = d->room_attempts ? 2 * d->room_attempts : 64;
        struct attempt *grown = realloc(d->attempts, (size_t)room * sizeof *grown);
        if (!grown)
            return NONE;
        d->attempts = grown;
        // What an event can say of one attempt: its end and the cancelling of another one.
        if (reserve_actions(d, 4 * (size_t)room))
            return NONE;
        d->room_attempts = room;
    }
    d->attempts[d->n_attempts].generation = 1;
    return d->n_attempts++;
}

int ms_dispatch_book_new_attempt(struct ms_dispatch *d, int t, int r)
{
    int a = take_attempt(d);
    if (a == NONE)
        return NONE;
    struct rank *k = &d->ranks[r];
    struct attempt *n = &d->attempts[a];
    *n = (struct attempt){
        .generation = n->generation,
        .task = t,
        .rank = r,
        .prev = k->last,
        .next = NONE,
        .sibling = d->tasks[t].attempts,
        .seconds = d->tasks[t].seconds,
    };
    *(k->last == NONE ? &k->first : &d->attempts[k->last].next) = a;
    k->last = a;
    d->tasks[t].attempts = a;
    ms_dispatch_book_stop_waiting(d, t);
    ms_dispatch_book_make_current(d, t, a);
    ms_dispatch_book_survey(d, r);
    return a;
}

void ms_dispatch_book_free_attempt(struct ms_dispatch *d, int a)
{
    struct attempt *t = &d->attempts[a];
    struct rank *k = &d->ranks[t->rank];
    if (t->task != NONE) {
        int *at = &d->tasks[t->task].attempts;
        while (*at != a)
            at = &d->attempts[*at].sibling;
        *at = t->sibling;
    }
    *(t->prev == NONE ? &k->first : &d->attempts[t->prev].next) = t->next;
    *(t->next == NONE ? &k->last : &d->attempts[t->next].prev) = t->prev;
    int r = t->rank;
    t->rank = 0;
    t->generation++;
    t->sibling = d->free_attempt;
    d->free_attempt = a;
    ms_dispatch_book_survey(d, r);
}

int ms_dispatch_book_find(const struct ms_dispatch *d, uint64_t id)
{
    uint32_t a = (uint32_t)id;
    if (a >= (uint32_t)d->n_attempts || d->attempts[a].rank == 0 ||
        d->attempts[a].generation != id >> 32)
        return NONE;
    return (int)a;
}

int ms_dispatch_book_new_task(struct ms_dispatch *d, const struct ms_dispatch_execution *t)
{
    int i = d->free_task;
    if (i == NONE) {
        if (d->n_tasks == d->waiting.room) {
            int room = d->n_tasks ? 2 * d->n_tasks : 256;
            struct task *grown = realloc(d->tasks, (size_t)room * sizeof *grown);
            if (!grown)
                return MS_ENOMEM;
            d->tasks = grown;
            if (ms_heap_reserve(&d->waiting, room))
                return MS_ENOMEM;
        }
        i = d->n_tasks++;
    } else {
        d->free_task = d->tasks[i].next_free;
    }
    d->tasks[i] = (struct task){
        .tag = t->tag,
        .order = d->offered++,
        .seconds = isfinite(t->seconds) && t->seconds > 1e-9 ? t->seconds : 1e-9,
        .attempt = t->attempts,
        .current = NONE,
        .attempts = NONE,
    };
    d->waiting_s += d->tasks[i].seconds;
    ms_heap_put(&d->waiting, i);
    return 0;
}

void ms_dispatch_book_wait_again(struct ms_dispatch *d, int t)
{
    d->tasks[t].current = NONE;
    d->held--;
    d->held_s -= d->tasks[t].seconds;
    d->waiting_s += d->tasks[t].seconds;
    ms_heap_put(&d->waiting, t);
}

void ms_dispatch_book_stop_waiting(struct ms_dispatch *d, int t)
{
    ms_heap_remove(&d->waiting, t);
    d->waiting_s = d->waiting.n ? d->waiting_s - d->tasks[t].seconds : 0;
}

void ms_dispatch_book_make_current(struct ms_dispatch *d, int t, int a)
{
    d->tasks[t].current = a;
    d->held++;
    d->held_s += d->tasks[t].seconds;
}

void ms_dispatch_book_end_task(struct ms_dispatch *d, int t, int but)
{
    struct task *k = &d->tasks[t];
    if (k->current == NONE) {
        ms_dispatch_book_stop_waiting(d, t);
    } else {
        d->held--;
        d->held_s = d->held ? d->held_s - k->seconds : 0;
    }
    for (int a = k->attempts, next; a != NONE; a = next) {
        next = d->attempts[a].sibling;
        d->attempts[a].task = NONE;
        if (a != but && d->ranks[d->attempts[a].rank].state == READY)
            ms_dispatch_book_act(d, MS_ACT_CANCEL, d->attempts[a].rank, ms_dispatch_book_id(d, a),
                                 k, MS_END_CANCELLED);
        if (a != but)
            ms_dispatch_book_survey(d, d->attempts[a].rank);
    }
    k->attempts = NONE;
    k->next_free = d->free_task;
    d->free_task = t;
}
