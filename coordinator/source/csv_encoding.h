// SPDX-License-Identifier: MIT
//
// The characters of a text file, whatever its encoding, as UTF-8. Plain or gzipped.
#ifndef MLPSWEEP_CSV_ENCODING_H
#define MLPSWEEP_CSV_ENCODING_H

#include "file.h"
#include "mlpsweep/dataset.h"

enum ms_csv_form { MS_CSV_UTF8, MS_CSV_UTF16LE, MS_CSV_UTF16BE, MS_CSV_LATIN1 };

struct ms_csv_encoding {
    struct ms_file file;
    enum ms_csv_form form;
    // The line (from 1) that is not UTF-8, of a file that is Latin-1 for this reason; else 0.
    long not_utf8;
    // Of the other forms: bytes as the file has them.
    unsigned char raw[1 << 14];
    size_t at, len;
    uint64_t taken; // bytes before raw
};

// Opens a file (path is borrowed) and decides its encoding. wanted: enum ms_encoding, or -1: a byte
// order mark decides; else UTF-16 where every second one of the first bytes is 0; else UTF-8, or
// Latin-1 if the file, which is looked through to its end, is not UTF-8. A mark is never part of
// the text.
//
// Refuses (MS_EFORMAT), with the line, a file that is not UTF-8 but should be, by its mark or by
// wanted.
int ms_csv_encoding_open(struct ms_csv_encoding *e, const char *path, int wanted,
                         struct ms_error *err) MS_MUST_CHECK;
void ms_csv_encoding_close(struct ms_csv_encoding *e); // also after a failed open

// Reads up to size bytes of UTF-8, size >= 4; *got == 0 only at the end of the file. Refuses
// (MS_EFORMAT) what is not UTF-16, with its byte.
int ms_csv_encoding_read(struct ms_csv_encoding *e, void *to, size_t size, size_t *got,
                         struct ms_error *err) MS_MUST_CHECK;

#endif
