// SPDX-License-Identifier: MIT
#include "optimizers.h"

#include "vector.h"

enum { RATE }; // argument 0 of every row

enum { SGD_MOMENTUM = RATE + 1, SGD_NESTEROV };

MS_VECTOR
static void sgd_plain(ms_real *restrict w, const ms_real *restrict g, size_t n, ms_real rate)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= rate * g[i];
}

MS_VECTOR
static void sgd_momentum(ms_real *restrict w, const ms_real *restrict g, ms_real *restrict m,
                         size_t n, ms_real rate, ms_real momentum)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = momentum * m[i] - rate * g[i];
        w[i] += m[i];
    }
}

MS_VECTOR
static void sgd_nesterov(ms_real *restrict w, const ms_real *restrict g, ms_real *restrict m,
                         size_t n, ms_real rate, ms_real momentum)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = momentum * m[i] - rate * g[i];
        w[i] += momentum * m[i] - rate * g[i];
    }
}

static void sgd_step(const struct ms_update *u)
{
    ms_real rate = (ms_real)u->rate, momentum = (ms_real)u->arg[SGD_MOMENTUM];
    if (momentum == 0)
        sgd_plain(u->weights, u->gradients, u->n, rate);
    else if (u->arg[SGD_NESTEROV] != 0)
        sgd_nesterov(u->weights, u->gradients, u->slot[0], u->n, rate, momentum);
    else
        sgd_momentum(u->weights, u->gradients, u->slot[0], u->n, rate, momentum);
}

enum { ADAM_BETA_1 = RATE + 1, ADAM_BETA_2, ADAM_EPSILON };

// Kingma, Ba (2015), in the form "just before section 2.1": both bias corrections in the rate.
MS_VECTOR
static void adam_step(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0], *restrict v = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const double beta_1 = u->arg[ADAM_BETA_1], beta_2 = u->arg[ADAM_BETA_2], t = (double)u->step;
    const ms_real alpha = (ms_real)(u->rate * sqrt(1 - pow(beta_2, t)) / (1 - pow(beta_1, t)));
    const ms_real new_1 = (ms_real)(1 - beta_1), new_2 = (ms_real)(1 - beta_2);
    const ms_real epsilon = (ms_real)u->arg[ADAM_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        m[i] += (g[i] - m[i]) * new_1;
        v[i] += (g[i] * g[i] - v[i]) * new_2;
        w[i] -= m[i] * alpha / (MS_SQRT(v[i]) + epsilon);
    }
}

enum { RMSPROP_RHO = RATE + 1, RMSPROP_MOMENTUM, RMSPROP_EPSILON };

MS_VECTOR
static void rmsprop_plain(ms_real *restrict w, const ms_real *restrict g, ms_real *restrict v,
                          size_t n, ms_real rate, const ms_real rho[2], ms_real epsilon)
{
    for (size_t i = 0; i < n; i++) {
        v[i] = rho[0] * v[i] + rho[1] * (g[i] * g[i]);
        w[i] -= rate * g[i] / MS_SQRT(v[i] + epsilon);
    }
}

MS_VECTOR
static void rmsprop_momentum(const struct ms_update *u, ms_real rate, const ms_real rho[2],
                             ms_real epsilon)
{
    ms_real *restrict w = u->weights, *restrict v = u->slot[0], *restrict m = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const ms_real momentum = (ms_real)u->arg[RMSPROP_MOMENTUM];
    for (size_t i = 0; i < u->n; i++) {
        v[i] = rho[0] * v[i] + rho[1] * (g[i] * g[i]);
        m[i] = momentum * m[i] + rate * g[i] / MS_SQRT(v[i] + epsilon);
        w[i] -= m[i];
    }
}

static void rmsprop_step(const struct ms_update *u)
{
    const ms_real rho[2] = {(ms_real)u->arg[RMSPROP_RHO], (ms_real)(1 - u->arg[RMSPROP_RHO])};
    ms_real rate = (ms_real)u->rate, epsilon = (ms_real)u->arg[RMSPROP_EPSILON];
    if (u->arg[RMSPROP_MOMENTUM] > 0)
        rmsprop_momentum(u, rate, rho, epsilon);
    else
        rmsprop_plain(u->weights, u->gradients, u->slot[0], u->n, rate, rho, epsilon);
}

enum { ADAGRAD_START = RATE + 1, ADAGRAD_EPSILON };

MS_VECTOR
static void adagrad_step(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict sum = u->slot[0];
    const ms_real *restrict g = u->gradients;
    const ms_real rate = (ms_real)u->rate, epsilon = (ms_real)u->arg[ADAGRAD_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        sum[i] += g[i] * g[i];
        w[i] -= rate * g[i] / MS_SQRT(sum[i] + epsilon);
    }
}

static double adagrad_start(int slot, const double *arg)
{
    (void)slot;
    return arg[ADAGRAD_START];
}

#define LEARNING_RATE(def)                                                                         \
    {                                                                                              \
        "learning_rate", MS_ARG_REAL, def, 0, INFINITY, false, true, "step size"                   \
    }
#define EPSILON                                                                                    \
    {                                                                                              \
        "epsilon", MS_ARG_REAL, 1e-7, 0, INFINITY, false, true, "keeps the divisor from zero"      \
    }

static const struct ms_optimizer rows[] = {
    {.row = {.name = "sgd",
             .doc = "gradient descent, with momentum where wanted",
             .n_args = 3,
             .args = {LEARNING_RATE(0.01),
                      {"momentum", MS_ARG_REAL, 0, 0, 1, false, false,
                       "share of the last step kept"},
                      {"nesterov", MS_ARG_BOOL, 0, 0, 1, false, false, "Nesterov momentum"}}},
     .slots = 1,
     .step = sgd_step},
    {.row = {.name = "adam",
             .doc = "adaptive moment estimation (Kingma, Ba 2015)",
             .n_args = 4,
             .args = {LEARNING_RATE(0.001),
                      {"beta_1", MS_ARG_REAL, 0.9, 0, 1, false, true, "decay of the first moment"},
                      {"beta_2", MS_ARG_REAL, 0.999, 0, 1, false, true,
                       "decay of the second moment"},
                      EPSILON}},
     .slots = 2,
     .step = adam_step},
    {.row = {.name = "rmsprop",
             .doc = "gradient over the root of its mean square (Hinton 2012)",
             .n_args = 4,
             .args = {LEARNING_RATE(0.001),
                      {"rho", MS_ARG_REAL, 0.9, 0, 1, false, false, "decay of the mean square"},
                      {"momentum", MS_ARG_REAL, 0, 0, 1, false, false,
                       "share of the last step kept"},
                      EPSILON}},
     .slots = 2,
     .step = rmsprop_step},
    {.row = {.name = "adagrad",
             .doc = "gradient over the root of its summed squares (Duchi et al. 2011)",
             .n_args = 3,
             .args = {LEARNING_RATE(0.001),
                      {"initial_accumulator_value", MS_ARG_REAL, 0.1, 0, INFINITY, false, true,
                       "the sum before the first step"},
                      EPSILON}},
     .slots = 1,
     .step = adagrad_step,
     .slot_start = adagrad_start},
};

const struct ms_table ms_optimizer_table = {"optimizer", sizeof rows / sizeof *rows, rows,
                                            sizeof *rows};

const struct ms_optimizer *ms_optimizer_row(int i)
{
    return &rows[i];
}
