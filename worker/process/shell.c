// SPDX-License-Identifier: MIT
//
// The worker's shell, between rank 0, with which it exchanges MPI messages, and its trainer, which
// computes. It keeps the attempts given to this worker in order, hands them to the trainer, relays
// the answers, keeps the time limit, and replaces a trainer that died.
//
//     rank 0 ── ASSIGN ──▶ fifo ──▶ hand ──▶ trainer ── METRICS, RESULT ──▶ rank 0
//
// Every attempt given to this worker is answered once: by RESULT, or by RETURNED if it will not run
// here (it was recalled before it began, or it is unknown).
//
// A SETUP of rank 0 replaces the sweep by another one on the same data. Order is kept: attempts
// that came before it have all ended, attempts that come after it belong to the new sweep.
//
// Waiting: ppoll on the trainer's socket, at most 50 µs after traffic, then twice as long each time
// up to 2 ms, because messages of rank 0 wake nobody and must be looked for. A long message of the
// trainer, such as the state of a paused training, leaves a few frames a turn, so turns are shorter
// meanwhile.
#include "shell.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/sweep.h"

enum { A_LONG_MESSAGE = 16 }; // frames on their way to rank 0, and more
#define SLEEP_MIN_S 50e-6
#define SLEEP_MAX_S 2e-3
#define SLEEP_SENDING_S 200e-6 // at most, while a long message leaves: it moves only in turns
#define START_MAX_S 300.0      // the longest that a trainer may take to set itself up
#define STALL_S 2.0            // a turn that took longer: this process was stopped, not its peers
#define COMMAND_GRACE_S 15.0   // beyond the limit: the trainer ends a command itself, and politely
#define LEAVE_S 1.0            // for the last messages to leave

// --- to rank 0 ---------------------------------------------------------------

int ms_shell_send(struct shell *s, int encoded, struct ms_error *err)
{
    if (encoded)
        return ms_no_memory(err, "a message to rank 0");
    return ms_comm_send(s->comm, 0, s->buf.data, s->buf.size, err);
}

int ms_shell_report_end(struct shell *s, const struct ms_attempt *attempt, enum ms_end end,
                        uint32_t epochs, double wall_s, const char *message, struct ms_error *err)
{
    struct ms_result r = {
        .id = attempt->id, .end = (uint8_t)end, .epochs = epochs, .wall_s = wall_s};
    snprintf(r.message, sizeof r.message, "%s", message);
    return ms_shell_send(s, ms_wire_put_result(&s->buf, &r), err);
}

// --- from rank 0 -------------------------------------------------------------

// Attempts that wait here are returned at once. The trainer, which looks at its socket between
// epochs, is asked for those that were handed over ahead.
static int on_recall(struct shell *s, const struct ms_wire *w, struct ms_error *err)
{
    uint64_t ahead[MS_SHELL_HAND];
    uint32_t n = 0, n_ahead = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        ms_attempts_drop(&s->fifo, w->ids[i]);
        if (!ms_shell_has(s, w->ids[i]))
            w->ids[n++] = w->ids[i];
        else if (n_ahead < MS_SHELL_HAND)
            ahead[n_ahead++] = w->ids[i];
    }
    int status = ms_shell_send(s, ms_wire_put_ids(&s->buf, MS_WIRE_RETURNED, w->ids, n), err);
    if (!status && n_ahead)
        status = ms_wire_put_ids(&s->buf, MS_WIRE_RECALL, ahead, n_ahead);
    return status || !n_ahead ? status : ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
}

static int on_cancel(struct shell *s, uint64_t id, struct ms_error *err)
{
    if (ms_shell_has(s, id)) {
        int status = ms_wire_put_ids(&s->buf, MS_WIRE_CANCEL, &id, 1);
        return status ? status : ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
    }
    struct ms_attempt attempt = {.id = id};
    if (ms_attempts_drop(&s->fifo, id))
        return ms_shell_report_end(s, &attempt, MS_END_CANCELLED, 0, 0, "", err);
    return ms_shell_send(s, ms_wire_put_ids(&s->buf, MS_WIRE_RETURNED, &id, 1), err);
}

static int get_limits(struct shell *s, struct ms_error *err)
{
    struct ms_sweep *sweep;
    struct ms_sweep_problems problems = {0};
    int status = ms_sweep_parse(s->file, s->text, strlen(s->text), &sweep, &problems);
    if (status) {
        ms_fail(err, status, "%s: %s", s->file,
                problems.n ? problems.item[0].text : "cannot be read");
        ms_sweep_problems_clear(&problems);
        return status;
    }
    s->max_attempt_s = ms_sweep_search(sweep)->max_seconds;
    if (s->max_attempt_s > 0 && ms_sweep_kind(sweep) == MS_KIND_COMMAND)
        s->max_attempt_s += COMMAND_GRACE_S;
    ms_sweep_free(sweep);
    return 0;
}

// Another sweep from now on.
static int on_setup(struct shell *s, struct ms_wire *w, struct ms_error *err)
{
    if (s->n_hand || s->fifo.n)
        return ms_fail(err, MS_EFORMAT, "rank 0 sent another sweep before %zu attempts had ended",
                       s->fifo.n + (size_t)s->n_hand);
    free(s->own_file);
    free(s->own_text);
    s->file = s->own_file = w->file;
    s->text = s->own_text = w->text;
    w->file = w->text = NULL; // ours now
    s->mean_attempt_s = -1;
    int status = get_limits(s, err);
    return status ? status : ms_shell_send_sweep(s, err);
}

