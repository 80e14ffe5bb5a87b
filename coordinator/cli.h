// SPDX-License-Identifier: MIT
//
// Finds the command that the user named. A command gets its own arguments (argv[0] is the command's
// name), prints to stdout, and returns the exit status (enum ms_exit).
#ifndef MLPSWEEP_CLI_H
#define MLPSWEEP_CLI_H

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

// Finds argv[1] in the table and runs it. linked: the rows that have no function of their own.
// Returns the exit status.
int ms_cli(int argc, char **argv, const struct ms_linked *linked, int n_linked);

#endif
