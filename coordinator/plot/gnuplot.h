// SPDX-License-Identifier: MIT
//
// Figures drawn by gnuplot, a package of Debian and Ubuntu (gnuplot-nox), which is started as a
// program of its own. Colours are those of Okabe & Ito, which colour-blind readers tell apart;
// dashes and the shapes of points tell series apart without any colour.
#ifndef MLPSWEEP_GNUPLOT_H
#define MLPSWEEP_GNUPLOT_H

#include <stdio.h>

#include "figure.h"

// The kinds of files, by the ending of their names: "svg", "png", "pdf".
enum ms_picture { MS_PICTURE_SVG, MS_PICTURE_PNG, MS_PICTURE_PDF, MS_PICTURES };
// -1: none of these.
int ms_gnuplot_picture(const char *path);

// Writes the script that draws f into the file `output`, with the data in it.
void ms_gnuplot_script(const struct ms_figure *f, enum ms_picture picture, const char *output,
                       FILE *to);

// Draws f into the file `output`, which is replaced. MS_ESTATE: gnuplot is not installed; MS_EIO:
// it failed, err has its first line.
int ms_gnuplot_draw(const struct ms_figure *f, enum ms_picture picture, const char *output,
                    struct ms_error *err) MS_MUST_CHECK;

#endif
