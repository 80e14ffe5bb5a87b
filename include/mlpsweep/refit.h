// SPDX-License-Identifier: MIT
//
// The training of a chosen trial on its training and validation rows together, which is what one
// does by hand after a search (KerasTuner's getting_started: the best hyperparameters, fit for the
// best epoch on x_train and x_val concatenated). The command `refit` is lent this function of the
// worker's.
//
// Inputs and targets are scaled as in the search, by what was fitted to its training rows alone,
// and learning rate schedules run as they did there: over the epochs of the configuration. Nothing
// watches validation metrics, as there are no validation rows left.
#ifndef MLPSWEEP_REFIT_H
#define MLPSWEEP_REFIT_H

#include "mlpsweep/config.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/status.h"

struct ms_refit {
    const struct ms_config *config; // completed with data
    const struct ms_dataset *data;  // the view of the execution (ms_dataset_fold)
    uint64_t seed;                  // the sweep's
    uint32_t trial, execution;      // the same initial weights as in the search
    int epochs;                     // 1 …
    int threads;                    // threads_per_worker
};

struct ms_refitted {
    float *weights; // in the order of weights.h; malloc'ed, the caller's to free
    size_t n_weights;
    uint32_t rows;                    // trained on
    double train[MS_MAX_METRICS / 2]; // config.metrics[i] over them, with the final weights
    bool tested;                      // there are test rows
    double test[MS_MAX_METRICS / 2];  // over them
};

// Trains in this process. Deterministic. MS_ESTATE: the loss was not finite, or the network has
// more than MS_MAX_KEPT weights.
int ms_refit(const struct ms_refit *r, struct ms_refitted *out, struct ms_error *err) MS_MUST_CHECK;

#endif
