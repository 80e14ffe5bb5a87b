// SPDX-License-Identifier: MIT
//
// A file in node-local temporary space that outlives its name: the data of a sweep, one copy per
// node.
#ifndef MLPSWEEP_NODEFILE_H
#define MLPSWEEP_NODEFILE_H

#include <stddef.h>

#include "mlpsweep/status.h"

#define MS_NODEFILE_PATH_MAX 4096

// Creates a file of size bytes in the first of TMPDIR, /tmp and /dev/shm that has the room. The
// room is reserved at once, so that no later write finds the disk full. *fd is open for writing.
int ms_nodefile_create(size_t size, char path[MS_NODEFILE_PATH_MAX], int *fd,
                       struct ms_error *err) MS_MUST_CHECK;

// Writes all size bytes at an offset.
int ms_nodefile_write(int fd, const void *data, size_t size, size_t offset, const char *path,
                      struct ms_error *err) MS_MUST_CHECK;

// Opens it read-only, closed across exec, and checks that it is the file that was created: a plain
// one of this user with this size.
int ms_nodefile_open(const char *path, size_t size, int *fd, struct ms_error *err) MS_MUST_CHECK;

#endif
