// SPDX-License-Identifier: MIT
//
// The decisions of Keras's EarlyStopping and ReduceLROnPlateau at the end of an epoch; train.c
// carries them out (keras/src/callbacks/early_stopping.py, reduce_lr_on_plateau.py,
// monitor_callback.py).
#ifndef MLPSWEEP_WORKER_CALLBACKS_H
#define MLPSWEEP_WORKER_CALLBACKS_H

#include "mlpsweep/config.h"

// The memory of one of them over a training; begins as zeros.
struct ms_watch {
    double best;
    bool any; // there is a best value; it may be NaN, and nothing is better than NaN
    int wait; // epochs since
    int cooldown;
};

enum ms_callbacks_verdict { MS_GO_ON, MS_IMPROVED, MS_STOP };

// epoch counts from 1. MS_IMPROVED: these weights are the best.
enum ms_callbacks_verdict ms_callbacks_early_stop(struct ms_watch *w,
                                                  const struct ms_early_stopping *es, int epoch,
                                                  double value);

// The learning rate from now on.
double ms_callbacks_reduce_on_plateau(struct ms_watch *w, const struct ms_reduce_on_plateau *r,
                                      double value, double rate);

#endif
