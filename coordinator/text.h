// SPDX-License-Identifier: MIT
//
// Text for terminals: aligned tables, numbers of a column with the same digits. Nothing here writes
// but ms_text_print.
#ifndef MLPSWEEP_TEXT_H
#define MLPSWEEP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mlpsweep/status.h"

// --- tables --------------------------------------------------------------------------------------

enum ms_align { MS_LEFT, MS_RIGHT };
enum ms_style { MS_PLAIN, MS_BOLD, MS_DIM, MS_RED };

struct ms_text; // a table; cells are filled row by row

// columns: at most 1,100. Returns NULL when there is no memory.
struct ms_text *ms_text_new(int columns);
void ms_text_free(struct ms_text *t);

// title is copied. A title of "" everywhere makes a table without a head.
void ms_text_column(struct ms_text *t, int column, enum ms_align align, const char *title);

// The next cell. Control characters, which could move a terminal's cursor, become blanks. A failed
// allocation is remembered and reported by ms_text_print.
void ms_text_cell(struct ms_text *t, const char *fmt, ...) MS_PRINTF(2, 3);
void ms_text_style(struct ms_text *t, enum ms_style style); // of the row that the next cell is in

// Prints with two blanks between columns, and none at the end of a line; colour: with escape codes.
// Columns in which no row has anything are left out. 0 or MS_ENOMEM.
int ms_text_print(const struct ms_text *t, FILE *out, bool colour, const char *indent) MS_MUST_CHECK;

// --- numbers and names ---------------------------------------------------------------------------

// How all numbers of a column are written, so that their points stand below one another.
struct ms_digits {
    bool scientific;
    int after; // digits after the point
};
// For values of at most `largest` in size, of which differences of `resolution` should be seen with
// two digits; resolution 0: six digits in all.
struct ms_digits ms_text_digits(double resolution, double largest);
// "-" for NAN. Returns out.
const char *ms_text_number(struct ms_digits d, double v, char *out, size_t size);

const char *ms_text_bytes(double bytes, char *out, size_t size); // "1.4 MiB"
const char *ms_text_count(int64_t n, char *out, size_t size);    // "1,234,567"

// "3", "3 and 5", "3, 5 and 9", "3, 5, 9, 11, 12 and 7 more". Returns out.
const char *ms_text_list(const uint32_t *numbers, int64_t n, char *out, size_t size);

// Columns that s takes on a terminal: code points of UTF-8.
int ms_text_width(const char *s);

// Escape codes may be used: a terminal, not a dumb one, and NO_COLOR (no-color.org) not set.
bool ms_text_colour(FILE *out);

// One field of a comma-separated line (RFC 4180): quoted where it has to be.
void ms_text_csv(FILE *out, const char *field, bool first);

#endif
