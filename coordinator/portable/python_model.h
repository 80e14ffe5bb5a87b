// SPDX-License-Identifier: MIT
//
// Inside contract of python_model.c and python_network.c: a Python module that is being written.
#ifndef MLPSWEEP_PORTABLE_PYTHON_MODEL_H
#define MLPSWEEP_PORTABLE_PYTHON_MODEL_H

#include "models.h"
#include "portable.h"

struct ms_portable_python {
    const struct ms_model *m;
    struct ms_portable_columns c;
    FILE *file;
    const char *weights, *module;
    bool categories, dates, arrays; // kinds of columns that it has
};

// python_network.c: the network in NumPy, in PyTorch and in Keras. MS_EINVAL: an activation is not
// known.
int ms_portable_python_network(const struct ms_portable_python *p,
                               struct ms_error *err) MS_MUST_CHECK;
void ms_portable_python_torch(const struct ms_portable_python *p);
void ms_portable_python_keras(const struct ms_portable_python *p);

// How the outputs are brought back from the scale of the targets: "exp", "expm1", or "".
const char *ms_portable_python_inverse(const struct ms_model *m);

#endif
