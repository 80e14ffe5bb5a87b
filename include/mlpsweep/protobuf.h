// SPDX-License-Identifier: MIT
//
// Protocol buffers (https://protobuf.dev/programming-guides/encoding), written: fields of a message
// are appended to a growing block; a message inside another one is a block that is appended whole.
// Once something fails, what follows does nothing, and status tells of it.
#ifndef MLPSWEEP_PROTOBUF_H
#define MLPSWEEP_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/status.h"

struct ms_protobuf {
    unsigned char *data; // from malloc
    size_t n, room;
    int status;
    struct ms_error *err; // may be NULL
};

void ms_protobuf_int(struct ms_protobuf *m, int field, int64_t value);
void ms_protobuf_float(struct ms_protobuf *m, int field, float value);
void ms_protobuf_double(struct ms_protobuf *m, int field, double value);
void ms_protobuf_bytes(struct ms_protobuf *m, int field, const void *data, size_t n);
void ms_protobuf_text(struct ms_protobuf *m, int field, const char *text);
// Appends inner and clears it; takes over its error.
void ms_protobuf_message(struct ms_protobuf *m, int field, struct ms_protobuf *inner);
void ms_protobuf_clear(struct ms_protobuf *m);

#endif
