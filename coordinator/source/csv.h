// SPDX-License-Identifier: MIT
//
// Reads CSV (RFC 4180) and its dialects: any delimiter, any line end, the encodings of
// csv_encoding.h, blanks around fields. Plain or gzipped. Knows the line and the column of all that
// it reads. It is not libcsv, which knows neither line nor column, no encoding and no blank lines,
// and whose LGPL would bind the program.
#ifndef MLPSWEEP_CSV_H
#define MLPSWEEP_CSV_H

#include "common/data/raw.h"
#include "csv_encoding.h"

enum { MS_CSV_FIELD = 1 << 16, MS_CSV_PATH = 4608 };

struct ms_csv { // large: allocate it
    struct ms_csv_encoding text;
    char path[MS_CSV_PATH];     // where the file was found
    unsigned char buf[1 << 16]; // UTF-8
    size_t at, len;
    bool whole;                   // buf ends with the file
    bool moved;                   // buf is not the file's first
    bool sample;                  // the text ends with buf: see ms_csv_sample
    char delimiter;               // ' ': any run of blanks and tabs
    bool special[256];            // what ends a run of ordinary characters
    long line;                    // where the next character is, from 1
    long row_line;                // where the row began
    long field_line;              // where the field began
    long n_blank, first_blank;    // blank lines between rows that were skipped
    size_t column;                // of the field, from 1
    char field[MS_CSV_FIELD + 1]; // NUL-terminated, without quotes and without the blanks around it
    size_t field_len;
};

// Opens the file for reading with commas; ms_csv_dialect_find (csv_dialect.h) finds another
// delimiter.
int ms_csv_open(struct ms_csv *r, const struct ms_data_spec *spec, const char *sweep_dir,
                const char *path, struct ms_error *err) MS_MUST_CHECK;
void ms_csv_close(struct ms_csv *r); // also after a failed open

// Goes back to the beginning of the file with another delimiter; only while nothing beyond the
// first buffer was read. sample: the text now ends with that buffer, so that this holds.
void ms_csv_restart(struct ms_csv *r, char delimiter, bool sample);

// Call it before each row: 1 if there is one, 0 at the end of the file. Lines that are empty or
// hold blanks alone are skipped, and counted if a row follows.
int ms_csv_row(struct ms_csv *r, struct ms_error *err) MS_MUST_CHECK;

// Reads a field. Returns 1 if another one follows in the row, 0 after the last, < 0 on failure.
// Blanks around a field are no part of it; blanks inside its quotes are.
int ms_csv_field(struct ms_csv *r, struct ms_error *err) MS_MUST_CHECK;

// Goes back to the beginning of the file from anywhere.
int ms_csv_rewind(struct ms_csv *r, const struct ms_data_spec *spec,
                  struct ms_error *err) MS_MUST_CHECK;

// True in a sample whose last row was cut off by the sample's end.
bool ms_csv_cut(const struct ms_csv *r);

#endif
