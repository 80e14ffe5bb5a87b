// SPDX-License-Identifier: MIT
//
// The table of formulas by the names of worker/kernels' rows. They are written once more, in double
// and from libm, because the kernels' loops are float and approximate: an independent second
// computation is what exports and tests are held against.
#include "activate.h"

#include <math.h>
#include <string.h>

#include "worker/kernels/normalizations.h"

static double linear(double z, double p)
{
    (void)p;
    return z;
}

static double relu(double z, double p)
{
    (void)p;
    return z < 0 ? 0 : z; // NaN stays NaN
}

static double tangent(double z, double p)
{
    (void)p;
    return tanh(z);
}

static double sigmoid(double z, double p)
{
    (void)p;
    return z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z));
}

static double leaky_relu(double z, double slope)
{
    return z > 0 ? z : slope * z;
}

static double elu(double z, double alpha)
{
    return z > 0 ? z : alpha * expm1(z);
}

// Klambauer et al. 2017
static double selu(double z, double p)
{
    (void)p;
    return 1.0507009873554804934 * (z > 0 ? z : 1.6732632423543772848 * expm1(z));
}

// Hendrycks, Gimpel 2016: z·Φ(z), or its approximation by a tanh.
static double gelu(double z, double approximate)
{
    if (approximate != 0)
        return 0.5 * z * (1 + tanh(0.79788456080286535588 * (z + 0.044715 * z * z * z)));
    return 0.5 * z * erfc(-z * 0.70710678118654752440);
}

static double silu(double z, double p)
{
    return z * sigmoid(z, p);
}

static double hard_sigmoid(double z, double p)
{
    (void)p;
    const double six = z + 3;
    return (six < 0 ? 0 : six > 6 ? 6 : six) / 6;
}

static double softplus(double z, double p)
{
    (void)p;
    return (z < 0 ? 0 : z) + log1p(exp(-fabs(z)));
}

static double softsign(double z, double p)
{
    (void)p;
    return z / (1 + fabs(z));
}

static double exponential(double z, double p)
{
    (void)p;
    return exp(z);
}

static void softmax(double *z, int units)
{
    double top = z[0], sum = 0;
    for (int j = 1; j < units; j++)
        top = z[j] > top ? z[j] : top;
    for (int j = 0; j < units; j++)
        sum += z[j] = exp(z[j] - top);
    for (int j = 0; j < units; j++)
        z[j] /= sum;
}

static const struct formula {
    const char *name;             // of ms_activation_table
    double (*of)(double, double); // z and the row's argument; NULL: softmax, over all units
} formulas[] = {
    {"linear", linear},
    {"relu", relu},
    {"tanh", tangent},
    {"sigmoid", sigmoid},
    {"softmax", NULL},
    {"leaky_relu", leaky_relu},
    {"elu", elu},
    {"selu", selu},
    {"gelu", gelu},
    {"silu", silu},
    {"hard_sigmoid", hard_sigmoid},
    {"softplus", softplus},
    {"softsign", softsign},
    {"exponential", exponential},
};

static const struct formula *formula_of(int row)
{
    const char *name = ms_table_row(&ms_activation_table, row)->name;
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++)
        if (strcmp(formulas[i].name, name) == 0)
            return &formulas[i];
    return NULL;
}

bool ms_activate_knows(int row)
{
    return formula_of(row) != NULL;
}

void ms_activate(const struct ms_pick *pick, double *z, int units)
{
    const struct formula *f = formula_of(pick->row);
    if (f && !f->of)
        softmax(z, units);
    for (int j = 0; f && f->of && j < units; j++)
        z[j] = f->of(z[j], pick->arg[0]);
}

// Ba, Kiros, Hinton 2016: each row over its units, with the biased variance.
static void layer_statistics(const double *x, int units, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (int j = 0; j < units; j++)
        *mean += x[j];
    *mean /= units;
    for (int j = 0; j < units; j++)
        *variance += (x[j] - *mean) * (x[j] - *mean);
    *variance /= units;
}

void ms_activate_normalize(const struct ms_model_layer *l, double *x)
{
    const struct ms_pick *pick = &l->config->normalization;
    double mean = 0, variance = 0;
    if (pick->row == 0)
        return;
    if (!l->moving_mean)
        layer_statistics(x, l->units, &mean, &variance);
    for (int j = 0; j < l->units; j++) {
        const double m = l->moving_mean ? (double)l->moving_mean[j] : mean;
        const double v = l->moving_variance ? (double)l->moving_variance[j] : variance;
        const double gamma = l->gamma ? (double)l->gamma[j] : 1;
        const double beta = l->beta ? (double)l->beta[j] : 0;
        x[j] = (x[j] - m) / sqrt(v + pick->arg[MS_NORM_EPSILON]) * gamma + beta;
    }
}
