// SPDX-License-Identifier: MIT
//
// Rank 0, played by a test, for a real shell with a real trainer: a comm whose send() is rank 0
// hearing, and whose poll() is rank 0 speaking.
#ifndef MLPSWEEP_TESTS_RANK_0_H
#define MLPSWEEP_TESTS_RANK_0_H

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mpi/nodefile.h"
#include "check.h"
#include "coordinator/source/source.h"
#include "mlpsweep/clock.h"
#include "mlpsweep/sweep.h"
#include "mlpsweep/wire.h"
#include "mlpsweep/worker.h"

#define TEXT(epochs, limit)                                                                        \
    "{\"name\": \"t\", \"seed\": 5, \"data\": {\"synthetic\": \"prod\", \"points\": 500},"         \
    " \"hidden\": {\"layers\": 1, \"same\": {\"units\": 4, \"activation\": \"relu\"}},"            \
    " \"optimizer\": \"adam\", \"learning_rate\": {\"choice\": [0.001, 0.01]},"                    \
    " \"epochs\": " #epochs ", \"search\": {\"method\": \"grid\"" limit "},"                       \
    " \"objective\": {\"metric\": \"val_loss\"}}"

enum { MAX = 4000 };

struct rank_0 {
    struct ms_comm comm;
    struct ms_buf said[MAX]; // messages to the shell, taken in order
    int n_said, n_taken;
    struct ms_buf last; // handed out by poll
    // Heard from the shell:
    struct ms_ready ready;
    struct ms_result results[64];
    uint32_t epochs[64]; // by id
    int n_results, n_ready, n_pongs, n_returned, n_finish;
    uint64_t returned[64];
    double begin_s;
    int step;
    void (*play)(struct rank_0 *r);                     // called at every poll
    void (*heard)(struct rank_0 *r, struct ms_wire *w); // of every message; may be NULL
};

static inline void say(struct rank_0 *r, struct ms_buf *b)
{
    REQUIRE(r->n_said < MAX && b->status == 0);
    r->said[r->n_said++] = *b;
    *b = (struct ms_buf){0};
}

static inline void say_plain(struct rank_0 *r, enum ms_wire_type type)
{
    struct ms_buf b = {0};
    REQUIRE(ms_wire_put_plain(&b, type) == 0);
    say(r, &b);
}

static inline void say_ids(struct rank_0 *r, enum ms_wire_type type, uint64_t first, uint32_t n)
{
    struct ms_buf b = {0};
    uint64_t ids[16];
    for (uint32_t i = 0; i < n; i++)
        ids[i] = first + i;
    REQUIRE(ms_wire_put_ids(&b, type, ids, n) == 0);
    say(r, &b);
}

// Attempts first … first+n-1 in one message.
static inline void say_attempts(struct rank_0 *r, uint64_t first, uint32_t n)
{
    struct ms_buf b = {0};
    struct ms_attempt attempts[16];
    double point[1] = {1};
    for (uint32_t i = 0; i < n; i++)
        attempts[i] =
            (struct ms_attempt){.id = first + i, .trial = i, .n_point = 1, .point = point};
    REQUIRE(ms_wire_put_assign(&b, attempts, n) == 0);
    say(r, &b);
}

static inline int hear(struct ms_comm *c, int dest, const void *data, size_t size,
                       struct ms_error *err)
{
    struct rank_0 *r = (struct rank_0 *)c;
    struct ms_wire w;
    CHECK_INT(dest, 0);
    REQUIRE(ms_wire_get(data, size, &w, err) == 0);
    switch (w.type) {
    case MS_WIRE_READY:
        r->ready = w.ready;
        r->n_ready++;
        break;
    case MS_WIRE_METRICS:
        CHECK(size <= MS_FRAME_MAX - 4);
        REQUIRE(w.epochs.id < 64);
        CHECK_INT(w.epochs.first_epoch, r->epochs[w.epochs.id] + 1); // none lost, none twice
        CHECK(isfinite(w.epochs.values[0]) && w.epochs.n_columns >= 2);
        r->epochs[w.epochs.id] += w.epochs.n_epochs;
        break;
    case MS_WIRE_RESULT:
        REQUIRE(r->n_results < 64);
        r->results[r->n_results++] = w.result;
        break;
    case MS_WIRE_RETURNED:
        for (uint32_t i = 0; i < w.n; i++)
            r->returned[r->n_returned++] = w.ids[i];
        break;
    case MS_WIRE_PONG:
        r->n_pongs++;
        break;
    case MS_WIRE_STATE:
    case MS_WIRE_WEIGHTS:
        CHECK(r->heard != NULL);
        break;
    case MS_WIRE_FINISH:
        r->n_finish++;
        break;
    default:
        CHECK_THAT(0, "the shell sent a message of type %d", (int)w.type);
    }
    if (r->heard)
        r->heard(r, &w);
    ms_wire_clear(&w);
    return 0;
}

