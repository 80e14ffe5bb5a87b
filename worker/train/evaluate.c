// SPDX-License-Identifier: MIT
//
// A look at rows with weights that were kept: the passes of a training's validation, without a
// training.
#include "fit.h"

int ms_evaluate(const struct ms_config *config, const struct ms_dataset *data, uint32_t first,
                uint32_t n, const float *weights, struct ms_arena *arena, double *outputs,
                double *metrics, struct ms_error *err)
{
    const uint64_t rows = (uint64_t)data->n_train + data->n_val + data->n_test;
    if (config->loss.row < 0)
        return ms_fail(err, MS_EINVAL, "the configuration has no loss yet");
    if (n == 0 || (uint64_t)first + n > rows)
        return ms_fail(err, MS_EINVAL, "rows %u to %llu of %llu", first,
                       (unsigned long long)first + n, (unsigned long long)rows);
    struct ms_fit t;
    const int status = ms_fit_begin_evaluation(&t, config, data, n, arena, err);
    if (status)
        return status;
    ms_net_unpack(&t.net, weights);
    ms_fit_evaluate(&t, first, n, outputs);
    for (int i = 0; metrics && i < config->n_metrics; i++)
        metrics[i] = ms_fit_metrics_result(&t, i);
    return 0;
}
