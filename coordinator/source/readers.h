// SPDX-License-Identifier: MIT
//
// The readers that source.c chooses from.
#ifndef MLPSWEEP_READERS_H
#define MLPSWEEP_READERS_H

#include "common/data/raw.h"

int ms_read_idx(const struct ms_data_spec *spec, const char *sweep_dir, struct ms_raw *out,
                struct ms_error *err) MS_MUST_CHECK;
int ms_read_csv(const struct ms_data_spec *spec, const char *sweep_dir, struct ms_raw *out,
                struct ms_error *err) MS_MUST_CHECK;
int ms_read_npy(const struct ms_data_spec *spec, const char *sweep_dir, struct ms_raw *out,
                struct ms_error *err) MS_MUST_CHECK; // NPZ too

#endif
