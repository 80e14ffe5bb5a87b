// SPDX-License-Identifier: MIT
//
// Records refer to one another by index, because their arrays move when they grow; free records
// form lists. Invariants: an execution waits or has a current attempt, never both; the sums of
// struct ms_book are those over its ranks and executions after every function here, except between
// ms_book_set_state and the survey that must follow it.
#include "book.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

enum { NONE = MS_BOOK_NONE };

// --- life cycle --------------------------------------------------------------

static bool hungrier(const void *owner, int a, int c)
{
    const struct ms_book *b = owner;
    const struct rank *x = &b->ranks[a], *y = &b->ranks[c];
    const int cx = x->held < 2 ? x->held : 2, cy = y->held < 2 ? y->held : 2;
    if (cx != cy)
        return cx < cy;
    return x->seconds != y->seconds ? x->seconds < y->seconds : a < c;
}

static bool more_loaded(const void *owner, int a, int c)
{
    const struct ms_book *b = owner;
    const struct rank *x = &b->ranks[a], *y = &b->ranks[c];
    if (x->seconds != y->seconds)
        return x->seconds > y->seconds;
    return x->recallable != y->recallable ? x->recallable > y->recallable : a < c;
}

int ms_book_init(struct ms_book *b, int n_workers, int most_held,
                 bool (*before)(const void *owner, int x, int y), const void *owner,
                 struct ms_error *err)
{
    *b = (struct ms_book){
        .n_workers = n_workers,
        .most_held = most_held,
        .free_execution = NONE,
        .free_attempt = NONE,
        .waiting = {.before = before, .owner = owner},
        .hungry = {.before = hungrier, .owner = b},
        .loaded = {.before = more_loaded, .owner = b},
    };
    b->ranks = calloc((size_t)n_workers + 1, sizeof *b->ranks);
    if (!b->ranks || ms_heap_reserve(&b->hungry, n_workers + 1) ||
        ms_heap_reserve(&b->loaded, n_workers + 1))
        return ms_no_memory(err, "%d workers", n_workers);
    for (int r = 0; r <= n_workers; r++)
        b->ranks[r].first = b->ranks[r].last = NONE;
    return 0;
}

void ms_book_clear(struct ms_book *b)
{
    ms_heap_clear(&b->waiting);
    ms_heap_clear(&b->hungry);
    ms_heap_clear(&b->loaded);
    free(b->executions);
    free(b->attempts);
    free(b->ranks);
}

// --- ranks -------------------------------------------------------------------

void ms_book_set_state(struct ms_book *b, int r, enum rank_state state)
{
    struct rank *k = &b->ranks[r];
    b->idle -= k->state == READY && k->held == 0;
    b->ready += (state == READY) - (k->state == READY);
    b->lost += (state == LOST) - (k->state == LOST);
    k->state = state;
    b->idle += state == READY && k->held == 0;
}

bool ms_book_recallable(const struct ms_book *b, int a)
{
    const struct attempt *t = &b->attempts[a];
    if (t->recall != NOT_RECALLED || t->execution == NONE || t->prev == NONE)
        return false;
    const struct execution *x = &b->executions[t->execution];
    return x->current == a && !(x->avoid && x->moved);
}

static void put_if(struct ms_heap *h, int r, bool in)
{
    if (in)
        ms_heap_put(h, r);
    else
        ms_heap_remove(h, r);
}

void ms_book_survey(struct ms_book *b, int r)
{
    struct rank *k = &b->ranks[r];
    const bool ready = k->state == READY;
    b->idle -= ready && k->held == 0;
    b->recalled -= k->recalled;
    k->held = k->recallable = k->recalled = 0;
    k->seconds = 0;
    for (int a = k->first; a != NONE; a = b->attempts[a].next) {
        const struct attempt *t = &b->attempts[a];
        k->seconds += t->seconds;
        if (k->held++ == 0 || !ready)
            continue;
        k->recallable += ms_book_recallable(b, a);
        k->recalled += t->recall == RECALLED;
    }
    b->idle += ready && k->held == 0;
    b->recalled += k->recalled;
    put_if(&b->hungry, r, ready && k->held < b->most_held);
    put_if(&b->loaded, r, k->recallable > 0);
}

// --- executions --------------------------------------------------------------

static int new_execution(struct ms_book *b)
{
    const int free_one = b->free_execution;
    if (free_one != NONE) {
        b->free_execution = b->executions[free_one].next_free;
        return free_one;
    }
    if (ms_grow(&b->executions, &b->room_executions, (size_t)b->n_executions + 1,
                sizeof *b->executions, "the executions that wait", NULL) ||
        ms_heap_reserve(&b->waiting, (int)b->room_executions))
        return NONE;
    return b->n_executions++;
}

