// SPDX-License-Identifier: MIT
//
// The worker's shell: between rank 0, which it talks to in MPI messages, and its trainer, which
// computes. It keeps the jobs given to this worker in order, hands them to the trainer one at a time,
// relays what comes back, keeps the time limit, and replaces a trainer that died.
//
//     rank 0 ── ASSIGN ──▶ fifo ──▶ hand ──▶ trainer ── METRICS, RESULT ──▶ rank 0
//
// hand holds what the trainer was given: its first job runs. While jobs are short others are handed over
// ahead, so that the trainer need not wait for this process to be scheduled. A trainer
// sends a RESULT before it begins the next job, and what it sent before it died can still be read: so
// the first job in hand, once its socket is at its end, is the one that it died of.
//
// Every job given to this worker is answered once: by RESULT, or by RETURNED when it will not run here
// (recalled before it was handed to the trainer, or never heard of).
//
// A SETUP of rank 0 puts another sweep on the same data in the place of the first. Order is kept: jobs
// that came before it have all ended, jobs that come after it are of the new sweep.
//
// Waiting: ppoll on the trainer's socket, at most 50 µs after traffic, then twice as long each time up
// to 2 ms, because messages of rank 0 wake nobody and must be looked for. A long message of the
// trainer, the state of a paused training, leaves a few frames a turn: turns are shorter meanwhile.
#include "mlpsweep/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "jobs.h"
#include "mlpsweep/sweep.h"
#include "mlpsweep/wire.h"

enum {
    HAND = 32, // jobs in hand at most
    DEATHS_MAX = 3,       // trainers in a row that died without a job: something here is broken
    A_LONG_MESSAGE = 16,   // frames on their way to rank 0, and more
    KEEP_ROOM = 256 << 10, // of the buffer for messages, when nothing needs more
    MESSAGES_A_TURN = 64, // taken from one side before the other is looked at
};
#define SLEEP_MIN_S 50e-6
#define SLEEP_MAX_S 2e-3
#define SLEEP_SENDING_S 200e-6 // at most, while a long message leaves: it moves when it is looked after
#define SHORT_JOB_S 0.25  // jobs of this mean or more are handed over one at a time
#define HAND_S 0.1        // shorter ones two at a time, or as many as make so many seconds
#define START_MAX_S 300.0 // a trainer may take to set itself up
#define STALL_S 2.0       // a turn that took longer: this process was stopped, not its peers
#define COMMAND_GRACE_S 15.0 // a trainer ends a command in time, and politely: should it fail to
#define LEAVE_S 1.0       // for the last messages to leave

struct shell {
    struct ms_comm *comm;
    struct ms_child *child;
    struct ms_channel channel;
    const char *file, *text; // of the sweep that is worked on
    char *own_file, *own_text; // its memory, once it is not the first
    int data_fd;
    double max_job_s; // 0: no limit
    const struct ms_patience *patience;
    struct ms_buf buf;

    struct ms_jobs fifo;
    struct ms_job hand[HAND];
    int n_hand;
    double began_s;    // the first job in hand
    uint32_t epochs;   // of it, reported
    double mean_job_s; // of the last few jobs, < 0: none yet

    int unready; // SETUPs that the trainer has not answered yet; it gets jobs when there is none
    bool announced, finish;
    double started_s; // the trainer, or its last SETUP
    int deaths;       // of trainers in a row that finished no job
    double heard_s;   // rank 0
    double now_s;
    bool traffic, sending;
};

static double clock_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// --- to rank 0 -------------------------------------------------------------------------------------

static int tell(struct shell *s, int encoded, struct ms_error *err)
{
    if (encoded)
        return ms_fail(err, encoded, "out of memory for a message");
    return ms_comm_send(s->comm, 0, s->buf.data, s->buf.size, err);
}

static int tell_end(struct shell *s, const struct ms_job *job, enum ms_end end, uint32_t epochs,
                    double wall_s, const char *message, struct ms_error *err)
{
    struct ms_result r = {.id = job->id, .end = (uint8_t)end, .epochs = epochs, .wall_s = wall_s};
    snprintf(r.message, sizeof r.message, "%s", message);
    return tell(s, ms_wire_put_result(&s->buf, &r), err);
}

// --- jobs ------------------------------------------------------------------------------------------

// Job i in hand has ended.
static void drop_hand(struct shell *s, int i)
{
    ms_job_clear(&s->hand[i]);
    s->n_hand--;
    memmove(s->hand + i, s->hand + i + 1, (size_t)(s->n_hand - i) * sizeof *s->hand);
    if (i == 0) {
        s->began_s = s->now_s;
        s->epochs = 0;
    }
}

