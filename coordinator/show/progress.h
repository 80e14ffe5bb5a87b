// SPDX-License-Identifier: MIT
//
// The display of a running sweep: on a terminal one live block that is redrawn in place, on a pipe
// plain lines at intervals, so that a log stays readable. Pure functions of a state make the text;
// only ms_progress_show and ms_progress_note write.
#ifndef MLPSWEEP_PROGRESS_H
#define MLPSWEEP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum ms_progress_mode { MS_PROGRESS_PLAIN, MS_PROGRESS_LIVE, MS_PROGRESS_NONE };

enum { MS_PROGRESS_WORKERS = 16 }; // at most so many workers have a line

struct ms_progress_worker {
    int rank;
    bool ready, lost;
    bool busy;
    uint32_t trial, execution, epoch, epochs;
    char metric[64]; // "val_loss"
    double value;    // its latest, NAN when none yet
    double running_s;
};

struct ms_progress_state {
    const char *sweep;
    int64_t executions;            // planned in all
    int64_t done, failed, running; // failed: ended without a value
    int64_t done_before;           // of done: by earlier runs on this store
    int64_t finished_now;          // by this run
    double elapsed_s, left_s;      // left_s: NAN when unknown
    bool has_best;
    uint32_t best_trial;
    double best; // the mean of its executions
    char metric[64];
    double reader_waits_s; // how long a reader has kept a commit waiting
    int workers, workers_ready, workers_lost;
    int n_lines;
    struct ms_progress_worker line[MS_PROGRESS_WORKERS];
};

struct ms_progress {
    enum ms_progress_mode mode;
    FILE *out;
    int columns;
    int drawn;         // lines of the block on the screen
    double shown_at_s; // elapsed_s of the last output
    int64_t shown_done;
};

// One line: "a2: 12/36 done, 2 running, best val_loss 0.0031 (trial 4), 3.1/s, 8 s left".
char *ms_progress_line(const struct ms_progress_state *s, char *out, size_t size);

// "1 d 02:03", "2:03:04", "3:04", "12 s"; "?" for NAN.
char *ms_progress_duration(double seconds, char *out, size_t size);

// The same with three digits below 100 s: "3.58 µs", "2.27 ms", "1.25 s".
char *ms_progress_time_taken(double seconds, char *out, size_t size);

// True when ms_progress_show would draw now, so that the state is worth gathering.
bool ms_progress_due(const struct ms_progress *p, double elapsed_s);

// Draws if it is time to, or if this is the final state.
void ms_progress_show(struct ms_progress *p, const struct ms_progress_state *s, bool final);

// A message of its own, such as that a worker was lost: a line above the live block.
void ms_progress_note(struct ms_progress *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
