// SPDX-License-Identifier: MIT
//
// Reads from the environment, before MPI_Init, what a launcher (mpirun, srun) says about this
// process, and makes sure that an mpirun started by it has what it needs.
#ifndef MLPSWEEP_LAUNCHER_H
#define MLPSWEEP_LAUNCHER_H

#include <stdbool.h>

#include "mlpsweep/status.h"

// True under mpirun or srun --mpi=pmix. The hints are the rank and the number of ranks where the
// environment has them, else -1 and 0.
bool ms_launcher_found(int *rank_hint, int *size_hint);

// True for one of several tasks of a plain srun, which connects none of them: each would start an
// mpirun of its own. first: this is the task that speaks for all of them.
bool ms_launcher_plain_srun(bool *first);

// The number of workers to start when the user names none: one for each task of a Slurm allocation,
// otherwise one for each processor that this process may use.
int ms_launcher_default_workers(void);

// Makes sure that an mpirun of so many ranks may open the files that it needs: raises the soft
// limit where it is too low, or returns MS_ELIMIT with the remedy where the hard one is. Without
// them mpirun ends without a word, or waits for ever.
int ms_launcher_open_files(int ranks, struct ms_error *err) MS_MUST_CHECK;

#endif
