// SPDX-License-Identifier: MIT
//
// Inside contract of c_header.c, c_data.c and c_code.c: a C header that is being written.
#ifndef MLPSWEEP_PORTABLE_C_HEADER_H
#define MLPSWEEP_PORTABLE_C_HEADER_H

#include "models.h"
#include "portable.h"

struct ms_portable_c {
    const struct ms_model *m;
    struct ms_portable_columns c;
    FILE *file;
    char name[MS_PORTABLE_NAME], upper[MS_PORTABLE_NAME]; // what all names begin with
    bool categories;                                      // some columns are categorical
};

// c_data.c: words.
// A string literal of any text; a text inside a comment; the shortest number that reads back.
void ms_portable_c_literal(FILE *file, const char *text);
void ms_portable_c_remark(FILE *file, const char *text);
void ms_portable_c_double(FILE *file, double x);
// "hidden_1", …, "output"
const char *ms_portable_c_layer(const struct ms_model *m, int i, char *out, size_t size);

// c_data.c: constants, in the order in which they stand in the header.
void ms_portable_c_places(const struct ms_portable_c *h);
void ms_portable_c_columns(const struct ms_portable_c *h);
int ms_portable_c_classes(const struct ms_portable_c *h, struct ms_error *err) MS_MUST_CHECK;
void ms_portable_c_scaling(const struct ms_portable_c *h);
void ms_portable_c_weights(const struct ms_portable_c *h);

// c_code.c: functions.
void ms_portable_c_helpers(const struct ms_portable_c *h);
int ms_portable_c_predict(const struct ms_portable_c *h, struct ms_error *err) MS_MUST_CHECK;

#endif
