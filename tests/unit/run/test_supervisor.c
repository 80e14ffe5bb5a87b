// SPDX-License-Identifier: MIT
//
// The supervisor with shell scripts in mpirun's place: what comes home as the exit status, what is
// ended that hangs, and which signal mpirun gets when.
#include "coordinator/run/supervisor.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "mlpsweep/clock.h"

static char folder[] = "/tmp/mlpsweep-test-XXXXXX";

// The text that the script wrote into a file of the test's folder.
static const char *said(const char *name)
{
    static char text[4096];
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    return text;
}

// Waits until the file has so many lines.
static void await_lines(const char *name, int lines)
{
    for (double end = ms_now_s() + 150;; usleep(5000)) {
        int n = 0;
        for (const char *c = said(name); *c; c++)
            n += *c == '\n';
        if (n >= lines)
            return;
        if (ms_now_s() > end) {
            CHECK_THAT(0, "waited in vain for line %d of '%s', which has: %s", lines, name,
                       said(name));
            return;
        }
    }
}

// A supervisor in a child, its mpirun the script, which says in the file "got" what has happened to
// it: a signal each after its first line, its second line, … Returns the exit status.
static int supervise_with(struct ms_supervise_options o, const char *script, const int *signals,
                          int n)
{
    static const char functions[] =
        // Two lines on stderr, the second after the first has come through: by then the supervisor
        // has looked at all that was there before.
        "seen() { for t in $1.1 $1.2; do echo $t >&2; until grep -qsx $t $D/stderr; do nap; done; "
        "done; }\n"
        // Never longer than 150 s, and that is told.
        "i=0\nnap() { sleep 0.1; i=$((i+1)); [ $i -lt 1500 ] || { echo in vain >>$D/got; exit 1; "
        "}; }\n"
        "rest() { while :; do nap; done; }\n"
        "got() { echo $1 >>$D/got; }\n";
    char path[200];
    snprintf(path, sizeof path, "%s/got", folder);
    unlink(path); // the last one's
    snprintf(path, sizeof path, "%s/mpirun", folder);
    FILE *f = fopen(path, "w");
    REQUIRE(f);
    fprintf(f, "#!/bin/sh\nD=%s\n%sprintf '%%s ' \"$@\" >$D/args\n%s\n", folder, functions, script);
    fclose(f);
    REQUIRE(chmod(path, 0700) == 0 && setenv("MLPSWEEP_MPIRUN", path, 1) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        snprintf(path, sizeof path, "%s/stderr", folder);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
        if (fd < 0 || dup2(fd, 2) < 0)
            _exit(99);
        char *argv[] = {"run", "a.json", "--store", "b c.db", NULL};
        o.workers = 3;
        o.argc = 4;
        o.argv = argv;
        _exit(ms_supervisor_run(&o));
    }
    for (int i = 0; i < n; i++) {
        await_lines("got", i + 1);
        kill(pid, signals[i]);
    }
    int st = 0;
    waitpid(pid, &st, 0);
    return WIFEXITED(st) ? WEXITSTATUS(st) : 1000 + WTERMSIG(st);
}

// With an mpirun that is never too slow to go by itself.
static int supervise(const char *script, const int *signals, int n)
{
    return supervise_with((struct ms_supervise_options){.grace_s = 1000, .kill_s = 2000}, script,
                          signals, n);
}

// With one that gets its SIGTERM soon, but not its SIGKILL.
static int supervise_hanging(const char *script)
{
    return supervise_with((struct ms_supervise_options){.grace_s = 0.1, .kill_s = 2000}, script,
                          NULL, 0);
}

#define TRAPS                                                                                      \
    "trap 'got usr1; echo 3 >$MLPSWEEP_RUN_DIR/status; exit 0' USR1; trap 'got term; exit 1' "     \
    "TERM\n"

static void test_status(void)
{
    CHECK_INT(supervise("echo $MLPSWEEP_RUN_DIR >$D/dir; echo 1 >$MLPSWEEP_RUN_DIR/status; exit 77",
                        NULL, 0),
              1);
    const char *args = said("args");
    CHECK_THAT(strstr(args, "-n 4 ") && strstr(args, " run a.json --store b c.db ") &&
                   strstr(args, "--bind-to none") && strstr(args, "--enable-recovery"),
               "mpirun was called with %s", args);
    char dir[4096];
    snprintf(dir, sizeof dir, "%s", said("dir"));
    dir[strcspn(dir, "\n")] = 0;
    CHECK(strstr(dir, "mlpsweep-run-") && access(dir, F_OK) != 0); // nothing is left

    CHECK_INT(supervise("exit 5", NULL, 0), 3); // no report
    CHECK(strstr(said("stderr"), "exit status is 5"));
    CHECK_INT(supervise("kill -9 $$", NULL, 0), 3);
    CHECK(strstr(said("stderr"), "signal 9"));
    // Half a line is no status yet, and nonsense never one.
    CHECK_INT(supervise("printf 0 >$MLPSWEEP_RUN_DIR/status; exit 0", NULL, 0), 3);
    CHECK_INT(supervise("echo nonsense >$MLPSWEEP_RUN_DIR/status; exit 0", NULL, 0), 3);
}

static void test_stderr(void)
{
    supervise("echo 'mpirun: Forwarding signal 10 to job' >&2; echo one >&2; printf two >&2\n"
              "echo 0 >$MLPSWEEP_RUN_DIR/status",
              NULL, 0);
    CHECK_STR(said("stderr"), "one\ntwo");
}

