// SPDX-License-Identifier: MIT
//
// Trainings for the tests of parts, limits and states: their configuration, and a log of what they
// report.
#ifndef MLPSWEEP_TESTS_PARTS_H
#define MLPSWEEP_TESTS_PARTS_H

#include "check.h"

#include <stdbool.h>

#include "mlpsweep/metric.h"
#include "mlpsweep/train.h"

#include "case.h"
#include "worker/kernels/optimizers.h"

enum { EPOCHS = 9, COLUMNS = 8 };

struct log {
    int first, epochs, silent; // reported: first … first + epochs - 1
    double values[EPOCHS + 1][COLUMNS];
};

static inline bool record(void *ctx, int epoch, const double *values, int n)
{
    struct log *log = ctx;
    REQUIRE(epoch >= 1 && epoch <= EPOCHS && n <= COLUMNS);
    if (n == 0) {
        log->silent++;
        CHECK_INT(log->epochs, 0); // before all that are reported
        return false;
    }
    if (log->epochs == 0)
        log->first = epoch;
    CHECK_INT(epoch, log->first + log->epochs);
    log->epochs++;
    memcpy(log->values[epoch], values, (size_t)n * sizeof *values);
    return false;
}

static uint64_t random_state = 1;
static inline uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

// In memory of its own, as in another process.
static inline struct ms_train_result part(const struct ms_training *training, struct log *log)
{
    struct ms_arena *arena = ms_arena_new();
    struct ms_train_result r;
    struct ms_error err = {0};
    REQUIRE(arena);
    int status = ms_train(training, arena, record, log, &r, &err);
    CHECK_THAT(status == 0, "ms_train: %s", err.text);
    CHECK((r.state != NULL) == (r.outcome == MS_OUTCOME_PAUSED));
    if (r.weights) { // they outlive the arena
        float *own = malloc(r.n_weights * sizeof *own);
        REQUIRE(own);
        r.weights = memcpy(own, r.weights, r.n_weights * sizeof *own);
    }
    ms_arena_free(arena);
    return r;
}

struct whole {
    struct log log;
    struct ms_train_result result;
};

static inline void train_whole(struct whole *w, const struct ms_config *c,
                               const struct ms_dataset *d)
{
    const struct ms_training training = {.config = c,
                                         .data = d,
                                         .seed = 4,
                                         .trial = 7,
                                         .execution = 2,
                                         .test_epoch = EPOCHS,
                                         .objective = 1};
    memset(w, 0, sizeof *w);
    w->result = part(&training, &w->log);
}

static inline struct ms_config base(const char *optimizer)
{
    struct ms_config c = case_config("softmax", "categorical_crossentropy", optimizer);
    c.optimizer = case_pick_row(&ms_optimizer_table, c.optimizer.row);
    c.optimizer.arg[0] = 0.01;
    c.epochs = EPOCHS;
    c.batch_size = 24; // the last batch of an epoch is smaller
    c.n_metrics = 2;
    c.metrics[1] = case_row(&ms_metric_table, "accuracy");
    case_hidden(&c, 7, "relu");
    case_hidden(&c, 5, "tanh");
    return c;
}

static inline void everything(struct ms_config *c)
{
    c->input_dropout = 0.1;
    c->input_gaussian_noise = 0.1;
    c->hidden[0].dropout = 0.3;
    c->hidden[1].gaussian_dropout = 0.2;
    c->hidden[0].normalization = case_pick(&ms_normalization_table, "batch_normalization");
    c->hidden[1].normalization = case_pick(&ms_normalization_table, "layer_normalization");
    c->hidden[1].kernel_constraint = case_pick_row(&ms_constraint_table, 1);
    c->hidden[0].kernel_regularizer = case_pick_row(&ms_regularizer_table, 1);
    c->hidden[0].kernel_regularizer.arg[0] = 1e-4;
    c->n_class_weight = 3;
    c->class_weight[0] = 2;
    c->class_weight[1] = 0.5;
    c->class_weight[2] = 1;
    c->optimizer.arg[MS_USE_EMA] = 1;
    c->optimizer.arg[MS_EMA_MOMENTUM] = 0.9;
    c->optimizer.arg[MS_EMA_OVERWRITE_FREQUENCY] = 17;
    c->optimizer.arg[MS_WEIGHT_DECAY] = 0.004;
    c->early_stopping =
        (struct ms_early_stopping){.monitor = 1, .patience = 5, .restore_best = true};
    c->reduce_on_plateau = (struct ms_reduce_on_plateau){
        .on = true, .monitor = 1, .factor = 0.5, .patience = 1, .min_delta = 0.02, .cooldown = 1};
}

#endif
