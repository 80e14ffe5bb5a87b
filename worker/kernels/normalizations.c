// SPDX-License-Identifier: MIT
//
// The lanes beyond rows repeat the last row: everything is computed there, too, but no sum over the
// batch takes them. Backward sets their gradients to zero before it adds up.
#include "normalizations.h"

#include "vector.h"

enum { MOMENTUM = MS_NORM_SCALE + 1 }; // of batch_normalization

#define LOAD(p) (*(const ms_lanes *)(p))

MS_INLINE ms_real lanes_sum(const ms_lanes *v)
{
    ms_real sum = 0;
    for (int i = 0; i < MS_LANES; i++)
        sum += (*v)[i];
    return sum;
}

// Σ x
MS_INLINE ms_real row_sum(const ms_real *x, int n)
{
    ms_lanes sum = {0};
    int i = 0;
    for (; i + MS_LANES <= n; i += MS_LANES)
        sum += LOAD(x + i);
    ms_real rest = 0;
    for (; i < n; i++)
        rest += x[i];
    return lanes_sum(&sum) + rest;
}

// Σ (x - mean)²
MS_INLINE ms_real row_squares(const ms_real *x, ms_real mean, int n)
{
    ms_lanes sum = {0};
    int i = 0;
    for (; i + MS_LANES <= n; i += MS_LANES) {
        ms_lanes off = LOAD(x + i) - mean;
        sum += off * off;
    }
    ms_real rest = 0;
    for (; i < n; i++)
        rest += (x[i] - mean) * (x[i] - mean);
    return lanes_sum(&sum) + rest;
}

// Σ a·b over ld, a multiple of vectors
MS_INLINE ms_real row_product(const ms_real *a, const ms_real *b, int ld)
{
    ms_lanes sum = {0};
    for (int i = 0; i < ld; i += MS_LANES)
        sum += LOAD(a + i) * LOAD(b + i);
    return lanes_sum(&sum);
}

static void clear_tails(const struct ms_norm *n)
{
    for (int j = 0; n->rows < n->ld && j < n->units; j++)
        memset(n->d + (size_t)j * (size_t)n->ld + n->rows, 0,
               (size_t)(n->ld - n->rows) * sizeof *n->d);
}

// y = (x - mean) · factor + offset
MS_INLINE void shift_scale(ms_real *restrict y, const ms_real *restrict x, int ld, ms_real mean,
                           ms_real factor, ms_real offset)
{
    for (int i = 0; i < ld; i++)
        y[i] = (x[i] - mean) * factor + offset;
}

MS_VECTOR
static void batch_inference(const struct ms_norm *n)
{
    const ms_real epsilon = (ms_real)n->arg[MS_NORM_EPSILON];
    for (int j = 0; j < n->units; j++) {
        size_t at = (size_t)j * (size_t)n->ld;
        ms_real factor = (n->gamma ? n->gamma[j] : 1) / MS_SQRT(n->moving_variance[j] + epsilon);
        shift_scale(n->y + at, n->x + at, n->ld, n->moving_mean[j], factor,
                    n->beta ? n->beta[j] : 0);
    }
}

MS_VECTOR
static void batch_training(const struct ms_norm *n)
{
    const ms_real epsilon = (ms_real)n->arg[MS_NORM_EPSILON];
    const ms_real keep = (ms_real)n->arg[MOMENTUM], move = (ms_real)(1 - n->arg[MOMENTUM]);
    for (int j = 0; j < n->units; j++) {
        ms_real *restrict x = n->x + (size_t)j * (size_t)n->ld;
        ms_real *restrict y = n->y + (size_t)j * (size_t)n->ld;
        ms_real mean = row_sum(x, n->rows) / (ms_real)n->rows;
        ms_real variance = row_squares(x, mean, n->rows) / (ms_real)n->rows;
        ms_real inverse = 1 / MS_SQRT(variance + epsilon);
        ms_real gamma = n->gamma ? n->gamma[j] : 1, beta = n->beta ? n->beta[j] : 0;
        for (int i = 0; i < n->ld; i++) {
            x[i] = (x[i] - mean) * inverse;
            y[i] = x[i] * gamma + beta;
        }
        n->work[j] = inverse;
        n->moving_mean[j] = n->moving_mean[j] * keep + mean * move;
        n->moving_variance[j] = n->moving_variance[j] * keep + variance * move;
    }
}

static void batch_forward(const struct ms_norm *n)
{
    if (n->training)
        batch_training(n);
    else
        batch_inference(n);
}

// Ioffe, Szegedy (2015): dx = γ/σ · (d - mean of d - x̂ · mean of d·x̂)
MS_VECTOR
static void batch_backward(const struct ms_norm *n)
{
    clear_tails(n);
    for (int j = 0; j < n->units; j++) {
        ms_real *restrict d = n->d + (size_t)j * (size_t)n->ld;
        const ms_real *restrict x = n->x + (size_t)j * (size_t)n->ld;
        ms_real sum = row_sum(d, n->ld), product = row_product(d, x, n->ld);
        if (n->d_beta)
            n->d_beta[j] = sum;
        if (n->d_gamma)
            n->d_gamma[j] = product;
        ms_real factor = (n->gamma ? n->gamma[j] : 1) * n->work[j];
        sum /= (ms_real)n->rows;
        product /= (ms_real)n->rows;
        for (int i = 0; i < n->ld; i++)
            d[i] = factor * (d[i] - sum - x[i] * product);
    }
}

