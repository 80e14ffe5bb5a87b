// SPDX-License-Identifier: MIT
//
// From a figure to gnuplot's language. The data of every series is a block ($0, $1, …) of the
// script itself; texts are quoted and never interpreted, as names come from a store. Plain gnuplot
// 5, which Debian 12, 13 and Ubuntu 24.04 have.
#include "gnuplot.h"

#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// M. Okabe, K. Ito: "Color Universal Design", 2008. The yellow, too pale on paper, is darkened.
static const char *const colours[MS_FIGURE_STYLES] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#e69f00", "#56b4e9", "#000000", "#b8a900"};
// The same, mixed with two parts of white: what lies below points of that colour.
static const char *const pale[MS_FIGURE_STYLES] = {"#aad0e6", "#f1c9aa", "#aadfcf", "#eed2e2",
                                                   "#f7dfaa", "#c7e6f8", "#cccccc", "#e7e2aa"};
static const int dashes[MS_FIGURE_STYLES] = {1, 2, 4, 5, 3, 6, 1, 2};
static const int shapes[MS_FIGURE_STYLES] = {7, 9, 5, 13, 6, 8, 4, 12};
static const char quiet[] = "#b0b0b0";

static const struct {
    const char *ending, *terminal;
} pictures[MS_PICTURES] = {
    [MS_PICTURE_SVG] = {"svg", "svg size 760,500 noenhanced font 'Helvetica,14' background 'white' "
                               "linewidth 1.4"},
    [MS_PICTURE_PNG] = {"png", "pngcairo size 1520,1000 noenhanced font 'Helvetica,22' linewidth "
                               "2.4 pointscale 1.6"},
    [MS_PICTURE_PDF] = {"pdf", "pdfcairo size 6.4in,4.2in noenhanced font 'Helvetica,11' linewidth "
                               "1.4"},
};

static const int small[MS_PICTURES] = {10, 16, 8}; // points of notes

int ms_gnuplot_picture(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (int k = 0; dot && k < MS_PICTURES; k++)
        if (strcmp(dot + 1, pictures[k].ending) == 0)
            return k;
    return -1;
}

// --- the script ----------------------------------------------------------------

// A text in single quotes, in which only the quote is doubled. Lines end it, so they become blanks.
static void put_text(FILE *to, const char *text)
{
    fputc('\'', to);
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            fputc('\'', to);
        fputc((unsigned char)*c < ' ' ? ' ' : *c, to);
    }
    fputc('\'', to);
}

static void put_number(FILE *to, double v)
{
    if (isfinite(v))
        fprintf(to, " %.9g", v);
    else
        fprintf(to, " NaN");
}

static void put_data(const struct ms_figure *f, FILE *to)
{
    for (int i = 0; i < f->n_series; i++) {
        const struct ms_series *s = &f->series[i];
        fprintf(to, "$s%d << EOD\n", i);
        for (size_t k = 0; k < s->n; k++) {
            const double row[] = {s->x[k], s->y[k], s->lo[k], s->hi[k]};
            if (s->mark == MS_MARK_LINE && isnan(s->y[k])) {
                fprintf(to, "\n"); // an empty line interrupts
                continue;
            }
            for (int c = 0; c < 4; c++)
                put_number(to, row[c]);
            fprintf(to, "\n");
        }
        fprintf(to, "EOD\n");
    }
    const struct ms_map *m = &f->map;
    if (m->nx == 0)
        return;
    fprintf(to, "$map << EOD\n");
    for (int y = 0; y < m->ny; y++, fprintf(to, "\n"))
        for (int x = 0; x < m->nx; x++) {
            put_number(to, m->x0 + (m->x1 - m->x0) * x / (m->nx - 1));
            put_number(to, m->y0 + (m->y1 - m->y0) * y / (m->ny - 1));
            put_number(to, m->z[y * m->nx + x]);
            fprintf(to, "\n");
        }
    fprintf(to, "EOD\n");
}

// The ticks of an x axis are too long to stand side by side.
static bool is_turned(const struct ms_axis *a)
{
    size_t longest = 0;
    for (int k = 0; k < a->n_ticks; k++)
        longest = strlen(a->tick[k].text) > longest ? strlen(a->tick[k].text) : longest;
    return longest * (size_t)a->n_ticks > 70;
}

