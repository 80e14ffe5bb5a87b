// SPDX-License-Identifier: MIT
//
// The fields of the data. Which source takes a field is in `sources`; walk_data.c has the rules
// between them.
//
// The tables are packed, several members of a field to a line, so that a field can be read at a
// glance: clang-format would give every member a line of its own.
#include "schema_internal.h"

#include <stdint.h>

// clang-format off
#define DATA(member) offsetof(struct ms_values, data.member)
#define SIZE_OF(member) sizeof(((struct ms_data_spec *)0)->member)
#define FROM_SYNTHETIC (1 << MS_SYNTHETIC)
#define FROM_IDX (1 << MS_IDX)
#define FROM_CSV (1 << MS_CSV)
#define FROM_NPY (1 << MS_NPY)
#define FROM_NPZ (1 << MS_NPZ)
#define FROM_SQLITE (1 << MS_SQLITE)
#define FROM_SVMLIGHT (1 << MS_SVMLIGHT)
#define FROM_FILES (FROM_CSV | FROM_NPY | FROM_NPZ | FROM_SQLITE | FROM_SVMLIGHT)

static const char *const task_names[] = {"regression", "binary", "multiclass", NULL};
static const char *const split_names[] = {"random", "last", "stratified", NULL};
static const char *const decimal_signs[] = {".", ",", NULL};
static const char *const thousands_signs[] = {",", ".", " ", "'", NULL};
static const char *const date_names[] = {"refuse", "seconds", NULL};
static const char *const encoding_names[] = {"utf-8", "utf-16", "latin-1", NULL};
static const char *const unseen_names[] = {"refuse", "ignore", NULL};
static const char *const missing_names[] = {"refuse", "drop", "mean", NULL};

static const struct ms_field validation_fields[] = {
    {.name = "file", .type = MS_F_TEXT, .offset = DATA(val_path), .size = SIZE_OF(val_path),
     .doc = "file of validation rows, in the training file's format"},
    {.name = "target_file", .type = MS_F_TEXT, .offset = DATA(val_y_path),
     .size = SIZE_OF(val_y_path), .doc = "file of their targets, with npy only"},
    {.name = "query", .type = MS_F_TEXT, .offset = DATA(val_query), .size = SIZE_OF(val_query),
     .doc = "SELECT that returns them, with sqlite only; of the file, or of the training file"},
};
static const struct ms_section validation_section =
    SECTION("the validation rows", validation_fields);

