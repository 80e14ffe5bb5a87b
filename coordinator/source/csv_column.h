// SPDX-License-Identifier: MIT
//
// Inside contract of read_csv.c and csv_column.c: how the fields of one column become the values of
// a frame's column.
#ifndef MLPSWEEP_CSV_COLUMN_H
#define MLPSWEEP_CSV_COLUMN_H

#include "csv.h"
#include "csv_value.h"
#include "frame.h"

// What an input column holds: known from its first value that is not missing, or in a later part
// from the training file.
enum ms_csv_kind {
    MS_CSV_ANY,
    MS_CSV_NUMBERS,
    MS_CSV_BOOLEANS, // as in the training file: of either pair
    MS_CSV_TRUE_FALSE,
    MS_CSV_YES_NO,
    MS_CSV_DATES,
    MS_CSV_TIMES,
};

struct ms_csv_column {
    enum ms_csv_kind kind;
    struct ms_frame_labels labels;
    // (rows) Of a target: its texts' labels beside its numbers, as it is a text if one of its
    // values is no number; of a category: the frame's values until the end.
    uint32_t *label;
    double *number; // (rows) of an input, of a target
    bool known;     // an input: only its kind is known, from a store
    bool text;      // a target: one of its values is no number, or the training file's is a text
    bool full;      // a target has too many texts to be classes: it must be numbers
};

// Before the first row. training: the column of the training frame in a later part, or NULL.
void ms_csv_column_start(struct ms_csv_column *c, const struct ms_frame_column *training);

// Puts the field that was just read into row f->rows; there is room for it.
int ms_csv_column_put(struct ms_csv_column *c, struct ms_frame_column *column,
                      const struct ms_csv *r, const struct ms_csv_value *v, size_t row,
                      struct ms_error *err) MS_MUST_CHECK;

// After the last row: hands the values to the frame's column, with type and kind.
void ms_csv_column_end(struct ms_csv_column *c, struct ms_frame_column *column);
void ms_csv_column_clear(struct ms_csv_column *c);

#endif
