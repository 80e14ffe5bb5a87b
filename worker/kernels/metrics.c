// SPDX-License-Identifier: MIT
//
// The metrics as a table. State is in double, and only lanes below rows are counted: the lanes
// after them repeat the batch's last row. A result that the rows do not define is NaN and never a
// number that looks like one; its row says when.
#include "metrics.h"

#include <assert.h>
#include <stdio.h>

#include "vector.h"

// Means over rows: state is their sum and their number.
enum { SUM, COUNT, N_MEAN };

static double mean(const double *state)
{
    return state[SUM] / state[COUNT];
}

static void loss_update(double *state, const struct ms_metric_batch *b)
{
    state[SUM] += b->loss * b->rows;
    state[COUNT] += b->rows;
}

// The sum of one block's values that belong to rows of the batch.
MS_INLINE double block_sum(const ms_real value[MS_LANE_BLOCK], int rows)
{
    double sum = 0;
    for (int i = 0; i < rows && i < MS_LANE_BLOCK; i++)
        sum += (double)value[i];
    return sum;
}

// A metric that is a mean over outputs and rows of `value`, which is made from y and t.
#define ELEMENTWISE(name, value)                                                                   \
    MS_VECTOR                                                                                      \
    static void name##_update(double *state, const struct ms_metric_batch *b)                      \
    {                                                                                              \
        double total = 0;                                                                          \
        for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {                                \
            ms_real sum[MS_LANE_BLOCK] = {0};                                                      \
            for (int j = 0; j < b->units; j++) {                                                   \
                const ms_real *ys = b->y + (size_t)j * (size_t)b->ld + lane;                       \
                const ms_real *ts = b->t + (size_t)j * (size_t)b->ld + lane;                       \
                for (int i = 0; i < MS_LANE_BLOCK; i++) {                                          \
                    const ms_real y = ys[i], t = ts[i];                                            \
                    sum[i] += (value);                                                             \
                }                                                                                  \
            }                                                                                      \
            total += block_sum(sum, b->rows - lane);                                               \
        }                                                                                          \
        state[SUM] += total / b->units;                                                            \
        state[COUNT] += b->rows;                                                                   \
    }

ELEMENTWISE(mse, (y - t) * (y - t))
ELEMENTWISE(mae, y < t ? t - y : y - t)
ELEMENTWISE(binary_accuracy, (y > MS_REAL(0.5) ? 1 : 0) == t ? (ms_real)1 : (ms_real)0)

static double root_of_mean(const double *state)
{
    return sqrt(mean(state));
}

// The unit of the largest value in each lane, the first of equals. units < 2^24: exact.
MS_INLINE void block_argmax(const ms_real *v, int units, int ld, ms_real at[MS_LANE_BLOCK])
{
    ms_real top[MS_LANE_BLOCK];
    for (int i = 0; i < MS_LANE_BLOCK; i++) {
        top[i] = v[i];
        at[i] = 0;
    }
    for (int j = 1; j < units; j++) {
        const ms_real *vs = v + (size_t)j * (size_t)ld;
        const ms_real unit = (ms_real)j;
        for (int i = 0; i < MS_LANE_BLOCK; i++) {
            at[i] = vs[i] > top[i] ? unit : at[i];
            top[i] = vs[i] > top[i] ? vs[i] : top[i];
        }
    }
}

MS_VECTOR
static void categorical_accuracy_update(double *state, const struct ms_metric_batch *b)
{
    double total = 0;
    for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {
        ms_real at_y[MS_LANE_BLOCK], at_t[MS_LANE_BLOCK], same[MS_LANE_BLOCK];
        block_argmax(b->y + lane, b->units, b->ld, at_y);
        block_argmax(b->t + lane, b->units, b->ld, at_t);
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            same[i] = at_y[i] == at_t[i] ? (ms_real)1 : (ms_real)0;
        total += block_sum(same, b->rows - lane);
    }
    state[SUM] += total;
    state[COUNT] += b->rows;
}

// Right if fewer than k outputs are larger than the target's: ties count as right, NaN does not.
MS_VECTOR
static void top_k_update(double *state, const struct ms_metric_batch *b)
{
    const ms_real k = (ms_real)b->arg[0];
    double total = 0;
    for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {
        ms_real at[MS_LANE_BLOCK], own[MS_LANE_BLOCK], larger[MS_LANE_BLOCK] = {0};
        const ms_real *y = b->y + lane;
        block_argmax(b->t + lane, b->units, b->ld, at);
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            own[i] = y[(size_t)at[i] * (size_t)b->ld + (size_t)i];
        for (int j = 0; j < b->units; j++)
            for (int i = 0; i < MS_LANE_BLOCK; i++)
                larger[i] +=
                    y[(size_t)j * (size_t)b->ld + (size_t)i] > own[i] ? (ms_real)1 : (ms_real)0;
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            larger[i] = larger[i] < k && own[i] == own[i] ? (ms_real)1 : (ms_real)0;
        total += block_sum(larger, b->rows - lane);
    }
    state[SUM] += total;
    state[COUNT] += b->rows;
}

