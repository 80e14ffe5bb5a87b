// SPDX-License-Identifier: MIT
//
// Figures for the tests of the two back ends, and what they wrote as text.
#ifndef PLOT_FIXTURE_H
#define PLOT_FIXTURE_H

#include "check.h"
#include "coordinator/plot/figure.h"

static char drawn[40000];

// A falling line with a gap, a band around it, and three points.
static inline void make_lines(struct ms_figure *f)
{
    ms_figure_init(f);
    snprintf(f->title, sizeof f->title, "it's a title");
    snprintf(f->x.label, sizeof f->x.label, "epoch");
    snprintf(f->y.label, sizeof f->y.label, "loss");
    snprintf(f->below, sizeof f->below, "a note");
    const int band = ms_figure_series(f, MS_MARK_BAND, 0, "");
    const int line = ms_figure_series(f, MS_MARK_LINE, 0, "trial 1");
    const int points = ms_figure_series(f, MS_MARK_POINTS, 1, "best");
    for (int k = 0; k <= 10; k++) {
        ms_figure_span(f, band, k, NAN, 10 - k - 1, 10 - k + 1);
        ms_figure_point(f, line, k, k == 5 ? NAN : 10.0 - k);
    }
    ms_figure_point(f, points, 0, 0);
    ms_figure_point(f, points, 5, 5);
    ms_figure_point(f, points, 10, 10);
}

static inline void make_bars(struct ms_figure *f)
{
    ms_figure_init(f);
    snprintf(f->x.label, sizeof f->x.label, "importance");
    const int bars = ms_figure_series(f, MS_MARK_BARS, 0, "");
    ms_figure_tick(f, &f->y, 1, "learning_rate");
    ms_figure_tick(f, &f->y, 0, "units");
    ms_figure_span(f, bars, 0.75, 1, 0.5, 1);
    ms_figure_span(f, bars, 0.25, 0, NAN, NAN);
}

// Two classes over a square, the upper half being the second.
static inline void make_map(struct ms_figure *f)
{
    ms_figure_init(f);
    struct ms_map *m = &f->map;
    m->nx = m->ny = 4;
    m->x1 = m->y1 = 1;
    m->classes = true;
    m->n_classes = 2;
    m->level = NAN;
    m->z = malloc(16 * sizeof *m->z);
    REQUIRE(m->z != NULL);
    for (int i = 0; i < 16; i++)
        m->z[i] = i >= 8;
    const int a = ms_figure_series(f, MS_MARK_POINTS, 0, "0");
    ms_figure_point(f, a, 0.5, 0.25);
}

static inline const char *text_of(FILE *f)
{
    rewind(f);
    drawn[fread(drawn, 1, sizeof drawn - 1, f)] = '\0';
    fclose(f);
    return drawn;
}

#endif
