// SPDX-License-Identifier: MIT
//
// A world of ranks in one process, for tests. Messages go through the same frames as over MPI; a
// frame is delivered the moment it is sent.
#include "comm_mem.h"

#include <stdlib.h>
#include <string.h>

#include "common/wire/frames.h"
#include "mlpsweep/limits.h"

struct parcel {
    struct parcel *next;
    int source;
    size_t size;
    uint8_t frame[MS_FRAME_MAX];
};

struct comm_mem {
    struct ms_comm base;
    struct ms_comm_world *world;
    struct parcel *first, *last; // arrived, not yet polled
    struct parcel *shown;        // the caller may look at its bytes
    struct ms_frames_in *in;     // by source
    bool *forgotten;             // by peer
    bool dead;
};

struct ms_comm_world {
    int n;
    struct comm_mem *rank;
};

static int deliver(struct comm_mem *to, int source, struct ms_frames_out *q, struct ms_error *err)
{
    for (;;) {
        struct parcel *p = malloc(sizeof *p);
        if (!p) {
            ms_frames_drop(q);
            return ms_fail(err, MS_ENOMEM, "out of memory for a message");
        }
        p->next = NULL;
        p->source = source;
        p->size = ms_frames_next(q, p->frame);
        if (p->size == 0) {
            free(p);
            return 0;
        }
        if (to->last)
            to->last->next = p;
        else
            to->first = p;
        to->last = p;
    }
}

static int mem_send(struct ms_comm *c, int dest, const void *data, size_t size,
                    struct ms_error *err)
{
    struct comm_mem *m = (struct comm_mem *)c;
    if (dest < 0 || dest >= c->size)
        return ms_fail(err, MS_ECOMM, "there is no rank %d to send to", dest);
    struct ms_frames_out q = {0};
    int status = ms_frames_put(&q, data, size, err);
    if (status)
        return status;
    if (m->dead || m->forgotten[dest] || m->world->rank[dest].dead) {
        ms_frames_drop(&q);
        return 0;
    }
    return deliver(&m->world->rank[dest], c->rank, &q, err);
}

static int mem_poll(struct ms_comm *c, struct ms_message *out, struct ms_error *err)
{
    struct comm_mem *m = (struct comm_mem *)c;
    free(m->shown);
    m->shown = NULL;
    while (m->first) {
        struct parcel *p = m->first;
        m->first = p->next;
        if (!m->first)
            m->last = NULL;
        m->forgotten[p->source] = false;
        int status = ms_frames_take(&m->in[p->source], p->source, p->frame, p->size, out, err);
        if (status == 1) {
            m->shown = p;
            return 1;
        }
        free(p);
        if (status)
            return status;
    }
    return 0;
}

static int mem_flush(struct ms_comm *c, struct ms_error *err)
{
    (void)c;
    (void)err;
    return 0;
}

static void mem_forget(struct ms_comm *c, int peer)
{
    struct comm_mem *m = (struct comm_mem *)c;
    if (peer >= 0 && peer < c->size)
        m->forgotten[peer] = true;
}

static void mem_free(struct ms_comm *c)
{
    (void)c; // the world owns it
}

static const struct ms_comm_ops mem_ops = {mem_send, mem_poll, mem_flush, mem_forget, mem_free};

struct ms_comm_world *ms_comm_world_new(int n)
{
    struct ms_comm_world *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->n = n;
    w->rank = calloc((size_t)n, sizeof *w->rank);
    for (int i = 0; w->rank && i < n; i++) {
        struct comm_mem *m = &w->rank[i];
        m->base = (struct ms_comm){&mem_ops, i, n};
        m->world = w;
        m->in = calloc((size_t)n, sizeof *m->in);
        m->forgotten = calloc((size_t)n, sizeof *m->forgotten);
        if (!m->in || !m->forgotten) {
            ms_comm_world_free(w);
            return NULL;
        }
    }
    if (!w->rank) {
        free(w);
        return NULL;
    }
    return w;
}

void ms_comm_world_free(struct ms_comm_world *w)
{
    if (!w)
        return;
    for (int i = 0; i < w->n; i++) {
        struct comm_mem *m = &w->rank[i];
        while (m->first) {
            struct parcel *next = m->first->next;
            free(m->first);
            m->first = next;
        }
        for (int k = 0; m->in && k < w->n; k++)
            ms_frames_clear(&m->in[k]);
        free(m->shown);
        free(m->in);
        free(m->forgotten);
    }
    free(w->rank);
    free(w);
}

struct ms_comm *ms_comm_world_rank(struct ms_comm_world *w, int rank)
{
    return &w->rank[rank].base;
}

void ms_comm_world_kill(struct ms_comm_world *w, int rank)
{
    w->rank[rank].dead = true;
}
