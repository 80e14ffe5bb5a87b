// SPDX-License-Identifier: MIT
//
// The files that the command of a sweep is made of, so that a store can tell when they change.
#ifndef MLPSWEEP_PROGRAMS_H
#define MLPSWEEP_PROGRAMS_H

#include "mlpsweep/data_info.h"
#include "mlpsweep/sweep.h"

// Fills out->file: the program, found as the shell would find it, and then every argument that is a
// readable file ("train.py"), each with its hash. What cannot be found or read is left out: the
// trial that needs it says so. None where the sweep runs no command. Larger files than 256 MiB are
// data rather than programs, and are left out too. Rank 0; out is zeroed before and cleared with
// ms_data_info_clear.
int ms_programs_find(const struct ms_sweep *sweep, struct ms_data_info *out,
                     struct ms_error *err) MS_MUST_CHECK;

#endif
