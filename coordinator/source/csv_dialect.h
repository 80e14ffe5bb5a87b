// SPDX-License-Identifier: MIT
//
// Finds the delimiter of a CSV file from its header.
#ifndef MLPSWEEP_CSV_DIALECT_H
#define MLPSWEEP_CSV_DIALECT_H

#include "csv.h"

// Sets the delimiter of a file that was just opened, and goes back to its beginning: spec's, or of
// comma, semicolon, tab and "|" the one that cuts the header and the first row into the same
// largest number of fields. Decimal and thousands separators of spec are no candidates.
//
// A last field that is empty may be there in one of the two only: a delimiter at the end of rows.
void ms_csv_dialect_find(struct ms_csv *r, const struct ms_data_spec *spec);

// "','", "tab", "blanks": a delimiter for people. Returns out.
const char *ms_csv_dialect_name(char delimiter, char out[8]);

#endif
