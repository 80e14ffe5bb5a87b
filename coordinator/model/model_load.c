// SPDX-License-Identifier: MIT
//
// From a store to a model: the sweep's text gives the trial's configuration, the data set as it was
// understood gives columns and scaling, the table of weights gives the rest. Everything is read as
// the latest run wrote it.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/store/store_read.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/weights.h"
#include "model.h"

// --- the configuration -----------------------------------------------------------------

struct point {
    const struct ms_space *space;
    double *value;
    bool foreign; // the sweep file does not have such a parameter or value
};

static int take_value(void *to, const struct ms_param_cell *c, struct ms_error *err)
{
    struct point *p = to;
    (void)err;
    if (c->position < 0 || c->position >= p->space->n) {
        p->foreign = true;
        return 0;
    }
    const struct ms_param *q = &p->space->param[c->position];
    if (strcmp(q->name, c->name) != 0 ||
        (q->count && !(c->point >= 0 && c->point < (double)q->count)))
        p->foreign = true;
    else
        p->value[c->position] = c->point;
    return 0;
}

static int parse(struct ms_store *s, const struct ms_sweep_info *sweep, struct ms_model *m,
                 struct ms_error *err)
{
    struct ms_sweep_problems problems = {0};
    char *file, *text;
    int status = ms_store_sweep_text(s, sweep->id, &file, &text, err);
    if (status)
        return status;
    if (ms_sweep_parse(file, text, strlen(text), &m->text, &problems))
        status = ms_fail(err, MS_ESTATE, "the store's sweep file cannot be read: %.600s",
                         problems.n ? problems.item[0].text : "it is no sweep file");
    ms_sweep_problems_clear(&problems);
    free(file);
    free(text);
    if (!status && ms_sweep_kind(m->text) != MS_KIND_TRAIN)
        status = ms_fail(err, MS_ESTATE, "sweep '%s' trains no networks", sweep->name);
    return status;
}

// The trial's configuration, not yet completed.
static int configure(struct ms_store *s, const struct ms_sweep_info *sweep, struct ms_model *m,
                     struct ms_error *err)
{
    struct point p = {.space = ms_sweep_space(m->text)};
    p.value = malloc(((size_t)p.space->n + 1) * sizeof *p.value);
    m->config = malloc(sizeof *m->config);
    if (!p.value || !m->config) {
        free(p.value);
        return ms_no_memory(err, "a configuration");
    }
    for (int i = 0; i < p.space->n; i++)
        p.value[i] = NAN;
    int status = ms_store_trial_params(s, sweep->id, m->trial, take_value, &p, err);
    if (!status && p.foreign)
        status = ms_fail(err, MS_ESTATE,
                         "trial %u has parameters or values that the stored sweep file does not "
                         "have",
                         m->trial);
    if (!status)
        status = ms_sweep_config(m->text, p.value, m->config, err);
    free(p.value);
    return status;
}

// --- the data --------------------------------------------------------------------------

static int task_of(const char *word)
{
    return strcmp(word, "regression") == 0 ? MS_REGRESSION
           : strcmp(word, "binary") == 0   ? MS_BINARY
                                           : MS_MULTICLASS;
}

static int take_data(struct ms_store *s, const struct ms_sweep_info *sweep, struct ms_model *m,
                     struct ms_error *err)
{
    struct ms_data_sets sets;
    int status = ms_store_data_sets(s, sweep->id, &sets, err);
    if (status)
        return status;
    const int at = m->config->dataset;
    if (at >= 0 && at < sets.n) {
        m->data = sets.item[at];
        sets.item[at] = (struct ms_data_info){0};
    }
    ms_store_data_sets_clear(&sets);
    if (m->data.n_scales == 0)
        return ms_fail(
            err, MS_ESTATE,
            "the store was written by an older mlpsweep, which did not keep how the data "
            "were scaled; `mlpsweep run` of the same file adds it");
    m->task = task_of(m->data.task);
    m->n_inputs = m->data.n_inputs;
    m->n_outputs = m->data.n_outputs;
    return 0;
}

