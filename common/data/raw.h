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

// Rows as a source found them. The owner clears it with ms_raw_clear.
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
void ms_raw_clear(struct ms_raw *r);

int ms_dataset_synthetic(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *out,
                         struct ms_error *err) MS_MUST_CHECK;

// Splits, scales and packs raw rows, whose x is freed on the way. *block: free with free(). info:
// NULL, or gets the counts of rows, the scaling and all its constants.
int ms_dataset_build(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *raw,
                     void **block, size_t *size, struct ms_data_info *info,
                     struct ms_error *err) MS_MUST_CHECK;

// Packs n rows of raw, order[i] of it (NULL: in its order), with the constants of a data set that
// was built before, those of the execution's fold; nothing is fitted. All of them are the view's
// training rows, x ready for the network. raw->y NULL: they have no targets; any stand there.
int ms_dataset_apply(const struct ms_data_info *was, uint32_t execution, const struct ms_raw *raw,
                     const uint32_t *order, uint32_t n, void **block, size_t *size,
                     struct ms_error *err) MS_MUST_CHECK;

// Up to this many different whole numbers or texts are taken for classes if "task" is not given.
enum { MS_AUTO_CLASSES = 20 };

// order[i]: the source's row that becomes row i of the n rows that are to be split.
int ms_dataset_split_order(enum ms_split split, const struct ms_raw *raw, uint32_t *order,
                           uint32_t n, uint64_t seed, struct ms_error *err) MS_MUST_CHECK;

// How many rows train, validate and test; with folds all of the first two train. Refuses fractions
// that leave no training row, and parts that exclude each other.
struct ms_split_counts {
    uint32_t train, val, test;
};
int ms_dataset_split_counts(const struct ms_data_spec *spec, const struct ms_raw *raw,
                            struct ms_split_counts *out, struct ms_error *err) MS_MUST_CHECK;
// order[i] (n_rows): the source's row that becomes row i of the block; training rows first, then
// validation, then n_test test rows.
int ms_dataset_split_rows(const struct ms_data_spec *spec, const struct ms_raw *raw,
                          uint32_t n_test, uint64_t seed, uint32_t *order,
                          struct ms_error *err) MS_MUST_CHECK;

// Fold number fold of n_folds over n rows: its first validation row and how many there are.
void ms_dataset_fold_rows(uint32_t n, uint32_t n_folds, uint32_t fold, uint32_t *first,
                          uint32_t *count);

// Rows of ms_dataset_scaling_table.
enum ms_scaling_row { MS_SCALE_NONE, MS_SCALE_STANDARD, MS_SCALE_MINMAX, MS_SCALE_DIVIDE_BY };

// True if the scaling is one number for all columns, *divide, so that bytes can stay bytes.
bool ms_dataset_scaling_keeps_bytes(const struct ms_pick *scaling, float *divide);

// True if columns depend on the rows to which they are fitted.
bool ms_dataset_scaling_is_fitted(const struct ms_pick *scaling);

// Rows of raw that something is fitted to, in the order of the block: those before `skip`, and
// those from `resume` up to n. The rows between are another part.
struct ms_raw_rows {
    const struct ms_raw *raw;
    const uint32_t *order;
    size_t skip, resume, n;
};

// Row i of raw's inputs as doubles (n_inputs).
void ms_raw_inputs(const struct ms_raw *raw, size_t i, double *to);

// Mean, deviation and bounds of each column over the rows, missing values left out; lo > hi: there
// is none. Missing values count as the mean, with which they will be filled.
struct ms_column_stats {
    double mean, sd, lo, hi;
};
int ms_raw_stats(const struct ms_raw_rows *rows, struct ms_column_stats *out,
                 struct ms_error *err) MS_MUST_CHECK;

// Columns (n_inputs) from their statistics. Refuses a column without any value.
int ms_dataset_scaling_fit(const struct ms_pick *scaling, const struct ms_raw *raw,
                           const struct ms_column_stats *stats, struct ms_column *out,
                           struct ms_error *err) MS_MUST_CHECK;

// Targets (dataset_target.c): fits the table of a regression's targets (n_targets) to the rows.
// scaling: row of ms_dataset_target_scaling_table. base: see struct ms_target. Refuses targets of
// which there is no logarithm.
int ms_dataset_target_fit(int scaling, const struct ms_raw_rows *rows, const double *base,
                          struct ms_target *out, struct ms_error *err) MS_MUST_CHECK;

// Float's limits (dataset_precision.c). A base for a column of doubles whose spread is so small
// beside its size that float would round it away; else 0.
double ms_dataset_base(double lo, double hi);

// A double and the float that stands for it.
struct ms_rounded {
    double raw;
    float as;
};
// Counts neighbours in order of raw that differ but have become the same float; sorts the pairs.
size_t ms_dataset_merged(struct ms_rounded *pair, size_t n);

// Notes about a data set as it was packed (dataset_notes.c): ranges and constants of its columns,
// counts of classes, columns whose values float merges, targets that are far from 0.
struct ms_block_notes {
    const struct ms_data_spec *spec;
    const struct ms_raw *raw; // its x is still there
    const uint32_t *order;
    const struct ms_pick *scaling;       // of the inputs
    const struct ms_column_stats *stats; // of the training rows, where a column has a width of 1
    const struct ms_column *column;      // NULL: inputs are not scaled, or by fold
    bool by_fold;                        // they are scaled, for every fold
    const double *base;                  // (n_inputs), then (n_targets)
    const struct ms_target *target;      // of the first fold; NULL: targets are not scaled
    uint32_t n_train, n_val, n_test;
};
int ms_dataset_describe(const struct ms_block_notes *b, struct ms_data_info *info,
                        struct ms_error *err) MS_MUST_CHECK;

#endif
