// SPDX-License-Identifier: MIT
//
// Alignment, zeros, reuse and sizes that overflow.
#include "check.h"

#include <stdint.h>

#include "worker/train/arena.h"

int main(void)
{
    struct ms_arena *a = ms_arena_new();
    struct ms_error err;
    REQUIRE(a);
    static const size_t sizes[] = {64, 100000, 64, 5u << 20, 1000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        CASE("%zu bytes", sizes[i]);
        void *block = NULL;
        REQUIRE(ms_arena_reserve(a, sizes[i], &block, &err) == 0);
        CHECK_INT((uintptr_t)block % MS_ALIGN, 0);
        unsigned char *bytes = block;
        size_t dirty = 0;
        for (size_t k = 0; k < sizes[i]; k++)
            dirty += bytes[k] != 0;
        CHECK_INT(dirty, 0);
        memset(block, 0xa5, sizes[i]);
    }

    // Pieces: the same offsets when counting and when carving, aligned, without overlap.
    struct ms_carve count = {0};
    CHECK(ms_arena_carve_take(&count, 3, 4) == NULL);
    CHECK(ms_arena_carve_take(&count, 0, 4) == NULL);
    CHECK(ms_arena_carve_take(&count, 65, 1) == NULL);
    CHECK_INT(count.used, 64 + 128);
    _Alignas(64) char memory[192];
    struct ms_carve carve = {.base = memory};
    CHECK(ms_arena_carve_take(&carve, 3, 4) == (void *)memory);
    (void)ms_arena_carve_take(&carve, 0, 4);
    CHECK(ms_arena_carve_take(&carve, 65, 1) == (void *)(memory + 64));
    CHECK_INT(carve.used, count.used);

    // Sizes beyond the address space are refused, however they come about.
    void *block = NULL;
    struct ms_carve huge = {0};
    (void)ms_arena_carve_take(&huge, SIZE_MAX / 2, 8);
    (void)ms_arena_carve_take(&huge, 100, 8);
    CHECK_INT(ms_arena_reserve(a, huge.used, &block, &err), MS_ENOMEM);
    CHECK_INT(err.code, MS_ENOMEM);
    REQUIRE(ms_arena_reserve(a, 100, &block, &err) == 0); // and nothing is broken
    ms_arena_free(a);
    ms_arena_free(NULL);
    return check_done();
}
