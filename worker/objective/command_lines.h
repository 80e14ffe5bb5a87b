// SPDX-License-Identifier: MIT
//
// The lines that a command prints, read as epochs. Knows no process and no clock: bytes go in,
// epochs go to the outlet, and a verdict says what the values mean for the attempt.
#ifndef MLPSWEEP_WORKER_COMMAND_LINES_H
#define MLPSWEEP_WORKER_COMMAND_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evaluate.h"
#include "metric_line.h"

enum {
    MS_COMMAND_LINE = 65536, // bytes of a line; longer ones are not read
    // Doubles in a METRICS message of one frame, less its head and the longest line's names.
    MS_COMMAND_VALUES = 64,
    MS_COMMAND_NAMES = MS_MAX_METRICS * MS_METRIC_NAME,
    MS_COMMAND_SEEN = 16, // names that a message lists
};

enum ms_command_verdict {
    MS_COMMAND_GOES_ON,
    MS_COMMAND_ENOUGH, // it printed an epoch beyond the last one wanted
    MS_COMMAND_PRUNED, // the objective is worse than the attempt's limit
};

struct ms_command_lines { // large: allocate it as zeros, then set the first group and best
    const struct ms_attempt *attempt;
    const struct ms_objective *objective;
    const struct ms_outlet *to;
    uint32_t most; // the last epoch wanted; 0: the command ends by itself

    double best; // objective so far; NAN: no finite one
    enum ms_command_verdict verdict;
    bool deaf;      // set by the owner or with a verdict: no further line counts
    bool all;       // the objective of the last epoch wanted is there
    bool printed;   // the objective, at least once
    uint32_t epoch; // of the last line that had one, 0: none
    int bad;        // lines that could not be read
    char first_bad[128];
    int dropped; // metrics that were not kept
    char seen[MS_COMMAND_SEEN][MS_METRIC_NAME];
    int n_seen;

    // The line that is being received.
    char line[MS_COMMAND_LINE];
    size_t n_line;
    bool too_long;

    bool numbered;                       // the command numbers its epochs
    int shift;                           // 1: it counts from 0
    struct ms_metric_line read, current; // the last line; what this epoch has reported so far

    // Epochs that were not sent yet, all with the same names.
    double values[MS_COMMAND_VALUES];
    char names[MS_COMMAND_NAMES];
    size_t names_size;
    uint32_t first, n_epochs, n_columns;
};

// Takes bytes as they came, cut anywhere.
void ms_command_lines_take(struct ms_command_lines *l, const char *text, size_t size);

// The end of the output: the last line may lack its line end.
void ms_command_lines_finish(struct ms_command_lines *l);

// Sends the epochs that wait.
void ms_command_lines_flush(struct ms_command_lines *l);

#endif