static int copy_scaling(struct ms_model *m, struct ms_error *err)
{
    const struct ms_data_scaling *from = ms_data_info_scaling(&m->data, m->execution);
    const size_t n = (size_t)m->n_inputs, k = (size_t)m->n_outputs;
    m->input = malloc(n * sizeof *m->input);
    m->target = from->target ? malloc(k * sizeof *m->target) : NULL;
    if (!m->input || (from->target && !m->target))
        return ms_no_memory(err, "the scaling of %zu inputs", n);
    memcpy(m->input, from->input, n * sizeof *m->input);
    if (from->target)
        memcpy(m->target, from->target, k * sizeof *m->target);
    return 0;
}

// A data set that looks to ms_config_complete like the one that was trained on. Its two rows of
// zeros go with every loss, as the loss of a trained network has been checked.
static int complete(struct ms_model *m, struct ms_error *err)
{
    float *y = calloc(2 * (size_t)m->n_outputs, sizeof *y);
    if (!y)
        return ms_no_memory(err, "%d outputs", m->n_outputs);
    const struct ms_dataset d = {.task = m->task,
                                 .n_inputs = m->n_inputs,
                                 .n_outputs = m->n_outputs,
                                 .n_train = 1,
                                 .n_val = m->data.n_val > 0 || m->data.n_folds > 0,
                                 .x_divide = 1,
                                 .y = y};
    const int status = ms_config_complete(m->config, &d, err);
    free(y);
    return status;
}

// --- the weights -----------------------------------------------------------------------

static int no_weights(const struct ms_store_models *models, const struct ms_model *m,
                      int64_t execution, struct ms_error *err)
{
    char which[40] = "";
    if (execution >= 0)
        snprintf(which, sizeof which, ", execution %lld", (long long)execution);
    for (int i = 0; i < models->n; i++)
        if (!models->item[i].there && models->item[i].refit == (m->kind == MS_MODEL_REFIT))
            return ms_fail(err, MS_ESTATE,
                           "trial %u%s: its network has too many weights to be kept in the store",
                           m->trial, which);
    if (m->kind == MS_MODEL_REFIT)
        return ms_fail(err, MS_ESTATE,
                       "trial %u%s has no refit; `mlpsweep refit STORE --trial %u` makes one",
                       m->trial, which, m->trial);
    return ms_fail(
        err, MS_ESTATE,
        "the store has no weights of trial %u%s; \"keep_best\" in the sweep file keeps "
        "those of the best trials, and `mlpsweep refit STORE --trial %u` trains it again",
        m->trial, which, m->trial);
}

static bool is_better(const struct ms_store_model *a, const struct ms_store_model *b, bool maximize)
{
    if (isnan(a->objective) || isnan(b->objective))
        return !isnan(a->objective);
    return maximize ? a->objective > b->objective : a->objective < b->objective;
}

static int choose(struct ms_store *s, const struct ms_sweep_info *sweep, int64_t execution,
                  struct ms_model *m, struct ms_store_model *out, struct ms_error *err)
{
    struct ms_store_models models;
    const struct ms_store_model *best = NULL;
    int status = ms_store_models(s, sweep->id, m->trial, &models, err);
    if (status)
        return status;
    for (int i = 0; i < models.n; i++) {
        const struct ms_store_model *one = &models.item[i];
        if (one->there && one->refit == (m->kind == MS_MODEL_REFIT) &&
            (execution < 0 || one->execution == (uint32_t)execution) &&
            (!best || is_better(one, best, sweep->rule.maximize)))
            best = one;
    }
    if (best)
        *out = *best;
    else
        status = no_weights(&models, m, execution, err);
    ms_store_models_clear(&models);
    return status;
}

static void point_at(struct ms_model *m, const struct ms_weight *w)
{
    struct ms_model_layer *l = &m->layer[w->layer];
    const float *at = m->weights + w->offset;
    switch (w->role) {
    case MS_KERNEL:
        l->kernel = at;
        l->inputs = w->rows;
        l->units = w->cols;
        break;
    case MS_BIAS:
        l->bias = at;
        break;
    case MS_GAMMA:
        l->gamma = at;
        break;
    case MS_BETA:
        l->beta = at;
        break;
    case MS_MOVING_MEAN:
        l->moving_mean = at;
        break;
    case MS_MOVING_VARIANCE:
        l->moving_variance = at;
        break;
    }
}