static bool in_hand(const struct shell *s, uint64_t id)
{
    for (int i = 0; i < s->n_hand; i++)
        if (s->hand[i].id == id)
            return true;
    return false;
}

static int most_in_hand(const struct shell *s)
{
    if (s->mean_job_s < 0 || s->mean_job_s >= SHORT_JOB_S)
        return 1;
    return s->mean_job_s * (HAND - 2) < HAND_S ? HAND : 2 + (int)(HAND_S / s->mean_job_s);
}

// Gives the trainer what it should have.
static int feed(struct shell *s, struct ms_error *err)
{
    int most = most_in_hand(s);
    while (s->unready == 0 && s->n_hand < most && s->fifo.n) {
        int rc = ms_wire_put_assign(&s->buf, &s->fifo.job[s->fifo.first], 1);
        if (!rc)
            rc = ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
        if (rc)
            return ms_fail(err, rc, "out of memory for a message");
        if (s->n_hand == 0) {
            s->began_s = s->now_s;
            s->epochs = 0;
        }
        s->hand[s->n_hand++] = ms_jobs_take(&s->fifo);
        s->traffic = true;
        if (s->buf.room > KEEP_ROOM) // it held a training's state
            ms_buf_clear(&s->buf);
    }
    return 0; // a trainer that does not take it has died, which is noticed when reading
}

// --- the trainer's life ----------------------------------------------------------------------------

static int send_sweep(struct shell *s, struct ms_error *err)
{
    s->started_s = s->now_s;
    s->unready++;
    int rc = ms_wire_put_setup(&s->buf, s->file, s->text);
    if (rc)
        return ms_fail(err, rc, "out of memory for the sweep's text");
    return ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
}

// The trainer is there (forked before MPI_Init, or anew): it gets the sweep and the data.
static int set_up(struct shell *s, struct ms_error *err)
{
    s->channel.fd = s->child->fd;
    s->channel.pass_fd = s->data_fd;
    s->channel.pass = true;
    s->unready = 0;
    return send_sweep(s, err);
}

// Why the trainer died, as people read it.
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
    *c = (struct ms_child){0, -1};
}

// The trainer has died or was killed: says what that ended (reason NULL: its death is the reason), and
// puts another one in its place.
static int replace(struct shell *s, enum ms_end end, const char *reason, struct ms_error *err)
{
    char why[128];
    ms_channel_clear(&s->channel);
    reap(s->child, why, sizeof why);
    if (s->n_hand) {
        int rc = tell_end(s, &s->hand[0], end, s->epochs, s->now_s - s->began_s,
                          reason ? reason : why, err);
        if (rc)
            return rc;
        drop_hand(s, 0);
        s->deaths = 0;
    } else if (++s->deaths >= DEATHS_MAX) {
        return ms_fail(err, MS_ESTATE, "%d trainer processes in a row died without a job: %s",
                       s->deaths, reason ? reason : why);
    }
    // A job that was handed over ahead had not begun: it is the next one again.
    while (s->n_hand) {
        int rc = ms_jobs_push_front(&s->fifo, &s->hand[s->n_hand - 1], err);
        if (rc)
            return rc;
        s->n_hand--;
    }
    int rc = ms_child_fork(s->child, err);
    return rc ? rc : set_up(s, err);
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
    return tell(s, ms_wire_put_ready(&s->buf, r), err);
}

static int on_result(struct shell *s, const struct ms_wire *w, const uint8_t *data, size_t size,
                     struct ms_error *err)
{
    if (w->result.id == 0) // it says that it cannot work at all
        return ms_fail(err, MS_ESTATE, "the trainer gave up: %s", w->result.message);
    for (int i = 0; i < s->n_hand; i++) {
        if (s->hand[i].id != w->result.id)
            continue;
        double job_s = s->now_s - s->began_s;
        if (i == 0)
            s->mean_job_s = s->mean_job_s < 0 ? job_s : 0.75 * s->mean_job_s + 0.25 * job_s;
        drop_hand(s, i);
        s->deaths = 0;
        return ms_comm_send(s->comm, 0, data, size, err);
    }
    return 0;
}

// Jobs that were handed over ahead and recalled: they had not begun.
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

