// SPDX-License-Identifier: MIT
//
// The memory of a training or an evaluation, and passes over rows without learning. Validation
// takes batches of a fixed number of rows from its first row on, so that an evaluation of the same
// rows with the same weights gives the same bits.
#include "fit.h"

#include <math.h>
#include <string.h>

#include "arena.h"
#include "gather.h"
#include "worker/kernels/metrics.h"

// Rows of a validation or test batch: a batch's, but no fewer than this.
#define EVALUATE_ROWS 128

static int evaluate_rows(const struct ms_config *c)
{
    return c->batch_size > EVALUATE_ROWS ? c->batch_size : EVALUATE_ROWS;
}

// The network and the metrics for batches of at most so many rows.
static void lay_out_network(struct ms_fit *t, int rows, struct ms_carve *carve)
{
    const struct ms_config *c = t->config;
    ms_net_lay_out(&t->net, c, t->data->n_inputs, t->data->n_outputs, rows, carve);
    ms_outputs_lay_out(&t->outputs, t->data, t->net.max_ld, carve);
    for (int i = 0; i < c->n_metrics; i++)
        t->state[i] = ms_arena_carve_take(carve, ms_metric_state(c->metrics[i], t->data->n_outputs),
                                          sizeof *t->state[i]);
}

// Lays out all that an execution needs in one block. Called twice, see arena.h.
static void lay_out_training(struct ms_fit *t, struct ms_carve *carve)
{
    const struct ms_config *c = t->config;
    const struct ms_dataset *d = t->data;
    const int evaluated = ms_fit_smaller(t->evaluate, d->n_val > d->n_test ? d->n_val : d->n_test);
    lay_out_network(t, evaluated > t->batch ? evaluated : t->batch, carve);
    for (int i = 0; i < t->optimizer->slots; i++)
        if (ms_optimizer_needs(t->optimizer, i, c->optimizer.arg))
            t->slot[i] = ms_arena_carve_take(carve, t->net.n_weights, sizeof *t->slot[i]);
    if (c->optimizer.arg[MS_USE_EMA] != 0)
        t->average = ms_arena_carve_take(carve, t->net.n_weights, sizeof *t->average);
    if (c->early_stopping.monitor >= 0 && c->early_stopping.restore_best)
        t->best = ms_arena_carve_take(carve, t->net.n_state, sizeof *t->best);
    if (t->training->keep && t->training->at == MS_AT_BEST && !t->training->test_epoch &&
        t->net.n_weights <= MS_MAX_KEPT)
        t->kept = ms_arena_carve_take(carve, t->net.n_state, sizeof *t->kept);
    t->order = ms_arena_carve_take(carve, d->n_train, sizeof *t->order);
}

static void lay_out_evaluation(struct ms_fit *t, struct ms_carve *carve)
{
    lay_out_network(t, t->evaluate, carve);
}

static int reserve(struct ms_fit *t, void (*lay_out)(struct ms_fit *t, struct ms_carve *carve),
                   struct ms_arena *arena, struct ms_error *err)
{
    struct ms_carve carve = {0};
    lay_out(t, &carve);
    void *block;
    const int status = ms_arena_reserve(arena, carve.used, &block, err);
    if (status)
        return status;
    carve = (struct ms_carve){.base = block};
    lay_out(t, &carve);
    return 0;
}

void ms_fit_step_over_fold(struct ms_fit *t)
{
    for (uint32_t i = 0; t->data->n_folds && i < t->data->n_train; i++)
        if (t->order[i] >= t->data->fold_first)
            t->order[i] += t->data->n_val;
}

int ms_fit_begin(struct ms_fit *t, const struct ms_training *training, struct ms_arena *arena,
                 struct ms_error *err)
{
    const struct ms_config *c = training->config;
    *t = (struct ms_fit){
        .training = training,
        .config = c,
        .data = training->data,
        .batch = ms_fit_smaller(c->batch_size, training->data->n_train),
        .evaluate = evaluate_rows(c),
        .optimizer = ms_optimizer_row(c->optimizer.row),
        .rate = c->optimizer.arg[0],
        .counts = {.at = training->at, .maximize = training->maximize, .window = 1},
        .shuffle =
            ms_rng_at(training->seed, training->trial, training->execution, MS_STREAM_SHUFFLE),
        .dropout =
            ms_rng_at(training->seed, training->trial, training->execution, MS_STREAM_DROPOUT),
    };
    t->steps_per_epoch = (training->data->n_train + (uint64_t)t->batch - 1) / (uint64_t)t->batch;

