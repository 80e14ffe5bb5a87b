// SPDX-License-Identifier: MIT
//
// The model as an ONNX graph: raw values in, outputs in the target's own unit out. Numbers are one
// matrix "x", each categorical column is an input of texts under its own name, an empty text being
// a missing value. Inputs stand in the graph as numbers first, categories behind them, and the
// first layer's kernel has its rows in that order.
//
// Floats are enough for all of it but two things. A column far from zero loses digits when its
// shift is rounded, so that what was rounded away is subtracted as well; dates in seconds do not
// fit into a float at all, and make x a matrix of doubles. Targets with a base make the output
// double.
#include "models.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "onnx_graph.h"
#include "portable.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

enum { IR_VERSION = 8, OPSET = 17, OPSET_ML = 3 };
enum { MODEL_IR = 1, MODEL_PRODUCER, MODEL_VERSION, MODEL_GRAPH = 7, MODEL_OPSET, MODEL_META = 14 };
enum { GRAPH_NAME = 2 };
#define LARGEST (2000u << 20) // a protocol buffer holds 2 GiB

struct writer {
    const struct ms_model *m;
    struct ms_portable_columns c;
    struct ms_onnx_graph g;
    struct ms_error *err;
    enum ms_onnx_type x_type;
    int n_numbers; // inputs that are numbers
    int *order;    // (n_inputs): which of the model's inputs is at a place of the graph
    double *work;  // (n_inputs)
};

// ---- inputs ------------------------------------------------------------------------------------

static int order_inputs(struct writer *w)
{
    const size_t n = (size_t)w->m->n_inputs;
    w->order = calloc(n, sizeof *w->order);
    w->work = calloc(n, sizeof *w->work);
    if (!w->order || !w->work)
        return ms_no_memory(w->err, "%zu inputs", n);
    int at = 0;
    w->x_type = MS_ONNX_FLOAT;
    for (int category = 0; category < 2; category++) {
        for (int i = 0; i < w->c.n; i++) {
            const struct ms_portable_column *c = &w->c.item[i];
            for (int k = 0; c->category == category && k < c->width; k++)
                w->order[at++] = c->first + k;
            if (strcmp(c->kind, "date") == 0)
                w->x_type = MS_ONNX_DOUBLE;
        }
        w->n_numbers = category ? w->n_numbers : at;
    }
    return 0;
}

static double scaled_fill(const struct ms_column *c)
{
    return (c->fill - c->shift) / c->divide;
}

static double shift_of(const struct ms_column *c)
{
    return c->shift;
}

// What is left of the shift when it is a float.
static double rest_of(const struct ms_column *c)
{
    return c->shift - (double)(float)c->shift;
}

static double divide_of(const struct ms_column *c)
{
    return c->divide;
}

// now = op(now, of the numbers), unless that changes nothing.
static void scale(struct writer *w, const char *op, const char *name,
                  double (*of)(const struct ms_column *c), double neutral)
{
    char constant[MS_ONNX_NAME];
    bool needed = false;
    for (int j = 0; j < w->n_numbers; j++) {
        w->work[j] = of(&w->m->input[w->order[j]]);
        needed = needed || w->work[j] != neutral;
    }
    if (!needed)
        return;
    snprintf(constant, sizeof constant, "x.%s", name);
    ms_onnx_graph_numbers(&w->g, constant, w->x_type, w->work, (size_t)w->n_numbers, 0);
    ms_onnx_graph_step(&w->g, NULL, op, "x", name, constant);
}

