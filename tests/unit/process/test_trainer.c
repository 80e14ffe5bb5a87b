// SPDX-License-Identifier: MIT
//
// A shell and its trainer, from the first attempt to the last: order, deaths, recalls, time limits.
// Trainers are killed and stopped by signals.
#include "rank_0.h"

static const char quick[] = TEXT(30, "");
static const char endless[] = TEXT(1000000, "");
static const char limited[] = TEXT(1000000, ", \"max_seconds\": 0.3");

static void play_attempts(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_plain(r, MS_WIRE_PING);
        say_attempts(r, 1, 10);
        say_attempts(r, 11, 1);
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 11) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 2;
    }
}

static void test_attempts(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run(r, quick, play_attempts, 600, &err) == 0, "%s", err.text);
    CHECK(r->n_ready == 1 && r->n_pongs == 1 && r->n_returned == 0 && r->n_finish == 0);
    CHECK(r->ready.pid == (uint32_t)getpid() && r->ready.trainer_pid != r->ready.pid);
    CHECK(r->ready.host[0] && strstr(r->ready.provenance, "BLAS"));
    for (int i = 0; i < 11; i++) {
        CASE("attempt %d", i + 1);
        CHECK_INT(r->results[i].id, i + 1); // in the order given
        CHECK_INT(r->results[i].end, MS_END_COMPLETED);
        CHECK_INT(r->results[i].epochs, 30);
        CHECK_INT(r->epochs[i + 1], 30); // all of them before the result
        CHECK(r->results[i].wall_s > 0 && r->results[i].cpu_s > 0 &&
              r->results[i].max_rss_bytes > 1e6);
    }
}

static void play_kill(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempts(r, 1, 3);
        r->step = 1;
    } else if (r->step < 3 && r->epochs[r->step]) { // it runs: kill it
        kill(trainer_pid(), r->step == 1 ? SIGKILL : SIGSEGV);
        r->step++;
    } else if (r->step == 3 && r->epochs[3]) {
        say_ids(r, MS_WIRE_CANCEL, 3, 1);
        r->step = 4;
    } else if (r->step == 4 && r->n_results == 3) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 5;
    }
}

static void test_kill(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run(r, endless, play_kill, 600, &err) == 0, "%s", err.text);
    CHECK_INT(result(r, 1)->end, MS_END_CRASHED);
    CHECK_STR(result(r, 1)->message, "killed by signal 9 (Killed)");
    CHECK_INT(result(r, 1)->epochs, r->epochs[1]);
    CHECK_INT(result(r, 2)->end, MS_END_CRASHED);
    CHECK_THAT(strstr(result(r, 2)->message, "signal 11") ||
                   strstr(result(r, 2)->message, "exit status"), // a sanitizer catches it
               "%s", result(r, 2)->message);
    CHECK_INT(result(r, 3)->end, MS_END_CANCELLED); // a third trainer went on
    CHECK(result(r, 3)->epochs == r->epochs[3] && r->n_ready == 1);
}

static void play_recall(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempts(r, 1, 5);
        r->step = 1;
    } else if (r->step == 1 && r->epochs[1]) {
        kill(trainer_pid(), SIGSTOP); // a trainer that hangs is no lost worker
        say_plain(r, MS_WIRE_PING);
        say_ids(r, MS_WIRE_RECALL, 1, 2);  // 1 runs, 2 waits
        say_ids(r, MS_WIRE_RECALL, 40, 2); // never heard of
        say_ids(r, MS_WIRE_CANCEL, 4, 1);  // waits
        say_ids(r, MS_WIRE_CANCEL, 50, 1); // never heard of
        r->step = 2;
    } else if (r->step == 2 && r->n_pongs && r->n_returned == 4 && r->n_results == 1) {
        kill(trainer_pid(), SIGCONT);
        say_ids(r, MS_WIRE_CANCEL, 1, 1); // runs
        r->step = 3;
    } else if (r->step == 3 && r->epochs[3]) {
        // Attempts were short so far: 5 was handed over ahead. It comes back all the same, 3 does
        // not.
        say_ids(r, MS_WIRE_RECALL, 5, 1);
        say_ids(r, MS_WIRE_RECALL, 3, 1);
        r->step = 4;
    } else if (r->step == 4 && r->n_returned == 5) {
        say_attempts(r, 6, 2);
        say_ids(r, MS_WIRE_CANCEL, 7, 1);
        say_ids(r, MS_WIRE_CANCEL, 3, 1);
        r->step = 5;
    } else if (r->step == 5 && r->epochs[6]) {
        say_ids(r, MS_WIRE_CANCEL, 6, 1);
        r->step = 6;
    } else if (r->step == 6 && r->n_results == 5) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 7;
    }
}

static void test_recall(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run(r, endless, play_recall, 600, &err) == 0, "%s", err.text);
    static const uint64_t returned[] = {2, 40, 41, 50, 5};
    CHECK(r->n_returned == 5 && memcmp(r->returned, returned, sizeof returned) == 0);
    static const uint64_t cancelled[] = {1, 3, 4, 6, 7};
    for (int i = 0; i < 5; i++)
        CHECK_INT(result(r, cancelled[i])->end, MS_END_CANCELLED);
    CHECK(result(r, 1)->epochs > 0 && result(r, 4)->epochs == 0 && r->results[0].id == 4);
}

