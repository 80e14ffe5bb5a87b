// SPDX-License-Identifier: MIT
//
// Keras's fit(), for one execution: epochs of steps, the running means of training metrics,
// validation at the end of an epoch, early stopping, and the test set once at the very end.
//
// Between two epochs all that a training remembers is in struct ms_fit and in its arena's weights,
// slots, average and best weights. Anything new that it remembers must go into state_of(), too;
// else the parts of a training differ from the whole (tests/numeric/test_train_parts.c).
#include "mlpsweep/train.h"

#include <math.h>
#include <string.h>

#include "callbacks.h"
#include "fit.h"
#include "mlpsweep/metric.h"
#include "worker/kernels/schedules.h"
#include "state.h"
#include "train_check.h"

// The training after an epoch, with its memory; see state.h.
static struct ms_state_of state_of(const struct ms_fit *t, int epoch)
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

static int go_on(struct ms_fit *t, struct ms_error *err)
{
    struct ms_state_of s = state_of(t, t->training->from_epoch);
    int status = ms_state_read(&s, t->training->state, t->training->n_state, err);
    if (status)
        return status;
    t->step = s.step;
    t->rate = s.rate;
    t->objective = s.best;
    t->any_objective = s.any_best;
    if (s.any_best && isfinite(s.best)) {
        t->counts.epoch = t->training->from_epoch; // or before
        t->counts.value = s.best;
    }
    t->early = s.early;
    t->plateau = s.plateau;
    return MS_OK;
}

static void update(struct ms_fit *t)
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

// One epoch over the training rows. Returns the mean loss of its rows.
static double train_epoch(struct ms_fit *t, int epoch)
{
    if (t->config->shuffle) {
        ms_rng_permutation(&t->shuffle, (uint32_t)epoch, t->order, t->data->n_train);
        ms_fit_step_over_fold(t);
    }
    ms_fit_metrics_reset(t);
    double sum = 0;
    int rows;
    for (uint32_t done = 0; done < t->data->n_train; done += (uint32_t)rows) {
        rows = ms_fit_smaller(t->batch, t->data->n_train - done);
        const struct ms_pass p = {
            .rows = rows,
            .ld = ms_net_ld(rows),
            .training = true,
            .step = t->step,
            .dropout = &t->dropout,
        };
        ms_fit_forward(t, &p, t->order + done, 0);
        double loss = ms_net_loss(&t->net, &p, true);
        sum += loss * rows;
        ms_fit_metrics_add(t, &p, loss);
        ms_net_backward(&t->net, &p);
        update(t);
    }
    return sum / t->data->n_train;
}

