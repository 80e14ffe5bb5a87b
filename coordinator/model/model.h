// SPDX-License-Identifier: MIT
//
// A trained network with everything that stands between a row of the user's file and an answer:
// how columns become inputs, how outputs become the target's own unit or probabilities of classes.
// One struct serves predict, export and pictures. Called on rank 0 and by commands that read.
//
//     raw inputs ── (x - shift) / divide, a missing x being fill ──► the network's inputs
//     ── layers ──► its outputs ── target scaling back ──► numbers in the target's own unit
//
// A raw input is one number of the source in its own unit: a column of a table, an element of an
// array, a byte of an image, 0 or 1 for a category of a categorical column.
#ifndef MLPSWEEP_MODEL_H
#define MLPSWEEP_MODEL_H

#include <stdint.h>

#include "mlpsweep/config.h"
#include "mlpsweep/data_info.h"
#include "mlpsweep/dataset.h"
#include "mlpsweep/status.h"

struct ms_store;
struct ms_sweep_info;
struct ms_sweep;

enum ms_model_kind {
    MS_MODEL_KEPT,  // as it was in the search, at the epoch that counts
    MS_MODEL_REFIT, // trained again on training and validation rows
};
enum { MS_MODEL_KINDS = MS_MODEL_REFIT + 1 };
extern const char *const ms_model_kind_names[MS_MODEL_KINDS]; // "kept", "refit"

// A dense layer and what follows it, as in Keras: Dense, BatchNormalization or LayerNormalization
// (config->normalization, whose arguments are in the order of enum { MS_NORM_EPSILON, … } of
// worker/kernels/normalizations.h), Activation. Noise and dropout do nothing outside of training.
struct ms_model_layer {
    int inputs, units;
    const float *kernel;                        // (inputs, units) row-major, as Keras's
    const float *bias;                          // (units), as all below; NULL: none
    const float *gamma, *beta;                  // of the normalization; NULL: 1, 0
    const float *moving_mean, *moving_variance; // of batch normalization; else NULL
    const struct ms_layer_config *config;       // activation, normalization with their arguments
};

struct ms_model_metric {
    char name[64]; // "val_accuracy"
    double value;  // NAN: without a value
};

// Zeroed before its first use; cleared with ms_model_clear.
struct ms_model {
    char sweep[256]; // the sweep's name
    uint32_t trial;
    uint32_t execution; // its number; of a refit the execution whose seed it used
    enum ms_model_kind kind;
    int64_t epoch; // whose weights these are; of a refit how many it was trained

    struct ms_sweep *text;    // the sweep file, parsed; owned
    struct ms_config *config; // completed; owned
    enum ms_data_task task;
    int n_inputs, n_outputs;
    int n_layers; // hidden ones and the output: config->n_hidden + 1
    struct ms_model_layer layer[MS_MAX_LAYERS + 1];

    struct ms_column *input;  // (n_inputs) always there; what needs nothing is {0, 0, 1}. Owned
    struct ms_target *target; // (n_outputs); NULL: outputs are in the target's own unit. Owned

    // Columns with roles, kinds and categories; class labels in the order of the outputs (of two
    // classes with one output, the output is the probability of the second). Owned.
    struct ms_data_info data;

    struct ms_model_metric *metric; // of the epoch that counts, training and validation, in the
    int n_metrics;                  // order of ms_config_metric_columns(). Owned

    float *weights; // what the layers point into; owned
    size_t n_weights;
    double *work; // two rows of the widest layer, for ms_model_forward; owned
};

void ms_model_clear(struct ms_model *m);

// Loads the model of an execution of a trial (a refit: of the trial) from a store. execution: its
// number; -1: the one with the best objective of those whose weights are there. "best" as a trial
// is ms_show_rank's first.
//
// Refuses (MS_ESTATE) with one line that says what to do: the store has no weights of it (keep_best
// was not set, or others were better; mlpsweep refit makes them), was written before scaling was
// stored, or its sweep file cannot be read any more; a sweep of a function or a command.
int ms_model_load(struct ms_store *s, const struct ms_sweep_info *sweep, uint32_t trial,
                  int64_t execution, enum ms_model_kind kind, struct ms_model *out,
                  struct ms_error *err) MS_MUST_CHECK;

// Makes room for ms_model_forward once config, n_inputs, n_outputs and layers are known.
int ms_model_ready(struct ms_model *m, struct ms_error *err) MS_MUST_CHECK;

// The network's answer to one row: raw inputs (n_inputs), NAN being missing, to outputs
// (n_outputs) in the target's own unit; of classes what the output's activation gives. In double
// and plain C, from the definitions: Keras 3's formulas, as in worker/kernels, without its
// approximations; the trainer's floats agree to about 1e-6 of an output's size. Uses m->work: one
// thread at a time.
void ms_model_forward(const struct ms_model *m, const double *raw_inputs, double *out);

#endif
