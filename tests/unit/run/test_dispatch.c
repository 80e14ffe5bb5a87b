// SPDX-License-Identifier: MIT
//
// The dispatcher, case by case; tests/sim runs it against a hostile world.
#include "coordinator/run/dispatch.h"

#include "check.h"

static struct ms_dispatch *d;
static struct ms_action acts[4096];
static int n_acts;

static void start(int workers, int retries, enum ms_order order)
{
    struct ms_error err;
    struct ms_dispatch_options o = {workers, retries, 0.2, 0, order, 0};
    REQUIRE(ms_dispatch_new(&o, &d, &err) == 0);
}

static void take(void)
{
    n_acts = 0;
    while (n_acts < 4096 && ms_dispatch_next(d, &acts[n_acts]))
        n_acts++;
}

static void event(enum ms_event_kind kind, int rank, uint64_t id, enum ms_end end, double seconds)
{
    ms_dispatch_event(d, &(struct ms_event){kind, rank, id, end, seconds});
    take();
}

static void offer(uint64_t tag, double seconds)
{
    REQUIRE(ms_dispatch_offer(d, &(struct ms_dispatch_execution){tag, seconds, 0}) == 0);
}

static int count(enum ms_action_kind kind, int rank)
{
    int n = 0;
    for (int i = 0; i < n_acts; i++)
        n += acts[i].kind == kind && (rank == 0 || acts[i].rank == rank);
    return n;
}

// The n-th action (0 …) of a kind for a rank (0: any).
static const struct ms_action *nth(enum ms_action_kind kind, int rank, int n)
{
    for (int i = 0; i < n_acts; i++)
        if (acts[i].kind == kind && (rank == 0 || acts[i].rank == rank) && n-- == 0)
            return &acts[i];
    CHECK_THAT(0, "no such action %d of kind %d for rank %d", n, kind, rank);
    static const struct ms_action none;
    return &none;
}

static struct ms_dispatch_state get_state(void)
{
    struct ms_dispatch_state s;
    ms_dispatch_state(d, &s);
    return s;
}

static void test_order(void)
{
    static const double seconds[] = {1, 5, 3, 5, 2};
    static const uint64_t wanted[3][5] = {{1, 3, 2, 4, 0}, {0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}};
    static const enum ms_order orders[] = {MS_ORDER_LONGEST, MS_ORDER_FIRST, MS_ORDER_LAST};
    for (int k = 0; k < 3; k++) {
        start(1, 0, orders[k]);
        for (uint64_t i = 0; i < 5; i++)
            offer(i, seconds[i]);
        event(MS_EV_READY, 1, 0, 0, 0);
        int n = 0;
        for (uint64_t id = 0; n < 5; n++) {
            if (n >= 2) { // two are given at once, then one for each that ends
                event(MS_EV_RESULT, 1, id, MS_END_COMPLETED, 1);
                CHECK_INT(count(MS_ACT_DONE, 1), 1);
            }
            const struct ms_action *a = nth(MS_ACT_ASSIGN, 1, n == 1 ? 1 : 0);
            CHECK_INT(a->tag, wanted[k][n]);
            id = n == 0 || n >= 2 ? a->id : id;
            if (n == 1)
                id = nth(MS_ACT_ASSIGN, 1, 0)->id;
        }
        ms_dispatch_free(d);
    }
}

static void test_everybody_first(void)
{
    start(4, 0, MS_ORDER_LONGEST);
    for (int r = 1; r <= 4; r++)
        event(MS_EV_READY, r, 0, 0, 0);
    for (uint64_t i = 0; i < 20; i++)
        offer(i, 10 + (double)i);
    take();
    for (int i = 0; i < 4; i++) // the four longest, one each, before anybody gets a second
        CHECK(acts[i].kind == MS_ACT_ASSIGN && acts[i].rank == i + 1 &&
              acts[i].tag == 19u - (unsigned)i);
    for (int r = 1; r <= 4; r++) // long executions: one runs, one waits
        CHECK_INT(count(MS_ACT_ASSIGN, r), 2);
    CHECK_INT(get_state().waiting, 12);
    CHECK_INT(get_state().workers_busy, 4);
    uint64_t tags[4];
    CHECK_INT(ms_dispatch_holds(d, 1, tags, 4), 2);
    CHECK_INT(tags[0], 19);
    ms_dispatch_free(d);
}

