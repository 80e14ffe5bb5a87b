// SPDX-License-Identifier: MIT
//
// The metrics that an execution records, and the weights of classes. A metric is known by its name
// alone, so that none is recorded twice with different arguments.
#include "walkers.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "schema.h"

static bool recorded(const struct ms_config *c, int row)
{
    for (int i = 0; i < c->n_metrics; i++)
        if (c->metrics[i] == row)
            return true;
    return false;
}

// The row that a metric names, however it is spelled; -1: none.
static int metric_row(const cJSON *m)
{
    const cJSON *name = ms_sweep_member(m, "name");
    if (cJSON_IsObject(m) && !name && m->child)
        return ms_table_find(&ms_metric_table, m->child->string);
    name = name ? name : m;
    return cJSON_IsString(name) ? ms_table_find(&ms_metric_table, name->valuestring) : -1;
}

void ms_sweep_walk_metrics(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    struct ms_config *config = &((struct ms_values *)base)->config;
    static const struct ms_field one = {.name = "metric",
                                        .type = MS_F_PICK,
                                        .fixed = true,
                                        .table = &ms_metric_table,
                                        .key = "name"};
    config->default_metrics = false;
    if (!cJSON_IsArray(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    if (cJSON_GetArraySize(v) > MS_MAX_METRICS / 2 - 3) // the loss, the objective and the monitor
        ms_sweep_problem(w, v, "found %d metrics; allowed: at most %d", cJSON_GetArraySize(v),
                         MS_MAX_METRICS / 2 - 3);
    ms_config_add_metric(config, 0, NULL); // the loss
    for (const cJSON *m = v->child; m; m = m->next) {
        struct ms_pick pick = {.row = -1};
        if (cJSON_IsString(m) && strncmp(m->valuestring, "val_", 4) == 0 &&
            ms_metric_id(m->valuestring) >= 0)
            ms_sweep_problem(w, m,
                             "found '%s'; allowed: '%s', which is recorded for training and for "
                             "validation",
                             m->valuestring, m->valuestring + 4);
        else
            ms_sweep_walk_literal(w, m, &one, &pick);
        int row = metric_row(m);
        if (row < 0)
            continue;
        if (recorded(config, row) && ms_table_row(&ms_metric_table, row)->n_args > 0)
            ms_sweep_problem(
                w, m, "found %s twice; allowed: once, as a metric is known by its name alone",
                ms_table_row(&ms_metric_table, row)->name);
        ms_config_add_metric(config, row, pick.row >= 0 ? pick.arg : NULL);
    }
}

static_assert(MS_MAX_CLASS_WEIGHTS == 64, "schema.c says how many");

// "balanced" or an array. Either may be a parameter, and so may each number of the array:
// class_weight.0, as Keras counts.
void ms_sweep_walk_class_weight(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                                void *base)
{
    static const struct ms_field one = {.name = "weight",
                                        .type = MS_F_REAL,
                                        .lo = 0,
                                        .hi = INFINITY,
                                        .hi_open = true,
                                        .doc = "of a class"};
    struct ms_config *config = &((struct ms_values *)base)->config;
    int n = cJSON_IsArray(v) ? cJSON_GetArraySize(v) : 0;
    config->n_class_weight = 0;
    if (cJSON_IsNull(v))
        return;
    if (cJSON_IsString(v) && strcmp(v->valuestring, f->names[0]) == 0) {
        config->n_class_weight = MS_CLASS_WEIGHT_BALANCED;
        return;
    }
    if (n < 2 || n > MS_MAX_CLASS_WEIGHTS) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    for (const cJSON *weight = v->child; weight; weight = weight->next) {
        char number[16];
        int i = config->n_class_weight++;
        snprintf(number, sizeof number, "%d", i);
        struct ms_mark mark = ms_sweep_walk_enter(w, number, number);
        ms_sweep_walk_value(w, weight, &one, &config->class_weight[i]);
        ms_sweep_walk_leave(w, mark);
    }
}
