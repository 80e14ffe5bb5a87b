// SPDX-License-Identifier: MIT
//
// The world that tests/sim puts the dispatcher into: virtual time, a queue of events, workers that
// behave as worker/process/shell.c does, and messages that take their time. One program includes
// it.
#ifndef MLPSWEEP_TESTS_SIM_WORLD_H
#define MLPSWEEP_TESTS_SIM_WORLD_H

#include <stdbool.h>

#include "check.h"
#include "coordinator/run/dispatch.h"

enum {
    MAX_WORKERS = 24,
    MAX_EXECUTIONS = 1000,
    MAX_HELD = 1024,
    MAX_ATTEMPTS = 1 << 17,
    QUEUE = 1 << 16
};
static uint64_t seed, rng;
static uint64_t random64(void)
{
    rng += 0x9e3779b97f4a7c15u; // splitmix64
    uint64_t z = rng;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}
static double uniform(void)
{
    return (double)(random64() >> 11) * 0x1p-53;
}
static int below(int n)
{
    return (int)(uniform() * n);
}
static bool chance(double p)
{
    return uniform() < p;
}

#define HOLDS(ok, ...)                                                                             \
    do {                                                                                           \
        if (!(ok)) {                                                                               \
            fprintf(stderr, "MS_SIM_SEED=%llu, at %.6f s: ", (unsigned long long)seed, now);       \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fprintf(stderr, " (%s:%d)\n", __FILE__, __LINE__);                                     \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

// --- the world ---------------------------------------------------------------

enum kind {
    TO_ASSIGN,
    TO_RECALL,
    TO_CANCEL,
    FROM_READY,
    FROM_RESULT,
    FROM_RETURNED,
    FROM_PONG,
    AT_END,
    AT_DEATH,
    AT_SILENCE,
    AT_PONG,
    AT_WATCH
};

struct event {
    double at;
    uint64_t order;
    enum kind kind;
    int rank;
    uint64_t id;
    enum ms_end end;
    double seconds;
    uint32_t
        generation; // AT_END: of the worker's running attempt; TO_…: of the coordinator's patience
};

struct given { // an attempt, as its worker knows it
    uint64_t id;
    bool cancelled;
};

struct worker {
    bool dead;
    double silent_until;
    struct given fifo[MAX_HELD]; // [0] runs
    int n;
    uint32_t generation;
    double in_at, out_at; // last delivery of each direction: order is kept
    double busy_s;
    // The coordinator's view:
    bool known, lost;
    double heard_s;
    uint32_t forgotten; // messages sent before this many forgets may be lost
    int held;
};

enum nature { GOOD, POISON, WRONG }; // POISON crashes its trainer always; WRONG is refused

struct execution {
    enum nature nature;
    double seconds, expected;
    bool offered, over, waits;
    int retries, failed_on;
    uint64_t holder; // current attempt, 0: none
    bool moved;
};

struct attempt {
    uint64_t id;
    int tag, rank;
    bool answered, stale, asked; // stale: its worker was lost meanwhile
    bool cancelled;
};

static struct {
    int workers, executions, max_retries, offered, over, hand;
    double latency, crash, duplicate;
    bool calm;
} w;
static struct worker worker[MAX_WORKERS + 1];
static struct execution execution[MAX_EXECUTIONS];
static struct attempt *attempts;
static int n_attempts;
static struct event *queue;
static int n_queue;
static uint64_t order_of_events;
static double now;
static struct ms_dispatch *d;
static int n_done, n_given_up;

static bool earlier(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void post(struct event e)
{
    HOLDS(n_queue < QUEUE, "too many events");
    e.order = order_of_events++;
    int i = n_queue++;
    for (; i > 0 && earlier(&e, &queue[(i - 1) / 2]); i = (i - 1) / 2)
        queue[i] = queue[(i - 1) / 2];
    queue[i] = e;
}

static struct event pop(void)
{
    struct event first = queue[0], last = queue[--n_queue];
    int i = 0;
    for (int c; (c = 2 * i + 1) < n_queue; i = c) {
        if (c + 1 < n_queue && earlier(&queue[c + 1], &queue[c]))
            c++;
        if (!earlier(&queue[c], &last))
            break;
        queue[i] = queue[c];
    }
    queue[i] = last;
    return first;
}

static struct attempt *find(uint64_t id)
{
    for (int i = n_attempts - 1; i >= 0; i--)
        if (attempts[i].id == id)
            return &attempts[i];
    return NULL;
}

// Between a worker and the coordinator: late, but in order.
static void carry(struct event e, double *last)
{
    double latency = w.latency * (w.calm ? 1 : 0.2 + 2 * uniform());
    double from = now > worker[e.rank].silent_until ? now : worker[e.rank].silent_until;
    e.at = from + latency > *last ? from + latency : *last;
    *last = e.at;
    post(e);
}

static void from_worker(int r, enum kind kind, uint64_t id, enum ms_end end, double seconds)
{
    if (worker[r].dead)
        return;
    struct event e = {.kind = kind, .rank = r, .id = id, .end = end, .seconds = seconds};
    carry(e, &worker[r].in_at);
    if (kind == FROM_RESULT && chance(w.duplicate))
        carry(e, &worker[r].in_at);
}

// --- workers -----------------------------------------------------------------

static void begin(int r)
{
    struct worker *k = &worker[r];
    if (k->n == 0)
        return;
    const struct execution *t = &execution[find(k->fifo[0].id)->tag];
    double s = t->seconds;
    static const enum ms_end good[] = {MS_END_COMPLETED, MS_END_STOPPED, MS_END_DIVERGED};
    enum ms_end end = t->nature == WRONG ? MS_END_ERROR : good[(t - execution) % 3];
    if (t->nature == POISON || chance(w.crash)) {
        end = chance(0.5) ? MS_END_CRASHED : MS_END_TIMEOUT;
        s *= uniform();
    }
    post((struct event){.at = now + s,
                        .kind = AT_END,
                        .rank = r,
                        .id = k->fifo[0].id,
                        .end = end,
                        .seconds = s,
                        .generation = ++k->generation});
}

static void drop(struct worker *k, int i)
{
    memmove(k->fifo + i, k->fifo + i + 1, (size_t)(--k->n - i) * sizeof *k->fifo);
}

static void attempt_ends(const struct event *e)
{
    struct worker *k = &worker[e->rank];
    if (k->dead || e->generation != k->generation)
        return;
    HOLDS(k->n && k->fifo[0].id == e->id, "the simulator's worker lost its attempt");
    k->busy_s += e->seconds;
    from_worker(e->rank, FROM_RESULT, e->id, k->fifo[0].cancelled ? MS_END_CANCELLED : e->end,
                e->seconds);
    drop(k, 0);
    begin(e->rank);
}

// Plays the shell that gets a message.
static void worker_hears(const struct event *e)
{
    struct worker *k = &worker[e->rank];
    if (k->dead || (e->generation < k->forgotten && chance(0.5)))
        return;
    int at = -1;
    for (int i = 0; i < k->n; i++)
        at = k->fifo[i].id == e->id ? i : at;
    if (e->kind == TO_ASSIGN) {
        HOLDS(at < 0, "attempt %llx is given twice", (unsigned long long)e->id);
        HOLDS(k->n < MAX_HELD, "a worker is flooded");
        k->fifo[k->n++] = (struct given){e->id, false};
        if (k->n == 1)
            begin(e->rank);
        return;
    }
    bool in_hand = at >= 0 && at < w.hand;
    if (e->kind == TO_RECALL) {
        if (at >= 0 && !in_hand)
            drop(k, at);
        if (!in_hand)
            from_worker(e->rank, FROM_RETURNED, e->id, 0, 0);
        from_worker(e->rank, FROM_RETURNED, 0, 0, 0);
    } else if (at < 0) {
        from_worker(e->rank, FROM_RETURNED, e->id, 0, 0);
    } else if (at == 0) {
        k->fifo[0].cancelled = true; // at the end of its epoch
    } else {
        drop(k, at);
        from_worker(e->rank, FROM_RESULT, e->id, MS_END_CANCELLED, 0);
    }
}

#endif
