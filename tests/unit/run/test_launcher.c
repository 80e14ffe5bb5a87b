// SPDX-License-Identifier: MIT
//
// The environment's word on ranks, tasks and threads. Every case begins with none of it set.
#include "coordinator/run/launcher.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void forget_all(void)
{
    static const char *const names[] = {
        "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMIX_RANK",    "SLURM_STEP_ID",
        "SLURM_STEP_NUM_TASKS", "SLURM_PROCID",         "SLURM_NTASKS", "OPENBLAS_NUM_THREADS",
        "GOTO_NUM_THREADS",     "OMP_NUM_THREADS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static void test_found(void)
{
    int rank, size;
    forget_all();
    CHECK(!ms_launcher_found(&rank, &size) && rank == -1 && size == 0);
    setenv("SLURM_PROCID", "0", 1); // any batch script has it
    CHECK(!ms_launcher_found(&rank, &size));
    setenv("PMIX_RANK", "7", 1);
    CHECK(ms_launcher_found(&rank, &size) && rank == 7 && size == 0);
    setenv("SLURM_STEP_NUM_TASKS", "9", 1);
    CHECK(ms_launcher_found(&rank, &size) && rank == 7 && size == 9);
    setenv("OMPI_COMM_WORLD_SIZE", "12", 1);
    setenv("OMPI_COMM_WORLD_RANK", "3", 1); // Open MPI's own goes before PMIx's
    CHECK(ms_launcher_found(&rank, &size) && rank == 3 && size == 12);

    static const char *const no_ranks[] = {"", "-1", "x", "3x", "99999999999", "4294967296"};
    for (size_t i = 0; i < sizeof no_ranks / sizeof *no_ranks; i++) {
        CASE("PMIX_RANK=%s", no_ranks[i]);
        forget_all();
        setenv("PMIX_RANK", no_ranks[i], 1);
        CHECK_THAT(!ms_launcher_found(&rank, &size) && rank == -1, "PMIX_RANK=%s", no_ranks[i]);
    }
}

static void test_plain_srun(void)
{
    bool first;
    forget_all();
    CHECK(!ms_launcher_plain_srun(&first));
    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    CHECK(!ms_launcher_plain_srun(&first)); // no step
    setenv("SLURM_STEP_ID", "0", 1);
    CHECK(ms_launcher_plain_srun(&first) && first);
    setenv("SLURM_PROCID", "2", 1);
    CHECK(ms_launcher_plain_srun(&first) && !first);
    setenv("SLURM_STEP_NUM_TASKS", "1", 1); // alone it may start an mpirun
    CHECK(!ms_launcher_plain_srun(&first));
    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    setenv("SLURM_STEP_ID", "4294967291", 1); // a batch script
    CHECK(!ms_launcher_plain_srun(&first));
}

static void test_workers(void)
{
    forget_all();
    setenv("SLURM_NTASKS", "17", 1);
    CHECK_INT(ms_launcher_default_workers(), 17);
    setenv("SLURM_NTASKS", "0", 1); // nonsense: as if it were not there
    cpu_set_t mine, one;
    REQUIRE(sched_getaffinity(0, sizeof mine, &mine) == 0);
    CHECK_INT(ms_launcher_default_workers(), CPU_COUNT(&mine));
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
        if (CPU_ISSET((size_t)i, &mine))
            CPU_SET((size_t)i, &one);
    REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0); // taskset -c
    CHECK_INT(ms_launcher_default_workers(), 1);
    REQUIRE(sched_setaffinity(0, sizeof mine, &mine) == 0);
}

// Runs this program again, which then makes its BLAS single-threaded. 0: it still has its process
// number and argument, and OPENBLAS_NUM_THREADS is as expected.
static int run_again(const char *self, const char *expected)
{
    pid_t pid = fork();
    if (pid == 0) {
        char number[20];
        snprintf(number, sizeof number, "%d", (int)getpid());
        setenv("MLPSWEEP_TEST_PID", number, 1);
        execl(self, self, "threads", expected, (char *)NULL);
        _exit(99);
    }
    int st = 0;
    waitpid(pid, &st, 0);
    return WIFEXITED(st) ? WEXITSTATUS(st) : 1000 + WTERMSIG(st);
}

static int threads(const char *expected)
{
    ms_launcher_single_blas_thread();
    const char *found = getenv("OPENBLAS_NUM_THREADS"), *pid = getenv("MLPSWEEP_TEST_PID");
    if (!pid || atoi(pid) != (int)getpid())
        return 1;
    return strcmp(found ? found : "none", expected) == 0 ? 0 : 2;
}

static void test_threads(const char *self)
{
    forget_all();
    CHECK_INT(run_again(self, "1"), 0);
    setenv("OMP_NUM_THREADS", "3", 1); // the user has chosen
    CHECK_INT(run_again(self, "none"), 0);
    setenv("OPENBLAS_NUM_THREADS", "2", 1);
    CHECK_INT(run_again(self, "2"), 0);
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return threads(argv[2]);
    test_found();
    test_plain_srun();
    test_workers();
    test_threads(argv[0]);
    return check_done();
}
