// SPDX-License-Identifier: MIT
//
// What a training or an evaluation works on: the network with its memory, batches of rows, and
// metrics over them. train.c trains it, evaluate.c looks at rows with weights that were kept.
#ifndef MLPSWEEP_WORKER_FIT_H
#define MLPSWEEP_WORKER_FIT_H

#include "callbacks.h"
#include "mlpsweep/at.h"
#include "mlpsweep/limits.h"
#include "mlpsweep/train.h"
#include "net.h"
#include "outputs.h"
#include "worker/kernels/optimizers.h"

struct ms_fit {
    const struct ms_training *training;
    const struct ms_config *config;
    const struct ms_dataset *data;
    struct ms_net net;
    struct ms_outputs outputs;
    uint32_t *order; // (n_train) rows in this epoch's order
    int batch;       // rows of a full training batch
    int evaluate;    // rows of a full validation or test batch

    const struct ms_optimizer *optimizer;
    ms_real *slot[MS_MAX_SLOTS]; // (n_weights) each; NULL: not needed
    ms_real *average;            // (n_weights) of all steps; NULL: not kept
    double rate;                 // base rate: the configuration's until a plateau
    ms_real *best;               // (n_state) of the best epoch; NULL: not kept
    ms_real *kept;               // (n_state) of the epoch that counts; NULL: not kept, or the last
    uint64_t step, steps_per_epoch;
    struct ms_rng shuffle, dropout;

    double *state[MS_MAX_METRICS / 2]; // of each metric of the configuration
    bool not_numbers;                  // some loss of what they hold is NaN

    struct ms_watch early, plateau;
    double objective; // the best so far
    bool any_objective;
    bool any_kept;             // kept has weights
    struct ms_at_watch counts; // the epoch that counts so far
};

static inline int ms_fit_smaller(int64_t a, int64_t b)
{
    return (int)(a < b ? a : b);
}

// Lays out a training, and sets its initial weights.
int ms_fit_begin(struct ms_fit *t, const struct ms_training *training, struct ms_arena *arena,
                 struct ms_error *err) MS_MUST_CHECK;

// The same without anything that trains; weights are all zero. n: rows that will be looked at.
int ms_fit_begin_evaluation(struct ms_fit *t, const struct ms_config *config,
                            const struct ms_dataset *data, uint32_t n, struct ms_arena *arena,
                            struct ms_error *err) MS_MUST_CHECK;

// Turns numbers of training rows into rows of the block, in which the fold's validation rows lie
// between them.
void ms_fit_step_over_fold(struct ms_fit *t);

// Metrics: over no rows; with the rows of a pass; their values, config->metrics[i].
void ms_fit_metrics_reset(struct ms_fit *t);
void ms_fit_metrics_add(struct ms_fit *t, const struct ms_pass *p, double loss);
double ms_fit_metrics_result(const struct ms_fit *t, int i);

// The outputs of p->rows rows: those that order names, or, without it, those from first on.
void ms_fit_forward(struct ms_fit *t, const struct ms_pass *p, const uint32_t *order,
                    uint32_t first);

// The metrics of n rows of the data set from first on, with the weights as they are. outputs
// (n, n_outputs), in the target's own unit; NULL: not wanted.
void ms_fit_evaluate(struct ms_fit *t, uint32_t first, uint32_t n, double *outputs);

#endif
