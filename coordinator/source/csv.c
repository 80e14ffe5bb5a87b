// SPDX-License-Identifier: MIT
//
// Cuts a CSV file into fields. Ordinary characters are copied in runs; the others are looked at one
// at a time. peek returns a character, or END_OF_FILE, which is -1, or a failure, which is its code
// - 1, so at most -2.
//
// A quote opens a quoted field only at the field's beginning; elsewhere it is a character, as in
// pandas and in Python's csv (12" is a size).
#include "csv.h"

#include <string.h>

enum { END_OF_FILE = -1 };

void ms_csv_restart(struct ms_csv *r, char delimiter, bool sample)
{
    r->at = 0;
    r->line = 1;
    r->row_line = r->field_line = 0;
    r->n_blank = r->first_blank = 0;
    r->column = 0;
    r->sample = sample;
    r->delimiter = delimiter;
    memset(r->special, 0, sizeof r->special);
    r->special['\0'] = r->special['\n'] = r->special['\r'] = true;
    r->special[(unsigned char)delimiter] = true;
    if (delimiter == ' ')
        r->special['\t'] = true;
}

static int fill(struct ms_csv *r, struct ms_error *err)
{
    size_t got;
    r->at = r->len = 0;
    r->moved = true;
    do {
        int status =
            ms_csv_encoding_read(&r->text, r->buf + r->len, sizeof r->buf - r->len, &got, err);
        if (status)
            return status;
        r->len += got;
    } while (got > 0 && sizeof r->buf - r->len >= 4);
    r->whole = got == 0;
    return 0;
}

static int start(struct ms_csv *r, const struct ms_data_spec *spec, struct ms_error *err)
{
    int status = ms_csv_encoding_open(&r->text, r->path, spec->encoding, err);
    if (!status)
        status = fill(r, err);
    r->moved = false;
    return status;
}

int ms_csv_open(struct ms_csv *r, const struct ms_data_spec *spec, const char *sweep_dir,
                const char *path, struct ms_error *err)
{
    r->text.file.gz = NULL;
    r->len = 0;
    ms_csv_restart(r, ',', false);
    int status = ms_file_find(sweep_dir, path, r->path, sizeof r->path, err);
    return status ? status : start(r, spec, err);
}

int ms_csv_rewind(struct ms_csv *r, const struct ms_data_spec *spec, struct ms_error *err)
{
    int status = 0;
    if (r->moved) {
        ms_csv_close(r);
        status = start(r, spec, err);
    }
    ms_csv_restart(r, r->delimiter, false);
    return status;
}

void ms_csv_close(struct ms_csv *r)
{
    ms_csv_encoding_close(&r->text);
}

bool ms_csv_cut(const struct ms_csv *r)
{
    return r->sample && !r->whole && r->at == r->len;
}

// The next character, which stays; END_OF_FILE; or a code below that.
static int peek(struct ms_csv *r, struct ms_error *err)
{
    if (r->at == r->len) {
        if (r->sample)
            return END_OF_FILE;
        int status = fill(r, err);
        if (status)
            return status - 1; // apart from END_OF_FILE
        if (r->len == 0)
            return END_OF_FILE;
    }
    return r->buf[r->at];
}

static bool is_blank(const struct ms_csv *r, int ch)
{
    return ch == ' ' || (ch == '\t' && r->delimiter != '\t');
}

// Skips blanks that are not between two fields. Returns what follows, as peek.
static int skip_blanks(struct ms_csv *r, struct ms_error *err)
{
    int ch = peek(r, err);
    while (ch > END_OF_FILE && is_blank(r, ch)) {
        r->at++;
        ch = peek(r, err);
    }
    return ch;
}

// Takes a line end, whose first character is ch: LF, CR LF or CR. Returns what follows, as peek.
static int take_line_end(struct ms_csv *r, int ch, struct ms_error *err)
{
    r->at++;
    r->line++;
    int next = peek(r, err);
    if (ch == '\r' && next == '\n') {
        r->at++;
        next = peek(r, err);
    }
    return next;
}

static int malformed(const struct ms_csv *r, const char *what, struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "%s:%ld: column %zu: %s", r->path, r->line, r->column, what);
}