static const struct ms_field data_fields[] = {
    {.name = "synthetic", .type = MS_F_ROW, .offset = DATA(synthetic), .sources = FROM_SYNTHETIC,
     .table = &ms_dataset_synthetic_table, .doc = "built-in data set, computed from a formula"},
    {.name = "idx", .type = MS_F_TEXT, .offset = DATA(path), .size = SIZE_OF(path),
     .sources = FROM_IDX,
     .doc = "folder with the four MNIST-style IDX files, or the file of images"},
    {.name = "csv", .type = MS_F_TEXT, .offset = DATA(path), .size = SIZE_OF(path),
     .sources = FROM_CSV, .doc = "table of text: fields between commas or other delimiters"},
    {.name = "npy", .type = MS_F_TEXT, .offset = DATA(path), .size = SIZE_OF(path),
     .sources = FROM_NPY, .doc = "NumPy file of the inputs, one example per row"},
    {.name = "npz", .type = MS_F_TEXT, .offset = DATA(path), .size = SIZE_OF(path),
     .sources = FROM_NPZ, .doc = "NumPy archive with the arrays of inputs and targets"},
    {.name = "sqlite", .type = MS_F_TEXT, .offset = DATA(path), .size = SIZE_OF(path),
     .sources = FROM_SQLITE, .doc = "SQLite database; query or table says what is read"},
    {.name = "svmlight", .type = MS_F_TEXT, .offset = DATA(path), .size = SIZE_OF(path),
     .sources = FROM_SVMLIGHT, .doc = "file in the text format of SVMlight and LIBSVM"},
    {.name = "query", .type = MS_F_TEXT, .offset = DATA(query), .size = SIZE_OF(query),
     .sources = FROM_SQLITE, .doc = "one SELECT; its rows are the examples"},
    {.name = "table", .type = MS_F_TEXT, .offset = DATA(table), .size = SIZE_OF(table),
     .sources = FROM_SQLITE, .doc = "table or view that is read as a whole, in place of query"},
    {.name = "test_query", .type = MS_F_TEXT, .offset = DATA(test_query),
     .size = SIZE_OF(test_query), .sources = FROM_SQLITE,
     .doc = "SELECT that returns the test rows, of test_file or of the same database"},
    {.name = "n_features", .type = MS_F_INT, .offset = DATA(n_features), .sources = FROM_SVMLIGHT,
     .lo = 1, .hi = 1 << 20, .def = 0,
     .doc = "number of inputs; if not given, the largest index of the training file"},
    {.name = "zero_based", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_switch,
     .offset = DATA(zero_based), .sources = FROM_SVMLIGHT,
     .doc = "true or false: indices begin at 0 or at 1; if not given, at 0 where the training file "
            "has an index 0"},
    {.name = "target_file", .type = MS_F_TEXT, .offset = DATA(y_path), .size = SIZE_OF(y_path),
     .sources = FROM_NPY, .doc = "NumPy file of the targets"},
    {.name = "x", .type = MS_F_TEXT, .offset = DATA(x_name), .size = SIZE_OF(x_name),
     .sources = FROM_NPZ, .def_text = "x", .doc = "array of the inputs"},
    {.name = "y", .type = MS_F_TEXT, .offset = DATA(y_name), .size = SIZE_OF(y_name),
     .sources = FROM_NPZ, .def_text = "y", .doc = "array of the targets"},
    {.name = "x_test", .type = MS_F_TEXT, .offset = DATA(x_test_name),
     .size = SIZE_OF(x_test_name), .sources = FROM_NPZ,
     .doc = "array of the test rows' inputs, in the same archive"},
    {.name = "y_test", .type = MS_F_TEXT, .offset = DATA(y_test_name),
     .size = SIZE_OF(y_test_name), .sources = FROM_NPZ,
     .doc = "array of the test rows' targets"},
    {.name = "transpose", .type = MS_F_BOOL, .offset = DATA(transpose), .sources = FROM_IDX,
     .doc = "turn images that lie on their side, as EMNIST's do"},
    {.name = "points", .type = MS_F_INT, .offset = DATA(points), .sources = FROM_SYNTHETIC,
     .def = 2500, .lo = 1, .hi = INT32_MAX, .doc = "number of rows of a synthetic data set"},
    {.name = "target", .type = MS_F_NAMES, .offset = DATA(target), .size = SIZE_OF(target),
     .sources = FROM_CSV | FROM_SQLITE,
     .doc = "name of the target column, or several names for a regression"},
    {.name = "ignore", .type = MS_F_NAMES, .offset = DATA(ignore), .size = SIZE_OF(ignore),
     .sources = FROM_CSV | FROM_SQLITE, .doc = "columns to leave out"},
    {.name = "categorical", .type = MS_F_NAMES, .offset = DATA(categorical),
     .size = SIZE_OF(categorical), .sources = FROM_CSV | FROM_SQLITE,
     .doc = "columns of words, each encoded as one 0/1 column per word of the training file"},
    {.name = "delimiter", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_sign,
     .offset = DATA(delimiter), .sources = FROM_CSV,
     .doc = "one character between fields, no letter, digit, quote or sign of numbers; \" \" stands "
            "for any run of blanks and tabs; found from the header if not given"},
    {.name = "header", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_switch, .offset = DATA(header),
     .sources = FROM_CSV,
     .doc = "true (the first row has the columns' names) or false (it is data, and columns are "
            "called 1, 2, …); if not given, it has names and must not look like data"},
    {.name = "decimal", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_sign, .names = decimal_signs,
     .offset = DATA(decimal), .sources = FROM_CSV, .def_text = ".",
     .doc = "\".\" or \",\", the decimal sign"},
    {.name = "thousands", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_sign,
     .names = thousands_signs, .offset = DATA(thousands), .sources = FROM_CSV,
     .doc = "\",\", \".\", \" \" or \"'\", the sign between groups of three digits"},
    {.name = "encoding", .type = MS_F_NAME, .offset = DATA(encoding), .sources = FROM_CSV,
     .names = encoding_names, .def_name = -1,
     .doc = "encoding of the file; found from its bytes if not given"},
    {.name = "missing", .type = MS_F_NAME, .offset = DATA(missing),
     .sources = FROM_FILES, .names = missing_names,
     .doc = "treatment of missing values: refuse the file, drop their rows, or use the mean of "
            "the column's training rows (inputs only)"},
    {.name = "unseen", .type = MS_F_NAME, .offset = DATA(unseen),
     .sources = FROM_CSV | FROM_SQLITE,
     .names = unseen_names,
     .doc = "treatment of words that only a validation or test file has: refuse the file, or 0 in "
            "all columns of the word"},
    {.name = "missing_values", .type = MS_F_NAMES, .offset = DATA(missing_values),
     .size = SIZE_OF(missing_values), .sources = FROM_CSV | FROM_SQLITE,
     .doc = "words that stand for missing values, beside the usual ones"},
    {.name = "dates", .type = MS_F_NAME, .offset = DATA(dates), .sources = FROM_CSV,
     .names = date_names,
     .doc = "treatment of dates and times in inputs: refuse the file, or take them as seconds"},
    {.name = "test_file", .type = MS_F_TEXT, .offset = DATA(test_path),
     .size = SIZE_OF(test_path), .sources = FROM_FILES,
     .doc = "file of test rows, in the training file's format"},
    {.name = "test_target_file", .type = MS_F_TEXT, .offset = DATA(test_y_path),
     .size = SIZE_OF(test_y_path), .sources = FROM_NPY, .doc = "file of the test rows' targets"},
    {.name = "task", .type = MS_F_NAME, .offset = DATA(task),
     .sources = FROM_IDX | FROM_FILES, .names = task_names, .def_name = -1,
     .doc = "kind of target; if not given, the loss, the output and the metrics decide, then its "
            "values"},
    {.name = "classes", .type = MS_F_NAMES, .offset = DATA(classes), .size = SIZE_OF(classes),
     .sources = FROM_IDX | FROM_FILES,
     .doc = "all classes of the target in their order; of two the second is the positive one"},
    {.name = "validation", .type = MS_F_REAL, .offset = DATA(validation), .def = 0.2, .lo = 0,
     .hi = 1, .hi_open = true, .section = &validation_section,
     .doc = "fraction of the training rows kept for validation, or {\"file\": …}"},
    {.name = "folds", .type = MS_F_INT, .offset = DATA(folds), .lo = 2, .hi = MS_MAX_FOLDS,
     .fixed = true,
     .doc = "cross-validation: execution e validates on part e % folds and trains on the others"},
    {.name = "test", .type = MS_F_REAL, .offset = DATA(test), .lo = 0, .hi = 1, .hi_open = true,
     .doc = "fraction of all rows kept for testing"},
    {.name = "split", .type = MS_F_NAME, .offset = DATA(split), .names = split_names,
     .doc = "which rows are kept: random ones, the last ones, or random ones with the same share "
            "of every class"},
    {.name = "scaling", .type = MS_F_PICK, .offset = DATA(scaling),
     .table = &ms_dataset_scaling_table, .key = "name",
     .doc = "scaling of the inputs; if not given, images are divided by 255"},
    {.name = "target_scaling", .type = MS_F_ROW, .offset = DATA(target_scaling),
     .table = &ms_dataset_target_scaling_table, .def_text = "none",
     .doc = "scaling of a regression's targets; metrics except the loss stay in their own unit"},
};
const struct ms_section ms_schema_data_section =
    SECTION("the data", data_fields, .after = ms_sweep_walk_data_after);
// clang-format on
