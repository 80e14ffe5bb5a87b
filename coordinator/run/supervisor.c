// SPDX-License-Identifier: MIT
//
// The supervisor is one loop that waits for signals with a timeout (all are blocked, sigtimedwait
// takes them), so no handler runs and nothing races. Its states:
//
//     starting ──"ready"──▶ running ──"status"──▶ ending ──mpirun gone──▶ return
//         └───────────────────┴──── mpirun gone, no status ─────────────▶ return 3
//                             └──── rank 0 gone, no status ──▶ ending, with status 3
//
// In ending, mpirun has GRACE_S to go by itself, because a lost rank or node keeps it for ever;
// then SIGTERM, which makes it clean up every node, and at last SIGKILL.
//
// mpirun gets a process group of its own: a Ctrl-C on the terminal reaches this process alone.
#include "supervisor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mlpsweep/status.h"
#include "mlpsweep/clock.h"
#include "coordinator/show/text.h"
#include "launcher.h"

#define POLL_S 0.05
#define GRACE_S 1.5     // after the status, until SIGTERM
#define KILL_S 6.0      // after the status, until SIGKILL
#define PATIENCE_S 30.0 // after a stop was asked for, until SIGTERM

// --- starting mpirun ---------------------------------------------------------

static bool in_path(const char *name, char *out, size_t size)
{
    const char *path = getenv("PATH");
    if (strchr(name, '/')) {
        snprintf(out, size, "%s", name);
        return access(out, X_OK) == 0;
    }
    for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
        size_t n = strcspn(p, ":");
        snprintf(out, size, "%.*s/%s", (int)n, p, name);
        if (n && access(out, X_OK) == 0)
            return true;
        p += n + (p[n] == ':');
    }
    return false;
}

// Open MPI's mpirun; Debian keeps it under its full name when MPICH is installed beside it.
static bool find_mpirun(char *out, size_t size)
{
    const char *named = getenv("MLPSWEEP_MPIRUN");
    if (named && *named)
        return in_path(named, out, size);
    return in_path("mpirun.openmpi", out, size) || in_path("mpirun", out, size);
}

struct supervisor {
    char dir[4096]; // MLPSWEEP_RUN_DIR
    pid_t mpirun;
    bool ready;
    int rank0; // its process id, once ready
    double grace_s, kill_s;
    int status;      // rank 0's, -1: not yet known
    bool told_ready; // on stderr
    int told_status; // -1: not yet
    double ended_s, asked_s;
    int stops;  // signals that asked for an end
    int sent;   // the strongest sent in ending: 0, SIGTERM, SIGKILL
    int exit;   // of waitpid
    int err_fd; // what mpirun and the ranks say on stderr
    char line[4096];
    size_t n_line;
};

// Sets the environment that the ranks need; variables that the user has set stay.
static int set_environment(const struct supervisor *s)
{
    static const char *const defaults[][2] = {
        {"OPENBLAS_NUM_THREADS", "1"},
        // A node or link that dies is noticed after 10 s instead of 500.
        {"OMPI_MCA_oob_tcp_keepalive_time", "4"},
        {"OMPI_MCA_oob_tcp_keepalive_intvl", "2"},
        {"OMPI_MCA_oob_tcp_keepalive_probes", "3"},
        // Ctrl-Z stops the ranks, not mpirun alone.
        {"OMPI_MCA_orte_forward_job_control", "1"},
        // Containers forbid it, and every rank of Open MPI complains.
        {"OMPI_MCA_btl_vader_single_copy_mechanism", "none"},
        {"OMPI_MCA_btl_base_warn_component_unused", "0"},
        {"OMPI_MCA_mca_base_component_show_load_errors", "0"},
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        bad |= setenv(defaults[i][0], defaults[i][1], 0);
    if (geteuid() == 0) {
        bad |= setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 0);
        bad |= setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 0);
    }
    // mpirun demands a remote shell even when it starts nothing remote. Any program will do then.
    char path[4096];
    if (!in_path("ssh", path, sizeof path) && !in_path("rsh", path, sizeof path)) {
        bad |= setenv("OMPI_MCA_plm_rsh_agent", "/bin/false", 0);
        bad |= setenv("PRTE_MCA_plm_ssh_agent", "/bin/false", 0);
    }
    const bool live = ms_text_terminal(stdout);
    const int screen = ms_text_screen(stdout);
    if (live && screen > 0) {
        char columns[16];
        snprintf(columns, sizeof columns, "%d", screen);
        bad |= setenv("MLPSWEEP_COLUMNS", columns, 1);
    }
    bad |= setenv("MLPSWEEP_PROGRESS", live ? "live" : "plain", 1);
    bad |= setenv("MLPSWEEP_RUN_DIR", s->dir, 1);
    return bad;
}

