// SPDX-License-Identifier: MIT
//
// A command's job: its lines become epochs, its end becomes a result. Whatever it prints, this
// process keeps reading, in memory that is bounded, so that neither side ever waits for the other.
//
// A line that begins with '{' is JSON (metric_line.h), any other is ordinary output and passed
// over. A line with the epoch of the one before adds to it. A line without "epoch" is the next
// epoch, until the program numbers one: from then on it adds to the last. A program that counts
// from 0 is told by its first number, and all its epochs are one more.
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evaluate.h"
#include "metric_line.h"
#include "mlpsweep/clock.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/rng.h"
#include "program.h"

enum {
    LINE = 65536,  // bytes of a line; longer ones are not read
    TAIL = 65536,  // bytes of stderr that are kept
    CHUNK = 65536, // bytes read at a time
    // Doubles in a METRICS message of one frame, less its head and the longest line's names.
    VALUES = 64,
    NAMES = MS_MAX_METRICS * MS_METRIC_NAME,
    SEEN = 16, // names that a message tells of
};
#define FLUSH_S 0.2
#define ASK_S 0.1 // how often it is asked whether to stop, beside what the outlet's fd tells
// A program that has told all epochs of this part may end by itself, saving what it saves: long
// where {epochs} tells it that these are all, else it may as well be training on.
#define LEAVE_TOLD_S 60.0
#define LEAVE_S 5.0
#define STALL_S                                                                                    \
    2.0 // a turn that took this long: this process was stopped (Ctrl-Z), time stood still

enum why { GOING, CANCELLED, TIMEOUT, ENOUGH, PRUNED };

struct command {
    const struct ms_sweep *sweep;
    const struct ms_objective *objective;
    const struct ms_attempt *job;
    const struct ms_outlet *to;
    struct ms_program program;
    double began_s;
    char dir[4096]; // it runs in the sweep file's folder, as data is read from there

    char line[LINE], chunk[CHUNK], tail[TAIL];
    size_t n_line, n_tail; // of tail: bytes written, the last TAIL of them are there, in a ring
    bool too_long;

    bool numbered;                       // it numbers its epochs
    int shift;                           // 1: it counts from 0
    uint32_t epoch;                      // of the last line, 0: none
    uint32_t most;                       // it is stopped after so many; 0: it ends by itself
    struct ms_metric_line read, current; // current: what was told of this epoch
    double best;                         // objective so far; NAN: no finite one
    bool printed;                        // the objective, at least once
    int bad;                             // lines that could not be read
    int dropped;                         // metrics that were not kept
    char first_bad[128];
    char seen[SEEN][MS_METRIC_NAME];
    int n_seen;

    double values[VALUES]; // epochs that were not sent yet, all with the same names
    char names[NAMES];
    size_t names_size;
    uint32_t first, n_epochs, n_columns;
    double flushed_s;

    enum why why;
    double leave_s; // when it is stopped, unless it has ended; 0: not
    double looked_s;
    bool stopped;
};

static void stop(struct command *c, enum why why)
{
    if (c->why == GOING)
        c->why = why;
    if (!c->stopped)
        ms_program_stop(&c->program);
    c->stopped = true;
}

// --- epochs ------------------------------------------------------------------

static void flush_epochs(struct command *c)
{
    if (c->n_epochs) {
        const struct ms_epochs e = {.id = c->job->id,
                                    .first_epoch = c->first,
                                    .n_epochs = c->n_epochs,
                                    .n_columns = c->n_columns,
                                    .values = c->values,
                                    .names = c->names};
        c->to->epochs(c->to->ctx, &e);
    }
    c->n_epochs = 0;
    c->flushed_s = ms_now_s();
}

