// SPDX-License-Identifier: MIT
//
// The trainer: computes one attempt after the other and reports to its shell. It may crash at any
// instruction: it sends every finished attempt's RESULT before it begins the next, so the shell
// knows which one it died of.
//
// Epochs are collected and sent at most FLUSH_S apart, or earlier if a frame is full, so that a
// network of a hundred microseconds an epoch does not spend its time in system calls.
#include "trainer.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.h"
#include "worker/objective/evaluate.h"
#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/sweep.h"
#include "mlpsweep/train.h"
#include "mlpsweep/weights.h"
#include "mlpsweep/wire.h"

#define FLUSH_S 0.2
#define LISTEN_S 0.002 // how often a running attempt looks for a CANCEL
enum {
    // Doubles in a METRICS message of one frame, less the heads of frame, message and METRICS.
    VALUES = (MS_FRAME_MAX - 4 - 2 - 8 - 4 * 4) / 8,
    QUEUE = 64,
    KEEP_ROOM = 256 << 10, // of the buffer for messages, if nothing needs more
};

struct trainer {
    struct ms_channel channel;
    int data_fd;
    struct ms_sweep *sweep;
    struct ms_dataset data[MS_MAX_DATASETS];
    int n_data;
    struct ms_arena *arena;
    struct ms_config config;
    struct ms_buf buf;
    struct ms_attempt queue[QUEUE]; // the first one runs
    int n_queue;
    bool running, cancelled, finish;
    double idle_since_s; // when it was ready, or when the last attempt ended
    int peak_fd;         // resets the peak of the resident memory
    // The running attempt:
    double heard_s, flushed_s;
    uint32_t first_epoch, n_epochs, n_columns;
    double values[VALUES];
};

// Sends t->buf; encoded: the status of encoding it.
static int report(struct trainer *t, int encoded, struct ms_error *err)
{
    if (encoded)
        return ms_no_memory(err, "a message to the shell");
    return ms_channel_send(&t->channel, t->buf.data, t->buf.size, err);
}

// --- orders of the shell -----------------------------------------------------

static int map_data(struct trainer *t, struct ms_error *err)
{
    struct stat st;
    if (t->data_fd < 0 || fstat(t->data_fd, &st))
        return ms_fail(err, MS_ESTATE, "the data did not come with the sweep");
    void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, t->data_fd, 0);
    if (data == MAP_FAILED)
        return ms_fail(err, MS_EIO, "cannot map %lld bytes of data: %s", (long long)st.st_size,
                       strerror(errno));
    return ms_dataset_unpack(data, (size_t)st.st_size, t->data, &t->n_data, err);
}

// The first sweep, or another one on the same data.
static int set_up(struct trainer *t, const struct ms_wire *w, struct ms_error *err)
{
    if (t->n_queue)
        return ms_fail(err, MS_ESTATE, "another sweep before %d attempts have ended", t->n_queue);
    ms_sweep_free(t->sweep);
    t->sweep = NULL;
    struct ms_sweep_problems problems = {0};
    int status = ms_sweep_parse(w->file, w->text, strlen(w->text), &t->sweep, &problems);
    if (status)
        ms_fail(err, status, "%s:%d: %s", w->file, problems.n ? problems.item[0].line : 0,
                problems.n ? problems.item[0].text : "the sweep cannot be read");
    ms_sweep_problems_clear(&problems);
    if (!status && t->n_data == 0)
        status = map_data(t, err);
    if (status)
        return status;
    const struct ms_data_spec *specs;
    int n = ms_sweep_data(t->sweep, &specs);
    if (n != t->n_data)
        return ms_fail(err, MS_ESTATE, "%s asks for %d data sets, but %d are there", w->file, n,
                       t->n_data);
    if (!t->arena)
        t->arena = ms_arena_new();
    if (!t->arena)
        return ms_no_memory(err, "trainings");
    ms_train_prepare(ms_sweep_threads(t->sweep));
    struct ms_ready ready = {.trainer_pid = (uint32_t)getpid()};
    ms_train_provenance(ready.provenance, sizeof ready.provenance);
    t->idle_since_s = ms_now_s();
    return report(t, ms_wire_put_ready(&t->buf, &ready), err);
}

static int add_attempts(struct trainer *t, struct ms_wire *w, struct ms_error *err)
{
    for (uint32_t i = 0; i < w->n; i++) {
        if (t->n_queue == QUEUE)
            return ms_fail(err, MS_ESTATE, "more than %d attempts at once", QUEUE);
        t->queue[t->n_queue++] = ms_wire_attempt_take(&w->attempts[i]);
    }
    return 0;
}

