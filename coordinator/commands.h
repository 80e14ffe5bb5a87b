// SPDX-License-Identifier: MIT
//
// The commands. Each is a row of the table in cli.c: name, synopsis, one line, function. A command
// gets its own arguments (argv[0] is the command's name), prints to stdout, and returns the exit
// status: 0 fine, 1 finished with failed trials, 2 refused, 3 interrupted but resumable.
#ifndef MLPSWEEP_COMMANDS_H
#define MLPSWEEP_COMMANDS_H

#include <stdio.h>

#include "mlpsweep/measure.h"

enum ms_exit {
    MS_EXIT_OK = 0,
    MS_EXIT_FAILED_TRIALS = 1,
    MS_EXIT_REFUSED = 2,
    MS_EXIT_INTERRUPTED = 3
};

int ms_cmd_check(int argc, char **argv);  // check.c
int ms_cmd_rank(int argc, char **argv);   // show_rank.c
int ms_cmd_show(int argc, char **argv);   // show_trial.c
int ms_cmd_status(int argc, char **argv); // show_status.c
int ms_cmd_curves(int argc, char **argv); // show_curves.c

// What plan measures with: ms_measure, which is the worker's and reaches it from main().
typedef int (*ms_measure_with)(const struct ms_measure_job *job, struct ms_measured *out,
                               struct ms_error *err);
int ms_cmd_plan(int argc, char **argv, ms_measure_with measure); // plan.c

#endif
