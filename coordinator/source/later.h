// SPDX-License-Identifier: MIT
//
// Rows that come after training: read by the readers of training, with columns, kinds, categories
// and classes as the store knows them. Nothing is decided or fitted anew. Called by commands.
#ifndef MLPSWEEP_LATER_H
#define MLPSWEEP_LATER_H

#include "common/data/raw.h"

// What is asked for.
struct ms_later_request {
    // The sweep's "data" section; for new rows with the path, table, query or arrays of these in
    // place of the training file's. Synthetic points that are new are read from a CSV file.
    const struct ms_data_spec *spec;
    const struct ms_data_info *was; // what was understood of the training data
    int part;                       // 0: the training file, or new rows in its place; 1, 2: the
                                    // validation or test file of spec
    bool as_trained; // the sweep's own rows: the target must be there, rows with missing values are
                     // refused or dropped as in training
    const char *dir; // for relative paths
    uint64_t seed;   // the sweep's, for synthetic points
};

// The rows. Zeroed before its first use; cleared with ms_later_clear.
struct ms_later {
    struct ms_raw raw;   // y NULL: the rows have no targets that are known
    char no_target[400]; // why they have none; "": they have
    // (n_rows) 1: an input is missing, and the network has never seen that: no answer; NULL: none.
    uint8_t *hole;
};
void ms_later_clear(struct ms_later *l);

// Reads the rows. Columns are found by name, where the source has names: in any order, with others
// between them, which a note names; without the target, unless as_trained. info: zeroed; gets notes
// and files; the caller clears it. Refuses in one line what readers refuse, and columns, sizes and
// categories that the training data did not have.
int ms_later_read(const struct ms_later_request *q, struct ms_later *out, struct ms_data_info *info,
                  struct ms_error *err) MS_MUST_CHECK;

#endif
