// SPDX-License-Identifier: MIT
//
// The command `refit`: a trial is trained on training and validation rows, and kept in the store.
#ifndef MLPSWEEP_RUN_REFIT_H
#define MLPSWEEP_RUN_REFIT_H

#include "mlpsweep/refit.h"

typedef int ms_refit_with(const struct ms_refit *r, struct ms_refitted *out, struct ms_error *err);

// refit: the worker's training, and settle: what makes BLAS fit for it, both lent by main.c. A row
// of the table in coordinator/cli.c.
int ms_refit_command(int argc, char **argv, ms_refit_with *refit,
                     int (*settle)(struct ms_error *err));

#endif
