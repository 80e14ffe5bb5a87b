// SPDX-License-Identifier: MIT
//
// The options of a command as a table: their names, where their values go, and which values are
// allowed.
#ifndef MLPSWEEP_OPTIONS_H
#define MLPSWEEP_OPTIONS_H

// One option. It is spelled --name VALUE or --name=VALUE; flags take no value. An option "output"
// is spelled -o VALUE, too.
struct ms_option {
    const char *name; // without the dashes
    enum { MS_OPT_TEXT, MS_OPT_INT, MS_OPT_SECONDS, MS_OPT_CHOICE, MS_OPT_FLAG } kind;
    void *to;            // const char **, int *, double *, int *, bool *
    const char *choices; // CHOICE: "longest|first|last", the index goes into to; TEXT: the value's
                         // name in the help
    double lo;           // smallest INT or SECONDS allowed
    const char *doc;
};

// A command line: the options and words that it may hold.
struct ms_syntax {
    const char *command; // "rank"
    // Printed by --help before the options; its first line also if words are missing.
    const char *usage;
    const struct ms_option *options;
    int n_options;
    int least, most;  // words that are not options
    const char *what; // the first of these words: "store"
    // Lines of examples, "mlpsweep rank results.db --top 5    # the five best"; printed by --help,
    // and part of the manual. NULL: none.
    const char *examples;
};

// Reads argv[1…] into the options; the other words, at most `most`, go to words. After "--" nothing
// is an option. Returns the number of words; or -1 - exit status, after printing the help if it was
// asked for (--help, -h), else one line on stderr: an unknown option (and the nearest one), a
// missing or bad value, too many or too few words.
int ms_options_read(const struct ms_syntax *s, int argc, char **argv, const char **words);

// What the help calls an option's value: "FILE", "auto|wal|delete", "N"; "": it takes none.
const char *ms_options_value(const struct ms_option *o);

// From now on ms_options_read reads nothing: it shows its syntax to hear and returns -1 -
// MS_EXIT_OK, so that the manual and the completion of shells are made from the tables that the
// commands themselves read. NULL ends that. One listener for the process.
typedef void (*ms_options_hear)(void *ctx, const struct ms_syntax *s);
void ms_options_listen(ms_options_hear hear, void *ctx);

#endif