static inline int speak(struct ms_comm *c, struct ms_message *out, struct ms_error *err)
{
    struct rank_0 *r = (struct rank_0 *)c;
    (void)err;
    ms_wire_buf_clear(&r->last);
    if (r->n_taken == r->n_said && r->play)
        r->play(r);
    if (ms_now_s() - r->begin_s > 300) {
        CHECK_THAT(0, "step %d hangs", r->step);
        say_plain(r, MS_WIRE_FINISH);
    }
    if (r->n_taken == r->n_said)
        return 0;
    r->last = r->said[r->n_taken++];
    *out = (struct ms_message){0, r->last.data, r->last.size};
    return 1;
}

static inline int nothing_left(struct ms_comm *c, struct ms_error *err)
{
    (void)c;
    (void)err;
    return 0;
}

static inline void ignore(struct ms_comm *c, int peer)
{
    (void)c;
    (void)peer;
}

static inline void nop(struct ms_comm *c)
{
    (void)c;
}

static const struct ms_comm_ops rank_0_ops = {hear, speak, nothing_left, ignore, nop};

// The sweep's data in a file without a name, as every node has it.
static inline int data_of(const char *text)
{
    struct ms_sweep *sweep;
    struct ms_sweep_problems problems = {0};
    struct ms_error err;
    int status = ms_sweep_parse("t.json", text, strlen(text), &sweep, &problems);
    CHECK_THAT(status == 0, "%s", problems.n ? problems.item[0].text : "?");
    REQUIRE(status == 0);
    const struct ms_data_spec *specs;
    void *block, *pack;
    size_t size, pack_size;
    REQUIRE(ms_sweep_data(sweep, &specs) == 1);
    REQUIRE(ms_source_load(&specs[0], NULL, ".", ms_sweep_seed(sweep), &block, &size, NULL, &err) ==
            0);
    REQUIRE(ms_dataset_pack(&block, &size, 1, &pack, &pack_size, &err) == 0);
    char path[MS_NODEFILE_PATH_MAX];
    int fd, reading;
    REQUIRE(ms_nodefile_create(pack_size, path, &fd, &err) == 0);
    REQUIRE(ms_nodefile_write(fd, pack, pack_size, 0, path, &err) == 0);
    REQUIRE(ms_nodefile_open(path, pack_size, &reading, &err) == 0);
    unlink(path);
    close(fd);
    free(block);
    free(pack);
    ms_sweep_free(sweep);
    return reading;
}

static volatile int stop;

// Runs a shell against a script; r holds what was heard.
static inline int run_hearing(struct rank_0 *r, const char *text, void (*play)(struct rank_0 *),
                              void (*heard)(struct rank_0 *, struct ms_wire *), double orphan_s,
                              struct ms_error *err)
{
    int fd = data_of(text);
    struct ms_child child;
    struct ms_patience patience = {1, 20, orphan_s};
    *r = (struct rank_0){
        .comm = {&rank_0_ops, 1, 2}, .play = play, .heard = heard, .begin_s = ms_now_s()};
    stop = 0;
    REQUIRE(ms_child_fork(&child, NULL, err) == 0);
    int status = ms_shell_run(&r->comm, &child, "t.json", text, fd, &patience, &stop, err);
    CHECK(child.pid == 0 && waitpid(-1, NULL, WNOHANG) == -1); // no child left
    for (int i = r->n_taken; i < r->n_said; i++)
        ms_wire_buf_clear(&r->said[i]);
    ms_wire_buf_clear(&r->last);
    close(fd);
    return status;
}

static inline int run(struct rank_0 *r, const char *text, void (*play)(struct rank_0 *),
                      double orphan_s, struct ms_error *err)
{
    return run_hearing(r, text, play, NULL, orphan_s, err);
}

// The trainer that is a child of this process now.
static inline int trainer_pid(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getpid(), (int)getpid());
    FILE *f = fopen(path, "r");
    int pid = 0;
    if (f) {
        if (fscanf(f, "%d", &pid) != 1)
            pid = 0;
        fclose(f);
    }
    return pid;
}

static inline const struct ms_result *result(const struct rank_0 *r, uint64_t id)
{
    static const struct ms_result none = {.end = 99};
    for (int i = 0; i < r->n_results; i++)
        if (r->results[i].id == id)
            return &r->results[i];
    CHECK_THAT(0, "no result of attempt %d", (int)id);
    return &none;
}

#endif