static void test_batches(void)
{
    // Tiny executions: once measured, a worker gets as many as make batch_s, at most MS_BATCH_MAX.
    start(1, 0, MS_ORDER_FIRST);
    for (uint64_t i = 0; i < 1000; i++)
        offer(i, 1.0); // expected 1 s, measured 10 ms
    event(MS_EV_READY, 1, 0, 0, 0);
    CHECK_INT(count(MS_ACT_ASSIGN, 1), 2);
    uint64_t fifo[1000];
    int first = 0, last = 0;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < n_acts; i++)
            if (acts[i].kind == MS_ACT_ASSIGN)
                fifo[last++] = acts[i].id;
        event(MS_EV_RESULT, 1, fifo[first++], MS_END_COMPLETED, 0.01);
    }
    uint64_t tags[200];
    CHECK_INT(ms_dispatch_holds(d, 1, tags, 200), 20); // 0.2 s of 10 ms
    CHECK_NEAR(get_state().seconds_left, (1000 - 4) * 0.01, 1e-9);
    CHECK_NEAR(get_state().scale, 0.01, 1e-12); // what is not offered yet is scaled by it
    ms_dispatch_free(d);
}

static void test_retry(void)
{
    start(2, 1, MS_ORDER_FIRST);
    event(MS_EV_READY, 1, 0, 0, 0);
    event(MS_EV_READY, 2, 0, 0, 0);
    offer(7, 1);
    take();
    uint64_t id = nth(MS_ACT_ASSIGN, 1, 0)->id;
    event(MS_EV_RESULT, 1, id, MS_END_CRASHED, 0);
    CHECK(nth(MS_ACT_RETRY, 1, 0)->attempt == 0 && nth(MS_ACT_RETRY, 1, 0)->end == MS_END_CRASHED);
    const struct ms_action a = *nth(MS_ACT_ASSIGN, 2, 0); // elsewhere
    CHECK(a.attempt == 1 && a.tag == 7 && a.id != id);
    event(MS_EV_RESULT, 1, id, MS_END_CRASHED, 0); // said twice
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_IGNORE);
    event(MS_EV_RESULT, 2, a.id, MS_END_TIMEOUT, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_GIVE_UP && acts[0].attempt == 1 &&
          acts[0].tag == 7);
    CHECK(ms_dispatch_idle(d));
    struct ms_dispatch_state s = get_state();
    CHECK(s.failed == 1 && s.retried == 1 && s.done == 0);
    offer(8, 1); // an error is not tried again
    take();
    event(MS_EV_RESULT, 1, nth(MS_ACT_ASSIGN, 1, 0)->id, MS_END_ERROR, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_GIVE_UP && acts[0].end == MS_END_ERROR);
    ms_dispatch_free(d);

    start(1, 1, MS_ORDER_FIRST); // nobody else: the same worker again
    event(MS_EV_READY, 1, 0, 0, 0);
    offer(7, 1);
    take();
    event(MS_EV_RESULT, 1, nth(MS_ACT_ASSIGN, 1, 0)->id, MS_END_CRASHED, 0);
    CHECK_INT(count(MS_ACT_ASSIGN, 1), 1);
    ms_dispatch_free(d);

    start(1, 2, MS_ORDER_FIRST); // a store that is continued: two attempts were used
    event(MS_EV_READY, 1, 0, 0, 0);
    REQUIRE(ms_dispatch_offer(d, &(struct ms_dispatch_execution){1, 1, 2}) == 0);
    take();
    CHECK_INT(nth(MS_ACT_ASSIGN, 1, 0)->attempt, 2);
    event(MS_EV_RESULT, 1, nth(MS_ACT_ASSIGN, 1, 0)->id, MS_END_CRASHED, 0);
    CHECK_INT(count(MS_ACT_GIVE_UP, 1), 1);
    ms_dispatch_free(d);
}

