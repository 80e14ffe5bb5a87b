// SPDX-License-Identifier: MIT
//
// Makes and ends a trainer process.
//
// The kernel kills it when its shell dies (PR_SET_PDEATHSIG) and kills it first when memory runs
// out (oom_score_adj). It ignores the signals that launchers send to process groups: the shell
// alone decides when it stops. If it is forked from a process that has MPI, it closes everything
// that it inherited and calls no MPI function.
//
// A trainer with another core of OpenBLAS than this process has is executed anew, because a core is
// chosen when the library is loaded. What is set above holds there, too, but for the process's
// name.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mlpsweep/blas.h"
#include "mlpsweep/train.h"
#include "mlpsweep/worker.h"
#include "trainer.h"

#define TRAINER "MLPSWEEP_TRAINER" // in the environment of a trainer that is executed
enum { CHILD_FD = 3 };

static void set_signals(void)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGPIPE};
    // MPI_Init puts its own handlers here, which would print a report in the rank's name.
    static const int reset[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGCHLD, SIGALRM};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    for (size_t i = 0; i < sizeof reset / sizeof *reset; i++)
        signal(reset[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_from(int first)
{
    if (close_range((unsigned)first, ~0U, 0) == 0)
        return;
    DIR *d = opendir("/proc/self/fd"); // kernels before 5.9
    if (!d)
        return;
    for (const struct dirent *e; (e = readdir(d));) {
        int fd = (int)strtol(e->d_name, NULL, 10);
        if (fd >= first && fd != dirfd(d))
            close(fd);
    }
    closedir(d);
}

// Executes the program as a trainer with this core; returns only on failure.
static void start_with(const char *core)
{
    if (fcntl(CHILD_FD, F_SETFD, 0) == 0 && setenv("OPENBLAS_CORETYPE", core, 1) == 0 &&
        setenv(TRAINER, core, 1) == 0)
        execl("/proc/self/exe", "mlpsweep", (char *)NULL);
}

// Says what is wrong with the core that this trainer was to take; false: it must not train with it.
static bool check_core(const char *wanted)
{
    char why[120] = "", blas[512], word[40];
    if (!ms_blas_test(why, sizeof why)) {
        fprintf(stderr,
                "mlpsweep: the core of OpenBLAS that all workers have in common, %s, fails the "
                "self-test here (%s): name another one in OPENBLAS_CORETYPE\n",
                wanted, why);
        return false;
    }
    snprintf(word, sizeof word, " %s,", wanted);
    if (!strstr(ms_train_provenance(blas, sizeof blas), word))
        fprintf(stderr,
                "mlpsweep: OpenBLAS's core %s, which all workers were to take, is not to be had "
                "here (%s): the same training may give other bits on this worker\n",
                wanted, blas);
    return true;
}

bool ms_child_resumed(int *status)
{
    const char *value = getenv(TRAINER);
    char wanted[24];
    if (!value)
        return false;
    snprintf(wanted, sizeof wanted, "%s", value);
    unsetenv(TRAINER); // not for the programs that a command starts
    unsetenv("OPENBLAS_CORETYPE");
    prctl(PR_SET_NAME, "mlpsweep-train");
    fcntl(CHILD_FD, F_SETFD, FD_CLOEXEC);
    *status = check_core(wanted) ? ms_trainer_main(CHILD_FD) : 1;
    return true;
}

static void be_child(int fd, pid_t parent, const char *core)
{
    set_signals();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) // it may have died before the call
        _exit(0);
    prctl(PR_SET_NAME, "mlpsweep-train");
    int oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (oom >= 0) {
        ssize_t n = write(oom, "1000", 4);
        (void)n; // without it the kernel chooses by size, which is mostly a trainer, too
        close(oom);
    }
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0 && null != 0)
        dup2(null, 0);
    if (fd != CHILD_FD && dup2(fd, CHILD_FD) < 0)
        _exit(1);
    fcntl(CHILD_FD, F_SETFD, FD_CLOEXEC); // not for the programs that a command starts
    close_from(CHILD_FD + 1);
    if (core[0])
        start_with(core);
    _exit(ms_trainer_main(CHILD_FD));
}

int ms_child_fork(struct ms_child *out, const char *core, struct ms_error *err)
{
    int fds[2];
    struct ms_child c = {0, -1, ""};
    snprintf(c.core, sizeof c.core, "%s", core ? core : "");
    *out = c;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
        return ms_fail(err, MS_EIO, "socketpair: %s", strerror(errno));
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        be_child(fds[1], parent, c.core);
    close(fds[1]);
    if (pid < 0) {
        int status = ms_fail(err, MS_EIO, "cannot start a trainer process: %s", strerror(errno));
        close(fds[0]);
        return status;
    }
    int flags = fcntl(fds[0], F_GETFL);
    if (flags >= 0)
        fcntl(fds[0], F_SETFL, flags | O_NONBLOCK);
    out->pid = pid;
    out->fd = fds[0];
    return 0;
}

void ms_child_end(struct ms_child *c)
{
    if (c->pid > 0) {
        kill(c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        close(c->fd);
    }
    c->pid = 0;
    c->fd = -1;
}
