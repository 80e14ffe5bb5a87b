// SPDX-License-Identifier: MIT
//
// The messages of mlpsweep/comm.h over MPI: the life cycle (comm_mpi.c) and the collective start-up
// (comm_mpi_start.c). Only main() calls these.
#ifndef MLPSWEEP_COMM_MPI_H
#define MLPSWEEP_COMM_MPI_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/comm.h"
#include "mlpsweep/status.h"

// MPI_Init, and the interface on MPI_COMM_WORLD. Collective, all ranks.
int ms_comm_mpi_new(int *argc, char ***argv, struct ms_comm **out,
                    struct ms_error *err) MS_MUST_CHECK;

// Brings rank 0's bytes to every rank; *data is malloc'ed on the others. Collective, before any
// send. A negative status on rank 0 travels too: every rank then returns it, so that all leave
// together.
int ms_comm_mpi_bcast(struct ms_comm *c, int status, void **data, size_t *size,
                      struct ms_error *err) MS_MUST_CHECK;

// Brings rank 0's bytes to one file per node. The node's leader writes a file in node-local
// temporary space (TMPDIR, else /tmp, else /dev/shm); every rank of the node learns its path and
// opens it; the file is unlinked as soon as all have it open, so nothing is left behind. *fd: a
// read-only descriptor that children inherit. Collective.
int ms_comm_mpi_share(struct ms_comm *c, const void *data, size_t size, int *fd,
                      struct ms_error *err) MS_MUST_CHECK;

// Brings size bytes of every rank to rank 0: all (ranks, size). Collective.
int ms_comm_mpi_gather(struct ms_comm *c, const void *own, size_t size, void *all /* rank 0 */,
                       struct ms_error *err) MS_MUST_CHECK;

// Ends the start-up: after this collective barrier every rank has its signal handlers.
int ms_comm_mpi_barrier(struct ms_comm *c, struct ms_error *err) MS_MUST_CHECK;

// Ends MPI; the caller must _exit() right after it. clean: this rank knows of no rank that was
// lost. MPI_Finalize may hang when a rank is dead, so it is called only when all ranks have come
// here and are clean; rank 0's word counts for all.
void ms_comm_mpi_end(struct ms_comm *c, bool clean);

const char *ms_comm_mpi_version(char *out, size_t size); // "Open MPI 4.1.4"

#endif
