// SPDX-License-Identifier: MIT
//
// NumPy's NPY format, versions 1 to 3: a magic number, a header that is a Python dictionary with
// element type, order and shape, and the elements.
#ifndef MLPSWEEP_NPY_H
#define MLPSWEEP_NPY_H

#include "common/data/raw.h"
#include "file.h"

enum { MS_NPY_DIMS = 32 }; // NumPy's own limit, until 2.0

struct ms_npy {
    char kind;    // 'b', 'i', 'u', 'f'
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
// of an archive. Elements go to (rows, width) in C order: to *bytes if they are unsigned bytes or
// bools and bytes is not NULL, else to *values; malloc'ed, the other one NULL.
int ms_npy_read(const char *path, const char *name, struct ms_npy *out, uint8_t **bytes,
                float **values, struct ms_error *err) MS_MUST_CHECK;

#endif
