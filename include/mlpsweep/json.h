// SPDX-License-Identifier: MIT
//
// JSON as sweep files use it: strict (RFC 8259), with // comments, and with the line of every
// value, so that a message can name the place. cJSON builds the tree. A scanner reads the text
// first, because cJSON reports neither the place nor the kind of an error, and accepts faults:
// nesting beyond MS_MAX_NESTING, garbage at the end, bad numbers, control and NUL characters,
// invalid UTF-8. Repeated keys of an object are left to the caller (ms_json_duplicates), because
// they may not be the only error of a file. A number that is written as an integer and beyond 2^53
// has its digits in valuestring too, as valuedouble is the nearest double only.
#ifndef MLPSWEEP_JSON_H
#define MLPSWEEP_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/status.h"

struct cJSON;
struct ms_json; // a document: the tree and its lines

// Parses len bytes. A syntax error returns MS_EFORMAT: err has the column, what was found and what
// was expected, and *line is the line (from 1). MS_ELIMIT: too large or too deep. Free the document
// with ms_json_free.
int ms_json_parse(const char *text, size_t len, struct ms_json **out, int *line,
                  struct ms_error *err) MS_MUST_CHECK;
void ms_json_free(struct ms_json *doc);

const struct cJSON *ms_json_root(const struct ms_json *doc);

// The line on which a value of the document begins. A member of an object begins with its key.
int ms_json_line(const struct ms_json *doc, const struct cJSON *value);

// A document that the program makes: ms_json_note records the line of each node while the tree is
// built, then ms_json_take gives the tree to the document. note returns node. It returns NULL if
// node is NULL, or if there is no memory (node is then freed).
struct ms_json *ms_json_new(void); // NULL: no memory
struct cJSON *ms_json_note(struct ms_json *doc, struct cJSON *node, int line) MS_MUST_CHECK;
void ms_json_take(struct ms_json *doc, struct cJSON *root);

// Calls found for every member of an object whose key an earlier member has. Keys are compared
// exactly. Returns 0 or MS_ENOMEM.
typedef void (*ms_json_found)(void *ctx, const struct cJSON *member);
int ms_json_duplicates(const struct cJSON *object, ms_json_found found, void *ctx) MS_MUST_CHECK;

// A value as compact JSON: shortest numbers, integers with every digit; members in file order, or
// sorted by key, so that two equal values have equal texts. malloc'ed; NULL: no memory.
char *ms_json_compact(const struct cJSON *value, bool sorted);

// Calls take for every member below root that is no object, in file order: its path ("data.csv")
// and its compact text. An empty object counts as a value, an array as one. Stops at the first
// result other than 0, and returns it; MS_ENOMEM: no memory.
typedef int (*ms_json_take_leaf)(void *ctx, const char *path, const char *text);
int ms_json_leaves(const struct cJSON *root, ms_json_take_leaf take, void *ctx) MS_MUST_CHECK;

// The shortest decimal text that reads back as exactly x: "0.1", "32", "1e-07"; "nan", "inf".
// size of at least 32 holds every number. Returns out.
const char *ms_number_text(double x, char *out, size_t size);

#endif