// Queues the metrics from .. of line as those of this epoch.
static void queue(struct command *c, const struct ms_metric_line *line)
{
    char names[NAMES];
    size_t size = 0;
    for (int i = 0; i < line->n; i++) {
        size_t n = strlen(line->name[i]) + 1;
        memcpy(names + size, line->name[i], n);
        size += n;
    }
    bool goes_on = c->n_epochs && c->first + c->n_epochs == c->epoch && size == c->names_size &&
                   memcmp(names, c->names, size) == 0 && (c->n_epochs + 1) * c->n_columns <= VALUES;
    if (!goes_on) {
        flush_epochs(c);
        c->first = c->epoch;
        c->n_columns = (uint32_t)line->n;
        c->names_size = size;
        memcpy(c->names, names, size);
    }
    memcpy(c->values + c->n_epochs++ * c->n_columns, line->value,
           (size_t)line->n * sizeof *line->value);
}

static void note_names(struct command *c, const struct ms_metric_line *line)
{
    for (int i = 0; i < line->n && c->n_seen < SEEN; i++) {
        int k = 0;
        while (k < c->n_seen && strcmp(c->seen[k], line->name[i]) != 0)
            k++;
        if (k == c->n_seen)
            memcpy(c->seen[c->n_seen++], line->name[i], MS_METRIC_NAME);
    }
}

// What the objective's value means for the job.
static void judge(struct command *c, double value)
{
    bool maximize = c->objective->maximize;
    const struct ms_attempt *job = c->job;
    c->printed = true;
    if (isfinite(value) && (isnan(c->best) || (maximize ? value > c->best : value < c->best)))
        c->best = value;
    bool limited = c->epoch > job->from_epoch && c->epoch <= job->n_limits;
    double limit = limited ? job->limits[c->epoch - 1] : NAN;
    bool worse = !isnan(limit) && !(maximize ? c->best >= limit : c->best <= limit);
    if (worse)
        stop(c, PRUNED);
    else if (c->most && c->epoch >= c->most && c->leave_s == 0)
        c->leave_s =
            ms_now_s() + (ms_sweep_command_tells_epochs(c->sweep) ? LEAVE_TOLD_S : LEAVE_S);
}

static void bad_line(struct command *c, const char *what)
{
    if (c->bad++ == 0)
        snprintf(c->first_bad, sizeof c->first_bad, "%.*s", (int)sizeof c->first_bad - 1, what);
}

// Which epoch the line read is of; 0: none.
static uint32_t epoch_of(struct command *c)
{
    double e = c->read.epoch;
    char what[100];
    if (isnan(e))
        return c->numbered ? c->epoch : c->epoch + 1;
    if (!c->numbered && e == 0 && c->epoch <= 1)
        c->shift = 1;
    e += c->shift;
    if (e >= 1 && e <= MS_MAX_EPOCHS && e == floor(e) && e >= c->epoch) {
        c->numbered = true;
        return (uint32_t)e;
    }
    if (e >= 1 && e < c->epoch)
        snprintf(what, sizeof what, "epoch %g after epoch %u", e - c->shift,
                 c->epoch - (uint32_t)c->shift);
    else
        snprintf(what, sizeof what, "epoch %.10g; allowed: whole numbers up to %d", e - c->shift,
                 MS_MAX_EPOCHS);
    bad_line(c, what);
    return 0;
}

static bool has_metric(const struct ms_metric_line *line, const char *name)
{
    int k = 0;
    while (k < line->n && strcmp(line->name[k], name) != 0)
        k++;
    return k < line->n;
}

// Leaves in read what this epoch has not told yet: what it repeats stays as it was. The objective
// finds room, however many there are.
static void drop_repeated(struct command *c)
{
    struct ms_metric_line *r = &c->read, *told = &c->current;
    const char *objective = c->objective->name;
    int n = 0;
    c->dropped += r->dropped;
    for (int i = 0; i < r->n; i++) {
        if (has_metric(told, r->name[i]))
            continue;
        const bool reserved = !has_metric(told, objective) && strcmp(r->name[i], objective) != 0;
        if (told->n + reserved >= MS_MAX_METRICS) {
            c->dropped++;
            continue;
        }
        memcpy(told->name[told->n++], r->name[i], MS_METRIC_NAME);
        memmove(r->name[n], r->name[i], MS_METRIC_NAME);
        r->value[n++] = r->value[i];
    }
    r->n = n;
}

