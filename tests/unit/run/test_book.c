// SPDX-License-Identifier: MIT
//
// The dispatcher's books under random bookings: after each of them every sum, heap and list is held
// against a count made anew from the records.
#include "coordinator/run/book.h"

#include "check.h"

enum { WORKERS = 5, MOST_HELD = 4, STEPS = 20000, IDS = 1 << 16, NONE = MS_BOOK_NONE };

static struct ms_book b;
static uint64_t ids[IDS]; // of all attempts there ever were
static bool lives[IDS];
static int n_ids;

static unsigned below(unsigned n)
{
    static uint64_t state = 88172645463325252u; // xorshift64
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 32) % n;
}

static bool first_offered(const void *owner, int x, int y)
{
    const struct ms_book *of = owner;
    return of->executions[x].order < of->executions[y].order;
}

static int index_of(uint64_t id)
{
    for (int i = n_ids - 1; i >= 0; i--)
        if (ids[i] == id)
            return i;
    return -1;
}

// --- the check ---------------------------------------------------------------

static void check_rank(int r)
{
    const struct rank *k = &b.ranks[r];
    int held = 0, recallable = 0, recalled = 0, before = NONE;
    double seconds = 0;
    for (int a = k->first; a != NONE; before = a, a = b.attempts[a].next) {
        CHECK_INT(b.attempts[a].prev, before);
        CHECK_INT(b.attempts[a].rank, r);
        seconds += b.attempts[a].seconds;
        if (held++ > 0 && k->state == READY) {
            recallable += ms_book_recallable(&b, a);
            recalled += b.attempts[a].recall == RECALLED;
        }
    }
    CHECK_INT(k->last, before);
    CHECK(k->held == held && k->recallable == recallable && k->recalled == recalled);
    CHECK_NEAR(k->seconds, seconds, 1e-12);
    CHECK_INT(ms_heap_has(&b.hungry, r), k->state == READY && held < MOST_HELD);
    CHECK_INT(ms_heap_has(&b.loaded, r), recallable > 0);
}

static void check_sums(void)
{
    int ready = 0, idle = 0, lost = 0, recalled = 0, waiting = 0, held = 0;
    double waiting_s = 0, held_s = 0;
    for (int r = 1; r <= WORKERS; r++) {
        check_rank(r);
        ready += b.ranks[r].state == READY;
        lost += b.ranks[r].state == LOST;
        idle += b.ranks[r].state == READY && b.ranks[r].held == 0;
        recalled += b.ranks[r].recalled;
    }
    for (int a = 0; a < b.n_attempts; a++) {
        const struct attempt *t = &b.attempts[a];
        if (t->rank && t->execution != NONE && b.executions[t->execution].current == a) {
            held++;
            held_s += b.executions[t->execution].seconds;
        }
    }
    for (int x = 0; x < b.n_executions; x++)
        if (ms_heap_has(&b.waiting, x)) {
            CHECK_INT(b.executions[x].current, NONE);
            CHECK(b.executions[b.waiting.item[0]].order <= b.executions[x].order);
            waiting++;
            waiting_s += b.executions[x].seconds;
        }
    CHECK(b.ready == ready && b.idle == idle && b.lost == lost && b.recalled == recalled);
    CHECK(b.waiting.n == waiting && b.held == held);
    CHECK_NEAR(b.waiting_s, waiting_s, 1e-9);
    CHECK_NEAR(b.held_s, held_s, 1e-9);
    if (b.hungry.n)
        for (int i = 1; i < b.hungry.n; i++) {
            const struct rank *least = &b.ranks[b.hungry.item[0]], *k = &b.ranks[b.hungry.item[i]];
            CHECK((least->held < 2 ? least->held : 2) <= (k->held < 2 ? k->held : 2));
        }
    for (int i = 1; i < b.loaded.n; i++)
        CHECK(b.ranks[b.loaded.item[0]].seconds >= b.ranks[b.loaded.item[i]].seconds);
}

