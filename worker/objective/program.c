// SPDX-License-Identifier: MIT
//
// The guard: program.h says why it is there. Between fork and exec only functions that a signal
// handler may call are used, as OpenBLAS may have had threads. The guard's last act is to write
// one struct ms_program_end to the trainer; a pipe that closes without it means that the guard was
// killed.
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"

#define KILL_S 5.0 // a process that the kernel does not let die within this is left to it

// --- ending every process that came from here --------------------------------

// Sends SIGKILL to every child of this process. The kernel lists them (proc(5),
// CONFIG_PROC_CHILDREN).
static void kill_children(void)
{
    char text[4096];
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    pid_t pid = 0;
    ssize_t n;
    while (fd >= 0 && (n = read(fd, text, sizeof text)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                pid = 10 * pid + (text[i] - '0');
            } else if (pid > 0) {
                kill(pid, SIGKILL);
                pid = 0;
            }
        }
    if (fd >= 0)
        close(fd);
}

// Kills until there is no child: children of a killed process become ours (we are the subreaper).
static void kill_all(pid_t group)
{
    for (double end = ms_now_s() + KILL_S; ms_now_s() < end;) {
        if (group > 0)
            kill(-group, SIGKILL);
        kill_children();
        pid_t pid;
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            ;
        if (pid < 0 && errno == ECHILD)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

// --- the guard ---------------------------------------------------------------

static void say_end(int fd, int exec_error, int wait_status)
{
    struct rusage u = {0};
    getrusage(RUSAGE_CHILDREN, &u);
    struct ms_program_end e = {
        .exec_error = exec_error,
        .wait_status = wait_status,
        .cpu_s = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec),
        .max_rss_bytes = 1024.0 * (double)u.ru_maxrss,
    };
    ssize_t n = write(fd, &e, sizeof e); // one piece: PIPE_BUF is larger
    (void)n;
}

// A program's arguments, environment, folder and pipes.
struct start {
    char *const *argv, *const *env;
    const char *dir;
    int out, err, end;
};

static void be_program(const struct start *s, pid_t guard)
{
    static const int defaults[] = {SIGINT,  SIGTERM, SIGHUP,  SIGUSR1,
                                   SIGUSR2, SIGXCPU, SIGPIPE, SIGCHLD};
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        signal(defaults[i], SIG_DFL); // the trainer ignores most, which would be inherited
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != guard)
        _exit(127);
    dup2(s->out, 1);
    dup2(s->err, 2);
    if (chdir(s->dir) == 0)
        execvpe(s->argv[0], s->argv, s->env); // all descriptors but 0, 1 and 2 close on it
    say_end(s->end, errno, 0);
    _exit(127);
}

// Waits for the program; returns how it ended.
static int watch(pid_t program)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    double deadline = 0; // 0: nobody has asked it to stop
    int status = 0;
    for (bool done = false;;) {
        double left = deadline > 0 ? deadline - ms_now_s() : 3600;
        if (left <= 0)
            break;
        struct timespec t = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
        int got = sigtimedwait(&set, NULL, &t);
        if (got == SIGTERM && deadline == 0) {
            deadline = ms_now_s() + MS_GRACE_S;
            kill(-program, SIGTERM);
            kill(-program, SIGCONT);
        }
        pid_t pid;
        int st;
        while ((pid = waitpid(-1, &st, WNOHANG)) > 0)
            if (pid == program) {
                status = st;
                done = true;
            }
        if ((done && deadline == 0) || (pid < 0 && errno == ECHILD))
            return status;
        if (done && kill(-program, 0) && errno == ESRCH) // nobody is left to use the grace
            return status;
    }
    kill(-program, SIGKILL);
    for (double end = ms_now_s() + KILL_S; ms_now_s() < end;) {
        int st;
        if (waitpid(program, &st, WNOHANG) == program)
            return st;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return SIGKILL;
}

