// SPDX-License-Identifier: MIT
//
// A program and its guard: what it gets, how its end is reported, and that nothing which it started
// outlives it. Waits are for events; the deadline only turns a hang into a failure.
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mlpsweep/clock.h"
#include "worker/objective/program.h"

#define HANG_S 60.0

static char out[4096], errors[4096];
static struct ms_error err;

// A trainer has closed whatever its parent had open; so must this process, for a program inherits
// it.
static void close_inherited(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
}

static void start(struct ms_program *p, const char *script, const char *dir)
{
    char *argv[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
    char *set[] = {"MLPSWEEP_TRIAL=4", "HOME=elsewhere"};
    REQUIRE(ms_program_start(argv, dir, set, 2, p, &err) == 0);
}

// Appends what can be read now.
static void drain(int fd, char *to, size_t size)
{
    ssize_t got;
    do {
        size_t n = strlen(to);
        got = read(fd, to + n, size - 1 - n);
        if (got > 0)
            to[n + (size_t)got] = '\0';
    } while (got > 0);
}

// Reads until the program has ended; returns as ms_program_ended.
static int wait_for(struct ms_program *p, struct ms_program_end *end)
{
    int ended = 0;
    for (double until = ms_now_s() + HANG_S; ended == 0;) {
        REQUIRE(ms_now_s() < until);
        struct pollfd fd = {.fd = p->end, .events = POLLIN};
        poll(&fd, 1, 100);
        ended = ms_program_ended(p, end);
        drain(p->out, out, sizeof out); // the end comes after what was printed before it
        drain(p->err, errors, sizeof errors);
    }
    return ended;
}

static int run(const char *script, struct ms_program_end *end)
{
    struct ms_program p;
    out[0] = errors[0] = '\0';
    start(&p, script, "/");
    int ended = wait_for(&p, end);
    ms_program_close(&p);
    CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD); // no child is left
    return ended;
}

// Waits until the program has printed a whole line.
static void wait_for_line(struct ms_program *p)
{
    out[0] = '\0';
    for (double until = ms_now_s() + HANG_S; !strchr(out, '\n');) {
        REQUIRE(ms_now_s() < until);
        struct pollfd fd = {.fd = p->out, .events = POLLIN};
        poll(&fd, 1, 100);
        drain(p->out, out, sizeof out);
    }
}

static void check_gone(int pid)
{
    double until = ms_now_s() + HANG_S;
    while (kill(pid, 0) == 0 && ms_now_s() < until)
        usleep(1000);
    CHECK_THAT(kill(pid, 0) != 0 && errno == ESRCH, "process %d is still there", pid);
}

static void test_what_it_gets(void)
{
    struct ms_program_end end;
    setenv("OMPI_COMM_WORLD_RANK", "3", 1);
    setenv("PMIX_RANK", "3", 1);
    setenv("MLPSWEEP_OLD", "1", 1);
    setenv("KEPT", "yes", 1);
    CHECK_INT(
        run("echo $HOME/$MLPSWEEP_TRIAL/$KEPT; env | grep -c -E '^(OMPI|PMIX|MLPSWEEP_OLD)'; "
            "pwd; read line || echo empty; [ -e /proc/self/fd/3 ] || echo closed; echo oops >&2",
            &end),
        1);
    CHECK_STR(out, "elsewhere/4/yes\n0\n/\nempty\nclosed\n");
    CHECK_STR(errors, "oops\n");
    CHECK(end.exec_error == 0 && WIFEXITED(end.wait_status) && WEXITSTATUS(end.wait_status) == 0);
    CHECK(end.max_rss_bytes > 0);
}

static void test_ends(void)
{
    struct ms_program_end end;
    CHECK_INT(run("exit 7", &end), 1);
    CHECK_INT(WEXITSTATUS(end.wait_status), 7);
    CHECK_INT(run("kill -SEGV $$", &end), 1);
    CHECK(WIFSIGNALED(end.wait_status) && WTERMSIG(end.wait_status) == SIGSEGV);

    struct ms_program p;
    char *argv[] = {"/no/such/program", NULL};
    REQUIRE(ms_program_start(argv, "/", NULL, 0, &p, &err) == 0);
    CHECK_INT(wait_for(&p, &end), 1);
    CHECK_INT(end.exec_error, ENOENT);
    ms_program_close(&p);
    char *good[] = {"true", NULL};
    REQUIRE(ms_program_start(good, "/no/such/folder", NULL, 0, &p, &err) == 0);
    CHECK_INT(wait_for(&p, &end), 1);
    CHECK_INT(end.exec_error, ENOENT);
    ms_program_close(&p);
}

// A process in a session of its own that ignores SIGTERM dies with the program.
#define ORPHAN "setsid sh -c 'trap \"\" TERM HUP; echo $$; exec sleep 1000' & "

static void test_nothing_is_left(void)
{
    struct ms_program_end end;
    struct ms_program p;
    start(&p, ORPHAN "read x <&-; wait", "/");
    wait_for_line(&p);
    int orphan = atoi(out);
    REQUIRE(orphan > 1 && kill(orphan, 0) == 0);
    ms_program_stop(&p);
    CHECK_INT(wait_for(&p, &end), 1);
    CHECK(WIFSIGNALED(end.wait_status));
    ms_program_close(&p);
    check_gone(orphan);

    start(&p, ORPHAN "sleep 1000", "/"); // the guard is killed: its program dies, too
    wait_for_line(&p);
    orphan = atoi(out);
    kill(p.guard, SIGKILL);
    CHECK_INT(wait_for(&p, &end), MS_ESTATE);
    ms_program_close(&p);
    check_gone(orphan);
}

static void test_grace(void)
{
    struct ms_program_end end;
    struct ms_program p;
    start(&p, "trap 'echo saved; exit 5' TERM; echo ready; while :; do sleep 0.01; done", "/");
    wait_for_line(&p);
    ms_program_stop(&p);
    CHECK_INT(wait_for(&p, &end), 1);
    CHECK_STR(out, "ready\nsaved\n"); // it had time to save
    CHECK_INT(WEXITSTATUS(end.wait_status), 5);
    ms_program_close(&p);
}

int main(void)
{
    close_inherited();
    test_what_it_gets();
    test_ends();
    test_nothing_is_left();
    test_grace();
    return check_done();
}
