// SPDX-License-Identifier: MIT
#include "coordinator/show/progress.h"

#include "check.h"

static void test_times(void)
{
    char out[64];
    CHECK_STR(ms_progress_duration(12.4, out, sizeof out), "12 s");
    CHECK_STR(ms_progress_duration(184, out, sizeof out), "3:04 min");
    CHECK_STR(ms_progress_duration(7384, out, sizeof out), "2:03:04 h");
    CHECK_STR(ms_progress_duration(93784, out, sizeof out), "1 d 02:03 h");
    CHECK_STR(ms_progress_duration(NAN, out, sizeof out), "?");
    CHECK_STR(ms_progress_time_taken(3.58e-6, out, sizeof out), "3.58 µs");
    CHECK_STR(ms_progress_time_taken(0.99949e-3, out, sizeof out), "999 µs");
    CHECK_STR(ms_progress_time_taken(0.99951e-3, out, sizeof out), "1 ms");
    CHECK_STR(ms_progress_time_taken(0.0311, out, sizeof out), "31.1 ms");
    CHECK_STR(ms_progress_time_taken(99.94, out, sizeof out), "99.9 s");
    CHECK_STR(ms_progress_time_taken(184, out, sizeof out), "3:04 min");
    CHECK_STR(ms_progress_time_taken(NAN, out, sizeof out), "?");
}

static struct ms_progress_state state(void)
{
    return (struct ms_progress_state){.sweep = "größe",
                                      .executions = 36,
                                      .elapsed_s = 10,
                                      .left_s = NAN,
                                      .workers = 2,
                                      .n_lines = 2,
                                      .metric = "val_loss"};
}

static void test_line(void)
{
    char out[256];
    struct ms_progress_state s = state();
    CHECK_STR(ms_progress_line(&s, out, sizeof out),
              "größe: 0/36 done"); // how long it takes nobody knows yet
    s.done = s.finished_now = 30;
    s.running = 2;
    s.left_s = 2;
    s.has_best = true;
    s.best = 0.0031;
    s.best_trial = 4;
    CHECK_STR(ms_progress_line(&s, out, sizeof out),
              "größe: 30/36 done, 2 running, best val_loss 0.0031 (trial 4), 3/s, 2 s left");
    s.failed = 6;
    s.workers_lost = 1;
    CHECK_STR(ms_progress_line(&s, out, sizeof out),
              "größe: 30/36 done, 6 failed, 2 running, best val_loss 0.0031 (trial 4), 3/s, 1 of 2 "
              "workers lost");
    char small[16];
    CHECK_INT(strlen(ms_progress_line(&s, small, sizeof small)), 15);
}

// What the live block writes; every line of it is cut to the screen.
static void test_block(void)
{
    char *out = NULL;
    size_t size;
    struct ms_progress_state s = state();
    struct ms_progress p = {.mode = MS_PROGRESS_LIVE, .columns = 24, .shown_at_s = -1e9};
    REQUIRE((p.out = open_memstream(&out, &size)) != NULL);
    s.line[0] = (struct ms_progress_worker){.rank = 1,
                                            .ready = true,
                                            .busy = true,
                                            .trial = 3,
                                            .epoch = 2,
                                            .epochs = 9,
                                            .metric = "val_loss",
                                            .value = 0.5};
    s.line[1] = (struct ms_progress_worker){.rank = 2};
    ms_progress_show(&p, &s, false);
    REQUIRE(fflush(p.out) == 0);
    CHECK_STR(out, "\x1b[2K░░░░░░░░░░░░░░░░░░░░░░░\n"
                   "\x1b[2Kgröße: 0/36 done\n"
                   "\x1b[2K  worker 1   trial 3, e\n"
                   "\x1b[2K  worker 2   starting\n");
    CHECK_INT(p.drawn, 4);
    const size_t before = size;
    ms_progress_show(&p, &s, false); // too soon
    ms_progress_note(&p, "worker %d is lost", 2);
    CHECK_STR(out + before, "\r\x1b[4A\x1b[Jworker 2 is lost\n");
    CHECK_INT(p.drawn, 0);
    const size_t then = size;
    ms_progress_note(&p, "trial 3: %s",
                     "it said \033[2J\xc2\x9b"
                     "31m\nforged");
    CHECK_STR(out + then, "trial 3: it said  [2J 31m forged\n");
    fclose(p.out);
    free(out);
}

int main(void)
{
    test_times();
    test_line();
    test_block();
    return check_done();
}
