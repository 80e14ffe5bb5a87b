// SPDX-License-Identifier: MIT
//
// Shared by shell.c (messages of rank 0, and time) and shell_trainer.c (the trainer: the attempts
// in its hand, its messages, its life and death).
#ifndef MLPSWEEP_WORKER_SHELL_H
#define MLPSWEEP_WORKER_SHELL_H

#include "channel.h"
#include "attempts.h"
#include "mlpsweep/wire.h"
#include "mlpsweep/worker.h"

enum {
    MS_SHELL_HAND = 32,     // attempts in hand at most
    MS_SHELL_MESSAGES = 64, // taken from one side before the other is looked at
};

struct shell {
    struct ms_comm *comm;
    struct ms_child *child;
    struct ms_channel channel;
    const char *file, *text;   // of the present sweep
    char *own_file, *own_text; // its memory, once it is not the first
    int data_fd;
    double max_attempt_s; // 0: no limit
    const struct ms_patience *patience;
    struct ms_buf buf;

    struct ms_attempts fifo;
    struct ms_attempt hand[MS_SHELL_HAND];
    int n_hand;
    double began_s;        // the first attempt in hand
    uint32_t epochs;       // of it, reported
    double mean_attempt_s; // of the last few attempts, < 0: none yet

    int unready; // SETUPs that the trainer has not answered; while there are any, it gets no
                 // attempts
    bool announced, finish;
    double started_s; // the trainer, or its last SETUP
    int deaths;       // of trainers in a row that finished no attempt
    double heard_s;   // rank 0
    double now_s;
    bool traffic, sending;
};

// Sends s->buf to rank 0; encoded: the status of encoding it.
int ms_shell_send(struct shell *s, int encoded, struct ms_error *err) MS_MUST_CHECK;

// Sends an attempt's RESULT if the trainer cannot send it itself.
int ms_shell_report_end(struct shell *s, const struct ms_attempt *attempt, enum ms_end end,
                        uint32_t epochs, double wall_s, const char *message,
                        struct ms_error *err) MS_MUST_CHECK;

// --- the trainer (shell_trainer.c) -------------------------------------------

// Sends the sweep and the data to a new trainer (forked before MPI_Init, or later).
int ms_shell_set_up(struct shell *s, struct ms_error *err) MS_MUST_CHECK;
int ms_shell_send_sweep(struct shell *s, struct ms_error *err) MS_MUST_CHECK;

bool ms_shell_has(const struct shell *s, uint64_t id); // this attempt is in the trainer's hand

// Hands over the attempts that it should have in hand.
int ms_shell_feed(struct shell *s, struct ms_error *err) MS_MUST_CHECK;

// Reads all its messages; replaces it if it has died.
int ms_shell_hear_trainer(struct shell *s, struct ms_error *err) MS_MUST_CHECK;

// It has died or must die: reports the attempt that this ends (reason NULL: its death is the
// reason), and puts another one in its place.
int ms_shell_replace(struct shell *s, enum ms_end end, const char *reason,
                     struct ms_error *err) MS_MUST_CHECK;

#endif
