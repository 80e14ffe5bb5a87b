// SPDX-License-Identifier: MIT
//
// The script for gnuplot: texts that cannot get out of their quotes, data as blocks, the clause of
// each kind of series. That gnuplot takes it is tested by tests/mpi/test_plot.sh.
#include "plot_fixture.h"

#include "coordinator/plot/gnuplot.h"

static const char *script(struct ms_figure *f, enum ms_picture picture)
{
    FILE *to = tmpfile();
    REQUIRE(to != NULL);
    ms_gnuplot_script(f, picture, "a 'b'.svg", to);
    ms_figure_clear(f);
    return text_of(to);
}

#define CHECK_HAS(text, part)                                                                      \
    CHECK_THAT(strstr(text, part) != NULL, "'%s' is not in\n%s", part, text)

int main(void)
{
    struct ms_figure f;
    CHECK_INT(ms_gnuplot_picture("x/y.svg"), MS_PICTURE_SVG);
    CHECK_INT(ms_gnuplot_picture("y.pdf"), MS_PICTURE_PDF);
    CHECK_INT(ms_gnuplot_picture("y.jpg"), -1);
    CHECK_INT(ms_gnuplot_picture("png"), -1);
    make_lines(&f);
    snprintf(f.x.label, sizeof f.x.label, "`id`\n\"$x\" @y");
    const char *text = script(&f, MS_PICTURE_SVG);
    CHECK_HAS(text, "set terminal svg ");
    CHECK_HAS(text, "set output 'a ''b''.svg'\nset title 'it''s a title' noenhanced\n");
    CHECK_HAS(text, "set xlabel '`id` \"$x\" @y'\nset xrange [-0.5:10.5]\n");
    CHECK_HAS(text, "$s0 << EOD\n 0 NaN 9 11\n");
    CHECK_HAS(text, " 4 6 NaN NaN\n\n 6 4 NaN NaN\n"); // interrupted
    CHECK_HAS(text, "plot $s0 using 1:3:4 with filledcurves lc rgb '#0072b2' fs transparent solid "
                    "0.18 noborder notitle, \\\n  $s1 using 1:2 with lines lc rgb '#0072b2' dt 1 "
                    "lw 1.6 title 'trial 1', \\\n  $s2 using 1:2 with points lc rgb '#d55e00' pt 9 "
                    "ps 0.9 title 'best'\n");
    CHECK_HAS(text, "set label 'a note'");
    make_bars(&f);
    text = script(&f, MS_PICTURE_PNG);
    CHECK_HAS(text, "set terminal pngcairo ");
    CHECK_HAS(text, "unset key\n");
    CHECK_HAS(text, "set ytics ('learning_rate' 1, 'units' 0)\n");
    CHECK_HAS(text, "with boxxyerror");
    CHECK_HAS(text, "using 1:2:3:4 with xerrorbars");
    make_map(&f);
    text = script(&f, MS_PICTURE_PDF);
    CHECK_HAS(text, "set terminal pdfcairo ");
    CHECK_HAS(text, "set cntrparam levels discrete 0.5\n");
    CHECK_HAS(text, "set palette maxcolors 2 defined (0 '#aad0e6', 1 '#f1c9aa')\n");
    CHECK_HAS(text, "plot $map using 1:2:3 with image notitle, $contour using 1:2 with lines");
    make_map(&f);
    f.map.classes = false;
    f.map.level = 0.5;
    f.y.log = true;
    snprintf(f.map.label, sizeof f.map.label, "probability");
    text = script(&f, MS_PICTURE_PDF);
    CHECK_HAS(text, "set cblabel 'probability'\nset cbrange [0:1]\n");
    CHECK_HAS(text, "set logscale y\n");
    return check_done();
}