static void test_recall(void)
{
    start(2, 0, MS_ORDER_FIRST);
    event(MS_EV_READY, 1, 0, 0, 0);
    offer(1, 10);
    offer(2, 10);
    take();
    CHECK_INT(count(MS_ACT_ASSIGN, 1), 2); // one runs, one waits behind it
    uint64_t running = nth(MS_ACT_ASSIGN, 1, 0)->id, behind = nth(MS_ACT_ASSIGN, 1, 1)->id;
    event(MS_EV_READY, 2, 0, 0, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_RECALL && acts[0].rank == 1 &&
          acts[0].id == behind);
    event(MS_EV_RETURNED, 1, behind, 0, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_ASSIGN && acts[0].rank == 2 && acts[0].tag == 2);
    CHECK_INT(acts[0].attempt, 0); // it had not begun
    CHECK(acts[0].id != behind);
    uint64_t moved = acts[0].id;
    event(MS_EV_RETURNED, 1, 0, 0, 0);
    CHECK_INT(n_acts, 0);
    uint64_t tag;
    int rank;
    CHECK(!ms_dispatch_find(d, behind, &tag, &rank));
    CHECK(ms_dispatch_find(d, moved, &tag, &rank) && tag == 2 && rank == 2);
    event(MS_EV_RESULT, 2, moved, MS_END_COMPLETED, 1);
    event(MS_EV_RESULT, 1, running, MS_END_COMPLETED, 1);
    CHECK(ms_dispatch_idle(d) && get_state().done == 2);
    ms_dispatch_free(d);
}

static void test_refused(void)
{
    // An execution that one worker cannot return is asked of the next, and of nobody twice.
    start(3, 0, MS_ORDER_FIRST);
    event(MS_EV_READY, 1, 0, 0, 0);
    event(MS_EV_READY, 2, 0, 0, 0);
    for (uint64_t i = 0; i < 4; i++)
        offer(i, 10 - (double)i);
    take();
    CHECK(count(MS_ACT_ASSIGN, 1) == 2 && count(MS_ACT_ASSIGN, 2) == 2);
    uint64_t held = nth(MS_ACT_ASSIGN, 2, 0)->id;
    event(MS_EV_READY, 3, 0, 0, 0);
    REQUIRE(n_acts == 1 && acts[0].kind == MS_ACT_RECALL);
    int from = acts[0].rank;
    event(MS_EV_RETURNED, from, 0, 0, 0); // an empty answer: it had begun
    REQUIRE(n_acts == 1 && acts[0].kind == MS_ACT_RECALL);
    CHECK_INT(acts[0].rank, 3 - from);
    event(MS_EV_RETURNED, acts[0].rank, 0, 0, 0);
    CHECK_INT(n_acts, 0);
    // A worker speaks for its own attempts only.
    event(MS_EV_RESULT, 1, held, MS_END_COMPLETED, 1);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_IGNORE && get_state().done == 0);
    event(MS_EV_RETURNED, 1, held, 0, 0);
    CHECK(n_acts == 0 && get_state().held == 4);
    ms_dispatch_free(d);
}

static void test_lost(void)
{
    start(2, 3, MS_ORDER_FIRST);
    event(MS_EV_READY, 1, 0, 0, 0);
    offer(1, 10);
    offer(2, 10);
    take();
    uint64_t one = nth(MS_ACT_ASSIGN, 1, 0)->id, two = nth(MS_ACT_ASSIGN, 1, 1)->id;
    event(MS_EV_LOST, 1, 0, 0, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_RETRY &&
          acts[0].id == one); // the second had not begun
    CHECK(acts[0].end == MS_END_LOST && acts[0].attempt == 0);
    struct ms_dispatch_state s = get_state();
    CHECK(s.workers_ready == 0 && s.workers_lost == 1 && s.waiting == 2 && s.held == 0);
    event(MS_EV_LOST, 1, 0, 0, 0);
    CHECK_INT(n_acts, 0);
    event(MS_EV_READY, 2, 0, 0, 0);
    CHECK_INT(count(MS_ACT_ASSIGN, 2), 2);
    uint64_t again = acts[0].id;
    CHECK(acts[0].tag == 1 && acts[0].attempt == 1 && acts[1].tag == 2 && acts[1].attempt == 0);
    uint64_t tag;
    int rank;
    CHECK(ms_dispatch_find(d, one, &tag, &rank) && tag == 1); // its epochs may still count

    // It was only slow: its result is as good as any, the second try is called off.
    event(MS_EV_RESULT, 1, one, MS_END_COMPLETED, 1);
    CHECK(acts[0].kind == MS_ACT_DONE && acts[0].id == one && acts[0].tag == 1 &&
          acts[0].rank == 1);
    CHECK_INT(acts[0].attempt, 1); // attempt 0 was recorded as lost
    CHECK(count(MS_ACT_CANCEL, 2) == 1 && nth(MS_ACT_CANCEL, 2, 0)->id == again);
    CHECK(count(MS_ACT_RECALL, 1) == 1 && nth(MS_ACT_RECALL, 1, 0)->id == two);
    CHECK_INT(get_state().workers_ready, 2);
    event(MS_EV_RETURNED, 1, two, 0, 0);
    event(MS_EV_RESULT, 2, again, MS_END_CANCELLED, 1);
    CHECK(acts[0].kind == MS_ACT_IGNORE);
    event(MS_EV_RESULT, 1, one, MS_END_COMPLETED, 1); // twice
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_IGNORE);
    s = get_state();
    CHECK(s.done == 1 && s.held == 1 && s.waiting == 0);
    ms_dispatch_free(d);
}

