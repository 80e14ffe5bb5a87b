// SPDX-License-Identifier: MIT
//
// An ONNX graph as it grows: nodes, constants, inputs, outputs. Field numbers are those of
// onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
#ifndef MLPSWEEP_PORTABLE_ONNX_GRAPH_H
#define MLPSWEEP_PORTABLE_ONNX_GRAPH_H

#include <stdbool.h>

#include "mlpsweep/protobuf.h"

// TensorProto.DataType
enum ms_onnx_type { MS_ONNX_FLOAT = 1, MS_ONNX_TEXT = 8, MS_ONNX_DOUBLE = 11 };

enum { MS_ONNX_NAME = 400 };

struct ms_onnx_graph {
    struct ms_protobuf pb;  // GraphProto
    bool ml;                // it has operators of ai.onnx.ml
    char now[MS_ONNX_NAME]; // the value that the next step continues from
};

// A node begins as a block of its attributes and is finished by its operator.
void ms_onnx_graph_attr_float(struct ms_protobuf *node, const char *name, double value);
void ms_onnx_graph_attr_int(struct ms_protobuf *node, const char *name, int64_t value);
void ms_onnx_graph_attr_texts(struct ms_protobuf *node, const char *name, const char *const *text,
                              int n);
// The node `op` with these inputs (NULL after the last) makes the value `out`.
void ms_onnx_graph_node(struct ms_onnx_graph *g, struct ms_protobuf *node, const char *op,
                        const char *out, ... /* const char *in, …, NULL */)
    __attribute__((sentinel));

// A step goes on from g->now, and from other if that is not NULL, to the value "/layer/what".
void ms_onnx_graph_step(struct ms_onnx_graph *g, struct ms_protobuf *node, const char *op,
                        const char *layer, const char *what, const char *other);

// Constants: data (rows, columns), of columns 0 (rows), of rows 0 one number. FLOAT rounds.
void ms_onnx_graph_floats(struct ms_onnx_graph *g, const char *name, const float *data, size_t rows,
                          size_t columns);
void ms_onnx_graph_numbers(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                           const double *data, size_t rows, size_t columns);

// Values (rows of the batch, width) that go in or come out; width 0: (rows).
void ms_onnx_graph_input(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                         int width);
void ms_onnx_graph_output(struct ms_onnx_graph *g, const char *name, enum ms_onnx_type type,
                          int width);

// onnx_activations.c: the steps of a layer's activation. MS_EINVAL: ONNX has no such operator.
struct ms_pick;
int ms_onnx_activations_step(struct ms_onnx_graph *g, const struct ms_pick *p, const char *layer,
                             struct ms_error *err) MS_MUST_CHECK;

#endif
