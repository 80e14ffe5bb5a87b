// SPDX-License-Identifier: MIT
//
// A command's attempt: start the program, read what it prints, stop it when that is due.
// This process keeps reading whatever the program prints, in bounded memory, so that neither side
// ever waits for the other. Lines become epochs in command_lines.c, the end becomes a result in
// command_end.c.
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command_end.h"
#include "command_lines.h"
#include "evaluate.h"
#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"
#include "program.h"

enum { CHUNK = 65536 }; // bytes read at a time
#define FLUSH_S 0.2
#define ASK_S 0.1 // how often cancelled is asked, besides when the outlet's fd can be read
// A program that has printed all epochs wanted may end by itself, to save what it saves. It gets
// long where it knows from {epochs} that these are all; else it may as well be training on.
#define LEAVE_TOLD_S 60.0
#define LEAVE_S 5.0
// A turn that took this long: this process was stopped (Ctrl-Z), and time stood still.
#define STALL_S 2.0

struct command {
    const struct ms_sweep *sweep;
    const struct ms_attempt *attempt;
    const struct ms_outlet *to;
    struct ms_program program;
    char dir[4096]; // it runs in the sweep file's folder, as data is read from there
    char chunk[CHUNK];
    struct ms_command_lines lines;
    struct ms_command_errors errors;

    enum ms_command_why why;
    bool stopped;
    double began_s, flushed_s, looked_s;
    double leave_s; // when it is stopped, unless it has ended; 0: not
};

static void stop(struct command *c, enum ms_command_why why)
{
    if (c->why == MS_COMMAND_BY_ITSELF)
        c->why = why;
    if (!c->stopped)
        ms_program_stop(&c->program);
    c->stopped = c->lines.deaf = true;
}

static void flush(struct command *c)
{
    ms_command_lines_flush(&c->lines);
    c->flushed_s = ms_now_s();
}

// --- while it runs -----------------------------------------------------------

// Reads once. False: closed, or nothing there now.
static bool read_from(struct command *c, int *fd)
{
    if (*fd < 0)
        return false;
    ssize_t n = read(*fd, c->chunk, sizeof c->chunk);
    if (n > 0 && fd == &c->program.out)
        ms_command_lines_take(&c->lines, c->chunk, (size_t)n);
    else if (n > 0)
        ms_command_errors_take(&c->errors, c->chunk, (size_t)n);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        close(*fd);
        *fd = -1;
    }
    return n > 0;
}

// Does what its lines ask for.
static void heed_lines(struct command *c)
{
    if (c->lines.verdict == MS_COMMAND_PRUNED)
        stop(c, MS_COMMAND_WHY_PRUNED);
    else if (c->lines.verdict == MS_COMMAND_ENOUGH)
        stop(c, MS_COMMAND_WHY_ENOUGH);
    if (c->lines.all && c->leave_s == 0)
        c->leave_s =
            ms_now_s() + (ms_sweep_command_tells_epochs(c->sweep) ? LEAVE_TOLD_S : LEAVE_S);
}

// The time now. What this process has not lived through counts against nobody.
static double forgive_gap(struct command *c)
{
    const double now = ms_now_s(), gap = now - c->looked_s;
    if (gap > STALL_S) {
        c->began_s += gap;
        c->leave_s += c->leave_s > 0 ? gap : 0;
    }
    return c->looked_s = now;
}

static void read_the_rest(struct command *c)
{
    for (int i = 0; i < 64 && read_from(c, &c->program.out); i++)
        ;
    for (int i = 0; i < 64 && read_from(c, &c->program.err); i++)
        ;
    ms_command_lines_finish(&c->lines);
    heed_lines(c);
}

// Until the program has ended and all that it printed is read. Returns as ms_program_ended.
static int follow(struct command *c, double max_s, struct ms_program_end *end)
{
    for (c->looked_s = ms_now_s();;) {
        struct pollfd p[] = {{.fd = c->program.out, .events = POLLIN},
                             {.fd = c->program.err, .events = POLLIN},
                             {.fd = c->program.end, .events = POLLIN},
                             {.fd = c->stopped ? -1 : c->to->fd, .events = POLLIN}};
        poll(p, 4, (int)(1000 * ASK_S));
        bool more = read_from(c, &c->program.out);
        heed_lines(c);
        more = read_from(c, &c->program.err) || more;
        double now = forgive_gap(c);
        if (!c->stopped && c->to->cancelled(c->to->ctx))
            stop(c, MS_COMMAND_WHY_CANCELLED);
        if (max_s > 0 && now - c->began_s > max_s)
            stop(c, MS_COMMAND_WHY_TIMEOUT);
        if (c->leave_s > 0 && now > c->leave_s)
            stop(c, MS_COMMAND_WHY_ENOUGH);
        if (now - c->flushed_s >= FLUSH_S)
            flush(c);
        if (more) // the end comes after what was printed before it
            continue;
        int ended = ms_program_ended(&c->program, end);
        if (ended == 0)
            continue;
        read_the_rest(c);
        return ended;
    }
}