// --- bookings ----------------------------------------------------------------

static void add(void)
{
    static uint64_t tag;
    CHECK_INT(ms_book_add(&b, ++tag, 0.25 + below(8), below(3)), 0);
}

static void give(int r)
{
    if (b.waiting.n == 0 || b.ranks[r].state != READY || b.ranks[r].held == MOST_HELD)
        return;
    CHECK_INT(ms_book_reserve_attempt(&b), 0);
    const int x = b.waiting.item[0], a = ms_book_give(&b, x, r);
    const uint64_t id = ms_book_id(&b, a);
    CHECK(b.executions[x].current == a && b.ranks[r].last == a);
    CHECK_THAT(index_of(id) < 0, "the id %llx is used again", (unsigned long long)id);
    CHECK_INT(ms_book_find(&b, id), a);
    REQUIRE(n_ids < IDS);
    lives[n_ids] = true;
    ids[n_ids++] = id;
}

// An attempt in use, or NONE.
static int any_attempt(void)
{
    for (int tries = 0; tries < 20 && b.n_attempts; tries++) {
        const int a = (int)below((unsigned)b.n_attempts);
        if (b.attempts[a].rank)
            return a;
    }
    return NONE;
}

static void let_go(int a)
{
    const uint64_t id = ms_book_id(&b, a);
    const int x = b.attempts[a].execution;
    if (x != NONE && b.executions[x].current == a)
        ms_book_wait_again(&b, x);
    ms_book_free_attempt(&b, a);
    lives[index_of(id)] = false;
    CHECK_INT(ms_book_find(&b, id), NONE);
}

static void end(int a)
{
    const int x = b.attempts[a].execution;
    if (x == NONE)
        return;
    const uint64_t id = ms_book_id(&b, a);
    ms_book_end(&b, x, a);
    CHECK_INT(b.attempts[a].execution, NONE);
    ms_book_free_attempt(&b, a);
    lives[index_of(id)] = false;
}

static void lose(int r)
{
    if (b.ranks[r].state != READY)
        return;
    ms_book_set_state(&b, r, LOST);
    for (int a = b.ranks[r].first; a != NONE; a = b.attempts[a].next) {
        const int x = b.attempts[a].execution;
        b.attempts[a].recall = NOT_RECALLED;
        if (x != NONE && b.executions[x].current == a)
            ms_book_wait_again(&b, x);
    }
    ms_book_survey(&b, r);
}

static void ask_back(int a)
{
    b.attempts[a].recall = RECALLED;
    ms_book_survey(&b, b.attempts[a].rank);
}

static void step(void)
{
    const int r = 1 + (int)below(WORKERS), a = any_attempt();
    switch (below(8)) {
    case 0:
    case 1:
        if (b.waiting.n < 40)
            add();
        break;
    case 2:
    case 3:
        give(r);
        break;
    case 4:
        if (a != NONE)
            let_go(a);
        break;
    case 5:
        if (a != NONE)
            end(a);
        break;
    case 6:
        if (a != NONE && ms_book_recallable(&b, a))
            ask_back(a);
        break;
    default:
        if (below(10) == 0) {
            lose(r);
        } else if (b.ranks[r].state != READY) {
            ms_book_set_state(&b, r, READY);
            ms_book_survey(&b, r);
        }
    }
}

int main(void)
{
    struct ms_error err;
    REQUIRE(ms_book_init(&b, WORKERS, MOST_HELD, first_offered, &b, &err) == 0);
    check_sums();
    for (int i = 0; i < STEPS && !check_failed; i++) {
        step();
        check_sums();
    }
    for (int i = 0; i < n_ids; i++)
        CHECK_INT(ms_book_find(&b, ids[i]) != NONE, lives[i]);
    CHECK(n_ids > 1000 && b.n_attempts < WORKERS * 200); // records are used again
    ms_book_clear(&b);
    return check_done();
}
