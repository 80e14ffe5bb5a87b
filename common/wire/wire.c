// SPDX-License-Identifier: MIT
//
// Reading messages. Decoding goes through a cursor that remembers the first fault and yields zeros
// from then on, so that a decoder reads from top to bottom and is checked once. Counts are compared
// with the bytes that remain before anything is allocated: no message can ask for more memory than
// a small multiple of its size.
#include "mlpsweep/wire.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "wire_internal.h"

void ms_wire_attempt_clear(struct ms_attempt *a)
{
    free(a->point);
    free(a->state);
    free(a->limits);
    a->point = a->limits = NULL;
    a->state = NULL;
}

struct ms_attempt ms_wire_attempt_take(struct ms_attempt *a)
{
    struct ms_attempt taken = *a;
    a->point = a->limits = NULL;
    a->state = NULL;
    return taken;
}

struct cursor {
    const uint8_t *at;
    size_t left;
    int status;      // of the first fault
    const char *why; // reason of the first fault; NULL: out of memory
};

static void fault(struct cursor *c, int status, const char *why)
{
    if (!c->status) {
        c->status = status;
        c->why = why;
    }
    c->left = 0;
}

static uint64_t get_uint(struct cursor *c, size_t bytes)
{
    if (c->left < bytes) {
        fault(c, MS_EFORMAT, "it is cut off");
        return 0;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)c->at[i] << (8 * i);
    c->at += bytes;
    c->left -= bytes;
    return v;
}

static uint32_t get_u32(struct cursor *c)
{
    return (uint32_t)get_uint(c, 4);
}

static uint64_t get_u64(struct cursor *c)
{
    return get_uint(c, 8);
}

// Reads a number that must lie in lo … hi.
static uint32_t get_in(struct cursor *c, uint32_t lo, uint32_t hi, const char *why)
{
    uint32_t v = get_u32(c);
    if (!c->status && (v < lo || v > hi))
        fault(c, MS_EFORMAT, why);
    return c->status ? 0 : v;
}

