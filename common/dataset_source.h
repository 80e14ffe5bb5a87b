// SPDX-License-Identifier: MIT
//
// Inside contract of common/dataset*.c: a source reads rows into a struct ms_raw, dataset.c splits,
// scales and packs them. Adding a source is one function here and one row in dataset.c.
#ifndef MLPSWEEP_DATASET_SOURCE_H
#define MLPSWEEP_DATASET_SOURCE_H

#include <stdbool.h>
#include <zlib.h>

#include "mlpsweep/dataset.h"

#define MS_MAX_INPUTS (1 << 20)     // columns of x
#define MS_MAX_ROWS 2147483647      // rows of a data set, all parts together
#define MS_MAX_CLASSES MS_MAX_UNITS // they become the units of the output layer

// Rows as a source found them. The owner clears it with ms_raw_clear.
struct ms_raw {
    enum ms_task task;
    int n_inputs;
    int n_classes;      // of MS_MULTICLASS; else 1
    uint32_t n_rows;    // all rows
    uint32_t n_test;    // how many of them, the last ones, came from a test file
    bool has_test_file; // then data.test must not ask for a further split
    enum ms_x_type x_type;
    void *x;  // (n_rows, n_inputs) float or uint8_t; owned
    float *y; // (n_rows): target, 0 or 1, or the class's number (exact: classes < 2^24); owned
};
void ms_raw_clear(struct ms_raw *r);

int ms_read_synthetic(const struct ms_data_spec *spec, const char *sweep_dir, uint64_t seed,
                      struct ms_raw *out, struct ms_error *err) MS_MUST_CHECK;
int ms_read_idx(const struct ms_data_spec *spec, const char *sweep_dir, uint64_t seed,
                struct ms_raw *out, struct ms_error *err) MS_MUST_CHECK;
int ms_read_csv(const struct ms_data_spec *spec, const char *sweep_dir, uint64_t seed,
                struct ms_raw *out, struct ms_error *err) MS_MUST_CHECK;

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

// Finds path in sweep_dir, then in the current folder. out may not be path.
int ms_file_find(const char *sweep_dir, const char *path, char *out, size_t size,
                 struct ms_error *err) MS_MUST_CHECK;

// Rows of ms_scaling_table.
enum ms_scaling_row { MS_SCALE_NONE, MS_SCALE_STANDARD, MS_SCALE_MINMAX, MS_SCALE_DIVIDE_BY };

// Whether the scaling is one number for all columns, so that bytes can stay bytes; *divide is it.
bool ms_scaling_keeps_bytes(const struct ms_pick *scaling, float *divide);

// Scales x (n_rows, n_inputs) in place; statistics from the first n_fit rows alone.
int ms_scaling_apply(const struct ms_pick *scaling, float *x, size_t n_rows, size_t n_fit,
                     int n_inputs, struct ms_error *err) MS_MUST_CHECK;

#endif
