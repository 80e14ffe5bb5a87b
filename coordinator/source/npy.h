// SPDX-License-Identifier: MIT
//
// NumPy's NPY format, versions 1 to 3: a magic number, a header that is a Python dictionary with
// element type, order and shape, and the elements.
#ifndef MLPSWEEP_NPY_H
#define MLPSWEEP_NPY_H

#include "common/data/raw.h"
#include "file.h"

enum { MS_NPY_DIMS = 32 };   // NumPy's own limit, until 2.0
enum { MS_NPY_TEXT = 4096 }; // characters of a text

struct ms_npy {
    char kind;    // 'b', 'i', 'u', 'f', 'S' (bytes of a text), 'U' (its characters)
    size_t size;  // bytes of an element
    bool swapped; // its bytes are in the other order
    bool fortran; // the first index runs fastest
    int n_dims;
    uint64_t dim[MS_NPY_DIMS];
    uint64_t rows, width; // dim[0], and the product of the others
};

// The dictionary: n bytes of text. what: how messages call the array.
int ms_npy_parse(const char *text, size_t n, const char *what, struct ms_npy *out,
                 struct ms_error *err) MS_MUST_CHECK;

// Reads a whole array, from the NPY file path or, if name is not NULL, from the entry name + ".npy"
// of an archive, into the column's type, width and values (rows, width) in C order: unsigned bytes
// and bools stay bytes, numbers that a float holds exactly become floats, others doubles, and texts
// labels. The caller clears the column, after a failure too.
int ms_npy_read(const char *path, const char *name, struct ms_npy *out, struct ms_frame_column *c,
                struct ms_error *err) MS_MUST_CHECK;

// Values as they are read (npy_values.c). Zeroed but for the column; labels are cleared by the
// caller.
struct ms_npy_values {
    struct ms_frame_column *column;
    struct ms_frame_labels labels;
};
int ms_npy_room(struct ms_npy_values *v, const struct ms_npy *a, const char *what,
                struct ms_error *err) MS_MUST_CHECK;

// Puts an element, in the machine's byte order, at a place. Refuses integers that no double holds,
// and texts that are neither UTF-8 nor Unicode.
int ms_npy_put(struct ms_npy_values *v, const struct ms_npy *a, size_t at, const unsigned char *p,
               const char *what, struct ms_error *err) MS_MUST_CHECK;

#endif