static void put_axis(const struct ms_figure *f, bool of_y, FILE *to)
{
    const struct ms_axis *a = of_y ? &f->y : &f->x;
    const char *name = of_y ? "y" : "x";
    const struct ms_range r = ms_figure_range(f, of_y);
    fprintf(to, "set %slabel ", name);
    put_text(to, a->label);
    fprintf(to, "\nset %srange [%.9g:%.9g]\n", name, r.lo, r.hi);
    if (a->log)
        fprintf(to, "set logscale %s\nset format %s '%%g'\n", name, name);
    if (a->n_ticks > 0) {
        fprintf(to, "set %stics %s(", name, !of_y && is_turned(a) ? "rotate by -30 left " : "");
        for (int k = 0; k < a->n_ticks; k++) {
            fprintf(to, "%s", k ? ", " : "");
            put_text(to, a->tick[k].text);
            fprintf(to, " %.9g", a->tick[k].at);
        }
        fprintf(to, ")\n");
    }
}

// Where contour lines of the map are, as a block of their own.
static void put_contours(const struct ms_map *m, FILE *to)
{
    fprintf(to, "set contour base\nunset surface\nset view map\nset cntrparam levels %s ",
            m->classes || !isnan(m->level) ? "discrete" : "auto 10");
    for (int k = 0; m->classes && k + 1 < m->n_classes; k++)
        fprintf(to, "%s%.9g", k ? ", " : "", k + 0.5);
    if (!m->classes && !isnan(m->level))
        fprintf(to, "%.9g", m->level);
    fprintf(to, "\nset table $contour\nsplot $map using 1:2:3\nunset table\nunset contour\n"
                "set surface\n");
}

static void put_palette(const struct ms_map *m, FILE *to)
{
    if (m->classes) {
        fprintf(to, "set palette maxcolors %d defined (", m->n_classes);
        for (int k = 0; k < m->n_classes; k++)
            fprintf(to, "%s%d '%s'", k ? ", " : "", k, pale[k % MS_FIGURE_STYLES]);
        fprintf(to, ")\nset cbrange [-0.5:%.9g]\nunset colorbox\n", m->n_classes - 0.5);
        return;
    }
    // Pale blue to white to pale orange, so that points of full colour are seen on it.
    fprintf(to, "set palette defined (0 '#8fc0de', 1 '#fbfbfb', 2 '#ecb48c')\nset cblabel ");
    put_text(to, m->label);
    fprintf(to, "\n");
    if (!isnan(m->level))
        fprintf(to, "set cbrange [0:1]\n");
}

// The clause of `plot` that draws a series.
static void put_series(const struct ms_figure *f, int i, FILE *to)
{
    const struct ms_series *s = &f->series[i];
    const int k = s->style < 0 ? 0 : s->style % MS_FIGURE_STYLES;
    const char *colour = s->style < 0 ? quiet : colours[k];
    char title[400] = "";
    fprintf(to, "$s%d using ", i);
    switch (s->mark) {
    case MS_MARK_LINE:
        fprintf(to, "1:2 with lines lc rgb '%s' dt %d lw %g", colour,
                s->style < 0 || s->width > 0 ? 1 : dashes[k],
                s->width > 0   ? s->width
                : s->style < 0 ? 0.5
                               : 1.6);
        break;
    case MS_MARK_STEPS:
        fprintf(to, "1:2 with steps lc rgb '%s' dt %d lw 1.8", colour, dashes[k]);
        break;
    case MS_MARK_POINTS:
        fprintf(to, "1:2 with points lc rgb '%s' pt %d ps %s", colour, shapes[k],
                f->map.nx    ? "0.4"
                : s->n > 300 ? "0.6"
                             : "0.9");
        break;
    case MS_MARK_BAND:
        fprintf(to, "1:3:4 with filledcurves lc rgb '%s' fs transparent solid 0.18 noborder",
                colour);
        break;
    case MS_MARK_BARS:
        fprintf(to, "($1/2):2:($1/2):(0.34) with boxxyerror lc rgb '%s' fs solid 0.75 noborder",
                colour);
        break;
    }
    snprintf(title, sizeof title, "%s", s->name);
    if (*title) {
        fprintf(to, " title ");
        put_text(to, title);
    } else {
        fprintf(to, " notitle");
    }
    if (s->mark == MS_MARK_BARS)
        fprintf(to, ", $s%d using 1:2:3:4 with xerrorbars lc rgb '#303030' pt 0 lw 1 notitle", i);
}

