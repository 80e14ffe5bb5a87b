// SPDX-License-Identifier: MIT
//
// Training and validation rows lie one after the other in a block, with folds in one run of rows,
// so that a view of both is a view with other counts.
#include "mlpsweep/refit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/train.h"

static struct ms_dataset all_rows(const struct ms_dataset *d)
{
    struct ms_dataset all = *d;
    all.n_train += d->n_val;
    all.n_val = all.n_folds = all.fold = all.fold_first = 0;
    return all;
}

// What needs validation rows is left out; an epoch that was asked for is an epoch of the schedule.
static void adapt(struct ms_config *c, int epochs)
{
    c->early_stopping.monitor = -1;
    if (c->reduce_on_plateau.on && c->reduce_on_plateau.monitor % 2 == 1) // val_…, see metric.h
        c->reduce_on_plateau.on = false;
    if (c->epochs < epochs)
        c->epochs = epochs;
}

static int train(const struct ms_refit *r, const struct ms_config *c, const struct ms_dataset *d,
                 struct ms_arena *arena, struct ms_refitted *out, struct ms_error *err)
{
    const struct ms_training training = {.config = c,
                                         .data = d,
                                         .seed = r->seed,
                                         .trial = r->trial,
                                         .execution = r->execution,
                                         .test_epoch = r->epochs,
                                         .untested = true,
                                         .keep = true,
                                         .keep_bound = NAN,
                                         .at = MS_AT_LAST};
    struct ms_train_result result;
    int status = ms_train(&training, arena, NULL, NULL, &result, err);
    if (status)
        return status;
    out->n_weights = result.n_weights;
    out->rows = d->n_train;
    if (result.outcome == MS_OUTCOME_DIVERGED)
        return ms_fail(err, MS_ESTATE, "the loss was not finite in epoch %d", result.epochs);
    if (!result.weights)
        return ms_fail(err, MS_ESTATE, "the network has more weights than can be kept");
    out->weights = malloc(out->n_weights * sizeof *out->weights);
    if (!out->weights)
        return ms_no_memory(err, "%zu weights", out->n_weights);
    memcpy(out->weights, result.weights, out->n_weights * sizeof *out->weights);
    status = ms_evaluate(c, d, 0, d->n_train, out->weights, arena, NULL, out->train, err);
    out->tested = d->n_test > 0;
    if (!status && out->tested)
        status =
            ms_evaluate(c, d, d->n_train, d->n_test, out->weights, arena, NULL, out->test, err);
    return status;
}

int ms_refit(const struct ms_refit *r, struct ms_refitted *out, struct ms_error *err)
{
    const struct ms_dataset d = all_rows(r->data);
    struct ms_arena *arena = ms_arena_new();
    struct ms_config *c = malloc(sizeof *c);
    *out = (struct ms_refitted){0};
    int status = arena && c ? 0 : ms_no_memory(err, "a refit");
    if (!status) {
        *c = *r->config;
        adapt(c, r->epochs);
        ms_train_prepare(r->threads);
        status = train(r, c, &d, arena, out, err);
    }
    if (status) {
        free(out->weights);
        *out = (struct ms_refitted){0};
    }
    free(c);
    ms_arena_free(arena);
    return status;
}
