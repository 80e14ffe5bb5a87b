// SPDX-License-Identifier: MIT
//
// The screen of `status --follow` as text: a pure function of what was gathered and of the size of
// the terminal. It never writes more lines than the screen has, nor a line that is wider.
#ifndef MLPSWEEP_FOLLOW_VIEW_H
#define MLPSWEEP_FOLLOW_VIEW_H

#include "show_facts.h"

struct ms_follow_view {
    const struct ms_show *show;
    const struct ms_show_facts *facts;
    const struct ms_running_list *running;
    const char *best_params; // of the best trial, in one line; "": there is none
    const double *history;   // (n_history) the best mean so far, by trial
    int64_t n_history;
    const char *time; // of the day, when it was gathered
    int columns, rows;
    bool colour;
};

// Writes the lines, each with a line end; returns how many.
int ms_follow_view_print(const struct ms_follow_view *v, FILE *out);

// n values as n or `columns` characters of eight heights, whichever is less; a value that is NAN is
// a blank. out: 3 bytes for each character, and one. Returns out.
char *ms_follow_view_spark(const double *value, int64_t n, int columns, char *out, size_t size);

#endif
