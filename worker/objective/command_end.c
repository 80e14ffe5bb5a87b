// SPDX-License-Identifier: MIT
//
// The first that applies decides: stopped from outside, not started, killed by a signal, a bad exit
// status, no objective, a part that is done, no finite objective; all else is completed. A signal
// or an exit status after "enough" says nothing: the stop itself may have caused it.
#include "command_end.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "mlpsweep/utf8.h"

void ms_command_errors_take(struct ms_command_errors *e, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        e->tail[e->n++ % MS_COMMAND_TAIL] = text[i] ? text[i] : '?';
}

char *ms_command_errors_text(const struct ms_command_errors *e)
{
    size_t n = e->n < MS_COMMAND_TAIL ? e->n : MS_COMMAND_TAIL, from = e->n - n;
    char *text = n ? malloc(n + 1) : NULL;
    if (!text)
        return NULL;
    for (size_t i = 0; i < n; i++)
        text[i] = e->tail[(from + i) % MS_COMMAND_TAIL];
    text[n] = '\0';
    const char *line = e->n > MS_COMMAND_TAIL ? memchr(text, '\n', n) : NULL;
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

static void say_unprinted(const struct ms_command_lines *l, bool enough, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "printed no %s", l->objective->name);
    if (enough)
        n += (size_t)snprintf(out + n, size - n, " up to epoch %u", l->most);
    for (int i = 0; i < l->n_seen && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%s", i ? ", " : "; it printed: ", l->seen[i]);
    if (l->n_seen == 0 && l->bad == 0 && n < size)
        n += (size_t)snprintf(out + n, size - n, "; metrics are lines such as {\"%s\": 0.5}",
                              l->objective->name);
    if (l->bad && n < size)
        snprintf(out + n, size - n, "; %d of its lines could not be read, the first: %s", l->bad,
                 l->first_bad);
}

// True for an error of exec that may not occur at another time or on another machine.
static bool passes(int error)
{
    return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE ||
           error == ETXTBSY || error == EIO || error == ESTALE || error == ENOTCONN ||
           error == ETIMEDOUT;
}

// Judges the values once enough of them have arrived, or once no more can.
static void judge_values(const struct ms_command_lines *l, bool enough, struct ms_result *r)
{
    const struct ms_attempt *a = l->attempt;
    if (!l->printed) {
        r->end = MS_END_ERROR;
        say_unprinted(l, enough, r->message, sizeof r->message);
    } else if (a->to_epoch && (enough || l->epoch >= a->to_epoch)) {
        r->end = MS_END_PAUSED; // it may report some epochs only, and not this one
        r->epochs = a->to_epoch;
    } else if (isnan(l->best)) {
        r->end = MS_END_DIVERGED;
        snprintf(r->message, sizeof r->message, "printed no finite %s", l->objective->name);
    } else {
        r->end = MS_END_COMPLETED;
        if (l->bad)
            snprintf(r->message, sizeof r->message,
                     "%d of its lines could not be read, the first: %s", l->bad, l->first_bad);
        else if (l->dropped)
            snprintf(r->message, sizeof r->message,
                     "%d values were not kept; allowed: %d metrics an epoch, "
                     "names of up to %d bytes",
                     l->dropped, MS_MAX_METRICS, MS_METRIC_NAME - 1);
    }
}

void ms_command_end_conclude(const struct ms_command_lines *l, const struct ms_command_ended *e,
                             struct ms_result *r)
{
    static const uint8_t ends[] = {[MS_COMMAND_WHY_CANCELLED] = MS_END_CANCELLED,
                                   [MS_COMMAND_WHY_TIMEOUT] = MS_END_TIMEOUT,
                                   [MS_COMMAND_WHY_PRUNED] = MS_END_PRUNED};
    int st = e->end.wait_status;
    bool enough = e->why == MS_COMMAND_WHY_ENOUGH;
    r->epochs = l->epoch;
    r->cpu_s = e->end.cpu_s;
    r->max_rss_bytes = e->end.max_rss_bytes;
    r->message[0] = '\0';
    if (e->why != MS_COMMAND_BY_ITSELF && !enough) {
        r->end = ends[e->why];
        if (e->why == MS_COMMAND_WHY_TIMEOUT) {
            snprintf(r->message, sizeof r->message, "longer than max_seconds (%g s)", e->max_s);
            add_last_line(r->message, sizeof r->message, r->output);
        }
    } else if (e->end.exec_error) {
        r->end = passes(e->end.exec_error) ? MS_END_CRASHED : MS_END_ERROR;
        snprintf(r->message, sizeof r->message, "cannot run '%.200s' in '%.200s': %s", e->program,
                 e->dir, strerror(e->end.exec_error));
    } else if (!enough && (e->ended != 1 || WIFSIGNALED(st))) {
        r->end = MS_END_CRASHED;
        int sig = e->ended == 1 ? WTERMSIG(st) : SIGKILL;
        snprintf(r->message, sizeof r->message, "killed by signal %d (%s)", sig, strsignal(sig));
        add_last_line(r->message, sizeof r->message, r->output);
    } else if (!enough && WEXITSTATUS(st) != 0) {
        r->end = MS_END_ERROR;
        snprintf(r->message, sizeof r->message, "exit status %d", WEXITSTATUS(st));
        add_last_line(r->message, sizeof r->message, r->output);
    } else {
        judge_values(l, enough, r);
    }
}
