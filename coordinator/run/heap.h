// SPDX-License-Identifier: MIT
//
// A binary heap of small integers, the indices of its owner's records. It knows where each one
// stands, so that any of them can be moved or removed in O(log n) when its record changes.
#ifndef MLPSWEEP_HEAP_H
#define MLPSWEEP_HEAP_H

#include <stdbool.h>

#include "mlpsweep/status.h"

struct ms_heap {
    int *item;  // (n): item[0] comes first
    int *where; // (room): position of an index in item, -1 when it is not in
    int n, room;
    bool (*before)(const void *owner, int a, int b); // a strict weak order
    const void *owner;
};

// Zero-initialise with before and owner set. Indices 0 … room-1 may then be put.
int ms_heap_reserve(struct ms_heap *h, int room) MS_MUST_CHECK;
void ms_heap_clear(struct ms_heap *h);

void ms_heap_put(struct ms_heap *h, int x);    // puts it in, or moves it to its new place
void ms_heap_remove(struct ms_heap *h, int x); // does nothing when it is not in
static inline bool ms_heap_has(const struct ms_heap *h, int x)
{
    return h->where[x] >= 0;
}

#endif
