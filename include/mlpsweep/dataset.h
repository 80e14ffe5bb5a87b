// SPDX-License-Identifier: MIT
//
// Data sets. Rank 0 reads and prepares them once (ms_dataset_load); the finished block travels as
// bytes to one rank per node, which writes it to a node-local file that all ranks and trainers of
// the node map (ms_dataset_map): one copy per node.
//
// A block is position independent: a header, then x (rows, inputs) and y (rows, outputs), each
// 64-byte aligned, rows in the order training, validation, test. Scaling is already applied (fitted
// on the training rows only), but for 8-bit images, which stay bytes and are divided when a batch is
// gathered: a quarter of the memory and of the traffic.
#ifndef MLPSWEEP_DATASET_H
#define MLPSWEEP_DATASET_H

#include <stdint.h>

#include "mlpsweep/status.h"
#include "mlpsweep/table.h"

enum ms_task {
    MS_REGRESSION, // y (rows, outputs): targets
    MS_BINARY,     // y (rows, 1): 0 or 1
    MS_MULTICLASS, // y (rows, classes): one-hot
};

enum ms_source { MS_SYNTHETIC, MS_IDX, MS_CSV };
enum ms_split { MS_SPLIT_RANDOM, MS_SPLIT_LAST }; // last: Keras's validation_split

// The "data" section of a sweep file at one point of the space.
struct ms_data_spec {
    enum ms_source source;
    int synthetic;        // row of ms_synthetic_table
    int points;           // of a synthetic set; default 2500
    char path[4096];      // idx: the folder (or image file); csv: the file. Relative to the sweep
                          // file's folder first, then to the current folder.
    char target[256];     // csv: the target column's name
    char test_path[4096]; // csv: file of test rows with the same columns; "" when none
    int task;             // enum ms_task; csv: -1 decide (whole-number or text target with at most
                          // 20 different values: classes, else regression)
    double validation;    // fraction of the training rows, [0, 1); default 0.2
    double test;          // fraction of all rows, before validation; for sources without a test file
    enum ms_split split;  // default random
    struct ms_pick scaling; // of ms_scaling_table; row -1: by source (idx: divide by 255; else none)
    char canonical[8192]; // compact JSON of the section: what tells two specs apart
};

enum ms_x_type { MS_X_F32, MS_X_U8 };

// A view of a block; borrowed pointers into the mapping.
struct ms_dataset {
    enum ms_task task;
    int n_inputs, n_outputs;
    uint32_t n_train, n_val, n_test; // rows
    enum ms_x_type x_type;
    float x_divide;   // u8: x / x_divide
    const void *x;    // (n_train + n_val + n_test, n_inputs) row-major, float or uint8_t
    const float *y;   // (n_train + n_val + n_test, n_outputs) row-major
};

// Reads, splits, scales. sweep_dir: folder of the sweep file, for relative paths. seed: the sweep's,
// for synthetic points and for the split. On success *block (free with free()) holds *size bytes.
// Every refusal names the file and what is wrong with it: missing, truncated (bytes expected and
// found), wrong magic number, labels and images that differ in number, line and column of a CSV cell.
// Called on rank 0 only.
int ms_dataset_load(const struct ms_data_spec *spec, const char *sweep_dir, uint64_t seed,
                    void **block, size_t *size, struct ms_error *err) MS_MUST_CHECK;

// Makes a view of a block of size bytes, checking every bound (the block may come from a file or
// from the network).
int ms_dataset_view(const void *block, size_t size, struct ms_dataset *out,
                    struct ms_error *err) MS_MUST_CHECK;

// Several blocks in one file, as one node keeps them. pack concatenates (64-byte aligned) into a
// malloc'ed buffer; unpack makes the views. At most MS_MAX_DATASETS.
int ms_dataset_pack(void *const *blocks, const size_t *sizes, int n, void **out, size_t *out_size,
                    struct ms_error *err) MS_MUST_CHECK;
int ms_dataset_unpack(const void *pack, size_t size, struct ms_dataset out[], int *n,
                      struct ms_error *err) MS_MUST_CHECK;

// One line for people: "2500 rows: 2000 train, 500 validation; 2 inputs, 1 output; regression".
const char *ms_dataset_text(const struct ms_dataset *d, char *out, size_t size);

#endif
