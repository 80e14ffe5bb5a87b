// SPDX-License-Identifier: MIT
//
// Encodings of text files. Expected bytes are Python's: "é€😀".encode(…), bytes.decode("cp1252").
#include "source_helpers.h"

#include "coordinator/source/csv_encoding.h"

static struct ms_csv_encoding *e;
static struct ms_error err;
static char out[300000];

// The text of a file in pieces of `piece` bytes; NULL: refused.
static const char *text_of(const char *name, int wanted, size_t piece)
{
    size_t n = 0, got = 0;
    int status = ms_csv_encoding_open(e, tmp_path(name), wanted, &err);
    do {
        if (!status)
            status = ms_csv_encoding_read(e, out + n, piece, &got, &err);
        n += got;
    } while (!status && got > 0 && n + piece < sizeof out);
    ms_csv_encoding_close(e);
    out[n] = 0;
    return status ? NULL : out;
}

static void reads(const char *bytes, size_t n, int wanted, enum ms_csv_form form, const char *text)
{
    CASE("'%s' in form %d", text, (int)form);
    static const char *const names[] = {"t.csv", "t.csv.gz"};
    for (int i = 0; i < 2; i++) {
        tmp_write(names[i], bytes, n);
        for (size_t piece = 4; piece < 12; piece++) {
            const char *found = text_of(names[i], wanted, piece);
            CHECK_THAT(found && strcmp(found, text) == 0, "%zu: '%s'", piece,
                       found ? found : err.text);
            CHECK_INT(e->form, form);
        }
    }
}
#define READS(bytes, wanted, form, text) reads(bytes, sizeof bytes - 1, wanted, form, text)

#define SMILE "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80" // é€😀

static void test_forms(void)
{
    READS("", -1, MS_CSV_UTF8, "");
    READS("a,b\n", -1, MS_CSV_UTF8, "a,b\n");
    READS(SMILE, -1, MS_CSV_UTF8, SMILE);
    READS("\xEF\xBB\xBFy", -1, MS_CSV_UTF8, "y");
    READS("\xEF\xBB\xBFy", MS_UTF8, MS_CSV_UTF8, "y");
    READS("\xEF\xBB\xBFy\x80", MS_LATIN1, MS_CSV_LATIN1, "y\xE2\x82\xAC");
    READS("\xFF\xFE\xE9\0\xAC\x20\x3D\xD8\0\xDE", -1, MS_CSV_UTF16LE, SMILE);
    READS("\xFE\xFF\0\xE9\x20\xAC\xD8\x3D\xDE\0", -1, MS_CSV_UTF16BE, SMILE);
    READS("a\0,\0b\0", -1, MS_CSV_UTF16LE, "a,b"); // without a mark
    READS("\0a\0,\0b", -1, MS_CSV_UTF16BE, "a,b");
    READS("\xE9\0\xAC\x20", MS_UTF16, MS_CSV_UTF16LE, "\xC3\xA9\xE2\x82\xAC");
    READS("na\xEFve,\xA3", -1, MS_CSV_LATIN1, "na\xC3\xAFve,\xC2\xA3");
    READS("\x80\x93\x9F", -1, MS_CSV_LATIN1, "\xE2\x82\xAC\xE2\x80\x9C\xC5\xB8");
    READS("\xC3\xA9", MS_LATIN1, MS_CSV_LATIN1, "\xC3\x83\xC2\xA9");
}

static void refuses(const char *bytes, size_t n, int wanted, const char *message)
{
    tmp_write("t.csv", bytes, n);
    CHECK(text_of("t.csv", wanted, 64) == NULL);
    CHECK_THAT(strstr(err.text, message) != NULL, "'%s' lacks '%s'", err.text, message);
}
#define REFUSES(bytes, wanted, message) refuses(bytes, sizeof bytes - 1, wanted, message)

static void test_refused(void)
{
    REFUSES("a\nb\r\nc\rd\xE9", MS_UTF8, "t.csv:4: byte 0xE9 is not UTF-8, as data.encoding says");
    REFUSES("\xEF\xBB\xBF"
            "a\n\xFF\n",
            -1, "t.csv:2: byte 0xFF is not UTF-8, as the file's first");
    REFUSES("a\n\xE2\x82", MS_UTF8, "t.csv:2: byte 0xE2"); // the file ends in a character
    REFUSES("\xFF\xFE"
            "a\0b",
            -1, "byte 4: half a character of UTF-16");
    REFUSES("\xFF\xFE"
            "a\0\x3D\xD8"
            "b\0",
            -1, "byte 4: half a character of UTF-16");
    REFUSES("\xFF\xFE\0\xDE"
            "b\0",
            -1, "byte 2: half a character of UTF-16");
}

// Characters across the ends of the chunks in which a file is looked through.
static void test_chunks(void)
{
    enum { N = 140000 };
    char *text = malloc(N + 1);
    REQUIRE(text != NULL);
    for (size_t shift = 0; shift < 10; shift++) {
        CASE("shifted by %zu", shift);
        memset(text, 'x', N);
        text[N] = 0;
        text[1] = '\n';
        memcpy(text + (1 << 16) - 8 + shift, SMILE, 9);
        memcpy(text + N - 9 + (shift ? 9 - shift : 0), SMILE, shift ? shift : 9); // cut in steps
        text[N] = 0;
        bool whole = shift == 0 || shift == 2 || shift == 5 || shift == 9;
        tmp_write("t.csv", text, N);
        const char *found = text_of("t.csv", -1, sizeof out / 2);
        CHECK(found && (strcmp(found, text) == 0) == whole);
        CHECK_INT(e->form, whole ? MS_CSV_UTF8 : MS_CSV_LATIN1);
        CHECK_INT(e->not_utf8, whole ? 0 : 2);
    }
    free(text);
}

int main(void)
{
    tmp_make();
    e = malloc(sizeof *e);
    REQUIRE(e != NULL);
    test_forms();
    test_refused();
    test_chunks();
    CHECK(text_of("missing.csv", -1, 64) == NULL);
    free(e);
    tmp_remove();
    return check_done();
}
