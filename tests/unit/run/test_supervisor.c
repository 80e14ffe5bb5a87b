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

// What the script wrote into a file of the test's folder.
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

// A supervisor in a child, its mpirun the script; gets the signals, one each 0.4 s. Its exit
// status.
static int supervise(const char *script, const int *signals, int n, double *took_s)
{
    char path[200];
    snprintf(path, sizeof path, "%s/mpirun", folder);
    FILE *f = fopen(path, "w");
    REQUIRE(f);
    fprintf(f, "#!/bin/sh\nD=%s\nrm -f $D/got $D/args\nprintf '%%s ' \"$@\" >$D/args\n%s\n", folder,
            script);
    fclose(f);
    REQUIRE(chmod(path, 0700) == 0 && setenv("MLPSWEEP_MPIRUN", path, 1) == 0);
    double begin = ms_now_s();
    pid_t pid = fork();
    if (pid == 0) {
        snprintf(path, sizeof path, "%s/stderr", folder);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || dup2(fd, 2) < 0)
            _exit(99);
        char *argv[] = {"run", "a.json", "--store", "b c.db", NULL};
        struct ms_supervise_options o = {.workers = 3, .argc = 4, .argv = argv};
        _exit(ms_supervisor_run(&o));
    }
    for (int i = 0; i < n; i++) {
        usleep(400000);
        kill(pid, signals[i]);
    }
    int st = 0;
    waitpid(pid, &st, 0);
    *took_s = ms_now_s() - begin;
    return WIFEXITED(st) ? WEXITSTATUS(st) : 1000 + WTERMSIG(st);
}

#define TRAPS                                                                                      \
    "trap 'echo usr1 >>$D/got; echo 3 >$MLPSWEEP_RUN_DIR/status; exit 0' USR1\n"                   \
    "trap 'echo term >>$D/got; exit 1' TERM\n"
#define WAIT "i=0; while [ $i -lt 200 ]; do sleep 0.1; i=$((i+1)); done\n"

static void test_status(void)
{
    double s;
    CHECK_INT(supervise("echo $MLPSWEEP_RUN_DIR >$D/dir; echo 1 >$MLPSWEEP_RUN_DIR/status; exit 77",
                        NULL, 0, &s),
              1);
    CHECK(s < 2);
    const char *args = said("args");
    CHECK_THAT(strstr(args, "-n 4 ") && strstr(args, " run a.json --store b c.db ") &&
                   strstr(args, "--bind-to none") && strstr(args, "--enable-recovery"),
               "mpirun was called with %s", args);
    char dir[4096];
    snprintf(dir, sizeof dir, "%s", said("dir"));
    dir[strcspn(dir, "\n")] = 0;
    CHECK(strstr(dir, "mlpsweep-run-") && access(dir, F_OK) != 0); // nothing is left

    CHECK_INT(supervise("exit 5", NULL, 0, &s), 3); // no report
    CHECK(strstr(said("stderr"), "exit status is 5"));
    CHECK_INT(supervise("kill -9 $$", NULL, 0, &s), 3);
    CHECK(strstr(said("stderr"), "signal 9"));
    // Half a line is no status yet, and nonsense never one.
    CHECK_INT(supervise("printf 0 >$MLPSWEEP_RUN_DIR/status; exit 0", NULL, 0, &s), 3);
    CHECK_INT(supervise("echo nonsense >$MLPSWEEP_RUN_DIR/status; exit 0", NULL, 0, &s), 3);
}

static void test_stderr(void)
{
    double s;
    supervise("echo 'mpirun: Forwarding signal 10 to job' >&2; echo one >&2; printf two >&2\n"
              "echo 0 >$MLPSWEEP_RUN_DIR/status",
              NULL, 0, &s);
    CHECK_STR(said("stderr"), "one\ntwo");
}

