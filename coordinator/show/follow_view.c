// SPDX-License-Identifier: MIT
//
// Every part puts its lines in the order of what matters most and stops where the screen ends; the
// last line is kept for the keys. Workers that do not fit are counted.
#include "follow_view.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"
#include "progress.h"

enum { LINE = 1000, SPARK = 32, FOOT = 1 };

struct screen {
    const struct ms_follow_view *v;
    FILE *out;
    int at; // lines written
};

static int left(const struct screen *s)
{
    return s->v->rows - FOOT - s->at;
}

// A line, cut to the screen; style: an escape sequence or "".
__attribute__((format(printf, 3, 4))) static void put(struct screen *s, const char *style,
                                                      const char *fmt, ...)
{
    char line[LINE];
    if (left(s) <= 0)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    ms_printable(line, ' ', "");
    const bool styled = s->v->colour && *style;
    fprintf(s->out, "%s%.*s%s\n", styled ? style : "", (int)ms_text_cut(line, s->v->columns - 1),
            line, styled ? "\033[0m" : "");
    s->at++;
}

char *ms_follow_view_spark(const double *value, int64_t n, int columns, char *out, size_t size)
{
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double lo = INFINITY, hi = -INFINITY;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(value[i])) {
            lo = fmin(lo, value[i]);
            hi = fmax(hi, value[i]);
        }
    const int64_t shown = n < columns ? n : columns;
    out[0] = '\0';
    for (int64_t i = 0; i < shown; i++) {
        const double x = value[(i + 1) * n / shown - 1]; // the last of those that it stands for
        const double part = hi > lo ? (x - lo) / (hi - lo) : 0.5;
        const int height = (int)fmin(part * 8, 7);
        ms_words_append(out, size, "%s", isfinite(x) ? heights[height] : " ");
    }
    return out;
}

static void put_bar(struct screen *s)
{
    const struct ms_store_counts *c = &s->v->facts->counts;
    const int64_t ended = c->done + c->failed;
    int64_t all = ended + c->running + c->waiting;
    const int64_t planned = s->v->show->sweep.trials_planned;
    if (c->trials > 0 && planned > c->trials)
        all = (int64_t)((double)all * (double)planned / (double)c->trials);
    char bar[3 * 40 + 1] = "", a[32], b[32];
    const double part = all > 0 ? (double)ended / (double)all : 0;
    for (int i = 0; i < 40; i++)
        ms_words_append(bar, sizeof bar, "%s", i < (int)(part * 40) ? "█" : "░");
    put(s, "", "%s %3.0f %%  %s of %s executions", bar, floor(100 * part),
        ms_words_count(ended, a, sizeof a), ms_words_count(all, b, sizeof b));
}

static void put_counts(struct screen *s)
{
    const struct ms_store_counts *c = &s->v->facts->counts;
    char planned[64] = "", speed[300], waiting[80] = "";
    if (s->v->show->sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)s->v->show->sweep.trials_planned);
    if (!isnan(s->v->facts->waiting))
        snprintf(waiting, sizeof waiting, "; the workers waited for %.1f %% of their time",
                 100 * s->v->facts->waiting);
    put(s, "", "trials      %lld%s ended%s", (long long)c->trials_ended, planned, waiting);
    put(s, "", "executions  %lld done, %lld running, %lld waiting, %lld failed", (long long)c->done,
        (long long)c->running, (long long)c->waiting, (long long)c->failed);
    if (*ms_show_speed(s->v->facts, speed, sizeof speed))
        put(s, "", "speed       %s", speed);
}

static void put_best(struct screen *s)
{
    const struct ms_show *show = s->v->show;
    char mean[160], spark[3 * 60 + 1];
    if (show->n_ranks == 0 || show->rank[0].n == 0) {
        put(s, "", "best        no trial has a result yet");
        return;
    }
    const struct ms_trial_rank *r = &show->rank[0];
    put(s, "\033[1m", "best        trial %u: %s %s (%d execution%s)", r->trial, show->sweep.metric,
        ms_show_mean_text(r, ms_show_rank_digits(r, 1), mean, sizeof mean), r->n,
        r->n == 1 ? "" : "s");
    if (*s->v->best_params)
        put(s, "", "            %s", s->v->best_params);
    ms_follow_view_spark(s->v->history, s->v->n_history, 60, spark, sizeof spark);
    if (s->v->n_history > 1)
        put(s, "", "best so far %s", spark);
}

static void put_failures(struct screen *s)
{
    const struct ms_show_facts *f = s->v->facts;
    char text[LINE];
    ms_show_failures(&f->failures, &f->counts, false, text, sizeof text);
    if (*text)
        put(s, "\033[31m", "failures    %s", text);
}

static void put_running(struct screen *s)
{
    const struct ms_running_list *l = s->v->running;
    char had[40], spark[3 * SPARK + 1], value[40];
    if (l->n == 0 || left(s) < 3)
        return;
    put(s, "", " ");
    put(s, "\033[2m", "%-14s %-10s %7s %7s  %s", "worker", "trial/exec", "for", "epoch",
        s->v->show->sweep.metric);
    const size_t room = (size_t)left(s), fit = l->n <= room ? l->n : room - 1;
    for (size_t i = 0; i < fit; i++) {
        const struct ms_running_info *x = &l->item[i];
        char worker[100], which[40], epoch[24] = "";
        snprintf(worker, sizeof worker, "%lld %s", (long long)x->rank, x->host);
        snprintf(which, sizeof which, "%u/%u", x->trial, x->execution);
        if (x->epoch)
            snprintf(epoch, sizeof epoch, "%lld", (long long)x->epoch);
        if (isnan(x->value))
            value[0] = '\0';
        else
            snprintf(value, sizeof value, "%-10.4g", x->value);
        put(s, "", "%-14.14s %-10s %7s %7s  %s%s", worker, which,
            ms_progress_duration(x->had_s, had, sizeof had), epoch, value,
            ms_follow_view_spark(x->curve, x->n_curve, SPARK, spark, sizeof spark));
    }
    if (fit < l->n)
        put(s, "", "… and %zu more", l->n - fit);
}

int ms_follow_view_print(const struct ms_follow_view *v, FILE *out)
{
    struct screen s = {v, out, 0};
    char state[600];
    put(&s, "\033[1m", "%s", v->show->sweep.name);
    put(&s, "", "%s", ms_show_state(v->show, v->facts, state, sizeof state));
    put_bar(&s);
    put_counts(&s);
    put(&s, "", " ");
    put_best(&s);
    put_failures(&s);
    put_running(&s);
    s.at -= FOOT; // its own line
    while (left(&s) > FOOT)
        put(&s, "", " ");
    put(&s, "\033[2m", "q: leave, the run goes on; seen at %s UTC", v->time);
    return s.at + FOOT;
}
