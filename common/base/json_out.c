// SPDX-License-Identifier: MIT
//
// What stands between two values (comma, line end, key) is decided in one place, before_value.
#include "mlpsweep/json_out.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/utf8.h"

static void put_text(struct ms_json_out *o, const char *text)
{
    fputc('"', o->file);
    const char *end = text + strlen(text);
    for (const char *s = text; *s;) {
        const unsigned char c = (unsigned char)*s;
        const size_t n = ms_utf8_length(s, (size_t)(end - s));
        if (c == '"' || c == '\\')
            fprintf(o->file, "\\%c", c);
        else if (c < 0x20 || c == 0x7f || (o->script && c == '<'))
            fprintf(o->file, "\\u%04x", c);
        else if (n > 0)
            fwrite(s, 1, n, o->file);
        else
            fputs("\\ufffd", o->file);
        s += n > 0 ? n : 1;
    }
    fputc('"', o->file);
}

static void new_line(const struct ms_json_out *o)
{
    fprintf(o->file, "\n%*s", 2 * o->depth, "");
}

static void before_value(struct ms_json_out *o, const char *key)
{
    if (o->depth == 0)
        return;
    const bool line = o->depth <= o->lines;
    if (o->any[o->depth - 1])
        fputs(line || o->lines == 0 ? "," : ", ", o->file);
    o->any[o->depth - 1] = true;
    if (line)
        new_line(o);
    assert((key != NULL) == (o->kind[o->depth - 1] == '{'));
    if (key) {
        put_text(o, key);
        fputs(o->lines ? ": " : ":", o->file);
    }
}

void ms_json_out_open(struct ms_json_out *o, const char *key, char kind)
{
    before_value(o, key);
    assert(o->depth < MS_JSON_OUT_DEPTH);
    fputc(kind, o->file);
    o->kind[o->depth] = kind;
    o->any[o->depth++] = false;
}

void ms_json_out_close(struct ms_json_out *o)
{
    assert(o->depth > 0);
    o->depth--;
    if (o->any[o->depth] && o->depth < o->lines)
        new_line(o);
    fputc(o->kind[o->depth] == '{' ? '}' : ']', o->file);
    if (o->depth == 0)
        fputc('\n', o->file);
}

void ms_json_out_text(struct ms_json_out *o, const char *key, const char *text)
{
    if (!text) {
        ms_json_out_null(o, key);
        return;
    }
    before_value(o, key);
    put_text(o, text);
}

void ms_json_out_number(struct ms_json_out *o, const char *key, double x)
{
    char text[40];
    if (isnan(x)) {
        ms_json_out_null(o, key);
        return;
    }
    before_value(o, key);
    if (isinf(x))
        fputs(x > 0 ? "1e999" : "-1e999", o->file);
    else if (x == 0 && signbit(x))
        fputs("-0.0", o->file); // people are shown no sign, but readers keep it
    else
        fputs(ms_number_text(x, text, sizeof text), o->file);
}

void ms_json_out_int(struct ms_json_out *o, const char *key, int64_t x)
{
    before_value(o, key);
    fprintf(o->file, "%lld", (long long)x);
}

void ms_json_out_bool(struct ms_json_out *o, const char *key, bool x)
{
    before_value(o, key);
    fputs(x ? "true" : "false", o->file);
}

void ms_json_out_null(struct ms_json_out *o, const char *key)
{
    before_value(o, key);
    fputs("null", o->file);
}

void ms_json_out_known_text(struct ms_json_out *o, const char *key, const char *text)
{
    ms_json_out_text(o, key, text && *text ? text : NULL);
}

void ms_json_out_known_int(struct ms_json_out *o, const char *key, int64_t x)
{
    if (x < 0)
        ms_json_out_null(o, key);
    else
        ms_json_out_int(o, key, x);
}

void ms_json_out_known_positive(struct ms_json_out *o, const char *key, double x)
{
    ms_json_out_number(o, key, x > 0 ? x : NAN);
}