// to += Σ over the units, by lanes
MS_INLINE void add_units(ms_real *restrict to, const ms_real *restrict x, int ld)
{
    for (int i = 0; i < ld; i++)
        to[i] += x[i];
}

MS_VECTOR
static void layer_forward(const struct ms_norm *n)
{
    const ms_real epsilon = (ms_real)n->arg[MS_NORM_EPSILON], units = (ms_real)n->units;
    const int ld = n->ld;
    ms_real *restrict inverse = n->work, *restrict mean = n->work + ld;
    memset(n->work, 0, 2 * (size_t)ld * sizeof *n->work);
    for (int j = 0; j < n->units; j++)
        add_units(mean, n->x + (size_t)j * (size_t)ld, ld);
    for (int i = 0; i < ld; i++)
        mean[i] /= units;
    for (int j = 0; j < n->units; j++) {
        const ms_real *restrict x = n->x + (size_t)j * (size_t)ld;
        for (int i = 0; i < ld; i++)
            inverse[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
    }
    for (int i = 0; i < ld; i++)
        inverse[i] = 1 / MS_SQRT(inverse[i] / units + epsilon);
    for (int j = 0; j < n->units; j++) {
        ms_real *restrict x = n->x + (size_t)j * (size_t)ld;
        ms_real *restrict y = n->y + (size_t)j * (size_t)ld;
        ms_real gamma = n->gamma ? n->gamma[j] : 1, beta = n->beta ? n->beta[j] : 0;
        for (int i = 0; i < ld; i++) {
            x[i] = (x[i] - mean[i]) * inverse[i];
            y[i] = x[i] * gamma + beta;
        }
    }
}

// As batch_backward, with the means over the units; γ differs between them and stays inside.
MS_VECTOR
static void layer_backward(const struct ms_norm *n)
{
    const int ld = n->ld;
    const ms_real share = 1 / (ms_real)n->units;
    const ms_real *restrict inverse = n->work;
    ms_real *restrict sum = n->work + ld, *restrict product = n->work + 2 * ld;
    clear_tails(n);
    memset(sum, 0, 2 * (size_t)ld * sizeof *sum);
    for (int j = 0; j < n->units; j++) {
        ms_real *restrict d = n->d + (size_t)j * (size_t)ld;
        const ms_real *restrict x = n->x + (size_t)j * (size_t)ld;
        if (n->d_beta)
            n->d_beta[j] = row_sum(d, ld);
        if (n->d_gamma)
            n->d_gamma[j] = row_product(d, x, ld);
        ms_real gamma = n->gamma ? n->gamma[j] : 1;
        for (int i = 0; i < ld; i++) {
            d[i] *= gamma;
            sum[i] += d[i] * share;
            product[i] += d[i] * x[i] * share;
        }
    }
    for (int j = 0; j < n->units; j++) {
        ms_real *restrict d = n->d + (size_t)j * (size_t)ld;
        const ms_real *restrict x = n->x + (size_t)j * (size_t)ld;
        for (int i = 0; i < ld; i++)
            d[i] = inverse[i] * (d[i] - sum[i] - x[i] * product[i]);
    }
}

#define EPSILON                                                                                    \
    {                                                                                              \
        "epsilon", MS_ARG_REAL, 1e-3, 0, INFINITY, true, true, "added to the variance"             \
    }
#define CENTER                                                                                     \
    {                                                                                              \
        "center", MS_ARG_BOOL, 1, 0, 1, false, false, "adds beta, which is learnt"                 \
    }
#define SCALE                                                                                      \
    {                                                                                              \
        "scale", MS_ARG_BOOL, 1, 0, 1, false, false, "multiplies by gamma, which is learnt"        \
    }

static const struct ms_normalization rows[] = {
    {{.name = "none", .doc = "outputs as they are"}, false, NULL, NULL},
    {{.name = "batch_normalization",
      .also = "batchnorm batch_norm",
      .doc = "each unit over the batch; outside training, with the average over batches",
      .n_args = 4,
      .args = {EPSILON,
               CENTER,
               SCALE,
               {"momentum", MS_ARG_REAL, 0.99, 0, 1, false, false, "of the moving statistics"}}},
     true,
     batch_forward,
     batch_backward},
    {{.name = "layer_normalization",
      .also = "layernorm layer_norm",
      .doc = "each row over the units of the layer",
      .n_args = 3,
      .args = {EPSILON, CENTER, SCALE}},
     false,
     layer_forward,
     layer_backward},
};

const struct ms_table ms_normalization_table = {"normalization", sizeof rows / sizeof *rows, rows,
                                                sizeof *rows};

const struct ms_normalization *ms_normalization_row(int i)
{
    return &rows[i];
}