// As in Keras, the shape of the output decides what "accuracy" means.
static void accuracy_update(double *state, const struct ms_metric_batch *b)
{
    if (b->units == 1)
        binary_accuracy_update(state, b);
    else
        categorical_accuracy_update(state, b);
}

// Counts of outputs: right and above 1/2, above 1/2, and those that should be above it.
enum { HITS, PREDICTED, ACTUAL, N_HITS };

MS_VECTOR
static void hits_update(double *state, const struct ms_metric_batch *b)
{
    for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {
        ms_real hits[MS_LANE_BLOCK] = {0}, predicted[MS_LANE_BLOCK] = {0};
        ms_real actual[MS_LANE_BLOCK] = {0};
        for (int j = 0; j < b->units; j++) {
            const ms_real *y = b->y + (size_t)j * (size_t)b->ld + lane;
            const ms_real *t = b->t + (size_t)j * (size_t)b->ld + lane;
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                ms_real above = y[i] > MS_REAL(0.5) ? (ms_real)1 : (ms_real)0;
                ms_real wanted = t[i] != 0 ? (ms_real)1 : (ms_real)0;
                hits[i] += above * wanted;
                predicted[i] += above;
                actual[i] += wanted;
            }
        }
        state[HITS] += block_sum(hits, b->rows - lane);
        state[PREDICTED] += block_sum(predicted, b->rows - lane);
        state[ACTUAL] += block_sum(actual, b->rows - lane);
    }
}

// NaN if there is nothing to take a share of, where Keras says 0, and scikit-learn 0 with a warning
// (zero_division="warn") or NaN (zero_division=numpy.nan).
static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static double precision(const double *state)
{
    return share(state[HITS], state[PREDICTED]);
}

static double recall(const double *state)
{
    return share(state[HITS], state[ACTUAL]);
}

// One output: positive above 1/2. Several: the class of the largest output; then the mean of the
// classes' scores (average="macro") over the classes that are a target or predicted, as
// scikit-learn takes them (its labels=None); Keras takes the others with 0. State: how many
// classes, then N_HITS for each.
MS_VECTOR
static void f1_update(double *state, const struct ms_metric_batch *b)
{
    state[0] = b->units;
    if (b->units == 1) {
        hits_update(state + 1, b);
        return;
    }
    for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {
        ms_real at_y[MS_LANE_BLOCK], at_t[MS_LANE_BLOCK];
        block_argmax(b->y + lane, b->units, b->ld, at_y);
        block_argmax(b->t + lane, b->units, b->ld, at_t);
        for (int i = 0; i < MS_LANE_BLOCK && lane + i < b->rows; i++) {
            double *found = state + 1 + N_HITS * (size_t)at_y[i];
            double *wanted = state + 1 + N_HITS * (size_t)at_t[i];
            found[PREDICTED]++;
            wanted[ACTUAL]++;
            wanted[HITS] += found == wanted;
        }
    }
}

static double f1(const double *state)
{
    int units = (int)state[0];
    double sum = 0, classes = 0;
    for (int j = 0; j < units; j++) {
        const double *c = state + 1 + N_HITS * (size_t)j;
        if (c[PREDICTED] + c[ACTUAL] == 0)
            continue;
        sum += 2 * c[HITS] / (c[PREDICTED] + c[ACTUAL]);
        classes++;
    }
    return share(sum, classes);
}

// Keras's AUC with its defaults: the area under the ROC curve through 200 thresholds, trapezoids
// between them; all outputs count as one problem. Thresholds are one below 0, 1/199 … 198/199, and
// one above 1: an output is counted by how many it exceeds. The state has one size for any data;
// the exact area, scikit-learn's, would need every output of the epoch.
enum { STEPS = 199, NOT_A_NUMBER = 2 * STEPS, N_AUC };

static void auc_update(double *state, const struct ms_metric_batch *b)
{
    double *positive = state, *negative = state + STEPS;
    for (int j = 0; j < b->units; j++)
        for (int i = 0; i < b->rows; i++) {
            size_t at = (size_t)j * (size_t)b->ld + (size_t)i;
            double y = fmin(fmax((double)b->y[at], 0), 1);
            if (isnan(b->y[at])) {
                state[NOT_A_NUMBER] = 1;
                continue;
            }
            int exceeds = y > 0 ? (int)ceil(y * STEPS) - 1 : 0;
            positive[exceeds] += (double)b->t[at];
            negative[exceeds] += 1 - (double)b->t[at];
        }
}