int ms_book_add(struct ms_book *b, uint64_t tag, double seconds, uint32_t attempt)
{
    const int x = new_execution(b);
    if (x == NONE)
        return MS_ENOMEM;
    b->executions[x] = (struct execution){
        .tag = tag,
        .order = b->offered++,
        .seconds = isfinite(seconds) && seconds > 1e-9 ? seconds : 1e-9,
        .attempt = attempt,
        .current = NONE,
        .attempts = NONE,
    };
    b->waiting_s += b->executions[x].seconds;
    ms_heap_put(&b->waiting, x);
    return 0;
}

void ms_book_wait_again(struct ms_book *b, int x)
{
    b->executions[x].current = NONE;
    b->held--;
    b->held_s -= b->executions[x].seconds;
    b->waiting_s += b->executions[x].seconds;
    ms_heap_put(&b->waiting, x);
}

void ms_book_stop_waiting(struct ms_book *b, int x)
{
    ms_heap_remove(&b->waiting, x);
    b->waiting_s = b->waiting.n ? b->waiting_s - b->executions[x].seconds : 0;
}

void ms_book_make_current(struct ms_book *b, int x, int a)
{
    b->executions[x].current = a;
    b->held++;
    b->held_s += b->executions[x].seconds;
}

void ms_book_end(struct ms_book *b, int x, int except)
{
    struct execution *k = &b->executions[x];
    if (k->current == NONE) {
        ms_book_stop_waiting(b, x);
    } else {
        b->held--;
        b->held_s = b->held ? b->held_s - k->seconds : 0;
    }
    for (int a = k->attempts, next; a != NONE; a = next) {
        next = b->attempts[a].sibling;
        b->attempts[a].execution = NONE;
        if (a != except)
            ms_book_survey(b, b->attempts[a].rank);
    }
    k->attempts = NONE;
    k->next_free = b->free_execution;
    b->free_execution = x;
}

// --- attempts ----------------------------------------------------------------

int ms_book_reserve_attempt(struct ms_book *b)
{
    if (b->free_attempt != NONE)
        return 0;
    return ms_grow(&b->attempts, &b->room_attempts, (size_t)b->n_attempts + 1, sizeof *b->attempts,
                   "attempts", NULL);
}

static int take_attempt(struct ms_book *b)
{
    int a = b->free_attempt;
    if (a != NONE) {
        b->free_attempt = b->attempts[a].sibling;
        return a;
    }
    a = b->n_attempts++;
    b->attempts[a].generation = 1;
    return a;
}

int ms_book_give(struct ms_book *b, int x, int r)
{
    const int a = take_attempt(b);
    struct rank *k = &b->ranks[r];
    struct attempt *t = &b->attempts[a];
    *t = (struct attempt){
        .generation = t->generation,
        .execution = x,
        .rank = r,
        .prev = k->last,
        .next = NONE,
        .sibling = b->executions[x].attempts,
        .seconds = b->executions[x].seconds,
    };
    *(k->last == NONE ? &k->first : &b->attempts[k->last].next) = a;
    k->last = a;
    b->executions[x].attempts = a;
    ms_book_stop_waiting(b, x);
    ms_book_make_current(b, x, a);
    ms_book_survey(b, r);
    return a;
}

void ms_book_free_attempt(struct ms_book *b, int a)
{
    struct attempt *t = &b->attempts[a];
    const int r = t->rank;
    struct rank *k = &b->ranks[r];
    if (t->execution != NONE) {
        int *at = &b->executions[t->execution].attempts;
        while (*at != a)
            at = &b->attempts[*at].sibling;
        *at = t->sibling;
    }
    *(t->prev == NONE ? &k->first : &b->attempts[t->prev].next) = t->next;
    *(t->next == NONE ? &k->last : &b->attempts[t->next].prev) = t->prev;
    t->rank = 0;
    t->generation++;
    t->sibling = b->free_attempt;
    b->free_attempt = a;
    ms_book_survey(b, r);
}

uint64_t ms_book_id(const struct ms_book *b, int a)
{
    return (uint64_t)b->attempts[a].generation << 32 | (uint32_t)a;
}

int ms_book_find(const struct ms_book *b, uint64_t id)
{
    const uint32_t a = (uint32_t)id;
    if (a >= (uint32_t)b->n_attempts || b->attempts[a].rank == 0 ||
        b->attempts[a].generation != id >> 32)
        return NONE;
    return (int)a;
}
