// SPDX-License-Identifier: MIT
//
// Configurations and data sets made in memory, for the numeric tests.
#ifndef MLPSWEEP_TESTS_CASE_H
#define MLPSWEEP_TESTS_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "check.h"
#include "mlpsweep/config.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/rng.h"

static inline int case_row(const struct ms_table *t, const char *name)
{
    int row = ms_table_find(t, name);
    CHECK_THAT(row >= 0, "no %s is called %s", t->what, name);
    return row < 0 ? 0 : row;
}

static inline struct ms_pick case_pick(const struct ms_table *t, const char *name)
{
    return ms_table_default(t, case_row(t, name));
}

// The row with its defaults; arguments that have none become 0.5.
static inline struct ms_pick case_pick_row(const struct ms_table *t, int row)
{
    struct ms_pick pick = ms_table_default(t, row);
    for (int i = 0; i < MS_MAX_ARGS; i++)
        if (isnan(pick.arg[i]))
            pick.arg[i] = 0.5;
    return pick;
}

static inline struct ms_layer_config case_layer(int units, const char *activation)
{
    return (struct ms_layer_config){
        .units = units,
        .use_bias = true,
        .activation = case_pick(&ms_activation_table, activation),
        .kernel_initializer = case_pick(&ms_initializer_table, "glorot_uniform"),
        .bias_initializer = case_pick(&ms_initializer_table, "zeros"),
    };
}

// Keras's defaults, without hidden layers.
static inline struct ms_config case_config(const char *output, const char *loss,
                                           const char *optimizer)
{
    return (struct ms_config){
        .output = case_layer(0, output),
        .loss = case_pick(&ms_loss_table, loss),
        .optimizer = case_pick(&ms_optimizer_table, optimizer),
        .learning_rate = case_pick(&ms_schedule_table, "constant"),
        .batch_size = 32,
        .epochs = 1,
        .shuffle = true,
        .terminate_on_nan = true,
        .early_stopping = {.monitor = -1},
        .n_metrics = 1,
    };
}

static inline void case_hidden(struct ms_config *c, int units, const char *activation)
{
    c->hidden[c->n_hidden++] = case_layer(units, activation);
}

// A data set of random points in [-1, 1]; targets by task. Free with case_data_free.
static inline struct ms_dataset case_data(enum ms_data_task task, int inputs, int outputs,
                                          int train, int val, int test)
{
    size_t n = (size_t)(train + val + test), in = (size_t)inputs, out = (size_t)outputs;
    float *x = calloc(n * in, sizeof *x), *y = calloc(n * out, sizeof *y);
    if (!x || !y)
        abort();
    struct ms_rng rng = ms_rng_at(77, 0, 0, MS_STREAM_DATA);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < in; k++)
            x[i * in + k] = (float)(2 * ms_rng_uniform(&rng, (uint64_t)(i << 20 | k)) - 1);
        if (task == MS_MULTICLASS)
            y[i * out + (size_t)(fabsf(x[i * in]) * 0.999f * (float)out)] = 1;
        for (size_t j = 0; j < out && task != MS_MULTICLASS; j++) {
            float product = x[i * in] * x[i * in + (j + 1) % in];
            y[i * out + j] = task == MS_BINARY ? (float)(product > 0) : product;
        }
    }
    return (struct ms_dataset){
        .task = task,
        .n_inputs = inputs,
        .n_outputs = outputs,
        .n_train = (uint32_t)train,
        .n_val = (uint32_t)val,
        .n_test = (uint32_t)test,
        .x = x,
        .y = y,
    };
}

static inline void case_data_free(struct ms_dataset *d)
{
    free((void *)(uintptr_t)d->x);
    free((void *)(uintptr_t)d->y);
}

#endif