static void take_line(struct command *c, const char *text, size_t size)
{
    struct ms_error err;
    while (size && (*text == ' ' || *text == '\t'))
        text++, size--;
    if (size == 0 || *text != '{' || c->stopped)
        return;
    if (ms_metric_line(text, size, c->objective->name, &c->read, &err)) {
        bad_line(c, err.text);
        return;
    }
    uint32_t epoch = c->read.n ? epoch_of(c) : 0;
    if (epoch == 0)
        return;
    if (c->most && epoch > c->most) {
        stop(c, ENOUGH);
        return;
    }
    if (epoch != c->epoch)
        c->current.n = 0;
    c->epoch = epoch;
    drop_repeated(c);
    note_names(c, &c->read);
    if (c->read.n && epoch > c->job->from_epoch)
        queue(c, &c->read);
    for (int i = 0; i < c->read.n; i++)
        if (strcmp(c->read.name[i], c->objective->name) == 0)
            judge(c, c->read.value[i]);
}

// --- what it prints ----------------------------------------------------------

static void take_output(struct command *c, const char *text, size_t size)
{
    while (size) {
        const char *end = memchr(text, '\n', size);
        size_t n = end ? (size_t)(end - text) : size;
        if (c->n_line + n > LINE)
            c->too_long = true;
        if (!c->too_long)
            memcpy(c->line + c->n_line, text, n), c->n_line += n;
        if (end) {
            if (!c->too_long)
                take_line(c, c->line, c->n_line);
            else if (c->n_line && c->line[0] == '{')
                bad_line(c, "a line of more than 65536 bytes");
            c->n_line = 0;
            c->too_long = false;
            n++;
        }
        text += n;
        size -= n;
    }
}

static void take_errors(struct command *c, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        c->tail[c->n_tail++ % TAIL] = text[i] ? text[i] : '?';
}

// Reads once. False: closed, or nothing there now.
static bool read_from(struct command *c, int *fd,
                      void (*take)(struct command *, const char *, size_t))
{
    if (*fd < 0)
        return false;
    ssize_t n = read(*fd, c->chunk, sizeof c->chunk);
    if (n > 0)
        take(c, c->chunk, (size_t)n);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        close(*fd);
        *fd = -1;
    }
    return n > 0;
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

// Until the program has ended and all that it printed is read. Returns as ms_program_ended.
static int follow(struct command *c, double max_s, struct ms_program_end *end)
{
    for (c->looked_s = ms_now_s();;) {
        struct pollfd p[] = {{.fd = c->program.out, .events = POLLIN},
                             {.fd = c->program.err, .events = POLLIN},
                             {.fd = c->program.end, .events = POLLIN},
                             {.fd = c->stopped ? -1 : c->to->fd, .events = POLLIN}};
        poll(p, 4, (int)(1000 * ASK_S));
        bool more = read_from(c, &c->program.out, take_output);
        more = read_from(c, &c->program.err, take_errors) || more;
        double now = forgive_gap(c);
        if (!c->stopped && c->to->cancelled(c->to->ctx))
            stop(c, CANCELLED);
        if (max_s > 0 && now - c->began_s > max_s)
            stop(c, TIMEOUT);
        if (c->leave_s > 0 && now > c->leave_s)
            stop(c, ENOUGH);
        if (now - c->flushed_s >= FLUSH_S)
            flush_epochs(c);
        if (more) // the end comes after what was printed before it
            continue;
        int status = ms_program_ended(&c->program, end);
        if (status == 0)
            continue;
        for (int i = 0; i < 64 && read_from(c, &c->program.out, take_output); i++)
            ;
        for (int i = 0; i < 64 && read_from(c, &c->program.err, take_errors); i++)
            ;
        if (c->n_line) // its last line may lack the line end
            take_output(c, "\n", 1);
        return status;
    }
}

// --- how it ended ------------------------------------------------------------