// A worker that says it leaves uses up no attempt, however often that happens and whatever is
// allowed.
static void test_left(void)
{
    start(3, 0, MS_ORDER_FIRST);
    offer(1, 10);
    for (int r = 1; r <= 2; r++) {
        event(MS_EV_READY, r, 0, 0, 0);
        CHECK(count(MS_ACT_ASSIGN, r) == 1 && acts[0].tag == 1 && acts[0].attempt == 0);
        const uint64_t id = acts[0].id;
        event(MS_EV_LEFT, r, 0, 0, 0);
        CHECK(n_acts == 1 && acts[0].kind == MS_ACT_RETRY && acts[0].id == id);
        CHECK(acts[0].end == MS_END_INTERRUPTED && get_state().waiting == 1 &&
              get_state().failed == 0);
        CHECK_INT(get_state().workers_lost, r);
    }
    event(MS_EV_READY, 3, 0, 0, 0);
    event(MS_EV_LOST, 3, 0, 0, 0); // and one that falls silent does
    CHECK(acts[0].kind == MS_ACT_GIVE_UP && get_state().failed == 1);
    ms_dispatch_free(d);
}

static void test_taken_back(void)
{
    // The only worker falls silent and speaks again: what it runs is not begun anew.
    start(1, 3, MS_ORDER_FIRST);
    event(MS_EV_READY, 1, 0, 0, 0);
    offer(1, 10);
    offer(2, 10);
    take();
    uint64_t one = nth(MS_ACT_ASSIGN, 1, 0)->id, two = nth(MS_ACT_ASSIGN, 1, 1)->id;
    event(MS_EV_LOST, 1, 0, 0, 0);
    event(MS_EV_READY, 1, 0, 0, 0);
    CHECK(count(MS_ACT_ASSIGN, 0) == 0 && count(MS_ACT_RECALL, 1) == 2);
    CHECK_INT(get_state().held, 2);
    event(MS_EV_RETURNED, 1, two, 0, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_ASSIGN && acts[0].tag == 2 && acts[0].attempt == 0);
    two = acts[0].id;
    event(MS_EV_RETURNED, 1, 0, 0, 0);
    event(MS_EV_RESULT, 1, one, MS_END_COMPLETED, 1);
    CHECK(acts[0].kind == MS_ACT_DONE && acts[0].attempt == 1);
    event(MS_EV_RESULT, 1, two, MS_END_COMPLETED, 1);
    CHECK(ms_dispatch_idle(d) && get_state().done == 2);
    ms_dispatch_free(d);
}

static void test_drain(void)
{
    start(1, 3, MS_ORDER_FIRST);
    event(MS_EV_READY, 1, 0, 0, 0);
    offer(1, 1);
    offer(2, 1);
    offer(3, 1);
    take();
    uint64_t one = nth(MS_ACT_ASSIGN, 1, 0)->id;
    event(MS_EV_DRAIN, 0, 0, 0, 0);
    CHECK_INT(ms_dispatch_wants(d), 0);
    event(MS_EV_RESULT, 1, one, MS_END_COMPLETED, 1);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_DONE);
    // Nonsense from outside changes nothing.
    event(MS_EV_RESULT, 99, one, MS_END_COMPLETED, 1);
    event(MS_EV_READY, 0, 0, 0, 0);
    CHECK_INT(n_acts, 0);
    event(MS_EV_RESULT, 1, UINT64_MAX, MS_END_COMPLETED, 1);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_IGNORE);
    ms_dispatch_free(d);
}

