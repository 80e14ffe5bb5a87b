// SPDX-License-Identifier: MIT
//
// JSON as sweep files use it: strict (RFC 8259), with // comments, and with the line of every
// value, so that a message can say where. cJSON builds the tree. A scanner reads the text before
// it, because cJSON says neither where nor what is wrong, and lets through what must be refused:
// nesting beyond MS_MAX_NESTING, garbage at the end, bad numbers, control and NUL characters,
// invalid UTF-8. Keys that an object gives twice are left to the caller (ms_json_duplicates),
// because they are not the only error of a file.
#ifndef MLPSWEEP_JSON_H
#define MLPSWEEP_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/status.h"

struct cJSON;
struct ms_json; // a document: the tree and its lines

// Parses len bytes. On a syntax error returns MS_EFORMAT, err says column, what was found and what
// was expected, *line is the line (from 1). MS_ELIMIT: too large or too deep. Free with
// ms_json_free.
int ms_json_parse(const char *text, size_t len, struct ms_json **out, int *line,
                  struct ms_error *err) MS_MUST_CHECK;
void ms_json_free(struct ms_json *doc);

const struct cJSON *ms_json_root(const struct ms_json *doc);

// The line on which a value of the document begins; a member of an object begins with its key.
int ms_json_line(const struct ms_json *doc, const struct cJSON *value);

// A document that the program makes: nodes are noted with their lines while the tree is built, then
// the document takes the tree. note returns node, or NULL when there is no memory for it (node is
// freed) or node is NULL.
struct ms_json *ms_json_new(void); // NULL: no memory
struct cJSON *ms_json_note(struct ms_json *doc, struct cJSON *node, int line) MS_MUST_CHECK;
void ms_json_take(struct ms_json *doc, struct cJSON *root);

// Calls found for every member of an object whose key the object has already given. Keys are
// compared exactly. Returns 0 or MS_ENOMEM.
typedef void (*ms_json_found)(void *ctx, const struct cJSON *member);
int ms_json_duplicates(const struct cJSON *object, ms_json_found found, void *ctx) MS_MUST_CHECK;

// A value as compact JSON: numbers shortest, members in file order or sorted by key (two equal
// values then have equal texts). malloc'ed; NULL: no memory.
char *ms_json_compact(const struct cJSON *value, bool sorted);

// The shortest decimal text that reads back as exactly x: "0.1", "32", "1e-07"; "nan", "inf".
// size of at least 32 holds every number. Returns out.
const char *ms_number_text(double x, char *out, size_t size);

#endif
