// SPDX-License-Identifier: MIT
//
// Both buffers hold a run of bytes that is taken from its front; the run is moved to the buffer's
// front when there is no room after it. No call waits unless it is told to.
#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mlpsweep/limits.h"
#include "mlpsweep/memory.h"

enum { HEAD = 4, READ_MIN = 16384, KEEP_ROOM = 256 << 10 };

// Makes room for n more bytes at the end.
static int reserve(struct ms_bytes *b, size_t n, struct ms_error *err)
{
    if (b->first == b->last) {
        b->first = b->last = 0;
        if (b->room > KEEP_ROOM && n <= KEEP_ROOM) { // a long message was here once
            free(b->data);
            *b = (struct ms_bytes){0};
        }
    }
    if (b->last + n <= b->room)
        return 0;
    if (b->first) {
        memmove(b->data, b->data + b->first, b->last - b->first);
        b->last -= b->first;
        b->first = 0;
        if (b->last + n <= b->room)
            return 0;
    }
    return ms_grow(&b->data, &b->room, b->last + n > READ_MIN ? b->last + n : READ_MIN, 1,
                   "a message", err);
}

// Queues the head of a message, with room for `more` bytes behind it.
static int put_head(struct ms_channel *c, size_t size, size_t more, struct ms_error *err)
{
    if (size > MS_MAX_MESSAGE)
        return ms_fail(err, MS_ELIMIT, "a message of %zu bytes is longer than %u", size,
                       MS_MAX_MESSAGE);
    int status = reserve(&c->out, HEAD + more, err);
    if (status)
        return status;
    for (int i = 0; i < HEAD; i++)
        c->out.data[c->out.last++] = (uint8_t)(size >> (8 * i));
    return 0;
}

int ms_channel_put(struct ms_channel *c, const void *data, size_t size, struct ms_error *err)
{
    int status = put_head(c, size, size, err);
    if (status)
        return status;
    memcpy(c->out.data + c->out.last, data, size);
    c->out.last += size;
    return 0;
}

static ssize_t send_some(struct ms_channel *c)
{
    struct iovec v = {c->out.data + c->out.first, c->out.last - c->out.first};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    union {
        struct cmsghdr align;
        char raw[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    if (c->pass) {
        m.msg_control = control.raw;
        m.msg_controllen = sizeof control.raw;
        struct cmsghdr *h = CMSG_FIRSTHDR(&m);
        h->cmsg_level = SOL_SOCKET;
        h->cmsg_type = SCM_RIGHTS;
        h->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(h), &c->pass_fd, sizeof(int));
    }
    ssize_t n = sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        c->pass = false;
    return n;
}

int ms_channel_push(struct ms_channel *c, bool wait, struct ms_error *err)
{
    while (ms_channel_pending(c)) {
        ssize_t n = send_some(c);
        if (n > 0) {
            c->out.first += (size_t)n;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (!wait)
                return 0;
            struct pollfd p = {.fd = c->fd, .events = POLLOUT};
            if (poll(&p, 1, -1) < 0 && errno != EINTR)
                return ms_fail(err, MS_EIO, "poll: %s", strerror(errno));
        } else if (n < 0 && errno != EINTR) {
            return ms_fail(err, MS_ECOMM, "the other side has gone: %s", strerror(errno));
        }
    }
    return 0;
}

int ms_channel_send(struct ms_channel *c, const void *data, size_t size, struct ms_error *err)
{
    const bool large = size > KEEP_ROOM;
    int status = large ? put_head(c, size, 0, err) : ms_channel_put(c, data, size, err);
    if (!status)
        status = ms_channel_push(c, true, err);
    if (status || !large)
        return status;
    const struct ms_bytes own = c->out;
    c->out = (struct ms_bytes){.data = (uint8_t *)(uintptr_t)data, .last = size, .room = size};
    status = ms_channel_push(c, true, err); // reads it only
    c->out = own;
    return status;
}

static void take_fd(struct msghdr *m, int *received)
{
    for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h)) {
        if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
            continue;
        int fd;
        memcpy(&fd, CMSG_DATA(h), sizeof fd);
        if (received && *received < 0)
            *received = fd;
        else
            close(fd);
    }
}

int ms_channel_pull(struct ms_channel *c, bool wait, int *received, struct ms_error *err)
{
    int status = reserve(&c->in, READ_MIN, err);
    if (status)
        return status;
    for (;;) {
        struct iovec v = {c->in.data + c->in.last, c->in.room - c->in.last};
        union {
            struct cmsghdr align;
            char raw[CMSG_SPACE(sizeof(int))];
        } control;
        struct msghdr m = {.msg_iov = &v,
                           .msg_iovlen = 1,
                           .msg_control = control.raw,
                           .msg_controllen = sizeof control.raw};
        ssize_t n = recvmsg(c->fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
        if (n > 0) {
            take_fd(&m, received);
            c->in.last += (size_t)n;
            return 1;
        }
        if (n == 0)
            return ms_fail(err, MS_ECOMM, "the other side has gone");
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait)
                return 0;
            struct pollfd p = {.fd = c->fd, .events = POLLIN};
            if (poll(&p, 1, -1) < 0 && errno != EINTR)
                return ms_fail(err, MS_EIO, "poll: %s", strerror(errno));
        } else if (errno != EINTR) {
            return ms_fail(err, MS_ECOMM, "the other side has gone: %s", strerror(errno));
        }
    }
}

int ms_channel_next(struct ms_channel *c, const uint8_t **data, size_t *size, struct ms_error *err)
{
    size_t there = c->in.last - c->in.first;
    if (there < HEAD)
        return 0;
    const uint8_t *p = c->in.data + c->in.first;
    size_t n = 0;
    for (int i = 0; i < HEAD; i++)
        n |= (size_t)p[i] << (8 * i);
    if (n > MS_MAX_MESSAGE)
        return ms_fail(err, MS_EFORMAT, "a message of %zu bytes is longer than %u", n,
                       MS_MAX_MESSAGE);
    if (there - HEAD < n)
        return 0;
    *data = p + HEAD;
    *size = n;
    c->in.first += HEAD + n;
    return 1;
}

void ms_channel_drop(struct ms_channel *c)
{
    c->out.first = c->out.last = 0;
}

void ms_channel_clear(struct ms_channel *c)
{
    free(c->in.data);
    free(c->out.data);
    *c = (struct ms_channel){.fd = -1};
}