// True if the network answers every row with the same numbers: all rows of the last validation and
// all training rows. Mostly two rows decide.
static bool is_constant(struct ms_fit *t)
{
    if (t->data->n_val == 0)
        ms_outputs_reset(&t->outputs);
    int rows;
    for (uint32_t done = 0; done < t->data->n_train && !t->outputs.varies; done += (uint32_t)rows) {
        rows = ms_fit_smaller(t->evaluate, t->data->n_train - done);
        rows = ms_fit_smaller(rows, t->net.max_rows);
        const struct ms_pass p = {.rows = rows, .ld = ms_net_ld(rows)};
        ms_fit_forward(t, &p, t->order + done, 0);
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
static bool end_epoch(struct ms_fit *t, int epoch, const double *values, const int *ids, int n)
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
static bool prune(struct ms_fit *t, int epoch, double value)
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
static enum ms_outcome reason_to_end(const struct ms_fit *t, int epoch, bool enough, bool pruned,
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
static void run(struct ms_fit *t, ms_on_epoch on_epoch, void *ctx, struct ms_train_result *result)
{
    const struct ms_config *c = t->config;
    int last =
        t->training->test_epoch ? ms_fit_smaller(t->training->test_epoch, c->epochs) : c->epochs;
    bool validate = t->data->n_val > 0;
    int ids[MS_MAX_METRICS], n = ms_config_metric_columns(c, validate, ids);
    for (int epoch = t->training->state ? t->training->from_epoch + 1 : 1; epoch <= last; epoch++) {
        double loss = train_epoch(t, epoch);
        double values[MS_MAX_METRICS] = {0};
        int per_metric = validate ? 2 : 1;
        for (int i = 0; i < c->n_metrics; i++)
            values[i * per_metric] = ms_fit_metrics_result(t, i);
        if (validate) {
            ms_fit_evaluate(t, ms_dataset_val_first(t->data), t->data->n_val, NULL);
            for (int i = 0; i < c->n_metrics; i++)
                values[i * per_metric + 1] = ms_fit_metrics_result(t, i);
        }
        result->epochs = epoch;
        bool enough = end_epoch(t, epoch, values, ids, n);
        result->objective = value_of(t->training->objective, values, ids, n);
        result->not_numbers = t->not_numbers;
        if (ms_at_next(&t->counts, epoch, result->objective) && t->kept) {
            memcpy(t->kept, t->net.weights, t->net.n_state * sizeof *t->kept);
            t->any_kept = true;
        }
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

static void test(struct ms_fit *t, struct ms_train_result *result)
{
    // fit() ends with the average (finalize_variable_values); if EarlyStopping has weights to
    // restore, they replace it (on_train_end).
    if (t->average)
        memcpy(t->net.weights, t->average, t->net.n_weights * sizeof *t->average);
    if (t->best && t->early.any)
        memcpy(t->net.weights, t->best, t->net.n_state * sizeof *t->best);
    ms_fit_evaluate(t, t->data->n_train + t->data->n_val, t->data->n_test, NULL);
    result->n_test = t->config->n_metrics;
    for (int i = 0; i < result->n_test; i++)
        result->test[i] = ms_fit_metrics_result(t, i);
}

// The weights of the epoch that counts, packed. Nothing is lost if they are not: whoever needs them
// trains the execution again, up to that epoch.
static void keep(const struct ms_fit *t, struct ms_train_result *result)
{
    const struct ms_training *training = t->training;
    const bool best = training->at == MS_AT_BEST && !training->test_epoch;
    const bool there = best ? t->any_kept : training->test_epoch || t->counts.epoch > 0;
    const double value = best ? t->counts.value : result->objective;
    const bool worse =
        training->maximize ? value < training->keep_bound : value > training->keep_bound;
    const bool mean = training->at == MS_AT_BEST_MEAN || training->at == MS_AT_LAST_MEAN;
    if (!there || worse || (mean && !training->test_epoch) ||
        result->outcome == MS_OUTCOME_PAUSED || result->outcome == MS_OUTCOME_CANCELLED)
        return;
    struct ms_weight list[MS_MAX_TENSORS];
    size_t n;
    ms_weights_of(t->config, t->data->n_inputs, t->data->n_outputs, list, &n);
    if (n > MS_MAX_KEPT)
        return;
    result->weights = (float *)t->net.gradients; // which are not needed any more
    ms_net_pack(&t->net, best ? t->kept : t->net.weights, result->weights);
    result->n_weights = n;
    result->weights_epoch = best ? t->counts.epoch : result->epochs;
    result->weights_objective = value;
}

int ms_train(const struct ms_training *training, struct ms_arena *arena, ms_on_epoch on_epoch,
             void *ctx, struct ms_train_result *result, struct ms_error *err)
{
    *result = (struct ms_train_result){0};
    int status = ms_train_check(training, err);
    if (status)
        return status;
    struct ms_fit t; // some 100 kB
    status = ms_fit_begin(&t, training, arena, err);
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
    if (training->keep)
        keep(&t, result);
    if (training->test_epoch && !training->untested && finished && training->data->n_test)
        test(&t, result);
    return MS_OK;
}