static void drop_attempt(struct trainer *t, int i)
{
    ms_wire_attempt_clear(&t->queue[i]);
    t->n_queue--;
    memmove(t->queue + i, t->queue + i + 1, (size_t)(t->n_queue - i) * sizeof *t->queue);
}

static int cancel(struct trainer *t, uint64_t id, struct ms_error *err)
{
    for (int i = 0; i < t->n_queue; i++) {
        if (t->queue[i].id != id)
            continue;
        if (i == 0 && t->running) {
            t->cancelled = true;
            return 0;
        }
        struct ms_result r = {.id = id, .end = MS_END_CANCELLED};
        drop_attempt(t, i);
        return report(t, ms_wire_put_result(&t->buf, &r), err);
    }
    return 0; // it has ended already
}

// Returns the attempts that have not begun.
static int give_back(struct trainer *t, struct ms_wire *w, struct ms_error *err)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < w->n; k++)
        for (int i = t->running; i < t->n_queue; i++)
            if (t->queue[i].id == w->ids[k]) {
                drop_attempt(t, i);
                w->ids[n++] = w->ids[k];
                break;
            }
    return n ? report(t, ms_wire_put_ids(&t->buf, MS_WIRE_RETURNED, w->ids, n), err) : 0;
}

static int obey(struct trainer *t, struct ms_wire *w, struct ms_error *err)
{
    switch (w->type) {
    case MS_WIRE_SETUP:
        return set_up(t, w, err);
    case MS_WIRE_ASSIGN:
        return t->sweep ? add_attempts(t, w, err)
                        : ms_fail(err, MS_ESTATE, "an attempt before the sweep");
    case MS_WIRE_RECALL:
        return give_back(t, w, err);
    case MS_WIRE_CANCEL:
        return cancel(t, w->ids[0], err);
    case MS_WIRE_FINISH:
        t->finish = t->cancelled = true;
        return 0;
    default:
        return ms_fail(err, MS_ESTATE, "a message of type %d is not for a trainer", (int)w->type);
    }
}

// Carries out the shell's messages; wait: waits for one.
static int listen_to_shell(struct trainer *t, bool wait, struct ms_error *err)
{
    const uint8_t *data;
    size_t size;
    for (;;) {
        int status = ms_channel_next(&t->channel, &data, &size, err);
        if (status < 0)
            return status;
        if (status == 0) {
            status = ms_channel_pull(&t->channel, wait, &t->data_fd, err);
            if (status <= 0)
                return status;
            continue;
        }
        struct ms_wire w;
        status = ms_wire_get(data, size, &w, err);
        if (status)
            return status;
        status = obey(t, &w, err);
        ms_wire_clear(&w);
        if (status)
            return status;
        wait = false;
    }
}

// --- one attempt -----------------------------------------------------------------

static int flush_epochs(struct trainer *t, struct ms_error *err)
{
    if (t->n_epochs == 0)
        return 0;
    struct ms_epochs e = {
        .id = t->queue[0].id,
        .first_epoch = t->first_epoch,
        .n_epochs = t->n_epochs,
        .n_columns = t->n_columns,
        .values = t->values,
    };
    t->first_epoch += t->n_epochs;
    t->n_epochs = 0;
    return report(t, ms_wire_put_epochs(&t->buf, &e), err);
}

static bool on_epoch(void *ctx, int epoch, const double *values, int n)
{
    struct trainer *t = ctx;
    if (n > 0) {
        if (t->n_epochs == 0)
            t->first_epoch = (uint32_t)epoch;
        t->n_columns = (uint32_t)n;
        memcpy(t->values + t->n_epochs * t->n_columns, values, (size_t)n * sizeof *values);
        t->n_epochs++;
    }
    double now = ms_now_s();
    bool full = (t->n_epochs + 1) * t->n_columns > VALUES;
    struct ms_error err;
    if (full || now - t->flushed_s >= FLUSH_S) {
        t->flushed_s = now;
        if (flush_epochs(t, &err))
            _exit(1); // the shell has gone
    }
    if (now - t->heard_s >= LISTEN_S) {
        t->heard_s = now;
        if (listen_to_shell(t, false, &err))
            _exit(1);
    }
    return t->cancelled;
}

// Trains; again from the start if the state given cannot be used.
static int train_part(struct trainer *t, struct ms_training *j, struct ms_train_result *result,
                      struct ms_result *r, struct ms_error *err)
{
    int status = ms_train(j, t->arena, on_epoch, t, result, err);
    if (status != MS_EFORMAT || !j->state)
        return status;
    snprintf(r->message, sizeof r->message, "trained from the start: %.*s",
             (int)sizeof r->message - 32, err->text);
    j->state = NULL;
    j->n_state = 0;
    return ms_train(j, t->arena, on_epoch, t, result, err);
}

