// SPDX-License-Identifier: MIT
//
// A field is its number and kind in one varint, then its value: a varint, 4 or 8 bytes, or a
// length and bytes. Numbers are little-endian, as this machine's are.
#include "mlpsweep/protobuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are written as they are");

enum { VARINT = 0, EIGHT = 1, LENGTH = 2, FOUR = 5 }; // wire types

static void append(struct ms_protobuf *m, const void *data, size_t n)
{
    if (!m->status)
        m->status = ms_grow(&m->data, &m->room, m->n + n, 1, "a protocol buffer", m->err);
    if (m->status || n == 0)
        return;
    memcpy(m->data + m->n, data, n);
    m->n += n;
}

// Seven bits a byte, the lowest first; the top bit says that more follow.
static void varint(struct ms_protobuf *m, uint64_t value)
{
    unsigned char bytes[10];
    size_t n = 0;
    do {
        bytes[n++] = (unsigned char)((value & 127) | (value > 127 ? 128 : 0));
        value >>= 7;
    } while (value);
    append(m, bytes, n);
}

static void key(struct ms_protobuf *m, int field, int type)
{
    varint(m, (uint64_t)field << 3 | (uint64_t)type);
}

void ms_protobuf_int(struct ms_protobuf *m, int field, int64_t value)
{
    key(m, field, VARINT);
    varint(m, (uint64_t)value);
}

void ms_protobuf_float(struct ms_protobuf *m, int field, float value)
{
    key(m, field, FOUR);
    append(m, &value, sizeof value);
}

void ms_protobuf_double(struct ms_protobuf *m, int field, double value)
{
    key(m, field, EIGHT);
    append(m, &value, sizeof value);
}

void ms_protobuf_bytes(struct ms_protobuf *m, int field, const void *data, size_t n)
{
    key(m, field, LENGTH);
    varint(m, n);
    append(m, data, n);
}

void ms_protobuf_text(struct ms_protobuf *m, int field, const char *text)
{
    ms_protobuf_bytes(m, field, text, strlen(text));
}

void ms_protobuf_message(struct ms_protobuf *m, int field, struct ms_protobuf *inner)
{
    if (!m->status)
        m->status = inner->status;
    ms_protobuf_bytes(m, field, inner->data, inner->n);
    ms_protobuf_clear(inner);
}

void ms_protobuf_clear(struct ms_protobuf *m)
{
    free(m->data);
    *m = (struct ms_protobuf){.err = m->err};
}
