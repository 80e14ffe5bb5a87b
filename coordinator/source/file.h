// SPDX-License-Identifier: MIT
//
// Files of data sets: where they are, and reading them, gzipped or not.
#ifndef MLPSWEEP_FILE_H
#define MLPSWEEP_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "frame.h"
#include "mlpsweep/status.h"

// Files, plain or gzipped (zlib reads both). Every failure names the file.
struct ms_file {
    gzFile gz;
    const char *path; // borrowed: outlives the struct
};
int ms_file_open(struct ms_file *f, const char *path, struct ms_error *err) MS_MUST_CHECK;

// Reads up to size bytes; *got < size only at the end of the file.
int ms_file_read(struct ms_file *f, void *to, size_t size, size_t *got,
                 struct ms_error *err) MS_MUST_CHECK;
void ms_file_close(struct ms_file *f);

// How many bytes follow the first `taken`, once something was read; `unknown` if only reading can
// say (gzipped files).
uint64_t ms_file_left(const struct ms_file *f, uint64_t taken, uint64_t unknown);

// Finds path in sweep_dir, then in the current folder. out may not be path.
int ms_file_find(const char *sweep_dir, const char *path, char *out, size_t size,
                 struct ms_error *err) MS_MUST_CHECK;

// The last part of a path, for messages about files that were named before; of a folder with a
// slash at its end the whole path.
const char *ms_file_base(const char *path);

// Adds a file to what is known of the data: its size, and the hash of its bytes as they lie on the
// disk. A file that a part has already is not added again.
int ms_file_record(struct ms_data_info *info, const char *path, enum ms_part part,
                   struct ms_error *err) MS_MUST_CHECK;

#endif
