// SPDX-License-Identifier: MIT
//
// The heap under random puts, moves and removals, held against a search through all of its items.
#include "coordinator/run/heap.h"

#include <stdint.h>

#include "check.h"

enum { ROOM = 200, STEPS = 20000 };

static double key[ROOM];

static bool smaller(const void *owner, int a, int b)
{
    const double *k = owner;
    return k[a] != k[b] ? k[a] < k[b] : a < b;
}

static unsigned below(unsigned n)
{
    static uint32_t state = 12345;
    state = state * 1664525u + 1013904223u;
    return (unsigned)((uint64_t)state * n >> 32);
}

static void check(const struct ms_heap *h, const bool *in, int room)
{
    int n = 0, first = -1;
    for (int x = 0; x < room; x++) {
        CHECK_INT(ms_heap_has(h, x), in[x]);
        n += in[x];
        if (in[x] && (first < 0 || smaller(key, x, first)))
            first = x;
        if (in[x])
            CHECK_INT(h->item[h->where[x]], x);
    }
    CHECK_INT(h->n, n);
    if (n)
        CHECK_INT(h->item[0], first);
}

static void test_random(void)
{
    struct ms_heap h = {.before = smaller, .owner = key};
    bool in[ROOM] = {false};
    int room = 10;
    REQUIRE(ms_heap_reserve(&h, room) == 0);
    for (int i = 0; i < STEPS; i++) {
        const int x = (int)below((unsigned)room);
        if (i % 1000 == 999 && room < ROOM) { // grows with items in it
            room += 30;
            room = room < ROOM ? room : ROOM;
            REQUIRE(ms_heap_reserve(&h, room) == 0);
        }
        if (below(3) == 0) {
            ms_heap_remove(&h, x); // also one that is not in
            in[x] = false;
        } else { // in, or to a new place: few keys, so that equal ones occur
            key[x] = below(20);
            ms_heap_put(&h, x);
            in[x] = true;
        }
        check(&h, in, room);
    }
    REQUIRE(ms_heap_reserve(&h, 1) == 0 && h.room == room); // never shrinks
    ms_heap_clear(&h);
    CHECK(h.n == 0 && h.room == 0 && !h.item && !h.where);
}

static void test_order(void)
{
    struct ms_heap h = {.before = smaller, .owner = key};
    REQUIRE(ms_heap_reserve(&h, ROOM) == 0);
    for (int x = 0; x < ROOM; x++) {
        key[x] = (x * 7919) % ROOM;
        ms_heap_put(&h, x);
    }
    for (int i = 0; i < ROOM; i++) {
        CHECK(key[h.item[0]] == i);
        ms_heap_remove(&h, h.item[0]);
    }
    CHECK_INT(h.n, 0);
    ms_heap_clear(&h);
}

int main(void)
{
    test_random();
    test_order();
    return check_done();
}
