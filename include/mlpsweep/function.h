// SPDX-License-Identifier: MIT
//
// Analytic objectives: functions whose minimum is known, which sweep like a network and cost
// nothing. Rows of ms_function_table (common/space/functions.c), each with its source.
#ifndef MLPSWEEP_FUNCTION_H
#define MLPSWEEP_FUNCTION_H

#include "mlpsweep/table.h"

#define MS_MAX_FUNCTION_DIMS 64

struct ms_function {
    struct ms_row row;
    int dims;            // numbers it takes; 0: as many as it is given, 2 where the file names none
    double lo[6], hi[6]; // the usual domain of number i; of dims 0: [0] holds for all
    double minimum;      // its smallest value
    double (*value)(const double *x, int n); // pure
};

extern const struct ms_table ms_function_table;

const struct ms_function *ms_function_row(int row);

// The numbers that a function takes where the file leaves out "params".
int ms_function_usual_dims(const struct ms_function *f);

// The name of number i of n where the file leaves out "params": "x" and "y" of two, else "x1",
// "x2", … Returns out.
const char *ms_function_param(int i, int n, char *out, size_t size);

#endif
