// SPDX-License-Identifier: MIT
//
// safetensors: the length of a header, the header in JSON, the tensors' bytes one after the other,
// little-endian. Names and layout are PyTorch's, as most of its readers are PyTorch's: a kernel is
// transposed, and a normalization has weight and bias even where the network does not learn them
// (1 and 0), because PyTorch's layers have both or neither.
#include "models.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "portable.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are written as they lie");

enum { MAX_TENSORS = 8 * (MS_MAX_LAYERS + 1), LIMIT = 100000000 };

// One tensor: (rows) or (rows, columns) of floats, or one whole number.
struct tensor {
    char name[64];
    size_t rows, columns; // columns 0: one axis; rows 0: none, a 64-bit 0
    const float *data;    // of two axes (columns, rows), to be transposed; NULL: all are `same`
    float same;
};

struct tensors {
    int n;
    struct tensor item[MAX_TENSORS];
};

static void add(struct tensors *t, const char *layer, const char *what, size_t rows, size_t columns,
                const float *data, float same)
{
    struct tensor *to = &t->item[t->n++];
    *to = (struct tensor){.rows = rows, .columns = columns, .data = data, .same = same};
    snprintf(to->name, sizeof to->name, "%s.%s", layer, what);
}

static void add_norm(struct tensors *t, const struct ms_model_layer *l, int number)
{
    double epsilon;
    char name[32];
    const size_t units = (size_t)l->units;
    const enum ms_portable_norm norm = ms_portable_norm(l, &epsilon);
    if (norm == MS_PORTABLE_NO_NORM)
        return;
    snprintf(name, sizeof name, "norm.%d", number);
    add(t, name, "weight", units, 0, l->gamma, 1);
    add(t, name, "bias", units, 0, l->beta, 0);
    if (norm != MS_PORTABLE_BATCH_NORM)
        return;
    add(t, name, "running_mean", units, 0, l->moving_mean, 0);
    add(t, name, "running_var", units, 0, l->moving_variance, 1);
    add(t, name, "num_batches_tracked", 0, 0, NULL, 0);
}

static void list(const struct ms_model *m, struct tensors *t)
{
    char name[32];
    t->n = 0;
    for (int i = 0; i < m->n_layers; i++) {
        const struct ms_model_layer *l = &m->layer[i];
        ms_portable_layer_name(m, i, name, sizeof name);
        add(t, name, "weight", (size_t)l->units, (size_t)l->inputs, l->kernel, 0);
        if (l->bias)
            add(t, name, "bias", (size_t)l->units, 0, l->bias, 0);
        add_norm(t, l, i + 1);
    }
}

static size_t bytes_of(const struct tensor *t)
{
    return t->rows == 0 ? 8 : t->rows * (t->columns ? t->columns : 1) * sizeof(float);
}

static void put_header(const struct tensors *t, const char *description, FILE *file)
{
    struct ms_json_out o = {.file = file};
    uint64_t at = 0;
    ms_json_out_open(&o, NULL, '{');
    ms_json_out_open(&o, "__metadata__", '{');
    ms_json_out_text(&o, "format", "pt"); // the layout, as PyTorch's programs ask for it
    ms_json_out_text(&o, "model", description);
    ms_json_out_close(&o);
    for (int i = 0; i < t->n; i++) {
        const struct tensor *s = &t->item[i];
        ms_json_out_open(&o, s->name, '{');
        ms_json_out_text(&o, "dtype", s->rows ? "F32" : "I64");
        ms_json_out_open(&o, "shape", '[');
        if (s->rows)
            ms_json_out_int(&o, NULL, (int64_t)s->rows);
        if (s->columns)
            ms_json_out_int(&o, NULL, (int64_t)s->columns);
        ms_json_out_close(&o);
        ms_json_out_open(&o, "data_offsets", '[');
        ms_json_out_int(&o, NULL, (int64_t)at);
        at += bytes_of(s);
        ms_json_out_int(&o, NULL, (int64_t)at);
        ms_json_out_close(&o);
        ms_json_out_close(&o);
    }
    ms_json_out_close(&o);
}

static void put_data(const struct tensor *t, FILE *file)
{
    const int64_t none = 0;
    if (t->rows == 0) {
        fwrite(&none, sizeof none, 1, file);
        return;
    }
    const size_t columns = t->columns ? t->columns : 1;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < columns; j++)
            fwrite(t->data ? &t->data[j * t->rows + i] : &t->same, sizeof(float), 1, file);
}

int ms_portable_safetensors(const struct ms_model *m, FILE *file, struct ms_error *err)
{
    struct ms_portable_columns columns;
    struct ms_portable_text header, description;
    struct tensors t;
    int status = ms_portable_columns(m, &columns, err);
    if (status)
        return status;
    list(m, &t);
    status = ms_portable_description(m, &columns, &description, err);
    free(columns.item);
    if (!status)
        status = ms_portable_text_open(&header, err);
    if (!status) {
        put_header(&t, description.text, header.file);
        status = ms_portable_text_close(&header, err);
    }
    free(description.text);
    if (status)
        return status;
    // Blanks behind it, so that the data begins at a multiple of 8.
    const uint64_t length = (strlen(header.text) + 7) / 8 * 8;
    if (length > LIMIT)
        status = ms_fail(err, MS_ELIMIT, "a header of %llu bytes; safetensors allows %d",
                         (unsigned long long)length, LIMIT);
    fwrite(&length, sizeof length, 1, file);
    fprintf(file, "%-*s", (int)length, header.text);
    for (int i = 0; i < t.n && !status; i++)
        put_data(&t.item[i], file);
    free(header.text);
    return status;
}
