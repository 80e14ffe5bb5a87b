// SPDX-License-Identifier: MIT
//
// The commands that look at a sweep file or a store: rows of the table in coordinator/cli.c. Each
// gets its own arguments (argv[0] is its name), prints to stdout, and returns the exit status.
#ifndef MLPSWEEP_SHOW_COMMANDS_H
#define MLPSWEEP_SHOW_COMMANDS_H

int ms_show_check_command(int argc, char **argv);      // check.c
int ms_show_rank_command(int argc, char **argv);       // show_rank.c
int ms_show_trial_command(int argc, char **argv);      // show_trial.c
int ms_show_status_command(int argc, char **argv);     // show_status.c
int ms_show_curves_command(int argc, char **argv);     // show_curves.c
int ms_show_importance_command(int argc, char **argv); // show_importance.c

#endif
