// SPDX-License-Identifier: MIT
//
// Two passes over one text. The scanner accepts exactly the language and notes, in document order,
// the line of every value; cJSON then builds the tree from the same bytes, with comments blanked
// out. A walk over the tree in document order meets the same values in the same order and so gives
// every node its line. The lines are kept in an array sorted by address. An integer beyond 2^53, of
// which cJSON keeps the nearest double only, gets its digits as valuestring.
#include "mlpsweep/json.h"

#include <cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/limits.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"

enum {
    MAX_VALUES = 1000000, // of one document: a tree of them takes about 100 MB
    MAX_NUMBER = 60,      // characters of a number; cJSON reads 63
};

struct place {
    uintptr_t node;
    int line;
};

struct ms_json {
    cJSON *root;
    struct place *place; // sorted by node
    size_t n, room;
};

struct spot { // of a value in the text
    int line;
    uint32_t at;
};

struct scan {
    const char *s; // NUL-terminated
    size_t at;
    int line;
    size_t line_start;
    int depth;
    struct spot *spots; // of the values, in document order
    size_t n, room;
    struct ms_error *err;
    int *err_line;
};

// --- messages ----------------------------------------------------------------

static bool is_letter(char b)
{
    return (b | 32) >= 'a' && (b | 32) <= 'z';
}

// The text at the current place, for "found …".
static const char *found_text(const struct scan *c, char out[24])
{
    unsigned char b = (unsigned char)c->s[c->at];
    int word = 0;
    while (word < 16 && is_letter(c->s[c->at + (size_t)word]))
        word++;
    if (b == '\0')
        return "the end of the file";
    if (b == '\n' || b == '\r')
        return "the end of the line";
    if (b < 0x20 || b == 0x7f) {
        snprintf(out, 24, "control character %d", b);
        return out;
    }
    uint32_t character;
    int bytes = word ? word : (int)ms_utf8_decode(c->s + c->at, &character);
    snprintf(out, 24, "'%.*s'", bytes, c->s + c->at);
    return out;
}

static int column(const struct scan *c)
{
    int n = 1; // in characters: the continuation bytes of UTF-8 do not count
    for (size_t i = c->line_start; i < c->at; i++)
        n += ((unsigned char)c->s[i] & 0xc0) != 0x80;
    return n;
}

static int scan_fail(const struct scan *c, const char *expected)
{
    char found[24];
    *c->err_line = c->line;
    return ms_fail(c->err, MS_EFORMAT, "column %d: found %s; expected %s", column(c),
                   found_text(c, found), expected);
}

static int limit_fail(const struct scan *c, const char *found, const char *allowed)
{
    *c->err_line = c->line;
    return ms_fail(c->err, MS_ELIMIT, "column %d: found %s; allowed: %s", column(c), found,
                   allowed);
}

// --- scanner -----------------------------------------------------------------

static void skip_space(struct scan *c)
{
    for (;; c->at++) {
        char b = c->s[c->at];
        if (b == '\n') {
            c->line++;
            c->line_start = c->at + 1;
        } else if (b != ' ' && b != '\t' && b != '\r') {
            return;
        }
    }
}

static bool is_digit(char b)
{
    return b >= '0' && b <= '9';
}

static int hex4(const char *s)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char b = s[i];
        int digit = is_digit(b) ? b - '0' : -1;
        if ((b | 32) >= 'a' && (b | 32) <= 'f')
            digit = (b | 32) - 'a' + 10;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

// Scans from a backslash. \u0000 is refused, because it would end a C string early.
static int scan_escape(struct scan *c)
{
    c->at++;
    if (c->s[c->at] != '\0' && strchr("\"\\/bfnrt", c->s[c->at])) {
        c->at++;
        return 0;
    }
    if (c->s[c->at] != 'u')
        return scan_fail(c, "one of \" \\ / b f n r t u after a backslash");
    int code = hex4(c->s + c->at + 1);
    if (code <= 0 || (code >= 0xdc00 && code <= 0xdfff)) {
        c->at--;
        return scan_fail(c, "\\u with the four hexadecimal digits of a character");
    }
    c->at += 5;
    if (code < 0xd800 || code > 0xdbff)
        return 0;
    int low = c->s[c->at] == '\\' && c->s[c->at + 1] == 'u' ? hex4(c->s + c->at + 2) : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return scan_fail(c, "the second half of a surrogate pair");
    c->at += 6;
    return 0;
}

static int scan_string(struct scan *c)
{
    c->at++;
    for (;;) {
        unsigned char b = (unsigned char)c->s[c->at];
        if (b == '"') {
            c->at++;
            return 0;
        }
        if (b < 0x20)
            return scan_fail(c, "'\"' at the end of the string");
        if (b != '\\') {
            c->at++;
            continue;
        }
        int status = scan_escape(c);
        if (status < 0)
            return status;
    }
}