static void numbers(struct writer *w)
{
    struct ms_onnx_graph *g = &w->g;
    struct ms_protobuf node = {.err = w->err};
    if (w->n_numbers == 0)
        return;
    ms_onnx_graph_input(g, "x", w->x_type, w->n_numbers);
    ms_onnx_graph_node(g, &node, "IsNaN", "/x/missing", "x", NULL);
    snprintf(g->now, sizeof g->now, "x");
    scale(w, "Sub", "shift", shift_of, 0);
    if (w->x_type == MS_ONNX_FLOAT)
        scale(w, "Sub", "shift_rest", rest_of, 0);
    scale(w, "Div", "divide", divide_of, 1);
    if (w->x_type == MS_ONNX_DOUBLE) {
        ms_onnx_graph_attr_int(&node, "to", MS_ONNX_FLOAT);
        ms_onnx_graph_step(g, &node, "Cast", "x", "float", NULL);
    }
    for (int j = 0; j < w->n_numbers; j++)
        w->work[j] = scaled_fill(&w->m->input[w->order[j]]);
    ms_onnx_graph_numbers(g, "x.fill", MS_ONNX_FLOAT, w->work, (size_t)w->n_numbers, 0);
    ms_onnx_graph_node(g, &node, "Where", "/x/filled", "/x/missing", "x.fill", g->now, NULL);
    snprintf(g->now, sizeof g->now, "/x/filled");
}

// A column's name is its input's, unless the graph has that name already.
static void input_name(const struct writer *w, const char *column, char *out, size_t size)
{
    const bool taken = strcmp(column, "x") == 0 || column[0] == '/' ||
                       strncmp(column, "hidden.", 7) == 0 || strncmp(column, "output", 6) == 0 ||
                       strcmp(column, ms_portable_output_name(w->m)) == 0 ||
                       strncmp(column, "x.", 2) == 0 || strncmp(column, "category.", 9) == 0;
    snprintf(out, size, "%s%s", column, taken ? "_" : "");
}

// The matrix that makes scaled inputs of 1 at a level, or at the last place for a missing value:
// a row is what the inputs become, less what they are where there is no 1 at all. levels: with that
// place.
static int category_matrix(struct writer *w, const struct ms_portable_column *c, size_t levels,
                           const char *name)
{
    const size_t n = (size_t)c->width;
    double *matrix = calloc((n + 1) * n, sizeof *matrix);
    if (!matrix)
        return ms_no_memory(w->err, "column '%s'", c->name);
    for (size_t k = 0; k < n; k++) {
        const struct ms_column *in = &w->m->input[(size_t)c->first + k];
        matrix[k * n + k] = 1 / in->divide;
        matrix[n * n + k] = in->fill / in->divide;
    }
    ms_onnx_graph_numbers(&w->g, name, MS_ONNX_FLOAT, matrix, levels, n);
    free(matrix);
    return 0;
}

static int category(struct writer *w, const struct ms_portable_column *c, int number)
{
    struct ms_onnx_graph *g = &w->g;
    char layer[32], constant[48];
    const size_t n = (size_t)c->width;
    size_t levels = n + 1;
    const char **level = malloc(levels * sizeof *level);
    if (!level)
        return ms_no_memory(w->err, "column '%s'", c->name);
    level[n] = "";
    for (size_t k = 0; k < n; k++) {
        level[k] = c->level[k];
        levels = *c->level[k] ? levels : n; // an empty text that is a category is not missing
    }
    snprintf(layer, sizeof layer, "category.%d", number);
    input_name(w, c->name, g->now, sizeof g->now);
    ms_onnx_graph_input(g, g->now, MS_ONNX_TEXT, 0);
    struct ms_protobuf node = {.err = w->err};
    ms_onnx_graph_attr_texts(&node, "cats_strings", level, (int)levels);
    ms_onnx_graph_attr_int(&node, "zeros", 1); // a category that it does not know: zeros
    ms_onnx_graph_step(g, &node, "ai.onnx.ml.OneHotEncoder", layer, "one_hot", NULL);
    free(level);
    snprintf(constant, sizeof constant, "%s.matrix", layer);
    const int status = category_matrix(w, c, levels, constant);
    if (status)
        return status;
    ms_onnx_graph_step(g, NULL, "MatMul", layer, "filled", constant);
    bool shifted = false;
    for (size_t k = 0; k < n; k++) {
        const struct ms_column *in = &w->m->input[(size_t)c->first + k];
        w->work[k] = in->shift / in->divide;
        shifted = shifted || in->shift != 0;
    }
    if (shifted) {
        snprintf(constant, sizeof constant, "%s.shift", layer);
        ms_onnx_graph_numbers(g, constant, MS_ONNX_FLOAT, w->work, n, 0);
        ms_onnx_graph_step(g, NULL, "Sub", layer, "shifted", constant);
    }
    return 0;
}