static double auc(const double *state)
{
    const double *positive = state, *negative = state + STEPS;
    double positives = 0, negatives = 0, x = 0, y = 0, area = 0, true_ones = 0, false_ones = 0;
    for (int k = 0; k < STEPS; k++) {
        positives += positive[k];
        negatives += negative[k];
    }
    if (positives == 0 || negatives == 0) // Keras: 0; scikit-learn: NaN and a warning
        return NAN;
    for (int k = STEPS - 1; k >= 0; k--) {
        true_ones += positive[k];
        false_ones += negative[k];
        double next_x = false_ones / negatives, next_y = true_ones / positives;
        area += (next_x - x) * (y + next_y) / 2;
        x = next_x;
        y = next_y;
    }
    return state[NOT_A_NUMBER] != 0 ? NAN : area;
}

// The mean over the outputs of 1 - Σ(y - t)² / Σ(t - mean t)². State: how many outputs and rows,
// then for each output its first target, to which the others are relative (sums of squares of large
// numbers would cancel), Σt, Σt² and Σ(y - t)². An output of one constant target leaves all without
// a value, as in scikit-learn with force_finite=False; its default, and Keras, say 0 or 1.
enum { R2_UNITS, R2_ROWS, N_R2 };
enum { FIRST, TARGETS, SQUARES, RESIDUALS, N_R2_OUTPUT };

MS_VECTOR
static void r2_update(double *state, const struct ms_metric_batch *b)
{
    bool begins = state[R2_ROWS] == 0;
    state[R2_UNITS] = b->units;
    state[R2_ROWS] += b->rows;
    for (int j = 0; j < b->units; j++) {
        const ms_real *ys = b->y + (size_t)j * (size_t)b->ld;
        const ms_real *ts = b->t + (size_t)j * (size_t)b->ld;
        double *o = state + N_R2 + N_R2_OUTPUT * (size_t)j;
        if (begins)
            o[FIRST] = (double)ts[0];
        for (int i = 0; i < b->rows; i++) {
            double t = (double)ts[i] - o[FIRST], e = (double)ys[i] - (double)ts[i];
            o[TARGETS] += t;
            o[SQUARES] += t * t;
            o[RESIDUALS] += e * e;
        }
    }
}

static double r2(const double *state)
{
    int units = (int)state[R2_UNITS];
    double sum = 0;
    for (int j = 0; j < units; j++) {
        const double *o = state + N_R2 + N_R2_OUTPUT * (size_t)j;
        double total = o[SQUARES] - o[TARGETS] * o[TARGETS] / state[R2_ROWS];
        if (total <= 0)
            return NAN;
        sum += 1 - o[RESIDUALS] / total;
    }
    return sum / units;
}

// y·t / (|y| |t|) of each row; a length is at least 1e-7. It alone depends on where zero is.
MS_VECTOR
static void cosine_update(double *state, const struct ms_metric_batch *b)
{
    double total = 0;
    for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {
        ms_real yt[MS_LANE_BLOCK] = {0}, yy[MS_LANE_BLOCK] = {0}, tt[MS_LANE_BLOCK] = {0};
        for (int j = 0; j < b->units; j++) {
            const ms_real *y = b->y + (size_t)j * (size_t)b->ld + lane;
            const ms_real *t = b->t + (size_t)j * (size_t)b->ld + lane;
            const ms_real base = b->base ? (ms_real)b->base[j] : 0;
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                yt[i] += (y[i] + base) * (t[i] + base);
                yy[i] += (y[i] + base) * (y[i] + base);
                tt[i] += (t[i] + base) * (t[i] + base);
            }
        }
        for (int i = 0; i < MS_LANE_BLOCK; i++) {
            ms_real a = MS_SQRT(yy[i]), c = MS_SQRT(tt[i]);
            a = a < MS_REAL(1e-7) ? MS_REAL(1e-7) : a;
            c = c < MS_REAL(1e-7) ? MS_REAL(1e-7) : c;
            yt[i] = yt[i] / a / c;
        }
        total += block_sum(yt, b->rows - lane);
    }
    state[SUM] += total;
    state[COUNT] += b->rows;
}