// mpirun may put rank 0 on a node without the run's folder: then its marks come on stderr.
static void test_marks_on_stderr(void)
{
    static const int once[] = {SIGINT};
    const char *const tell = "T=${MLPSWEEP_RUN_DIR##*/}\n";
    char script[1000];
    snprintf(script, sizeof script,
             "%secho one >&2; printf 'half ' >&2; echo \"$T status 1\" >&2; echo two >&2; exit 77",
             tell);
    CHECK_INT(supervise(script, NULL, 0), 1);
    CHECK_STR(said("stderr"), "one\nhalf two\n");
    snprintf(script, sizeof script, "%s" TRAPS "echo \"$T status 0\" >&2; rest", tell); // hangs
    CHECK_INT(supervise_hanging(script), 0);
    CHECK_STR(said("got"), "term\n");
    // Its process id is one of that other node: no process here is taken for it.
    snprintf(script, sizeof script,
             "%s" TRAPS "sleep 1000 & echo \"$T ready $!\" >&2; seen a\n"
             "kill $!; wait $! 2>/dev/null; seen b; got up; rest",
             tell);
    CHECK_INT(supervise(script, once, 1), 3);
    CHECK_STR(said("got"), "up\nusr1\n");
    CHECK_STR(said("stderr"), "a.1\na.2\nb.1\nb.2\n");
    // Another run's, and what only looks like one, are lines like any other.
    const char *const lines = "mlpsweep-run-AbCdEf status 0\nthe status 0\n";
    snprintf(script, sizeof script, "%sprintf '%s' >&2; echo \"$T status 0 or so\" >&2; exit 5",
             tell, "mlpsweep-run-AbCdEf status 0\\nthe status 0\\n");
    CHECK_INT(supervise(script, NULL, 0), 3);
    CHECK(strncmp(said("stderr"), lines, strlen(lines)) == 0 &&
          strstr(said("stderr"), " status 0 or so\n"));
}

static void test_hang(void)
{
    // An mpirun that never returns once the run has ended.
    CHECK_INT(supervise_hanging(TRAPS "echo 0 >$MLPSWEEP_RUN_DIR/status; rest"), 0);
    CHECK_STR(said("got"), "term\n");
    // One that also ignores SIGTERM.
    const struct ms_supervise_options soon = {.grace_s = 0.1, .kill_s = 0.5};
    CHECK_INT(supervise_with(soon, "trap '' TERM; echo 0 >$MLPSWEEP_RUN_DIR/status; rest", NULL, 0),
              0);
    CHECK_STR(said("got"), "");
    // One that only takes its time.
    CHECK_INT(
        supervise(TRAPS "echo 0 >$MLPSWEEP_RUN_DIR/status; seen a; got through; exit 0", NULL, 0),
        0);
    CHECK_STR(said("got"), "through\n");
}

static void test_rank_0_dies(void)
{
    // The mark is its process id; workers would wait for it for a long time.
    CHECK_INT(supervise(TRAPS
                        "sleep 1000 & echo $! >$MLPSWEEP_RUN_DIR/ready; seen a; kill $!; rest",
                        NULL, 0),
              3);
    CHECK_STR(said("got"), "term\n");
    CHECK(strstr(said("stderr"), "rank 0 died"));
    // One that wrote its status first did not die.
    CHECK_INT(supervise(TRAPS
                        "sleep 1000 & echo $! >$MLPSWEEP_RUN_DIR/ready; seen a\n"
                        "echo 1 >$MLPSWEEP_RUN_DIR/status; kill $!; wait $! 2>/dev/null; seen b",
                        NULL, 0),
              1);
    CHECK_STR(said("stderr"), "a.1\na.2\nb.1\nb.2\n");
    CHECK_STR(said("got"), "");
}

static void test_signals(void)
{
    static const int once[] = {SIGINT}, thrice[] = {SIGINT, SIGTERM, SIGINT};
    // Before the ranks are ready SIGUSR1 would kill them.
    CHECK_INT(supervise(TRAPS "got up; rest", once, 1), 3);
    CHECK_STR(said("got"), "up\nterm\n");
    // They are, though the supervisor may not have looked.
    CHECK_INT(supervise(TRAPS "echo $$ >$MLPSWEEP_RUN_DIR/ready; got up; rest", once, 1), 3);
    CHECK_STR(said("got"), "up\nusr1\n");
    // One that ignores all of it.
    CHECK_INT(supervise("trap 'got usr1' USR1; trap 'got term' TERM\n"
                        "echo $$ >$MLPSWEEP_RUN_DIR/ready; got up; rest",
                        thrice, 3),
              3);
    CHECK_STR(said("got"), "up\nusr1\nterm\n");
}

static void test_refusals(void)
{
    setenv("SLURM_STEP_ID", "0", 1); // a plain srun
    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    CHECK_INT(supervise("exit 0", NULL, 0), 2);
    CHECK(strstr(said("stderr"), "srun --mpi=pmix"));
    setenv("SLURM_PROCID", "1", 1); // the first task speaks for all
    CHECK_INT(supervise("exit 0", NULL, 0), 2);
    CHECK_STR(said("stderr"), "");
    unsetenv("SLURM_STEP_ID");
    setenv("MLPSWEEP_MPIRUN", "/nonexistent/mpirun", 1);
    char *argv[] = {"run", NULL};
    CHECK_INT(
        ms_supervisor_run(&(struct ms_supervise_options){.workers = 1, .argc = 1, .argv = argv}),
        2);
}

int main(void)
{
    REQUIRE(mkdtemp(folder));
    test_status();
    test_stderr();
    test_marks_on_stderr();
    test_hang();
    test_rank_0_dies();
    test_signals();
    test_refusals();
    static const char *const files[] = {"mpirun", "got", "args", "dir", "stderr"};
    char path[200];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    return check_done();
}
