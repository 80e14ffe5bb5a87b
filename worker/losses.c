// SPDX-License-Identifier: MIT
#include "losses.h"

#include "activations.h"
#include "vector.h"

#define EPSILON MS_REAL(1e-7) // keras.backend.epsilon()

// A loss that is a mean over the outputs: `value` and `slope` of one element from y, t and (fused
// forms) z, with the arguments p and q.
#define ELEMENTWISE(name, uses_z, value, slope)                                                    \
    MS_VECTOR                                                                                      \
    static void name(const struct ms_loss_batch *b)                                                \
    {                                                                                              \
        const ms_real p = (ms_real)b->arg[0], q = (ms_real)b->arg[1];                              \
        (void)p, (void)q;                                                                          \
        const ms_real share = 1 / (ms_real)b->units;                                               \
        const ms_real *restrict weight = b->weight;                                                \
        ms_real *restrict loss = b->loss;                                                          \
        int ld = b->ld;                                                                            \
        for (int i = 0; i < ld; i++)                                                               \
            loss[i] = 0;                                                                           \
        for (int j = 0; j < b->units; j++) {                                                       \
            size_t at = (size_t)j * (size_t)ld;                                                    \
            const ms_real *restrict ys = b->y + at, *restrict ts = b->t + at;                      \
            const ms_real *restrict zs = (uses_z) ? b->z + at : ys;                                \
            for (int i = 0; i < ld; i++) {                                                         \
                const ms_real y = ys[i], t = ts[i], z = zs[i];                                     \
                (void)y, (void)z;                                                                  \
                loss[i] += share * (value);                                                        \
            }                                                                                      \
            if (!b->d)                                                                             \
                continue;                                                                          \
            ms_real *restrict d = b->d + at;                                                       \
            for (int i = 0; i < ld; i++) {                                                         \
                const ms_real y = ys[i], t = ts[i];                                                \
                d[i] = weight[i] * share * (slope);                                                \
            }                                                                                      \
        }                                                                                          \
    }

MS_INLINE ms_real clip(ms_real y)
{
    y = y < EPSILON ? EPSILON : y;
    return y > 1 - EPSILON ? 1 - EPSILON : y;
}

// The slope of clip.
MS_INLINE ms_real inside(ms_real y)
{
    return y < EPSILON || y > 1 - EPSILON ? (ms_real)0 : (ms_real)1;
}

// -(t·log σ(z) + (1 - t)·log(1 - σ(z))); in this order a small loss is not rounded away.
MS_INLINE ms_real binary_of(ms_real z, ms_real t)
{
    return ((z < 0 ? 0 : z) - t * z) + ms_log1p(ms_exp(z < 0 ? z : -z));
}

ELEMENTWISE(mse, 0, (y - t) * (y - t), 2 * (y - t))
ELEMENTWISE(binary, 0, -(t *ms_log(clip(y)) + (1 - t) * ms_log(1 - clip(y))),
            inside(y) * ((1 - t) / (1 - clip(y)) - t / clip(y)))
ELEMENTWISE(binary_fused, 1, binary_of(z, t), y - t)

// Keras divides the outputs by their sum first, whatever the activation was: q = y / Σy,
// loss = -Σ t·log clip(q); dL/dy_j = (dL/dq_j - Σ_k dL/dq_k·q_k) / Σy.
MS_VECTOR
static void categorical(const struct ms_loss_batch *b)
{
    for (int lane = 0; lane < b->ld; lane += MS_LANE_BLOCK) {
        ms_real sum[MS_LANE_BLOCK] = {0}, loss[MS_LANE_BLOCK] = {0}, mean[MS_LANE_BLOCK] = {0};
        for (int j = 0; j < b->units; j++) {
            const ms_real *y = b->y + (size_t)j * (size_t)b->ld + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                sum[i] += y[i];
        }
        for (int j = 0; j < b->units; j++) {
            const ms_real *y = b->y + (size_t)j * (size_t)b->ld + lane;
            const ms_real *t = b->t + (size_t)j * (size_t)b->ld + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                ms_real q = y[i] / sum[i];
                loss[i] -= t[i] * ms_log(clip(q));
                mean[i] -= inside(q) * t[i]; // dL/dq · q
            }
        }
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            b->loss[lane + i] = loss[i];
        if (!b->d)
            continue;
        for (int j = 0; j < b->units; j++) {
            const ms_real *y = b->y + (size_t)j * (size_t)b->ld + lane;
            const ms_real *t = b->t + (size_t)j * (size_t)b->ld + lane;
            ms_real *d = b->d + (size_t)j * (size_t)b->ld + lane;
            const ms_real *weight = b->weight + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                ms_real q = y[i] / sum[i];
                d[i] = weight[i] * (-inside(q) * t[i] / clip(q) - mean[i]) / sum[i];
            }
        }
    }
}

// loss = Σ t·(log Σ e^z - z), dz = y - t (for targets that sum to 1).
MS_VECTOR
static void categorical_fused(const struct ms_loss_batch *b)
{
    size_t ld = (size_t)b->ld;
    for (int lane = 0; lane < b->ld; lane += MS_LANE_BLOCK) {
        ms_real top[MS_LANE_BLOCK], sum[MS_LANE_BLOCK] = {0}, loss[MS_LANE_BLOCK] = {0};
        const ms_real *z = b->z + lane, *t = b->t + lane, *y = b->y + lane;
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            top[i] = z[i];
        for (int j = 1; j < b->units; j++)
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                ms_real zi = z[(size_t)j * ld + (size_t)i];
                top[i] = zi > top[i] ? zi : top[i];
            }
        for (int j = 0; j < b->units; j++)
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                sum[i] += ms_exp(z[(size_t)j * ld + (size_t)i] - top[i]);
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            sum[i] = ms_log(sum[i]);
        for (int j = 0; j < b->units; j++)
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                ms_real ti = t[(size_t)j * ld + (size_t)i];
                ms_real term = ti * (sum[i] - (z[(size_t)j * ld + (size_t)i] - top[i]));
                loss[i] += ti != 0 ? term : 0; // 0 · infinity is nothing here
            }
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            b->loss[lane + i] = loss[i];
        if (!b->d)
            continue;
        ms_real *d = b->d + lane;
        const ms_real *weight = b->weight + lane;
        for (int j = 0; j < b->units; j++)
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                size_t at = (size_t)j * ld + (size_t)i;
                d[at] = weight[i] * (y[at] - t[at]);
            }
    }
}

static const struct ms_loss rows[] = {
    {.row = {.name = "mse", .doc = "mean squared error"}, .evaluate = mse},
    {.row = {.name = "binary_crossentropy",
             .doc = "-(t log y + (1 - t) log(1 - y)), mean of outputs"},
     .evaluate = binary,
     .evaluate_fused = binary_fused,
     .fuses = MS_ACT_SIGMOID},
    {.row = {.name = "categorical_crossentropy", .doc = "-sum of t log y over one-hot classes"},
     .evaluate = categorical,
     .evaluate_fused = categorical_fused,
     .fuses = MS_ACT_SOFTMAX},
};

const struct ms_table ms_loss_table = {"loss", sizeof rows / sizeof *rows, rows, sizeof *rows};

const struct ms_loss *ms_loss_row(int i)
{
    return &rows[i];
}
