// SPDX-License-Identifier: MIT
//
// The worker side of a run: every rank but 0.
//
// A worker is two processes. The shell talks MPI, keeps time and answers heartbeats; the trainer,
// its child, computes and may crash alone. The first trainer is forked before MPI_Init, because
// forking a process that has MPI is best kept for the rare case of a replacement.
#ifndef MLPSWEEP_WORKER_H
#define MLPSWEEP_WORKER_H

#include "mlpsweep/comm.h"
#include "mlpsweep/status.h"
#include "mlpsweep/wire.h"

// The trainer child as its shell sees it.
struct ms_child {
    int pid; // 0: none
    int fd;  // socketpair end, non-blocking
    // With which OpenBLAS core it computes; "": that of this process.
    char core[24];
};

// Forks a trainer (PR_SET_PDEATHSIG, oom_score_adj 1000). It waits for SETUP with the data's file
// descriptor (SCM_RIGHTS) on its socket, then for ASSIGNs. Every rank that will be a worker, before
// MPI_Init; later by the shell itself if a trainer died.
//
// core: of OpenBLAS, with which it is to compute; NULL or "": that of this process. Another one
// takes a process that executes the program anew, whose main() calls ms_child_resumed first.
int ms_child_fork(struct ms_child *out, const char *core, struct ms_error *err) MS_MUST_CHECK;
void ms_child_end(struct ms_child *c); // kill and reap

// False: this process was not executed by ms_child_fork. Else it has been the trainer, and *status
// is what it is to return from main(). It trains nothing if the core computes wrongly: it says so
// and ends.
bool ms_child_resumed(int *status);

// The shell's loop until FINISH, or until rank 0 is silent for too long. file and text: the sweep,
// as broadcast; data_fd: the node's data file. stop: set by a signal handler, ends the loop early.
int ms_shell_run(struct ms_comm *comm, struct ms_child *child, const char *file, const char *text,
                 int data_fd, const struct ms_patience *patience, const volatile int *stop,
                 struct ms_error *err) MS_MUST_CHECK;

#endif
