// SPDX-License-Identifier: MIT
//
// A process settles its OpenBLAS: this program starts itself in an environment, and its child says
// how it ended up: with the same process number, and nothing in the environment that was not there.
#include "mlpsweep/blas.h"

#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "worker/train/dense.h"

static const char *const variables[] = {"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS",
                                        "OMP_NUM_THREADS",      "OPENBLAS_CORETYPE",
                                        "MLPSWEEP_CORE",        "MLPSWEEP_DETECTED_CORE"};

static void forget_all(void)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
}

struct settled {
    bool same_process, right; // right: ms_blas_settle returned 0, and the core is the running one
    struct ms_blas blas;
    char threads[16], coretype[32], core[32]; // the environment afterwards; "none"
};

static void note(char *out, size_t size, const char *name)
{
    const char *value = getenv(name);
    snprintf(out, size, "%s", value ? value : "none");
}

// In the child, after all starts.
static int say(void)
{
    struct settled s = {0};
    struct ms_error err;
    s.right = ms_blas_settle(&s.blas, &err) == 0 && strcmp(s.blas.core, ms_dense_core()) == 0;
    const char *pid = getenv("MLPSWEEP_TEST_PID"), *fd = getenv("MLPSWEEP_TEST_FD");
    s.same_process = pid && atoi(pid) == (int)getpid();
    note(s.threads, sizeof s.threads, "OPENBLAS_NUM_THREADS");
    note(s.coretype, sizeof s.coretype, "OPENBLAS_CORETYPE");
    note(s.core, sizeof s.core, "MLPSWEEP_CORE");
    return fd && write(atoi(fd), &s, sizeof s) == (ssize_t)sizeof s ? 0 : 1;
}

static struct settled settle(const char *self)
{
    struct settled s = {0};
    int fd[2], st = 0;
    REQUIRE(pipe(fd) == 0);
    const pid_t pid = fork();
    if (pid == 0) {
        char number[20], end[20];
        snprintf(number, sizeof number, "%d", (int)getpid());
        snprintf(end, sizeof end, "%d", fd[1]);
        setenv("MLPSWEEP_TEST_PID", number, 1);
        setenv("MLPSWEEP_TEST_FD", end, 1);
        execl(self, self, "say", "", (char *)NULL); // an empty argument stays one, too
        _exit(99);
    }
    close(fd[1]);
    const bool told = read(fd[0], &s, sizeof s) == (ssize_t)sizeof s;
    close(fd[0]);
    waitpid(pid, &st, 0);
    CHECK(told && WIFEXITED(st) && WEXITSTATUS(st) == 0);
    CHECK(s.same_process && s.right);
    CHECK_STR(s.core, "none");
    return s;
}

static void test_threads(const char *self)
{
    forget_all();
    CHECK_STR(settle(self).threads, "1");
    setenv("OMP_NUM_THREADS", "3", 1); // the user has chosen
    CHECK_STR(settle(self).threads, "none");
    setenv("OPENBLAS_NUM_THREADS", "2", 1);
    CHECK_STR(settle(self).threads, "2");
}

static void test_own_choice(const char *self, char own[MS_CORE_NAME])
{
    forget_all();
    const struct settled s = settle(self);
    CHECK(!s.blas.by_user);
    CHECK_STR(s.coretype, "none");
    snprintf(own, MS_CORE_NAME, "%s", s.blas.core);
    setenv("OPENBLAS_CORETYPE", "", 1); // says nothing
    CHECK_STR(settle(self).blas.core, own);
}

#if defined(__x86_64__)
static void test_user(const char *self, const char *own)
{
    forget_all();
    setenv("OPENBLAS_CORETYPE", "Prescott", 1);
    struct settled s = settle(self);
    CHECK(s.blas.by_user);
    CHECK_STR(s.blas.core, "Prescott");
    CHECK_STR(s.coretype, "Prescott");
    CHECK_STR(s.blas.note, "OPENBLAS_CORETYPE=Prescott");
    setenv("OPENBLAS_CORETYPE", "Nonsense", 1);
    s = settle(self);
    CHECK(s.blas.by_user);
    CHECK_STR(s.blas.core, own);
    CHECK_STR(s.blas.note, "OPENBLAS_CORETYPE=Nonsense names no core of this OpenBLAS that can be "
                           "asked for");
}

// An OpenBLAS that does not know this processor.
static void test_detected(const char *self)
{
    forget_all();
    setenv("OPENBLAS_CORETYPE", "Prescott", 1);
    setenv("MLPSWEEP_DETECTED_CORE", "Prescott", 1);
    for (int threads = 0; threads < 2; threads++) {
        CASE("threads %s", threads ? "given" : "not given");
        if (threads)
            setenv("OPENBLAS_NUM_THREADS", "1", 1);
        const struct settled s = settle(self);
        CHECK(!s.blas.by_user);
        CHECK_STR(s.coretype, "none");
        if (!__builtin_cpu_supports("sse4.2"))
            continue;
        CHECK(strcmp(s.blas.core, "Prescott") != 0);
        CHECK(strstr(s.blas.note, "OpenBLAS itself chose Prescott, which does not use this "
                                  "processor's ") != NULL);
    }
}
#endif

int main(int argc, char **argv)
{
    if (argc == 3)
        return say();
    char own[MS_CORE_NAME];
    test_threads(argv[0]);
    test_own_choice(argv[0], own);
#if defined(__x86_64__)
    if (strstr(ms_dense_blas(), "DYNAMIC_ARCH")) {
        test_user(argv[0], own);
        test_detected(argv[0]);
    }
#endif
    CHECK(ms_blas_gflops() > 0);
    CHECK(ms_blas_peak_gflops() >= 0);
    return check_done();
}
