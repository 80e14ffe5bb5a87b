// SPDX-License-Identifier: MIT
//
// A first look at few rows says how many rows fit into the time; then epochs over so many are
// trained. The first of them does not count, because it also fetches its memory from the kernel.
// Processor time is measured, not the clock's: if the machine has other work, the forecast is still
// for a processor of its own.
#include "mlpsweep/measure.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mlpsweep/clock.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/train.h"

enum { LOOK_ROWS = 256, LOOK_STEPS = 8, EPOCHS_MOST = 64, EPOCHS_ENOUGH = 8 };
static const double enough_s = 0.04; // after EPOCHS_ENOUGH epochs

struct watch {
    clockid_t clock;
    double limit_s, begun_s, last_s;
    int n;
    double epoch_s[EPOCHS_MOST];
};

static bool on_epoch(void *context, int epoch, const double *values, int n)
{
    struct watch *w = context;
    const double now_s = ms_clock_s(w->clock);
    (void)epoch, (void)values, (void)n;
    w->epoch_s[w->n++] = now_s - w->last_s;
    w->last_s = now_s;
    const double spent_s = now_s - w->begun_s;
    return w->n == EPOCHS_MOST || (w->n >= 2 && spent_s + w->epoch_s[w->n - 1] > w->limit_s) ||
           (w->n >= EPOCHS_ENOUGH && spent_s > enough_s);
}

// Trains the configuration with epochs of so many rows; nothing ends the training early.
static int train(const struct ms_measurement *m, struct ms_config *config, uint32_t rows,
                 struct ms_arena *arena, struct watch *w, struct ms_error *err)
{
    struct ms_dataset data = *m->data;
    if (rows < data.n_train) {
        data.n_val = (uint32_t)((double)data.n_val * rows / data.n_train);
        data.n_train = rows;
        data.n_folds = 0; // any rows will do
        data.n_test = 0;
    }
    *config = *m->config;
    config->batch_size = config->batch_size < (int)rows ? config->batch_size : (int)rows;
    config->epochs = EPOCHS_MOST;
    config->terminate_on_nan = false;
    config->early_stopping.patience = EPOCHS_MOST;
    if (data.n_val == 0 && m->data->n_val > 0) { // too few rows for the metric that callbacks watch
        config->early_stopping.monitor = -1;
        config->reduce_on_plateau.on = false;
    }
    struct ms_training t = {.config = config, .data = &data, .seed = m->seed};
    struct ms_train_result result;
    w->begun_s = w->last_s = ms_clock_s(w->clock);
    w->n = 0;
    return ms_train(&t, arena, on_epoch, w, &result, err);
}

static void result_of(struct watch *w, double share, struct ms_measured *out)
{
    const double first_s = w->epoch_s[0];
    qsort(w->epoch_s + 1, (size_t)(w->n - 1), sizeof *w->epoch_s, ms_compare_double);
    const double epoch_s = w->n > 1 ? w->epoch_s[w->n / 2] : first_s;
    const double start_s = first_s > epoch_s ? first_s - epoch_s : 0;
    *out = (struct ms_measured){.start_s = start_s, .epoch_s = epoch_s / share, .share = share};
}

static int measure_here(const struct ms_measurement *m, struct ms_measured *out,
                        struct ms_error *err)
{
    struct ms_arena *arena = ms_arena_new();
    struct ms_config *config = malloc(sizeof *config);
    const uint32_t all = m->data->n_train;
    const uint32_t batch =
        (uint32_t)m->config->batch_size < all ? (uint32_t)m->config->batch_size : all;
    struct watch w = {.clock = m->threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID};
    if (!arena || !config) {
        free(config);
        ms_arena_free(arena);
        return ms_no_memory(err, "a measurement");
    }
    ms_train_prepare(m->threads);
    uint32_t look = batch < LOOK_ROWS / LOOK_STEPS ? batch * LOOK_STEPS : LOOK_ROWS;
    look = look < all ? look : all;
    int status = train(m, config, look, arena, &w, err);
    if (!status) {
        struct ms_measured few;
        result_of(&w, (double)look / all, &few);
        const double fit = m->limit_s / (3 * few.epoch_s) * all; // rows, three times over
        uint32_t rows = fit >= all ? all : fit < look ? look : (uint32_t)fit;
        if (rows > batch && rows < all)
            rows -= rows % batch;
        w.limit_s = m->limit_s;
        status = train(m, config, rows, arena, &w, err);
        if (!status)
            result_of(&w, (double)rows / all, out);
    }
    free(config);
    ms_arena_free(arena);
    return status;
}

// --- processes ---------------------------------------------------------------

struct probe {
    pid_t pid;
    int fd;
};

static int start(const struct ms_measurement *m, struct probe *p, struct ms_error *err)
{
    int fd[2];
    if (pipe(fd))
        return ms_fail(err, MS_EIO, "cannot measure: %s", strerror(errno));
    const pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        struct ms_measured measured;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(fd[0]);
        if (getppid() != parent || measure_here(m, &measured, NULL))
            _exit(1);
        _exit(write(fd[1], &measured, sizeof measured) != (ssize_t)sizeof measured);
    }
    close(fd[1]);
    if (pid < 0) {
        close(fd[0]);
        return ms_fail(err, MS_EIO, "cannot measure: fork: %s", strerror(errno));
    }
    *p = (struct probe){pid, fd[0]};
    return 0;
}

// Waits until there is an answer or until the clock says `until_s`.
static int finish(const struct probe *p, double until_s, struct ms_measured *out,
                  struct ms_error *err)
{
    struct pollfd ready = {.fd = p->fd, .events = POLLIN};
    int left_ms, got;
    do {
        const double left_s = until_s - ms_now_s();
        left_ms = left_s > 0 ? (int)(left_s * 1e3) + 1 : 0;
        got = poll(&ready, 1, left_ms);
    } while (got < 0 && errno == EINTR);
    const bool answered = got > 0 && read(p->fd, out, sizeof *out) == (ssize_t)sizeof *out;
    if (!answered)
        kill(p->pid, SIGKILL);
    close(p->fd);
    while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (!answered)
        return ms_fail(err, MS_ESTATE,
                       got > 0 ? "a training to measure failed"
                               : "a training to measure took too long");
    return 0;
}

int ms_measure(const struct ms_measurement *m, struct ms_measured *out, struct ms_error *err)
{
    struct probe probe[MS_MEASURE_MOST];
    int n = 0, status = 0;
    *out = (struct ms_measured){0};
    for (; n < m->at_once && n < MS_MEASURE_MOST && !status; n += status == 0)
        status = start(m, &probe[n], err);
    const double until_s = ms_now_s() + 10 * m->limit_s + 5;
    for (int i = 0; i < n; i++) {
        struct ms_measured one;
        const int failed = finish(&probe[i], status ? 0 : until_s, &one, err);
        status = status ? status : failed;
        if (failed)
            continue;
        out->start_s += one.start_s / n;
        out->epoch_s += one.epoch_s / n;
        out->share = one.share;
    }
    return status;
}
