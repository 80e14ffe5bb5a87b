// SPDX-License-Identifier: MIT
//
// Data sets. Rank 0 reads and prepares them once (coordinator/source); the finished block travels
// as bytes to one rank per node, which writes it to a node-local file that all ranks and trainers
// of the node map (ms_dataset_map): one copy per node.
//
// A block is position independent: a header, then x (rows, inputs) and y (rows, outputs), each
// 64-byte aligned, rows in the order training, validation, test. Scaling is already applied (fitted
// on the training rows only), except to 8-bit images, which stay bytes and are divided when a batch
// is gathered: a quarter of the memory and of the traffic. Targets stay in their own unit: the
// trainer scales them (struct ms_target).
//
// With folds the training rows stay in one fixed order, cut into parts of equal size (the first
// ones have one row more if the rows do not divide evenly, as in scikit-learn's KFold); the
// execution's number says which part validates. Means for missing values and the standard and
// minmax scalings are fitted for every fold to its own training rows: the block holds one table of
// columns per fold, and a batch is scaled when it is gathered.
#ifndef MLPSWEEP_DATASET_H
#define MLPSWEEP_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/status.h"
#include "mlpsweep/table.h"

enum ms_data_task {
    MS_REGRESSION, // y (rows, outputs): targets
    MS_BINARY,     // y (rows, 1): 0 or 1
    MS_MULTICLASS, // y (rows, classes): one-hot
};

enum ms_source { MS_SYNTHETIC, MS_IDX, MS_CSV, MS_NPY, MS_NPZ, MS_SQLITE, MS_SVMLIGHT };
enum { MS_SOURCES = MS_SVMLIGHT + 1 };
enum ms_switch {
    MS_SWITCH_FOUND,
    MS_SWITCH_TRUE,
    MS_SWITCH_FALSE
}; // found: not given, the data say
enum ms_split {
    MS_SPLIT_RANDOM,
    MS_SPLIT_LAST,       // Keras's validation_split
    MS_SPLIT_STRATIFIED, // every part has its share of each class, to a row or two
};
enum ms_dates { MS_DATES_REFUSE, MS_DATES_SECONDS };
enum ms_encoding { MS_UTF8, MS_UTF16, MS_LATIN1 };
enum ms_missing { MS_MISSING_REFUSE, MS_MISSING_DROP, MS_MISSING_MEAN };
enum ms_unseen { MS_UNSEEN_REFUSE, MS_UNSEEN_IGNORE };

// Names as a sweep file gives them, "a" or ["a", "b"]; a line end stands between two ("a\nb").
#define MS_NAMES 4096

// The "data" section of a sweep file at one point of the space.
struct ms_data_spec {
    enum ms_source source;
    int synthetic;     // row of ms_dataset_synthetic_table
    int points;        // if synthetic; default 2500
    char path[4096];   // idx: the folder (or image file); else the file. Relative to the sweep
                       // file's folder first, then to the current folder.
    char y_path[4096]; // npy: file of the targets
    char x_name[256], y_name[256];           // npz: the arrays
    char x_test_name[256], y_test_name[256]; // npz: the test rows' arrays; "": none
    char target[MS_NAMES];                   // csv, sqlite: the target columns' names
    char ignore[MS_NAMES];                   // csv, sqlite: columns left out
    char categorical[MS_NAMES]; // csv, sqlite: input columns that become one-hot columns
    char test_path[4096];       // file of test rows, of the same format; "": none
    char test_y_path[4096];     // npy: their targets
    char val_path[4096];        // file of validation rows, of the same format; "": none
    char val_y_path[4096];      // npy: their targets
    int task;              // enum ms_data_task; -1: decided by the rest of the sweep file, then by
                           // the target's values (coordinator/source/frames_task.h)
    char table[256];       // sqlite: the table, or
    char query[4096];      // the query; one of them is not ""
    char val_query[4096];  // sqlite: the query of the validation rows; "": none, or as above
    char test_query[4096]; // and of the test rows
    int n_features;        // svmlight: the number of inputs; 0: the training file's largest index
    enum ms_switch zero_based; // svmlight: whether indices begin at 0
    char classes[MS_NAMES];    // the classes in their order; "": sorted
    enum ms_missing missing;
    enum ms_unseen unseen; // categories that only a validation or test file has
    double validation;     // fraction of the training rows, [0, 1); default 0.2
    double test;         // fraction of all rows, before validation; for sources without a test file
    int folds;           // 0, or: execution e validates on part e % folds and trains on the others
    enum ms_split split; // default random
    struct ms_pick
        scaling; // of ms_dataset_scaling_table; row -1: by source (idx: divide by 255; else none)
    bool transpose; // idx: images lie on their side, as EMNIST's do
    // csv: how the file is written.
    char delimiter; // between fields; ' ': any run of blanks and tabs; 0: found from the header
    char decimal;   // '.' or ','; 0: '.'
    char thousands; // between groups of three digits; 0: there is none
    int encoding;   // enum ms_encoding; -1: found from the file's bytes
    enum ms_switch header; // whether the first row has names; found: refused if it looks like data
    int dates;             // enum ms_dates: what happens to dates and times in inputs
    char missing_values[MS_NAMES]; // words for missing values, beside the usual ones

