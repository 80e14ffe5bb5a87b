// SPDX-License-Identifier: MIT
//
// The losses as a table. A loss that is a sum over the outputs is a row of two expressions, which
// become one loop with and one without the gradient; the others are written out.
#include "losses.h"

#include "activations.h"
#include "vector.h"

#define EPSILON MS_REAL(1e-7) // keras.backend.epsilon()

// A loss that is a sum over the outputs, each with the given share: `value` and `slope` of one
// element from y, t and (fused forms) z, with the arguments p and q.
#define ELEMENTWISE_SUM(name, share_of_one, uses_z, value, slope)                                  \
    MS_VECTOR                                                                                      \
    static void name(const struct ms_loss_batch *b)                                                \
    {                                                                                              \
        const ms_real p = (ms_real)b->arg[0], q = (ms_real)b->arg[1];                              \
        (void)p, (void)q;                                                                          \
        const ms_real share = (share_of_one);                                                      \
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

// The mean over the outputs.
#define ELEMENTWISE(name, uses_z, value, slope)                                                    \
    ELEMENTWISE_SUM(name, 1 / (ms_real)b->units, uses_z, value, slope)

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

MS_INLINE ms_real binary_clipped(ms_real y, ms_real t)
{
    return -(t * ms_log(clip(y)) + (1 - t) * ms_log(1 - clip(y)));
}

MS_INLINE ms_real binary_slope(ms_real y, ms_real t)
{
    return inside(y) * ((1 - t) / (1 - clip(y)) - t / clip(y));
}

// label_smoothing moves targets towards the middle, `even`.
MS_INLINE ms_real smooth(ms_real t, ms_real smoothing, ms_real even)
{
    return t * (1 - smoothing) + smoothing * even;
}

#define HALF MS_REAL(0.5)
ELEMENTWISE(mse, 0, (y - t) * (y - t), 2 * (y - t))
ELEMENTWISE(binary_plain, 0, binary_clipped(y, t), binary_slope(y, t))
ELEMENTWISE(binary_smooth, 0, binary_clipped(y, smooth(t, p, HALF)),
            binary_slope(y, smooth(t, p, HALF)))
ELEMENTWISE(binary_fused_plain, 1, binary_of(z, t), y - t)
ELEMENTWISE(binary_fused_smooth, 1, binary_of(z, smooth(t, p, HALF)), y - smooth(t, p, HALF))

static void binary(const struct ms_loss_batch *b)
{
    (b->arg[0] != 0 ? binary_smooth : binary_plain)(b);
}

static void binary_fused(const struct ms_loss_batch *b)
{
    (b->arg[0] != 0 ? binary_fused_smooth : binary_fused_plain)(b);
}

MS_INLINE ms_real size_of(ms_real e)
{
    return e < 0 ? -e : e;
}

MS_INLINE ms_real sign_of(ms_real e)
{
    return e > 0 ? (ms_real)1 : e < 0 ? (ms_real)-1 : (ms_real)0;
}

MS_INLINE ms_real huber_slope(ms_real e, ms_real delta)
{
    e = e > delta ? delta : e;
    return e < -delta ? -delta : e;
}

// log cosh e = |e| + log(1 + e^-2|e|) - log 2, which cancels near 0; there log(1 + 2 sinh²(e/2))
// with sinh's series: the first term left out is 3e-11 of the sum at |e| = 1.
MS_INLINE ms_real log_cosh_of(ms_real e)
{
    const ms_real log_2 = MS_REAL(0.69314718055994530942);
    ms_real a = size_of(e);
    ms_real far = a + (ms_log1p(ms_exp(-2 * a)) - log_2);
    ms_real h = a < 1 ? a / 2 : HALF, hh = h * h;
    ms_real sinh = 1 + hh / 42 * (1 + hh / 72 * (1 + hh / 110));
    sinh = h * (1 + hh / 6 * (1 + hh / 20 * sinh));
    ms_real near = ms_log1p(2 * sinh * sinh);
    return a < 1 ? near : far;
}

ELEMENTWISE(mae, 0, size_of(y - t), sign_of(y - t))
ELEMENTWISE(huber, 0,
            size_of(y - t) <= p ? HALF * (y - t) * (y - t) : p * size_of(y - t) - HALF * p * p,
            huber_slope(y - t, p))
ELEMENTWISE(log_cosh, 0, log_cosh_of(y - t), ms_tanh(y - t))

// Both are probabilities, kept away from 0; unlike clip's, the upper bound is 1.
MS_INLINE ms_real probability(ms_real y)
{
    y = y < EPSILON ? EPSILON : y;
    return y > 1 ? 1 : y;
}

ELEMENTWISE_SUM(kl_divergence, 1, 0, probability(t) * ms_log(probability(t) / probability(y)),
                y<EPSILON || y> 1 ? 0 : -probability(t) / y)

// ms_log is not for negative numbers, which only an unsuitable output activation gives.
MS_INLINE ms_real log_or_nan(ms_real x)
{
    return x < 0 ? (ms_real)NAN : ms_log(x);
}

ELEMENTWISE(poisson, 0, y - t * log_or_nan(y + EPSILON), 1 - t / (y + EPSILON))

// p times the targets, plus q, are -1 or 1.
#define MARGIN (1 - (t * p + q) * y)
ELEMENTWISE(hinge_signs, 0, MARGIN<0 ? 0 : MARGIN, MARGIN> 0 ? -(t *p + q) : (ms_real)0)

// Keras: targets that are all 0 or 1 in a batch are meant as -1 and 1.
static void hinge(const struct ms_loss_batch *b)
{
    static const double as_they_are[] = {1, 0}, from_classes[] = {2, -1};
    bool classes = true;
    for (size_t i = 0; i < (size_t)b->units * (size_t)b->ld && classes; i++)
        classes = b->t[i] == 0 || b->t[i] == 1;
    struct ms_loss_batch signs = *b;
    signs.arg = classes ? from_classes : as_they_are;
    hinge_signs(&signs);
}

// Keras divides the outputs by their sum first, whatever the activation was: q = y / Σy,
// loss = -Σ t·log clip(q); dL/dy_j = (dL/dq_j - Σ_k dL/dq_k·q_k) / Σy.
MS_INLINE void categorical_any(const struct ms_loss_batch *b, bool smoothed)
{
    const ms_real smoothing = (ms_real)b->arg[0], even = 1 / (ms_real)b->units;
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
                ms_real q = y[i] / sum[i], ti = smoothed ? smooth(t[i], smoothing, even) : t[i];
                loss[i] -= ti * ms_log(clip(q));
                mean[i] -= inside(q) * ti; // dL/dq · q
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
                ms_real q = y[i] / sum[i], ti = smoothed ? smooth(t[i], smoothing, even) : t[i];
                d[i] = weight[i] * (-inside(q) * ti / clip(q) - mean[i]) / sum[i];
            }
        }
    }
}

