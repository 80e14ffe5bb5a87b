// SPDX-License-Identifier: MIT
//
// Invariants: where[item[i]] is i for all i < n, and -1 for every index that is not in; no item
// comes before its parent (i - 1) / 2.
#include "heap.h"

#include <assert.h>
#include <stdlib.h>

int ms_heap_reserve(struct ms_heap *h, int room)
{
    if (room <= h->room)
        return 0;
    int *item = realloc(h->item, (size_t)room * sizeof *item);
    if (item)
        h->item = item;
    int *where = realloc(h->where, (size_t)room * sizeof *where);
    if (where)
        h->where = where;
    if (!item || !where)
        return MS_ENOMEM;
    for (int i = h->room; i < room; i++)
        h->where[i] = -1;
    h->room = room;
    return 0;
}

void ms_heap_clear(struct ms_heap *h)
{
    free(h->item);
    free(h->where);
    h->item = h->where = NULL;
    h->n = h->room = 0;
}

static void set(struct ms_heap *h, int at, int x)
{
    h->item[at] = x;
    h->where[x] = at;
}

static void sift(struct ms_heap *h, int at)
{
    int x = h->item[at];
    for (; at > 0 && h->before(h->owner, x, h->item[(at - 1) / 2]); at = (at - 1) / 2)
        set(h, at, h->item[(at - 1) / 2]);
    for (;;) {
        int child = 2 * at + 1;
        if (child >= h->n)
            break;
        if (child + 1 < h->n && h->before(h->owner, h->item[child + 1], h->item[child]))
            child++;
        if (!h->before(h->owner, h->item[child], x))
            break;
        set(h, at, h->item[child]);
        at = child;
    }
    set(h, at, x);
}

void ms_heap_put(struct ms_heap *h, int x)
{
    assert(x >= 0 && x < h->room);
    if (h->where[x] < 0)
        set(h, h->n++, x);
    sift(h, h->where[x]);
}

void ms_heap_remove(struct ms_heap *h, int x)
{
    int at = h->where[x];
    if (at < 0)
        return;
    h->where[x] = -1;
    int last = h->item[--h->n];
    if (last == x)
        return;
    set(h, at, last);
    sift(h, at);
}