// --- from start to end -------------------------------------------------------

uint64_t ms_command_seed(uint64_t seed, uint32_t trial, uint32_t execution)
{
    const struct ms_rng rng = ms_rng_at(seed, trial, execution, MS_STREAM_COMMAND);
    uint32_t word[4];
    ms_rng_block(&rng, 0, word);
    return word[0];
}

// *started: arguments and environment are complete, so that only the machine can fail.
static int start(struct command *c, int epochs, char ***argv, bool *started, struct ms_error *err)
{
    const struct ms_attempt *attempt = c->attempt;
    const char *file = ms_sweep_file(c->sweep), *slash = strrchr(file, '/');
    if (slash && slash - file >= (ptrdiff_t)sizeof c->dir)
        return ms_fail(err, MS_ELIMIT, "the path of the sweep's file is too long");
    snprintf(c->dir, sizeof c->dir, "%.*s", slash ? (int)(slash + 1 - file) : 1,
             slash ? file : ".");
    const struct ms_command_ids ids = {
        attempt->trial, attempt->execution,
        ms_command_seed(ms_sweep_seed(c->sweep), attempt->trial, attempt->execution),
        attempt->to_epoch ? (int)attempt->to_epoch : epochs};
    char text[6][64], *params = ms_sweep_resolved(c->sweep, "params", attempt->point), *json = NULL;
    snprintf(text[0], sizeof text[0], "MLPSWEEP_TRIAL=%u", ids.trial);
    snprintf(text[1], sizeof text[1], "MLPSWEEP_EXECUTION=%u", ids.execution);
    snprintf(text[2], sizeof text[2], "MLPSWEEP_SEED=%llu", (unsigned long long)ids.seed);
    snprintf(text[3], sizeof text[3], "MLPSWEEP_EPOCHS=%d", ids.epochs);
    if (asprintf(&json, "MLPSWEEP_PARAMS=%s", params ? params : "{}") < 0)
        json = NULL;
    // As many threads as a trainer would have, unless the user says otherwise.
    int threads = ms_sweep_threads(c->sweep), n = 5;
    char *set[] = {text[0], text[1], text[2], text[3], json, text[4], text[5]};
    snprintf(text[4], sizeof text[4], "OMP_NUM_THREADS=%d", threads);
    snprintf(text[5], sizeof text[5], "OPENBLAS_NUM_THREADS=%d", threads);
    if (!getenv("OMP_NUM_THREADS"))
        n = threads > 1 ? 7 : 6; // the launcher has set OpenBLAS's to 1
    int status = json ? ms_sweep_command(c->sweep, attempt->point, &ids, argv, err)
                      : ms_no_memory(err, "the environment");
    *started = !status;
    if (!status)
        status = ms_program_start(*argv, c->dir, set, n, &c->program, err);
    free(json);
    free(params);
    return status;
}

int ms_objective_evaluate_command(const struct ms_sweep *s, const struct ms_attempt *attempt,
                                  const struct ms_outlet *to, struct ms_result *r,
                                  struct ms_error *err)
{
    struct ms_config *config = malloc(sizeof *config);
    struct command *c = calloc(1, sizeof *c);
    char **argv = NULL;
    bool started = false;
    int status = config && c ? ms_sweep_config(s, attempt->point, config, err)
                             : ms_no_memory(err, "a command");
    if (!status) {
        c->sweep = s;
        c->attempt = c->lines.attempt = attempt;
        c->to = c->lines.to = to;
        c->lines.objective = ms_sweep_objective(s);
        c->lines.best = NAN;
        c->began_s = c->flushed_s = ms_now_s();
        char *given = ms_sweep_resolved(s, "epochs", attempt->point); // else as many as it likes
        c->lines.most = attempt->to_epoch ? attempt->to_epoch
                        : given           ? (uint32_t)config->epochs
                                          : 0;
        free(given);
        status = start(c, config->epochs, &argv, &started, err);
    }
    if (!status) {
        double max_s = ms_sweep_search(s)->max_seconds;
        struct ms_command_ended e = {.program = argv[0], .dir = c->dir, .max_s = max_s};
        e.ended = follow(c, max_s, &e.end);
        e.why = c->why;
        ms_program_close(&c->program);
        flush(c);
        r->output = ms_command_errors_text(&c->errors);
        ms_command_end_conclude(&c->lines, &e, r);
    } else if (started) { // no process or pipe to be had here and now: worth another attempt
        r->end = MS_END_CRASHED;
        snprintf(r->message, sizeof r->message, "%.*s", (int)sizeof r->message - 1, err->text);
        status = 0;
    }
    free(argv);
    free(c);
    free(config);
    return status;
}