// Sends the state of a training that pauses, after its epochs and before its RESULT.
static int send_state(struct trainer *t, const struct ms_train_result *result, struct ms_error *err)
{
    int status = flush_epochs(t, err);
    if (status || !result->state)
        return status;
    const struct ms_state s = {
        .id = t->queue[0].id,
        .epoch = (uint32_t)result->epochs,
        .n = (uint32_t)result->n_state,
        .bytes = result->state,
    };
    status = report(t, ms_wire_put_state(&t->buf, &s), err);
    ms_wire_buf_clear(&t->buf); // it may be large
    return status;
}

static int send_weights(struct trainer *t, const struct ms_train_result *result,
                        struct ms_error *err)
{
    if (!result->weights)
        return 0;
    const struct ms_trained trained = {
        .id = t->queue[0].id,
        .epoch = (uint32_t)result->weights_epoch,
        .objective = result->weights_objective,
        .n = (uint32_t)result->n_weights,
        .bytes = (uint8_t *)result->weights, // they become bytes in their place
    };
    ms_weights_to_bytes(result->weights, result->n_weights, trained.bytes);
    const int status = report(t, ms_wire_put_weights(&t->buf, &trained), err);
    if (t->buf.room > KEEP_ROOM)
        ms_wire_buf_clear(&t->buf);
    return status;
}

// Epochs of an attempt that is no training.
static void on_named_epochs(void *ctx, const struct ms_epochs *e)
{
    struct trainer *t = ctx;
    if (report(t, ms_wire_put_epochs(&t->buf, e), NULL))
        _exit(1); // the shell has gone
}

static bool on_asked(void *ctx)
{
    struct trainer *t = ctx;
    if (listen_to_shell(t, false, NULL))
        _exit(1);
    return t->cancelled;
}

static int evaluate(struct trainer *t, const struct ms_attempt *attempt, struct ms_result *r,
                    struct ms_error *err)
{
    const struct ms_outlet to = {t, t->channel.fd, on_named_epochs, on_asked};
    return ms_sweep_kind(t->sweep) == MS_KIND_FUNCTION
               ? ms_objective_evaluate_function(t->sweep, attempt, &to, r, err)
               : ms_objective_evaluate_command(t->sweep, attempt, &to, r, err);
}

// Why an execution that trained to its end has no objective. MS_AT_BEST looks at all epochs.
static void say_undefined(const struct trainer *t, const struct ms_train_result *result,
                          struct ms_result *r)
{
    const struct ms_objective *o = ms_sweep_objective(t->sweep);
    const char *why = ms_metric_undefined(o->metric);
    const bool last = o->at == MS_AT_LAST || o->at == MS_AT_LAST_MEAN;
    const bool known = last ? !isnan(result->objective) : result->any_objective;
    if (!known && (why || result->not_numbers))
        snprintf(r->message, sizeof r->message, "%s has no value: %s", o->name,
                 result->not_numbers ? "the network's outputs are no numbers" : why);
}

// How a training ended, into its RESULT; before that its state or weights are sent.
static void tell(struct trainer *t, const struct ms_attempt *attempt,
                 struct ms_train_result *result, struct ms_result *r, struct ms_error *err)
{
    static const uint8_t ends[] = {
        [MS_OUTCOME_COMPLETED] = MS_END_COMPLETED, [MS_OUTCOME_STOPPED] = MS_END_STOPPED,
        [MS_OUTCOME_DIVERGED] = MS_END_DIVERGED,   [MS_OUTCOME_CANCELLED] = MS_END_CANCELLED,
        [MS_OUTCOME_PRUNED] = MS_END_PRUNED,       [MS_OUTCOME_PAUSED] = MS_END_PAUSED,
    };
    r->end = ends[result->outcome];
    r->epochs = (uint32_t)result->epochs;
    r->constant = result->constant;
    if (attempt->test_epoch == 0 &&
        (r->end == MS_END_COMPLETED || r->end == MS_END_STOPPED || r->end == MS_END_PRUNED))
        say_undefined(t, result, r);
    if (r->end == MS_END_DIVERGED)
        snprintf(r->message, sizeof r->message, "the loss was not finite in epoch %d",
                 result->epochs);
    r->n_test = (uint32_t)result->n_test;
    memcpy(r->test, result->test, sizeof r->test);
    if (send_state(t, result, err) || send_weights(t, result, err))
        _exit(1); // the shell has gone
    free(result->state);
}

