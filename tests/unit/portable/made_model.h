// SPDX-License-Identifier: MIT
//
// Models made up for the tests of exports: a network with random weights behind any preprocessing,
// and rows for it. The same each time.
#ifndef MLPSWEEP_TESTS_MADE_MODEL_H
#define MLPSWEEP_TESTS_MADE_MODEL_H

#include <stdbool.h>

#include "coordinator/model/model.h"

enum made_columns {
    MADE_NUMBERS,    // four numbers
    MADE_MIXED,      // numbers and two categorical columns between them
    MADE_CATEGORIES, // two categorical columns alone
    MADE_ARRAY,      // an array of six numbers
    MADE_DATES,      // a date and two numbers
    MADE_UNKNOWN,    // four inputs without columns, as of an old store
};

enum made_scaling { MADE_UNSCALED, MADE_STANDARD, MADE_MINMAX, MADE_DIVIDED, MADE_FAR };

// What is not given is 0: a regression on numbers by a linear network without hidden layers.
struct made {
    const char *name;          // of the sweep
    const char *activation;    // of the hidden layers; NULL: there are none
    double arg;                // its first argument; 0: the default
    const char *normalization; // NULL: none
    bool bare;                 // neither biases nor gamma and beta
    const char *output;        // activation of the output; NULL: linear
    enum ms_data_task task;
    int n_outputs; // 0: 1
    enum made_columns columns;
    enum made_scaling scaling;
    bool unnamed_classes;
    const char *target; // its scaling: "standard", "minmax", "log", "log1p", "base"; NULL: none
};

// Exits where it cannot be made. Cleared with ms_model_clear.
void made_model(const struct made *how, struct ms_model *out);

// Raw values of a row as the exported models take them, n_values of them: numbers, and of a
// category its place, -1 for one that was never seen; NAN is missing. inputs: the n_inputs that
// ms_model_forward takes. Returns n_values.
int made_row(const struct ms_model *m, int row, double *values, double *inputs);

enum { MADE_VALUES = 64 }; // as many as any of them has, and inputs

// All combinations that exports are compared on.
extern const struct made made_cases[];
extern const int made_n_cases;

#endif
