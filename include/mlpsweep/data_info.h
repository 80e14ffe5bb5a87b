// SPDX-License-Identifier: MIT
//
// What the program understood of a data set, for people and for the store: one line, columns,
// classes, scaling constants, files, and every assumption as a note. It stays on rank 0; the block
// that workers get (dataset.h) does not hold it.
#ifndef MLPSWEEP_DATA_INFO_H
#define MLPSWEEP_DATA_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/dataset.h"
#include "mlpsweep/sha256.h"
#include "mlpsweep/status.h"

enum ms_data_role { MS_ROLE_INPUT, MS_ROLE_CATEGORY, MS_ROLE_TARGET, MS_ROLE_IGNORED };
enum { MS_DATA_ROLES = MS_ROLE_IGNORED + 1 };
extern const char *const ms_data_role_names[MS_DATA_ROLES]; // "input", …

// The kinds of columns: "number", "boolean", "date", "time", "category", "class", "byte". The
// static text of a name; "": there is no such kind.
const char *ms_data_kind(const char *name);

// A column of the source. An array whose columns have no names is one column of that width.
struct ms_data_column {
    char *name; // as the header gives it; "column 3" where it gives none; "x" of an array. Owned
    enum ms_data_role role;
    const char *kind;    // "number", "boolean", "date", "time", "category", "class", "byte"; static
    uint32_t width;      // inputs or outputs that it became: one per category; 0: ignored
    uint64_t n_missing;  // missing values in kept rows (filled in)
    double lo, hi, mean; // of the training rows, in the source's unit; NAN: not numbers, or no rows
    // x' = (x - shift) / divide, a missing x being `fill`; NAN: fitted for every fold, or not the
    // same for the whole width.
    double fill, shift, divide;
    char **level; // of a category: its texts in the order of its one-hot inputs; owned
    size_t n_levels, level_room;
};

// How values of the source become the numbers that a network learns, exactly: the constants that
// were fitted to the training rows, of one fold if there are folds. In the unit of the source.
struct ms_data_scaling {
    // (n_inputs): x becomes (x - shift) / divide as float, a missing x being fill. Bytes that are
    // divided when a batch is gathered have {0, 0, divisor}; what stays as it is has {…, 0, 1}.
    struct ms_column *input; // owned
    // (n_inputs): with folds x - base is rounded to float before it is scaled; else 0. Owned
    double *base;
    struct ms_target *target; // (n_outputs); NULL: targets are not scaled. Owned
};

struct ms_data_class { // in the order of the outputs; of two the second is the positive one
    char *label;       // owned
    uint64_t n_train, n_val, n_test; // rows; with folds all of them are in n_train
};

struct ms_data_note {
    bool warning; // else something that was assumed
    char *text;   // one sentence without a full stop, with the field that changes it. Owned
};

struct ms_data_file {
    char *path;    // as it was found. Owned
    char part[12]; // "training", "validation", "test"
    uint64_t bytes;
    char sha256[MS_SHA256_SIZE]; // of the file's bytes, as sha256sum prints it
};

// Zeroed before its first use; cleared with ms_data_info_clear.
struct ms_data_info {
    char source[16];  // the field of the sweep file: "csv", "idx", "synthetic", …
    char name[256];   // what people call it: "houses.csv", "circles"
    char task[16];    // "regression", "binary", "multiclass"
    char task_by[96]; // what decided the task: "task", "loss 'mse'", "its values", "the source"
    char target[256]; // names of the target columns: "price", "y0, y1"; "": they have none
    int n_inputs, n_outputs;
    uint64_t n_rows, n_train, n_val, n_test, n_dropped; // n_rows: without the dropped ones
    int n_folds;
    char split[16];                // "random", "last", "stratified", "file", "" (none)
    char scaling[48];              // "none", "standard", "divide_by 255"
    char target_scaling[48];       // "none", "standard", …
    struct ms_data_column *column; // inputs in the order of x, then targets in the order of the
                                   // outputs, then ignored columns
    size_t n_columns, column_room;
    struct ms_data_class *class;
    size_t n_classes, class_room;
    struct ms_data_note *note;
    size_t n_notes, note_room;
    struct ms_data_file *file;
    size_t n_files, file_room;
    char sha256[MS_SHA256_SIZE];   // of the packed block: content, order and scaling
    uint32_t first_index;          // svmlight: what indices begin with
    struct ms_data_scaling *scale; // (n_scales): one, or one for each fold; 0: an older store
    size_t n_scales, scale_room;
};

void ms_data_info_clear(struct ms_data_info *i);

// Adds to the lists; texts are copied. A note that is already there is not added again. The format
// is printf's; a note is at most 500 bytes.
int ms_data_info_note(struct ms_data_info *i, bool warning, struct ms_error *err,
                      const char *format, ...) __attribute__((format(printf, 4, 5))) MS_MUST_CHECK;
int ms_data_info_column(struct ms_data_info *i, const struct ms_data_column *c,
                        struct ms_error *err) MS_MUST_CHECK;
// A further category of a column.
int ms_data_info_level(struct ms_data_info *i, size_t column, const char *text,
                       struct ms_error *err) MS_MUST_CHECK;
// Adds a scaling of n_inputs inputs, zeroed, with targets (n_outputs) or without: *out, the
// caller's to fill. n_inputs and n_outputs must be known.
int ms_data_info_scale(struct ms_data_info *i, bool targets, struct ms_data_scaling **out,
                       struct ms_error *err) MS_MUST_CHECK;
int ms_data_info_class(struct ms_data_info *i, const struct ms_data_class *c,
                       struct ms_error *err) MS_MUST_CHECK;
int ms_data_info_file(struct ms_data_info *i, const struct ms_data_file *f,
                      struct ms_error *err) MS_MUST_CHECK;

// The scaling of an execution's fold; NULL: the store does not have it.
const struct ms_data_scaling *ms_data_info_scaling(const struct ms_data_info *i,
                                                   uint32_t execution);

// "houses.csv, 20,640 rows x 8 inputs, regression on price; 16,512 train, 4,128 validation
// (random); scaling standard". Classes are named with their counts while they are few.
enum { MS_DATA_LINE = 2000 }; // bytes that are enough for it
const char *ms_data_info_line(const struct ms_data_info *i, char *out, size_t size);

// True if now, read under the same name, is other data than was: other content, and neither moved
// nor written in another way. why: a sentence that says what has changed; "": nothing. Where was
// has no hashes (an older store), and of synthetic points, nothing has.
bool ms_data_info_changed(const struct ms_data_info *was, const struct ms_data_info *now, char *why,
                          size_t size);

#endif