// A message of the trainer. It computes for days in memory that may fail: what it says is read with
// the same care as anything else.
static int on_trainer_message(struct shell *s, const uint8_t *data, size_t size, struct ms_error *err)
{
    struct ms_wire w;
    int rc = ms_wire_get(data, size, &w, err);
    if (rc)
        return rc;
    if (w.type == MS_WIRE_READY) {
        rc = on_ready(s, &w.ready, err);
    } else if (w.type == MS_WIRE_RESULT) {
        rc = on_result(s, &w, data, size, err);
    } else if (w.type == MS_WIRE_RETURNED) {
        rc = on_returned(s, &w, data, size, err);
    } else if (w.type == MS_WIRE_METRICS && s->n_hand && w.epochs.id == s->hand[0].id) {
        s->epochs = w.epochs.first_epoch + w.epochs.n_epochs - 1;
        rc = ms_comm_send(s->comm, 0, data, size, err);
    } else if (w.type == MS_WIRE_STATE && s->n_hand && w.state.id == s->hand[0].id) {
        rc = ms_comm_send(s->comm, 0, data, size, err);
    }
    ms_wire_clear(&w);
    return rc;
}

// Reads all that the trainer has said; replaces it when it has died.
static int hear_trainer(struct shell *s, struct ms_error *err)
{
    bool gone = false;
    for (int turn = 0; turn < MESSAGES_A_TURN || gone; turn++) {
        const uint8_t *data;
        size_t size;
        struct ms_error why;
        int rc = ms_channel_next(&s->channel, &data, &size, &why);
        if (rc == 1) {
            s->traffic = true;
            rc = on_trainer_message(s, data, size, err);
            if (rc && rc != MS_EFORMAT)
                return rc;
        } else if (rc == 0) {
            if (gone)
                return replace(s, MS_END_CRASHED, NULL, err);
            rc = ms_channel_pull(&s->channel, false, NULL, &why);
            if (rc == 0)
                return 0;
            gone = rc == MS_ECOMM;
            if (rc == MS_ENOMEM)
                return ms_fail(err, rc, "%s", why.text);
        }
        if (rc == MS_EFORMAT)
            return replace(s, MS_END_CRASHED, "the trainer sent what cannot be read", err);
    }
    return 0;
}

// --- from rank 0 -----------------------------------------------------------------------------------

// What waits here is handed back at once; for what was handed over ahead the trainer is asked, which
// looks at its socket between epochs.
static int on_recall(struct shell *s, const struct ms_wire *w, struct ms_error *err)
{
    uint64_t ahead[HAND];
    uint32_t n = 0, n_ahead = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        ms_jobs_drop(&s->fifo, w->ids[i]);
        if (!in_hand(s, w->ids[i]))
            w->ids[n++] = w->ids[i];
        else if (n_ahead < HAND)
            ahead[n_ahead++] = w->ids[i];
    }
    int rc = tell(s, ms_wire_put_ids(&s->buf, MS_WIRE_RETURNED, w->ids, n), err);
    if (!rc && n_ahead)
        rc = ms_wire_put_ids(&s->buf, MS_WIRE_RECALL, ahead, n_ahead);
    return rc || !n_ahead ? rc : ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
}

static int on_cancel(struct shell *s, uint64_t id, struct ms_error *err)
{
    if (in_hand(s, id)) {
        int rc = ms_wire_put_ids(&s->buf, MS_WIRE_CANCEL, &id, 1);
        return rc ? rc : ms_channel_put(&s->channel, s->buf.data, s->buf.size, err);
    }
    struct ms_job job = {.id = id};
    if (ms_jobs_drop(&s->fifo, id))
        return tell_end(s, &job, MS_END_CANCELLED, 0, 0, "", err);
    return tell(s, ms_wire_put_ids(&s->buf, MS_WIRE_RETURNED, &id, 1), err);
}

static int get_limits(struct shell *s, struct ms_error *err)
{
    struct ms_sweep *sweep;
    struct ms_problems problems = {0};
    int rc = ms_sweep_parse(s->file, s->text, strlen(s->text), &sweep, &problems);
    if (rc) {
        ms_fail(err, rc, "%s: %s", s->file, problems.n ? problems.item[0].text : "cannot be read");
        ms_problems_clear(&problems);
        return rc;
    }
    s->max_job_s = ms_sweep_search(sweep)->max_seconds;
    if (s->max_job_s > 0 && ms_sweep_kind(sweep) == MS_KIND_COMMAND)
        s->max_job_s += COMMAND_GRACE_S;
    ms_sweep_free(sweep);
    return 0;
}

// Another sweep from now on.
static int on_setup(struct shell *s, struct ms_wire *w, struct ms_error *err)
{
    if (s->n_hand || s->fifo.n)
        return ms_fail(err, MS_EFORMAT, "rank 0 sent another sweep before %zu jobs had ended",
                       s->fifo.n + (size_t)s->n_hand);
    free(s->own_file);
    free(s->own_text);
    s->file = s->own_file = w->file;
    s->text = s->own_text = w->text;
    w->file = w->text = NULL; // ours now
    s->mean_job_s = -1;
    int rc = get_limits(s, err);
    return rc ? rc : send_sweep(s, err);
}

