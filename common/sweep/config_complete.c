// SPDX-License-Identifier: MIT
//
// A configuration leaves some choices to the data: the loss, the output's activation and the
// metrics that Keras's users would choose for the task; and what does not go with it.
#include <string.h>

#include "mlpsweep/metric.h"
#include "mlpsweep/sweep.h"

#define ALL (1 << MS_REGRESSION | 1 << MS_BINARY | 1 << MS_MULTICLASS)
#define CLASSES (1 << MS_BINARY | 1 << MS_MULTICLASS)
// Regressions with several targets: those that may be shares of a whole, and labels that do not
// exclude each other.
#define SEVERAL (1 << (MS_MULTICLASS + 1)) // targets
#define LABELS (1 << (MS_MULTICLASS + 2))  // several targets, all of them 0 or 1

static const struct task_defaults {
    const char *what, *loss, *activation, *metric;
} defaults[] = {
    [MS_REGRESSION] = {"regression", "mse", "linear", "mae"},
    [MS_BINARY] = {"binary", "binary_crossentropy", "sigmoid", "accuracy"},
    [MS_MULTICLASS] = {"multiclass", "categorical_crossentropy", "softmax", "accuracy"},
};

// Rows that only some tasks can use; the others go with all.
static const struct fit {
    const struct ms_table *table;
    const char *name;
    int tasks;
    const char *why;
} fits[] = {
    {&ms_loss_table, "binary_crossentropy", CLASSES | LABELS, "its targets are 0 or 1"},
    {&ms_loss_table, "categorical_crossentropy", 1 << MS_MULTICLASS,
     "its targets are one-hot classes"},
    {&ms_loss_table, "kl_divergence", 1 << MS_REGRESSION | 1 << MS_MULTICLASS,
     "over one output it does not see the other class"},
    {&ms_activation_table, "softmax", 1 << MS_MULTICLASS | SEVERAL,
     "over one output it is always 1"},
    {&ms_metric_table, "accuracy", CLASSES, "its targets are classes"},
    {&ms_metric_table, "binary_accuracy", CLASSES | LABELS, "its targets are classes"},
    {&ms_metric_table, "categorical_accuracy", 1 << MS_MULTICLASS,
     "its targets are one-hot classes"},
    {&ms_metric_table, "top_k_categorical_accuracy", 1 << MS_MULTICLASS,
     "its targets are one-hot classes"},
    {&ms_metric_table, "precision", CLASSES | LABELS, "its targets are classes"},
    {&ms_metric_table, "recall", CLASSES | LABELS, "its targets are classes"},
    {&ms_metric_table, "f1_score", CLASSES, "its targets are classes"},
    {&ms_metric_table, "auc", CLASSES | LABELS, "its targets are classes"},
};

static bool are_labels(const struct ms_dataset *d)
{
    size_t n = ((size_t)d->n_train + d->n_val + d->n_test) * (size_t)d->n_outputs;
    for (size_t i = 0; d->y && i < n; i++)
        if (d->y[i] != 0 && d->y[i] != 1)
            return false;
    return d->y != NULL;
}

// Looks at the targets themselves only where that decides.
static bool fits_to(int tasks, const struct ms_dataset *d)
{
    bool several = d->task == MS_REGRESSION && d->n_outputs > 1;
    return tasks & 1 << d->task ||
           (several && (tasks & SEVERAL || (tasks & LABELS && are_labels(d))));
}

static int check_fit(const struct ms_table *t, int row, const struct ms_dataset *d,
                     const char *where, struct ms_error *err)
{
    const char *name = ms_table_row(t, row)->name;
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
        const struct fit *f = &fits[i];
        if (f->table == t && strcmp(f->name, name) == 0 && !fits_to(f->tasks, d))
            return ms_fail(err, MS_EINVAL,
                           "%s: '%s' does not fit %s data: %s; data.task says what the target is",
                           where, name, defaults[d->task].what, f->why);
    }
    return 0;
}

static int fill(struct ms_pick *pick, const struct ms_table *t, const char *name,
                struct ms_error *err)
{
    if (pick->row >= 0)
        return 0;
    int row = ms_table_find(t, name);
    if (row < 0)
        return ms_fail(err, MS_EINVAL, "no %s is called '%s'", t->what, name);
    *pick = ms_table_default(t, row);
    return 0;
}

// The loss, the task's metrics, then those that the objective and early stopping need.
static void fill_metrics(struct ms_config *c, enum ms_data_task task)
{
    const struct ms_config given = *c;
    int own = ms_table_find(&ms_metric_table, defaults[task].metric);
    c->n_metrics = 0;
    ms_config_add_metric(c, 0, NULL);
    if (own >= 0 && given.default_metrics)
        ms_config_add_metric(c, own, NULL);
    for (int i = 0; i < given.n_metrics; i++)
        ms_config_add_metric(c, given.metrics[i], given.metric_arg[i]);
    c->default_metrics = false;
}

static int check_class_weight(const struct ms_config *c, const struct ms_dataset *d,
                              struct ms_error *err)
{
    int classes = d->task == MS_BINARY ? 2 : d->n_outputs;
    if (c->n_class_weight == 0)
        return 0;
    if (d->task == MS_REGRESSION)
        return ms_fail(err, MS_EINVAL,
                       "class_weight: regression data has no classes; "
                       "data.task says what the target is");
    if (c->n_class_weight != classes && c->n_class_weight != MS_CLASS_WEIGHT_BALANCED)
        return ms_fail(err, MS_EINVAL, "class_weight: %d weights, but the data has %d classes",
                       c->n_class_weight, classes);
    return 0;
}

static int check_monitor(const char *section, int monitor, const struct ms_dataset *d,
                         struct ms_error *err)
{
    char name[64];
    if (monitor < 0 || monitor % 2 == 0 || d->n_val > 0)
        return 0;
    return ms_fail(err, MS_EINVAL, "%s.monitor: '%s' needs validation rows", section,
                   ms_metric_name(monitor, name, sizeof name));
}

int ms_config_complete(struct ms_config *c, const struct ms_dataset *d, struct ms_error *err)
{
    const struct task_defaults *task = &defaults[d->task];
    int status = fill(&c->loss, &ms_loss_table, task->loss, err);
    if (status == 0)
        status = fill(&c->output.activation, &ms_activation_table, task->activation, err);
    if (status < 0)
        return status;
    fill_metrics(c, d->task);
    status = check_fit(&ms_loss_table, c->loss.row, d, "loss", err);
    if (status == 0)
        status =
            check_fit(&ms_activation_table, c->output.activation.row, d, "output.activation", err);
    if (status == 0)
        status = check_class_weight(c, d, err);
    for (int i = 0; status == 0 && i < c->n_metrics; i++)
        status = check_fit(&ms_metric_table, c->metrics[i], d, "metrics", err);
    if (status == 0)
        status = check_monitor("early_stopping", c->early_stopping.monitor, d, err);
    if (status == 0 && c->reduce_on_plateau.on)
        status = check_monitor("reduce_on_plateau", c->reduce_on_plateau.monitor, d, err);
    return status;
}
