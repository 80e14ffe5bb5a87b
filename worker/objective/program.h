// SPDX-License-Identifier: MIT
//
// A program and everything that it starts, none of which outlives its attempt. Between the trainer
// and the program stands a guard, a process of its own:
//
//     trainer ── guard (a session of its own) ── program (a session of its own) ── …
//
// The guard is the subreaper of all that comes from the program (prctl(2), PR_SET_CHILD_SUBREAPER):
// a process that daemonises or calls setsid becomes its child, where it is found and killed. The
// guard ends when the program has ended, when it is asked to stop, and when the trainer dies in any
// way (PR_SET_PDEATHSIG); it always kills the rest before it ends. If the guard itself is killed,
// the program dies with it (PDEATHSIG again), and the trainer kills the rest.
#ifndef MLPSWEEP_WORKER_PROGRAM_H
#define MLPSWEEP_WORKER_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

#include "mlpsweep/status.h"

#define MS_GRACE_S 2.0 // between SIGTERM and SIGKILL

struct ms_program {
    pid_t guard;
    int out, err, end; // to be read, non-blocking; -1 once closed. end: see ms_program_ended
};

struct ms_program_end {
    int exec_error;              // errno: the program could not be started; 0: it was
    int wait_status;             // as waitpid gives it
    double cpu_s, max_rss_bytes; // of all that was waited for
};

// Starts argv[0], looked up in PATH as a shell does, in the folder dir, with stdin from /dev/null.
// The environment is this process's without the variables of MPI ranks, and the count variables of
// set ("NAME=value"). 0, MS_ENOMEM or MS_EIO.
int ms_program_start(char *const *argv, const char *dir, char *const *set, int count,
                     struct ms_program *out, struct ms_error *err) MS_MUST_CHECK;

// Asks it to end: SIGTERM to the program's group, after MS_GRACE_S SIGKILL to all that is left.
void ms_program_stop(const struct ms_program *p);

// 1: all of it has ended, *end says how; 0: not yet; MS_ESTATE: the guard was killed, nothing is
// known. Call ms_program_close once it is not 0.
int ms_program_ended(struct ms_program *p, struct ms_program_end *end);

// Closes what is open and reaps; kills what is left.
void ms_program_close(struct ms_program *p);

#endif
