// SPDX-License-Identifier: MIT
//
// The live view as text: whole screens, and screens that are too small.
#include "coordinator/show/follow_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "coordinator/show/text.h"

static char text[20000];

static struct ms_show show;
static struct ms_show_facts facts;
static struct ms_trial_rank rank;
static struct ms_running_info item[40];
static struct ms_running_list running = {.item = item};
static const double history[] = {0.5, 0.5, 0.75, 1};

static void fill(void)
{
    rank = (struct ms_trial_rank){.trial = 3,
                                  .n = 3,
                                  .mean = 0.9,
                                  .sd = 0.01,
                                  .min = 0.89,
                                  .max = 0.91,
                                  .median = 0.9,
                                  .key = 0.9};
    show = (struct ms_show){.sweep = {.name = "demo",
                                      .state = "running",
                                      .metric = "val_accuracy",
                                      .trials_planned = 6},
                            .rank = &rank,
                            .n_ranks = 1};
    facts = (struct ms_show_facts){
        .run = {.host = "node\0331", .pid = 7, .workers = 40, .elapsed_s = 65},
        .alive = true,
        .counts =
            {.trials = 6, .trials_ended = 4, .waiting = 4, .running = 2, .done = 11, .failed = 1},
        .failures = {.n = 1, .item = {{.word = "diverged", .count = 1}}},
        .per_s = 0.25,
        .each_s = 2,
        .left_s = 24,
        .waiting = 0.012};
    for (int i = 0; i < 40; i++)
        item[i] = (struct ms_running_info){.trial = 5,
                                           .execution = (uint32_t)i,
                                           .rank = i + 1,
                                           .host = "n1",
                                           .had_s = 3,
                                           .epoch = i ? 2 : 0,
                                           .value = i ? 0.5 : NAN,
                                           .n_curve = i ? 2 : 0,
                                           .curve = {0.25, 0.5}};
    running.n = 2;
}

static const char *screen(int columns, int rows, bool colour)
{
    const struct ms_follow_view v = {
        &show, &facts, &running, "optimizer=adam", history, 4, "12:00:00", columns, rows, colour};
    FILE *f = tmpfile();
    REQUIRE(f != NULL);
    const int lines = ms_follow_view_print(&v, f);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    int n = 0;
    for (const char *c = text; *c;) {
        const size_t length = strcspn(c, "\n");
        char line[4000];
        snprintf(line, sizeof line, "%.*s", (int)length, c);
        CHECK_THAT(colour || ms_text_width(line) < columns, "too wide: %s", line);
        c += length + 1;
        n++;
    }
    CHECK_INT(n, lines);
    CHECK_THAT(n <= rows, "%d lines of %d", n, rows);
    return text;
}

static void test_whole(void)
{
    CASE("80 x 24");
    fill();
    static const char head[] =
        "demo\n"
        "running on node 1 (pid 7) with 40 workers for 65 s\n"
        "██████████████████████████░░░░░░░░░░░░░░  66 %  12 of 18 executions\n"
        "trials      4 of 6 ended; the workers waited for 1.2 % of their time\n"
        "executions  11 done, 2 running, 4 waiting, 1 failed\n"
        "speed       0.25 executions/s in this run, 2 s each; about 24 s to go\n"
        " \n"
        "best        trial 3: val_accuracy 0.900 ± 0.010 (3 executions)\n"
        "            optimizer=adam\n";
    screen(80, 24, false);
    text[sizeof head - 1] = '\0';
    CHECK_STR(text, head);
    screen(80, 24, false);
    CHECK_THAT(strstr(text, "failures    1 of 12 executions failed: 1 diverged\n"), "%s", text);
    CHECK_THAT(strstr(text, "best so far ▁▁▅█\n"), "%s", text);
    CHECK_THAT(strstr(text, "2 n1           5/1            3 s       2  0.5       ▁█\n"), "%s",
               text);
    CHECK_THAT(strstr(text, "q: leave, the run goes on; seen at 12:00:00 UTC\n"), "%s", text);
    CHECK(!strstr(text, "\033"));
    CHECK(strstr(screen(80, 24, true), "\033[1mdemo\033[0m\n"));
    CHECK(!strstr(text, "node\033"));
}

static void test_small(void)
{
    CASE("what does not fit");
    fill();
    running.n = 40;
    CHECK_THAT(strstr(screen(80, 24, false), "\n… and "), "%s", text);
    for (int rows = 2; rows < 24; rows++)
        screen(21, rows, false);
}

static void test_nothing(void)
{
    CASE("nothing yet");
    fill();
    show.n_ranks = 0;
    facts = (struct ms_show_facts){.per_s = NAN, .each_s = NAN, .left_s = NAN, .waiting = NAN};
    running.n = 0;
    CHECK(strstr(screen(80, 24, false), "no trial has a result yet"));
    CHECK(!strstr(text, "speed") && !strstr(text, "nan"));
}

static void test_spark(void)
{
    CASE("sparks");
    char out[100];
    const double flat[] = {2, 2, NAN, INFINITY};
    CHECK_STR(ms_follow_view_spark(flat, 4, 10, out, sizeof out), "▅▅  ");
    const double eight[] = {0, 1, 2, 3, 4, 5, 6, 7};
    CHECK_STR(ms_follow_view_spark(eight, 8, 10, out, sizeof out), "▁▂▃▄▅▆▇█");
    CHECK_STR(ms_follow_view_spark(eight, 8, 4, out, sizeof out), "▂▄▆█");
    CHECK_STR(ms_follow_view_spark(eight, 0, 4, out, sizeof out), "");
}

int main(void)
{
    test_whole();
    test_small();
    test_nothing();
    test_spark();
    return check_done();
}