// mpirun may put rank 0 on a node without the run's folder: then its marks come on stderr.
static void test_marks_on_stderr(void)
{
    static const int once[] = {SIGINT};
    const char *const tell = "T=${MLPSWEEP_RUN_DIR##*/}\n";
    char script[1000];
    double s;
    snprintf(script, sizeof script,
             "%secho one >&2; printf 'half ' >&2; echo \"$T status 1\" >&2; echo two >&2; exit 77",
             tell);
    CHECK_INT(supervise(script, NULL, 0, &s), 1);
    CHECK_STR(said("stderr"), "one\nhalf two\n");
    snprintf(script, sizeof script, "%s" TRAPS "echo \"$T status 0\" >&2\n" WAIT, tell); // hangs
    CHECK_INT(supervise(script, NULL, 0, &s), 0);
    CHECK_STR(said("got"), "term\n");
    // Its process id is one of that other node: no process here is taken for it.
    snprintf(script, sizeof script, "%s" TRAPS "sleep 0.2 & echo \"$T ready $!\" >&2\n" WAIT, tell);
    CHECK_INT(supervise(script, once, 1, &s), 3);
    CHECK_STR(said("got"), "usr1\n");
    CHECK_STR(said("stderr"), "");
    // Another run's, and what only looks like one, are lines like any other.
    const char *const lines = "mlpsweep-run-AbCdEf status 0\nthe status 0\n";
    snprintf(script, sizeof script, "%sprintf '%s' >&2; echo \"$T status 0 or so\" >&2; exit 5",
             tell, "mlpsweep-run-AbCdEf status 0\\nthe status 0\\n");
    CHECK_INT(supervise(script, NULL, 0, &s), 3);
    CHECK(strncmp(said("stderr"), lines, strlen(lines)) == 0 &&
          strstr(said("stderr"), " status 0 or so\n"));
}

static void test_hang(void)
{
    double s; // an mpirun that never returns once the run has ended
    CHECK_INT(supervise(TRAPS "echo 0 >$MLPSWEEP_RUN_DIR/status\n" WAIT, NULL, 0, &s), 0);
    CHECK_STR(said("got"), "term\n");
    CHECK(s > 1.4 && s < 4);
    CHECK_INT(supervise("trap '' TERM; echo 0 >$MLPSWEEP_RUN_DIR/status\n" WAIT, NULL, 0, &s), 0);
    CHECK(s > 5.5 && s < 9);
}

static void test_rank_0_dies(void)
{
    double s; // the mark is its process id; workers would wait for it for a long time
    CHECK_INT(
        supervise(TRAPS "sleep 0.3 & echo $! >$MLPSWEEP_RUN_DIR/ready; wait\n" WAIT, NULL, 0, &s),
        3);
    CHECK_STR(said("got"), "term\n");
    CHECK(strstr(said("stderr"), "rank 0 died") && s < 3);
    // One that wrote its status first did not die.
    CHECK_INT(supervise(TRAPS "(sleep 0.3; echo 1 >$MLPSWEEP_RUN_DIR/status) &\n"
                              "echo $! >$MLPSWEEP_RUN_DIR/ready; wait",
                        NULL, 0, &s),
              1);
    CHECK_STR(said("stderr"), "");
}

static void test_signals(void)
{
    static const int once[] = {SIGINT}, thrice[] = {SIGINT, SIGTERM, SIGINT};
    double s; // before the ranks are ready SIGUSR1 would kill them
    CHECK_INT(supervise(TRAPS WAIT, once, 1, &s), 3);
    CHECK_STR(said("got"), "term\n");
    CHECK_INT(supervise(TRAPS "echo $$ >$MLPSWEEP_RUN_DIR/ready\n" WAIT, once, 1, &s), 3);
    CHECK_STR(said("got"), "usr1\n");
    // One that ignores all of it.
    CHECK_INT(supervise("trap 'echo usr1 >>$D/got' USR1; trap 'echo term >>$D/got' TERM\n"
                        "echo $$ >$MLPSWEEP_RUN_DIR/ready\n" WAIT,
                        thrice, 3, &s),
              3);
    CHECK_STR(said("got"), "usr1\nterm\n");
    CHECK(s < 4);
}

static void test_refusals(void)
{
    double s;
    setenv("SLURM_STEP_ID", "0", 1); // a plain srun
    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    CHECK_INT(supervise("exit 0", NULL, 0, &s), 2);
    CHECK(strstr(said("stderr"), "srun --mpi=pmix"));
    setenv("SLURM_PROCID", "1", 1); // the first task speaks for all
    CHECK_INT(supervise("exit 0", NULL, 0, &s), 2);
    CHECK_STR(said("stderr"), "");
    unsetenv("SLURM_STEP_ID");
    setenv("MLPSWEEP_MPIRUN", "/nonexistent/mpirun", 1);
    char *argv[] = {"run", NULL};
    CHECK_INT(ms_supervisor_run(&(struct ms_supervise_options){1, 1, argv}), 2);
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
