// SPDX-License-Identifier: MIT
//
// Room doubles from LEAST. When growing parallel columns fails half-way, room stays as it was: the
// columns that have grown are larger than necessary, and nothing is lost.
#include "mlpsweep/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef ms_no_memory // the analyzer's

enum { LEAST = 16 };

int ms_no_memory(struct ms_error *err, const char *fmt, ...)
{
    char what[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return ms_fail(err, MS_ENOMEM, "out of memory for %s", what);
}

int ms_grow_columns(const struct ms_column_array *columns, int n_columns, size_t *room, size_t need,
                    const char *what, struct ms_error *err)
{
    if (need <= *room)
        return 0;
    size_t more = *room ? *room : LEAST;
    while (more < need && more <= SIZE_MAX / 2)
        more *= 2;
    for (int i = 0; i < n_columns; i++) {
        void *old, *grown = NULL;
        memcpy(&old, columns[i].array, sizeof old);
        if (more >= need && more <= SIZE_MAX / columns[i].size)
            grown = realloc(old, more * columns[i].size);
        if (!grown)
            return ms_no_memory(err, "%s", what);
        memcpy(columns[i].array, &grown, sizeof grown);
    }
    *room = more;
    return 0;
}

int ms_grow(void *array, size_t *room, size_t need, size_t size, const char *what,
            struct ms_error *err)
{
    if (need <= *room) // callers append byte by byte
        return 0;
    return ms_grow_columns(&(struct ms_column_array){array, size}, 1, room, need, what, err);
}
