// SPDX-License-Identifier: MIT
//
// Messages that can be recognised: their bytes follow from a seed.
#ifndef MLPSWEEP_TESTS_MESSAGE_PATTERN_H
#define MLPSWEEP_TESTS_MESSAGE_PATTERN_H

#include <stdint.h>

#include "check.h"
#include "mlpsweep/comm.h"

static inline uint8_t *pattern(size_t size, unsigned seed)
{
    uint8_t *p = malloc(size + 1);
    REQUIRE(p);
    for (size_t i = 0; i < size; i++)
        p[i] = (uint8_t)(seed + i * 131 + (i >> 8) * 17);
    return p;
}

static inline void check_message(const struct ms_message *m, int source, size_t size, unsigned seed)
{
    uint8_t *wanted = pattern(size, seed);
    CHECK_INT(m->source, source);
    CHECK_INT(m->size, size);
    CHECK(m->size == size && memcmp(m->data, wanted, size) == 0);
    free(wanted);
}

#endif
