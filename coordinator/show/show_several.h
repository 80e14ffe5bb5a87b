// SPDX-License-Identifier: MIT
//
// One ranking over several sweeps, of one store or of several, and what their files differ in.
#ifndef MLPSWEEP_SHOW_SEVERAL_H
#define MLPSWEEP_SHOW_SEVERAL_H

#include "show.h"

enum { MS_SHOW_SEVERAL = 32 }; // sweeps at most, and stores

struct ms_show_several {
    int n;
    struct ms_show show[MS_SHOW_SEVERAL]; // ranked, each alone; .sweep.name, .store
    const char *path[MS_SHOW_SEVERAL];    // of its store; borrowed
    struct ms_trial_rank *rank;           // over all: trial is a place in of and number
    int64_t n_ranks;
    int *of;          // sweep of each trial
    uint32_t *number; // its number there
    int n_differences;
    struct ms_show_difference {
        char *path;
        char *text[MS_SHOW_SEVERAL]; // by sweep; NULL: not in its file
    } * difference;
    size_t room;
};

// names: sweeps, separated by commas, that each store is searched for; NULL: the latest of each
// store. by, failures: as of ms_show_rank, else those of the first. Refuses sweeps whose metric or
// goal differ. Always to be closed.
int ms_show_several_open(struct ms_show_several *s, const char *const *path, int n_paths,
                         const char *names, int by, int failures,
                         struct ms_error *err) MS_MUST_CHECK;
void ms_show_several_close(struct ms_show_several *s);

// Prints it: what is compared, what differs, the table of `top` trials (0: all), the verdict; or
// CSV.
int ms_show_several_print(struct ms_show_several *s, int64_t top, bool csv,
                          struct ms_error *err) MS_MUST_CHECK;

#endif
