// SPDX-License-Identifier: MIT
//
// The block of an arena. It grows to the largest training and never shrinks; every training finds
// it filled with zeros.
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mlpsweep/memory.h"

// From this size on a block uses huge pages if the system has them, because an optimizer streams
// through all of it in every step.
#define HUGE_PAGE ((size_t)2 << 20)

struct ms_arena {
    void *block;
    size_t size;
};

struct ms_arena *ms_arena_new(void)
{
    return calloc(1, sizeof(struct ms_arena));
}

void ms_arena_free(struct ms_arena *a)
{
    if (!a)
        return;
    free(a->block);
    free(a);
}

void *ms_arena_carve_take(struct ms_carve *c, size_t n, size_t size)
{
    if (size && n > (SIZE_MAX - c->used - MS_ALIGN) / size) {
        c->used = SIZE_MAX - MS_ALIGN;
        return NULL;
    }
    void *piece = c->base ? c->base + c->used : NULL;
    c->used += (n * size + MS_ALIGN - 1) / MS_ALIGN * MS_ALIGN;
    return piece;
}

int ms_arena_reserve(struct ms_arena *a, size_t size, void **block, struct ms_error *err)
{
    if (size > a->size) {
        free(a->block);
        a->block = NULL;
        a->size = 0;
        if (size > SIZE_MAX / 2)
            return ms_no_memory(err, "a training larger than the address space");
        size_t align = size >= HUGE_PAGE ? HUGE_PAGE : MS_ALIGN;
        size_t whole = (size + align - 1) / align * align;
        a->block = aligned_alloc(align, whole);
        if (!a->block)
            return ms_no_memory(err, "a training of %zu bytes", whole);
        a->size = whole;
#ifdef MADV_HUGEPAGE
        if (align == HUGE_PAGE)
            (void)madvise(a->block, whole, MADV_HUGEPAGE); // a hint: without it, it is only slower
#endif
    }
    memset(a->block, 0, size);
    *block = a->block;
    return MS_OK;
}
