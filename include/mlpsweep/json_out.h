// SPDX-License-Identifier: MIT
//
// JSON (RFC 8259) written while it is made: nothing of it is kept, so a million rows need no
// memory. Used by every command that prints or writes JSON. An error of the file stays in its
// stream: the caller checks ferror once, at the end.
//
//     struct ms_json_out o = {.file = stdout, .lines = 2};
//     ms_json_out_open(&o, NULL, '{');
//     ms_json_out_text(&o, "name", "demo");
//     ms_json_out_open(&o, "trials", '[');
//     …
//     ms_json_out_close(&o); // the array
//     ms_json_out_close(&o); // the object, and a line end after the last one
#ifndef MLPSWEEP_JSON_OUT_H
#define MLPSWEEP_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { MS_JSON_OUT_DEPTH = 32 };

struct ms_json_out {
    FILE *file;
    int lines;   // values at no more than this depth begin a line; 0: all of it is one line
    bool script; // it stands inside a page's <script>: '<' is written as \u003c
    // The writer's own.
    int depth;
    char kind[MS_JSON_OUT_DEPTH]; // '{' or '['
    bool any[MS_JSON_OUT_DEPTH];  // it has a member already
};

// key: the name of a member; NULL inside an array, and for the document itself. kind: '{' or '['.
void ms_json_out_open(struct ms_json_out *o, const char *key, char kind);
void ms_json_out_close(struct ms_json_out *o);

// text in UTF-8 (a byte that is none becomes U+FFFD); NULL: null.
void ms_json_out_text(struct ms_json_out *o, const char *key, const char *text);
// The shortest number that reads back as x. NAN: null; infinities: 1e999 and -1e999, which readers
// take for infinity.
void ms_json_out_number(struct ms_json_out *o, const char *key, double x);
void ms_json_out_int(struct ms_json_out *o, const char *key, int64_t x);
void ms_json_out_bool(struct ms_json_out *o, const char *key, bool x);
void ms_json_out_null(struct ms_json_out *o, const char *key);

// Values that may not be known, null then: a text that is NULL or empty, a whole number below 0, a
// number that is not above 0.
void ms_json_out_known_text(struct ms_json_out *o, const char *key, const char *text);
void ms_json_out_known_int(struct ms_json_out *o, const char *key, int64_t x);
void ms_json_out_known_positive(struct ms_json_out *o, const char *key, double x);

#endif