static void be_guard(const struct start *s, pid_t trainer)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_SETMASK, &set, NULL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    setsid(); // out of reach of what is sent to the launcher's process group
    prctl(PR_SET_NAME, "mlpsweep-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != trainer)
        _exit(1);
    pid_t guard = getpid(), program = fork();
    if (program == 0)
        be_program(s, guard);
    int exec_error = program < 0 ? errno : 0, oom = open("/proc/self/oom_score_adj", O_WRONLY);
    // The trainer is the first to be killed when memory runs out; its guard must not be.
    ssize_t n = oom >= 0 ? write(oom, "0", 1) : 0;
    (void)n;
    // Nothing of the trainer's stays open here: its shell must see when it dies.
    int kept = dup2(s->end, 3) == 3 ? 3 : s->end;
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    if (kept != 3 || close_range(4, ~0U, 0))
        for (int fd = 3; fd < 1024; fd++)
            if (fd != kept)
                close(fd);
    int status = program < 0 ? 0 : watch(program);
    kill_all(program);
    say_end(kept, exec_error, status);
    _exit(0);
}

// --- in the trainer ----------------------------------------------------------

static bool of_a_rank(const char *variable)
{
    static const char *const prefixes[] = {"OMPI_", "PMIX_",     "PMI_",  "PRTE_",
                                           "ORTE_", "MLPSWEEP_", "PALS_", "MPI_LOCAL"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

// True if one of set is this variable, perhaps with another value.
static bool is_set(const char *variable, char *const *set, int count)
{
    for (int i = 0; i < count; i++)
        if (strncmp(variable, set[i], strcspn(set[i], "=") + 1) == 0)
            return true;
    return false;
}

static char **environment(char *const *set, int count)
{
    size_t n = 0, kept = 0;
    while (environ[n])
        n++;
    char **env = malloc((n + (size_t)count + 1) * sizeof *env);
    for (size_t i = 0; env && i < n; i++)
        if (!of_a_rank(environ[i]) && !is_set(environ[i], set, count))
            env[kept++] = environ[i];
    for (int i = 0; env && i < count; i++)
        env[kept++] = set[i];
    if (env)
        env[kept] = NULL;
    return env;
}

static void close_all(int *fds, int n)
{
    for (int i = 0; i < n; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
}

int ms_program_start(char *const *argv, const char *dir, char *const *set, int count,
                     struct ms_program *out, struct ms_error *err)
{
    int fds[6] = {-1, -1, -1, -1, -1, -1};
    *out = (struct ms_program){0, -1, -1, -1};
    prctl(PR_SET_CHILD_SUBREAPER, 1); // if the guard is killed, its children come here
    char **env = environment(set, count);
    if (!env)
        return ms_no_memory(err, "the environment");
    int status = 0;
    for (int i = 0; i < 6 && !status; i += 2)
        if (pipe2(fds + i, O_CLOEXEC))
            status = ms_fail(err, MS_EIO, "cannot make a pipe: %s", strerror(errno));
    const struct start s = {argv, env, dir, fds[1], fds[3], fds[5]};
    pid_t trainer = getpid(), pid = status ? -1 : fork();
    if (pid == 0)
        be_guard(&s, trainer);
    if (!status && pid < 0)
        status = ms_fail(err, MS_EIO, "cannot start a process: %s", strerror(errno));
    free(env);
    if (status) {
        close_all(fds, 6);
        return status;
    }
    for (int i = 0; i < 6; i += 2) {
        close(fds[i + 1]);
        fcntl(fds[i], F_SETFL, O_NONBLOCK);
    }
    *out = (struct ms_program){pid, fds[0], fds[2], fds[4]};
    return 0;
}

void ms_program_stop(const struct ms_program *p)
{
    kill(p->guard, SIGTERM);
}

int ms_program_ended(struct ms_program *p, struct ms_program_end *end)
{
    struct ms_program_end e;
    *end = (struct ms_program_end){0};
    ssize_t n = read(p->end, &e, sizeof e);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n != sizeof e)
        return MS_ESTATE;
    *end = e;
    if (!e.exec_error)
        return 1;
    struct pollfd more = {.fd = p->end, .events = POLLIN}; // the guard's own report follows
    while (poll(&more, 1, 1000) < 0 && errno == EINTR)
        ;
    return 1;
}

void ms_program_close(struct ms_program *p)
{
    int fds[] = {p->out, p->err, p->end};
    close_all(fds, 3);
    if (p->guard > 0) {
        double patience = ms_now_s() + 1;
        while (waitpid(p->guard, NULL, WNOHANG) == 0 && ms_now_s() < patience)
            nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    kill_all(0);
    *p = (struct ms_program){0, -1, -1, -1};
}
