// SPDX-License-Identifier: MIT
//
// Each function makes two comparisons, because a difference could overflow or lose its sign.
#include "mlpsweep/compare.h"

#include <string.h>

int ms_compare_double(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int ms_compare_int(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

int ms_compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}
