// SPDX-License-Identifier: MIT
//
// The activations as a table. An element-wise one is a row of ACTIVATION, which makes both loops
// from two expressions; softmax is written out, as it works on all units of a row at once.
#include "activations.h"

#include "vector.h"

// An element-wise activation: `out` is made from z, `slope` from a (and from z, which must not be
// named unless the row keeps its input), with the arguments p and q.
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
            (void)a;                                                                               \
            d[i] *= (slope);                                                                       \
        }                                                                                          \
    }

// z < 0 ? 0 : z, and not z > 0 ? z : 0, because a NaN must stay a NaN.
ELEMENTWISE(relu, z<0 ? 0 : z, a> 0 ? (ms_real)1 : (ms_real)0)
ELEMENTWISE(tanh, ms_tanh(z), 1 - a * a)
ELEMENTWISE(sigmoid, ms_sigmoid(z), a *(1 - a))
ELEMENTWISE(leaky_relu, z > 0 ? z : p * z, a > 0 ? (ms_real)1 : p)
ELEMENTWISE(elu, z > 0 ? z : p * ms_expm1(z), a > 0 ? (ms_real)1 : a + p)

// Klambauer et al. 2017: the constants that keep mean 0 and variance 1 from layer to layer.
#define SELU_SCALE MS_REAL(1.0507009873554804934)
#define SELU_SCALE_ALPHA MS_REAL(1.7580993408473768599)
ELEMENTWISE(selu, z > 0 ? SELU_SCALE * z : SELU_SCALE_ALPHA * ms_expm1(z),
            a < 0 ? a + SELU_SCALE_ALPHA : SELU_SCALE)

// Φ + z·φ; φ(z) = e^(-z²/2) / √(2π)
#define NORMAL_DENSITY(z) (MS_REAL(0.39894228040143267794) * ms_exp(MS_REAL(-0.5) * (z) * (z)))
ELEMENTWISE(gelu_exact, z *ms_normal_cdf(z), ms_normal_cdf(zs[i]) + zs[i] * NORMAL_DENSITY(zs[i]))

// ½(1 + tanh u) = σ(2u), without the cancellation in 1 + tanh; 2u = 2√(2/π)(z + 0.044715 z³).
#define TWICE_ROOT_2_PI MS_REAL(1.59576912160573071175)
#define CUBIC MS_REAL(0.044715)

MS_INLINE ms_real gelu_share(ms_real z)
{
    return ms_sigmoid(TWICE_ROOT_2_PI * z * (1 + CUBIC * z * z));
}

// Beyond ±20 the slope is 0 or 1 to the last digit; the polynomials there would overflow.
MS_INLINE ms_real gelu_slope(ms_real z)
{
    z = z > 20 ? 20 : z;
    z = z < -20 ? -20 : z;
    ms_real s = gelu_share(z);
    return s + z * s * (1 - s) * TWICE_ROOT_2_PI * (1 + 3 * CUBIC * z * z);
}

ELEMENTWISE(gelu_tanh, z *gelu_share(z), gelu_slope(zs[i]))

static void gelu_forward(ms_real *a, int units, int ld, const double *arg)
{
    (arg[0] != 0 ? gelu_tanh_forward : gelu_exact_forward)(a, units, ld, arg);
}

static void gelu_backward(ms_real *d, const ms_real *a, const ms_real *z, int units, int ld,
                          const double *arg)
{
    (arg[0] != 0 ? gelu_tanh_backward : gelu_exact_backward)(d, a, z, units, ld, arg);
}

MS_INLINE ms_real silu_slope(ms_real z)
{
    ms_real s = ms_sigmoid(z);
    return s + z * s * (1 - s);
}

MS_INLINE ms_real six(ms_real z)
{
    z = z < 0 ? 0 : z;
    return z > 6 ? 6 : z;
}

ELEMENTWISE(silu, z *ms_sigmoid(z), silu_slope(zs[i]))
ELEMENTWISE(hard_sigmoid, six(z + 3) / 6, a > 0 && a < 1 ? 1 / (ms_real)6 : (ms_real)0)
// 1 - e^-a is σ(z).
ELEMENTWISE(softplus, (z < 0 ? 0 : z) + ms_log1p(ms_exp(z < 0 ? z : -z)), -ms_expm1(-a))
ELEMENTWISE(softsign, z / (1 + (z < 0 ? -z : z)), (1 - (a < 0 ? -a : a)) * (1 - (a < 0 ? -a : a)))
ELEMENTWISE(exponential, ms_exp(z), a)

