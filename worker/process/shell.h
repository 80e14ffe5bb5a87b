// SPDX-License-Identifier: MIT
//
// What shell.c (between rank 0 and the trainer, and time) and shell_trainer.c (the trainer: what it
// has in hand, what it says, its life and death) share.
#ifndef MLPSWEEP_WORKER_SHELL_H
#define MLPSWEEP_WORKER_SHELL_H

#include "channel.h"
#include "attempts.h"
#include "mlpsweep/wire.h"
#include "mlpsweep/worker.h"

enum {
    MS_SHELL_HAND = 32,     // jobs in hand at most
    MS_SHELL_MESSAGES = 64, // taken from one side before the other is looked at
};

struct shell {
    struct ms_comm *comm;
    struct ms_child *child;
    struct ms_channel channel;
    const char *file, *text;   // of the sweep that is worked on
    char *own_file, *own_text; // its memory, once it is not the first
    int data_fd;
    double max_job_s; // 0: no limit
    const struct ms_patience *patience;
    struct ms_buf buf;

    struct ms_attempts fifo;
    struct ms_attempt hand[MS_SHELL_HAND];
    int n_hand;
    double began_s;    // the first job in hand
    uint32_t epochs;   // of it, reported
    double mean_job_s; // of the last few jobs, < 0: none yet

    int unready; // SETUPs that the trainer has not answered yet; it gets jobs when there is none
    bool announced, finish;
    double started_s; // the trainer, or its last SETUP
    int deaths;       // of trainers in a row that finished no job
    double heard_s;   // rank 0
    double now_s;
    bool traffic, sending;
};

// Sends what s->buf holds to rank 0; encoded: what encoding it returned.
int ms_shell_tell(struct shell *s, int encoded, struct ms_error *err) MS_MUST_CHECK;

// The job's RESULT, where the trainer cannot say it itself.
int ms_shell_tell_end(struct shell *s, const struct ms_attempt *job, enum ms_end end,
                      uint32_t epochs, double wall_s, const char *message,
                      struct ms_error *err) MS_MUST_CHECK;

// --- the trainer (shell_trainer.c) -------------------------------------------

// It is there (forked before MPI_Init, or anew): it gets the sweep and the data.
int ms_shell_set_up(struct shell *s, struct ms_error *err) MS_MUST_CHECK;
int ms_shell_send_sweep(struct shell *s, struct ms_error *err) MS_MUST_CHECK;

bool ms_shell_has(const struct shell *s, uint64_t id); // it has this job in hand

// Gives it what it should have.
int ms_shell_feed(struct shell *s, struct ms_error *err) MS_MUST_CHECK;

// Reads all that it has said; replaces it when it has died.
int ms_shell_hear_trainer(struct shell *s, struct ms_error *err) MS_MUST_CHECK;

// It has died or must: says what that ended (reason NULL: its death is the reason), and puts
// another one in its place.
int ms_shell_replace(struct shell *s, enum ms_end end, const char *reason,
                     struct ms_error *err) MS_MUST_CHECK;

#endif
