// SPDX-License-Identifier: MIT
//
// A queue of copied messages on the way out, one buffer per source on the way in. A message of one
// frame, the ordinary case, is never copied on arrival. Frames from a peer are checked like any
// foreign input: a wrong one is refused, and no message grows beyond MS_MAX_MESSAGE.
#include "frames.h"

#include <stdlib.h>
#include <string.h>

#include "mlpsweep/limits.h"
#include "mlpsweep/memory.h"

enum {
    VERSION = 1,
    HEAD = 4,
    BODY = MS_FRAME_MAX - HEAD,
    FLAG_FIRST = 1,
    FLAG_LAST = 2,
    KEEP_ROOM = 64 << 10, // a larger buffer is freed after its message
};

struct ms_outgoing {
    struct ms_outgoing *next;
    size_t size, at; // at: bytes already handed over
    uint8_t data[];
};

int ms_frames_put(struct ms_frames_out *q, const void *data, size_t size, struct ms_error *err)
{
    if (size > MS_MAX_MESSAGE)
        return ms_fail(err, MS_ELIMIT, "a message of %zu bytes is longer than %u", size,
                       MS_MAX_MESSAGE);
    struct ms_outgoing *o = malloc(sizeof *o + size);
    if (!o)
        return ms_no_memory(err, "a message of %zu bytes", size);
    o->next = NULL;
    o->size = size;
    o->at = 0;
    if (size)
        memcpy(o->data, data, size);
    if (q->last)
        q->last->next = o;
    else
        q->first = o;
    q->last = o;
    return 0;
}

static void drop_first(struct ms_frames_out *q)
{
    struct ms_outgoing *o = q->first;
    q->first = o->next;
    if (!q->first)
        q->last = NULL;
    free(o);
}

size_t ms_frames_next(struct ms_frames_out *q, uint8_t frame[])
{
    struct ms_outgoing *o = q->first;
    if (!o)
        return 0;
    size_t n = o->size - o->at < BODY ? o->size - o->at : BODY;
    frame[0] = VERSION;
    frame[1] = (uint8_t)((o->at ? 0 : FLAG_FIRST) | (o->at + n == o->size ? FLAG_LAST : 0));
    frame[2] = frame[3] = 0;
    if (n)
        memcpy(frame + HEAD, o->data + o->at, n);
    o->at += n;
    if (o->at == o->size)
        drop_first(q);
    return n + HEAD;
}

size_t ms_frames_left(const struct ms_frames_out *q)
{
    size_t n = 0;
    for (const struct ms_outgoing *o = q->first; o; o = o->next)
        n += o->size ? (o->size - o->at + BODY - 1) / BODY : 1;
    return n;
}

void ms_frames_drop(struct ms_frames_out *q)
{
    while (q->first)
        drop_first(q);
}

static int append(struct ms_frames_in *in, int source, const uint8_t *data, size_t n,
                  struct ms_error *err)
{
    if (n > MS_MAX_MESSAGE - in->size)
        return ms_fail(err, MS_ELIMIT, "a message from rank %d is longer than %u bytes", source,
                       MS_MAX_MESSAGE);
    const int status = ms_grow(&in->data, &in->room, in->size + n, 1, "a message from a rank", err);
    if (status)
        return status;
    memcpy(in->data + in->size, data, n);
    in->size += n;
    return 0;
}

int ms_frames_take(struct ms_frames_in *in, int source, const uint8_t *f, size_t n,
                   struct ms_message *out, struct ms_error *err)
{
    if (n < HEAD || n > MS_FRAME_MAX || f[0] != VERSION || f[1] > (FLAG_FIRST | FLAG_LAST))
        return ms_fail(err, MS_EFORMAT,
                       "rank %d sent no frame of version %d: do all nodes run the same mlpsweep?",
                       source, VERSION);
    const uint8_t *body = f + HEAD;
    n -= HEAD;
    bool first = f[1] & FLAG_FIRST, last = f[1] & FLAG_LAST;
    if (first || in->state == MS_FRAMES_WHOLE) {
        if (in->room > KEEP_ROOM)
            ms_frames_clear(in);
        in->size = 0;
        in->state = first ? MS_FRAMES_PARTIAL : MS_FRAMES_NOTHING;
    }
    if (in->state != MS_FRAMES_PARTIAL)
        return ms_fail(err, MS_EFORMAT, "rank %d sent the end of a message without its beginning",
                       source);
    if (first && last) { // needs no copy
        in->state = MS_FRAMES_NOTHING;
        *out = (struct ms_message){source, body, n};
        return 1;
    }
    int status = append(in, source, body, n, err);
    if (status || !last)
        return status;
    in->state = MS_FRAMES_WHOLE;
    *out = (struct ms_message){source, in->data, in->size};
    return 1;
}

void ms_frames_clear(struct ms_frames_in *in)
{
    free(in->data);
    *in = (struct ms_frames_in){0};
}
