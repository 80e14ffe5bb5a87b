// SPDX-License-Identifier: MIT
//
// The only reader of UTF-8. Locale functions (mbrtowc, iswprint) would need a locale, which ranks
// on other machines do not have. No input is trusted: every length is checked against what is left.
#include "mlpsweep/utf8.h"

#include <string.h>

size_t ms_utf8_length(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    if (s[0] < 0x80)
        return 1;
    size_t length = s[0] >= 0xc2 && s[0] <= 0xdf   ? 2
                    : (s[0] & 0xf0) == 0xe0        ? 3
                    : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
                                                   : 0;
    if (length == 0 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

size_t ms_utf8_decode(const char *text, uint32_t *character)
{
    const unsigned char *b = (const unsigned char *)text;
    const size_t n = ms_utf8_length(text, strnlen(text, 4));
    *character = n < 2 ? b[0] : b[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        *character = *character << 6 | (b[i] & 0x3f);
    return n ? n : 1;
}

size_t ms_utf8_encode(uint32_t c, char to[4])
{
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3F));
    to[0] = (char)(first[n == 1 ? 0 : n] | c);
    return n;
}

size_t ms_utf8_printable(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    const bool control = s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && n > 1 && s[1] < 0xa0);
    return control ? 0 : ms_utf8_length(text, n);
}

bool ms_is_printable(const char *text, size_t n)
{
    size_t length = 1;
    for (size_t i = 0; i < n && length > 0; i += length)
        length = ms_utf8_printable(text + i, n - i);
    return length > 0;
}

char *ms_printable(char *text, char instead, const char *keep)
{
    const char *from = text;
    char *to = text;
    for (size_t n = strlen(text); n > 0;) {
        const size_t shown = ms_utf8_printable(from, n);
        const size_t whole = shown ? shown : ms_utf8_length(from, n);
        const size_t length = whole ? whole : 1;
        if (shown || strchr(keep, *from))
            memmove(to, from, length);
        else
            *to = instead;
        to += shown ? shown : 1;
        from += length;
        n -= length;
    }
    *to = '\0';
    return text;
}
