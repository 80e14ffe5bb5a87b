// SPDX-License-Identifier: MIT
//
// The shell's side of its trainer.
//
// hand holds the attempts that the trainer was given; the first one runs. If attempts are short,
// others are handed over ahead, so that the trainer need not wait for this process to be scheduled.
// A trainer sends a RESULT before it begins the next attempt, and messages that it sent before it
// died can still be read. So once its socket is at its end, the first attempt in hand is the one
// that it died of.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mlpsweep/memory.h"
#include "shell.h"

enum {
    DEATHS_MAX = 3,        // trainers in a row that died without an attempt: this node is broken
    KEEP_ROOM = 256 << 10, // of the buffer for messages, if nothing needs more
};
#define SHORT_S 0.25 // attempts of this mean or more are handed over one at a time
#define HAND_S 0.1   // shorter ones two at a time, or as many as take this long

// --- attempts in hand --------------------------------------------------------

// Attempt i in hand has ended.
static void drop_hand(struct shell *s, int i)
{
    ms_wire_attempt_clear(&s->hand[i]);
    s->n_hand--;
    memmove(s->hand + i, s->hand + i + 1, (size_t)(s->n_hand - i) * sizeof *s->hand);
    if (i == 0) {
        s->began_s = s->now_s;
        s->epochs = 0;
    }
}

bool ms_shell_has(const struct shell *s, uint64_t id)
{
    for (int i = 0; i < s->n_hand; i++)
        if (s->hand[i].id == id)
            return true;
    return false;
}

static int most_in_hand(const struct shell *s)
{
    if (s->mean_attempt_s < 0 || s->mean_attempt_s >= SHORT_S)
        return 1;
    return s->mean_attempt_s * (MS_SHELL_HAND - 2) < HAND_S ? MS_SHELL_HAND
                                                            : 2 + (int)(HAND_S / s->mean_attempt_s);
}

int ms_shell_feed(struct shell *s, struct ms_error *err)
{
    int most = most_in_hand(s);
    while (s->unready == 0 && s->n_hand < most && s->fifo.n) {
        if (ms_wire_put_assign(&s->buf, &s->fifo.item[s->fifo.first], 1))
            return ms_no_memory(err, "an attempt to hand over");
        int status = ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
        if (status)
            return status;
        if (s->n_hand == 0) {
            s->began_s = s->now_s;
            s->epochs = 0;
        }
        s->hand[s->n_hand++] = ms_attempts_take(&s->fifo);
        s->traffic = true;
        if (s->buf.room > KEEP_ROOM) // it held a training's state
            ms_wire_buf_clear(&s->buf);
    }
    return 0; // a trainer that does not take it has died, which reading will show
}

// --- the trainer's life ------------------------------------------------------

int ms_shell_send_sweep(struct shell *s, struct ms_error *err)
{
    s->started_s = s->now_s;
    s->unready++;
    int status = ms_wire_put_setup(&s->buf, s->file, s->text);
    if (status)
        return ms_no_memory(err, "the sweep's text");
    return ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
}

int ms_shell_set_up(struct shell *s, struct ms_error *err)
{
    s->channel.fd = s->child->fd;
    s->channel.pass_fd = s->data_fd;
    s->channel.pass = true;
    s->unready = 0;
    return ms_shell_send_sweep(s, err);
}

// Reaps the trainer; out: how it died, in words.
static void reap(struct ms_child *c, char *out, size_t size)
{
    int st = 0;
    kill(c->pid, SIGKILL); // it closed its socket, whatever else it still does
    pid_t pid;
    while ((pid = waitpid(c->pid, &st, 0)) < 0 && errno == EINTR)
        ;
    if (pid < 0)
        snprintf(out, size, "vanished");
    else if (WIFSIGNALED(st))
        snprintf(out, size, "killed by signal %d (%s)", WTERMSIG(st), strsignal(WTERMSIG(st)));
    else
        snprintf(out, size, "exit status %d", WEXITSTATUS(st));
    close(c->fd);
    c->pid = 0;
    c->fd = -1;
}

int ms_shell_replace(struct shell *s, enum ms_end end, const char *reason, struct ms_error *err)
{
    char why[128];
    ms_channel_clear(&s->channel);
    reap(s->child, why, sizeof why);
    if (s->n_hand) {
        int status = ms_shell_report_end(s, &s->hand[0], end, s->epochs, s->now_s - s->began_s,
                                         reason ? reason : why, err);
        if (status)
            return status;
        drop_hand(s, 0);
        s->deaths = 0;
    } else if (++s->deaths >= DEATHS_MAX) {
        return ms_fail(err, MS_ESTATE, "%d trainer processes in a row died without an attempt: %s",
                       s->deaths, reason ? reason : why);
    }
    // An attempt that was handed over ahead has not begun: it is the next one again.
    while (s->n_hand) {
        int status = ms_attempts_push_front(&s->fifo, &s->hand[s->n_hand - 1], err);
        if (status)
            return status;
        s->n_hand--;
    }
    const struct ms_child dead = *s->child;
    int status = ms_child_fork(s->child, dead.core, err);
    return status ? status : ms_shell_set_up(s, err);
}

