// SPDX-License-Identifier: MIT
//
// Keras's fit(), for one execution: epochs of steps, the running means of training metrics,
// validation at the end of an epoch, early stopping, and the test set once at the very end.
//
// Between two epochs all that a training remembers is in struct fit and in its arena's weights,
// slots, average and best weights. Anything new that it remembers must go into state_of(), too;
// else the parts of a training differ from the whole (tests/numeric/test_train_parts.c).
#include "mlpsweep/train.h"

#include <math.h>
#include <string.h>

#include "arena.h"
#include "callbacks.h"
#include "gather.h"
#include "worker/kernels/metrics.h"
#include "mlpsweep/limits.h"
#include "net.h"
#include "outputs.h"
#include "worker/kernels/optimizers.h"
#include "worker/kernels/schedules.h"
#include "state.h"
#include "train_check.h"

// Rows of a validation or test batch: a batch's, but no fewer than this.
#define EVALUATE_ROWS 128

struct fit {
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
    uint64_t step, steps_per_epoch;
    struct ms_rng shuffle, dropout;

    double *state[MS_MAX_METRICS / 2]; // of each metric of the configuration
    bool not_numbers;                  // some loss of what they hold is NaN

    struct ms_watch early, plateau;
    double objective; // the best so far
    bool any_objective;
};

static int smaller(int64_t a, int64_t b)
{
    return (int)(a < b ? a : b);
}

// Lays out all that an execution needs in one block. Called twice, see arena.h.
static void lay_out(struct fit *t, struct ms_carve *carve)
{
    const struct ms_config *c = t->config;
    const struct ms_dataset *d = t->data;
    int evaluated = smaller(t->evaluate, d->n_val > d->n_test ? d->n_val : d->n_test);
    ms_net_lay_out(&t->net, c, d->n_inputs, d->n_outputs,
                   evaluated > t->batch ? evaluated : t->batch, carve);
    ms_outputs_lay_out(&t->outputs, d, t->net.max_ld, carve);
    for (int i = 0; i < t->optimizer->slots; i++)
        if (ms_optimizer_needs(t->optimizer, i, c->optimizer.arg))
            t->slot[i] = ms_arena_carve_take(carve, t->net.n_weights, sizeof *t->slot[i]);
    if (c->optimizer.arg[MS_USE_EMA] != 0)
        t->average = ms_arena_carve_take(carve, t->net.n_weights, sizeof *t->average);
    if (c->early_stopping.monitor >= 0 && c->early_stopping.restore_best)
        t->best = ms_arena_carve_take(carve, t->net.n_state, sizeof *t->best);
    t->order = ms_arena_carve_take(carve, d->n_train, sizeof *t->order);
    for (int i = 0; i < c->n_metrics; i++)
        t->state[i] = ms_arena_carve_take(carve, ms_metric_state(c->metrics[i], d->n_outputs),
                                          sizeof *t->state[i]);
}

// Turns numbers of training rows into rows of the block, in which the fold's validation rows lie
// between them.
static void step_over_fold(struct fit *t)
{
    for (uint32_t i = 0; t->data->n_folds && i < t->data->n_train; i++)
        if (t->order[i] >= t->data->fold_first)
            t->order[i] += t->data->n_val;
}

static int begin(struct fit *t, const struct ms_training *training, struct ms_arena *arena,
                 struct ms_error *err)
{
    const struct ms_config *c = training->config;
    *t = (struct fit){
        .training = training,
        .config = c,
        .data = training->data,
        .batch = smaller(c->batch_size, training->data->n_train),
        .evaluate = c->batch_size > EVALUATE_ROWS ? c->batch_size : EVALUATE_ROWS,
        .optimizer = ms_optimizer_row(c->optimizer.row),
        .rate = c->optimizer.arg[0],
        .shuffle =
            ms_rng_at(training->seed, training->trial, training->execution, MS_STREAM_SHUFFLE),
        .dropout =
            ms_rng_at(training->seed, training->trial, training->execution, MS_STREAM_DROPOUT),
    };
    t->steps_per_epoch = (training->data->n_train + (uint64_t)t->batch - 1) / (uint64_t)t->batch;