// With a depth, what is wanted and what a worker holds depend on the executions alone, however
// short they are.
static void test_depth(void)
{
    struct ms_error err;
    REQUIRE(ms_dispatch_new(
                &(struct ms_dispatch_options){
                    .n_workers = 1, .batch_s = 10, .order = MS_ORDER_FIRST, .depth = 2},
                &d, &err) == 0);
    CHECK_INT(ms_dispatch_wants(d), 2);
    offer(1, 1e-6);
    CHECK_INT(ms_dispatch_wants(d), 1);
    offer(2, 1e-6);
    CHECK_INT(ms_dispatch_wants(d), 0);
    event(MS_EV_READY, 1, 0, 0, 0);
    REQUIRE(count(MS_ACT_ASSIGN, 1) == 2);
    uint64_t runs = acts[0].id, waits = acts[1].id;
    CHECK_INT(ms_dispatch_wants(d), 0); // held ones count
    for (uint64_t i = 3; i < 20; i++) {
        event(MS_EV_RESULT, 1, runs, MS_END_COMPLETED, 1e-7); // much shorter than a batch
        CHECK_INT(ms_dispatch_wants(d), 1);
        offer(i, 1e-6);
        take();
        REQUIRE(count(MS_ACT_ASSIGN, 1) == 1);
        CHECK_INT(get_state().held, 2);
        runs = waits;
        waits = acts[0].id;
    }
    ms_dispatch_free(d);
}

// A budget of time: what runs ends, the rest is forgotten, wherever it is; then there may be more.
static void test_stop(void)
{
    start(2, 3, MS_ORDER_FIRST);
    for (uint64_t i = 1; i <= 6; i++)
        offer(i, 1);
    event(MS_EV_READY, 1, 0, 0, 0);
    event(MS_EV_READY, 2, 0, 0, 0);
    uint64_t runs = nth(MS_ACT_ASSIGN, 2, 0)->id, waits = nth(MS_ACT_ASSIGN, 2, 1)->id;
    uint64_t tag;
    CHECK(get_state().waiting == 2 && get_state().held == 4);
    event(MS_EV_STOP, 0, 0, 0, 0);
    CHECK(n_acts == 2 && count(MS_ACT_RECALL, 1) == 1 && count(MS_ACT_RECALL, 2) == 1);
    CHECK(nth(MS_ACT_RECALL, 2, 0)->id == waits);
    CHECK(get_state().waiting == 0 && get_state().held == 4 && ms_dispatch_wants(d) == 0);
    event(MS_EV_RETURNED, 2, waits, 0, 0);
    CHECK(n_acts == 0 && get_state().held == 3 && get_state().waiting == 0);
    event(MS_EV_RESULT, 2, runs, MS_END_PAUSED, 1); // a part that ended is done
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_DONE && acts[0].end == MS_END_PAUSED);
    event(MS_EV_RETURNED, 1, 0, 0, 0); // the other one had begun what was to come back
    CHECK(get_state().held == 2 && !ms_dispatch_idle(d));
    event(MS_EV_LOST, 1, 0, 0, 0);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_RETRY); // recorded, but not tried again
    CHECK(ms_dispatch_idle(d) && ms_dispatch_wants(d) == 0);
    CHECK(!ms_dispatch_find(d, runs, &tag, &(int){0}));
    event(MS_EV_GO, 0, 0, 0, 0);
    CHECK(ms_dispatch_wants(d) > 0);
    offer(7, 1);
    take();
    CHECK(n_acts == 1 && nth(MS_ACT_ASSIGN, 2, 0)->tag == 7);
    event(MS_EV_RESULT, 2, nth(MS_ACT_ASSIGN, 2, 0)->id, MS_END_PRUNED, 1);
    CHECK(n_acts == 1 && acts[0].kind == MS_ACT_DONE && acts[0].end == MS_END_PRUNED);
    ms_dispatch_free(d);
}

int main(void)
{
    test_order();
    test_everybody_first();
    test_batches();
    test_retry();
    test_recall();
    test_refused();
    test_lost();
    test_left();
    test_taken_back();
    test_drain();
    test_depth();
    test_stop();
    return check_done();
}