    int target_scaling;   // row of ms_dataset_target_scaling_table; 0: none
    char canonical[8192]; // compact JSON of the section: specs are equal if these are
};

// What a sweep file says about the target beside data.task, over all trials: the loss, the output's
// activation, metrics. Each text names what speaks ("loss 'mse'"); "": nothing does.
struct ms_task_hint {
    char numbers[96];      // for numbers
    char classes[96];      // for classes, and weighs more: mse behind a softmax trains classes
    bool trains_numbers;   // numbers is the loss or the output, not a metric
    bool trains_classes;   // classes is the loss, the output or class_weight, not a metric
    char zero_one[96];     // for classes if the target is 0 or 1: a sigmoid output
    bool one_output;       // something wants one output for two classes: binary_crossentropy
    bool output_per_class; // something wants an output for each class: softmax
};

enum ms_x_type { MS_X_F32, MS_X_U8 };

// From a column's raw values to its inputs: NAN becomes fill, then (x - shift) / divide.
struct ms_column {
    double fill, shift, divide;
};

// What stands between a target in its own unit and the number that a network learns.
enum ms_target_kind {
    MS_TARGET_LINEAR, // t
    MS_TARGET_LOG,    // ln(t): every target above 0
    MS_TARGET_LOG1P,  // ln(1 + t): every target above -1
};

// How one output's targets are scaled, fitted to the training rows. y in the block is the target in
// its own unit minus base, as float. The loss and the network see
//     (kind(y + base) - shift) / divide
// computed in double and rounded to float once. Predictions are brought back by the inverse, so
// that every metric except the loss is in the target's own unit. divide is finite and above 0.
struct ms_target {
    double base; // 0, unless float would merge different targets
    double shift, divide;
    int kind; // enum ms_target_kind
};

// A view of a block; borrowed pointers into the mapping. With folds it is the view of one fold: its
// n_val rows from fold_first on are its validation rows, those before and after them its training
// rows.
struct ms_dataset {
    enum ms_data_task task;
    int n_inputs, n_outputs;
    uint32_t n_train, n_val, n_test; // rows
    enum ms_x_type x_type;
    float x_divide;      // u8: x / x_divide
    const void *x;       // (n_train + n_val + n_test, n_inputs) row-major, float or uint8_t
    const float *y;      // (n_train + n_val + n_test, n_outputs) row-major
    uint32_t n_folds;    // 0: none
    uint32_t fold;       // which one this is
    uint32_t fold_first; // its first validation row
    // (n_inputs): applied when a batch is gathered, as they differ from fold to fold; NULL: x is
    // ready.
    const struct ms_column *column;
    // (n_outputs): how the targets are scaled, of this fold; NULL: targets as they are.
    const struct ms_target *target;
    uint32_t n_dropped; // rows left out for missing values, for people to know
};

// The first validation row.
static inline uint32_t ms_dataset_val_first(const struct ms_dataset *d)
{
    return d->n_folds ? d->fold_first : d->n_train;
}

// The view of an execution: of fold execution % n_folds; without folds a copy.
struct ms_dataset ms_dataset_fold(const struct ms_dataset *d, uint32_t execution);

// True if a specification makes validation rows.
static inline bool ms_data_validates(const struct ms_data_spec *s)
{
    return s->validation > 0 || s->folds > 0 || s->val_path[0] || s->val_query[0];
}

// The decimal sign of a CSV file.
static inline char ms_data_decimal(const struct ms_data_spec *s)
{
    return s->decimal ? s->decimal : '.';
}

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
