// SPDX-License-Identifier: MIT
//
// What no sweep file can ask for, because ms_config_complete refuses it before: a second look, as
// the training itself trusts its arguments.
#include "train_check.h"

#include "mlpsweep/metric.h"

static int check_monitor(const struct ms_training *training, const char *who, int monitor,
                         struct ms_error *err)
{
    if (monitor < 0)
        return MS_OK;
    int ids[MS_MAX_METRICS],
        n = ms_config_metric_columns(training->config, training->data->n_val > 0, ids);
    for (int i = 0; i < n; i++)
        if (ids[i] == monitor)
            return MS_OK;
    char name[64];
    return ms_fail(err, MS_EINVAL, "%s watches %s, which is not recorded%s", who,
                   ms_metric_name(monitor, name, sizeof name),
                   training->data->n_val ? "" : " as there are no validation rows");
}

int ms_train_check(const struct ms_training *training, struct ms_error *err)
{
    const struct ms_config *c = training->config;
    const struct ms_dataset *d = training->data;
    if (c->loss.row < 0)
        return ms_fail(err, MS_EINVAL, "the configuration has no loss yet");
    if (d->n_train < 1)
        return ms_fail(err, MS_EINVAL, "the data set has no training rows");
    if (d->n_inputs < 1 || d->n_outputs < 1)
        return ms_fail(err, MS_EINVAL, "a data set of %d inputs and %d outputs", d->n_inputs,
                       d->n_outputs);
    if (c->output.units && c->output.units != d->n_outputs)
        return ms_fail(err, MS_EINVAL, "%d output units, but the data set has %d outputs",
                       c->output.units, d->n_outputs);
    if (c->batch_size < 1 || c->epochs < 1)
        return ms_fail(err, MS_EINVAL, "%d epochs of batches of %d rows", c->epochs, c->batch_size);
    int status = check_monitor(training, "early stopping", c->early_stopping.monitor, err);
    if (status == MS_OK && c->reduce_on_plateau.on)
        status = check_monitor(training, "reduce_on_plateau", c->reduce_on_plateau.monitor, err);
    if (status == MS_OK && training->n_limits > 0)
        status = check_monitor(training, "pruning", training->objective, err);
    if (status == MS_OK && (training->from_epoch < 0 || training->from_epoch >= c->epochs))
        return ms_fail(err, MS_EINVAL, "a part of a training goes on after epoch %d of %d",
                       training->from_epoch, c->epochs);
    return status;
}
