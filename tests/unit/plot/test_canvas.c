// SPDX-License-Identifier: MIT
//
// Pictures in the terminal, whole.
#include "plot_fixture.h"

#include "coordinator/plot/canvas.h"

#define LINES                                                                                                                                 \
    "it's a title\n"                                                                                                                          \
    "loss\n"                                                                                                                                  \
    "       10 ┤\n"                                                                                                                         \
    "          │  ⠉⠉⠒⠢⠤⢄⣀                            ○\n"                                                                   \
    "          │         ⠉⠑⠢⢄⣀⡀\n"                                                                                              \
    "        5 ┤              ⠈⠉⠂\n"                                                                                                  \
    "          │                    ○  ⠠⠤⢄⣀\n"                                                                                    \
    "          │                           ⠉⠑⠢⢄⣀⡀\n"                                                                            \
    "          │  ○                             ⠈⠉⠒⠒⠤A\n"                                                                       \
    "        0 ┤\n"                                                                                                                         \
    "          └────────────────────────────────────────\n" \
    "             0                 5               10\n"                                                                                     \
    "                            epoch\n"                                                                                                     \
    "A trial 1   ○ best\n"

#define BARS                                                                                       \
    "                           importance  95 % interval\n"                                       \
    "learning_rate  █████████▊       0.750  0.500 … 1.000\n"                 \
    "units          ███▎             0.250\n"

#define MAP                                                                                        \
    "        1 ┤111111111111111111\n"                                                            \
    "      0.5 ┤111111111111111111\n"                                                            \
    "          │000000000●00000000\n"                                                          \
    "        0 ┤000000000000000000\n"                                                            \
    "          └──────────────────\n"                        \
    "           0       0.5      1\n"                                                              \
    "● 0\n"

#define NAMES                                                                                                     \
    "a name that is much  ┤                         ·\n"                                                       \
    "                     │\n"                                                                                  \
    "                     │\n"                                                                                  \
    "                     │\n"                                                                                  \
    "                relu ┤ ·\n"                                                                               \
    "                     └───────────────────────────\n" \
    "                      0.001      0.01         0.1\n"                                                         \
    "· trials\n"

static const char *draw(struct ms_figure *f, int columns, int rows, bool colour)
{
    struct ms_error err;
    FILE *to = tmpfile();
    REQUIRE(to && ms_canvas_draw(f, columns, rows, colour, to, &err) == 0);
    ms_figure_clear(f);
    return text_of(to);
}

int main(void)
{
    struct ms_figure f;
    make_lines(&f);
    CHECK_STR(draw(&f, 52, 13, false), LINES);
    make_bars(&f);
    CHECK_STR(draw(&f, 60, 20, false), BARS);
    make_map(&f);
    CHECK_STR(draw(&f, 30, 9, false), MAP);
    make_map(&f);
    CHECK(strstr(draw(&f, 30, 9, true), "\033[34m●\033[0m") != NULL);
    // Ticks of names, a logarithm, values of no place.
    ms_figure_init(&f);
    f.x.log = true;
    ms_figure_tick(&f, &f.y, 0, "relu");
    ms_figure_tick(&f, &f.y, 1, "a name that is much too long for its place");
    const int a = ms_figure_series(&f, MS_MARK_POINTS, MS_STYLE_QUIET, "trials");
    ms_figure_point(&f, a, 0.001, 0);
    ms_figure_point(&f, a, 0.1, 1);
    ms_figure_point(&f, a, -1, 1);
    ms_figure_point(&f, a, 0.01, NAN);
    CHECK_STR(draw(&f, 50, 10, false), NAMES);
    return check_done();
}
