// SPDX-License-Identifier: MIT
//
// The configuration at a point: the same walk that checked the file, now reading.
#include <math.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "sweep_internal.h"

// The base rate lives in the optimizer, the schedule beside it.
static void finish_rate(struct ms_config *c)
{
    if (c->learning_rate.row < 0)
        c->learning_rate = ms_table_default(&ms_schedule_table, 0);
    int i = ms_table_find_arg(ms_table_row(&ms_schedule_table, c->learning_rate.row), "initial");
    if (i < 0) // it has values of its own
        return;
    if (isnan(c->learning_rate.arg[i]))
        c->learning_rate.arg[i] = c->optimizer.arg[0];
    else
        c->optimizer.arg[0] = c->learning_rate.arg[i];
}

int ms_sweep_config(const struct ms_sweep *s, const double *point, struct ms_config *out,
                    struct ms_error *err)
{
    static const double nothing = 0;
    struct ms_values values;
    memset(&values.config, 0, sizeof values.config);
    values.config.default_metrics = true;
    values.monitor = -1;
    values.plateau = -1;
    struct ms_walk w = ms_sweep_reader(s, point ? point : &nothing, MS_PART_CONFIG);
    w.config = &values.config;
    for (int i = 0; i < ms_schema_top_section.n; i++)
        if (ms_schema_top_section.field[i].parts & MS_PART_CONFIG)
            ms_field_default(&ms_schema_top_section.field[i], &values);
    ms_sweep_walk_members(&w, ms_json_root(s->doc), &ms_schema_top_section, &values);
    struct ms_config *c = &values.config;
    bool trains = s->kind == MS_KIND_TRAIN;
    c->dataset = trains ? ms_sweep_data_at(s, point ? point : &nothing) : -1;
    if (w.bad_point || (trains && c->dataset < 0))
        return ms_fail(err, MS_EINVAL, "%s: the point is not one of the sweep's space", s->name);
    if (!trains) {
        *out = *c;
        return 0;
    }
    finish_rate(c);
    c->keeps = s->keep_best > 0;
    ms_config_add_metric(c, s->objective.metric / 2, NULL);
    for (int i = 1; i < s->goals.n; i++)
        if (s->goals.item[i].metric >= 0)
            ms_config_add_metric(c, s->goals.item[i].metric / 2, NULL);
    c->early_stopping.monitor = values.monitor;
    if (values.monitor >= 0) {
        ms_config_add_metric(c, values.monitor / 2, NULL);
        c->early_stopping.maximize = ms_metric_maximize(values.monitor);
    }
    c->reduce_on_plateau.on = values.plateau >= 0;
    if (values.plateau >= 0) {
        ms_config_add_metric(c, values.plateau / 2, NULL);
        c->reduce_on_plateau.monitor = values.plateau;
        c->reduce_on_plateau.maximize = ms_metric_maximize(values.plateau);
    }
    *out = *c;
    return 0;
}