static int scan_digits(struct scan *c)
{
    if (!is_digit(c->s[c->at]))
        return scan_fail(c, "a digit");
    while (is_digit(c->s[c->at]))
        c->at++;
    return 0;
}

static int scan_number(struct scan *c)
{
    size_t start = c->at;
    int status = 0;
    if (c->s[c->at] == '-')
        c->at++;
    if (c->s[c->at] == '0') {
        c->at++;
        if (is_digit(c->s[c->at]))
            return scan_fail(c, "no further digit after a leading 0");
    } else {
        status = scan_digits(c);
    }
    if (status == 0 && c->s[c->at] == '.') {
        c->at++;
        status = scan_digits(c);
    }
    if (status == 0 && (c->s[c->at] == 'e' || c->s[c->at] == 'E')) {
        c->at++;
        if (c->s[c->at] == '+' || c->s[c->at] == '-')
            c->at++;
        status = scan_digits(c);
    }
    if (status < 0)
        return status;
    size_t end = c->at;
    c->at = start;
    if (end - start > MAX_NUMBER)
        return limit_fail(c, "a longer number", "up to 60 characters");
    if (!isfinite(strtod(c->s + start, NULL)))
        return limit_fail(c, "a larger number", "what double precision can hold");
    c->at = end;
    return 0;
}

static int note_line(struct scan *c, int line)
{
    if (c->n == MAX_VALUES)
        return limit_fail(c, "more values", "up to 1000000 in one file");
    int status =
        ms_grow(&c->spots, &c->room, c->n + 1, sizeof *c->spots, "the lines of the file", c->err);
    if (status)
        *c->err_line = c->line;
    else
        c->spots[c->n++] = (struct spot){line, (uint32_t)c->at};
    return status;
}

static int scan_value(struct scan *c, int line);

// Scans the members of an array or object from its opening bracket; close is the bracket that ends
// it.
static int scan_members(struct scan *c, char close)
{
    bool object = close == '}';
    if (++c->depth > MS_MAX_NESTING)
        return limit_fail(c, "deeper nesting", "objects and arrays up to 32 deep");
    c->at++;
    skip_space(c);
    for (bool first = true; !(first && c->s[c->at] == close); first = false) {
        int status, line = c->line;
        if (object) {
            if (c->s[c->at] != '"')
                return scan_fail(c, first ? "a key in quotes or '}'" : "a key in quotes");
            status = scan_string(c);
            if (status < 0)
                return status;
            skip_space(c);
            if (c->s[c->at] != ':')
                return scan_fail(c, "':' after a key");
            c->at++;
            skip_space(c);
        }
        status = scan_value(c, line);
        if (status < 0)
            return status;
        skip_space(c);
        if (c->s[c->at] == close)
            break;
        if (c->s[c->at] != ',')
            return scan_fail(c, object ? "',' or '}'" : "',' or ']'");
        c->at++;
        skip_space(c);
    }
    c->at++;
    c->depth--;
    return 0;
}

static int scan_value(struct scan *c, int line)
{
    static const char *const words[] = {"true", "false", "null"};
    int status = note_line(c, line);
    if (status < 0)
        return status;
    char b = c->s[c->at];
    if (b == '{')
        return scan_members(c, '}');
    if (b == '[')
        return scan_members(c, ']');
    if (b == '"')
        return scan_string(c);
    if (b == '-' || is_digit(b))
        return scan_number(c);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(c->s + c->at, words[i], length) == 0) {
            c->at += length;
            return 0;
        }
    }
    return scan_fail(c, b == '/'       ? "a value (comments begin with //)"
                        : is_letter(b) ? "a value (words other than true, false, null need quotes)"
                                       : "a value");
}

// --- before the scanner ------------------------------------------------------

static int check_bytes(const char *text, size_t len, int *line, struct ms_error *err)
{
    int at_line = 1;
    for (size_t i = 0; i < len;) {
        size_t length = ms_utf8_length(text + i, len - i);
        if (length == 0 || text[i] == '\0') {
            *line = at_line;
            return ms_fail(err, MS_EFORMAT, "byte %d is %s", (unsigned char)text[i],
                           length == 0 ? "not valid UTF-8" : "not allowed in a text file");
        }
        at_line += text[i] == '\n';
        i += length;
    }
    return 0;
}

