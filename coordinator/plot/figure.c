// SPDX-License-Identifier: MIT
//
// Growing figures, and the ranges of their axes.
#include "figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

void ms_figure_init(struct ms_figure *f)
{
    *f = (struct ms_figure){.x = {.lo = NAN, .hi = NAN}, .y = {.lo = NAN, .hi = NAN}};
}

void ms_figure_clear(struct ms_figure *f)
{
    for (int i = 0; i < f->n_series; i++) {
        free(f->series[i].x);
        free(f->series[i].y);
        free(f->series[i].lo);
        free(f->series[i].hi);
    }
    free(f->series);
    free(f->x.tick);
    free(f->y.tick);
    free(f->note);
    free(f->map.z);
    ms_figure_init(f);
}

int ms_figure_series(struct ms_figure *f, enum ms_mark mark, int style, const char *name)
{
    if (!f->status)
        f->status = ms_grow(&f->series, &f->room, (size_t)f->n_series + 1, sizeof *f->series,
                            "a figure", NULL);
    if (f->status)
        return f->n_series - 1;
    struct ms_series *s = &f->series[f->n_series];
    *s = (struct ms_series){.mark = mark, .style = style};
    snprintf(s->name, sizeof s->name, "%s", name);
    return f->n_series++;
}

void ms_figure_span(struct ms_figure *f, int series, double x, double y, double lo, double hi)
{
    if (f->status || series < 0)
        return;
    struct ms_series *s = &f->series[series];
    const struct ms_column_array columns[] = {{&s->x, sizeof *s->x},
                                              {&s->y, sizeof *s->y},
                                              {&s->lo, sizeof *s->lo},
                                              {&s->hi, sizeof *s->hi}};
    f->status = ms_grow_columns(columns, 4, &s->room, s->n + 1, "a figure", NULL);
    if (f->status)
        return;
    s->x[s->n] = x;
    s->y[s->n] = y;
    s->lo[s->n] = lo;
    s->hi[s->n++] = hi;
}

void ms_figure_point(struct ms_figure *f, int series, double x, double y)
{
    ms_figure_span(f, series, x, y, NAN, NAN);
}

void ms_figure_tick(struct ms_figure *f, struct ms_axis *axis, double at, const char *text)
{
    if (!f->status)
        f->status = ms_grow(&axis->tick, &axis->room, (size_t)axis->n_ticks + 1, sizeof *axis->tick,
                            "a figure", NULL);
    if (f->status)
        return;
    struct ms_tick *t = &axis->tick[axis->n_ticks++];
    t->at = at;
    snprintf(t->text, sizeof t->text, "%s", text);
}

void ms_figure_note(struct ms_figure *f, double x, double y, bool above, const char *text)
{
    if (!f->status)
        f->status = ms_grow(&f->note, &f->notes_room, (size_t)f->n_notes + 1, sizeof *f->note,
                            "a figure", NULL);
    if (f->status)
        return;
    struct ms_note *n = &f->note[f->n_notes++];
    *n = (struct ms_note){.x = x, .y = y, .above = above};
    snprintf(n->text, sizeof n->text, "%s", text);
}

static void widen(struct ms_range *r, double v, bool positive)
{
    if (isfinite(v) && (v > 0 || !positive)) {
        r->lo = fmin(r->lo, v);
        r->hi = fmax(r->hi, v);
    }
}

// The values that a series has along an axis.
static void widen_by(struct ms_range *r, const struct ms_series *s, bool of_y, bool positive)
{
    const bool spans = of_y ? s->mark == MS_MARK_BAND : s->mark == MS_MARK_BARS;
    for (size_t i = 0; i < s->n; i++) {
        if (!(of_y && s->mark == MS_MARK_BAND))
            widen(r, of_y ? s->y[i] : s->x[i], positive);
        if (spans) {
            widen(r, s->lo[i], positive);
            widen(r, s->hi[i], positive);
        }
    }
    if (s->mark == MS_MARK_BARS && !of_y)
        widen(r, 0, positive);
}

struct ms_range ms_figure_range(const struct ms_figure *f, bool of_y)
{
    const struct ms_axis *a = of_y ? &f->y : &f->x;
    struct ms_range r = {INFINITY, -INFINITY};
    for (int i = 0; i < f->n_series; i++)
        widen_by(&r, &f->series[i], of_y, a->log);
    for (int i = 0; i < a->n_ticks; i++)
        widen(&r, a->tick[i].at, a->log);
    if (f->map.nx > 0)
        r = of_y ? (struct ms_range){f->map.y0, f->map.y1}
                 : (struct ms_range){f->map.x0, f->map.x1};
    if (!(r.lo <= r.hi))
        r = (struct ms_range){a->log ? 1 : 0, a->log ? 10 : 1};
    if (a->log) {
        const double more = pow(r.hi / r.lo, 0.05);
        r = r.lo < r.hi ? (struct ms_range){r.lo / more, r.hi * more}
                        : (struct ms_range){r.lo / 2, r.hi * 2};
    } else if (f->map.nx == 0) {
        const double more = r.lo < r.hi ? (r.hi - r.lo) / 20 : fmax(fabs(r.lo) / 20, 0.5);
        r = (struct ms_range){r.lo - more, r.hi + more};
    }
    if (!isnan(a->lo))
        r.lo = a->lo;
    if (!isnan(a->hi))
        r.hi = a->hi;
    return r;
}

static int round_logs(const struct ms_range *r, int per_decade, double at[MS_FIGURE_ROUND])
{
    static const double steps[][3] = {{1}, {1, 2, 5}};
    int n = 0;
    for (double decade = pow(10, floor(log10(r->lo))); decade <= r->hi && n < MS_FIGURE_ROUND;
         decade *= 10)
        for (int k = 0; k < per_decade && n < MS_FIGURE_ROUND; k++) {
            const double v = decade * steps[per_decade > 1][k];
            if (v >= r->lo && v <= r->hi)
                at[n++] = v;
        }
    return n;
}

int ms_figure_round(const struct ms_range *r, bool log_scale, double at[MS_FIGURE_ROUND])
{
    int n = 0;
    if (log_scale) {
        n = round_logs(r, 1, at);
        return n > 2 ? n : round_logs(r, 3, at);
    }
    const double rough = (r->hi - r->lo) / 5, decade = pow(10, floor(log10(rough)));
    const double step = decade * (rough < 2 * decade ? 2 : rough < 5 * decade ? 5 : 10);
    for (double k = ceil(r->lo / step); k * step <= r->hi && n < MS_FIGURE_ROUND; k++)
        at[n++] = k * step + 0.0; // no -0
    return n;
}
