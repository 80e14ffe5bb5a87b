// SPDX-License-Identifier: MIT
//
// UTF-8 against an encoder and against the counts that RFC 3629 allows; control characters, bare or
// in overlong forms, never reach a terminal.
#include "mlpsweep/utf8.h"

#include "check.h"

static size_t encode(uint32_t c, char out[5])
{
    const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(first[n] | c);
    out[n] = '\0';
    return n;
}

static void test_every_character(void)
{
    int wrong = 0;
    for (uint32_t c = 1; c <= 0x110000; c++) {
        char text[5];
        uint32_t back;
        const size_t n = encode(c, text);
        const bool valid = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
        wrong += ms_utf8_length(text, n) != (valid ? n : 0);
        wrong += n > 1 && ms_utf8_length(text, n - 1) != 0; // cut off
        wrong += ms_utf8_decode(text, &back) != (valid ? n : 1);
        wrong += back != (valid ? c : (unsigned char)text[0]);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(ms_utf8_length("", 1), 1); // NUL is a character too
}

// As many sequences of a length are valid as there are characters of that length: so no overlong
// form and no broken continuation is among them.
static void test_every_sequence(void)
{
    long valid[4] = {0};
    for (uint32_t bits = 0; bits < 1u << 24; bits++) {
        const char text[] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
        const size_t n = ms_utf8_length(text, 3);
        REQUIRE(n <= 3);
        valid[n]++;
    }
    CHECK_INT(valid[1], 0x80L << 16);
    CHECK_INT(valid[2], 0x780L << 8);
    CHECK_INT(valid[3], 0xf800 - 0x800);
    long four = 0;
    for (uint32_t lead = 0xe0; lead <= 0xff; lead++)
        for (uint32_t second = 0; second <= 0xff; second++)
            four +=
                ms_utf8_length((const char[]){(char)lead, (char)second, '\x80', '\xbf'}, 4) == 4;
    CHECK_INT(four, 0x100000 / 0x1000);
}

static void check_printable(const char *text, const char *keep, const char *wanted)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%s", text);
    CHECK_STR(ms_printable(copy, '?', keep), wanted);
}

static void test_printable(void)
{
    check_printable("", "", "");
    check_printable("größe 😀 \xc2\xa0\xed\x9f\xbf", "", "größe 😀 \xc2\xa0\xed\x9f\xbf");
    check_printable("a\033[31m\n\tb\x7f", "", "a?[31m??b?");
    check_printable("a\033[31m\n\tb\x7f\r", "\n\t", "a?[31m\n\tb??");
    check_printable("\xc2\x80|\xc2\x9b"
                    "2J\xc2\x9f|",
                    "\n\t", "?|?2J?|"); // C1: CSI is U+009B
    check_printable("\x9b"
                    "2J \xc0\x9b \xe0\x82\x9b \xff",
                    "", "?2J ?? ??? ?"); // bare, and in overlong forms
    check_printable("\xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82", "", "??? ???? ??");
    CHECK(ms_is_printable("größe", strlen("größe")) && ms_is_printable("", 0));
    CHECK(!ms_is_printable("a\0b", 3) && !ms_is_printable("a\xc2\x85", 3) &&
          !ms_is_printable("a\xc3", 2));
    CHECK_INT(ms_utf8_printable("\xc2", 1), 0);
}

// Every character is read back, by the reader that the tests above prove.
static void test_encode(void)
{
    char text[4];
    for (uint32_t c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 37) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        uint32_t back;
        size_t n = ms_utf8_encode(c, text);
        if (ms_utf8_length(text, n) != n || ms_utf8_decode(text, &back) != n || back != c)
            CHECK_THAT(false, "U+%04X", c);
    }
    CHECK(ms_utf8_encode(0x1f600, text) == 4 && memcmp(text, "😀", 4) == 0);
}

int main(void)
{
    test_encode();
    test_every_character();
    test_every_sequence();
    test_printable();
    return check_done();
}
