// SPDX-License-Identifier: MIT
//
// Finds the command that the user named. A command gets its own arguments (argv[0] is the command's
// name), prints to stdout, and returns the exit status (enum ms_exit).
#ifndef MLPSWEEP_CLI_H
#define MLPSWEEP_CLI_H

#include "mlpsweep/options.h"

struct ms_command {
    const char *name;
    const char *synopsis; // what follows the name
    const char *doc;      // one line
    int (*run)(int argc, char **argv);
};

// A command that needs what this library may not link (MPI, the worker) and is defined in main.c.
struct ms_linked {
    const char *name;
    int (*run)(int argc, char **argv);
};

// Calls each for every command with the syntax that the command reads its words by: for the manual
// and the completion of shells.
typedef void (*ms_cli_visit)(void *ctx, const struct ms_command *c, const struct ms_syntax *s);
void ms_cli_each(ms_cli_visit each, void *ctx);

// Commands that print what is made from the table: manual.c, completion.c.
int ms_manual_command(int argc, char **argv);
int ms_completion_command(int argc, char **argv);

// Finds argv[1] in the table and runs it. of_main: the rows that have no function of their own.
// Returns the exit status.
int ms_cli(int argc, char **argv, const struct ms_linked *of_main, int n_of_main);

#endif