static void play_limit(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempts(r, 1, 2);
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 2) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 2;
    }
}

static void test_limit(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run(r, limited, play_limit, 600, &err) == 0, "%s", err.text);
    for (uint64_t id = 1; id <= 2; id++) {
        CHECK_INT(result(r, id)->end, MS_END_TIMEOUT);
        CHECK_STR(result(r, id)->message, "longer than max_seconds (0.3 s)");
        CHECK(result(r, id)->wall_s >= 0.3);
    }
}

static void play_wrong(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        struct ms_buf b = {0};
        double point[3] = {0, 0, 0};
        struct ms_attempt attempt = {.id = 1, .n_point = 3, .point = point};
        REQUIRE(ms_wire_put_assign(&b, &attempt, 1) == 0);
        say(r, &b);
        say_attempts(r, 2, 1);
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 2) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 2;
    }
}

static void test_wrong(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run(r, quick, play_wrong, 600, &err) == 0, "%s", err.text);
    CHECK_INT(result(r, 1)->end, MS_END_ERROR);
    CHECK_STR(result(r, 1)->message, "a point of 3 values in a space of 1");
    CHECK_INT(result(r, 2)->end, MS_END_COMPLETED);
}

static void play_deaths(struct rank_0 *r) // each trainer dies before it has an attempt
{
    int pid = trainer_pid();
    if (pid)
        kill(pid, SIGKILL);
    r->step++;
}

static void play_stop(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempts(r, 1, 1);
        r->step = 1;
    } else if (r->step == 1 && r->epochs[1]) {
        stop = 1;
    }
}

static void test_leaving(struct rank_0 *r)
{
    struct ms_error err = {0};
    double begin = ms_now_s();
    CHECK_INT(run(r, endless, NULL, 0.5, &err), MS_ECOMM); // rank 0 never says a word
    CHECK(ms_now_s() - begin > 0.5 && strstr(err.text, "silent"));
    CHECK_INT(r->n_finish, 1);
    CHECK_INT(run(r, endless, play_deaths, 600, &err), MS_ESTATE);
    CHECK_THAT(strstr(err.text, "3 trainer processes in a row died"), "%s", err.text);
    CHECK_INT(run(r, endless, play_stop, 600, &err), 0);
    CHECK(r->n_finish == 1 && r->n_results == 0);
}

static void test_broken_data(struct rank_0 *r)
{
    struct ms_error err = {0};
    struct ms_child child;
    struct ms_patience patience = {1, 20, 60};
    int pipe_fds[2];
    REQUIRE(pipe(pipe_fds) == 0);
    *r = (struct rank_0){.comm = {&rank_0_ops, 1, 2}, .begin_s = ms_now_s()};
    stop = 0;
    REQUIRE(ms_child_fork(&child, NULL, &err) == 0);
    CHECK_INT(ms_shell_run(&r->comm, &child, "t.json", quick, pipe_fds[0], &patience, &stop, &err),
              MS_ESTATE);
    CHECK_THAT(strstr(err.text, "cannot map"), "%s", err.text);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

// A trainer lives no longer than its shell.
static void test_orphan(void)
{
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    pid_t shell = fork();
    if (shell == 0) {
        struct ms_child child;
        struct ms_error err;
        if (ms_child_fork(&child, NULL, &err) || write(fds[1], &child.pid, sizeof child.pid) < 0)
            _exit(1);
        pause();
        _exit(0);
    }
    int trainer = 0;
    REQUIRE(read(fds[0], &trainer, sizeof trainer) == sizeof trainer && trainer > 0);
    char path[64], text[16] = "";
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", trainer);
    for (int i = 0; i < 75000 && strcmp(text, "1000\n") != 0; i++) {
        FILE *f = fopen(path, "r");
        REQUIRE(f);
        if (!fgets(text, sizeof text, f))
            text[0] = 0;
        fclose(f);
        usleep(2000);
    }
    CHECK_STR(text, "1000\n");
    kill(shell, SIGKILL);
    waitpid(shell, NULL, 0);
    int gone = 0;
    for (int i = 0; i < 75000 && !gone; i++) {
        snprintf(path, sizeof path, "/proc/%d/stat", trainer);
        FILE *f = fopen(path, "r");
        char state = 'X';
        if (f) {
            if (fscanf(f, "%*d %*s %c", &state) != 1)
                state = 'X';
            fclose(f);
        }
        gone = state == 'X' || state == 'Z';
        usleep(2000);
    }
    CHECK(gone);
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    struct rank_0 *r = malloc(sizeof *r);
    REQUIRE(r);
    test_attempts(r);
    test_kill(r);
    test_recall(r);
    test_limit(r);
    test_wrong(r);
    test_leaving(r);
    test_broken_data(r);
    test_orphan();
    free(r);
    return check_done();
}
