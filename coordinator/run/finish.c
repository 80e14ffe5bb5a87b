// SPDX-License-Identifier: MIT
//
// An execution that lacks both its test metrics and its weights is run once for both. Trials come
// in the order of their ranks, executions in that of their numbers.
#include "finish.h"

#include <math.h>
#include <stdlib.h>

#include "coordinator/store/store.h"
#include "feed.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/weights.h"

void ms_finish_clear(struct ms_finish *f)
{
    for (int i = 0; i < f->n_trials; i++)
        ms_winner_clear(&f->trial[i]);
    free(f->trial);
    free(f->item);
    *f = (struct ms_finish){0};
}

static int config_of(const struct ms_run *run, const struct ms_winner *w, struct ms_config *config,
                     struct ms_error *err)
{
    int status = ms_sweep_config(run->sweep, w->point, config, err);
    return status ? status : ms_config_complete(config, &run->data[config->dataset], err);
}

static int add(struct ms_finish *f, const struct ms_untested *x, bool test, struct ms_error *err)
{
    const int trial = f->n_trials - 1;
    struct ms_finish_item *item = NULL;
    for (int i = 0; i < f->n && !item; i++)
        if (f->item[i].trial == trial && f->item[i].execution == x->execution)
            item = &f->item[i];
    if (!item) {
        const int status = ms_grow(&f->item, &f->room, (size_t)f->n + 1, sizeof *f->item,
                                   "the executions to run again", err);
        if (status)
            return status;
        item = &f->item[f->n++];
        *item =
            (struct ms_finish_item){.trial = trial, .execution = x->execution, .epoch = x->epoch};
    }
    item->test = item->test || test;
    item->keep = item->keep || !test;
    return 0;
}

// Too many weights: the store learns of it once, so that no later run asks again.
static int leave_out(const struct ms_run *run, uint32_t trial, const struct ms_untested *x, int n_x,
                     int64_t n, struct ms_progress *progress, struct ms_error *err)
{
    int status = 0;
    for (int i = 0; !status && i < n_x; i++)
        status = ms_store_put_model(run->store, trial, x[i].execution, false, (int)x[i].epoch, NULL,
                                    n, err);
    if (!status && n_x > 0)
        ms_progress_note(progress,
                         "trial %u: its network has %lld weights, at most %d can be kept; "
                         "keep_best leaves it out",
                         trial, (long long)n, (int)MS_MAX_KEPT);
    return status;
}

// What the last trial of f lacks.
static int look(struct ms_finish *f, const struct ms_run *run, const struct ms_config *config,
                bool keep, bool test, struct ms_progress *progress, struct ms_error *err)
{
    const struct ms_dataset *d = &run->data[config->dataset];
    const uint32_t trial = f->trial[f->n_trials - 1].trial;
    const int most = MS_MAX_EXECUTIONS + MS_MAX_CONFIRM;
    struct ms_untested *x = malloc((size_t)most * sizeof *x);
    struct ms_weight list[MS_MAX_TENSORS];
    size_t weights;
    int n = 0, status = x ? 0 : ms_no_memory(err, "the executions to run again");
    ms_weights_of(config, d->n_inputs, d->n_outputs, list, &weights);
    if (!status && keep)
        status = ms_store_unkept(run->store, trial, x, most, &n, err);
    if (!status && weights > MS_MAX_KEPT) {
        status = leave_out(run, trial, x, n, (int64_t)weights, progress, err);
        n = 0;
    }
    for (int i = 0; !status && i < n; i++)
        status = add(f, &x[i], false, err);
    n = 0;
    if (!status && test && d->n_test > 0)
        status = ms_store_untested(run->store, trial, x, most, &n, err);
    for (int i = 0; !status && i < n; i++)
        status = add(f, &x[i], true, err);
    free(x);
    return status;
}

// Offers the items of the last trial, from first on.
static int offer(const struct ms_finish *f, int first, const struct ms_run *run,
                 const struct ms_config *config, struct ms_dispatch *d, struct ms_error *err)
{
    const struct ms_cost cost = ms_cost_of(config, &run->data[config->dataset]);
    for (int i = first; i < f->n; i++) {
        const struct ms_dispatch_execution x = {
            .tag = ms_tag(f->trial[f->n_trials - 1].trial, f->item[i].execution, 0),
            .seconds = ms_cost_seconds(&cost)};
        if (ms_dispatch_offer(d, &x))
            return ms_no_memory(err, "the executions to run again");
    }
    return 0;
}

int ms_finish_offer(struct ms_finish *f, const struct ms_run *run, const struct ms_keep *keep,
                    bool test, struct ms_dispatch *d, struct ms_progress *progress,
                    struct ms_error *err)
{
    if (ms_sweep_kind(run->sweep) != MS_KIND_TRAIN || keep->n == 0)
        return 0; // there is nothing to test or to keep
    struct ms_config *config = malloc(sizeof *config);
    f->trial = calloc((size_t)keep->n, sizeof *f->trial);
    int status = config && f->trial ? 0 : ms_no_memory(err, "the best trials");
    for (int i = 0; !status && i < keep->n; i++) {
        const int first = f->n;
        status = ms_winner_of(run, keep->best[i].trial, &f->trial[f->n_trials++], err);
        if (!status)
            status = config_of(run, &f->trial[i], config, err);
        if (!status)
            status = look(f, run, config, i < keep->k, test && i == 0, progress, err);
        if (!status)
            status = offer(f, first, run, config, d, err);
    }
    free(config);
    return status;
}

static const struct ms_finish_item *find(const struct ms_finish *f, uint32_t trial,
                                         uint32_t execution)
{
    for (int i = 0; i < f->n; i++)
        if (f->trial[f->item[i].trial].trial == trial && f->item[i].execution == execution)
            return &f->item[i];
    return NULL;
}

void ms_finish_attempt(const struct ms_finish *f, int n_point, struct ms_attempt *attempt)
{
    const struct ms_finish_item *item = find(f, attempt->trial, attempt->execution);
    if (!item)
        return;
    attempt->point = f->trial[item->trial].point;
    attempt->n_point = (uint32_t)n_point;
    attempt->test_epoch = item->epoch;
    attempt->keep = !item->keep ? MS_KEEP_NONE : item->test ? MS_KEEP_GOOD : MS_KEEP_ONLY;
    attempt->keep_bound = NAN;
}

int ms_finish_trained(const struct ms_finish *f, const struct ms_run *run, uint32_t trial,
                      uint32_t execution, const struct ms_trained *t, struct ms_error *err)
{
    const struct ms_finish_item *item = find(f, trial, execution);
    if (!item || !item->keep || item->epoch != t->epoch)
        return 0;
    return ms_store_put_model(run->store, trial, execution, false, (int)t->epoch, t->bytes,
                              (int64_t)t->n, err);
}

int ms_finish_result(const struct ms_finish *f, const struct ms_run *run, uint32_t trial,
                     uint32_t execution, const struct ms_result *r, struct ms_error *err)
{
    const struct ms_finish_item *item = find(f, trial, execution);
    if (!item || !item->test)
        return 0;
    struct ms_config *config = malloc(sizeof *config);
    int status = config ? config_of(run, &f->trial[item->trial], config, err)
                        : ms_no_memory(err, "the winner");
    if (!status) {
        const int n = config->n_metrics < (int)r->n_test ? config->n_metrics : (int)r->n_test;
        status = ms_store_test(run->store, trial, execution, (int)r->epochs, config->metrics,
                               r->test, n, err);
    }
    free(config);
    return status;
}
