// SPDX-License-Identifier: MIT
//
// The metrics that a configuration records. Each row of ms_metric_table is recorded at most once,
// and in the order in which it was added; the table has no more rows than a configuration has room.
#include "mlpsweep/config.h"

void ms_config_add_metric(struct ms_config *c, int row, const double *arg)
{
    const struct ms_row *r = ms_table_row(&ms_metric_table, row);
    int n = c->n_metrics;
    for (int i = 0; i < n; i++)
        if (c->metrics[i] == row)
            return;
    if (n == MS_MAX_METRICS / 2)
        return;
    for (int i = 0; i < MS_MAX_OWN_ARGS; i++)
        c->metric_arg[n][i] = arg ? arg[i] : i < r->n_args ? r->args[i].def : 0;
    c->metrics[c->n_metrics++] = row;
}

int ms_config_metric_columns(const struct ms_config *c, bool with_validation,
                             int ids[MS_MAX_METRICS])
{
    int n = 0;
    for (int i = 0; i < c->n_metrics; i++) {
        ids[n++] = 2 * c->metrics[i];
        if (with_validation)
            ids[n++] = 2 * c->metrics[i] + 1;
    }
    return n;
}
