// SPDX-License-Identifier: MIT
//
// Messages of onnx.proto, written field by field. Values have the names that people see in a viewer
// of graphs: "/hidden.1/z" behind a layer's product, "hidden.1.kernel" for what it is made with.
#include "onnx_graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

enum { NODE_INPUT = 1, NODE_OUTPUT, NODE_NAME, NODE_OP, NODE_ATTRIBUTE, NODE_DOMAIN = 7 };
enum { ATTR_NAME = 1, ATTR_FLOAT, ATTR_INT, ATTR_TEXTS = 9, ATTR_TYPE = 20 };
enum { TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_TEXTS = 8 }; // AttributeProto.AttributeType
enum { TENSOR_DIM = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { GRAPH_NODE = 1, GRAPH_CONSTANT = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };

static struct ms_protobuf message(const struct ms_protobuf *outer)
{
    return (struct ms_protobuf){.err = outer->err};
}

void ms_onnx_graph_attr_float(struct ms_protobuf *node, const char *name, double value)
{
    struct ms_protobuf a = message(node);
    ms_protobuf_text(&a, ATTR_NAME, name);
    ms_protobuf_float(&a, ATTR_FLOAT, (float)value);
    ms_protobuf_int(&a, ATTR_TYPE, TYPE_FLOAT);
    ms_protobuf_message(node, NODE_ATTRIBUTE, &a);
}

void ms_onnx_graph_attr_int(struct ms_protobuf *node, const char *name, int64_t value)
{
    struct ms_protobuf a = message(node);
    ms_protobuf_text(&a, ATTR_NAME, name);
    ms_protobuf_int(&a, ATTR_INT, value);
    ms_protobuf_int(&a, ATTR_TYPE, TYPE_INT);
    ms_protobuf_message(node, NODE_ATTRIBUTE, &a);
}

void ms_onnx_graph_attr_texts(struct ms_protobuf *node, const char *name, const char *const *text,
                              int n)
{
    struct ms_protobuf a = message(node);
    ms_protobuf_text(&a, ATTR_NAME, name);
    for (int i = 0; i < n; i++)
        ms_protobuf_text(&a, ATTR_TEXTS, text[i]);
    ms_protobuf_int(&a, ATTR_TYPE, TYPE_TEXTS);
    ms_protobuf_message(node, NODE_ATTRIBUTE, &a);
}

void ms_onnx_graph_node(struct ms_onnx_graph *g, struct ms_protobuf *node, const char *op,
                        const char *out, ...)
{
    static const char ml[] = "ai.onnx.ml.";
    va_list args;
    va_start(args, out);
    for (const char *in = va_arg(args, const char *); in; in = va_arg(args, const char *))
        ms_protobuf_text(node, NODE_INPUT, in);
    va_end(args);
    ms_protobuf_text(node, NODE_OUTPUT, out);
    ms_protobuf_text(node, NODE_NAME, out);
    if (strncmp(op, ml, sizeof ml - 1) == 0) {
        g->ml = true;
        op += sizeof ml - 1;
        ms_protobuf_bytes(node, NODE_DOMAIN, ml, sizeof ml - 2);
    }
    ms_protobuf_text(node, NODE_OP, op);
    ms_protobuf_message(&g->pb, GRAPH_NODE, node);
}

void ms_onnx_graph_step(struct ms_onnx_graph *g, struct ms_protobuf *node, const char *op,
                        const char *layer, const char *what, const char *other)
{
    char out[MS_ONNX_NAME];
    struct ms_protobuf empty = message(&g->pb);
    snprintf(out, sizeof out, "/%s/%s", layer, what);
    ms_onnx_graph_node(g, node ? node : &empty, op, out, g->now, other, NULL);
    memcpy(g->now, out, sizeof out);
}

static void tensor(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                   const void *data, size_t rows, size_t columns)
{
    const size_t n = (rows ? rows : 1) * (columns ? columns : 1);
    struct ms_protobuf t = message(&g->pb);
    if (rows)
        ms_protobuf_int(&t, TENSOR_DIM, (int64_t)rows);
    if (columns)
        ms_protobuf_int(&t, TENSOR_DIM, (int64_t)columns);
    ms_protobuf_int(&t, TENSOR_TYPE, type);
    ms_protobuf_text(&t, TENSOR_NAME, name);
    ms_protobuf_bytes(&t, TENSOR_RAW, data, n * (type == MS_ONNX_FLOAT ? 4 : 8));
    ms_protobuf_message(&g->pb, GRAPH_CONSTANT, &t);
}

void ms_onnx_graph_floats(struct ms_onnx_graph *g, const char *name, const float *data, size_t rows,
                          size_t columns)
{
    tensor(g, name, MS_ONNX_FLOAT, data, rows, columns);
}

void ms_onnx_graph_numbers(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                           const double *data, size_t rows, size_t columns)
{
    if (type == MS_ONNX_DOUBLE) {
        tensor(g, name, type, data, rows, columns);
        return;
    }
    const size_t n = (rows ? rows : 1) * (columns ? columns : 1);
    float *rounded = malloc(n * sizeof *rounded);
    if (!rounded) {
        g->pb.status = g->pb.status ? g->pb.status : ms_no_memory(g->pb.err, "the ONNX model");
        return;
    }
    for (size_t i = 0; i < n; i++)
        rounded[i] = (float)data[i];
    tensor(g, name, type, rounded, rows, columns);
    free(rounded);
}

// ValueInfoProto: name, and a type: tensor of elements and a shape of "N" and a width.
static void value(struct ms_onnx_graph *g, int field, const char *name, enum ms_onnx_type type,
                  int width)
{
    struct ms_protobuf rows = message(&g->pb), columns = rows, shape = rows, of = rows, kind = rows,
                       v = rows;
    ms_protobuf_text(&rows, 2, "N");
    ms_protobuf_message(&shape, 1, &rows);
    if (width) {
        ms_protobuf_int(&columns, 1, width);
        ms_protobuf_message(&shape, 1, &columns);
    }
    ms_protobuf_int(&of, 1, type);
    ms_protobuf_message(&of, 2, &shape);
    ms_protobuf_message(&kind, 1, &of);
    ms_protobuf_text(&v, 1, name);
    ms_protobuf_message(&v, 2, &kind);
    ms_protobuf_message(&g->pb, field, &v);
}

void ms_onnx_graph_input(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                         int width)
{
    value(g, GRAPH_INPUT, name, type, width);
}

void ms_onnx_graph_output(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                          int width)
{
    value(g, GRAPH_OUTPUT, name, type, width);
}