static int on_ready(struct shell *s, struct ms_ready *r, struct ms_error *err)
{
    s->unready -= s->unready > 0;
    if (s->announced)
        return 0;
    s->announced = true;
    if (gethostname(r->host, sizeof r->host))
        snprintf(r->host, sizeof r->host, "unknown");
    r->host[sizeof r->host - 1] = 0;
    r->pid = (uint32_t)getpid();
    return ms_shell_send(s, ms_wire_put_ready(&s->buf, r), err);
}

static int on_result(struct shell *s, const struct ms_wire *w, const uint8_t *data, size_t size,
                     struct ms_error *err)
{
    if (w->result.id == 0) // it cannot work at all
        return ms_fail(err, MS_ESTATE, "the trainer gave up: %s", w->result.message);
    for (int i = 0; i < s->n_hand; i++) {
        if (s->hand[i].id != w->result.id)
            continue;
        double attempt_s = s->now_s - s->began_s;
        if (i == 0)
            s->mean_attempt_s =
                s->mean_attempt_s < 0 ? attempt_s : 0.75 * s->mean_attempt_s + 0.25 * attempt_s;
        drop_hand(s, i);
        s->deaths = 0;
        return ms_comm_send(s->comm, 0, data, size, err);
    }
    return 0;
}

// Attempts that were handed over ahead and recalled; they had not begun.
static int on_returned(struct shell *s, const struct ms_wire *w, const uint8_t *data, size_t size,
                       struct ms_error *err)
{
    for (uint32_t k = 0; k < w->n; k++)
        for (int i = 0; i < s->n_hand; i++)
            if (s->hand[i].id == w->ids[k]) {
                drop_hand(s, i);
                break;
            }
    return ms_comm_send(s->comm, 0, data, size, err);
}

// A message of the trainer. It computes for days in memory that may fail, so its messages are read
// with the same care as any others.
static int on_trainer_message(struct shell *s, const uint8_t *data, size_t size,
                              struct ms_error *err)
{
    struct ms_wire w;
    int status = ms_wire_get(data, size, &w, err);
    if (status)
        return status;
    if (w.type == MS_WIRE_READY) {
        status = on_ready(s, &w.ready, err);
    } else if (w.type == MS_WIRE_RESULT) {
        status = on_result(s, &w, data, size, err);
    } else if (w.type == MS_WIRE_RETURNED) {
        status = on_returned(s, &w, data, size, err);
    } else if (w.type == MS_WIRE_METRICS && s->n_hand && w.epochs.id == s->hand[0].id) {
        s->epochs = w.epochs.first_epoch + w.epochs.n_epochs - 1;
        status = ms_comm_send(s->comm, 0, data, size, err);
    } else if (s->n_hand && ((w.type == MS_WIRE_WEIGHTS && w.trained.id == s->hand[0].id) ||
                             (w.type == MS_WIRE_STATE && w.state.id == s->hand[0].id))) {
        status = ms_comm_send(s->comm, 0, data, size, err);
    }
    ms_wire_clear(&w);
    return status;
}

int ms_shell_hear_trainer(struct shell *s, struct ms_error *err)
{
    bool gone = false;
    for (int turn = 0; turn < MS_SHELL_MESSAGES || gone; turn++) {
        const uint8_t *data;
        size_t size;
        struct ms_error why;
        int status = ms_channel_next(&s->channel, &data, &size, &why);
        if (status == 1) {
            s->traffic = true;
            status = on_trainer_message(s, data, size, err);
            if (status && status != MS_EFORMAT)
                return status;
        } else if (status == 0) {
            if (gone)
                return ms_shell_replace(s, MS_END_CRASHED, NULL, err);
            status = ms_channel_pull(&s->channel, false, NULL, &why);
            if (status == 0)
                return 0;
            gone = status == MS_ECOMM;
            if (status == MS_ENOMEM)
                return ms_fail(err, status, "%s", why.text);
        }
        if (status == MS_EFORMAT)
            return ms_shell_replace(s, MS_END_CRASHED,
                                    "the trainer sent a message that cannot be read", err);
    }
    return 0;
}
