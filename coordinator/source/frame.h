// SPDX-License-Identifier: MIT
//
// A frame: the rows of one part (training, validation or test) as its files have them. A reader
// fills it and decides nothing; frames.c decides roles, target, categories, missing values.
//
// Rows are complete: every column has a value for every row. Columns of a table have width 1; an
// array is one column whose width is the product of its dimensions but the first.
#ifndef MLPSWEEP_FRAME_H
#define MLPSWEEP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/data_info.h"
#include "mlpsweep/dataset.h"

enum ms_frame_type {
    MS_FRAME_F64,  // double; NAN: missing
    MS_FRAME_F32,  // float; NAN: missing. Arrays only: a table's numbers are doubles
    MS_FRAME_U8,   // uint8_t
    MS_FRAME_TEXT, // uint32_t, a label's number; MS_FRAME_NONE: missing
    MS_FRAME_LEFT, // not read, as it is ignored: no values
};
#define MS_FRAME_NONE UINT32_MAX

struct ms_frame_column {
    char *name;    // owned; "column 3" where a header gives none; NULL: an array without a name
    char *file;    // owned; the column's own file, for messages; NULL: the frame's
    bool nameless; // the name is made up, as the header is empty there
    enum ms_data_role role;
    int target; // of a target: its place in data.target
    enum ms_frame_type type;
    // Of numbers that were written as something else: "boolean", "date", "time"; "class" of a
    // target that the format calls a label; else NULL.
    const char *kind;
    size_t width;
    size_t text_row; // of a TEXT target: the first row whose text is not a number
    void *value;     // (rows, width) of the type; owned; NULL of MS_FRAME_LEFT
    char **label;    // TEXT: the different texts, in order of first appearance; owned
    size_t n_labels;
};

struct ms_frame {
    char path[4608]; // of the file that messages name, as it was found
    bool named;      // columns of the parts are matched by name; else by place
    size_t rows;
    long header;          // line of the header in a text file; 0: there is none
    uint32_t first_index; // of the only array, in a text file that numbers its columns
    long *line; // (rows): where a row begins in a text file; NULL: rows are counted from 0
    struct ms_frame_column *column;
    size_t n_columns, column_room;
};

enum ms_part { MS_PART_TRAINING, MS_PART_VALIDATION, MS_PART_TEST, MS_PARTS };

// What a reader is asked for.
struct ms_frame_request {
    const struct ms_data_spec *spec;
    const char *sweep_dir;
    enum ms_part part;
    const struct ms_frame *training; // of the other parts: the training frame, whole; else NULL
    struct ms_data_info *info;       // gets notes and files; never NULL
    // The rows may have no targets: a table lacks the columns, an array's reader adds a target of
    // MS_FRAME_LEFT without values. Then training is a frame without rows (frames_known.h).
    bool targets_optional;
};

// Gives a table's columns their roles by name, after data.target, categorical and ignore; called
// once the columns are known, before values are read. An ignored column becomes MS_FRAME_LEFT. In a
// part other than training, a column that the training frame lacks is ignored, with a note.
//
// Refuses (MS_EINVAL) names that no column or two have, with the nearest spelling, and a table
// without targets or inputs; (MS_EFORMAT) a later part that lacks a column of the training frame.
int ms_frame_roles(const struct ms_frame_request *q, struct ms_frame *f,
                   struct ms_error *err) MS_MUST_CHECK;

// place[i]: the column of f that goes with column i of the training frame: the same name, the k-th
// of that name; without names the same place. SIZE_MAX: none.
int ms_frame_match(const struct ms_frame *training, const struct ms_frame *f, size_t *place,
                   struct ms_error *err) MS_MUST_CHECK;

// Adds a column without values; returns it, or NULL when there is no memory. name is copied.
struct ms_frame_column *ms_frame_add(struct ms_frame *f, const char *name, enum ms_frame_type type,
                                     size_t width, struct ms_error *err) MS_MUST_CHECK;
void ms_frame_drop_last(struct ms_frame *f); // the last column
void ms_frame_clear(struct ms_frame *f);

// Interns texts while a TEXT column is read: the number of a label, added if it is new. Zeroed
// before its first use; the labels belong to the column.
struct ms_frame_labels {
    uint32_t *slot; // open addressing, numbers of labels
    size_t n_slots, label_room;
};
int ms_frame_label(struct ms_frame_labels *l, struct ms_frame_column *c, const char *text,
                   uint32_t *number, struct ms_error *err) MS_MUST_CHECK;
void ms_frame_labels_clear(struct ms_frame_labels *l);

// "houses.csv:12: column 3 (price)" or "x.npy: row 11, number 3": where a value stands.
const char *ms_frame_where(const struct ms_frame *f, size_t row, size_t column, size_t number,
                           char *out, size_t size);

#endif