    int status = reserve(t, lay_out_training, arena, err);
    if (status)
        return status;
    struct ms_rng init =
        ms_rng_at(training->seed, training->trial, training->execution, MS_STREAM_INIT);
    ms_net_start(&t->net, &init);
    for (int s = 0; t->optimizer->slot_start && s < t->optimizer->slots; s++) {
        ms_real start = (ms_real)t->optimizer->slot_start(s, c->optimizer.arg);
        for (size_t i = 0; t->slot[s] && i < t->net.n_weights; i++)
            t->slot[s][i] = start;
    }
    for (uint32_t i = 0; i < t->data->n_train; i++)
        t->order[i] = i;
    ms_fit_step_over_fold(t);
    if (t->net.balanced)
        ms_gather_balance(t->data, t->order, t->net.balanced);
    return MS_OK;
}

int ms_fit_begin_evaluation(struct ms_fit *t, const struct ms_config *config,
                            const struct ms_dataset *data, uint32_t n, struct ms_arena *arena,
                            struct ms_error *err)
{
    *t = (struct ms_fit){.config = config, .data = data};
    t->evaluate = ms_fit_smaller(evaluate_rows(config), n);
    return reserve(t, lay_out_evaluation, arena, err);
}

void ms_fit_metrics_reset(struct ms_fit *t)
{
    ms_outputs_reset(&t->outputs);
    t->not_numbers = false;
    for (int i = 0; i < t->config->n_metrics; i++)
        memset(t->state[i], 0,
               ms_metric_state(t->config->metrics[i], t->net.n_outputs) * sizeof *t->state[i]);
}

void ms_fit_metrics_add(struct ms_fit *t, const struct ms_pass *p, double loss)
{
    const struct ms_outputs *o = &t->outputs;
    ms_outputs_bring_back(&t->outputs, t->net.y, p->ld);
    t->not_numbers = t->not_numbers || isnan(loss);
    struct ms_metric_batch batch = {
        .y = o->target ? o->y : t->net.y,
        .t = o->target ? o->t : t->net.t,
        .base = o->base,
        .units = t->net.n_outputs,
        .rows = p->rows,
        .ld = p->ld,
        .loss = loss,
    };
    for (int i = 0; i < t->config->n_metrics; i++) {
        batch.arg = t->config->metric_arg[i];
        ms_metric_row(t->config->metrics[i])->update(t->state[i], &batch);
    }
}

// Outputs that are no numbers have no class and no sign: comparisons with NaN would count them.
// Every loss of them is NaN.
double ms_fit_metrics_result(const struct ms_fit *t, int i)
{
    const int row = t->config->metrics[i];
    return row > 0 && t->not_numbers ? NAN : ms_metric_row(row)->result(t->state[i]);
}

void ms_fit_forward(struct ms_fit *t, const struct ms_pass *p, const uint32_t *order,
                    uint32_t first)
{
    ms_gather(t->data, order, first, p->rows, p->ld, t->net.x, t->net.t);
    ms_outputs_scale(&t->outputs, t->net.t, p->ld);
    ms_net_forward(&t->net, p);
}

// The outputs of a pass, after metrics_add has brought them back.
static void take_outputs(const struct ms_fit *t, const struct ms_pass *p, double *to)
{
    const struct ms_outputs *o = &t->outputs;
    const ms_real *y = o->target ? o->y : t->net.y;
    for (int i = 0; i < p->rows; i++)
        for (int j = 0; j < t->net.n_outputs; j++)
            *to++ = (double)y[(size_t)j * (size_t)p->ld + (size_t)i] + (o->target ? o->base[j] : 0);
}

void ms_fit_evaluate(struct ms_fit *t, uint32_t first, uint32_t n, double *outputs)
{
    ms_fit_metrics_reset(t);
    int rows;
    for (uint32_t done = 0; done < n; done += (uint32_t)rows) {
        rows = ms_fit_smaller(t->evaluate, n - done);
        const struct ms_pass p = {.rows = rows, .ld = ms_net_ld(rows)};
        ms_fit_forward(t, &p, NULL, first + done);
        ms_outputs_look(&t->outputs, t->net.y, p.rows, p.ld);
        ms_fit_metrics_add(t, &p, ms_net_loss(&t->net, &p, false));
        if (outputs)
            take_outputs(t, &p, outputs + (size_t)done * (size_t)t->net.n_outputs);
    }
}