static int on_message(struct shell *s, struct ms_wire *w, struct ms_error *err)
{
    int status = 0;
    switch (w->type) {
    case MS_WIRE_ASSIGN:
        for (uint32_t i = 0; i < w->n && !status; i++)
            status = ms_attempts_push(&s->fifo, &w->attempts[i], err);
        return status;
    case MS_WIRE_RECALL:
        return on_recall(s, w, err);
    case MS_WIRE_CANCEL:
        return on_cancel(s, w->ids[0], err);
    case MS_WIRE_SETUP:
        return on_setup(s, w, err);
    case MS_WIRE_PING:
        return ms_shell_send(s, ms_wire_put_plain(&s->buf, MS_WIRE_PONG), err);
    case MS_WIRE_FINISH:
        s->finish = true;
        return 0;
    default:
        return ms_fail(err, MS_EFORMAT, "rank 0 sent a message of type %d", (int)w->type);
    }
}

static int hear_rank_0(struct shell *s, struct ms_error *err)
{
    for (int turn = 0; turn < MS_SHELL_MESSAGES && !s->finish; turn++) {
        struct ms_message m;
        int status = ms_comm_poll(s->comm, &m, err);
        if (status <= 0)
            return status;
        s->traffic = true;
        if (m.source != 0)
            continue;
        s->heard_s = s->now_s;
        struct ms_wire w;
        status = ms_wire_get(m.data, m.size, &w, err);
        if (status)
            return status;
        status = on_message(s, &w, err);
        ms_wire_clear(&w);
        if (status)
            return status;
    }
    return 0;
}

// --- time --------------------------------------------------------------------

static int check_time(struct shell *s, struct ms_error *err)
{
    if (s->now_s - s->heard_s > s->patience->orphan_s)
        return ms_fail(err, MS_ECOMM, "rank 0 has been silent for %.0f s", s->now_s - s->heard_s);
    if (s->unready && s->now_s - s->started_s > START_MAX_S)
        return ms_shell_replace(s, MS_END_CRASHED, "the trainer did not get ready", err);
    if (s->n_hand && s->max_attempt_s > 0 && s->now_s - s->began_s > s->max_attempt_s) {
        char why[100];
        snprintf(why, sizeof why, "longer than max_seconds (%g s)", s->max_attempt_s);
        return ms_shell_replace(s, MS_END_TIMEOUT, why, err);
    }
    return 0;
}

// Reads the clock. If this process was stopped for a while (a laptop's lid, a debugger), everyone
// for whom it waits gets the time back.
static void read_clock(struct shell *s)
{
    double now = ms_now_s(), gap = now - s->now_s;
    if (gap > STALL_S) {
        s->heard_s += gap;
        s->began_s += gap;
        s->started_s += gap;
    }
    s->now_s = now;
}

static void wait_a_little(struct shell *s, double *sleep_s)
{
    if (s->traffic)
        *sleep_s = SLEEP_MIN_S;
    struct timespec t = {.tv_nsec = (long)(*sleep_s * 1e9)};
    struct pollfd p = {.fd = s->channel.fd, .events = POLLIN};
    if (ms_channel_pending(&s->channel))
        p.events |= POLLOUT;
    ppoll(&p, 1, &t, NULL);
    double most = s->sending ? SLEEP_SENDING_S : SLEEP_MAX_S;
    *sleep_s = 2 * *sleep_s < most ? 2 * *sleep_s : most;
}

static int turn(struct shell *s, struct ms_error *err)
{
    s->traffic = false;
    read_clock(s);
    int status = hear_rank_0(s, err);
    if (!status)
        status = ms_shell_hear_trainer(s, err);
    if (!status)
        status = ms_shell_feed(s, err);
    if (!status &&
        ms_channel_push(&s->channel, false, NULL)) // it has died, which reading will show
        ms_channel_drop(&s->channel);
    if (!status)
        status = check_time(s, err);
    if (!status) {
        int left = ms_comm_flush(s->comm, err);
        s->sending = left > A_LONG_MESSAGE;
        status = left < 0 ? left : 0;
    }
    return status;
}

// Sends FINISH to rank 0, unless that sent it first: this worker's attempts are free for others at
// once.
static void leave(struct shell *s)
{
    struct ms_error err;
    if (!s->finish && ms_shell_send(s, ms_wire_put_plain(&s->buf, MS_WIRE_FINISH), &err))
        return;
    for (double end = ms_now_s() + LEAVE_S; ms_now_s() < end && ms_comm_flush(s->comm, &err) > 0;)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

int ms_shell_run(struct ms_comm *comm, struct ms_child *child, const char *file, const char *text,
                 int data_fd, const struct ms_patience *patience, const volatile int *stop,
                 struct ms_error *err)
{
    struct shell s = {
        .comm = comm,
        .child = child,
        .channel = {.fd = -1},
        .file = file,
        .text = text,
        .data_fd = data_fd,
        .patience = patience,
        .mean_attempt_s = -1,
        .now_s = ms_now_s(),
    };
    s.heard_s = s.now_s;
    double sleep_s = SLEEP_MIN_S;
    int status = get_limits(&s, err);
    if (!status)
        status = ms_shell_set_up(&s, err);
    while (!status && !s.finish && !*stop) {
        status = turn(&s, err);
        if (!status && !s.finish)
            wait_a_little(&s, &sleep_s);
    }
    ms_child_end(child);
    leave(&s);
    ms_channel_clear(&s.channel);
    ms_attempts_clear(&s.fifo);
    for (int i = 0; i < s.n_hand; i++)
        ms_wire_attempt_clear(&s.hand[i]);
    free(s.own_file);
    free(s.own_text);
    ms_wire_buf_clear(&s.buf);
    return status;
}
