// SPDX-License-Identifier: MIT
//
// A row for each activation of worker/kernels/activations.c, two for gelu. The formulas are Keras
// 3's; none of them overflows to a wrong answer.
#include "spellings.h"

#include <string.h>

#include "mlpsweep/json.h"

enum { ANY = -1 };

// What Python needs to know of each of them.
static const char define_relu[] = "def relu(x):\n    return np.maximum(x, 0)\n";
static const char define_sigmoid[] = "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(0.5 * x))\n";
static const char define_softmax[] =
    "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
    "    return e / e.sum(axis=-1, keepdims=True)\n";
static const char define_leaky_relu[] =
    "def leaky_relu(x, negative_slope):\n    return np.where(x > 0, x, negative_slope * x)\n";
static const char define_elu[] =
    "def elu(x, alpha):\n    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))\n";
static const char define_selu[] =
    "def selu(x):\n    below = 1.6732632423543772 * np.expm1(np.minimum(x, 0))\n"
    "    return 1.0507009873554805 * np.where(x > 0, x, below)\n";
static const char define_gelu[] =
    "def gelu(x):\n    erfc = np.vectorize(math.erfc, otypes=[float])\n"
    "    return 0.5 * x * erfc(-math.sqrt(0.5) * x)\n";
static const char define_gelu_approximate[] =
    "def gelu_approximate(x):\n    u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)\n"
    "    return 0.5 * x * (1 + np.tanh(u))\n";
static const char define_silu[] = "def silu(x):\n    return 0.5 * x * (1 + np.tanh(0.5 * x))\n";
static const char define_hard_sigmoid[] =
    "def hard_sigmoid(x):\n    return np.clip(x / 6 + 0.5, 0, 1)\n";
static const char define_softplus[] = "def softplus(x):\n    return np.logaddexp(x, 0)\n";
static const char define_softsign[] = "def softsign(x):\n    return x / (1 + np.abs(x))\n";

static const struct {
    const char *name;
    int variant; // the first argument's value, or ANY
    const char *text[MS_SPELLINGS];
} rows[] = {
    {"linear", ANY, {"z", "x", "", "x", "x"}},
    {"relu", ANY, {"z < 0 ? 0 : z", "relu(x)", define_relu, "F.relu(x)", "ops.relu(x)"}},
    {"tanh", ANY, {"tanh(z)", "np.tanh(x)", "", "torch.tanh(x)", "ops.tanh(x)"}},
    {"sigmoid",
     ANY,
     {"1 / (1 + exp(-z))", "sigmoid(x)", define_sigmoid, "torch.sigmoid(x)", "ops.sigmoid(x)"}},
    {"softmax", ANY, {"", "softmax(x)", define_softmax, "torch.softmax(x, -1)", "ops.softmax(x)"}},
    {"leaky_relu",
     ANY,
     {"z > 0 ? z : $ * z", "leaky_relu(x, $)", define_leaky_relu, "F.leaky_relu(x, $)",
      "ops.leaky_relu(x, $)"}},
    {"elu",
     ANY,
     {"z > 0 ? z : $ * expm1(z)", "elu(x, $)", define_elu, "F.elu(x, $)", "ops.elu(x, $)"}},
    {"selu",
     ANY,
     {"1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * expm1(z))", "selu(x)", define_selu,
      "F.selu(x)", "ops.selu(x)"}},
    {"gelu",
     0,
     {"0.5 * z * erfc(-0.7071067811865476 * z)", "gelu(x)", define_gelu, "F.gelu(x)",
      "ops.gelu(x, approximate=False)"}},
    {"gelu",
     1,
     {"0.5 * z * (1 + tanh(0.7978845608028654 * (z + 0.044715 * z * z * z)))",
      "gelu_approximate(x)", define_gelu_approximate, "F.gelu(x, approximate=\"tanh\")",
      "ops.gelu(x, approximate=True)"}},
    {"silu", ANY, {"z / (1 + exp(-z))", "silu(x)", define_silu, "F.silu(x)", "ops.silu(x)"}},
    {"hard_sigmoid",
     ANY,
     {"z < -3 ? 0 : z > 3 ? 1 : z / 6 + 0.5", "hard_sigmoid(x)", define_hard_sigmoid,
      "F.hardsigmoid(x)", "ops.hard_sigmoid(x)"}},
    {"softplus",
     ANY,
     {"(z > 0 ? z : 0) + log1p(exp(-fabs(z)))", "softplus(x)", define_softplus, "F.softplus(x)",
      "ops.softplus(x)"}},
    {"softsign",
     ANY,
     {"z / (1 + fabs(z))", "softsign(x)", define_softsign, "F.softsign(x)", "ops.softsign(x)"}},
    {"exponential", ANY, {"exp(z)", "np.exp(x)", "", "torch.exp(x)", "ops.exp(x)"}},
};

const char *ms_spellings_of(const struct ms_pick *p, enum ms_spelling s)
{
    const struct ms_row *row = ms_table_row(&ms_activation_table, p->row);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, row->name) == 0 &&
            (rows[i].variant == ANY || rows[i].variant == (p->arg[0] != 0)))
            return rows[i].text[s];
    return NULL;
}

void ms_spellings_put(FILE *file, const struct ms_pick *p, enum ms_spelling s)
{
    char number[40];
    const char *text = ms_spellings_of(p, s);
    for (; text && *text; text++)
        if (*text == '$')
            fputs(ms_number_text(p->arg[0], number, sizeof number), file);
        else
            fputc(*text, file);
}