    struct ms_carve carve = {0};
    lay_out(t, &carve);
    void *block;
    int status = ms_arena_reserve(arena, carve.used, &block, err);
    if (status)
        return status;
    carve = (struct ms_carve){.base = block};
    lay_out(t, &carve);

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
    step_over_fold(t);
    if (t->net.balanced)
        ms_gather_balance(t->data, t->order, t->net.balanced);
    return MS_OK;
}

// The training after an epoch, with its memory; see state.h.
static struct ms_state_of state_of(const struct fit *t, int epoch)
{
    struct ms_state_of s = {
        .seed = t->training->seed,
        .trial = t->training->trial,
        .execution = t->training->execution,
        .fingerprint = ms_state_fingerprint(t->config, t->data),
        .epoch = epoch,
        .step = t->step,
        .rate = t->rate,
        .best = t->objective,
        .any_best = t->any_objective,
        .early = t->early,
        .plateau = t->plateau,
    };
    s.block[s.n_blocks].data = t->net.weights;
    s.block[s.n_blocks++].n = t->net.n_state;
    for (int i = 0; i < t->optimizer->slots; i++)
        if (t->slot[i]) {
            s.block[s.n_blocks].data = t->slot[i];
            s.block[s.n_blocks++].n = t->net.n_weights;
        }
    if (t->average) {
        s.block[s.n_blocks].data = t->average;
        s.block[s.n_blocks++].n = t->net.n_weights;
    }
    if (t->best) {
        s.block[s.n_blocks].data = t->best;
        s.block[s.n_blocks++].n = t->net.n_state;
    }
    return s;
}

static int go_on(struct fit *t, struct ms_error *err)
{
    struct ms_state_of s = state_of(t, t->training->from_epoch);
    int status = ms_state_read(&s, t->training->state, t->training->n_state, err);
    if (status)
        return status;
    t->step = s.step;
    t->rate = s.rate;
    t->objective = s.best;
    t->any_objective = s.any_best;
    t->early = s.early;
    t->plateau = s.plateau;
    return MS_OK;
}

static void metrics_reset(struct fit *t)
{
    ms_outputs_reset(&t->outputs);
    t->not_numbers = false;
    for (int i = 0; i < t->config->n_metrics; i++)
        memset(t->state[i], 0,
               ms_metric_state(t->config->metrics[i], t->net.n_outputs) * sizeof *t->state[i]);
}

static void metrics_add(struct fit *t, const struct ms_pass *p, double loss)
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
static double metrics_result(const struct fit *t, int i)
{
    const int row = t->config->metrics[i];
    return row > 0 && t->not_numbers ? NAN : ms_metric_row(row)->result(t->state[i]);
}

static void update(struct fit *t)
{
    const struct ms_config *c = t->config;
    const struct ms_schedule_at at = {
        .base = t->rate,
        .step = t->step,
        .steps_per_epoch = t->steps_per_epoch,
        .epochs = c->epochs,
        .list = c->list,
    };
    struct ms_update u = {
        .weights = t->net.weights,
        .gradients = t->net.gradients,
        .n = t->net.n_weights,
        .step = t->step + 1,
        .rate = ms_schedule_rate(&c->learning_rate, &at),
        .arg = c->optimizer.arg,
        .average = t->average,
        .segments = t->net.segments,
        .n_segments = t->net.n_trained,
    };
    memcpy(u.slot, t->slot, sizeof u.slot);
    ms_update_optimizer(t->optimizer, &u);
    ms_net_constrain(&t->net); // after the moving average, as Keras does
    t->step++;
}

// The outputs of p->rows rows: those that order names, or, without it, those from first on.
static void forward(struct fit *t, const struct ms_pass *p, const uint32_t *order, uint32_t first)
{
    ms_gather(t->data, order, first, p->rows, p->ld, t->net.x, t->net.t);
    ms_outputs_scale(&t->outputs, t->net.t, p->ld);
    ms_net_forward(&t->net, p);
}

