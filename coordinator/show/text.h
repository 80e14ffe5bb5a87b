// SPDX-License-Identifier: MIT
//
// Text for terminals: aligned tables, and numbers of a column with the same digits. Only
// ms_text_print, ms_text_wrap and ms_text_csv write.
#ifndef MLPSWEEP_TEXT_H
#define MLPSWEEP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mlpsweep/status.h"

// --- tables ------------------------------------------------------------------

enum ms_align { MS_LEFT, MS_RIGHT };
enum ms_style { MS_PLAIN, MS_BOLD, MS_DIM, MS_RED };

struct ms_text; // a table; cells are filled row by row

// columns: at most 1,100. Returns NULL when memory has run out.
struct ms_text *ms_text_new(int columns);
void ms_text_free(struct ms_text *t);

// title is copied, as safe for a terminal as cells are. A title of "" everywhere makes a table
// without a head.
void ms_text_column(struct ms_text *t, int column, enum ms_align align, const char *title);

// The next cell. What could steer a terminal (ms_printable) becomes blanks. A failed
// allocation is remembered and reported by ms_text_print.
void ms_text_cell(struct ms_text *t, const char *fmt, ...) MS_PRINTF(2, 3);
void ms_text_style(struct ms_text *t, enum ms_style style); // of the row that the next cell is in

// Lets the cells of the last column continue below themselves on a screen of that many columns
// (0: no screen). ms_text_total is the width of the table without that.
void ms_text_fit(struct ms_text *t, int screen);
int ms_text_total(const struct ms_text *t);

// Prints with two blanks between columns, and none at the end of a line; colour: with escape codes.
// Columns in which no row has anything are left out. 0 or MS_ENOMEM.
int ms_text_print(const struct ms_text *t, FILE *out, bool colour,
                  const char *indent) MS_MUST_CHECK;

// --- numbers and names -------------------------------------------------------

// How all numbers of a column are written, so that their points stand below one another.
struct ms_digits {
    bool scientific;
    int after; // digits after the point
};
// For values of at most `largest` in size, so that differences of `resolution` are seen with two
// digits; resolution 0: six digits in all.
struct ms_digits ms_text_digits(double resolution, double largest);
// "-" for NAN. Returns out.
const char *ms_text_number(struct ms_digits d, double v, char *out, size_t size);

const char *ms_text_bytes(double bytes, char *out, size_t size); // "1.4 MiB"
const char *ms_text_scaled(double v, char *out,
                           size_t size); // "3", "1.5 k", "2.3 M": before a unit

// "3", "3 and 5", "3, 5 and 9", "3, 5, 9, 11, 12 and 7 more". Returns out.
const char *ms_text_list(const uint32_t *numbers, int64_t n, char *out, size_t size);

// A parameter's value for a table: long numbers with six digits, everything else as it is, an empty
// text as "". Returns out.
const char *ms_text_short(const char *text, char *out, size_t size);

// "units" of "hidden.2.units"; NULL for a name that is not a layer's.
const char *ms_text_layer_leaf(const char *name);

// A point in one line: "optimizer=adam units=128,64,32". The values that layers have one by one
// stand together, named by their leaf; a layer's group is shown when any of it is. Returns out.
struct ms_text_param {
    const char *name;  // "hidden.2.units"
    const char *label; // what it is called where it is not a layer's
    const char *value; // NULL: not in force
    bool shown;
};
const char *ms_text_params(const struct ms_text_param *p, int n, char *out, size_t size);

// A bar of block characters, share (0 … 1) of so many columns long, to an eighth of one. Returns
// out.
const char *ms_text_bar(double share, int columns, char *out, size_t size);

// --- the screen --------------------------------------------------------------

// Columns that s, in UTF-8, takes on a terminal: two for a character of East Asia or a picture,
// none for one that is put over the one before it.
int ms_text_width(const char *s);

// The number of bytes of s that fit into so many columns.
size_t ms_text_cut(const char *s, int columns);

// The number of columns that out has; 0: it is not a terminal.
int ms_text_screen(FILE *out);

// Writes s where `at` columns of the line are already taken. Characters that could steer a terminal
// become blanks. On a screen of that many columns (0: no screen, s stays one line) s is broken at
// blanks and the lines after the first begin at `at`; what exceeds eight lines is replaced by "…".
void ms_text_wrap(FILE *out, const char *s, int at, int screen);

// Escape codes may be used: a terminal, and not a dumb one.
bool ms_text_terminal(FILE *out);
// Colours may be used: the same, and NO_COLOR (no-color.org) is not set.
bool ms_text_colour(FILE *out);

// One field of a comma-separated line (RFC 4180), quoted where it must be.
void ms_text_csv(FILE *out, const char *field, bool first);

#endif
