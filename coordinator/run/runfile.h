// SPDX-License-Identifier: MIT
//
// A sweep file with its data, as `run`, `plan` and `refit` need it: read, parsed, its data sets
// loaded and packed.
#ifndef MLPSWEEP_RUNFILE_H
#define MLPSWEEP_RUNFILE_H

#include "mlpsweep/data_info.h"
#include "mlpsweep/sweep.h"

struct ms_runfile {
    struct ms_sweep *sweep;
    int n_problems; // of a file that was refused
    void *pack;     // the data sets, packed for ms_comm_mpi_share; NULL once dropped
    size_t pack_size;
    void *map; // or mapped
    size_t map_size;
    int n_data;
    struct ms_dataset data[MS_MAX_DATASETS]; // views into pack or map
    int n_info;
    struct ms_data_info *info;   // (n_info) what was understood of each, also once they are dropped
    struct ms_data_info program; // its files: those of the command (programs.h)
};

// Reads and parses the file alone. Every problem of a wrong file is printed to stderr, a line each
// as "file:line: path: …"; n_problems counts them, and err holds a summary.
int ms_runfile_parse(struct ms_runfile *f, const char *path, struct ms_error *err) MS_MUST_CHECK;

// Parses, loads the data sets, and checks that the first trials can be trained on them.
int ms_runfile_load(struct ms_runfile *f, const char *path, struct ms_error *err) MS_MUST_CHECK;

// The same of a text that came from the file of that path, without the last: files of data are
// looked for where that file lies.
int ms_runfile_of(struct ms_runfile *f, const char *path, const char *text, size_t size,
                  struct ms_error *err) MS_MUST_CHECK;

// Frees the packed data, once it lies in a file that ms_runfile_map will map.
void ms_runfile_drop_pack(struct ms_runfile *f);
int ms_runfile_map(struct ms_runfile *f, int fd, struct ms_error *err) MS_MUST_CHECK;

void ms_runfile_clear(struct ms_runfile *f);

#endif
