// SPDX-License-Identifier: MIT
//
// Protocol buffers as ONNX needs them (https://protobuf.dev/programming-guides/encoding): fields of
// a message are appended to a growing block; a message inside another one is a block that is
// appended whole. Once something fails, what follows does nothing, and status tells of it.
#ifndef MLPSWEEP_PORTABLE_ONNX_PB_H
#define MLPSWEEP_PORTABLE_ONNX_PB_H

#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/status.h"

struct ms_onnx_pb {
    unsigned char *data; // from malloc
    size_t n, room;
    int status;
    struct ms_error *err; // may be NULL
};

void ms_onnx_pb_int(struct ms_onnx_pb *m, int field, int64_t value);
void ms_onnx_pb_float(struct ms_onnx_pb *m, int field, float value);
void ms_onnx_pb_bytes(struct ms_onnx_pb *m, int field, const void *data, size_t n);
void ms_onnx_pb_text(struct ms_onnx_pb *m, int field, const char *text);
// Appends inner and clears it; takes over its error.
void ms_onnx_pb_message(struct ms_onnx_pb *m, int field, struct ms_onnx_pb *inner);
void ms_onnx_pb_clear(struct ms_onnx_pb *m);

#endif
