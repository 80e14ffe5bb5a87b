// SPDX-License-Identifier: MIT
//
// Messages cut into frames and put together again, without MPI. A frame has at most MS_FRAME_MAX
// bytes: a header of four and a piece of a message.
//
//     u8 version, u8 flags (1: first of its message, 2: last of it), u16 zero
//
// The carrier keeps the order between two ranks, so the frames of one source need no numbers. A
// "first" in the middle of a message means that the sender gave this rank up half way and took it
// back: the unfinished message is dropped.
#ifndef MLPSWEEP_FRAMES_H
#define MLPSWEEP_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/comm.h"

// Messages to one peer that are not handed over yet. Zero-initialise; ms_frames_drop empties it.
struct ms_outgoing;
struct ms_frames_out {
    struct ms_outgoing *first, *last;
};
int ms_frames_put(struct ms_frames_out *q, const void *data, size_t size,
                  struct ms_error *err) MS_MUST_CHECK;
// Takes the next frame. Returns its bytes, 0 if there is none.
size_t ms_frames_next(struct ms_frames_out *q, uint8_t frame[]);
size_t ms_frames_left(const struct ms_frames_out *q); // in frames
void ms_frames_drop(struct ms_frames_out *q);

// The message that is arriving from one peer. Zero-initialise; ms_frames_clear frees it.
struct ms_frames_in {
    uint8_t *data;
    size_t size, room;
    enum { MS_FRAMES_NOTHING, MS_FRAMES_PARTIAL, MS_FRAMES_WHOLE } state;
};
// Takes a frame of n bytes. 1: *out is a message, valid until the next frame of this source and as
// long as the frame is; 0: more frames are to come; < 0: it is not a frame, or the message is
// longer than allowed.
int ms_frames_take(struct ms_frames_in *in, int source, const uint8_t *frame, size_t n,
                   struct ms_message *out, struct ms_error *err) MS_MUST_CHECK;
void ms_frames_clear(struct ms_frames_in *in);

#endif
