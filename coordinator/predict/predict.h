// SPDX-License-Identifier: MIT
//
// mlpsweep predict: new rows through networks that were kept, with the preprocessing of training.
#ifndef MLPSWEEP_PREDICT_H
#define MLPSWEEP_PREDICT_H

#include <stdio.h>

#include "coordinator/model/model.h"
#include "coordinator/source/later.h"

// The worker's engine (ms_evaluate of mlpsweep/train.h), which main() lends to this room.
struct ms_predict_engine {
    // Makes BLAS what it was in training; may execute the program anew: call it first.
    int (*settle)(struct ms_error *err);
    // Rows 0 … n - 1 of the data, with the model's weights. threads: of the sweep. outputs (n,
    // n_outputs); metrics (config->n_metrics).
    int (*evaluate)(const struct ms_model *m, int threads, const struct ms_dataset *data,
                    uint32_t n, double *outputs, double *metrics, struct ms_error *err);
};

// The command: a row of the table in coordinator/cli.c.
int ms_predict_command(int argc, char **argv, const struct ms_predict_engine *engine);

// ---- rows (predict_rows.c) -----------------------------------------------------------------------

enum ms_predict_part {
    MS_PREDICT_NEW, // rows of --data
    MS_PREDICT_TRAINING,
    MS_PREDICT_VALIDATION,
    MS_PREDICT_TEST,
};
extern const char *const ms_predict_part_names[MS_PREDICT_TEST + 1]; // "new", "training", …

struct ms_predict_request {
    enum ms_predict_part part;
    const char *data, *targets, *table, *query; // NULL: not given
    int unseen;                                 // enum ms_unseen; -1: as the sweep file says
};

struct ms_predict_rows {
    struct ms_later later;
    struct ms_data_info info; // notes and files
    uint32_t n;
    uint32_t *row; // (n) of the file
};
void ms_predict_rows_clear(struct ms_predict_rows *r);

// Reads what is asked for, as the model's data were read.
int ms_predict_rows_read(const struct ms_predict_request *q, const struct ms_model *m,
                         struct ms_predict_rows *out, struct ms_error *err) MS_MUST_CHECK;

// ---- output (predict_write.c) --------------------------------------------------------------------

struct ms_predict_answers {
    const struct ms_model *model;
    const struct ms_predict_rows *rows;
    const double *mean; // (n, n_outputs) over the networks
    const double *sd;   // the same: their standard deviation; NULL: there is one network
};
// CSV: row, prediction, then probabilities or outputs, then deviations.
void ms_predict_write(FILE *out, const struct ms_predict_answers *a);

// What a row of outputs says: of classes the number of the class.
size_t ms_predict_class(const struct ms_model *m, const double *outputs);
// True if outputs are probabilities of classes.
bool ms_predict_is_probability(const struct ms_model *m);

#endif
