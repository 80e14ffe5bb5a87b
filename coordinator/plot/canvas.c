// SPDX-License-Identifier: MIT
//
// A figure in a terminal. Every cell of the canvas has the dots of the lines that cross it, or one
// glyph (a mark, a letter at the end of a line, a shade of a map), and the style of what was drawn
// there last. Nothing is written outside of the columns that were given.
#include "canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/show/text.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"

enum { LEAST_COLUMNS = 30, LEAST_ROWS = 8, LABEL_MOST = 22 };

struct cell {
    unsigned char dots; // bit of each braille dot
    signed char style;  // -2: none
    const char *glyph;  // in place of the dots; NULL: none
};

struct canvas {
    const struct ms_figure *f;
    int w, h;   // cells
    int margin; // columns left of them
    bool colour;
    struct ms_range x, y;
    struct cell *cell; // (h, w), the top first
    FILE *to;
};

static const char *const marks[MS_FIGURE_STYLES] = {"●", "○", "+", "×", "□", "▲", "◆", "▽"};
static const char *const letters[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"};
enum { N_LETTERS = sizeof letters / sizeof *letters };
// Of the 16 colours of a terminal: blue, red, green, magenta, yellow, cyan, white, dark yellow.
static const int codes[MS_FIGURE_STYLES] = {34, 31, 32, 35, 33, 36, 37, 93};

// --- places ----------------------------------------------------------------------

static double part_of(const struct ms_range *r, bool log_scale, double v)
{
    if (log_scale)
        return v > 0 ? log(v / r->lo) / log(r->hi / r->lo) : NAN;
    return (v - r->lo) / (r->hi - r->lo);
}

// The dot of a point; false: it is outside, or nowhere.
static bool dot_of(const struct canvas *c, double x, double y, int *dx, int *dy)
{
    const double px = part_of(&c->x, c->f->x.log, x), py = part_of(&c->y, c->f->y.log, y);
    if (!(px >= 0 && px <= 1 && py >= 0 && py <= 1))
        return false;
    *dx = (int)(px * (2 * c->w - 1) + 0.5);
    *dy = (int)((1 - py) * (4 * c->h - 1) + 0.5);
    return true;
}

static void dot(struct canvas *c, int dx, int dy, int style)
{
    static const unsigned char bit[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    struct cell *cell = &c->cell[dy / 4 * c->w + dx / 2];
    cell->dots |= bit[dy % 4][dx % 2];
    cell->style = (signed char)style;
}

static void glyph(struct canvas *c, int dx, int dy, const char *text, int style)
{
    struct cell *cell = &c->cell[dy / 4 * c->w + dx / 2];
    cell->glyph = text;
    cell->style = (signed char)style;
}

static void line(struct canvas *c, int x0, int y0, int x1, int y1, int style)
{
    const int steps = abs(x1 - x0) > abs(y1 - y0) ? abs(x1 - x0) : abs(y1 - y0);
    for (int k = 0; k <= steps; k++)
        dot(c, x0 + (steps ? (x1 - x0) * k / steps : 0), y0 + (steps ? (y1 - y0) * k / steps : 0),
            style);
}

// --- series ------------------------------------------------------------------------

static void draw_line(struct canvas *c, const struct ms_series *s, const char *letter)
{
    int x0 = 0, y0 = 0, x1, y1;
    bool was = false;
    for (size_t i = 0; i < s->n; i++) {
        const bool is = dot_of(c, s->x[i], s->y[i], &x1, &y1);
        if (is && was && s->mark == MS_MARK_STEPS) {
            line(c, x0, y0, x1, y0, s->style);
            line(c, x1, y0, x1, y1, s->style);
        } else if (is) {
            line(c, was ? x0 : x1, was ? y0 : y1, x1, y1, s->style);
        }
        was = is;
        if (is) {
            x0 = x1;
            y0 = y1;
        }
    }
    // At its last point where no other letter is.
    for (size_t i = s->n; letter && i > 0; i--)
        if (dot_of(c, s->x[i - 1], s->y[i - 1], &x0, &y0) &&
            !c->cell[y0 / 4 * c->w + x0 / 2].glyph) {
            glyph(c, x0, y0, letter, s->style);
            break;
        }
}

static void draw_points(struct canvas *c, const struct ms_series *s)
{
    int x, y;
    for (size_t i = 0; i < s->n; i++)
        if (dot_of(c, s->x[i], s->y[i], &x, &y))
            glyph(c, x, y, s->style < 0 ? "·" : marks[s->style % MS_FIGURE_STYLES], s->style);
}

static void draw_map(struct canvas *c)
{
    static const char *const shades[] = {" ", "░", "▒", "▓", "█"};
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    const struct ms_map *m = &c->f->map;
    double lo = INFINITY, hi = -INFINITY;
    for (int i = 0; i < m->nx * m->ny; i++) {
        lo = fmin(lo, m->z[i]);
        hi = fmax(hi, m->z[i]);
    }
    if (!isnan(m->level)) {
        lo = 0;
        hi = 1;
    }
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w; x++) {
            const int mx = (int)((x + 0.5) / c->w * m->nx);
            const int my = (int)((c->h - y - 0.5) / c->h * m->ny);
            const double z = m->z[my * m->nx + mx];
            struct cell *cell = &c->cell[y * c->w + x];
            cell->style = MS_STYLE_QUIET;
            if (m->classes) {
                cell->glyph = digits[(int)z % 10];
                cell->style = (signed char)((int)z % MS_FIGURE_STYLES);
            } else {
                cell->glyph = shades[hi > lo ? (int)fmin((z - lo) / (hi - lo) * 5, 4) : 0];
            }
        }
}

static void draw_all(struct canvas *c)
{
    int lettered = 0;
    if (c->f->map.nx)
        draw_map(c);
    for (int i = 0; i < c->f->n_series; i++) {
        const struct ms_series *s = &c->f->series[i];
        if (s->mark == MS_MARK_POINTS)
            draw_points(c, s);
        else if (s->mark != MS_MARK_BAND)
            draw_line(c, s, *s->name ? letters[lettered++ % N_LETTERS] : NULL);
    }
}

// --- printing ------------------------------------------------------------------------

static void put_styled(const struct canvas *c, const char *text, int style)
{
    if (c->colour && style >= 0)
        fprintf(c->to, "\033[%dm%s\033[0m", codes[style % MS_FIGURE_STYLES], text);
    else if (c->colour && style == MS_STYLE_QUIET)
        fprintf(c->to, "\033[2m%s\033[0m", text);
    else
        fputs(text, c->to);
}

static void put_cell(const struct canvas *c, const struct cell *cell)
{
    // U+2800 and the dots, in UTF-8.
    const char braille[] = {(char)0xe2, (char)(0xa0 + (cell->dots >> 6)),
                            (char)(0x80 + (cell->dots & 63)), '\0'};
    if (cell->glyph)
        put_styled(c, cell->glyph, cell->style);
    else if (cell->dots)
        put_styled(c, braille, cell->style);
    else
        fputc(' ', c->to);
}

// The ticks of an axis: its own, or round numbers.
static int ticks_of(const struct ms_axis *a, const struct ms_range *r, struct ms_tick *out,
                    int most)
{
    double at[MS_FIGURE_ROUND];
    int n = 0;
    for (; n < a->n_ticks && n < most; n++)
        out[n] = a->tick[n];
    if (n > 0)
        return n;
    const int round = ms_figure_round(r, a->log, at);
    for (; n < round && n < most; n++) {
        out[n].at = at[n];
        snprintf(out[n].text, sizeof out[n].text, "%.6g", at[n]);
    }
    return n;
}

enum { TICKS = 64 };

static void put_rows(const struct canvas *c)
{
    struct ms_tick tick[TICKS];
    const int n = ticks_of(&c->f->y, &c->y, tick, TICKS);
    for (int y = 0; y < c->h; y++) {
        char text[80] = "";
        for (int k = 0; k < n; k++)
            if ((int)((1 - part_of(&c->y, c->f->y.log, tick[k].at)) * c->h * 0.999) == y)
                snprintf(text, sizeof text, "%s", tick[k].text);
        text[ms_text_cut(text, c->margin - 2)] = '\0';
        fprintf(c->to, "%*s%s %s", c->margin - 2 - ms_text_width(text), "", text,
                *text ? "┤" : "│");
        int last = c->w; // no blanks at the end
        while (last > 0 && !c->cell[y * c->w + last - 1].glyph &&
               !c->cell[y * c->w + last - 1].dots)
            last--;
        for (int x = 0; x < last; x++)
            put_cell(c, &c->cell[y * c->w + x]);
        fputc('\n', c->to);
    }
}

// Labels under the x axis, each centred at its place where there is room.
static void put_x_axis(const struct canvas *c)
{
    struct ms_tick tick[TICKS];
    const struct ms_axis *a = &c->f->x;
    const int n = ticks_of(a, &c->x, tick, TICKS);
    fprintf(c->to, "%*s└", c->margin - 1, "");
    for (int x = 0; x < c->w; x++)
        fputs("─", c->to);
    fprintf(c->to, "\n%*s", c->margin, "");
    int at = 0;
    for (int k = 0; k < n; k++) {
        const int width = ms_text_width(tick[k].text);
        const double part = part_of(&c->x, a->log, tick[k].at);
        int from = (int)(part * (c->w - 1) + 0.5) - width / 2;
        from = from < 0 ? 0 : from + width > c->w ? c->w - width : from;
        if (from < at + (at > 0))
            continue;
        fprintf(c->to, "%*s%s", from - at, "", tick[k].text);
        at = from + width;
    }
    fprintf(c->to, "\n");
    if (*a->label) {
        const int width = ms_text_width(a->label);
        const int before = c->margin + (c->w - width) / 2;
        fprintf(c->to, "%*s%s\n", before > 0 ? before : 0, "", a->label);
    }
}

static void put_legend(const struct canvas *c)
{
    int lettered = 0, at = 0;
    for (int i = 0; i < c->f->n_series; i++) {
        const struct ms_series *s = &c->f->series[i];
        if (!*s->name || s->mark == MS_MARK_BAND)
            continue;
        const char *mark = s->mark != MS_MARK_POINTS ? letters[lettered++ % N_LETTERS]
                           : s->style < 0            ? "·"
                                                     : marks[s->style % MS_FIGURE_STYLES];
        const int width = 2 + ms_text_width(s->name);
        if (at > 0 && at + 3 + width > c->margin + c->w) {
            fputc('\n', c->to);
            at = 0;
        }
        fprintf(c->to, "%s", at ? "   " : "");
        put_styled(c, mark, s->style);
        fprintf(c->to, " %s", s->name);
        at += (at ? 3 : 0) + width;
    }
    if (at)
        fputc('\n', c->to);
}

// --- bars ------------------------------------------------------------------------------

// A figure of bars is a table: names, bars, numbers.
static int draw_bars(const struct ms_figure *f, int columns, bool colour, FILE *to)
{
    const struct ms_series *s = &f->series[0];
    struct ms_text *t = ms_text_new(4);
    int longest = 0;
    if (!t)
        return MS_ENOMEM;
    ms_text_column(t, 0, MS_LEFT, f->y.label);
    ms_text_column(t, 1, MS_LEFT, "");
    ms_text_column(t, 2, MS_RIGHT, f->x.label);
    ms_text_column(t, 3, MS_LEFT, "95 % interval");
    for (int k = 0; k < f->y.n_ticks; k++) {
        const int width = ms_text_width(f->y.tick[k].text);
        longest = width > longest ? width : longest;
    }
    const int title = ms_text_width(f->x.label);
    const int room = columns - longest - (title > 6 ? title : 6) - 24;
    for (size_t i = 0; i < s->n; i++) {
        char name[64] = "", bar[400], interval[64] = "";
        for (int k = 0; k < f->y.n_ticks; k++)
            if (f->y.tick[k].at == s->y[i])
                snprintf(name, sizeof name, "%s", f->y.tick[k].text);
        if (!isnan(s->lo[i]))
            snprintf(interval, sizeof interval, "%.3f … %.3f", s->lo[i], s->hi[i]);
        ms_text_cell(t, "%s", name);
        ms_text_cell(t, "%s",
                     ms_text_bar(s->x[i],
                                 room < 10   ? 10
                                 : room > 60 ? 60
                                             : room,
                                 bar, sizeof bar));
        ms_text_cell(t, "%.3f", s->x[i]);
        ms_text_cell(t, "%s", interval);
    }
    const int status = ms_text_print(t, to, colour, "");
    ms_text_free(t);
    return status;
}

int ms_canvas_draw(const struct ms_figure *f, int columns, int rows, bool colour, FILE *to,
                   struct ms_error *err)
{
    if (*f->title) {
        ms_text_wrap(to, f->title, 0, columns);
        fprintf(to, "\n");
    }
    if (f->n_series > 0 && f->series[0].mark == MS_MARK_BARS)
        return draw_bars(f, columns, colour, to) ? ms_no_memory(err, "a picture") : 0;
    struct canvas c = {.f = f, .margin = 11, .colour = colour, .to = to};
    for (int k = 0; k < f->y.n_ticks; k++) {
        const int width = ms_text_width(f->y.tick[k].text) + 2;
        c.margin = width > c.margin ? width : c.margin;
    }
    if (c.margin > LABEL_MOST)
        c.margin = LABEL_MOST;
    c.w = (columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns) - c.margin - 1;
    c.h = (rows < LEAST_ROWS ? LEAST_ROWS : rows) - 5;
    c.x = ms_figure_range(f, false);
    c.y = ms_figure_range(f, true);
    c.cell = malloc((size_t)(c.w * c.h) * sizeof *c.cell);
    if (!c.cell)
        return ms_no_memory(err, "a picture of %d × %d characters", c.w, c.h);
    for (int i = 0; i < c.w * c.h; i++)
        c.cell[i] = (struct cell){.style = -2};
    draw_all(&c);
    if (*f->y.label)
        fprintf(to, "%s\n", f->y.label);
    put_rows(&c);
    put_x_axis(&c);
    put_legend(&c);
    free(c.cell);
    return 0;
}