static void linear_forward(ms_real *a, int units, int ld, const double *arg)
{
    (void)a, (void)units, (void)ld, (void)arg;
}

static void linear_backward(ms_real *d, const ms_real *a, const ms_real *z, int units, int ld,
                            const double *arg)
{
    (void)d, (void)a, (void)z, (void)units, (void)ld, (void)arg;
}

// Over the units of each row; MS_LANE_BLOCK rows at a time. The largest z is subtracted first, so
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
    [MS_ACT_LINEAR] = {.row = {.name = "linear", .also = "none identity", .doc = "z"},
                       .forward = linear_forward,
                       .backward = linear_backward},
    [MS_ACT_RELU] = {.row = {.name = "relu", .doc = "max(0, z)"},
                     .forward = relu_forward,
                     .backward = relu_backward},
    [MS_ACT_TANH] = {.row = {.name = "tanh", .doc = "hyperbolic tangent"},
                     .work = 1.5,
                     .forward = tanh_forward,
                     .backward = tanh_backward},
    [MS_ACT_SIGMOID] = {.row = {.name = "sigmoid", .doc = "1 / (1 + e^-z)"},
                        .work = 1,
                        .forward = sigmoid_forward,
                        .backward = sigmoid_backward},
    [MS_ACT_SOFTMAX] = {.row = {.name = "softmax", .doc = "e^z over its sum across the units"},
                        .work = 4,
                        .forward = softmax_forward,
                        .backward = softmax_backward},
    {.row = {.name = "leaky_relu",
             .also = "lrelu leakyrelu",
             .doc = "z above 0, else negative_slope * z",
             .n_args = 1,
             .args = {{"negative_slope", MS_ARG_REAL, 0.2, 0, INFINITY, false, true,
                       "slope below 0"}}},
     .forward = leaky_relu_forward,
     .backward = leaky_relu_backward},
    {.row = {.name = "elu",
             .doc = "z above 0, else alpha * (e^z - 1)",
             .n_args = 1,
             .args = {{"alpha", MS_ARG_REAL, 1, 0, INFINITY, false, true,
                       "what it falls to is -alpha"}}},
     .work = 1,
     .forward = elu_forward,
     .backward = elu_backward},
    {.row = {.name = "selu", .doc = "elu, scaled so that layers keep mean 0 and variance 1"},
     .work = 1,
     .forward = selu_forward,
     .backward = selu_backward},
    {.row = {.name = "gelu",
             .doc = "z times the normal distribution's share below z",
             .n_args = 1,
             .args = {{"approximate", MS_ARG_BOOL, 0, 0, 1, false, false,
                       "with a tanh in place of the share"}}},
     .keeps_input = true,
     .work = 5,
     .forward = gelu_forward,
     .backward = gelu_backward},
    {.row = {.name = "silu", .also = "swish", .doc = "z * sigmoid(z)"},
     .keeps_input = true,
     .work = 2,
     .forward = silu_forward,
     .backward = silu_backward},
    {.row = {.name = "hard_sigmoid", .doc = "z / 6 + 1/2 between 0 and 1"},
     .forward = hard_sigmoid_forward,
     .backward = hard_sigmoid_backward},
    {.row = {.name = "softplus", .doc = "log(1 + e^z)"},
     .work = 3,
     .forward = softplus_forward,
     .backward = softplus_backward},
    {.row = {.name = "softsign", .doc = "z / (1 + |z|)"},
     .forward = softsign_forward,
     .backward = softsign_backward},
    {.row = {.name = "exponential", .doc = "e^z"},
     .work = 1,
     .forward = exponential_forward,
     .backward = exponential_backward},
};

const struct ms_table ms_activation_table = {"activation", sizeof rows / sizeof *rows, rows,
                                             sizeof *rows};

const struct ms_activation *ms_activation_row(int i)
{
    return &rows[i];
}
