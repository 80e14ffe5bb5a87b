// SPDX-License-Identifier: MIT
//
// Encodings of text files. A file is looked through once to see whether it is UTF-8, as a byte that
// is not may stand in its last line, and then read from its beginning. Latin-1 is windows-1252, as
// in browsers (WHATWG, Encoding, section 5): the bytes 0x80 to 0x9f are quotes, dashes and the
// euro, not control characters.
#include "csv_encoding.h"

#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"

enum { CHUNK = 1 << 16 };
static const char utf8_mark[] = "\xEF\xBB\xBF";

// ---- finding -----------------------------------------------------------------------------------

// How many of n bytes are UTF-8, and how many at their end may go on in the next chunk.
static size_t valid_prefix(const char *s, size_t n, size_t *open)
{
    size_t i = 0;
    *open = 0;
    while (i < n) {
        uint64_t eight;
        if (n - i >= sizeof eight) {
            memcpy(&eight, s + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        size_t length = ms_utf8_length(s + i, n - i);
        if (length == 0)
            break;
        i += length;
    }
    // A sequence has at most 4 bytes, of which the first says how many.
    unsigned char first = i < n ? (unsigned char)s[i] : 0;
    size_t wants = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (wants > n - i)
        *open = n - i;
    return i;
}

// Looks for the first byte that is not UTF-8. *bad: how many bytes are before it; SIZE_MAX: none
// is.
static int look_through(struct ms_file *f, char *chunk, size_t *bad, unsigned *byte,
                        struct ms_error *err)
{
    size_t got, kept = 0, open, before = 0;
    *bad = SIZE_MAX;
    do {
        int status = ms_file_read(f, chunk + kept, CHUNK - kept, &got, err);
        if (status)
            return status;
        size_t n = kept + got, good = valid_prefix(chunk, n, &open);
        if (good < n && (!open || n < CHUNK)) {
            *bad = before + good;
            *byte = (unsigned char)chunk[good];
            return 0;
        }
        before += good;
        kept = n - good;
        memmove(chunk, chunk + good, kept);
        if (n < CHUNK)
            return 0;
    } while (true);
}

// The line, from 1, that begins before the byte `at`.
static int find_line(struct ms_file *f, char *chunk, size_t at, long *line, struct ms_error *err)
{
    size_t got = 1;
    char last = '\0';
    for (*line = 1; at > 0 && got > 0; at -= got) {
        int status = ms_file_read(f, chunk, at < CHUNK ? at : CHUNK, &got, err);
        if (status)
            return status;
        for (size_t i = 0; i < got; last = chunk[i++])
            *line += chunk[i] == '\r' || (chunk[i] == '\n' && last != '\r');
    }
    return 0;
}

static int reopen(struct ms_file *f, struct ms_error *err)
{
    const char *path = f->path;
    ms_file_close(f);
    return ms_file_open(f, path, err);
}

// UTF-16 without a mark: the first bytes are pairs with one 0, always at the same side.
static bool is_utf16(const unsigned char *s, size_t n, enum ms_csv_form *form)
{
    size_t zeros[2] = {0, 0};
    n = n < 64 ? n & ~(size_t)1 : 64;
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += s[i] == 0;
    if (n < 4 || zeros[0] + zeros[1] != n / 2 || (zeros[0] && zeros[1]))
        return false;
    *form = zeros[0] ? MS_CSV_UTF16BE : MS_CSV_UTF16LE;
    return true;
}

// The form by a mark or by zeros; *mark: the mark's bytes, 0: there is none.
static void guess(const unsigned char *s, size_t n, int wanted, enum ms_csv_form *form,
                  size_t *mark)
{
    bool any16 = wanted < 0 || wanted == MS_UTF16;
    *mark = 0;
    *form = wanted == MS_UTF16 ? MS_CSV_UTF16LE : wanted == MS_LATIN1 ? MS_CSV_LATIN1 : MS_CSV_UTF8;
    if (any16 && n >= 2 && (memcmp(s, "\xFF\xFE", 2) == 0 || memcmp(s, "\xFE\xFF", 2) == 0)) {
        *form = s[0] == 0xFF ? MS_CSV_UTF16LE : MS_CSV_UTF16BE;
        *mark = 2;
    } else if (wanted != MS_UTF16 && n >= 3 && memcmp(s, utf8_mark, 3) == 0) {
        *mark = 3;
    } else if (any16) {
        (void)is_utf16(s, n, form);
    }
}

static int decide(struct ms_csv_encoding *e, char *chunk, int wanted, size_t *mark,
                  struct ms_error *err)
{
    size_t n, bad;
    unsigned byte = 0;
    int status = ms_file_read(&e->file, chunk, CHUNK, &n, err);
    if (status)
        return status;
    guess((const unsigned char *)chunk, n, wanted, &e->form, mark);
    status = reopen(&e->file, err);
    if (status || e->form != MS_CSV_UTF8)
        return status;
    status = look_through(&e->file, chunk, &bad, &byte, err);
    if (!status)
        status = reopen(&e->file, err);
    if (status || bad == SIZE_MAX)
        return status;
    status = find_line(&e->file, chunk, bad, &e->not_utf8, err);
    if (!status && (wanted == MS_UTF8 || *mark))
        status = ms_fail(err, MS_EFORMAT,
                         "%s:%ld: byte 0x%02X is not UTF-8, as %s; \"encoding\" changes it",
                         e->file.path, e->not_utf8, byte,
                         wanted == MS_UTF8 ? "data.encoding says" : "the file's first bytes say");
    e->form = MS_CSV_LATIN1;
    return status ? status : reopen(&e->file, err);
}

int ms_csv_encoding_open(struct ms_csv_encoding *e, const char *path, int wanted,
                         struct ms_error *err)
{
    size_t mark = 0, got;
    char *chunk = malloc(CHUNK);
    e->at = e->len = 0;
    e->taken = 0;
    e->not_utf8 = 0;
    int status = ms_file_open(&e->file, path, err);
    if (!status && !chunk)
        status = ms_no_memory(err, "the reader of %s", path);
    if (!status)
        status = decide(e, chunk, wanted, &mark, err);
    if (!status)
        status = ms_file_read(&e->file, chunk, mark, &got, err);
    e->taken = mark;
    free(chunk);
    return status;
}

void ms_csv_encoding_close(struct ms_csv_encoding *e)
{
    ms_file_close(&e->file);
}

// ---- reading -----------------------------------------------------------------------------------

// Bytes 0x80 to 0x9f of windows-1252; those that it leaves out stay what they are.
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

static uint32_t unit(const struct ms_csv_encoding *e, size_t at)
{
    const unsigned char *s = e->raw + at;
    return e->form == MS_CSV_UTF16LE ? s[0] | (uint32_t)s[1] << 8 : s[1] | (uint32_t)s[0] << 8;
}

// The next character of UTF-16, whose bytes are in raw; they are taken.
static int next_utf16(struct ms_csv_encoding *e, uint32_t *c, struct ms_error *err)
{
    size_t left = e->len - e->at;
    *c = left >= 2 ? unit(e, e->at) : 0xDC00;
    uint32_t low = left >= 4 ? unit(e, e->at + 2) : 0;
    size_t n = 2;
    if (*c >= 0xD800 && *c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
        *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
        n = 4;
    } else if (*c >= 0xD800 && *c < 0xE000) {
        return ms_fail(err, MS_EFORMAT,
                       "%s: byte %llu: half a character of UTF-16; \"encoding\" changes how the "
                       "file is read",
                       e->file.path, (unsigned long long)(e->taken + e->at));
    }
    e->at += n;
    return 0;
}

// Makes a whole character stand in raw, unless the file ends.
static int refill(struct ms_csv_encoding *e, struct ms_error *err)
{
    size_t kept = e->len - e->at, got;
    memmove(e->raw, e->raw + e->at, kept);
    e->taken += e->at;
    e->at = 0;
    int status = ms_file_read(&e->file, e->raw + kept, sizeof e->raw - kept, &got, err);
    e->len = kept + got;
    return status;
}

int ms_csv_encoding_read(struct ms_csv_encoding *e, void *to, size_t size, size_t *got,
                         struct ms_error *err)
{
    enum { CHARACTER = 4 }; // bytes at most, in every form
    if (e->form == MS_CSV_UTF8)
        return ms_file_read(&e->file, to, size, got, err);
    for (*got = 0; size - *got >= CHARACTER;) {
        uint32_t c;
        int status = e->len - e->at < CHARACTER ? refill(e, err) : 0;
        if (status)
            return status;
        if (e->at == e->len)
            break;
        if (e->form == MS_CSV_LATIN1) {
            c = e->raw[e->at++];
            c = c >= 0x80 && c < 0xA0 ? windows_1252[c - 0x80] : c;
        } else {
            status = next_utf16(e, &c, err);
            if (status)
                return status;
        }
        *got += ms_utf8_encode(c, (char *)to + *got);
    }
    return 0;
}
