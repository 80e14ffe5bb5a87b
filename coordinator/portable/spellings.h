// SPDX-License-Identifier: MIT
//
// Activations as C, NumPy, PyTorch and Keras spell them.
#ifndef MLPSWEEP_PORTABLE_SPELLINGS_H
#define MLPSWEEP_PORTABLE_SPELLINGS_H

#include <stdio.h>

#include "mlpsweep/table.h"

enum ms_spelling {
    MS_SPELLING_C,      // an expression of a double z; "" of softmax, which is no function of z
    MS_SPELLING_NUMPY,  // a call with x, (rows, units), of the function that
    MS_SPELLING_DEFINE, // this Python text defines; "" where there is none
    MS_SPELLING_TORCH,  // an expression of a tensor x, with torch and torch.nn.functional as F
    MS_SPELLING_KERAS,  // an expression of a tensor x, with keras.ops as ops
};
enum { MS_SPELLINGS = MS_SPELLING_KERAS + 1 };

// "$" in it stands for the first argument of the pick. NULL: there is no such activation here,
// which tests refuse.
const char *ms_spellings_of(const struct ms_pick *p, enum ms_spelling s);

// Writes it with the argument in its place.
void ms_spellings_put(FILE *file, const struct ms_pick *p, enum ms_spelling s);

#endif
