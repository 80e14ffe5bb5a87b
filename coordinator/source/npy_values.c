// SPDX-License-Identifier: MIT
//
// Elements of NumPy's arrays as values of a column. Half precision is IEEE 754's binary16. Texts
// end at their last character that is not NUL, as NumPy reads them; an empty one is a missing
// value.
#include "npy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"

static enum ms_frame_type type_of(const struct ms_npy *a)
{
    if (a->kind == 'S' || a->kind == 'U')
        return MS_FRAME_TEXT;
    if (a->size == 1 && a->kind != 'i')
        return MS_FRAME_U8;
    return a->size <= 2 || (a->kind == 'f' && a->size == 4) ? MS_FRAME_F32 : MS_FRAME_F64;
}

int ms_npy_room(struct ms_npy_values *v, const struct ms_npy *a, const char *what,
                struct ms_error *err)
{
    static const size_t sizes[] = {[MS_FRAME_F64] = sizeof(double),
                                   [MS_FRAME_F32] = sizeof(float),
                                   [MS_FRAME_U8] = 1,
                                   [MS_FRAME_TEXT] = sizeof(uint32_t)};
    struct ms_frame_column *c = v->column;
    size_t n = (size_t)a->rows * (size_t)a->width;
    c->type = type_of(a);
    c->width = (size_t)a->width;
    c->kind = a->kind == 'b' ? "boolean" : NULL;
    if (c->type == MS_FRAME_TEXT && c->width > 1)
        return ms_fail(err, MS_EFORMAT, "%s: rows of %zu texts; allowed: one text a row", what,
                       c->width);
    c->value = malloc(n * sizes[c->type]);
    return c->value ? 0 : ms_no_memory(err, "%s: the %zu values its header announces", what, n);
}

static float half(uint16_t h)
{
    int exponent = h >> 10 & 31, mantissa = h & 1023;
    float v = exponent == 31  ? (mantissa ? NAN : INFINITY)
              : exponent == 0 ? ldexpf((float)mantissa, -24)
                              : ldexpf((float)(mantissa | 1024), exponent - 25);
    return h & 0x8000 ? -v : v;
}

#define NUMBER(type)                                                                               \
    {                                                                                              \
        type v;                                                                                    \
        memcpy(&v, p, sizeof v);                                                                   \
        return (double)v;                                                                          \
    }

static double number(const struct ms_npy *a, const unsigned char *p)
{
    switch (a->kind * 16 + (int)a->size) {
    case 'i' * 16 + 1:
        return (int8_t)*p;
    case 'i' * 16 + 2:
        NUMBER(int16_t)
    case 'i' * 16 + 4:
        NUMBER(int32_t)
    case 'i' * 16 + 8:
        NUMBER(int64_t)
    case 'u' * 16 + 2:
        NUMBER(uint16_t)
    case 'u' * 16 + 4:
        NUMBER(uint32_t)
    case 'u' * 16 + 8:
        NUMBER(uint64_t)
    case 'f' * 16 + 2: {
        uint16_t h;
        memcpy(&h, p, sizeof h);
        return (double)half(h);
    }
    case 'f' * 16 + 4:
        NUMBER(float)
    case 'f' * 16 + 8:
        NUMBER(double)
    default:
        return a->kind == 'b' ? *p != 0 : *p;
    }
}

// An integer of 64 bits that its double does not give back.
static bool is_rounded(const struct ms_npy *a, const unsigned char *p, double v)
{
    int64_t i;
    uint64_t u;
    if (a->size != 8 || a->kind == 'f' || fabs(v) < 9007199254740992.)
        return false;
    memcpy(&i, p, sizeof i);
    memcpy(&u, p, sizeof u);
    return a->kind == 'i' ? v >= 9223372036854775808. || (int64_t)v != i
                          : v >= 18446744073709551616. || (uint64_t)v != u;
}

static int not_text(size_t at, const char *what, struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT,
                   "%s: row %zu: the text is not valid UTF-8; save it with "
                   ".astype(str)",
                   what, at);
}

// The element's text into out; -1: it is none.
static int text_of(const struct ms_npy *a, const unsigned char *p, char *out)
{
    size_t n = 0, end = a->size;
    if (a->kind == 'S') {
        while (end > 0 && p[end - 1] == 0)
            end--;
        memcpy(out, p, end);
        out[end] = '\0';
        for (size_t k; n < end; n += k)
            if ((k = ms_utf8_length(out + n, end - n)) == 0 || out[n] == '\0')
                return -1;
        return 0;
    }
    uint32_t c = 0;
    while (end > 0 && (memcpy(&c, p + end - 4, 4), c == 0))
        end -= 4;
    for (size_t i = 0; i < end; i += 4) {
        memcpy(&c, p + i, 4);
        if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return -1;
        n += ms_utf8_encode(c, out + n);
    }
    out[n] = '\0';
    return 0;
}

int ms_npy_put(struct ms_npy_values *v, const struct ms_npy *a, size_t at, const unsigned char *p,
               const char *what, struct ms_error *err)
{
    struct ms_frame_column *c = v->column;
    if (c->type == MS_FRAME_TEXT) {
        char text[4 * MS_NPY_TEXT + 1];
        uint32_t *to = (uint32_t *)c->value + at;
        *to = MS_FRAME_NONE;
        if (text_of(a, p, text))
            return not_text(at, what, err);
        return text[0] ? ms_frame_label(&v->labels, c, text, to, err) : 0;
    }
    double value = number(a, p);
    if (is_rounded(a, p, value))
        return ms_fail(err, MS_ELIMIT,
                       "%s: row %zu: an integer near %.17g that no double holds exactly; allowed: "
                       "integers up to 2^53, or texts, as labels",
                       what, at / c->width, value);
    if (c->type == MS_FRAME_U8)
        ((uint8_t *)c->value)[at] = (uint8_t)value;
    else if (c->type == MS_FRAME_F32)
        ((float *)c->value)[at] = (float)value;
    else
        ((double *)c->value)[at] = value;
    return 0;
}
