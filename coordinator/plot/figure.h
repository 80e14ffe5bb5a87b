// SPDX-License-Identifier: MIT
//
// A picture as data: axes, series of points, notes. Each kind of plot fills one from a store, and
// one of two back ends draws it: gnuplot (gnuplot.h) or the characters of a terminal (canvas.h).
// Nothing here knows what a sweep is.
//
// Appending to a figure remembers a failure (no memory) in `status`, which the caller asks once.
#ifndef MLPSWEEP_FIGURE_H
#define MLPSWEEP_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/status.h"

enum ms_mark {
    MS_MARK_LINE,   // x, y; a y of NAN interrupts it
    MS_MARK_STEPS,  // y holds until the next x
    MS_MARK_POINTS, // x, y
    MS_MARK_BAND,   // x, between lo and hi
    MS_MARK_BARS,   // from 0 to x at y, with an interval lo … hi of x (NAN: none)
};

enum { MS_FIGURE_STYLES = 8, MS_STYLE_QUIET = -1 }; // quiet: grey, behind the others

struct ms_series {
    char name[160]; // in the legend; "": not there
    enum ms_mark mark;
    int style;    // 0 … MS_FIGURE_STYLES - 1: colour, and dashes or shape of points
    double width; // of its lines, without dashes; 0: by its style
    size_t n, room;
    double *x, *y, *lo, *hi;
};

struct ms_axis {
    char label[300];
    bool log;
    double lo, hi; // what is shown; NAN: by the data
    int n_ticks;   // 0: made by the back end
    size_t room;
    struct ms_tick {
        double at;
        char text[64];
    } * tick;
};

// Numbers over a rectangle, drawn as an image below everything with lines where they are `level`.
struct ms_map {
    int nx, ny; // 0: there is none
    double x0, x1, y0, y1;
    double *z;    // (ny, nx), the lowest y first
    bool classes; // z is the number of a class
    int n_classes;
    double level;    // of the only line; NAN: lines at round values; of classes between them
    char label[300]; // of the colours
};

struct ms_figure {
    char title[700];
    struct ms_axis x, y;
    int n_series;
    size_t room;
    struct ms_series *series; // the last one is drawn on top
    int n_notes;
    size_t notes_room;
    struct ms_note {
        double x, y;
        char text[64];
        bool above; // of the point, else below
    } * note;
    struct ms_map map;
    char below[400]; // a line under the picture; "": none
    int status;
};

void ms_figure_init(struct ms_figure *f);
void ms_figure_clear(struct ms_figure *f);

// A new series; returns its number, or the last one's when memory has run out.
int ms_figure_series(struct ms_figure *f, enum ms_mark mark, int style, const char *name);
void ms_figure_point(struct ms_figure *f, int series, double x, double y);
// A point of a band or of bars.
void ms_figure_span(struct ms_figure *f, int series, double x, double y, double lo, double hi);
void ms_figure_tick(struct ms_figure *f, struct ms_axis *axis, double at, const char *text);
void ms_figure_note(struct ms_figure *f, double x, double y, bool above, const char *text);

// What an axis shows: its own limits, or those of the data, widened by a twentieth where they are
// linear; never empty.
struct ms_range {
    double lo, hi;
};
struct ms_range ms_figure_range(const struct ms_figure *f, bool of_y);

// Round numbers inside of a range, at most MS_FIGURE_ROUND of them, into at; returns how many:
// steps of 1, 2 or 5 times a power of ten, and with log powers of ten, or where these are few 1, 2
// and 5 times them.
enum { MS_FIGURE_ROUND = 16 };
int ms_figure_round(const struct ms_range *r, bool log_scale, double at[MS_FIGURE_ROUND]);

#endif