MS_VECTOR
static void categorical_plain(const struct ms_loss_batch *b)
{
    categorical_any(b, false);
}

MS_VECTOR
static void categorical_smooth(const struct ms_loss_batch *b)
{
    categorical_any(b, true);
}

static void categorical(const struct ms_loss_batch *b)
{
    (b->arg[0] != 0 ? categorical_smooth : categorical_plain)(b);
}

// loss = Σ t·(log Σ e^z - z), dz = y - t (for targets that sum to 1).
MS_INLINE void categorical_fused_any(const struct ms_loss_batch *b, bool smoothed)
{
    const ms_real smoothing = (ms_real)b->arg[0], even = 1 / (ms_real)b->units;
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
                ti = smoothed ? smooth(ti, smoothing, even) : ti;
                ms_real term = ti * (sum[i] - (z[(size_t)j * ld + (size_t)i] - top[i]));
                loss[i] += ti != 0 ? term : 0; // 0 · infinity counts as 0 here
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
                ms_real ti = smoothed ? smooth(t[at], smoothing, even) : t[at];
                d[at] = weight[i] * (y[at] - ti);
            }
    }
}

MS_VECTOR
static void categorical_fused_plain(const struct ms_loss_batch *b)
{
    categorical_fused_any(b, false);
}

MS_VECTOR
static void categorical_fused_smooth(const struct ms_loss_batch *b)
{
    categorical_fused_any(b, true);
}

static void categorical_fused(const struct ms_loss_batch *b)
{
    (b->arg[0] != 0 ? categorical_fused_smooth : categorical_fused_plain)(b);
}

void ms_loss_class_weights(const double *of_class, int n, const ms_real *t, int units, int ld,
                           ms_real *weight)
{
    for (int i = 0; i < ld; i++) {
        int class = 0;
        for (int j = 1; j < units; j++)
            class =
                t[(size_t)j * (size_t)ld + (size_t)i] > t[(size_t) class * (size_t)ld + (size_t)i]
                    ? j
                    : class;
        double label = units > 1 ? class : rint((double)t[i]);
        if (label >= 0 && label < n)
            weight[i] *= (ms_real)of_class[(int)label];
    }
}

#define LABEL_SMOOTHING                                                                            \
    .n_args = 1, .args = {{"label_smoothing", MS_ARG_REAL, 0, 0, 1, false, false,                  \
                           "share of each target that is spread over all classes"}}

static const struct ms_loss rows[] = {
    {.row = {.name = "mse", .also = "mean_squared_error", .doc = "mean squared error"},
     .evaluate = mse},
    {.row = {.name = "binary_crossentropy",
             .also = "bce binary_cross_entropy",
             .doc = "-(t log y + (1 - t) log(1 - y)), mean of outputs",
             LABEL_SMOOTHING},
     .evaluate = binary,
     .evaluate_fused = binary_fused,
     .fuses = MS_ACT_SIGMOID,
     .work = 4},
    {.row = {.name = "categorical_crossentropy",
             .also = "cce cross_entropy crossentropy",
             .doc = "-sum of t log y over one-hot classes",
             LABEL_SMOOTHING},
     .evaluate = categorical,
     .evaluate_fused = categorical_fused,
     .fuses = MS_ACT_SOFTMAX,
     .work = 16},
    {.row = {.name = "mae", .also = "mean_absolute_error", .doc = "mean absolute error"},
     .evaluate = mae},
    {.row = {.name = "huber",
             .doc = "e^2 / 2 up to delta, then a straight line; e = y - t",
             .n_args = 1,
             .args = {{"delta", MS_ARG_REAL, 1, 0, INFINITY, true, true,
                       "error at which the line begins"}}},
     .evaluate = huber},
    {.row = {.name = "log_cosh", .also = "logcosh", .doc = "mean of log(cosh(y - t))"},
     .evaluate = log_cosh},
    {.row = {.name = "kl_divergence",
             .also = "kld kullback_leibler_divergence",
             .doc = "sum of t log(t / y) over a distribution"},
     .evaluate = kl_divergence},
    {.row = {.name = "poisson", .doc = "mean of y - t log y, for counts"}, .evaluate = poisson},
    {.row = {.name = "hinge",
             .doc = "mean of max(1 - t y, 0); targets -1 and 1, or 0 and 1, which become these"},
     .evaluate = hinge},
};

const struct ms_table ms_loss_table = {"loss", sizeof rows / sizeof *rows, rows, sizeof *rows};

const struct ms_loss *ms_loss_row(int i)
{
    return &rows[i];
}
