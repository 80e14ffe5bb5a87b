// SPDX-License-Identifier: MIT
//
// Growing arrays, and the one sentence for running out of memory.
#ifndef MLPSWEEP_MEMORY_H
#define MLPSWEEP_MEMORY_H

#include <stddef.h>

#include "mlpsweep/status.h"

// Fails with MS_ENOMEM and the message "out of memory for WHAT". WHAT is the formatted text: it
// names the things to be kept and, if known, how many of them ("the data: 5 GB").
int ms_no_memory(struct ms_error *err, const char *fmt, ...) MS_PRINTF(2, 3);

#ifdef __clang_analyzer__
#define ms_no_memory(err, ...) (ms_no_memory(err, __VA_ARGS__), MS_ENOMEM) // as in status.h
#endif

// Makes an array hold at least `need` elements of `size` bytes; room is the number it can hold.
//
//     if (ms_grow(&list->item, &list->room, list->n + 1, sizeof *list->item, "the items", err))
//
// array: the address of a T *, which is NULL or from malloc; the caller frees it. Room doubles, so
// that n appends cost O(n). A failure (MS_ENOMEM) leaves array and room as they were.
int ms_grow(void *array, size_t *room, size_t need, size_t size, const char *what,
            struct ms_error *err) MS_MUST_CHECK;

// The same for parallel arrays, which share one room: elements i of all of them belong together.
struct ms_column_array {
    void *array; // the address of a T *
    size_t size; // of an element, in bytes
};
int ms_grow_columns(const struct ms_column_array *columns, int n_columns, size_t *room, size_t need,
                    const char *what, struct ms_error *err) MS_MUST_CHECK;

#endif
