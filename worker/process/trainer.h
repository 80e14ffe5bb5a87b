// SPDX-License-Identifier: MIT
//
// The trainer's main loop, run in the forked child.
#ifndef MLPSWEEP_TRAINER_H
#define MLPSWEEP_TRAINER_H

// Serves the shell at the other end of fd until FINISH or until the shell has gone. Returns the
// child's exit status.
int ms_trainer_main(int fd);

#endif
