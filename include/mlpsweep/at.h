// SPDX-License-Identifier: MIT
//
// The epoch of an execution that counts (objective.at), found as its epochs come. Of a mean it is
// the last epoch of the window that counts. Rank 0 asks it of
// the store's epochs, the trainer of its own, so both mean the same epoch: that whose weights are
// kept has the stored objective. Pure.
#ifndef MLPSWEEP_AT_H
#define MLPSWEEP_AT_H

#include "mlpsweep/sweep.h"

// Zero-initialise but for the first three.
struct ms_at_watch {
    enum ms_at at;
    bool maximize;
    int window;                 // epochs of a mean, 1 … MS_MAX_WINDOW
    int epoch;                  // that counts so far; 0: none has a finite value
    double value;               // of the objective there; means nothing while epoch is 0
    int n;                      // epochs so far, of means
    double last[MS_MAX_WINDOW]; // their values, in a ring
};

// The objective's value after an epoch; epochs come in their order. True: this one counts so far.
bool ms_at_next(struct ms_at_watch *w, int epoch, double value);

#endif
