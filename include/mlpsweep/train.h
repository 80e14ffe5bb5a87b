// SPDX-License-Identifier: MIT
//
// One execution: trains the network of a configuration on a data set with one seed. Single-threaded
// and deterministic: the same arguments give the same bits, whatever was trained before in the same
// arena. Called in trainer processes only (and in tests).
//
// An execution can be trained in parts, each by another process: a part ends with the state of the
// training after its last epoch, the next one begins with it, and every epoch of every part gives
// the bits of one training without a pause.
#ifndef MLPSWEEP_TRAIN_H
#define MLPSWEEP_TRAIN_H

#include "mlpsweep/config.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/status.h"
#include "mlpsweep/sweep.h"

struct ms_training {
    const struct ms_config *config; // completed (ms_config_complete)
    const struct ms_dataset *data;
    uint64_t seed; // the sweep's
    uint32_t trial;
    uint32_t execution;
    // Evaluate the test set after this epoch (1 …) and stop there; 0: no test.
    int test_epoch;
    // A part: epochs from_epoch + 1 … to_epoch. 0, 0: all.
    int from_epoch;
    int to_epoch;         // pause after it; 0, or no less than the last: train to the end
    const uint8_t *state; // after from_epoch; NULL with from_epoch > 0: train from the start
    size_t n_state;       // bytes
    // limits[e-1], in the objective's own unit: stop after epoch e if the best objective of
    // epochs 1 … e is worse. NaN is worse than any number; a limit that is NaN stops nothing. An
    // objective that equals its limit goes on. Epochs up to from_epoch stop nothing: their part is
    // over.
    const double *limits;
    int n_limits;
    int objective; // metric id, among the columns
    bool maximize;
    // Return the weights after the epoch that counts for the objective by at (at.h); with
    // test_epoch those after that epoch. They are the ones that the epoch's validation metrics are
    // of: neither the average of use_ema nor what restore_best_weights would bring back.
    bool keep;
    double keep_bound; // only if the objective there is not worse; NAN: in any case
    bool untested;     // do not evaluate the test set, whatever test_epoch is
    enum ms_at at;
};

enum ms_outcome {
    MS_OUTCOME_COMPLETED, // all epochs
    MS_OUTCOME_STOPPED,   // early stopping
    MS_OUTCOME_DIVERGED,  // the training loss was not finite (terminate_on_nan)
    MS_OUTCOME_CANCELLED, // on_epoch asked for it
    MS_OUTCOME_PRUNED,    // by a limit
    MS_OUTCOME_PAUSED,    // after to_epoch, with more to come
};

struct ms_train_result {
    enum ms_outcome outcome;
    int epochs;                      // trained
    int n_test;                      // test metrics below; 0 without a test
    double test[MS_MAX_METRICS / 2]; // config.metrics[i] on the test set
    double objective;                // of the last epoch; NaN: without a value
    bool any_objective;              // it had a value in some epoch of the training
    bool not_numbers;                // outputs were NaN in the last epoch's evaluation
    // The network answers all rows, of training and validation, with the same numbers: dead, or
    // saturated. Known at the end of a training that was not for the test set.
    bool constant;
    uint8_t *state; // paused: malloc'ed, the caller's to free; NULL if it would be longer than
    size_t n_state; //   MS_MAX_STATE, or if no memory is left: the next part trains from the start
    // Kept weights by weights.h, in the arena until its next use, to be changed at will. NULL: not
    // asked for, no epoch counts or it is worse than keep_bound, an earlier part has trained the
    // one that does, the training was paused or cancelled, or there are more than MS_MAX_KEPT.
    float *weights;
    size_t n_weights;
    int weights_epoch;        // after which they are these
    double weights_objective; // there
};

// Called at the end of each epoch with the columns of ms_config_metric_columns(); n = 0: an epoch
// up to from_epoch, which an earlier part has reported. Return true to stop.
typedef bool (*ms_on_epoch)(void *ctx, int epoch, const double *values, int n);

// Memory that executions reuse: grows to the largest, never shrinks, freed by ms_arena_free.
struct ms_arena;
struct ms_arena *ms_arena_new(void);
void ms_arena_free(struct ms_arena *a);

// Puts the calling thread's floating-point unit into the state all trainings use: denormals are
// flushed to zero (FTZ and DAZ), one BLAS thread unless threads says otherwise. Once per trainer.
void ms_train_prepare(int threads);

// Returns MS_EFORMAT before anything is trained if the state is not that of this training after
// from_epoch.
int ms_train(const struct ms_training *training, struct ms_arena *arena, ms_on_epoch on_epoch,
             void *ctx, struct ms_train_result *result, struct ms_error *err) MS_MUST_CHECK;

// Evaluates rows first … first + n - 1 of the block's rows with weights that were kept, in the
// order of weights.h and as many as it says. config: completed. On the validation rows of the
// execution's view (ms_dataset_fold, ms_dataset_val_first, n_val) the metrics are those that the
// training reported for the epoch, bit for bit. Every row's outputs are rounded as in a batch of
// its place, so the last bits of a row's outputs may depend on first.
//
// The weights lie outside of the arena.
//
// outputs (n, n_outputs): what the network answers, in the target's own unit (after
// ms_dataset.target's way back, base included); NULL: not wanted. metrics (config->n_metrics):
// values of config->metrics[i]; NULL: not wanted.
int ms_evaluate(const struct ms_config *config, const struct ms_dataset *data, uint32_t first,
                uint32_t n, const float *weights, struct ms_arena *arena, double *outputs,
                double *metrics, struct ms_error *err) MS_MUST_CHECK;

// "OpenBLAS 0.3.21 SkylakeX, 1 thread; vectors: x86-64-v4" for the store's provenance.
const char *ms_train_provenance(char *out, size_t size);

#endif
