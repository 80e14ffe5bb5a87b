// SPDX-License-Identifier: MIT
//
// Messages between a shell and its trainer over a socketpair: each after its length as u32,
// little-endian. One file descriptor may travel with the first message.
#ifndef MLPSWEEP_CHANNEL_H
#define MLPSWEEP_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/status.h"

struct ms_bytes {
    uint8_t *data;
    size_t first, last, room; // data[first … last-1] is valid
};

// Zero-initialise with fd set; ms_channel_clear frees the buffers, not the fd.
struct ms_channel {
    int fd;
    struct ms_bytes in, out;
    int pass_fd; // goes with the next byte sent, when pass is set
    bool pass;
};

// put queues a message. push sends as much as the socket takes without waiting (wait false), or
// all.
int ms_channel_put(struct ms_channel *c, const void *data, size_t size,
                   struct ms_error *err) MS_MUST_CHECK;
int ms_channel_push(struct ms_channel *c, bool wait, struct ms_error *err) MS_MUST_CHECK;
// Sends a message behind all that is queued, and waits until it has left. One that is long is not
// copied.
int ms_channel_send(struct ms_channel *c, const void *data, size_t size,
                    struct ms_error *err) MS_MUST_CHECK;
static inline bool ms_channel_pending(const struct ms_channel *c)
{
    return c->out.last > c->out.first;
}

// Reads the bytes that have come. 1: some; 0: none now; MS_ECOMM: the other side has gone (earlier
// bytes can still be taken). wait: waits for some. received: takes a passed descriptor; may be
// NULL.
int ms_channel_pull(struct ms_channel *c, bool wait, int *received,
                    struct ms_error *err) MS_MUST_CHECK;

// Takes a whole message that was read. 1: *data, valid until the next pull or next; 0: none;
// MS_EFORMAT: no message has such a length.
int ms_channel_next(struct ms_channel *c, const uint8_t **data, size_t *size,
                    struct ms_error *err) MS_MUST_CHECK;

void ms_channel_drop(struct ms_channel *c); // drops the bytes not yet sent
void ms_channel_clear(struct ms_channel *c);

#endif