static double get_double(struct cursor *c)
{
    uint64_t bits = get_u64(c);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

// Reads n doubles, malloc'ed; NULL if n is 0 and after a fault.
static double *get_doubles(struct cursor *c, size_t n)
{
    if (c->status || n == 0)
        return NULL;
    if (n > c->left / 8) {
        fault(c, MS_EFORMAT, "it is cut off");
        return NULL;
    }
    double *v = malloc(n * sizeof *v);
    if (!v) {
        fault(c, MS_ENOMEM, NULL);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        v[i] = get_double(c);
    return v;
}

// Reads n bytes, malloc'ed; NULL if n is 0 and after a fault.
static uint8_t *get_bytes(struct cursor *c, size_t n)
{
    if (c->status || n == 0)
        return NULL;
    if (n > c->left) {
        fault(c, MS_EFORMAT, "it is cut off");
        return NULL;
    }
    uint8_t *v = malloc(n);
    if (!v) {
        fault(c, MS_ENOMEM, NULL);
        return NULL;
    }
    memcpy(v, c->at, n);
    c->at += n;
    c->left -= n;
    return v;
}

// Reads the length of a string. The string has at most max bytes, is complete and contains no NUL.
static size_t get_length(struct cursor *c, size_t max)
{
    size_t n = get_u32(c);
    if (c->status)
        return 0;
    if (n > max)
        fault(c, MS_EFORMAT, "a text is too long");
    else if (n > c->left)
        fault(c, MS_EFORMAT, "it is cut off");
    else if (memchr(c->at, 0, n))
        fault(c, MS_EFORMAT, "a text holds a NUL");
    return c->status ? 0 : n;
}

// Takes n bytes that get_length found, as a string.
static void take_text(struct cursor *c, char *out, size_t n)
{
    if (n)
        memcpy(out, c->at, n);
    out[n] = 0;
    c->at += n;
    c->left -= n;
}

static void get_text(struct cursor *c, char *out, size_t size)
{
    take_text(c, out, get_length(c, size - 1));
}

static char *get_new_text(struct cursor *c, size_t max)
{
    size_t n = get_length(c, max);
    if (c->status)
        return NULL;
    char *s = malloc(n + 1);
    if (!s) {
        fault(c, MS_ENOMEM, NULL);
        return NULL;
    }
    take_text(c, s, n);
    return s;
}

static void get_part(struct cursor *c, struct ms_attempt *a)
{
    a->from_epoch = get_in(c, 0, MS_MAX_EPOCHS, "an epoch is out of range");
    a->to_epoch = get_in(c, 0, MS_MAX_EPOCHS, "an epoch is out of range");
    a->n_state = get_in(c, 0, MS_MAX_STATE, "a state is too long");
    if (c->status)
        return;
    if (!a->from_epoch && !a->to_epoch)
        fault(c, MS_EFORMAT, "a part of a training is all of it");
    else if (a->to_epoch && a->to_epoch <= a->from_epoch)
        fault(c, MS_EFORMAT, "a part of a training ends before it begins");
    else if (a->n_state && !a->from_epoch)
        fault(c, MS_EFORMAT, "a training from the start has a state");
    a->state = get_bytes(c, a->n_state);
}

static void get_attempt_extras(struct cursor *c, struct ms_attempt *a)
{
    unsigned extras = (unsigned)get_uint(c, 1);
    if (extras > (MS_ATTEMPT_PART | MS_ATTEMPT_LIMITS | MS_ATTEMPT_KEEP))
        fault(c, MS_EFORMAT, "an attempt has unknown fields");
    if (extras & MS_ATTEMPT_PART)
        get_part(c, a);
    if (extras & MS_ATTEMPT_LIMITS) {
        a->n_limits = get_in(c, 1, MS_MAX_EPOCHS, "its number of limits is out of range");
        a->limits = get_doubles(c, a->n_limits);
    }
    if (extras & MS_ATTEMPT_KEEP) {
        a->keep = (uint8_t)get_uint(c, 1);
        a->keep_bound = get_double(c);
        if (a->keep != MS_KEEP_GOOD && !(a->keep == MS_KEEP_ONLY && a->test_epoch))
            fault(c, MS_EFORMAT, "its weights are neither kept nor not");
    }
}

static void get_assign(struct cursor *c, struct ms_wire *w)
{
    enum { LEAST = 8 + 5 * 4 + 1 }; // bytes of an attempt without values
    uint32_t n = get_u32(c);
    if (c->status)
        return;
    if (n == 0 || n > c->left / LEAST) {
        fault(c, MS_EFORMAT, "its number of attempts does not fit its length");
        return;
    }
    w->attempts = calloc(n, sizeof *w->attempts);
    if (!w->attempts) {
        fault(c, MS_ENOMEM, NULL);
        return;
    }
    w->n = n;
    for (uint32_t i = 0; i < n; i++) {
        struct ms_attempt *a = &w->attempts[i];
        a->id = get_u64(c);
        a->trial = get_u32(c);
        a->execution = get_u32(c);
        a->attempt = get_u32(c);
        a->test_epoch = get_in(c, 0, MS_MAX_EPOCHS, "an epoch is out of range");
        a->n_point = get_in(c, 0, MS_MAX_PARAMS, "a point has too many values");
        a->point = get_doubles(c, a->n_point);
        get_attempt_extras(c, a);
    }
}

static void get_ids(struct cursor *c, struct ms_wire *w)
{
    uint32_t n = get_u32(c);
    if (c->status)
        return;
    if (n > c->left / 8) {
        fault(c, MS_EFORMAT, "its number of attempts does not fit its length");
        return;
    }
    if (w->type == MS_WIRE_CANCEL && n != 1) {
        fault(c, MS_EFORMAT, "it names more or less than one attempt");
        return;
    }
    w->ids = malloc(n ? n * sizeof *w->ids : 1);
    if (!w->ids) {
        fault(c, MS_ENOMEM, NULL);
        return;
    }
    w->n = n;
    for (uint32_t i = 0; i < n; i++)
        w->ids[i] = get_u64(c);
}

static void get_setup(struct cursor *c, struct ms_wire *w)
{
    w->file = get_new_text(c, 65536);
    w->text = get_new_text(c, MS_MAX_SWEEP_FILE);
}

// Reads n_columns names, each with a NUL after it.
static char *get_names(struct cursor *c, uint32_t n_columns)
{
    uint32_t n = get_u32(c);
    char *names = (char *)get_bytes(c, n);
    if (!names)
        return NULL;
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (names[i] == 0 && (i == 0 || names[i - 1] == 0))
            fault(c, MS_EFORMAT, "a column has an empty name");
        found += names[i] == 0;
    }
    if (found != n_columns || names[n - 1] != 0)
        fault(c, MS_EFORMAT, "it has more or fewer names than columns");
    return names;
}

static void get_epochs(struct cursor *c, struct ms_wire *w)
{
    struct ms_epochs *e = &w->epochs;
    e->id = get_u64(c);
    e->first_epoch = get_in(c, 1, MS_MAX_EPOCHS, "an epoch is out of range");
    e->n_epochs = get_in(c, 1, MS_MAX_EPOCHS, "its number of epochs is out of range");
    e->n_columns = get_in(c, 1, MS_MAX_METRICS, "its number of columns is out of range");
    if (!c->status && e->first_epoch - 1 + e->n_epochs > MS_MAX_EPOCHS)
        fault(c, MS_EFORMAT, "an epoch is out of range");
    e->values = get_doubles(c, (size_t)e->n_epochs * e->n_columns);
    e->names = get_names(c, e->n_columns);
}

static void get_state(struct cursor *c, struct ms_wire *w)
{
    w->state.id = get_u64(c);
    w->state.epoch = get_in(c, 1, MS_MAX_EPOCHS, "an epoch is out of range");
    w->state.n = get_in(c, 1, MS_MAX_STATE, "a state is too long, or empty");
    w->state.bytes = get_bytes(c, w->state.n);
}

static void get_weights(struct cursor *c, struct ms_wire *w)
{
    struct ms_trained *t = &w->trained;
    t->id = get_u64(c);
    t->epoch = get_in(c, 1, MS_MAX_EPOCHS, "an epoch is out of range");
    t->objective = get_double(c);
    t->n = get_in(c, 1, MS_MAX_KEPT, "there are too many weights, or none");
    t->bytes = get_bytes(c, 4 * (size_t)t->n);
}

static void get_result(struct cursor *c, struct ms_wire *w)
{
    struct ms_result *r = &w->result;
    r->id = get_u64(c);
    r->end = (uint8_t)get_uint(c, 1);
    if (r->end >= MS_N_ENDS)
        fault(c, MS_EFORMAT, "an attempt ended in an unknown way");
    const uint64_t constant = get_uint(c, 1);
    r->constant = constant == 1;
    if (constant > 1)
        fault(c, MS_EFORMAT, "a network is neither constant nor not");
    r->epochs = get_in(c, 0, MS_MAX_EPOCHS, "an epoch is out of range");
    r->wall_s = get_double(c);
    r->cpu_s = get_double(c);
    r->wait_s = get_double(c);
    r->max_rss_bytes = get_double(c);
    r->n_test = get_in(c, 0, MS_MAX_METRICS / 2, "it has too many test metrics");
    for (uint32_t i = 0; i < r->n_test; i++)
        r->test[i] = get_double(c);
    get_text(c, r->message, sizeof r->message);
    size_t n = get_length(c, MS_MAX_MESSAGE);
    if (n) {
        r->output = malloc(n + 1);
        if (r->output)
            take_text(c, r->output, n);
        else
            fault(c, MS_ENOMEM, NULL);
    }
}

static void get_ready(struct cursor *c, struct ms_wire *w)
{
    get_text(c, w->ready.host, sizeof w->ready.host);
    w->ready.pid = get_u32(c);
    w->ready.trainer_pid = get_u32(c);
    get_text(c, w->ready.provenance, sizeof w->ready.provenance);
}

static void get_nothing(struct cursor *c, struct ms_wire *w)
{
    (void)c;
    (void)w;
}

static void (*const getters[])(struct cursor *, struct ms_wire *) = {
    [MS_WIRE_SETUP] = get_setup,     [MS_WIRE_ASSIGN] = get_assign,  [MS_WIRE_RECALL] = get_ids,
    [MS_WIRE_CANCEL] = get_ids,      [MS_WIRE_PING] = get_nothing,   [MS_WIRE_FINISH] = get_nothing,
    [MS_WIRE_READY] = get_ready,     [MS_WIRE_METRICS] = get_epochs, [MS_WIRE_RESULT] = get_result,
    [MS_WIRE_RETURNED] = get_ids,    [MS_WIRE_PONG] = get_nothing,   [MS_WIRE_STATE] = get_state,
    [MS_WIRE_WEIGHTS] = get_weights,
};
static_assert(sizeof getters / sizeof *getters == MS_WIRE_WEIGHTS + 1, "every type has a getter");

int ms_wire_get(const void *data, size_t size, struct ms_wire *out, struct ms_error *err)
{
    *out = (struct ms_wire){0};
    const uint8_t *bytes = data;
    if (size < 2)
        return ms_fail(err, MS_EFORMAT, "a message of %zu bytes is cut off", size);
    if (size > MS_MAX_MESSAGE)
        return ms_fail(err, MS_ELIMIT, "a message of %zu bytes is longer than %u", size,
                       MS_MAX_MESSAGE);
    if (bytes[0] != MS_WIRE_VERSION)
        return ms_fail(err, MS_EFORMAT,
                       "a message has version %d, expected %d: do all nodes run the same mlpsweep?",
                       bytes[0], MS_WIRE_VERSION);
    unsigned type = bytes[1];
    if (type >= sizeof getters / sizeof *getters || !getters[type])
        return ms_fail(err, MS_EFORMAT, "a message has the unknown type %u", type);
    out->type = (enum ms_wire_type)type;
    struct cursor c = {.at = bytes + 2, .left = size - 2};
    getters[type](&c, out);
    if (!c.status && c.left)
        fault(&c, MS_EFORMAT, "bytes follow its end");
    if (c.status)
        ms_wire_clear(out);
    if (c.status == MS_ENOMEM)
        return ms_no_memory(err, "a message of type %u", type);
    if (c.status)
        return ms_fail(err, c.status, "a message of type %u does not decode: %s", type, c.why);
    return 0;
}

void ms_wire_clear(struct ms_wire *w)
{
    if (w->attempts)
        for (uint32_t i = 0; i < w->n; i++)
            ms_wire_attempt_clear(&w->attempts[i]);
    free(w->attempts);
    free(w->ids);
    free((void *)(uintptr_t)w->epochs.values); // malloc'ed by get_epochs
    free(w->epochs.names);
    free(w->result.output);
    free(w->state.bytes);
    free(w->trained.bytes);
    free(w->text);
    free(w->file);
    *w = (struct ms_wire){0};
}
