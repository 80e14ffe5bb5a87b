// SPDX-License-Identifier: MIT
//
// Inside contract of the writers of models: what safetensors, model.py, ONNX and C headers have in
// common. A model is a row of raw values, the inputs made of them, layers, and outputs brought back
// to the target's own unit; every writer says the same in its own words.
#ifndef MLPSWEEP_PORTABLE_PORTABLE_H
#define MLPSWEEP_PORTABLE_PORTABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "coordinator/model/model.h"
#include "mlpsweep/json_out.h"
#include "mlpsweep/status.h"

enum { MS_PORTABLE_NAME = 300 }; // bytes of a name made by the functions below

// A column of the user's data that is an input. Texts are the model's.
struct ms_portable_column {
    const char *name;
    const char *kind;         // "number", "category", "date", …
    bool category;            // its inputs are 1 for one of the levels, 0 for the others
    int first, width;         // its inputs
    int value;                // its first raw value: a category has one, an array its width
    const char *const *level; // (width) of a category
    double lo, hi;            // of the training rows, in the source's unit; NAN: not known
};

// The input columns of a model in the order of its inputs. Where nothing is known of the columns,
// it is one; that and a column without a name are "x". Freed by free().
struct ms_portable_columns {
    int n, n_values;
    struct ms_portable_column *item;
};
int ms_portable_columns(const struct ms_model *m, struct ms_portable_columns *out,
                        struct ms_error *err) MS_MUST_CHECK;

// Text as an identifier of C and Python: letters, digits, "_"; what is something else becomes "_".
const char *ms_portable_identifier(const char *text, char *out, size_t size);

// "hidden.1", …, "output"
const char *ms_portable_layer_name(const struct ms_model *m, int layer, char *out, size_t size);

// What stands between a layer's product and its activation.
enum ms_portable_norm { MS_PORTABLE_NO_NORM, MS_PORTABLE_BATCH_NORM, MS_PORTABLE_LAYER_NORM };
enum ms_portable_norm ms_portable_norm(const struct ms_model_layer *l, double *epsilon);

// What the outputs are: "probabilities" of classes, "scores" of classes, or "prediction".
const char *ms_portable_output_name(const struct ms_model *m);

// How the targets were scaled; false: not at all.
bool ms_portable_scales_target(const struct ms_model *m);

// Everything but the weights, as one JSON object; sweeps/export.md has its members.
void ms_portable_describe(const struct ms_model *m, const struct ms_portable_columns *c,
                          struct ms_json_out *o);

// A text that is written like a file. Close ends it and removes line ends behind it; the caller
// then frees text. After an error there is nothing to free.
struct ms_portable_text {
    FILE *file;
    char *text;
    size_t size; // the stream's own
};
int ms_portable_text_open(struct ms_portable_text *t, struct ms_error *err) MS_MUST_CHECK;
int ms_portable_text_close(struct ms_portable_text *t, struct ms_error *err) MS_MUST_CHECK;

// The description as a text in one line, which the caller frees.
int ms_portable_description(const struct ms_model *m, const struct ms_portable_columns *c,
                            struct ms_portable_text *out, struct ms_error *err) MS_MUST_CHECK;

#endif