// Numbers and categories beside each other.
static int inputs(struct writer *w)
{
    struct ms_onnx_graph *g = &w->g;
    struct ms_protobuf concat = {.err = w->err};
    int parts = 0, status = 0;
    numbers(w);
    if (w->n_numbers) {
        ms_protobuf_text(&concat, 1, g->now);
        parts++;
    }
    for (int i = 0; i < w->c.n && !status; i++) {
        if (!w->c.item[i].category)
            continue;
        status = category(w, &w->c.item[i], i + 1);
        ms_protobuf_text(&concat, 1, g->now);
        parts++;
    }
    if (parts > 1 && !status) {
        ms_onnx_graph_attr_int(&concat, "axis", 1);
        ms_onnx_graph_node(g, &concat, "Concat", "/inputs", NULL);
        snprintf(g->now, sizeof g->now, "/inputs");
    }
    ms_protobuf_clear(&concat);
    return status;
}

// ---- layers ------------------------------------------------------------------------------------

static const char *constant(struct writer *w, const char *layer, const char *what,
                            const float *data, size_t rows, size_t columns, char *out, size_t size)
{
    snprintf(out, size, "%s.%s", layer, what);
    ms_onnx_graph_floats(&w->g, out, data, rows, columns);
    return out;
}

// A row of the kernel for each input, in the graph's order.
static int kernel(struct writer *w, const struct ms_model_layer *l, const char *name, bool first)
{
    const size_t units = (size_t)l->units, n = (size_t)l->inputs;
    if (!first || w->n_numbers == w->m->n_inputs) {
        ms_onnx_graph_floats(&w->g, name, l->kernel, n, units);
        return 0;
    }
    float *moved = malloc(n * units * sizeof *moved);
    if (!moved)
        return ms_no_memory(w->err, "the kernel of the first layer");
    for (size_t i = 0; i < n; i++)
        memcpy(moved + i * units, l->kernel + (size_t)w->order[i] * units, units * sizeof *moved);
    ms_onnx_graph_floats(&w->g, name, moved, n, units);
    free(moved);
    return 0;
}

static int normalize(struct writer *w, const struct ms_model_layer *l, const char *layer)
{
    char gamma[64], beta[64], mean[64], variance[64];
    double epsilon;
    const size_t units = (size_t)l->units;
    const enum ms_portable_norm norm = ms_portable_norm(l, &epsilon);
    if (norm == MS_PORTABLE_NO_NORM)
        return 0;
    float *plain = calloc(2 * units, sizeof *plain);
    if (!plain)
        return ms_no_memory(w->err, "the normalization of %s", layer);
    for (size_t j = 0; j < units; j++)
        plain[j] = 1;
    constant(w, layer, "gamma", l->gamma ? l->gamma : plain, units, 0, gamma, sizeof gamma);
    constant(w, layer, "beta", l->beta ? l->beta : plain + units, units, 0, beta, sizeof beta);
    free(plain);
    struct ms_protobuf node = {.err = w->err};
    char out[MS_ONNX_NAME];
    snprintf(out, sizeof out, "/%s/normalized", layer);
    ms_onnx_graph_attr_float(&node, "epsilon", epsilon);
    if (norm == MS_PORTABLE_BATCH_NORM) {
        constant(w, layer, "moving_mean", l->moving_mean, units, 0, mean, sizeof mean);
        constant(w, layer, "moving_variance", l->moving_variance, units, 0, variance,
                 sizeof variance);
        ms_onnx_graph_node(&w->g, &node, "BatchNormalization", out, w->g.now, gamma, beta, mean,
                           variance, NULL);
    } else {
        ms_onnx_graph_attr_int(&node, "axis", -1);
        ms_onnx_graph_node(&w->g, &node, "LayerNormalization", out, w->g.now, gamma, beta, NULL);
    }
    memcpy(w->g.now, out, sizeof out);
    return 0;
}

