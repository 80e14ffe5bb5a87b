// SPDX-License-Identifier: MIT
//
// A scanner of its own, because standard JSON has no NaN, which a training that diverged prints.
// Nothing is allocated: names and numbers go into the fixed arrays of struct ms_metric_line.
#include "metric_line.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"

enum { NESTING = MS_MAX_NESTING, NUMBER = 64 };

struct scan {
    const char *begin, *p, *end;
};

static void blanks(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
}

static bool take(struct scan *s, char c)
{
    blanks(s);
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool take_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
        return false;
    s->p += n;
    return true;
}

static int hex4(struct scan *s, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, s->p++) {
        if (s->p == s->end || !isxdigit((unsigned char)*s->p))
            return MS_EFORMAT;
        int c = tolower((unsigned char)*s->p);
        *out = 16 * *out + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return 0;
}

// Writes one character as UTF-8 into out (4 bytes); returns how many bytes, 0 if it is wrong.
static size_t escaped(struct scan *s, char *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (s->p == s->end)
        return 0;
    const char *at = *s->p ? strchr(letters, *s->p) : NULL;
    if (at) {
        s->p++;
        out[0] = meant[at - letters];
        return 1;
    }
    unsigned c, low;
    if (*s->p++ != 'u' || hex4(s, &c))
        return 0;
    const char *second = s->p;
    if (c >= 0xd800 && c < 0xdc00 && take_word(s, "\\u") && !hex4(s, &low) && low >= 0xdc00 &&
        low < 0xe000)
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    else if (c >= 0xd800 && c < 0xdc00)
        s->p = second; // half a pair, which no name may have; the rest is read by itself
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | c);
    return n;
}

// A string after its opening quote. out (size bytes) gets as much as fits; *whole: all of it fits,
// and it can be a name, which is shown on terminals.
static int string(struct scan *s, char *out, size_t size, bool *whole)
{
    size_t used = 0;
    *whole = true;
    while (s->p < s->end && *s->p != '"') {
        char c[4];
        size_t n = 1;
        if ((unsigned char)*s->p < 0x20)
            return MS_EFORMAT;
        c[0] = *s->p++;
        if (c[0] == '\\' && (n = escaped(s, c)) == 0)
            return MS_EFORMAT;
        *whole = *whole && used + n < size;
        if (*whole)
            memcpy(out + used, c, n), used += n;
    }
    out[used] = '\0';
    *whole = *whole && used > 0 && ms_is_printable(out, used);
    return take(s, '"') ? 0 : MS_EFORMAT;
}

// RFC 8259's grammar; strtod alone would take "0x10" and "nan".
static int number(struct scan *s, double *out)
{
    const char *from = s->p;
    if (s->p < s->end && *s->p == '-')
        s->p++;
    const char *digits = s->p;
    while (s->p < s->end && isdigit((unsigned char)*s->p))
        s->p++;
    if (s->p == digits || (*digits == '0' && s->p - digits > 1))
        return MS_EFORMAT;
    if (s->p < s->end && *s->p == '.') {
        const char *point = ++s->p;
        while (s->p < s->end && isdigit((unsigned char)*s->p))
            s->p++;
        if (s->p == point)
            return MS_EFORMAT;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        const char *power = s->p;
        while (s->p < s->end && isdigit((unsigned char)*s->p))
            s->p++;
        if (s->p == power)
            return MS_EFORMAT;
    }
    char text[NUMBER + 1];
    size_t n = (size_t)(s->p - from);
    if (n > NUMBER)
        return MS_EFORMAT;
    memcpy(text, from, n);
    text[n] = '\0';
    *out = strtod(text, NULL);
    return 0;
}

// Any value. *is_number: *out is the number it counts as.
static int value(struct scan *s, double *out, bool *is_number, int depth)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"true", 1},
                 {"false", 0},
                 {"null", NAN},
                 // Python and JavaScript; C, awk, Lua and R; each is a number that JSON lacks.
                 {"NaN", NAN},
                 {"Infinity", INFINITY},
                 {"-Infinity", -INFINITY},
                 {"nan", NAN},
                 {"inf", INFINITY},
                 {"-inf", -INFINITY},
                 {"-nan", NAN},
                 {"Inf", INFINITY},
                 {"-Inf", -INFINITY}};
    char ignored[1], close;
    bool whole;
    blanks(s);
    *is_number = true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (take_word(s, words[i].word)) {
            *out = words[i].value;
            return 0;
        }
    *is_number = false;
    if (take(s, '"'))
        return string(s, ignored, sizeof ignored, &whole);
    if (take(s, '['))
        close = ']';
    else if (take(s, '{'))
        close = '}';
    else {
        *is_number = true;
        return number(s, out);
    }
    if (depth == NESTING)
        return MS_EFORMAT;
    if (take(s, close))
        return 0;
    do {
        bool inner;
        double x;
        if (close == '}' &&
            (!take(s, '"') || string(s, ignored, sizeof ignored, &whole) || !take(s, ':')))
            return MS_EFORMAT;
        if (value(s, &x, &inner, depth + 1))
            return MS_EFORMAT;
    } while (take(s, ','));
    *is_number = false;
    return take(s, close) ? 0 : MS_EFORMAT;
}

static void keep(struct ms_metric_line *out, const char *name, double x, const char *wanted)
{
    int i = 0;
    while (i < out->n && strcmp(out->name[i], name) != 0)
        i++;
    if (i == MS_MAX_METRICS) {
        out->dropped++;
        if (strcmp(name, wanted) != 0)
            return;
        i--;
    } else if (i == out->n) {
        out->n++;
    }
    memcpy(out->name[i], name, strlen(name) + 1);
    out->value[i] = x;
}

static int object(struct scan *s, const char *wanted, struct ms_metric_line *out)
{
    if (!take(s, '{'))
        return MS_EFORMAT;
    if (take(s, '}'))
        return 0;
    do {
        char name[MS_METRIC_NAME];
        bool whole, is_number;
        double x;
        if (!take(s, '"') || string(s, name, sizeof name, &whole) || !take(s, ':') ||
            value(s, &x, &is_number, 0))
            return MS_EFORMAT;
        if (!is_number)
            continue;
        if (!whole)
            out->dropped++;
        else if (strcmp(name, "epoch") == 0)
            out->epoch = x;
        else
            keep(out, name, x, wanted);
    } while (take(s, ','));
    return take(s, '}') ? 0 : MS_EFORMAT;
}

int ms_metric_line(const char *text, size_t size, const char *wanted, struct ms_metric_line *out,
                   struct ms_error *err)
{
    struct scan s = {text, text, text + size};
    out->epoch = NAN;
    out->n = out->dropped = 0;
    int status = object(&s, wanted, out);
    blanks(&s);
    if (status || s.p != s.end)
        return ms_fail(err, MS_EFORMAT, "no JSON at byte %td", s.p - s.begin + 1);
    return 0;
}
