// SPDX-License-Identifier: MIT
//
// What a command writes for its user (-o PATH): a file or a folder. It grows under a temporary name
// beside its own and gets its own when it is complete, so that nothing half-written is ever found
// there. Nothing is replaced unasked.
//
//     struct ms_outfile o;
//     int status = ms_outfile_open(&o, path, force, err);
//     if (!status) {
//         status = write(o.file, …);
//         status = ms_outfile_end(&o, status, err);
//     }
#ifndef MLPSWEEP_OUTFILE_H
#define MLPSWEEP_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

#include "mlpsweep/status.h"

struct ms_outfile {
    FILE *file;      // open for writing; of a folder NULL
    char *temporary; // where it is written: the path of the file or folder; NULL: standard output
    char *path;      // where it will be
    bool folder;
};

// A file. path NULL or "-": standard output. MS_EINVAL: something is there, and force is not set,
// or it is no file; MS_EIO: it cannot be written.
int ms_outfile_open(struct ms_outfile *o, const char *path, bool force,
                    struct ms_error *err) MS_MUST_CHECK;

// A folder, empty at first. An empty one may be there already. With force one that an earlier call
// has made is replaced as a whole: the file .mlpsweep in it tells. Others are never replaced, since
// a mistyped path would cost its owner everything below it.
int ms_outfile_folder(struct ms_outfile *o, const char *path, bool force,
                      struct ms_error *err) MS_MUST_CHECK;

// Closes the file. status 0: gives it its name, unless something could not be written; else removes
// it. Returns the first error.
int ms_outfile_end(struct ms_outfile *o, int status, struct ms_error *err) MS_MUST_CHECK;

#endif