// In the child of the supervisor. Returns only on failure, with errno.
static void become_mpirun(const struct ms_supervise_options *o, const char *mpirun, int ranks,
                          int err_fd, pid_t parent)
{
    enum { OWN = 24 };
    char exe[4096], n[16];
    const char **argv = calloc((size_t)o->argc + OWN, sizeof *argv);
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (!argv || len < 0)
        return;
    exe[len] = 0;
    snprintf(n, sizeof n, "%d", ranks);
    const char *const own[] = {
        mpirun,
        "-n",
        n,
        "--oversubscribe",
        "--bind-to",
        "none",
        "--enable-recovery",
        // Ranks on other nodes get these by name only.
        "-x",
        "MLPSWEEP_RUN_DIR",
        "-x",
        "MLPSWEEP_PROGRESS",
        "-x",
        "OPENBLAS_NUM_THREADS",
    };
    const char *const users[] = {"-x", "OPENBLAS_CORETYPE"}; // mpirun warns if it is not there
    static_assert(sizeof own / sizeof *own + 4 < OWN, "room for them");
    int k = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        argv[k++] = own[i];
    for (size_t i = 0; i < 2 && getenv(users[1]); i++)
        argv[k++] = users[i];
    argv[k++] = exe;
    argv[k++] = "run";
    for (int i = 1; i < o->argc; i++)
        argv[k++] = o->argv[i];
    setpgid(0, 0);
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(err_fd, STDERR_FILENO) < 0)
        return;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // If the supervisor is killed outright, nobody is left to end the ranks.
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent)
        execv(mpirun, (char *const *)(uintptr_t)argv);
}

static int start(struct supervisor *s, const struct ms_supervise_options *o)
{
    char mpirun[4096];
    if (!find_mpirun(mpirun, sizeof mpirun)) {
        fprintf(stderr,
                "mlpsweep: mpirun was not found: install Open MPI (package openmpi-bin), or "
                "name it in MLPSWEEP_MPIRUN\n");
        return MS_EXIT_REFUSED;
    }
    struct ms_error err;
    const int workers = o->workers > 0 ? o->workers : ms_launcher_default_workers();
    if (ms_launcher_open_files(workers + 1, &err)) {
        fprintf(stderr, "mlpsweep: %s\n", err.text);
        return MS_EXIT_REFUSED;
    }
    const char *tmp = getenv("TMPDIR");
    snprintf(s->dir, sizeof s->dir, "%.4000s/mlpsweep-run-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(s->dir)) {
        fprintf(stderr, "mlpsweep: %s: %s\n", s->dir, strerror(errno));
        return MS_EXIT_REFUSED;
    }
    pid_t self = getpid();
    fflush(NULL);
    int fds[2] = {-1, -1};
    s->mpirun = set_environment(s) || pipe2(fds, O_CLOEXEC) ? -1 : fork();
    if (s->mpirun == 0) {
        become_mpirun(o, mpirun, workers + 1, fds[1], self);
        fprintf(stderr, "mlpsweep: %s: %s\n", mpirun, strerror(errno));
        _exit(127);
    }
    if (s->mpirun < 0) {
        fprintf(stderr, "mlpsweep: cannot start mpirun: %s\n", strerror(errno));
        rmdir(s->dir);
        return MS_EXIT_REFUSED;
    }
    setpgid(s->mpirun, s->mpirun); // also here: whoever comes first
    close(fds[1]);
    s->err_fd = fds[0];
    fcntl(s->err_fd, F_SETFL, O_NONBLOCK);
    return 0;
}

// --- marks -------------------------------------------------------------------