static int on_message(struct shell *s, struct ms_wire *w, struct ms_error *err)
{
    int rc = 0;
    switch (w->type) {
    case MS_WIRE_ASSIGN:
        for (uint32_t i = 0; i < w->n && !rc; i++)
            rc = ms_jobs_push(&s->fifo, &w->jobs[i], err);
        return rc;
    case MS_WIRE_RECALL:
        return on_recall(s, w, err);
    case MS_WIRE_CANCEL:
        return on_cancel(s, w->ids[0], err);
    case MS_WIRE_SETUP:
        return on_setup(s, w, err);
    case MS_WIRE_PING:
        return tell(s, ms_wire_put_plain(&s->buf, MS_WIRE_PONG), err);
    case MS_WIRE_FINISH:
        s->finish = true;
        return 0;
    default:
        return ms_fail(err, MS_EFORMAT, "rank 0 sent a message of type %d", (int)w->type);
    }
}

static int hear_rank_0(struct shell *s, struct ms_error *err)
{
    for (int turn = 0; turn < MESSAGES_A_TURN && !s->finish; turn++) {
        struct ms_message m;
        int rc = ms_comm_poll(s->comm, &m, err);
        if (rc <= 0)
            return rc;
        s->traffic = true;
        if (m.source != 0)
            continue;
        s->heard_s = s->now_s;
        struct ms_wire w;
        rc = ms_wire_get(m.data, m.size, &w, err);
        if (rc)
            return rc;
        rc = on_message(s, &w, err);
        ms_wire_clear(&w);
        if (rc)
            return rc;
    }
    return 0;
}

// --- time ------------------------------------------------------------------------------------------

static int check_time(struct shell *s, struct ms_error *err)
{
    if (s->now_s - s->heard_s > s->patience->orphan_s)
        return ms_fail(err, MS_ECOMM, "rank 0 has been silent for %.0f s", s->now_s - s->heard_s);
    if (s->unready && s->now_s - s->started_s > START_MAX_S)
        return replace(s, MS_END_CRASHED, "the trainer did not get ready", err);
    if (s->n_hand && s->max_job_s > 0 && s->now_s - s->began_s > s->max_job_s) {
        char why[100];
        snprintf(why, sizeof why, "longer than max_seconds (%g s)", s->max_job_s);
        return replace(s, MS_END_TIMEOUT, why, err);
    }
    return 0;
}

// The clock. When this process was stopped for a while (a laptop's lid, a debugger), everybody it
// waits for gets the time back.
static void read_clock(struct shell *s)
{
    double now = clock_s(), gap = now - s->now_s;
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
    int rc = hear_rank_0(s, err);
    if (!rc)
        rc = hear_trainer(s, err);
    if (!rc)
        rc = feed(s, err);
    if (!rc && ms_channel_push(&s->channel, false, NULL)) // it has died: reading will tell
        ms_channel_drop(&s->channel);
    if (!rc)
        rc = check_time(s, err);
    if (!rc) {
        int left = ms_comm_flush(s->comm, err);
        s->sending = left > A_LONG_MESSAGE;
        rc = left < 0 ? left : 0;
    }
    return rc;
}

// FINISH to rank 0, unless that said so first: what this worker holds is free for others at once.
static void leave(struct shell *s)
{
    struct ms_error err;
    if (!s->finish && tell(s, ms_wire_put_plain(&s->buf, MS_WIRE_FINISH), &err))
        return;
    for (double end = clock_s() + LEAVE_S; clock_s() < end && ms_comm_flush(s->comm, &err) > 0;)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

int ms_worker_run(struct ms_comm *comm, struct ms_child *child, const char *file, const char *text,
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
        .mean_job_s = -1,
        .now_s = clock_s(),
    };
    s.heard_s = s.now_s;
    double sleep_s = SLEEP_MIN_S;
    int rc = get_limits(&s, err);
    if (!rc)
        rc = set_up(&s, err);
    while (!rc && !s.finish && !*stop) {
        rc = turn(&s, err);
        if (!rc && !s.finish)
            wait_a_little(&s, &sleep_s);
    }
    ms_child_end(child);
    leave(&s);
    ms_channel_clear(&s.channel);
    ms_jobs_clear(&s.fifo);
    for (int i = 0; i < s.n_hand; i++)
        ms_job_clear(&s.hand[i]);
    free(s.own_file);
    free(s.own_text);
    ms_buf_clear(&s.buf);
    return rc;
}