// One epoch over the training rows. Returns the mean loss of its rows.
static double train_epoch(struct fit *t, int epoch)
{
    if (t->config->shuffle) {
        ms_rng_permutation(&t->shuffle, (uint32_t)epoch, t->order, t->data->n_train);
        step_over_fold(t);
    }
    metrics_reset(t);
    double sum = 0;
    int rows;
    for (uint32_t done = 0; done < t->data->n_train; done += (uint32_t)rows) {
        rows = smaller(t->batch, t->data->n_train - done);
        const struct ms_pass p = {
            .rows = rows,
            .ld = ms_net_ld(rows),
            .training = true,
            .step = t->step,
            .dropout = &t->dropout,
        };
        forward(t, &p, t->order + done, 0);
        double loss = ms_net_loss(&t->net, &p, true);
        sum += loss * rows;
        metrics_add(t, &p, loss);
        ms_net_backward(&t->net, &p);
        update(t);
    }
    return sum / t->data->n_train;
}

// The metrics of n rows of the data set from first on, with the weights as they are.
static void evaluate(struct fit *t, uint32_t first, uint32_t n)
{
    metrics_reset(t);
    int rows;
    for (uint32_t done = 0; done < n; done += (uint32_t)rows) {
        rows = smaller(t->evaluate, n - done);
        const struct ms_pass p = {.rows = rows, .ld = ms_net_ld(rows)};
        forward(t, &p, NULL, first + done);
        ms_outputs_look(&t->outputs, t->net.y, p.rows, p.ld);
        metrics_add(t, &p, ms_net_loss(&t->net, &p, false));
    }
}

// True if the network answers every row with the same numbers: all rows of the last validation and
// all training rows. Mostly two rows decide.
static bool is_constant(struct fit *t)
{
    if (t->data->n_val == 0)
        ms_outputs_reset(&t->outputs);
    int rows;
    for (uint32_t done = 0; done < t->data->n_train && !t->outputs.varies; done += (uint32_t)rows) {
        rows = smaller(t->evaluate, t->data->n_train - done);
        rows = smaller(rows, t->net.max_rows);
        const struct ms_pass p = {.rows = rows, .ld = ms_net_ld(rows)};
        forward(t, &p, t->order + done, 0);
        ms_outputs_look(&t->outputs, t->net.y, p.rows, p.ld);
    }
    return !t->outputs.varies && t->outputs.rows > 1;
}

static double value_of(int metric, const double *values, const int *ids, int n)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == metric)
            return values[i];
    return NAN;
}

// What callbacks compare: a metric without a value is worse than any. Keras's own rule, by which
// nothing improves on a first NaN, stays for the loss alone.
static double watched(int metric, bool maximize, const double *values, const int *ids, int n)
{
    double value = value_of(metric, values, ids, n);
    return isnan(value) && ms_metric_undefined(metric) ? (maximize ? -INFINITY : INFINITY) : value;
}

// The callbacks of the end of an epoch. true: stop.
static bool end_epoch(struct fit *t, int epoch, const double *values, const int *ids, int n)
{
    const struct ms_early_stopping *es = &t->config->early_stopping;
    const struct ms_reduce_on_plateau *plateau = &t->config->reduce_on_plateau;
    enum ms_callbacks_verdict verdict = MS_GO_ON;
    if (es->monitor >= 0)
        verdict = ms_callbacks_early_stop(&t->early, es, epoch,
                                          watched(es->monitor, es->maximize, values, ids, n));
    if (verdict == MS_IMPROVED && t->best)
        memcpy(t->best, t->net.weights, t->net.n_state * sizeof *t->best);
    if (plateau->on)
        t->rate = ms_callbacks_reduce_on_plateau(
            &t->plateau, plateau, watched(plateau->monitor, plateau->maximize, values, ids, n),
            t->rate);
    return verdict == MS_STOP;
}

// True if the scheduler's limit for an epoch stops the training.
static bool prune(struct fit *t, int epoch, double value)
{
    const struct ms_training *training = t->training;
    bool better = training->maximize ? value > t->objective : value < t->objective;
    if (!isnan(value) && (better || !t->any_objective)) {
        t->any_objective = true;
        t->objective = value;
    }
    if (epoch <= training->from_epoch || epoch > training->n_limits ||
        isnan(training->limits[epoch - 1]))
        return false;
    double limit = training->limits[epoch - 1];
    return !t->any_objective || (training->maximize ? t->objective < limit : t->objective > limit);
}