// Nobody else knows the folder's name, so no other line is taken for a mark.
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void ms_supervisor_mark(const char *name, int number)
{
    const char *dir = getenv("MLPSWEEP_RUN_DIR");
    char path[4200];
    if (!dir || !*dir)
        return;
    snprintf(path, sizeof path, "%.4096s/%s", dir, name);
    FILE *f = fopen(path, "we");
    if (f) {
        fprintf(f, "%d\n", number);
        fclose(f);
    }
    // After the file: a supervisor that has seen the line finds the file, where it can.
    fprintf(stderr, "%s %s %d\n", last_part(dir), name, number);
}

// Takes note of a mark in the line. Returns the length of what stands before it, which is somebody
// else's text, or of the whole line.
static size_t take_mark(struct supervisor *s)
{
    const char *tag = last_part(s->dir);
    char *at = strstr(s->line, tag), name[16];
    int number, end = 0;
    if (!at || sscanf(at + strlen(tag), " %15s %d%n", name, &number, &end) != 2 ||
        strcmp(at + strlen(tag) + end, "\n") != 0 || number < 0)
        return s->n_line;
    if (strcmp(name, "ready") == 0)
        s->told_ready = true;
    else if (strcmp(name, "status") == 0)
        s->told_status = number;
    else
        return s->n_line;
    return (size_t)(at - s->line);
}

// --- watching it -------------------------------------------------------------

static void pass_line(struct supervisor *s)
{
    static const char *const noise[] = {
        // PMIx 4, when a rank leaves; nothing follows from it.
        "/src/event/pmix_event_notification.c at line",
        // Open MPI 5, about ranks of one node, which use shared memory.
        "mca_btl_tcp_proc_create_interface_graph]",
        "Unable to find reachable pairing between local and remote interfaces",
        // mpirun, when it passes a signal on as it was asked to. (5.0 has no --quiet.)
        ": Forwarding signal ",
    };
    s->line[s->n_line] = 0;
    s->n_line = take_mark(s);
    s->line[s->n_line] = 0;
    bool known = false;
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
        known = known || strstr(s->line, noise[i]);
    if (!known)
        fwrite(s->line, 1, s->n_line, stderr);
    s->n_line = 0;
}

// Passes stderr on, line by line, except lines that are known to mean nothing.
static void pass_stderr(struct supervisor *s)
{
    char text[4096];
    for (ssize_t n; (n = read(s->err_fd, text, sizeof text)) > 0;)
        for (ssize_t i = 0; i < n; i++) {
            s->line[s->n_line++] = text[i];
            if (text[i] == '\n' || s->n_line == sizeof s->line - 1)
                pass_line(s);
        }
}

// The number in a file of the run's folder; -1 while it is not there in full.
static int read_mark(const struct supervisor *s, const char *name)
{
    char path[4200], text[32] = "";
    snprintf(path, sizeof path, "%s/%s", s->dir, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    char *end;
    long v = strtol(text, &end, 10);
    return n < 2 || end == text || *end != '\n' || v < 0 || v > INT_MAX ? -1 : (int)v;
}

static int read_status(const struct supervisor *s)
{
    const int number = read_mark(s, "status");
    return number >= 0 ? number : s->told_status;
}

static void tell_mpirun(const struct supervisor *s, int signal_number)
{
    if (s->mpirun > 0)
        kill(s->mpirun, signal_number);
}

// Takes note of rank 0's "ready".
static void look_for_ready(struct supervisor *s)
{
    pass_stderr(s);
    if (!s->ready && (s->ready = (s->rank0 = read_mark(s, "ready")) >= 0) && kill(s->rank0, 0) < 0)
        s->rank0 = 0;                 // on another node: it cannot be watched from here
    if (!s->ready && s->told_ready) { // on one that does not have the folder
        s->ready = true;
        s->rank0 = 0;
    }
}

static void on_stop(struct supervisor *s)
{
    static const int stronger[] = {SIGUSR1, SIGTERM, SIGKILL};
    int n = s->stops < 2 ? s->stops : 2;
    look_for_ready(s); // it may have come since the last look
    if (n == 0 && !s->ready)
        n = 1; // SIGUSR1 would kill ranks that have no handler yet, which looks like a crash
    s->stops++;
    s->asked_s = ms_now_s();
    tell_mpirun(s, stronger[n]);
}

// Ctrl-Z: the ranks, mpirun, then this process, which sleeps in here until it is continued.
static void on_suspend(struct supervisor *s)
{
    tell_mpirun(s, SIGTSTP);
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL); // it passes it on before it stops
    tell_mpirun(s, SIGSTOP);
    raise(SIGSTOP);
    tell_mpirun(s, SIGCONT);
}

