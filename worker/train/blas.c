// SPDX-License-Identifier: MIT
//
// The shell around core.c: it asks the processor and the environment, tests in a child (a core that
// the processor cannot run dies of SIGILL), and executes the program anew. Two variables carry what
// the next start must know: OPENBLAS_CORETYPE for OpenBLAS, MLPSWEEP_CORE for the search; both are
// gone when it is over. Tests make up another processor: if OPENBLAS_CORETYPE is the same as
// MLPSWEEP_DETECTED_CORE, it counts as OpenBLAS's own choice; MLPSWEEP_VECTORS (SSE2, …) are the
// best that the processor has.
#include "mlpsweep/blas.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "core.h"
#include "dense.h"
#include "mlpsweep/clock.h"
#include "product_check.h"

#define CORETYPE "OPENBLAS_CORETYPE"
#define SEARCH "MLPSWEEP_CORE"
#define DETECTED "MLPSWEEP_DETECTED_CORE"
#define VECTORS "MLPSWEEP_VECTORS"

static struct ms_cpuid read_cpuid(void)
{
    struct ms_cpuid id = {0};
#if defined(__x86_64__)
    unsigned a, b, c, d;
    if (!__get_cpuid(0, &id.top, &b, &c, &d))
        return id;
    memcpy(id.vendor, &b, 4);
    memcpy(id.vendor + 4, &d, 4);
    memcpy(id.vendor + 8, &c, 4);
    if (__get_cpuid(1, &id.version, &b, &id.leaf1_ecx, &d) && id.leaf1_ecx & 1u << 27) {
        __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
        id.xcr0 = (uint64_t)d << 32 | a;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
        id.leaf7_ebx = b;
#endif
    return id;
}

static struct ms_processor this_processor(void)
{
    const struct ms_cpuid id = read_cpuid();
    const char *most = getenv(VECTORS);
    struct ms_processor p = ms_core_processor(&id);
    for (int v = 0; most && v < (int)p.vectors; v++)
        if (strcmp(most, ms_core_vectors_name((enum ms_vectors)v)) == 0)
            p.vectors = (enum ms_vectors)v;
    return p;
}

// --- the self-test -----------------------------------------------------------

// In the child. What is wrong goes to the pipe.
static void test_here(int to)
{
    char why[120] = "";
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    const bool right = ms_product_check(ms_product_blas, why, sizeof why);
    const ssize_t n = write(to, why, strlen(why));
    _exit(right ? 0 : n < 0 ? 2 : 1);
}

bool ms_blas_test(char *why, size_t size)
{
    int fd[2], st = 0;
    if (pipe(fd))
        return ms_product_check(ms_product_blas, why, size);
    const pid_t pid = fork();
    if (pid < 0) {
        close(fd[0]);
        close(fd[1]);
        return ms_product_check(ms_product_blas, why, size);
    }
    if (pid == 0)
        test_here(fd[1]);
    close(fd[1]);
    const ssize_t n = read(fd[0], why, size - 1);
    why[n > 0 ? n : 0] = 0;
    close(fd[0]);
    while (waitpid(pid, &st, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(st))
        snprintf(why, size, "%s", strsignal(WTERMSIG(st)));
    return WIFEXITED(st) && WEXITSTATUS(st) == 0;
}

static bool test_later(char *why, size_t size)
{
    (void)why, (void)size;
    return true;
}

// --- starting again ----------------------------------------------------------

// Executes the program anew, with the same arguments. Returns only on failure.
static void start_again(void)
{
    enum { SIZE = 1 << 21, ARGS = 4096 };
    char exe[4096], *argv[ARGS + 1];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    char *line = malloc(SIZE);
    size_t got = 0;
    for (ssize_t k; fd >= 0 && line && (k = read(fd, line + got, SIZE - got)) > 0;)
        got += (size_t)k;
    int argc = 0;
    for (size_t at = 0; at < got && argc < ARGS; at += strnlen(line + at, got - at) + 1)
        argv[argc++] = line + at;
    argv[argc] = NULL;
    if (n > 0 && argc > 0 && argc < ARGS && got < SIZE && line[got - 1] == 0) {
        exe[n] = 0;
        execv(exe, argv);
    }
    if (fd >= 0)
        close(fd);
    free(line);
}

// Starts again for the core that the search wants.
static void start_for(const struct ms_core_search *s, const struct ms_processor *p)
{
    char text[MS_BLAS_NOTE + 64];
    const char *wanted = ms_core_wanted(s, p), *detected = getenv(DETECTED);
    const bool own = strcmp(wanted, s->own) == 0;
    const char *value = !own ? wanted : detected;
    if (setenv(SEARCH, ms_core_text(s, text, sizeof text), 1) == 0 &&
        (value ? setenv(CORETYPE, value, 1) : unsetenv(CORETYPE)) == 0)
        start_again();
}

// The threads that OpenBLAS starts when it is loaded, one a processor in every rank, cannot be
// taken back by a call. True: they are one in the next start.
static bool ask_for_one_thread(void)
{
    return !getenv("OPENBLAS_NUM_THREADS") && !getenv("GOTO_NUM_THREADS") &&
           !getenv("OMP_NUM_THREADS") && setenv("OPENBLAS_NUM_THREADS", "1", 1) == 0;
}

// --- the whole ---------------------------------------------------------------

static void keep_users_choice(struct ms_blas *b, const char *asked)
{
    char why[120];
    b->by_user = true;
    const bool has = strcasecmp(b->core, asked) == 0;
    const bool right = ms_blas_test(why, sizeof why);
    snprintf(b->note, sizeof b->note, "%s%.40s%s%s%s%s", CORETYPE "=", asked,
             has ? "" : " names no core of this OpenBLAS that can be asked for",
             right ? "" : "; warning: it fails the self-test (", right ? "" : why,
             right ? "" : ")");
}

static int search(struct ms_blas *b, struct ms_core_search *s, const struct ms_processor *p,
                  bool one_thread, struct ms_error *err)
{
    const enum ms_core_move move =
        ms_core_decide(s, p, b->core, one_thread ? test_later : ms_blas_test);
    if (move == MS_CORE_NONE)
        return ms_fail(err, MS_ESTATE, "%s computes wrong products on this processor: %s",
                       ms_dense_blas(), s->note);
    if (move == MS_CORE_AGAIN)
        start_for(s, p);
    if (one_thread)
        start_again();
    if (move == MS_CORE_AGAIN)
        snprintf(b->note, sizeof b->note,
                 "%s does not use all of this processor's vectors, but the "
                 "program cannot be executed anew",
                 b->core);
    else
        snprintf(b->note, sizeof b->note, "%s", s->note);
    return 0;
}

int ms_blas_settle(struct ms_blas *out, struct ms_error *err)
{
    const char *coretype = getenv(CORETYPE), *detected = getenv(DETECTED);
    struct ms_core_search s = ms_core_parse(getenv(SEARCH));
    const bool ours = s.own[0] || (coretype && detected && strcmp(coretype, detected) == 0);
    const bool one_thread = ask_for_one_thread();
    const struct ms_processor p = this_processor();
    *out = (struct ms_blas){0};
    ms_core_list(&p, out->cores, sizeof out->cores);
    snprintf(out->core, sizeof out->core, "%s", ms_dense_core());
    if (coretype && *coretype && !ours) {
        if (one_thread)
            start_again();
        keep_users_choice(out, coretype);
        return 0;
    }
    const int status = search(out, &s, &p, one_thread, err);
    unsetenv(SEARCH);
    unsetenv(CORETYPE);
    return status;
}

double ms_blas_peak_gflops(void)
{
    char text[4096];
    FILE *f = fopen("/proc/cpuinfo", "re");
    const size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = 0;
    const struct ms_processor p = this_processor();
    return ms_core_flops_per_cycle(&p) * ms_core_ghz(text);
}

double ms_blas_gflops(void)
{
    enum { N = 256, ROUNDS = 24 };
    const double enough_s = 0.01;
    float *m = calloc(3 * (size_t)N * N, sizeof *m);
    if (!m)
        return 0;
    for (int i = 0; i < 2 * N * N; i++)
        m[i] = (float)(i % 17) * 0.1f;
    const struct ms_product p = {
        .m = N, .n = N, .k = N, .lda = N, .ldb = N, .ldc = N, .alpha = 1, .beta = 0};
    double best_s = 0, all_s = 0;
    for (int round = 0; round < ROUNDS && all_s < enough_s; round++) {
        const double begun_s = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID);
        ms_product_blas(&p, m, m + N * N, m + 2 * N * N);
        const double s = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID) - begun_s;
        all_s += s;
        if (best_s == 0 || s < best_s)
            best_s = s;
    }
    free(m);
    return best_s > 0 ? 2e-9 * N * N * N / best_s : 0;
}