static const struct ms_metric rows[] = {
    {.row = {.name = "loss", .doc = "the loss that is trained"},
     .n_state = N_MEAN,
     .update = loss_update,
     .result = mean},
    {.row = {.name = "accuracy", .also = "acc", .doc = "share of the rows whose class is right"},
     .maximize = true,
     .share = true,
     .most = 1,
     .n_state = N_MEAN,
     .update = accuracy_update,
     .result = mean},
    {.row = {.name = "mse", .also = "mean_squared_error", .doc = "mean squared error"},
     .most = INFINITY,
     .n_state = N_MEAN,
     .update = mse_update,
     .result = mean},
    {.row = {.name = "mae", .also = "mean_absolute_error", .doc = "mean absolute error"},
     .most = INFINITY,
     .n_state = N_MEAN,
     .update = mae_update,
     .result = mean},
    {.row = {.name = "rmse",
             .also = "root_mean_squared_error",
             .doc = "square root of the epoch's mse"},
     .most = INFINITY,
     .n_state = N_MEAN,
     .update = mse_update,
     .result = root_of_mean},
    {.row = {.name = "binary_accuracy", .doc = "share of the outputs on the right side of 1/2"},
     .maximize = true,
     .share = true,
     .most = 1,
     .n_state = N_MEAN,
     .update = binary_accuracy_update,
     .result = mean},
    {.row = {.name = "categorical_accuracy",
             .doc = "share of the rows whose largest output is the class"},
     .maximize = true,
     .share = true,
     .most = 1,
     .n_state = N_MEAN,
     .update = categorical_accuracy_update,
     .result = mean},
    {.row = {.name = "top_k_categorical_accuracy",
             .also = "top_k top_k_accuracy",
             .doc = "share of the rows whose class is among the k largest outputs",
             .n_args = 1,
             .args = {{"k", MS_ARG_INT, 5, 1, MS_MAX_UNITS, false, false, "how many"}}},
     .maximize = true,
     .share = true,
     .most = 1,
     .n_state = N_MEAN,
     .update = top_k_update,
     .result = mean},
    {.row = {.name = "precision",
             .doc = "share of the outputs above 1/2 that should be; NaN without any (Keras: 0)"},
     .undefined = "no output above 1/2",
     .maximize = true,
     .most = 1,
     .n_state = N_HITS,
     .update = hits_update,
     .result = precision},
    {.row = {.name = "recall",
             .doc = "share of the outputs above 1/2 among those that should be; NaN without any "
                    "(Keras: 0)"},
     .undefined = "no positive target",
     .maximize = true,
     .most = 1,
     .n_state = N_HITS,
     .update = hits_update,
     .result = recall},
    {.row = {.name = "f1_score",
             .also = "f1",
             .doc = "harmonic mean of precision and recall; with several classes, the mean over "
                    "those that are a target or predicted (scikit-learn); NaN without a positive"},
     .undefined = "no positive target and no output above 1/2",
     .maximize = true,
     .most = 1,
     .n_state = 1,
     .per_output = N_HITS,
     .update = f1_update,
     .result = f1},
    {.row = {.name = "auc",
             .also = "roc_auc",
             .doc = "area under the ROC curve through Keras's 200 thresholds (scikit-learn: the "
                    "exact area); NaN with one class only (Keras: 0)"},
     .undefined = "targets of one class only",
     .maximize = true,
     .most = 1,
     .n_state = N_AUC,
     .work = 40,
     .update = auc_update,
     .result = auc},
    {.row = {.name = "r2_score",
             .also = "r2",
             .doc = "1 - squared errors / variance of the targets; NaN if an output's targets are "
                    "constant (Keras, scikit-learn: 0 or 1)"},
     .undefined = "constant targets",
     .maximize = true,
     .least = -INFINITY,
     .most = 1,
     .n_state = N_R2,
     .per_output = N_R2_OUTPUT,
     .update = r2_update,
     .result = r2},
    {.row = {.name = "cosine_similarity", .doc = "mean cosine between outputs and targets"},
     .maximize = true,
     .least = -1,
     .most = 1,
     .n_state = N_MEAN,
     .update = cosine_update,
     .result = mean},
};

enum { N_ROWS = sizeof rows / sizeof *rows };
static_assert(N_ROWS <= MS_MAX_METRICS / 2, "a configuration has room for every row");

const struct ms_table ms_metric_table = {"metric", N_ROWS, rows, sizeof *rows};

const struct ms_metric *ms_metric_row(int i)
{
    return &rows[i];
}

size_t ms_metric_state(int row, int units)
{
    return (size_t)rows[row].n_state + (size_t)rows[row].per_output * (size_t)units;
}

static const char validation[] = "val_";

const char *ms_metric_name(int id, char *out, size_t size)
{
    snprintf(out, size, "%s%s", id & 1 ? validation : "", rows[id >> 1].row.name);
    return out;
}

int ms_metric_id(const char *name)
{
    size_t skip = sizeof validation - 1;
    int val = strncmp(name, validation, skip) == 0;
    for (int i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].row.name, val ? name + skip : name) == 0)
            return 2 * i + val;
    return -1;
}

bool ms_metric_maximize(int id)
{
    return rows[id >> 1].maximize;
}

const char *ms_metric_undefined(int id)
{
    return rows[id >> 1].undefined;
}

struct ms_metric_range ms_metric_range(int id)
{
    const struct ms_metric *m = &rows[id >> 1];
    return (struct ms_metric_range){m->least, m->most, m->share};
}
