// SPDX-License-Identifier: MIT
//
// Rows as coordinator/source and the synthetic sets give them, all numbers: dataset.c splits,
// scales and packs them. Called on rank 0 only.
#ifndef MLPSWEEP_RAW_H
#define MLPSWEEP_RAW_H

#include <stdbool.h>

#include "mlpsweep/data_info.h"
#include "mlpsweep/dataset.h"

#define MS_MAX_INPUTS (1 << 20)     // columns of x
#define MS_MAX_ROWS 2147483647      // rows of a data set, all parts together
#define MS_MAX_CLASSES MS_MAX_UNITS // they become the units of the output layer

// A table's numbers come as doubles, and become floats once, when they are scaled.
enum ms_raw_type { MS_RAW_U8, MS_RAW_F32, MS_RAW_F64 };

// Rows as a source found them. The owner clears it with ms_dataset_raw_clear.
struct ms_raw {
    enum ms_data_task task;
    int n_inputs;
    int n_classes;      // if MS_MULTICLASS; else 1
    int n_targets;      // if MS_REGRESSION; 0 stands for 1
    uint32_t n_rows;    // all: rows to be split, then a validation file's, then a test file's
    uint32_t n_val;     // how many of them came from a validation file
    uint32_t n_test;    // how many of them, the last ones, came from a test file
    uint32_t n_dropped; // rows left out for missing values
    bool has_test_file; // then data.test must not ask for a further split
    bool has_missing;   // some x are NAN, to be filled
    uint8_t *indicator; // (n_inputs) 1: a one-hot column, which is not scaled; NULL: none is. Owned
    enum ms_raw_type x_type;
    void *x;   // (n_rows, n_inputs) of that type; NAN: missing; owned
    double *y; // (n_rows, n_targets): target, 0 or 1, or the class's number; owned
};
void ms_dataset_raw_clear(struct ms_raw *r);

int ms_dataset_synthetic(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *out,
                         struct ms_error *err) MS_MUST_CHECK;

// Splits, scales and packs raw rows, whose x is freed on the way. *block: free with free(). info:
// NULL, or gets the counts of rows, the scaling and the constants of its columns.
int ms_dataset_build(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *raw,
                     void **block, size_t *size, struct ms_data_info *info,
                     struct ms_error *err) MS_MUST_CHECK;
// Up to this many different whole numbers or texts are taken for classes if "task" is not given.
enum { MS_AUTO_CLASSES = 20 };

// order[i]: the source's row that becomes row i of the n rows that are to be split.
int ms_dataset_split_order(enum ms_split split, const struct ms_raw *raw, uint32_t *order,
                           uint32_t n, uint64_t seed, struct ms_error *err) MS_MUST_CHECK;

// Fold number fold of n_folds over n rows: its first validation row and how many there are.
void ms_dataset_fold_rows(uint32_t n, uint32_t n_folds, uint32_t fold, uint32_t *first,
                          uint32_t *count);

// Rows of ms_dataset_scaling_table.
enum ms_scaling_row { MS_SCALE_NONE, MS_SCALE_STANDARD, MS_SCALE_MINMAX, MS_SCALE_DIVIDE_BY };

// True if the scaling is one number for all columns, *divide, so that bytes can stay bytes.
bool ms_dataset_scaling_keeps_bytes(const struct ms_pick *scaling, float *divide);

// True if columns depend on the rows to which they are fitted.
bool ms_dataset_scaling_is_fitted(const struct ms_pick *scaling);

// Fits the columns of x (rows, n_inputs) to its rows before `skip` and from `resume` up to n; the
// rows between are another part. indicator: see ms_raw. Refuses a column without any value.
int ms_dataset_scaling_fit(const struct ms_pick *scaling, const float *x, size_t skip,
                           size_t resume, size_t n, int n_inputs, const uint8_t *indicator,
                           struct ms_column *out, struct ms_error *err) MS_MUST_CHECK;
void ms_dataset_scaling_use(const struct ms_column *column, float *x, size_t n_rows, int n_inputs);

#endif
