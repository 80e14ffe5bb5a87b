// SPDX-License-Identifier: MIT
#include "metrics.h"

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

// A metric that is a mean over the outputs and rows of `value`, made of y and t.
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

MS_VECTOR
static void categorical_accuracy_update(double *state, const struct ms_metric_batch *b)
{
    double total = 0;
    for (int lane = 0; lane < b->rows; lane += MS_LANE_BLOCK) {
        ms_real top_y[MS_LANE_BLOCK], top_t[MS_LANE_BLOCK], same[MS_LANE_BLOCK];
        ms_real at_y[MS_LANE_BLOCK] = {0}, at_t[MS_LANE_BLOCK] = {0}; // units < 2^24: exact
        for (int i = 0; i < MS_LANE_BLOCK; i++) {
            top_y[i] = b->y[lane + i];
            top_t[i] = b->t[lane + i];
        }
        for (int j = 1; j < b->units; j++) {
            const ms_real *y = b->y + (size_t)j * (size_t)b->ld + lane;
            const ms_real *t = b->t + (size_t)j * (size_t)b->ld + lane;
            const ms_real unit = (ms_real)j;
            for (int i = 0; i < MS_LANE_BLOCK; i++) {
                at_y[i] = y[i] > top_y[i] ? unit : at_y[i];
                top_y[i] = y[i] > top_y[i] ? y[i] : top_y[i];
                at_t[i] = t[i] > top_t[i] ? unit : at_t[i];
                top_t[i] = t[i] > top_t[i] ? t[i] : top_t[i];
            }
        }
        for (int i = 0; i < MS_LANE_BLOCK; i++)
            same[i] = at_y[i] == at_t[i] ? (ms_real)1 : (ms_real)0;
        total += block_sum(same, b->rows - lane);
    }
    state[SUM] += total;
    state[COUNT] += b->rows;
}

// Keras chooses what "accuracy" means by the shape of the output.
static void accuracy_update(double *state, const struct ms_metric_batch *b)
{
    if (b->units == 1)
        binary_accuracy_update(state, b);
    else
        categorical_accuracy_update(state, b);
}

static const struct ms_metric rows[] = {
    {{.name = "loss", .doc = "the loss that is trained"}, false, N_MEAN, loss_update, mean},
    {{.name = "accuracy", .doc = "share of the rows whose class is right"},
     true,
     N_MEAN,
     accuracy_update,
     mean},
    {{.name = "mse", .doc = "mean squared error"}, false, N_MEAN, mse_update, mean},
    {{.name = "mae", .doc = "mean absolute error"}, false, N_MEAN, mae_update, mean},
};

enum { N_ROWS = sizeof rows / sizeof *rows };

const struct ms_table ms_metric_table = {"metric", N_ROWS, rows, sizeof *rows};

const struct ms_metric *ms_metric_row(int i)
{
    return &rows[i];
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

int ms_metric_columns(const struct ms_config *c, bool with_validation, int ids[MS_MAX_METRICS])
{
    int n = 0;
    for (int i = 0; i < c->n_metrics; i++) {
        ids[n++] = 2 * c->metrics[i];
        if (with_validation)
            ids[n++] = 2 * c->metrics[i] + 1;
    }
    return n;
}
