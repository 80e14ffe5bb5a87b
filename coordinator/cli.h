// SPDX-License-Identifier: MIT
//
// The command line: one table of commands, one table of options a command.
#ifndef MLPSWEEP_CLI_H
#define MLPSWEEP_CLI_H

#include <stdbool.h>

#include "commands.h"
#include "mlpsweep/status.h"

struct ms_command {
    const char *name;
    const char *synopsis; // what follows the name
    const char *doc;      // one line
    int (*run)(int argc, char **argv);
};

// A command that needs what this library may not link (MPI, the worker) and is defined beside
// main().
struct ms_linked {
    const char *name;
    int (*run)(int argc, char **argv);
};

// Finds argv[1] in the table and runs it. linked: the rows that have no function of their own.
// Returns the exit status.
int ms_cli(int argc, char **argv, const struct ms_linked *linked, int n_linked);

// Where an option's value goes. Options are spelled --name VALUE or --name=VALUE; flags take none.
struct ms_option {
    const char *name; // without the dashes
    enum { MS_OPT_TEXT, MS_OPT_INT, MS_OPT_SECONDS, MS_OPT_CHOICE, MS_OPT_FLAG } kind;
    void *to;            // const char **, int *, double *, int *, bool *
    const char *choices; // CHOICE: "longest|first|last", the index goes into to; TEXT: what the
                         // help calls it
    double lo;           // smallest INT or SECONDS allowed
    const char *doc;
};

// What a command line may hold.
struct ms_syntax {
    const char *command; // "rank"
    const char
        *usage; // printed by --help before the options; its first line also where words are missing
    const struct ms_option *options;
    int n_options;
    int least, most;  // words that are no options
    const char *what; // the first of them: "store"
};

// Reads argv[1…] into the options; what is left over goes to words (at most most). Behind "--"
// nothing is an option. Returns how many words, or -1 - exit status, when all has been said: the
// help where it was asked for (--help, -h), else one clear line on stderr: unknown option (and the
// nearest), missing or bad value, too many or too few words.
int ms_arguments(const struct ms_syntax *s, int argc, char **argv, const char **words);

#endif