static int lay_out(struct ms_model *m, struct ms_error *err)
{
    struct ms_weight *w = malloc(MS_MAX_TENSORS * sizeof *w);
    size_t total = 0;
    if (!w)
        return ms_no_memory(err, "the tensors of a network");
    const int n = ms_weights_of(m->config, m->n_inputs, m->n_outputs, w, &total);
    if (total != m->n_weights) {
        free(w);
        return ms_fail(err, MS_ESTATE,
                       "trial %u: the network has %zu weights, the store %zu: it was trained on "
                       "other data",
                       m->trial, total, m->n_weights);
    }
    m->n_layers = m->config->n_hidden + 1;
    for (int i = 0; i < m->n_layers; i++)
        m->layer[i].config = i < m->config->n_hidden ? &m->config->hidden[i] : &m->config->output;
    for (int i = 0; i < n; i++)
        point_at(m, &w[i]);
    free(w);
    return ms_model_ready(m, err);
}

// --- metrics ---------------------------------------------------------------------------

static int take_metrics(const struct ms_epoch_table *t, const struct ms_store_names *names,
                        struct ms_model *m, struct ms_error *err)
{
    m->metric = calloc((size_t)names->n + 1, sizeof *m->metric);
    if (!m->metric)
        return ms_no_memory(err, "the metrics of an epoch");
    for (size_t i = 0; i < t->n; i++)
        if (t->execution[i] == m->execution && t->epoch[i] == m->epoch)
            for (int k = 0; k < names->n; k++)
                if (t->has[i * (size_t)names->n + (size_t)k]) {
                    struct ms_model_metric *to = &m->metric[m->n_metrics++];
                    snprintf(to->name, sizeof to->name, "%s", names->name[k]);
                    to->value = t->value[i * (size_t)names->n + (size_t)k];
                }
    return 0;
}

// Those of the epoch that counts; a refit has none of its own.
static int read_metrics(struct ms_store *s, const struct ms_sweep_info *sweep, struct ms_model *m,
                        struct ms_error *err)
{
    char name[MS_MAX_METRICS][64], *list[MS_MAX_METRICS];
    int ids[MS_MAX_METRICS];
    struct ms_epoch_table table;
    if (m->kind == MS_MODEL_REFIT)
        return 0;
    const struct ms_store_names names = {
        .n = ms_config_metric_columns(m->config, m->data.n_val > 0 || m->data.n_folds > 0, ids),
        .name = list};
    for (int i = 0; i < names.n; i++) {
        ms_metric_name(ids[i], name[i], sizeof name[i]);
        list[i] = name[i];
    }
    int status = ms_store_epoch_table(s, sweep->id, m->trial, &names, &table, err);
    if (status)
        return status;
    status = take_metrics(&table, &names, m, err);
    ms_store_epoch_table_clear(&table);
    return status;
}

int ms_model_load(struct ms_store *s, const struct ms_sweep_info *sweep, uint32_t trial,
                  int64_t execution, enum ms_model_kind kind, struct ms_model *out,
                  struct ms_error *err)
{
    struct ms_store_model chosen = {0};
    *out = (struct ms_model){.trial = trial, .kind = kind};
    snprintf(out->sweep, sizeof out->sweep, "%s", sweep->name);
    int status = parse(s, sweep, out, err);
    if (!status)
        status = choose(s, sweep, execution, out, &chosen, err);
    out->execution = chosen.execution;
    out->epoch = chosen.epoch;
    out->n_weights = (size_t)chosen.n_weights;
    if (!status)
        status = configure(s, sweep, out, err);
    if (!status)
        status = take_data(s, sweep, out, err);
    if (!status)
        status = copy_scaling(out, err);
    if (!status)
        status = complete(out, err);
    if (!status)
        status = ms_store_model_weights(s, &chosen, &out->weights, err);
    if (!status)
        status = lay_out(out, err);
    if (!status)
        status = read_metrics(s, sweep, out, err);
    if (status)
        ms_model_clear(out);
    return status;
}
