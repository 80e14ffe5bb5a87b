// SPDX-License-Identifier: MIT
//
// Drawing a running sweep. Lines are built by pure functions of the state; the live block knows how
// many lines it has on the screen (drawn) and goes up by as many before it draws again. Every line
// is cut to the terminal's width, or that count would be wrong.
#include "progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"
#include "text.h"

// The live block is redrawn 5 times a second; a pipe gets a line every 5 seconds.
#define LIVE_EVERY_S 0.2
#define PLAIN_EVERY_S 5.0

char *ms_progress_duration(double seconds, char *out, size_t size)
{
    if (!isfinite(seconds) || seconds < 0) {
        snprintf(out, size, "?");
        return out;
    }
    long long s = (long long)(seconds + 0.5);
    if (s < 100)
        snprintf(out, size, "%lld s", s);
    else if (s < 3600)
        snprintf(out, size, "%lld:%02lld min", s / 60, s % 60);
    else if (s < 86400)
        snprintf(out, size, "%lld:%02lld:%02lld h", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, size, "%lld d %02lld:%02lld h", s / 86400, s / 3600 % 24, s / 60 % 60);
    return out;
}

char *ms_progress_time_taken(double seconds, char *out, size_t size)
{
    if (!(seconds >= 0 && seconds < 99.95))
        return ms_progress_duration(seconds, out, size);
    const bool micro = seconds < 0.9995e-3, milli = seconds < 0.9995;
    snprintf(out, size, "%.3g %s",
             seconds * (micro   ? 1e6
                        : milli ? 1e3
                                : 1),
             micro   ? "µs"
             : milli ? "ms"
                     : "s");
    return out;
}

char *ms_progress_line(const struct ms_progress_state *s, char *out, size_t size)
{
    char left[40];
    snprintf(out, size, "%s: %lld/%lld done", s->sweep, (long long)s->done,
             (long long)s->executions);
    if (s->failed)
        ms_words_append(out, size, ", %lld failed", (long long)s->failed);
    if (s->running)
        ms_words_append(out, size, ", %lld running", (long long)s->running);
    if (s->has_best)
        ms_words_append(out, size, ", best %s %.5g (trial %u)", s->metric, s->best, s->best_trial);
    if (s->finished_now && s->elapsed_s > 0)
        ms_words_append(out, size, ", %.3g/s", (double)s->finished_now / s->elapsed_s);
    if (s->done + s->failed < s->executions && isfinite(s->left_s))
        ms_words_append(out, size, ", %s left", ms_progress_duration(s->left_s, left, sizeof left));
    if (s->workers_lost)
        ms_words_append(out, size, ", %d of %d workers lost", s->workers_lost, s->workers);
    return out;
}

static void bar(const struct ms_progress_state *s, int width, char *out, size_t size)
{
    double part = s->executions ? (double)(s->done + s->failed) / (double)s->executions : 1;
    int filled = (int)(part * width);
    size_t n = 0;
    for (int i = 0; i < width && n + 4 < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s", i < filled ? "█" : "░");
    snprintf(out + n, size - n, " %3.0f %%", floor(100 * part));
}

static void worker_line(const struct ms_progress_worker *w, char *out, size_t size)
{
    if (w->lost)
        snprintf(out, size, "  worker %-3d lost", w->rank);
    else if (!w->ready)
        snprintf(out, size, "  worker %-3d starting", w->rank);
    else if (!w->busy)
        snprintf(out, size, "  worker %-3d idle", w->rank);
    else if (w->epoch)
        snprintf(out, size, "  worker %-3d trial %u, execution %u: epoch %u/%u, %s %.4g", w->rank,
                 w->trial, w->execution, w->epoch, w->epochs, w->metric, w->value);
    else
        snprintf(out, size, "  worker %-3d trial %u, execution %u", w->rank, w->trial,
                 w->execution);
}

// Cuts a line to the terminal's width, so that the block's line count stays true.
static void print_cut(const struct ms_progress *p, const char *line)
{
    fprintf(p->out, "\x1b[2K%.*s\n", (int)ms_text_cut(line, p->columns - 1), line);
}

static void erase_block(struct ms_progress *p)
{
    if (p->drawn)
        fprintf(p->out, "\r\x1b[%dA\x1b[J", p->drawn);
    p->drawn = 0;
}

static void draw_block(struct ms_progress *p, const struct ms_progress_state *s)
{
    char line[512];
    if (p->drawn)
        fprintf(p->out, "\r\x1b[%dA", p->drawn);
    int n = 2;
    bar(s, 30, line, sizeof line);
    print_cut(p, line);
    ms_progress_line(s, line, sizeof line);
    print_cut(p, line);
    for (int i = 0; i < s->n_lines; i++, n++) {
        worker_line(&s->line[i], line, sizeof line);
        print_cut(p, line);
    }
    if (s->reader_waits_s > 2) {
        snprintf(line, sizeof line,
                 "  a reader has kept the store locked for %.0f s; nothing is lost",
                 s->reader_waits_s);
        print_cut(p, line);
        n++;
    }
    if (p->drawn > n)
        fprintf(p->out, "\x1b[J");
    p->drawn = n;
}

bool ms_progress_due(const struct ms_progress *p, double elapsed_s)
{
    double every = p->mode == MS_PROGRESS_LIVE ? LIVE_EVERY_S : PLAIN_EVERY_S;
    return p->mode != MS_PROGRESS_NONE && elapsed_s - p->shown_at_s >= every;
}

void ms_progress_show(struct ms_progress *p, const struct ms_progress_state *s, bool final)
{
    if (p->mode == MS_PROGRESS_NONE || (!final && !ms_progress_due(p, s->elapsed_s)))
        return;
    p->shown_at_s = s->elapsed_s;
    char line[512];
    if (p->mode == MS_PROGRESS_LIVE && !final) {
        draw_block(p, s);
    } else {
        erase_block(p);
        fprintf(p->out, "%s\n", ms_progress_line(s, line, sizeof line));
    }
    fflush(p->out);
}

void ms_progress_note(struct ms_progress *p, const char *fmt, ...)
{
    if (p->mode == MS_PROGRESS_NONE)
        return;
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    const int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0) // no memory: the run does not end for a note
        return;
    erase_block(p);
    fprintf(p->out, "%s\n", ms_printable(text, ' ', ""));
    free(text);
    fflush(p->out);
    if (p->mode == MS_PROGRESS_LIVE)
        p->shown_at_s = -1e9; // draw the block again soon
}
