// SPDX-License-Identifier: MIT
//
// Reads CSV strictly by RFC 4180: commas, fields in double quotes where needed (quotes inside are
// doubled; line ends are kept), LF or CRLF. Plain or gzipped. Knows the line and the column of all
// that it reads.
#ifndef MLPSWEEP_CSV_H
#define MLPSWEEP_CSV_H

#include "common/data/raw.h"
#include "file.h"

enum { MS_CSV_FIELD = 1 << 16, MS_CSV_PATH = 4608 };

struct ms_csv { // large: allocate it
    struct ms_file file;
    char path[MS_CSV_PATH]; // where the file was found
    unsigned char buf[1 << 16];
    size_t at, len;
    long line;                    // where the next character is, from 1
    long field_line;              // where the field began
    int column;                   // of the field, from 1
    char field[MS_CSV_FIELD + 1]; // NUL-terminated, without quotes
    size_t field_len;
};

int ms_csv_open(struct ms_csv *r, const char *sweep_dir, const char *path,
                struct ms_error *err) MS_MUST_CHECK;
void ms_csv_close(struct ms_csv *r); // also after a failed open

// Call it before each row: 1 if there is one, 0 at the end of the file. Empty lines are allowed
// only at the end of the file.
int ms_csv_row(struct ms_csv *r, struct ms_error *err) MS_MUST_CHECK;

// Reads a field. Returns 1 if another one follows in the row, 0 after the last, < 0 on failure.
int ms_csv_field(struct ms_csv *r, struct ms_error *err) MS_MUST_CHECK;

#endif
