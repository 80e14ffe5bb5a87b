// SPDX-License-Identifier: MIT
//
// Text from elsewhere: its characters, and the form of it that is safe to print.
#ifndef MLPSWEEP_UTF8_H
#define MLPSWEEP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of the valid UTF-8 sequence at text, of which n >= 1 bytes are left; 0: it is not valid.
// Overlong forms, surrogates and values above U+10FFFF are invalid (RFC 3629).
size_t ms_utf8_length(const char *text, size_t n);

// The first character of a text that is not empty, and how many bytes it takes. A byte that begins
// no valid sequence counts as a character of its own.
size_t ms_utf8_decode(const char *text, uint32_t *character);

// Writes a character, at most U+10FFFF and no surrogate, and returns how many bytes it takes.
size_t ms_utf8_encode(uint32_t character, char to[4]);

// As ms_utf8_length, but 0 also for control characters: U+0000–U+001F, and U+007F–U+009F, which
// terminals obey as they do escape sequences.
size_t ms_utf8_printable(const char *text, size_t n);
bool ms_is_printable(const char *text, size_t n); // all of it

// Makes a text safe for a terminal, in place: each control character that is not in keep ("\n\t",
// ""), and each byte that is not UTF-8, becomes `instead`. The text never gets more columns or more
// bytes. Returns text.
char *ms_printable(char *text, char instead, const char *keep);

#endif