static int layers(struct writer *w)
{
    char layer[32], name[64], bias[64];
    int status = 0;
    for (int i = 0; i < w->m->n_layers && !status; i++) {
        const struct ms_model_layer *l = &w->m->layer[i];
        struct ms_protobuf node = {.err = w->err};
        ms_portable_layer_name(w->m, i, layer, sizeof layer);
        snprintf(name, sizeof name, "%s.kernel", layer);
        status = kernel(w, l, name, i == 0);
        if (l->bias)
            constant(w, layer, "bias", l->bias, (size_t)l->units, 0, bias, sizeof bias);
        char out[MS_ONNX_NAME];
        snprintf(out, sizeof out, "/%s/z", layer);
        ms_onnx_graph_node(&w->g, &node, "Gemm", out, w->g.now, name, l->bias ? bias : NULL, NULL);
        memcpy(w->g.now, out, sizeof out);
        if (!status)
            status = normalize(w, l, layer);
        if (!status)
            status = ms_onnx_activations_step(&w->g, &l->config->activation, layer, w->err);
    }
    return status;
}

// ---- outputs -----------------------------------------------------------------------------------

// now = op(now, numbers of the targets)
static void unscale(struct writer *w, const char *op, const char *what, enum ms_onnx_type type,
                    const double *number)
{
    char name[64];
    snprintf(name, sizeof name, "output.%s", what);
    ms_onnx_graph_numbers(&w->g, name, type, number, (size_t)w->m->n_outputs, 0);
    ms_onnx_graph_step(&w->g, NULL, op, "output", what, name);
}

// The inverse of struct ms_target. All targets of a data set have one kind.
static int targets(struct writer *w, enum ms_onnx_type *type)
{
    const struct ms_target *t = w->m->target;
    const int n = w->m->n_outputs;
    *type = MS_ONNX_FLOAT;
    if (!ms_portable_scales_target(w->m))
        return 0;
    double *number = malloc(2 * (size_t)n * sizeof *number), one = 1;
    if (!number)
        return ms_no_memory(w->err, "the targets");
    for (int j = 0; j < n; j++) {
        number[j] = t[j].divide;
        number[n + j] = t[j].shift;
        *type = t[j].base != 0 ? MS_ONNX_DOUBLE : *type;
    }
    if (*type == MS_ONNX_DOUBLE) {
        struct ms_protobuf node = {.err = w->err};
        ms_onnx_graph_attr_int(&node, "to", MS_ONNX_DOUBLE);
        ms_onnx_graph_step(&w->g, &node, "Cast", "output", "double", NULL);
    }
    unscale(w, "Mul", "divide", *type, number);
    unscale(w, "Add", "shift", *type, number + n);
    free(number);
    if (t[0].kind != MS_TARGET_LINEAR)
        ms_onnx_graph_step(&w->g, NULL, "Exp", "output", "exp", NULL);
    if (t[0].kind == MS_TARGET_LOG1P) {
        ms_onnx_graph_numbers(&w->g, "output.one", *type, &one, 0, 0);
        ms_onnx_graph_step(&w->g, NULL, "Sub", "output", "expm1", "output.one");
    }
    return 0;
}

// ---- the file ----------------------------------------------------------------------------------

