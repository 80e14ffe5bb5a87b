// SPDX-License-Identifier: MIT
//
// Writes made-up models in every format, with rows and this program's own answers to them, for
// compare.py:
//
//     write_models FOLDER
//     FOLDER/<number>/{model.safetensors, model.py, model.onnx, model.h, case.json, values.f64,
//                      outputs.f64}
//
// case.json says what the columns are; values and outputs are rows of doubles in the machine's
// order.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "coordinator/portable/models.h"
#include "coordinator/portable/portable.h"
#include "mlpsweep/json_out.h"
#include "unit/portable/made_model.h"

enum { ROWS = 1000 };

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "write_models: %s: %s\n", what, why);
    exit(1);
}

static FILE *create(const char *folder, int number, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%d", folder, number);
    if (mkdir(path, 0777) && errno != EEXIST)
        fail(path, strerror(errno));
    snprintf(path, sizeof path, "%s/%d/%s", folder, number, name);
    FILE *file = fopen(path, "w");
    if (!file)
        fail(path, strerror(errno));
    return file;
}

static void done(FILE *file, int status, const struct ms_error *err)
{
    const int bad = ferror(file);
    if (fclose(file) || bad || status)
        fail("a file", status ? err->text : "cannot be written");
}

static void write_case(const struct made *how, const struct ms_model *m, FILE *file)
{
    struct ms_portable_columns c;
    struct ms_error err;
    char name[MS_PORTABLE_NAME];
    if (ms_portable_columns(m, &c, &err))
        fail(how->name, err.text);
    struct ms_json_out o = {.file = file};
    ms_json_out_open(&o, NULL, '{');
    ms_json_out_text(&o, "name", how->name);
    ms_json_out_text(&o, "identifier", ms_portable_identifier(m->sweep, name, sizeof name));
    ms_json_out_int(&o, "n_values", c.n_values);
    ms_json_out_int(&o, "n_outputs", m->n_outputs);
    ms_json_out_int(&o, "n_classes", (int64_t)m->data.n_classes);
    ms_json_out_number(&o, "target_divide", m->target ? m->target[0].divide : 1);
    ms_json_out_text(&o, "output", ms_portable_output_name(m));
    ms_json_out_close(&o);
    free(c.item);
}

static void write_rows(const struct ms_model *m, FILE *values, FILE *outputs)
{
    double value[MADE_VALUES], input[MADE_VALUES], output[MADE_VALUES];
    for (int row = 0; row < ROWS; row++) {
        const int n = made_row(m, row, value, input);
        ms_model_forward(m, input, output);
        fwrite(value, sizeof *value, (size_t)n, values);
        fwrite(output, sizeof *output, (size_t)m->n_outputs, outputs);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        fail("usage", "write_models FOLDER");
    for (int i = 0; i < made_n_cases; i++) {
        struct ms_error err = {0};
        struct ms_model m;
        made_model(&made_cases[i], &m);
        FILE *file = create(argv[1], i, "model.safetensors");
        done(file, ms_portable_safetensors(&m, file, &err), &err);
        file = create(argv[1], i, "model.py");
        done(file, ms_portable_python(&m, "model.safetensors", "model", file, &err), &err);
        file = create(argv[1], i, "model.onnx");
        done(file, ms_portable_onnx(&m, file, &err), &err);
        file = create(argv[1], i, "model.h");
        done(file, ms_portable_c_header(&m, file, &err), &err);
        file = create(argv[1], i, "case.json");
        write_case(&made_cases[i], &m, file);
        done(file, 0, &err);
        FILE *values = create(argv[1], i, "values.f64"),
             *outputs = create(argv[1], i, "outputs.f64");
        write_rows(&m, values, outputs);
        done(values, 0, &err);
        done(outputs, 0, &err);
        ms_model_clear(&m);
    }
    return 0;
}
