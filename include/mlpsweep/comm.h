// SPDX-License-Identifier: MIT
//
// Messages between ranks, as an interface: comm_mpi*.c implement it over MPI (the only files that
// include <mpi.h>), comm_mem.c in memory for tests.
//
// Messages are whole: any length up to MS_MAX_MESSAGE. On the wire they are cut into frames of at
// most MS_FRAME_MAX bytes, because a sender that dies inside a message above the eager limit leaves
// a receive that never returns; below it a death is only silence. Order is kept between two ranks.
// Nothing blocks: send takes a copy and returns; poll returns what is there. A dead peer is never
// an error here, it is silence, and the heartbeats of the layer above notice it.
#ifndef MLPSWEEP_COMM_H
#define MLPSWEEP_COMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/status.h"

struct ms_comm;

// A received message; data is owned by the comm and valid until the next poll.
struct ms_message {
    int source;
    const uint8_t *data;
    size_t size;
};

struct ms_comm_ops {
    int (*send)(struct ms_comm *c, int dest, const void *data, size_t size, struct ms_error *err);
    // 1: *out filled; 0: nothing there; < 0: error.
    int (*poll)(struct ms_comm *c, struct ms_message *out, struct ms_error *err);
    // Pushes what is still queued for peers; returns the number of frames not yet handed over.
    int (*flush)(struct ms_comm *c, struct ms_error *err);
    // A peer believed dead: drops what is queued for it and silently refuses to send more, until a
    // message from it arrives: then it is alive after all, and sends go out again.
    void (*forget)(struct ms_comm *c, int peer);
    void (*free)(struct ms_comm *c);
};

struct ms_comm {
    const struct ms_comm_ops *ops;
    int rank, size;
};

static inline int ms_comm_send(struct ms_comm *c, int dest, const void *data, size_t size,
                               struct ms_error *err)
{
    return c->ops->send(c, dest, data, size, err);
}
static inline int ms_comm_poll(struct ms_comm *c, struct ms_message *out, struct ms_error *err)
{
    return c->ops->poll(c, out, err);
}
static inline int ms_comm_flush(struct ms_comm *c, struct ms_error *err)
{
    return c->ops->flush(c, err);
}
static inline void ms_comm_forget(struct ms_comm *c, int peer)
{
    c->ops->forget(c, peer);
}

// --- MPI: life cycle (comm_mpi.c) and the collective start-up (comm_mpi_start.c) ------------------

// MPI_Init and the interface on MPI_COMM_WORLD. Collective, all ranks.
int ms_comm_mpi_new(int *argc, char ***argv, struct ms_comm **out,
                    struct ms_error *err) MS_MUST_CHECK;

// Rank 0's bytes to every rank; *data is malloc'ed on the others. Collective, before any send. A
// negative status on rank 0 travels too: every rank then returns it, so that all leave together.
int ms_comm_mpi_bcast(struct ms_comm *c, int status, void **data, size_t *size,
                      struct ms_error *err) MS_MUST_CHECK;

// Rank 0's bytes to one file per node: the node's leader writes a file in node-local temporary
// space (TMPDIR, else /tmp, else /dev/shm), every rank of the node learns its path and opens it;
// the file is unlinked as soon as all have it open, so nothing is left behind. *fd: read-only
// descriptor that children inherit. Collective.
int ms_comm_mpi_share(struct ms_comm *c, const void *data, size_t size, int *fd,
                      struct ms_error *err) MS_MUST_CHECK;

// Collective barrier of the start-up: after it every rank has its signal handlers.
int ms_comm_mpi_barrier(struct ms_comm *c, struct ms_error *err) MS_MUST_CHECK;

// Ends MPI; the caller must _exit() right after it. clean: this rank knows of no rank that was
// lost. MPI_Finalize, which may hang when a rank is dead, is called only when all ranks have come
// here and are clean; rank 0's word counts for all.
void ms_comm_mpi_end(struct ms_comm *c, bool clean);

const char *ms_comm_mpi_version(char *out, size_t size); // "Open MPI 4.1.4"

// --- memory: a world of n comms in one process, for tests (comm_mem.c) -------

struct ms_comm_world;
struct ms_comm_world *ms_comm_world_new(int n);
void ms_comm_world_free(struct ms_comm_world *w); // and its comms
struct ms_comm *ms_comm_world_rank(struct ms_comm_world *w, int rank);
// The rank falls silent: what it sent before arrives, what is sent to it vanishes.
void ms_comm_world_kill(struct ms_comm_world *w, int rank);

#endif
