// SPDX-License-Identifier: MIT
//
// The comparisons order extremes without overflow.
#include "mlpsweep/compare.h"

#include <limits.h>
#include <stdlib.h>

#include "check.h"

int main(void)
{
    double d[] = {1e308, -1e308, 0.1, -INFINITY, INFINITY, 0};
    qsort(d, 6, sizeof *d, ms_compare_double);
    for (int i = 1; i < 6; i++)
        CHECK(d[i - 1] < d[i]);
    CHECK_INT(ms_compare_double(&(double){-0.0}, &(double){0.0}), 0);
    int n[] = {INT_MAX, INT_MIN, 0, -1, 1};
    qsort(n, 5, sizeof *n, ms_compare_int);
    for (int i = 1; i < 5; i++)
        CHECK(n[i - 1] < n[i]);
    const char *s[] = {"b", "", "\xc3\xa9", "ab", "a"};
    qsort(s, 5, sizeof *s, ms_compare_text);
    for (int i = 1; i < 5; i++)
        CHECK(strcmp(s[i - 1], s[i]) < 0);
    return check_done();
}
