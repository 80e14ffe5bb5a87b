// SPDX-License-Identifier: MIT
//
// The options of a command as a table: what each is called, where its value goes, what is allowed.
#ifndef MLPSWEEP_OPTIONS_H
#define MLPSWEEP_OPTIONS_H

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
int ms_options_read(const struct ms_syntax *s, int argc, char **argv, const char **words);

#endif
