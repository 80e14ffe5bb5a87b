// SPDX-License-Identifier: MIT
//
// Columns of the document as base64 (RFC 4648), little-endian on every machine. A column whose
// values are all the same is the value.
#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "report_internal.h"

static const struct kind {
    const char *name;
    size_t bytes;
    double none; // what NAN is
} kinds[] = {
    [MS_REPORT_U1] = {"u1", 1, 255},
    [MS_REPORT_U2] = {"u2", 2, 65535},
    [MS_REPORT_U4] = {"u4", 4, 4294967295.0},
    [MS_REPORT_F4] = {"f4", 4, 0},
    [MS_REPORT_F8] = {"f8", 8, 0},
};

static bool is_float(enum ms_report_kind kind)
{
    return kind == MS_REPORT_F4 || kind == MS_REPORT_F8;
}

static void put(unsigned char *to, enum ms_report_kind kind, double v)
{
    const double most = kinds[kind].none;
    if (kind == MS_REPORT_F8) {
        uint64_t bits;
        memcpy(&bits, &v, sizeof bits);
        bits = htole64(bits);
        memcpy(to, &bits, sizeof bits);
        return;
    }
    uint32_t bits;
    const float single = (float)v;
    if (kind == MS_REPORT_F4)
        memcpy(&bits, &single, sizeof bits);
    else
        bits = (uint32_t)(isnan(v) || v > most ? most : v < 0 ? 0 : v);
    bits = htole32(bits);
    memcpy(to, &bits, kinds[kind].bytes);
}

static void base64(char *out, const unsigned char *in, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        const unsigned left = n - i > 2 ? 3 : (unsigned)(n - i);
        const unsigned three = (unsigned)in[i] << 16 | (left > 1 ? (unsigned)in[i + 1] << 8 : 0) |
                               (left > 2 ? in[i + 2] : 0);
        *out++ = digits[three >> 18];
        *out++ = digits[three >> 12 & 63];
        *out++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[three & 63] : '=';
    }
    *out = '\0';
}

static bool all_equal(const double *value, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (!(value[i] == value[0] || (isnan(value[i]) && isnan(value[0]))))
            return false;
    return n > 0;
}

int ms_report_column(struct ms_json_out *o, const char *key, enum ms_report_kind kind,
                     const double *value, size_t n, struct ms_error *err)
{
    if (all_equal(value, n)) {
        char number[40], text[48];
        const double v = isnan(value[0]) && !is_float(kind) ? kinds[kind].none : value[0];
        snprintf(text, sizeof text, "k:%s",
                 isnan(v)   ? "NaN"
                 : isinf(v) ? (v > 0 ? "Infinity" : "-Infinity")
                            : ms_number_text(v, number, sizeof number));
        ms_json_out_text(o, key, text);
        return 0;
    }
    const size_t bytes = n * kinds[kind].bytes;
    unsigned char *raw = malloc(bytes + 1);
    char *text = malloc(3 + (bytes + 2) / 3 * 4 + 1);
    if (!raw || !text) {
        free(raw);
        free(text);
        return ms_no_memory(err, "a column of %zu values", n);
    }
    for (size_t i = 0; i < n; i++)
        put(raw + i * kinds[kind].bytes, kind, value[i]);
    snprintf(text, 4, "%s:", kinds[kind].name);
    base64(text + 3, raw, bytes);
    ms_json_out_text(o, key, text);
    free(raw);
    free(text);
    return 0;
}
