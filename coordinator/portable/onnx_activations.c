// SPDX-License-Identifier: MIT
//
// Activations as ONNX says them. Most are an operator, whose defaults are not Keras's, so that
// every attribute is written. Gelu is an operator only from opset 20 on, and silu from none, so
// that they are steps: x·½(1 + erf(x/√2)), or x·σ(2√(2/π)(x + 0.044715 x³)); x·σ(x).
#include "onnx_graph.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/table.h"

enum { CONSTANT = -1 };

struct attribute {
    const char *name; // NULL: there is none
    int arg;          // of the pick, or CONSTANT
    double value;
};

struct operator
{
    const char *name; // of the row
    const char *op;   // NULL: nothing is to be done
    struct attribute attribute[2];
    // What it is instead of an operator.
    void (*steps)(struct ms_onnx_graph * g, const double *arg, const char *layer);
};

// now = op(now, number)
static void with_number(struct ms_onnx_graph *g, const char *op, const char *layer,
                        const char *what, double number)
{
    char name[MS_ONNX_NAME];
    snprintf(name, sizeof name, "%s.%s", layer, what);
    ms_onnx_graph_numbers(g, name, MS_ONNX_FLOAT, &number, 0, 0);
    ms_onnx_graph_step(g, NULL, op, layer, what, name);
}

static void silu(struct ms_onnx_graph *g, const double *arg, const char *layer)
{
    char z[MS_ONNX_NAME];
    (void)arg;
    memcpy(z, g->now, sizeof z);
    ms_onnx_graph_step(g, NULL, "Sigmoid", layer, "share", NULL);
    ms_onnx_graph_step(g, NULL, "Mul", layer, "silu", z);
}

static void gelu(struct ms_onnx_graph *g, const double *arg, const char *layer)
{
    char z[MS_ONNX_NAME];
    memcpy(z, g->now, sizeof z);
    if (arg[0] != 0) {
        ms_onnx_graph_step(g, NULL, "Mul", layer, "square", z);
        with_number(g, "Mul", layer, "cubic", 0.044715);
        with_number(g, "Add", layer, "linear", 1);
        ms_onnx_graph_step(g, NULL, "Mul", layer, "polynomial", z);
        with_number(g, "Mul", layer, "twice", 2 * sqrt(2 / 3.14159265358979323846));
        ms_onnx_graph_step(g, NULL, "Sigmoid", layer, "share", NULL);
    } else {
        with_number(g, "Mul", layer, "deviations", sqrt(0.5));
        ms_onnx_graph_step(g, NULL, "Erf", layer, "erf", NULL);
        with_number(g, "Add", layer, "above", 1);
        with_number(g, "Mul", layer, "share", 0.5);
    }
    ms_onnx_graph_step(g, NULL, "Mul", layer, "gelu", z);
}

static const struct operator operators[] = {
    {.name = "linear"},
    {.name = "relu", .op = "Relu"},
    {.name = "tanh", .op = "Tanh"},
    {.name = "sigmoid", .op = "Sigmoid"},
    {.name = "softmax", .op = "Softmax"},
    {.name = "leaky_relu", .op = "LeakyRelu", .attribute = {{"alpha", 0, 0}}},
    {.name = "elu", .op = "Elu", .attribute = {{"alpha", 0, 0}}},
    {.name = "selu",
     .op = "Selu",
     .attribute = {{"alpha", CONSTANT, 1.6732632423543772848},
                   {"gamma", CONSTANT, 1.0507009873554804934}}},
    {.name = "gelu", .steps = gelu},
    {.name = "silu", .steps = silu},
    {.name = "hard_sigmoid",
     .op = "HardSigmoid",
     .attribute = {{"alpha", CONSTANT, 1.0 / 6}, {"beta", CONSTANT, 0.5}}},
    {.name = "softplus", .op = "Softplus"},
    {.name = "softsign", .op = "Softsign"},
    {.name = "exponential", .op = "Exp"},
};

int ms_onnx_activations_step(struct ms_onnx_graph *g, const struct ms_pick *p, const char *layer,
                             struct ms_error *err)
{
    const char *name = ms_table_row(&ms_activation_table, p->row)->name;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const struct operator* o = & operators[i];
        if (strcmp(o->name, name) != 0)
            continue;
        struct ms_protobuf node = {.err = err};
        for (int k = 0; k < 2 && o->attribute[k].name; k++) {
            const struct attribute *a = &o->attribute[k];
            ms_onnx_graph_attr_float(&node, a->name, a->arg < 0 ? a->value : p->arg[a->arg]);
        }
        if (o->steps)
            o->steps(g, p->arg, layer);
        else if (o->op)
            ms_onnx_graph_step(g, &node, o->op, layer, name, NULL); // softmax: axis -1 by default
        return 0;
    }
    return ms_fail(err, MS_EINVAL, "activation '%s' has no counterpart in ONNX", name);
}
