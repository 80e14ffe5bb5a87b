// SPDX-License-Identifier: MIT
//
// The environment's word on ranks and tasks, and the files that mpirun may open. Every case begins
// with none of it set.
#include "coordinator/run/launcher.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void forget_all(void)
{
    static const char *const names[] = {
        "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMIX_RANK",   "SLURM_STEP_ID",
        "SLURM_STEP_NUM_TASKS", "SLURM_PROCID",         "SLURM_NTASKS"};
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

// In a process of its own, as limits only fall: its limit and status, with the message.
static void check_files(rlim_t soft, rlim_t hard, int ranks, rlim_t wanted, const char *message)
{
    CASE("%d of %d files, %d ranks", (int)soft, (int)hard, ranks);
    fflush(NULL);
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        struct rlimit limit = {soft, hard};
        struct ms_error err = {0};
        if (setrlimit(RLIMIT_NOFILE, &limit))
            _exit(2);
        const int status = ms_launcher_open_files(ranks, &err);
        getrlimit(RLIMIT_NOFILE, &limit);
        _exit(limit.rlim_cur != wanted || status != (message ? MS_ELIMIT : 0) ||
              (message && strcmp(err.text, message) != 0));
    }
    int status;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    CHECK_INT(status, 0);
}

static void test_open_files(void)
{
    check_files(200, 200, 2, 200, NULL);
    check_files(20, 200, 2, 56, NULL); // raised as far as needed
    check_files(56, 56, 2, 56, NULL);
    check_files(20, 55, 2, 20,
                "a process may open 55 files here, and mpirun needs 56 for 1 worker: raise the "
                "limit (ulimit -n 56, or nofile in /etc/security/limits.conf), or take fewer "
                "--workers");
}

int main(void)
{
    test_found();
    test_plain_srun();
    test_workers();
    test_open_files();
    return check_done();
}
