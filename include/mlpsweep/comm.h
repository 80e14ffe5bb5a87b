// SPDX-License-Identifier: MIT
//
// Messages between ranks, as an interface. common/mpi implements it over MPI, and
// tests/unit/wire/comm_mem.c in memory for tests.
//
// Messages arrive whole, with any length up to MS_MAX_MESSAGE. On the wire they are cut into frames
// of at most MS_FRAME_MAX bytes: a sender that dies inside a message above the eager limit leaves a
// receive that never returns, and below that limit its death is only silence. Order is kept between
// two ranks. Nothing blocks: send takes a copy and returns; poll returns at once. A dead peer is
// never an error here; it is silence, and the heartbeats of the layer above notice it.
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
    // 1: *out is filled; 0: no message; < 0: error.
    int (*poll)(struct ms_comm *c, struct ms_message *out, struct ms_error *err);
    // Pushes queued messages; returns the number of frames that are not handed over yet.
    int (*flush)(struct ms_comm *c, struct ms_error *err);
    // For a peer believed dead: drops its queue, and sends to it vanish. Once a message from it
    // arrives it is alive after all, and sends go out again.
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

#endif
