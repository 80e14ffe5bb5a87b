// SPDX-License-Identifier: MIT
//
// What a target is: one rule for all sources. The first that says something decides:
//
// 1. data.task, then data.classes;
// 2. the format, where it calls a number a label (IDX);
// 3. what in the sweep file speaks for classes, then data.target_scaling and what speaks for
//    numbers (ms_task_hint). A metric for classes beside a loss or an output for numbers is refused
//    where numbers could be either. Texts are classes even so;
// 4. the values. Texts are classes, and so are rows of which one number is 1 and the others are 0,
//    and whole numbers with at most MS_AUTO_CLASSES different values. Other numbers are numbers.
//
// Two classes have one output, unless data.task or the sweep file wants one for each.
#ifndef MLPSWEEP_FRAMES_TASK_H
#define MLPSWEEP_FRAMES_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/dataset.h"

// Of the training rows, except one_hot.
struct ms_target_facts {
    char what[5400]; // for messages: "t.csv: target 'price'"
    size_t rows;
    size_t n_targets; // numbers of a row
    size_t n_values;  // different ones, if n_targets is 1
    bool text, label; // label: the format says so
    bool whole;       // all are whole numbers
    bool zero_one;    // the values are 0 and 1
    bool one_hot;     // n_targets > 1: every row of every part is
};

struct ms_target_choice {
    enum ms_data_task task;
    const char *by; // what decided: "task", "loss 'mse'", "its values"
    bool assumed;   // whole numbers or one-hot rows were taken for classes
};

// Refuses (MS_EINVAL, MS_ELIMIT) a task that the values contradict, naming both and the field.
int ms_frames_task(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                   const struct ms_target_facts *facts, struct ms_target_choice *out,
                   struct ms_error *err) MS_MUST_CHECK;

#endif