static int train(struct trainer *t, const struct ms_attempt *attempt, struct ms_result *r,
                 struct ms_error *err)
{
    int n = ms_sweep_space(t->sweep)->n;
    if (attempt->n_point != (uint32_t)n)
        return ms_fail(err, MS_ESTATE, "a point of %u values in a space of %d", attempt->n_point,
                       n);
    if (ms_sweep_kind(t->sweep) != MS_KIND_TRAIN)
        return evaluate(t, attempt, r, err);
    int status = ms_sweep_config(t->sweep, attempt->point, &t->config, err);
    if (status)
        return status;
    if (t->config.dataset < 0 || t->config.dataset >= t->n_data)
        return ms_fail(err, MS_ESTATE, "data set %d of %d", t->config.dataset, t->n_data);
    const struct ms_dataset data = ms_dataset_fold(&t->data[t->config.dataset], attempt->execution);
    status = ms_config_complete(&t->config, &data, err);
    if (status)
        return status;
    struct ms_training j = {
        .config = &t->config,
        .data = &data,
        .seed = ms_sweep_seed(t->sweep),
        .trial = attempt->trial,
        .execution = attempt->execution,
        .test_epoch = (int)attempt->test_epoch,
        .from_epoch = (int)attempt->from_epoch,
        .to_epoch = (int)attempt->to_epoch,
        .state = attempt->n_state ? attempt->state : NULL,
        .n_state = attempt->n_state,
        .limits = attempt->limits,
        .n_limits = (int)attempt->n_limits,
        .objective = ms_sweep_objective(t->sweep)->metric,
        .maximize = ms_sweep_objective(t->sweep)->maximize,
        .keep = attempt->keep != MS_KEEP_NONE,
        .keep_bound = attempt->keep == MS_KEEP_GOOD ? attempt->keep_bound : NAN,
        .untested = attempt->keep == MS_KEEP_ONLY,
        .at = ms_sweep_objective(t->sweep)->at,
    };
    struct ms_train_result result = {0};
    status = train_part(t, &j, &result, r, err);
    if (status)
        return status;
    tell(t, attempt, &result, r, err);
    return 0;
}

// The highest resident memory since the last call of reset_peak (since the start if the kernel
// cannot reset it).
static double peak_bytes(void)
{
    struct rusage u;
    return getrusage(RUSAGE_SELF, &u) ? 0 : 1024.0 * (double)u.ru_maxrss;
}

static void reset_peak(struct trainer *t)
{
    if (t->peak_fd >= 0 && pwrite(t->peak_fd, "5", 1, 0) != 1) {
        close(t->peak_fd);
        t->peak_fd = -1;
    }
}

static int run_first(struct trainer *t, struct ms_error *err)
{
    struct ms_result r = {.id = t->queue[0].id};
    reset_peak(t);
    double wall = ms_now_s(), cpu = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID);
    r.wait_s = wall - t->idle_since_s;
    t->flushed_s = t->heard_s = wall;
    t->n_epochs = t->n_columns = 0;
    t->cancelled = false;
    t->running = true;
    struct ms_error why = {0};
    int status = train(t, &t->queue[0], &r, &why);
    t->running = false;
    r.wall_s = ms_now_s() - wall;
    if (ms_sweep_kind(t->sweep) != MS_KIND_COMMAND) { // which has reported its own
        r.cpu_s = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        r.max_rss_bytes = peak_bytes();
    }
    if (status) {
        r.end = MS_END_ERROR;
        snprintf(r.message, sizeof r.message, "%.*s", (int)sizeof r.message - 1, why.text);
    }
    status = flush_epochs(t, err);
    if (!status)
        status = report(t, ms_wire_put_result(&t->buf, &r), err);
    free(r.output);
    drop_attempt(t, 0);
    t->idle_since_s = ms_now_s();
    return status;
}

int ms_trainer_main(int fd)
{
    struct trainer *t = calloc(1, sizeof *t);
    if (!t)
        return 1;
    t->channel.fd = fd;
    t->data_fd = -1;
    t->peak_fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    struct ms_error err = {0};
    int status = 0;
    while (!status && !t->finish) {
        status = listen_to_shell(t, t->n_queue == 0, &err);
        if (!status && !t->finish && t->n_queue)
            status = run_first(t, &err);
    }
    // ECOMM: the shell has gone. All else is sent as the end of no attempt, for the shell to
    // report.
    if (status && status != MS_ECOMM) {
        struct ms_result r = {.end = MS_END_ERROR};
        snprintf(r.message, sizeof r.message, "%.*s", (int)sizeof r.message - 1, err.text);
        (void)!report(t, ms_wire_put_result(&t->buf, &r), NULL);
    }
    return status && status != MS_ECOMM;
}