// The reason to end after an epoch that is not the last; MS_OUTCOME_COMPLETED: there is none.
static enum ms_outcome reason_to_end(const struct fit *t, int epoch, bool enough, bool pruned,
                                     bool cancelled)
{
    if (enough)
        return MS_OUTCOME_STOPPED;
    if (pruned)
        return MS_OUTCOME_PRUNED;
    if (cancelled)
        return MS_OUTCOME_CANCELLED;
    return epoch == t->training->to_epoch ? MS_OUTCOME_PAUSED : MS_OUTCOME_COMPLETED;
}

// Trains until the last epoch or a reason to stop.
static void run(struct fit *t, ms_on_epoch on_epoch, void *ctx, struct ms_train_result *result)
{
    const struct ms_config *c = t->config;
    int last = t->training->test_epoch ? smaller(t->training->test_epoch, c->epochs) : c->epochs;
    bool validate = t->data->n_val > 0;
    int ids[MS_MAX_METRICS], n = ms_config_metric_columns(c, validate, ids);
    for (int epoch = t->training->state ? t->training->from_epoch + 1 : 1; epoch <= last; epoch++) {
        double loss = train_epoch(t, epoch);
        double values[MS_MAX_METRICS] = {0};
        int per_metric = validate ? 2 : 1;
        for (int i = 0; i < c->n_metrics; i++)
            values[i * per_metric] = metrics_result(t, i);
        if (validate) {
            evaluate(t, ms_dataset_val_first(t->data), t->data->n_val);
            for (int i = 0; i < c->n_metrics; i++)
                values[i * per_metric + 1] = metrics_result(t, i);
        }
        result->epochs = epoch;
        bool enough = end_epoch(t, epoch, values, ids, n);
        result->objective = value_of(t->training->objective, values, ids, n);
        result->not_numbers = t->not_numbers;
        bool pruned = prune(t, epoch, result->objective);
        int reported = epoch > t->training->from_epoch ? n : 0;
        bool cancelled = on_epoch && on_epoch(ctx, epoch, values, reported);
        if (c->terminate_on_nan && !isfinite(loss)) {
            result->outcome = MS_OUTCOME_DIVERGED;
            return;
        }
        if (epoch < last)
            result->outcome = reason_to_end(t, epoch, enough, pruned, cancelled);
        if (result->outcome != MS_OUTCOME_COMPLETED)
            return;
    }
    result->outcome = MS_OUTCOME_COMPLETED;
}

static void test(struct fit *t, struct ms_train_result *result)
{
    // fit() ends with the average (finalize_variable_values); if EarlyStopping has weights to
    // restore, they replace it (on_train_end).
    if (t->average)
        memcpy(t->net.weights, t->average, t->net.n_weights * sizeof *t->average);
    if (t->best && t->early.any)
        memcpy(t->net.weights, t->best, t->net.n_state * sizeof *t->best);
    evaluate(t, t->data->n_train + t->data->n_val, t->data->n_test);
    result->n_test = t->config->n_metrics;
    for (int i = 0; i < result->n_test; i++)
        result->test[i] = metrics_result(t, i);
}

int ms_train(const struct ms_training *training, struct ms_arena *arena, ms_on_epoch on_epoch,
             void *ctx, struct ms_train_result *result, struct ms_error *err)
{
    *result = (struct ms_train_result){0};
    int status = ms_train_check(training, err);
    if (status)
        return status;
    struct fit t; // some 100 kB
    status = begin(&t, training, arena, err);
    if (status)
        return status;
    if (training->state) {
        status = go_on(&t, err);
        if (status)
            return status;
    }
    run(&t, on_epoch, ctx, result);
    result->any_objective = t.any_objective;
    bool finished =
        result->outcome == MS_OUTCOME_COMPLETED || result->outcome == MS_OUTCOME_STOPPED;
    if (!training->test_epoch && (finished || result->outcome == MS_OUTCOME_PRUNED))
        result->constant = is_constant(&t);
    if (result->outcome == MS_OUTCOME_PAUSED) {
        const struct ms_state_of s = state_of(&t, result->epochs);
        if (ms_state_write(&s, MS_MAX_STATE, &result->state, &result->n_state, NULL))
            result->n_state = 0; // the next part begins at the start
    }
    if (training->test_epoch && finished && training->data->n_test)
        test(&t, result);
    return MS_OK;
}
