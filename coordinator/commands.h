// SPDX-License-Identifier: MIT
//
// The commands. Each is a row of the table in cli.c: name, synopsis, one line, function. A command
// gets its own arguments (argv[0] is the command's name), prints to stdout, and returns the exit
// status: 0 fine, 1 finished with failed trials, 2 refused, 3 interrupted but resumable.
#ifndef MLPSWEEP_COMMANDS_H
#define MLPSWEEP_COMMANDS_H

#include <stdio.h>

enum ms_exit { MS_EXIT_OK = 0, MS_EXIT_FAILED_TRIALS = 1, MS_EXIT_REFUSED = 2, MS_EXIT_INTERRUPTED = 3 };

int ms_cmd_check(int argc, char **argv);  // check.c
int ms_cmd_plan(int argc, char **argv);   // plan.c
int ms_cmd_rank(int argc, char **argv);   // show_rank.c
int ms_cmd_show(int argc, char **argv);   // show_trial.c
int ms_cmd_status(int argc, char **argv); // show_status.c
int ms_cmd_curves(int argc, char **argv); // show_curves.c

#endif
