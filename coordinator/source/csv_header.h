// SPDX-License-Identifier: MIT
//
// What the first rows of a CSV file show: whether the first one holds names, and whether rows end
// with a delimiter.
#ifndef MLPSWEEP_CSV_HEADER_H
#define MLPSWEEP_CSV_HEADER_H

#include "csv.h"
#include "csv_value.h"

struct ms_csv_header {
    bool present;       // the first row is a header
    size_t open_header; // empty fields at the end of the header that are no columns: 0 or 1 …
    size_t open_rows;   // … and of every other row
};

// Looks at the first rows of a file whose delimiter is set, at most 100 of them, and goes back to
// its beginning. A last field that is empty in all of them, and in the header, is no column, unless
// data.target, ignore or categorical names it.
//
// Refuses (MS_EFORMAT) a first row that looks like data where data.header does not say what it is:
// all its fields are numbers, or one of them is a text that its column has again.
int ms_csv_header_look(struct ms_csv *r, const struct ms_data_spec *spec,
                       const struct ms_csv_value *v, struct ms_csv_header *out,
                       struct ms_error *err) MS_MUST_CHECK;

// The name of a column (from 1) that the header gives none, or that has no header. Returns out.
const char *ms_csv_header_name(bool present, size_t column, char out[32]);

#endif