// True when mpirun has gone.
static bool look(struct supervisor *s)
{
    double now = ms_now_s();
    look_for_ready(s);
    // This comes before reading the mark, so that whatever rank 0 wrote before it went is seen.
    bool gone = s->rank0 > 0 && kill(s->rank0, 0) < 0 && errno == ESRCH;
    if (s->status < 0 && (s->status = read_status(s)) >= 0)
        s->ended_s = now;
    if (s->status < 0 && gone) { // killed; its workers would wait for it until their patience ends
        fprintf(stderr, "mlpsweep: rank 0 died; the same command continues\n");
        s->status = MS_EXIT_INTERRUPTED;
        s->ended_s = now - s->grace_s;
    }
    pid_t pid = waitpid(s->mpirun, &s->exit, WNOHANG);
    if (pid == s->mpirun || (pid < 0 && errno == ECHILD)) {
        s->mpirun = 0;
        pass_stderr(s);
        pass_line(s);
        if (s->status < 0)
            s->status = read_status(s);
        close(s->err_fd);
        return true;
    }
    if (s->status >= 0 && now - s->ended_s > s->kill_s && s->sent != SIGKILL)
        tell_mpirun(s, s->sent = SIGKILL);
    else if (s->status >= 0 && now - s->ended_s > s->grace_s && s->sent == 0)
        tell_mpirun(s, s->sent = SIGTERM);
    else if (s->status < 0 && s->stops && now - s->asked_s > PATIENCE_S)
        on_stop(s);
    return false;
}

static void clean_up(const struct supervisor *s)
{
    static const char *const names[] = {"ready", "status"};
    char path[4200];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", s->dir, names[i]);
        unlink(path);
    }
    rmdir(s->dir);
}

// Returns the exit status, and reports on stderr what rank 0 could not.
static int conclude(const struct supervisor *s)
{
    if (s->status >= 0)
        return s->status & 0xff;
    if (s->stops)
        fprintf(
            stderr,
            "mlpsweep: stopped; all reported results are kept, and the same command continues\n");
    else if (WIFSIGNALED(s->exit))
        fprintf(stderr,
                "mlpsweep: mpirun was killed by signal %d (%s); the same command continues\n",
                WTERMSIG(s->exit), strsignal(WTERMSIG(s->exit)));
    else
        fprintf(stderr, "mlpsweep: mpirun ended without a result (its exit status is %d)\n",
                WEXITSTATUS(s->exit));
    return MS_EXIT_INTERRUPTED;
}

int ms_supervisor_run(const struct ms_supervise_options *o)
{
    struct supervisor s = {.status = -1,
                           .told_status = -1,
                           .grace_s = o->grace_s > 0 ? o->grace_s : GRACE_S,
                           .kill_s = o->kill_s > 0 ? o->kill_s : KILL_S};
    bool first;
    if (ms_launcher_plain_srun(&first)) {
        if (first)
            fprintf(stderr, "mlpsweep: srun gave this task no connection to the others: use "
                            "srun --mpi=pmix, or mpirun inside the job\n");
        return MS_EXIT_REFUSED;
    }
    sigset_t watched, before;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGTSTP, SIGCHLD};
    sigemptyset(&watched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&watched, signals[i]);
    sigprocmask(SIG_BLOCK, &watched, &before);
    int exit_status = start(&s, o);
    if (!exit_status) {
        while (!look(&s)) {
            struct timespec t = {.tv_nsec = (long)(POLL_S * 1e9)};
            int n = sigtimedwait(&watched, NULL, &t);
            if (n == SIGTSTP)
                on_suspend(&s);
            else if (n > 0 && n != SIGCHLD)
                on_stop(&s);
        }
        clean_up(&s);
        exit_status = conclude(&s);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return exit_status;
}
