// SPDX-License-Identifier: MIT
//
// Writing messages. Fields go to the end of a growing buffer, which remembers the first failure, so
// that a message is written from top to bottom and checked once.
#include "mlpsweep/wire.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "wire_internal.h"

void ms_wire_buf_clear(struct ms_buf *b)
{
    free(b->data);
    *b = (struct ms_buf){0};
}

static void put_bytes(struct ms_buf *b, const void *data, size_t size)
{
    if (b->status)
        return;
    if (size > MS_MAX_MESSAGE - b->size) {
        b->status = MS_ELIMIT;
        return;
    }
    b->status = ms_grow(&b->data, &b->room, b->size + size, 1, "a message", NULL);
    if (b->status)
        return;
    if (size)
        memcpy(b->data + b->size, data, size);
    b->size += size;
}

static void put_uint(struct ms_buf *b, uint64_t v, int bytes)
{
    uint8_t raw[8];
    for (int i = 0; i < bytes; i++)
        raw[i] = (uint8_t)(v >> (8 * i));
    put_bytes(b, raw, (size_t)bytes);
}

static void put_u32(struct ms_buf *b, uint32_t v)
{
    put_uint(b, v, 4);
}

static void put_u64(struct ms_buf *b, uint64_t v)
{
    put_uint(b, v, 8);
}

static void put_doubles(struct ms_buf *b, const double *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        put_u64(b, bits);
    }
}

static void put_string(struct ms_buf *b, const char *s)
{
    size_t n = strlen(s);
    if (n > MS_MAX_MESSAGE) {
        b->status = MS_ELIMIT;
        return;
    }
    put_u32(b, (uint32_t)n);
    put_bytes(b, s, n);
}

static void put_head(struct ms_buf *b, enum ms_wire_type type)
{
    b->size = 0;
    b->status = 0;
    put_uint(b, MS_WIRE_VERSION, 1);
    put_uint(b, (uint64_t)type, 1);
}

int ms_wire_put_setup(struct ms_buf *b, const char *file, const char *text)
{
    put_head(b, MS_WIRE_SETUP);
    put_string(b, file);
    put_string(b, text);
    return b->status;
}

static void put_attempt_extras(struct ms_buf *b, const struct ms_attempt *a)
{
    bool part = a->from_epoch || a->to_epoch || a->n_state;
    put_uint(b,
             (part ? MS_ATTEMPT_PART : 0u) | (a->n_limits ? MS_ATTEMPT_LIMITS : 0u) |
                 (a->keep ? MS_ATTEMPT_KEEP : 0u),
             1);
    if (part) {
        put_u32(b, a->from_epoch);
        put_u32(b, a->to_epoch);
        put_u32(b, a->n_state);
        put_bytes(b, a->state, a->n_state);
    }
    if (a->n_limits) {
        put_u32(b, a->n_limits);
        put_doubles(b, a->limits, a->n_limits);
    }
    if (a->keep) {
        put_uint(b, a->keep, 1);
        put_doubles(b, &a->keep_bound, 1);
    }
}

int ms_wire_put_assign(struct ms_buf *b, const struct ms_attempt *attempts, uint32_t n)
{
    put_head(b, MS_WIRE_ASSIGN);
    put_u32(b, n);
    for (uint32_t i = 0; i < n; i++) {
        put_u64(b, attempts[i].id);
        put_u32(b, attempts[i].trial);
        put_u32(b, attempts[i].execution);
        put_u32(b, attempts[i].attempt);
        put_u32(b, attempts[i].test_epoch);
        put_u32(b, attempts[i].n_point);
        put_doubles(b, attempts[i].point, attempts[i].n_point);
        put_attempt_extras(b, &attempts[i]);
    }
    return b->status;
}

int ms_wire_put_ids(struct ms_buf *b, enum ms_wire_type type, const uint64_t *ids, uint32_t n)
{
    assert(type == MS_WIRE_RECALL || type == MS_WIRE_RETURNED ||
           (type == MS_WIRE_CANCEL && n == 1));
    put_head(b, type);
    put_u32(b, n);
    for (uint32_t i = 0; i < n; i++)
        put_u64(b, ids[i]);
    return b->status;
}

int ms_wire_put_epochs(struct ms_buf *b, const struct ms_epochs *e)
{
    put_head(b, MS_WIRE_METRICS);
    put_u64(b, e->id);
    put_u32(b, e->first_epoch);
    put_u32(b, e->n_epochs);
    put_u32(b, e->n_columns);
    put_doubles(b, e->values, (size_t)e->n_epochs * e->n_columns);
    size_t n = 0;
    for (uint32_t i = 0; e->names && i < e->n_columns; i++)
        n += strlen(e->names + n) + 1;
    put_u32(b, (uint32_t)n);
    put_bytes(b, e->names, n);
    return b->status;
}

int ms_wire_put_state(struct ms_buf *b, const struct ms_state *s)
{
    put_head(b, MS_WIRE_STATE);
    if (s->n > MS_MAX_STATE)
        return b->status = MS_ELIMIT;
    put_u64(b, s->id);
    put_u32(b, s->epoch);
    put_u32(b, s->n);
    put_bytes(b, s->bytes, s->n);
    return b->status;
}

int ms_wire_put_weights(struct ms_buf *b, const struct ms_trained *t)
{
    put_head(b, MS_WIRE_WEIGHTS);
    if (t->n > MS_MAX_KEPT)
        return b->status = MS_ELIMIT;
    put_u64(b, t->id);
    put_u32(b, t->epoch);
    put_doubles(b, &t->objective, 1);
    put_u32(b, t->n);
    put_bytes(b, t->bytes, 4 * (size_t)t->n);
    return b->status;
}

int ms_wire_put_result(struct ms_buf *b, const struct ms_result *r)
{
    assert(r->n_test <= sizeof r->test / sizeof *r->test);
    put_head(b, MS_WIRE_RESULT);
    put_u64(b, r->id);
    put_uint(b, r->end, 1);
    put_uint(b, r->constant, 1);
    put_u32(b, r->epochs);
    put_doubles(b, &r->wall_s, 1);
    put_doubles(b, &r->cpu_s, 1);
    put_doubles(b, &r->wait_s, 1);
    put_doubles(b, &r->max_rss_bytes, 1);
    put_u32(b, r->n_test);
    put_doubles(b, r->test, r->n_test);
    put_string(b, r->message);
    put_string(b, r->output ? r->output : "");
    return b->status;
}

int ms_wire_put_ready(struct ms_buf *b, const struct ms_ready *r)
{
    put_head(b, MS_WIRE_READY);
    put_string(b, r->host);
    put_u32(b, r->pid);
    put_u32(b, r->trainer_pid);
    put_string(b, r->provenance);
    return b->status;
}

int ms_wire_put_plain(struct ms_buf *b, enum ms_wire_type type)
{
    assert(type == MS_WIRE_PING || type == MS_WIRE_PONG || type == MS_WIRE_FINISH);
    put_head(b, type);
    return b->status;
}
