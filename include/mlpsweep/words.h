// SPDX-License-Identifier: MIT
//
// Pieces of the sentences that people read.
#ifndef MLPSWEEP_WORDS_H
#define MLPSWEEP_WORDS_H

#include <stddef.h>
#include <stdint.h>

// "1,234,567". Returns out.
const char *ms_words_count(int64_t n, char *out, size_t size);

// Appends to a text in a buffer of that size; what does not fit is cut off.
void ms_words_append(char *out, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