// Below the picture: in a row, or one below the other where the names are long.
static void put_legend(const struct ms_figure *f, enum ms_picture picture, FILE *to)
{
    size_t letters = 0;
    int n = 0;
    for (int i = 0; i < f->n_series; i++)
        if (*f->series[i].name) {
            letters += strlen(f->series[i].name) + 8;
            n++;
        }
    if (n == 0)
        fprintf(to, "unset key\n");
    else if (f->map.nx)
        fprintf(to, "set key outside right top reverse Left samplen 1\n");
    else if (letters < 90)
        fprintf(to, "set key bmargin center horizontal reverse Left samplen 2.5\nset bmargin %g\n",
                is_turned(&f->x) ? 8.5 : 5.5);
    else
        fprintf(to,
                "set key bmargin center vertical maxrows %d reverse Left samplen 3.5 spacing 0.9 "
                "font ',%d'\nset bmargin %g\n",
                n, small[picture], 4.5 + 0.75 * n);
}

void ms_gnuplot_script(const struct ms_figure *f, enum ms_picture picture, const char *output,
                       FILE *to)
{
    fprintf(to, "set encoding utf8\nset terminal %s\nset output ", pictures[picture].terminal);
    put_text(to, output);
    fprintf(to, "\nset title ");
    put_text(to, f->title);
    fprintf(to, " noenhanced\nset datafile missing 'NaN'\nset border 3 lc rgb '#404040'\n"
                "set tics nomirror out scale 0.6\nset grid lc rgb '#e4e4e4' lt 1\n");
    put_legend(f, picture, to);
    put_data(f, to);
    if (f->map.nx) {
        fprintf(to, "set size ratio -1\n"); // as long as one unit is, the other is
        put_contours(&f->map, to);
        put_palette(&f->map, to);
    }
    put_axis(f, false, to);
    put_axis(f, true, to);
    for (int i = 0; i < f->n_notes; i++) {
        fprintf(to, "set label ");
        put_text(to, f->note[i].text);
        fprintf(to,
                " at first %.9g, first %.9g center offset 0,%s font ',10' tc rgb '#505050' "
                "noenhanced\n",
                f->note[i].x, f->note[i].y, f->note[i].above ? "0.6" : "-0.6");
    }
    if (*f->below) {
        fprintf(to, "set label ");
        put_text(to, f->below);
        fprintf(to, " at graph 1, graph 1.025 right font ',%d' tc rgb '#707070' noenhanced\n",
                small[picture]);
    }
    fprintf(to, "plot ");
    if (f->map.nx)
        fprintf(to, "$map using 1:2:3 with image notitle");
    if (f->map.nx)
        fprintf(to, ", $contour using 1:2 with lines lc rgb '#404040' lw %s notitle",
                f->map.classes || !isnan(f->map.level) ? "1.6" : "0.6");
    for (int i = 0; i < f->n_series; i++) {
        fprintf(to, "%s", i || f->map.nx ? ", \\\n  " : "");
        put_series(f, i, to);
    }
    fprintf(to, "\nunset output\n");
}

// --- running it ------------------------------------------------------------------

static int start(int script, int said, pid_t *pid)
{
    static char name[] = "gnuplot", stay[] = "-";
    char *argv[] = {name, stay, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, script, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, said, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
    const int rc = posix_spawnp(pid, name, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

// The line of gnuplot's output that says what was wrong: its last one.
static void last_line(FILE *said, char *out, size_t size)
{
    char line[300];
    snprintf(out, size, "no reason given");
    rewind(said);
    while (fgets(line, sizeof line, said)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " ^")])
            snprintf(out, size, "%s", line + strspn(line, " "));
    }
}

int ms_gnuplot_draw(const struct ms_figure *f, enum ms_picture picture, const char *output,
                    struct ms_error *err)
{
    FILE *script = tmpfile(), *said = tmpfile();
    char why[200];
    pid_t pid;
    int status = 0, end = 0;
    if (!script || !said) {
        status = ms_fail(err, MS_EIO, "a temporary file: %s", strerror(errno));
    } else {
        ms_gnuplot_script(f, picture, output, script);
        if (fflush(script) != 0 || lseek(fileno(script), 0, SEEK_SET) != 0)
            status = ms_fail(err, MS_EIO, "a temporary file: %s", strerror(errno));
    }
    const int rc = status ? 0 : start(fileno(script), fileno(said), &pid);
    if (rc)
        status = ms_fail(err, MS_ESTATE,
                         "gnuplot, which draws pictures, is not installed: install the package "
                         "gnuplot-nox, or draw in the terminal with --text");
    if (!status && waitpid(pid, &end, 0) != pid)
        status = ms_fail(err, MS_EIO, "gnuplot: %s", strerror(errno));
    if (!status && end != 0) {
        last_line(said, why, sizeof why);
        status = ms_fail(err, MS_EIO, "gnuplot failed: %s", why);
    }
    if (script)
        fclose(script);
    if (said)
        fclose(said);
    return status;
}
