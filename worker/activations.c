// SPDX-License-Identifier: MIT
#include "activations.h"

#include "vector.h"

// An element-wise activation: `out` from z, `slope` from a (and z, which must not be named unless
// the row keeps its input) with the arguments p and q.
#define ELEMENTWISE(name, out, slope)                                                              \
    MS_VECTOR                                                                                      \
    static void name##_forward(ms_real *values, int units, int ld, const double *arg)              \
    {                                                                                              \
        const ms_real p = (ms_real)arg[0], q = (ms_real)arg[1];                                    \
        (void)p, (void)q;                                                                          \
        size_t n = (size_t)units * (size_t)ld;                                                     \
        for (size_t i = 0; i < n; i++) {                                                           \
            const ms_real z = values[i];                                                           \
            values[i] = (out);                                                                     \
        }                                                                                          \
    }                                                                                              \
    MS_VECTOR                                                                                      \
    static void name##_backward(ms_real *restrict d, const ms_real *restrict as,                   \
                                const ms_real *restrict zs, int units, int ld, const double *arg)  \
    {                                                                                              \
        const ms_real p = (ms_real)arg[0], q = (ms_real)arg[1];                                    \
        (void)p, (void)q, (void)zs;                                                                \
        size_t n = (size_t)units * (size_t)ld;                                                     \
        for (size_t i = 0; i < n; i++) {                                                           \
            const ms_real a = as[i];                                                               \
            d[i] *= (slope);                                                                       \
        }                                                                                          \
    }

// z < 0 ? 0 : z and not z > 0 ? z : 0: a NaN must stay one.
ELEMENTWISE(relu, z<0 ? 0 : z, a> 0 ? (ms_real)1 : (ms_real)0)
ELEMENTWISE(tanh, ms_tanh(z), 1 - a * a)
ELEMENTWISE(sigmoid, ms_sigmoid(z), a *(1 - a))

static void linear_forward(ms_real *a, int units, int ld, const double *arg)
{
    (void)a, (void)units, (void)ld, (void)arg;
}

static void linear_backward(ms_real *d, const ms_real *a, const ms_real *z, int units, int ld,
                            const double *arg)
{
    (void)d, (void)a, (void)z, (void)units, (void)ld, (void)arg;
}

// Over the units of each row; MS_LANE_BLOCK rows at a time. The largest z is taken off first, so
// that nothing overflows.
MS_VECTOR
static void softmax_forward(ms_real *a, int units, int ld, const double *arg)
{
    (void)arg;
    for (int lane = 0; lane < ld; lane += MS_LANE_BLOCK) {
        ms_real top[MS_LANE_BLOCK], sum[MS_LANE_BLOCK];
        for (int i = 0; i < MS_LANE_BLOCK; i++) {
            top[i] = a[lane + i];
            sum[i] = 0;
        }
        for (int j = 1; j < units; j++) {
            const ms_real *z = a + (size_t)j * (size_t)ld + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                top[i] = z[i] > top[i] ? z[i] : top[i];
        }
        for (int j = 0; j < units; j++) {
            ms_real *z = a + (size_t)j * (size_t)ld + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                z[i] = ms_exp(z[i] - top[i]);
                sum[i] += z[i];
            }
        }
        for (int j = 0; j < units; j++) {
            ms_real *z = a + (size_t)j * (size_t)ld + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                z[i] /= sum[i];
        }
    }
}

// dz_j = a_j · (da_j - Σ_k a_k da_k)
MS_VECTOR
static void softmax_backward(ms_real *restrict d, const ms_real *restrict a, const ms_real *z,
                             int units, int ld, const double *arg)
{
    (void)z, (void)arg;
    for (int lane = 0; lane < ld; lane += MS_LANE_BLOCK) {
        ms_real sum[MS_LANE_BLOCK] = {0};
        for (int j = 0; j < units; j++) {
            size_t at = (size_t)j * (size_t)ld + (size_t)lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                sum[i] += a[at + (size_t)i] * d[at + (size_t)i];
        }
        for (int j = 0; j < units; j++) {
            size_t at = (size_t)j * (size_t)ld + (size_t)lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                d[at + (size_t)i] = a[at + (size_t)i] * (d[at + (size_t)i] - sum[i]);
        }
    }
}

static const struct ms_activation rows[] = {
    [MS_ACT_LINEAR] = {.row = {.name = "linear", .doc = "z"},
                       .forward = linear_forward,
                       .backward = linear_backward},
    [MS_ACT_RELU] = {.row = {.name = "relu", .doc = "max(0, z)"},
                     .forward = relu_forward,
                     .backward = relu_backward},
    [MS_ACT_TANH] = {.row = {.name = "tanh", .doc = "hyperbolic tangent"},
                     .forward = tanh_forward,
                     .backward = tanh_backward},
    [MS_ACT_SIGMOID] = {.row = {.name = "sigmoid", .doc = "1 / (1 + e^-z)"},
                        .forward = sigmoid_forward,
                        .backward = sigmoid_backward},
    [MS_ACT_SOFTMAX] = {.row = {.name = "softmax", .doc = "e^z over its sum across the units"},
                        .forward = softmax_forward,
                        .backward = softmax_backward},
};

const struct ms_table ms_activation_table = {"activation", sizeof rows / sizeof *rows, rows,
                                             sizeof *rows};

const struct ms_activation *ms_activation_row(int i)
{
    return &rows[i];
}