// Overwrites // comments and a byte order mark with blanks, so that offsets do not change. A string
// that is still open at the end of its line ends there: the scanner refuses it anyway.
static void blank_comments(char *s)
{
    bool in_string = false;
    if (strncmp(s, "\xef\xbb\xbf", 3) == 0)
        memcpy(s, "   ", 3);
    for (size_t i = 0; s[i]; i++) {
        if (in_string && s[i] == '\\' && s[i + 1] && s[i + 1] != '\n') {
            i++;
        } else if (s[i] == '"') {
            in_string = !in_string;
        } else if (s[i] == '\n') {
            in_string = false;
        } else if (!in_string && s[i] == '/' && s[i + 1] == '/') {
            while (s[i] && s[i] != '\n')
                s[i++] = ' ';
            i--;
        }
    }
}

// --- document ----------------------------------------------------------------

// Gives a number that is an integer beyond 2^53 its digits. False: no memory.
static bool keep_digits(cJSON *number, const char *text)
{
    size_t digits = strspn(text + (*text == '-'), "0123456789") + (*text == '-');
    if (!(fabs(number->valuedouble) >= 0x1p53) || (text[digits] && strchr(".eE", text[digits])))
        return true;
    return (number->valuestring = strndup(text, digits)) != NULL;
}

static bool attach_spots(struct ms_json *doc, cJSON *node, const struct scan *c)
{
    for (; node && doc->n < c->n; node = node->next) {
        const struct spot *spot = &c->spots[doc->n];
        doc->place[doc->n++] = (struct place){(uintptr_t)node, spot->line};
        if ((cJSON_IsNumber(node) && !keep_digits(node, c->s + spot->at)) ||
            !attach_spots(doc, node->child, c))
            return false;
    }
    return true;
}

static int by_node(const void *a, const void *b)
{
    uintptr_t x = ((const struct place *)a)->node, y = ((const struct place *)b)->node;
    return (x > y) - (x < y);
}

static int build(const struct scan *c, size_t len, struct ms_json **out, struct ms_error *err)
{
    struct ms_json *doc = calloc(1, sizeof *doc);
    if (doc) {
        doc->place = calloc(c->n + 1, sizeof *doc->place);
        doc->root = cJSON_ParseWithLengthOpts(c->s, len + 1, NULL, true);
    }
    if (!doc || !doc->place || !doc->root || !attach_spots(doc, doc->root, c)) {
        ms_json_free(doc);
        return ms_no_memory(err, "the tree of the file");
    }
    qsort(doc->place, doc->n, sizeof *doc->place, by_node);
    *out = doc;
    return 0;
}

int ms_json_parse(const char *text, size_t len, struct ms_json **out, int *line,
                  struct ms_error *err)
{
    *out = NULL;
    *line = 1;
    if (len > MS_MAX_SWEEP_FILE)
        return ms_fail(err, MS_ELIMIT, "the file has %zu bytes; allowed: at most %u", len,
                       MS_MAX_SWEEP_FILE);
    int status = check_bytes(text, len, line, err);
    if (status < 0)
        return status;
    char *copy = malloc(len + 1);
    if (!copy)
        return ms_no_memory(err, "the text of the file");
    memcpy(copy, text, len);
    copy[len] = '\0';
    blank_comments(copy);
    struct scan c = {.s = copy, .line = 1, .err = err, .err_line = line};
    skip_space(&c);
    status = scan_value(&c, c.line);
    if (status == 0) {
        skip_space(&c);
        if (c.s[c.at] != '\0')
            status = scan_fail(&c, "nothing after the end of the document");
    }
    if (status == 0)
        status = build(&c, len, out, err);
    free(c.spots);
    free(copy);
    return status;
}

struct ms_json *ms_json_new(void)
{
    return calloc(1, sizeof(struct ms_json));
}

cJSON *ms_json_note(struct ms_json *doc, cJSON *node, int line)
{
    if (!node)
        return NULL;
    if (ms_grow(&doc->place, &doc->room, doc->n + 1, sizeof *doc->place, "the lines of a document",
                NULL)) {
        cJSON_Delete(node);
        return NULL;
    }
    doc->place[doc->n++] = (struct place){(uintptr_t)node, line};
    return node;
}

void ms_json_take(struct ms_json *doc, cJSON *root)
{
    doc->root = root;
    if (doc->n > 0)
        qsort(doc->place, doc->n, sizeof *doc->place, by_node);
}

void ms_json_free(struct ms_json *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    free(doc->place);
    free(doc);
}

const struct cJSON *ms_json_root(const struct ms_json *doc)
{
    return doc->root;
}

int ms_json_line(const struct ms_json *doc, const struct cJSON *value)
{
    struct place key = {(uintptr_t)value, 0};
    const struct place *p = bsearch(&key, doc->place, doc->n, sizeof key, by_node);
    return p ? p->line : 1;
}
