// SPDX-License-Identifier: MIT
//
// What a sweep file says about the target beside the data section: losses, output activations and
// metrics that only classes or only numbers have. A parameter says all that its values say; each
// part of the file is searched for names of its table.
#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "sweep_internal.h"

enum speaks { NUMBERS, CLASSES, ZERO_ONE };
enum outputs { EITHER, ONE, EACH };

// Rows that go with everything (kl_divergence, relu, cosine_similarity) are not here. mse trains
// classes too, so what speaks for classes weighs more, unless it is only a metric (ms_task_hint).
static const struct evidence {
    const struct ms_table *table;
    const char *name;
    enum speaks speaks;
    enum outputs outputs;
} evidence[] = {
    {&ms_loss_table, "mse", NUMBERS, EITHER},
    {&ms_loss_table, "mae", NUMBERS, EITHER},
    {&ms_loss_table, "huber", NUMBERS, EITHER},
    {&ms_loss_table, "log_cosh", NUMBERS, EITHER},
    {&ms_loss_table, "poisson", NUMBERS, EITHER},
    {&ms_loss_table, "binary_crossentropy", CLASSES, ONE},
    {&ms_loss_table, "categorical_crossentropy", CLASSES, EACH},
    {&ms_loss_table, "hinge", CLASSES, EITHER},
    {&ms_activation_table, "linear", NUMBERS, EITHER},
    {&ms_activation_table, "sigmoid", ZERO_ONE, ONE},
    {&ms_activation_table, "hard_sigmoid", ZERO_ONE, ONE},
    {&ms_activation_table, "softmax", CLASSES, EACH},
    {&ms_metric_table, "mse", NUMBERS, EITHER},
    {&ms_metric_table, "mae", NUMBERS, EITHER},
    {&ms_metric_table, "rmse", NUMBERS, EITHER},
    {&ms_metric_table, "r2_score", NUMBERS, EITHER},
    {&ms_metric_table, "accuracy", CLASSES, EITHER},
    {&ms_metric_table, "binary_accuracy", CLASSES, ONE},
    {&ms_metric_table, "categorical_accuracy", CLASSES, EACH},
    {&ms_metric_table, "top_k_categorical_accuracy", CLASSES, EACH},
    {&ms_metric_table, "precision", CLASSES, EITHER},
    {&ms_metric_table, "recall", CLASSES, EITHER},
    {&ms_metric_table, "f1_score", CLASSES, EITHER},
    {&ms_metric_table, "auc", CLASSES, EITHER},
};

static void add(struct ms_task_hint *h, const struct evidence *e, const char *where)
{
    char *to = e->speaks == NUMBERS ? h->numbers : e->speaks == CLASSES ? h->classes : h->zero_one;
    h->one_output = h->one_output || e->outputs == ONE;
    h->output_per_class = h->output_per_class || e->outputs == EACH;
    if (!to[0])
        snprintf(to, sizeof h->numbers, "%s '%s'", where, e->name);
    if (e->table != &ms_metric_table) {
        h->trains_numbers = h->trains_numbers || e->speaks == NUMBERS;
        h->trains_classes = h->trains_classes || e->speaks == CLASSES;
    }
}

static void add_name(struct ms_task_hint *h, const struct ms_table *table, const char *name,
                     const char *where)
{
    if (table == &ms_metric_table && strncmp(name, "val_", 4) == 0)
        name += 4;
    for (size_t i = 0; i < sizeof evidence / sizeof *evidence; i++)
        if (evidence[i].table == table && strcmp(evidence[i].name, name) == 0)
            add(h, &evidence[i], where);
}

// Every text in a part of the file, or only those under a key.
static void add_names(struct ms_task_hint *h, const cJSON *v, const char *key,
                      const struct ms_table *table, const char *where)
{
    if (!key && cJSON_IsString(v))
        add_name(h, table, v->valuestring, where);
    for (const cJSON *m = v ? v->child : NULL; m; m = m->next)
        add_names(h, m, key && m->string && strcmp(key, m->string) == 0 ? NULL : key, table, where);
}

// A file's top level, or a stage of it.
static void add_level(struct ms_task_hint *h, const cJSON *level)
{
    static const struct {
        const char *section, *key;
        const struct ms_table *table;
        const char *where;
    } parts[] = {
        {"loss", NULL, &ms_loss_table, "loss"},
        {"output", "activation", &ms_activation_table, "output.activation"},
        {"metrics", NULL, &ms_metric_table, "metric"},
        {"objective", "metric", &ms_metric_table, "objective"},
        {"early_stopping", "monitor", &ms_metric_table, "early_stopping.monitor"},
        {"reduce_on_plateau", "monitor", &ms_metric_table, "reduce_on_plateau.monitor"},
    };
    const cJSON *weight = ms_sweep_member(level, "class_weight");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        add_names(h, ms_sweep_member(level, parts[i].section), parts[i].key, parts[i].table,
                  parts[i].where);
    if (!weight || cJSON_IsNull(weight))
        return;
    h->trains_classes = true;
    if (!h->classes[0])
        snprintf(h->classes, sizeof h->classes, "class_weight");
}

void ms_sweep_task_hint(const struct ms_sweep *s, struct ms_task_hint *out)
{
    *out = (struct ms_task_hint){0};
    add_level(out, ms_json_root(s->doc));
    for (int i = 0; s->stages && i < s->stages->n; i++) // one data set serves all stages
        add_level(out, s->stages->stage[i]);
}