// The end of stderr from its first whole line on, as valid UTF-8. NULL: nothing there, or no
// memory.
static char *errors_text(const struct command *c)
{
    size_t n = c->n_tail < TAIL ? c->n_tail : TAIL, from = c->n_tail - n;
    char *text = n ? malloc(n + 1) : NULL;
    if (!text)
        return NULL;
    for (size_t i = 0; i < n; i++)
        text[i] = c->tail[(from + i) % TAIL];
    text[n] = '\0';
    const char *line = c->n_tail > TAIL ? memchr(text, '\n', n) : NULL;
    if (line) {
        n -= (size_t)(line + 1 - text);
        memmove(text, line + 1, n + 1);
    }
    for (size_t i = 0; i < n;) {
        const size_t length = ms_utf8_length(text + i, n - i);
        if (length == 0)
            text[i] = '?';
        i += length > 0 ? length : 1;
    }
    return text;
}

// ": " and the last line of stderr that is not empty, or nothing.
static void add_last_line(char *out, size_t size, const char *errors)
{
    size_t end = errors ? strlen(errors) : 0;
    while (end && strchr(" \t\r\n", errors[end - 1]))
        end--;
    size_t begin = end;
    while (begin && errors[begin - 1] != '\n')
        begin--;
    size_t used = strlen(out);
    if (end == begin || used + 4 > size)
        return;
    size_t n = end - begin, room = size - used - 3;
    for (n = n < room ? n : room; n && ((unsigned char)errors[begin + n] & 0xc0) == 0x80; n--)
        ; // not in the middle of a character
    snprintf(out + used, size - used, ": %.*s", (int)n, errors + begin);
    ms_printable(out + used, ' ', "");
}

static void tell_unprinted(const struct command *c, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "printed no %s", c->objective->name);
    if (c->why == ENOUGH)
        n += (size_t)snprintf(out + n, size - n, " up to epoch %u", c->most);
    for (int i = 0; i < c->n_seen && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%s", i ? ", " : "; it printed: ", c->seen[i]);
    if (c->n_seen == 0 && c->bad == 0 && n < size)
        n += (size_t)snprintf(out + n, size - n, "; metrics are lines such as {\"%s\": 0.5}",
                              c->objective->name);
    if (c->bad && n < size)
        snprintf(out + n, size - n, "; %d of its lines could not be read, the first: %s", c->bad,
                 c->first_bad);
}

// Whether an exec may succeed at another time or on another machine.
static bool passes(int error)
{
    return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE ||
           error == ETXTBSY || error == EIO || error == ESTALE || error == ENOTCONN ||
           error == ETIMEDOUT;
}

