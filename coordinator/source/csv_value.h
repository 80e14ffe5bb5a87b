// SPDX-License-Identifier: MIT
//
// What the fields of a CSV file mean: numbers, missing values, true and false.
#ifndef MLPSWEEP_CSV_VALUE_H
#define MLPSWEEP_CSV_VALUE_H

#include <locale.h>
#include <stdbool.h>

#include "mlpsweep/dataset.h"

struct ms_csv_value {
    char decimal, thousands; // thousands 0: none
    bool dates;              // dates and times become seconds
    char missing[MS_NAMES];  // own words, each with a NUL after it
    size_t n_missing;        // their bytes
    bool missing_numbers;    // some of them are numbers
    locale_t c;              // numbers are read alike in every locale
    char *scratch;           // a number as strtod takes it
};

int ms_csv_value_init(struct ms_csv_value *v, const struct ms_data_spec *spec,
                      struct ms_error *err) MS_MUST_CHECK;
void ms_csv_value_clear(struct ms_csv_value *v); // also after a failed init, and of zeros

// A decimal number with nothing around it but blanks, rounded to the nearest double as Python's
// float() rounds; beyond double's range it is infinite. No hexadecimal, no "inf", no "nan". A
// thousands separator must stand before every group of three digits, or before none.
bool ms_csv_value_number(const struct ms_csv_value *v, const char *text, double *out);

// One of the words for a missing value: those of pandas' read_csv; "?", "na", "n/a", "nan" and
// "null" in upper and lower case; data.missing_values, which where they are numbers stand for all
// ways to write them.
bool ms_csv_value_missing(const struct ms_csv_value *v, const char *text);

// "true" and "false" (pair 0), "yes" and "no" (pair 1) in upper and lower case; false: none.
bool ms_csv_value_boolean(const char *text, int *pair, double *out);

#endif
