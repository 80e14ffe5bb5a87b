// SPDX-License-Identifier: MIT
//
// Inside contract of read_csv*.c: the rows of CSV files as they were read, before targets become
// numbers or classes and categories become columns.
#ifndef MLPSWEEP_CSV_TABLE_H
#define MLPSWEEP_CSV_TABLE_H

#include <locale.h>

#include "csv.h"

#define MS_MAX_LEVELS 10000 // different texts in one categorical column

enum ms_csv_role { MS_CSV_INPUT, MS_CSV_CATEGORY, MS_CSV_TARGET, MS_CSV_IGNORED };

struct ms_source_csv_level {
    char *text;
    uint32_t id; // in order of appearance; once the training file is read, in order of the text
};

struct ms_csv_column {
    char *name;
    enum ms_csv_role role;
    int target;                        // of a target: its place in "target"
    struct ms_source_csv_level *level; // of a category: sorted by text
    size_t n_levels, level_room;
};

struct ms_csv_table {
    const struct ms_data_spec *spec;
    struct ms_csv_column *column;
    int n_columns; // 0: no header seen yet
    int n_targets, n_x;
    float *x; // (rows, n_x), inputs and categories in file order; a category is its level's id;
              // NAN: missing
    size_t x_len, x_room;
    char *text; // all targets, each with a NUL after it
    size_t text_len, text_room;
    size_t *where; // (rows, n_targets): the target's offset in text
    size_t where_room;
    long *line; // (rows): for messages
    size_t line_room;
    size_t rows;
    size_t train_rows, val_rows; // in the first file, and in the validation file after it
    uint32_t n_dropped;
    bool closed;      // the training file is read: no new levels
    bool hole;        // something is missing in this row
    bool has_missing; // in x
    locale_t c;       // numbers have a decimal point, whatever the program's locale is
};

// A decimal number, with nothing else except blanks around it.
bool ms_source_csv_number(const char *s, locale_t c, double *out);

// The file that a row came from.
const char *ms_source_csv_file(const struct ms_csv_table *t, size_t row);

// Targets into out->y, task and number of classes (read_csv_target.c).
int ms_source_csv_targets(const struct ms_csv_table *t, struct ms_raw *out,
                          struct ms_error *err) MS_MUST_CHECK;

// Categories (read_csv_level.c): the level of the last field as a number; what is due at the end
// of the training file; inputs into out->x, where a category has one column per level.
int ms_source_csv_level(const struct ms_csv *r, struct ms_csv_table *t, float *id,
                        struct ms_error *err) MS_MUST_CHECK;
int ms_source_csv_close_levels(struct ms_csv_table *t, struct ms_error *err) MS_MUST_CHECK;
int ms_source_csv_inputs(struct ms_csv_table *t, struct ms_raw *out,
                         struct ms_error *err) MS_MUST_CHECK;

#endif
