// SPDX-License-Identifier: MIT
//
// Where float is too coarse. It has 24 bits: 1,600,000,001 and 1,600,000,002 are one number to it,
// and so are the seconds of two minutes. Numbers are scaled as doubles, so that this matters only
// for columns that are not scaled, for folds, which keep raw numbers, and for targets.
#include "raw.h"

#include <math.h>
#include <stdlib.h>

// Up to this many times its spread a column's size costs float at most 8 of its 24 bits. Years and
// degrees stay as they are; dates in seconds or days do not.
enum { FAR = 256 };

double ms_dataset_base(double lo, double hi)
{
    double size = fabs(lo) > fabs(hi) ? fabs(lo) : fabs(hi);
    return hi > lo && size > FAR * (hi - lo) ? lo + (hi - lo) / 2 : 0;
}

static int by_raw(const void *a, const void *b)
{
    double x = ((const struct ms_rounded *)a)->raw, y = ((const struct ms_rounded *)b)->raw;
    return (x > y) - (x < y);
}

size_t ms_dataset_merged(struct ms_rounded *pair, size_t n)
{
    size_t merged = 0;
    qsort(pair, n, sizeof *pair, by_raw);
    for (size_t i = 1; i < n; i++)
        merged += pair[i].raw != pair[i - 1].raw && pair[i].as == pair[i - 1].as;
    return merged;
}
