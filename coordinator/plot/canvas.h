// SPDX-License-Identifier: MIT
//
// Figures drawn with the characters of a terminal: lines in braille patterns, eight dots to a
// character; points as marks (● ○ + ×); bars of blocks. Needs UTF-8 and nothing else. Series are
// told apart by letters and marks, and by colours where there are any.
#ifndef MLPSWEEP_CANVAS_H
#define MLPSWEEP_CANVAS_H

#include <stdio.h>

#include "figure.h"

// columns × rows: of everything, legend and axes included; at least 30 × 8 are taken.
int ms_canvas_draw(const struct ms_figure *f, int columns, int rows, bool colour, FILE *to,
                   struct ms_error *err) MS_MUST_CHECK;

#endif