static int append(struct ms_csv *r, const void *bytes, size_t n, struct ms_error *err)
{
    if (n > MS_CSV_FIELD - r->field_len)
        return ms_fail(err, MS_ELIMIT,
                       "%s:%ld: column %zu: field longer than %d bytes; is a quote missing",
                       r->path, r->field_line, r->column, MS_CSV_FIELD);
    memcpy(r->field + r->field_len, bytes, n);
    r->field_len += n;
    return 0;
}

static int no_text(const struct ms_csv *r, struct ms_error *err)
{
    return malformed(r, "NUL byte; this is no text file", err);
}

// The rest of a field after its opening quote, and the closing one.
static int quoted(struct ms_csv *r, struct ms_error *err)
{
    for (bool cr = false;;) {
        int ch = peek(r, err);
        if (ch == END_OF_FILE)
            return ms_fail(err, MS_EFORMAT, "%s:%ld: column %zu: the quote is never closed",
                           r->path, r->field_line, r->column);
        if (ch < END_OF_FILE)
            return ch + 1;
        r->at++;
        if (ch == '"') {
            ch = peek(r, err);
            if (ch < END_OF_FILE)
                return ch + 1;
            if (ch != '"')
                return 0;
            r->at++;
        }
        if (ch == '\0')
            return no_text(r, err);
        r->line += ch == '\r' || (ch == '\n' && !cr);
        cr = ch == '\r';
        char byte = (char)ch;
        int status = append(r, &byte, 1, err);
        if (status)
            return status;
    }
}

// A field without quotes, up to its delimiter or line end, without the blanks at its end.
static int plain(struct ms_csv *r, struct ms_error *err)
{
    for (;;) {
        size_t end = r->at;
        while (end < r->len && !r->special[r->buf[end]])
            end++;
        int status = append(r, r->buf + r->at, end - r->at, err);
        if (status)
            return status;
        r->at = end;
        int ch = peek(r, err);
        if (ch < END_OF_FILE)
            return ch + 1;
        if (ch == '\0')
            return no_text(r, err);
        if (ch == END_OF_FILE || r->special[ch])
            break;
    }
    while (r->field_len > 0 && is_blank(r, r->field[r->field_len - 1]))
        r->field_len--;
    return 0;
}

// What stands after a field: 1: another field; 0: the row's end; < 0: failed.
static int after_field(struct ms_csv *r, bool was_quoted, struct ms_error *err)
{
    int first = peek(r, err), ch = skip_blanks(r, err);
    if (ch < END_OF_FILE)
        return ch + 1;
    if (ch == END_OF_FILE)
        return 0;
    if (ch == '\n' || ch == '\r') {
        ch = take_line_end(r, ch, err);
        return ch < END_OF_FILE ? ch + 1 : 0;
    }
    bool blanks = r->delimiter == ' ';
    if (blanks ? is_blank(r, first) : ch == r->delimiter) {
        r->at += !blanks;
        return 1;
    }
    return malformed(r, was_quoted ? "text after the closing quote" : "no delimiter", err);
}

int ms_csv_field(struct ms_csv *r, struct ms_error *err)
{
    r->field_len = 0;
    r->field_line = r->line;
    r->column++;
    int ch = skip_blanks(r, err), status = 0;
    bool in_quotes = ch == '"';
    if (ch < END_OF_FILE)
        return ch + 1;
    if (in_quotes) {
        r->at++;
        status = quoted(r, err);
    } else if (ch != END_OF_FILE) {
        status = plain(r, err);
    }
    if (status)
        return status;
    r->field[r->field_len] = '\0';
    return after_field(r, in_quotes, err);
}

int ms_csv_row(struct ms_csv *r, struct ms_error *err)
{
    long n = 0, first = 0;
    int ch = skip_blanks(r, err);
    r->column = 0;
    while (ch == '\n' || ch == '\r') {
        first = first ? first : r->line;
        n++;
        ch = take_line_end(r, ch, err);
        if (ch > END_OF_FILE)
            ch = skip_blanks(r, err);
    }
    if (ch < END_OF_FILE)
        return ch + 1;
    if (ch == END_OF_FILE)
        return 0;
    if (!r->n_blank)
        r->first_blank = first;
    r->n_blank += n;
    r->row_line = r->line;
    return 1;
}