static void conclude(const struct command *c, int ended, const struct ms_program_end *end,
                     const char *program, double max_s, struct ms_result *r)
{
    static const uint8_t ends[] = {
        [CANCELLED] = MS_END_CANCELLED, [TIMEOUT] = MS_END_TIMEOUT, [PRUNED] = MS_END_PRUNED};
    int st = end->wait_status;
    bool enough = c->why == ENOUGH;
    r->epochs = c->epoch;
    r->cpu_s = end->cpu_s;
    r->max_rss_bytes = end->max_rss_bytes;
    r->message[0] = '\0';
    if (c->why != GOING && !enough) {
        r->end = ends[c->why];
        if (c->why == TIMEOUT) {
            snprintf(r->message, sizeof r->message, "longer than max_seconds (%g s)", max_s);
            add_last_line(r->message, sizeof r->message, r->output);
        }
    } else if (end->exec_error) {
        r->end = passes(end->exec_error) ? MS_END_CRASHED : MS_END_ERROR;
        snprintf(r->message, sizeof r->message, "cannot run '%.200s' in '%.200s': %s", program,
                 c->dir, strerror(end->exec_error));
    } else if (!enough && (ended != 1 || WIFSIGNALED(st))) {
        r->end = MS_END_CRASHED;
        int sig = ended == 1 ? WTERMSIG(st) : SIGKILL;
        snprintf(r->message, sizeof r->message, "killed by signal %d (%s)", sig, strsignal(sig));
        add_last_line(r->message, sizeof r->message, r->output);
    } else if (!enough && WEXITSTATUS(st) != 0) {
        r->end = MS_END_ERROR;
        snprintf(r->message, sizeof r->message, "exit status %d", WEXITSTATUS(st));
        add_last_line(r->message, sizeof r->message, r->output);
    } else if (!c->printed) {
        r->end = MS_END_ERROR;
        tell_unprinted(c, r->message, sizeof r->message);
    } else if (c->job->to_epoch && (enough || c->epoch >= c->job->to_epoch)) {
        r->end = MS_END_PAUSED; // it may tell of some epochs only, and not of this one
        r->epochs = c->job->to_epoch;
    } else if (isnan(c->best)) {
        r->end = MS_END_DIVERGED;
        snprintf(r->message, sizeof r->message, "printed no finite %s", c->objective->name);
    } else {
        r->end = MS_END_COMPLETED;
        if (c->bad)
            snprintf(r->message, sizeof r->message,
                     "%d of its lines could not be read, the first: %s", c->bad, c->first_bad);
        else if (c->dropped)
            snprintf(r->message, sizeof r->message,
                     "%d values were not kept; allowed: %d metrics an epoch, "
                     "names of up to %d bytes",
                     c->dropped, MS_MAX_METRICS, MS_METRIC_NAME - 1);
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

// *started: the program and its environment are made out, and only the machine can fail.
static int start(struct command *c, int epochs, char ***argv, bool *started, struct ms_error *err)
{
    const struct ms_attempt *job = c->job;
    const char *file = ms_sweep_file(c->sweep), *slash = strrchr(file, '/');
    if (slash && slash - file >= (ptrdiff_t)sizeof c->dir)
        return ms_fail(err, MS_ELIMIT, "the path of the sweep's file is too long");
    snprintf(c->dir, sizeof c->dir, "%.*s", slash ? (int)(slash + 1 - file) : 1,
             slash ? file : ".");
    const struct ms_command_ids ids = {
        job->trial, job->execution,
        ms_command_seed(ms_sweep_seed(c->sweep), job->trial, job->execution),
        job->to_epoch ? (int)job->to_epoch : epochs};
    char text[6][64], *params = ms_sweep_resolved(c->sweep, "params", job->point), *json = NULL;
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
    int status = json ? ms_sweep_command(c->sweep, job->point, &ids, argv, err)
                      : ms_fail(err, MS_ENOMEM, "no memory for the environment");
    *started = !status;
    if (!status)
        status = ms_program_start(*argv, c->dir, set, n, &c->program, err);
    free(json);
    free(params);
    return status;
}

int ms_objective_evaluate_command(const struct ms_sweep *s, const struct ms_attempt *job,
                                  const struct ms_outlet *to, struct ms_result *r,
                                  struct ms_error *err)
{
    struct ms_config *config = malloc(sizeof *config);
    struct command *c = calloc(1, sizeof *c);
    char **argv = NULL;
    bool started = false;
    int status = config && c ? ms_sweep_config(s, job->point, config, err)
                             : ms_fail(err, MS_ENOMEM, "no memory for a command");
    if (!status) {
        c->sweep = s;
        c->objective = ms_sweep_objective(s);
        c->job = job;
        c->to = to;
        c->best = NAN;
        c->began_s = c->flushed_s = ms_now_s();
        char *told = ms_sweep_resolved(s, "epochs", job->point); // else as many as it likes
        c->most = job->to_epoch ? job->to_epoch : told ? (uint32_t)config->epochs : 0;
        free(told);
        status = start(c, config->epochs, &argv, &started, err);
    }
    if (!status) {
        struct ms_program_end end;
        double max_s = ms_sweep_search(s)->max_seconds;
        int ended = follow(c, max_s, &end);
        ms_program_close(&c->program);
        flush_epochs(c);
        r->output = errors_text(c);
        conclude(c, ended, &end, argv[0], max_s, r);
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
