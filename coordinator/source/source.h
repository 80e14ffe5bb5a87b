// SPDX-License-Identifier: MIT
//
// From the "data" section of a sweep file to a data set: reads files into frames, decides what
// their columns mean, and hands numbers to common/data, which splits, scales and packs them.
// Called on rank 0 only.
#ifndef MLPSWEEP_SOURCE_H
#define MLPSWEEP_SOURCE_H

#include "mlpsweep/data_info.h"
#include "mlpsweep/dataset.h"

// Reads, decides, splits, scales. hint: what the rest of the sweep file says about the target;
// NULL: nothing. sweep_dir: folder of the sweep file, for relative paths. seed: the sweep's, for
// synthetic points and for the split. On success *block (free with free()) holds *size bytes. info:
// NULL, or zeroed; the caller clears it, after a failure too.
//
// Every refusal names the file and its fault: missing, truncated (bytes expected and found), wrong
// magic number, labels and images that differ in number, line and column of a CSV cell.
int ms_source_load(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                   const char *sweep_dir, uint64_t seed, void **block, size_t *size,
                   struct ms_data_info *info, struct ms_error *err) MS_MUST_CHECK;

// The reader of a source; NULL: there is nothing to read.
struct ms_frame_request;
struct ms_frame;
int (*ms_source_reader(enum ms_source source))(const struct ms_frame_request *q, struct ms_frame *f,
                                               struct ms_error *err);

#endif
