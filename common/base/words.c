// SPDX-License-Identifier: MIT
//
// Counts with commas, and texts that grow in a buffer of fixed size.
#include "mlpsweep/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ms_words_count(int64_t n, char *out, size_t size)
{
    char digits[32];
    const int len =
        snprintf(digits, sizeof digits, "%" PRIu64, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
    size_t used = 0;
    if (n < 0 && size > 1)
        out[used++] = '-';
    for (int i = 0; i < len && used + 2 < size; i++) {
        out[used++] = digits[i];
        if ((len - i) % 3 == 1 && i + 1 < len)
            out[used++] = ',';
    }
    out[used] = '\0';
    return out;
}

void ms_words_append(char *out, size_t size, const char *fmt, ...)
{
    const size_t used = strlen(out);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(out + used, size - used, fmt, ap);
    va_end(ap);
}
