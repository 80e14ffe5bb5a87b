// SPDX-License-Identifier: MIT
//
// The messages of mlpsweep/comm.h in memory: a world of n comms in one process.
#ifndef MLPSWEEP_TESTS_COMM_MEM_H
#define MLPSWEEP_TESTS_COMM_MEM_H

#include "mlpsweep/comm.h"

struct ms_comm_world;
struct ms_comm_world *ms_comm_world_new(int n);   // NULL: no memory
void ms_comm_world_free(struct ms_comm_world *w); // and its comms
struct ms_comm *ms_comm_world_rank(struct ms_comm_world *w, int rank);
// The rank falls silent: messages it sent before arrive, messages sent to it vanish.
void ms_comm_world_kill(struct ms_comm_world *w, int rank);

#endif
