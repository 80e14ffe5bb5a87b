// SPDX-License-Identifier: MIT
//
// The configuration of one training: what remains of a sweep file once every parameter has its
// value. Flat, without pointers, so that it can be compared, copied and printed. Filled by
// ms_sweep_config() (common/sweep/config.c), read by the cost model and by the training engine.
#ifndef MLPSWEEP_CONFIG_H
#define MLPSWEEP_CONFIG_H

#include <stdbool.h>

#include "mlpsweep/status.h"
#include "mlpsweep/table.h"

// One dense layer and what follows it, in this order. Keras: Dense(units), BatchNormalization or
// LayerNormalization, Activation, GaussianNoise, GaussianDropout, Dropout.
struct ms_layer_config {
    int units; // 0 in the output layer: as many as the data set has outputs
    bool use_bias;
    struct ms_pick activation;         // of ms_activation_table
    struct ms_pick kernel_initializer; // of ms_initializer_table
    struct ms_pick bias_initializer;
    double dropout; // fraction of the units dropped while training, [0, 1); 0: none
    struct ms_pick kernel_regularizer; // of ms_regularizer_table
    struct ms_pick bias_regularizer;
    struct ms_pick activity_regularizer; // of what leaves the activation
    struct ms_pick kernel_constraint;    // of ms_constraint_table
    struct ms_pick bias_constraint;
    struct ms_pick normalization; // of ms_normalization_table; hidden layers only
    double gaussian_noise;        // standard deviation of what is added while training; 0: none
    double gaussian_dropout;      // rate, [0, 1); 0: none
};

// Keras: EarlyStopping. Off when monitor < 0.
struct ms_early_stopping {
    int monitor;   // metric id, see metric.h; its row must be one of metrics[]
    bool maximize; // the monitored metric's goal
    int patience;  // epochs without an improvement before training stops
    double min_delta;
    int start_from_epoch; // epochs that are not watched
    bool restore_best;    // the test set is evaluated with the best epoch's weights
};

// Keras: ReduceLROnPlateau.
struct ms_reduce_on_plateau {
    bool on;
    int monitor; // metric id, one of metrics[]
    bool maximize;
    double factor; // that the learning rate is multiplied with
    int patience;  // epochs without an improvement before it is
    double min_delta;
    int cooldown; // epochs after a reduction in which nothing is counted
    double min_lr;
};

enum { MS_CLASS_WEIGHT_BALANCED = -1 }; // scikit-learn: compute_class_weight("balanced")

struct ms_config {
    int dataset; // index into the sweep's data sets, see ms_sweep_data()

    double input_dropout; // Keras: a Dropout layer before the first Dense
    double input_gaussian_noise;
    double input_gaussian_dropout;
    int n_hidden;
    struct ms_layer_config hidden[MS_MAX_LAYERS];
    struct ms_layer_config output;

    // -1 as row: not given, decided by the data set's task when the data is known
    // (ms_config_complete).
    struct ms_pick loss; // of ms_loss_table

    // Keras: fit(class_weight): factors of the training loss of a row, by its class. 0: none given;
    // MS_CLASS_WEIGHT_BALANCED: made from the training rows of the execution.
    int n_class_weight;
    double class_weight[MS_MAX_CLASS_WEIGHTS];

    struct ms_pick optimizer;     // of ms_optimizer_table; arg[0] is the base learning rate
    struct ms_pick learning_rate; // of ms_schedule_table; constant unless the file says otherwise
    int batch_size;
    int epochs;
    bool shuffle;          // Keras: fit(shuffle=True)
    bool terminate_on_nan; // Keras: TerminateOnNaN, at the end of the epoch. Default true.
    struct ms_early_stopping early_stopping;
    struct ms_reduce_on_plateau reduce_on_plateau;
    double list[MS_MAX_LISTED]; // see MS_ARG_LIST
    bool keeps;                 // weights of the epoch that counts may be asked for, see train.h

    // Recorded per epoch, in this order. Rows of ms_metric_table; row 0 is "loss".
    // Each is recorded twice, for training and for validation ("val_…"), see metric.h.
    int n_metrics;
    int metrics[MS_MAX_METRICS / 2];
    double metric_arg[MS_MAX_METRICS / 2][MS_MAX_OWN_ARGS]; // of each of them
    bool default_metrics; // the file names none: ms_config_complete adds those of the task
};

// Makes a configuration record a row of ms_metric_table, unless it does already. arg: the row's
// arguments, NULL: their defaults.
void ms_config_add_metric(struct ms_config *c, int row, const double *arg);

// The metric ids that a configuration records, in column order. with_validation: the data set has
// validation rows. Returns how many, at most MS_MAX_METRICS.
int ms_config_metric_columns(const struct ms_config *c, bool with_validation,
                             int ids[MS_MAX_METRICS]);

// Fills what depends on the data set's task (loss, output activation, metrics where not given) and
// refuses what does not fit it (categorical_crossentropy for a regression, say). Pure.
struct ms_dataset;
int ms_config_complete(struct ms_config *c, const struct ms_dataset *d,
                       struct ms_error *err) MS_MUST_CHECK;

#endif