static int graph(struct writer *w)
{
    struct ms_protobuf node = {.err = w->err};
    enum ms_onnx_type type = MS_ONNX_FLOAT;
    char name[MS_PORTABLE_NAME];
    ms_protobuf_text(&w->g.pb, GRAPH_NAME, ms_portable_identifier(w->m->sweep, name, sizeof name));
    int status = order_inputs(w);
    if (!status)
        status = inputs(w);
    if (!status)
        status = layers(w);
    if (!status)
        status = targets(w, &type);
    ms_onnx_graph_node(&w->g, &node, "Identity", ms_portable_output_name(w->m), w->g.now, NULL);
    ms_onnx_graph_output(&w->g, ms_portable_output_name(w->m), type, w->m->n_outputs);
    return status;
}

static void put_opset(struct ms_protobuf *model, const char *domain, int version)
{
    struct ms_protobuf o = {.err = model->err};
    ms_protobuf_text(&o, 1, domain);
    ms_protobuf_int(&o, 2, version);
    ms_protobuf_message(model, MODEL_OPSET, &o);
}

static void put_metadata(struct ms_protobuf *model, const char *key, const char *value)
{
    struct ms_protobuf o = {.err = model->err};
    ms_protobuf_text(&o, 1, key);
    ms_protobuf_text(&o, 2, value);
    ms_protobuf_message(model, MODEL_META, &o);
}

// A JSON array of the names of x's columns, or of the classes.
static int put_names(struct writer *w, struct ms_protobuf *model, const char *key, bool classes)
{
    struct ms_portable_text t;
    int status = ms_portable_text_open(&t, w->err);
    if (status)
        return status;
    struct ms_json_out o = {.file = t.file};
    ms_json_out_open(&o, NULL, '[');
    for (size_t i = 0; classes && i < w->m->data.n_classes; i++)
        ms_json_out_text(&o, NULL, w->m->data.class[i].label);
    for (int i = 0; !classes && i < w->c.n; i++)
        if (!w->c.item[i].category)
            ms_json_out_text(&o, NULL, w->c.item[i].name);
    ms_json_out_close(&o);
    status = ms_portable_text_close(&t, w->err);
    if (!status)
        put_metadata(model, key, t.text);
    free(t.text);
    return status;
}

static int write_model(struct writer *w, FILE *file)
{
    struct ms_portable_text description = {0};
    struct ms_protobuf model = {.err = w->err};
    int status = ms_portable_description(w->m, &w->c, &description, w->err);
    ms_protobuf_int(&model, MODEL_IR, IR_VERSION);
    ms_protobuf_text(&model, MODEL_PRODUCER, "mlpsweep");
    ms_protobuf_text(&model, MODEL_VERSION, MS_VERSION);
    put_opset(&model, "", OPSET);
    if (w->g.ml)
        put_opset(&model, "ai.onnx.ml", OPSET_ML);
    if (!status)
        put_metadata(&model, "model", description.text);
    if (!status)
        status = put_names(w, &model, "x", false);
    if (!status && w->m->data.n_classes)
        status = put_names(w, &model, "classes", true);
    free(description.text);
    ms_protobuf_message(&model, MODEL_GRAPH, &w->g.pb);
    status = status ? status : model.status;
    if (!status && model.n > LARGEST)
        status =
            ms_fail(w->err, MS_ELIMIT, "a model of %zu bytes; ONNX has room for 2 GB", model.n);
    if (!status)
        fwrite(model.data, 1, model.n, file);
    ms_protobuf_clear(&model);
    return status;
}

int ms_portable_onnx(const struct ms_model *m, FILE *file, struct ms_error *err)
{
    struct writer w = {.m = m, .err = err, .g.pb.err = err};
    int status = ms_portable_columns(m, &w.c, err);
    if (!status)
        status = graph(&w);
    if (!status)
        status = write_model(&w, file);
    ms_protobuf_clear(&w.g.pb);
    free(w.order);
    free(w.work);
    free(w.c.item);
    return status;
}
