// SPDX-License-Identifier: MIT
//
// Cuts a CSV file into fields, one character at a time. peek returns a character, or END_OF_FILE,
// which is -1, or a failure, which is its code - 1, so at most -2.
#include "csv.h"

#include <string.h>

enum { END_OF_FILE = -1 };

int ms_csv_open(struct ms_csv *r, const char *sweep_dir, const char *path, struct ms_error *err)
{
    r->file.gz = NULL;
    r->at = r->len = 0;
    r->line = 1;
    r->column = 0;
    int status = ms_file_find(sweep_dir, path, r->path, sizeof r->path, err);
    if (!status)
        status = ms_file_open(&r->file, r->path, err);
    if (!status)
        status = ms_file_read(&r->file, r->buf, sizeof r->buf, &r->len, err);
    if (!status && r->len >= 3 && memcmp(r->buf, "\xEF\xBB\xBF", 3) == 0)
        r->at = 3; // the byte order mark that spreadsheets write before UTF-8
    return status;
}

void ms_csv_close(struct ms_csv *r)
{
    ms_file_close(&r->file);
}

// The next character, which stays; END_OF_FILE; or a code below that.
static int peek(struct ms_csv *r, struct ms_error *err)
{
    if (r->at == r->len) {
        int status = ms_file_read(&r->file, r->buf, sizeof r->buf, &r->len, err);
        r->at = 0;
        if (status) {
            r->len = 0;
            return status - 1; // apart from END_OF_FILE
        }
        if (r->len == 0)
            return END_OF_FILE;
    }
    return r->buf[r->at];
}

static void take(struct ms_csv *r)
{
    if (r->buf[r->at++] == '\n')
        r->line++;
}

static int malformed(const struct ms_csv *r, const char *what, struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "%s:%ld: column %d: %s", r->path, r->line, r->column, what);
}

static int append(struct ms_csv *r, int ch, struct ms_error *err)
{
    if (r->field_len == MS_CSV_FIELD)
        return ms_fail(err, MS_ELIMIT,
                       "%s:%ld: column %d: field longer than %d bytes; is a quote missing", r->path,
                       r->field_line, r->column, MS_CSV_FIELD);
    if (ch == 0)
        return malformed(r, "NUL byte; this is no text file", err);
    r->field[r->field_len++] = (char)ch;
    return 0;
}

// The rest of a field after its opening quote, up to the closing one.
static int quoted(struct ms_csv *r, struct ms_error *err)
{
    for (;;) {
        int ch = peek(r, err);
        if (ch == END_OF_FILE)
            return ms_fail(err, MS_EFORMAT, "%s:%ld: column %d: the quote is never closed", r->path,
                           r->field_line, r->column);
        if (ch < END_OF_FILE)
            return ch + 1;
        take(r);
        if (ch == '"') {
            ch = peek(r, err);
            if (ch < END_OF_FILE)
                return ch + 1;
            if (ch != '"')
                return 0;
            take(r);
        }
        int status = append(r, ch, err);
        if (status)
            return status;
    }
}

int ms_csv_field(struct ms_csv *r, struct ms_error *err)
{
    bool was_quoted = false;
    r->field_len = 0;
    r->field_line = r->line;
    r->column++;
    for (;;) {
        int ch = peek(r, err);
        if (ch < END_OF_FILE)
            return ch + 1;
        if (ch != END_OF_FILE)
            take(r);
        if (ch == '\r') {
            ch = peek(r, err);
            if (ch < END_OF_FILE)
                return ch + 1;
            if (ch != '\n')
                return malformed(r, "carriage return without line feed", err);
            take(r);
        }
        if (ch == ',' || ch == '\n' || ch == END_OF_FILE) {
            r->field[r->field_len] = '\0';
            return ch == ',';
        }
        if (was_quoted)
            return malformed(r, "text after the closing quote", err);
        if (ch == '"' && r->field_len > 0)
            return malformed(r, "quote inside an unquoted field; quote the field, double the quote",
                             err);
        was_quoted = ch == '"';
        int status = was_quoted ? quoted(r, err) : append(r, ch, err);
        if (status)
            return status;
    }
}

int ms_csv_row(struct ms_csv *r, struct ms_error *err)
{
    long empty = 0;
    r->column = 0;
    for (;;) {
        int ch = peek(r, err);
        if (ch < END_OF_FILE)
            return ch + 1;
        if (ch == END_OF_FILE)
            return 0;
        if (ch != '\n' && ch != '\r')
            break;
        empty = empty ? empty : r->line;
        take(r);
    }
    if (empty)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: empty line", r->path, empty);
    return 1;
}
