// SPDX-License-Identifier: MIT
//
// Starts mpirun where no launcher gave this program its ranks (launcher.h), and watches over it.
#ifndef MLPSWEEP_SUPERVISOR_H
#define MLPSWEEP_SUPERVISOR_H

struct ms_supervise_options {
    int workers; // 0: as many as ms_launcher_default_workers says
    int argc;    // of the command: argv[0] is its name, "run"
    char **argv;
    // From rank 0's status to SIGTERM and to SIGKILL for an mpirun that does not go; 0: 1.5 and 6.
    double grace_s, kill_s;
};

// Runs this program's command under mpirun with workers + 1 ranks, and stays until all of it has
// gone: passes signals on, and ends what hangs. Returns the exit status that rank 0 reported; 2
// when mpirun cannot be started; 3 when it ended without a report. Errors go to stderr.
//
// The ranks get these by environment: MLPSWEEP_RUN_DIR, a folder where rank 0 writes the file
// "ready" once every rank has its signal handlers, and at the end "status", the exit status as a
// line of text (ms_supervisor_mark); MLPSWEEP_PROGRESS, "live" on a terminal, else "plain";
// MLPSWEEP_COLUMNS, the terminal's width.
//
// SIGINT, SIGTERM, SIGHUP, SIGUSR1: the first one is passed on as SIGUSR1 when the ranks are ready
// (rank 0 then commits and ends), else as SIGTERM; the second as SIGTERM, the third as SIGKILL.
// SIGTSTP stops the ranks too, SIGCONT lets them go on.
int ms_supervisor_run(const struct ms_supervise_options *o);

// Called by rank 0. Reports to the supervisor, where there is one, that rank 0 is "ready" (number:
// its process id), or its exit "status". The report is a file in MLPSWEEP_RUN_DIR and a line on
// stderr, because mpirun may have put rank 0 on a node that does not have the folder. The
// supervisor does not pass the line on.
void ms_supervisor_mark(const char *name, int number);

#endif
