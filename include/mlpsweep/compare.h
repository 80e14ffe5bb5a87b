// SPDX-License-Identifier: MIT
//
// Comparisons for qsort: negative, 0 or positive. Both arguments point to elements of the type in
// the name.
#ifndef MLPSWEEP_COMPARE_H
#define MLPSWEEP_COMPARE_H

int ms_compare_double(const void *a, const void *b); // ascending; no NaNs
int ms_compare_int(const void *a, const void *b);    // ascending
int ms_compare_text(const void *a, const void *b);   // const char *, by bytes

#endif
