// SPDX-License-Identifier: MIT
//
// Whether a training can be done at all.
#ifndef MLPSWEEP_WORKER_TRAIN_CHECK_H
#define MLPSWEEP_WORKER_TRAIN_CHECK_H

#include "mlpsweep/train.h"

// MS_EINVAL with the reason if configuration, data and part of a training do not go together.
int ms_train_check(const struct ms_training *training, struct ms_error *err) MS_MUST_CHECK;

#endif
