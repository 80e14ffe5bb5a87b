// SPDX-License-Identifier: MIT
//
// Open MPI's mpirun and srun --mpi=pmix give every rank its number by environment; a variable that
// holds no number counts as missing. Slurm's own variables alone prove nothing: every batch script
// has them, though nobody connects its processes.
#include "launcher.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static int env_int(const char *name, int otherwise)
{
    const char *s = getenv(name);
    char *end;
    if (!s || !*s)
        return otherwise;
    errno = 0;
    long v = strtol(s, &end, 10);
    return *end || errno || v < 0 || v > INT32_MAX ? otherwise : (int)v;
}

bool ms_launcher_found(int *rank_hint, int *size_hint)
{
    *rank_hint = env_int("OMPI_COMM_WORLD_RANK", env_int("PMIX_RANK", -1));
    *size_hint = env_int("OMPI_COMM_WORLD_SIZE", 0);
    if (*size_hint > 0)
        return true;
    if (*rank_hint < 0)
        return false;
    *size_hint = env_int("SLURM_STEP_NUM_TASKS", 0);
    return true;
}

bool ms_launcher_plain_srun(bool *first)
{
    // Batch scripts and interactive shells are steps too, with numbers at the very top.
    const char *step = getenv("SLURM_STEP_ID");
    *first = env_int("SLURM_PROCID", 0) == 0;
    return step && strtoul(step, NULL, 10) < 0xfffffff0u && env_int("SLURM_STEP_NUM_TASKS", 1) > 1;
}

int ms_launcher_default_workers(void)
{
    int tasks = env_int("SLURM_NTASKS", 0);
    if (tasks > 0)
        return tasks;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (int)n : 1;
}

// Measured with Open MPI 4.1.4: mpirun starts r ranks with 28 + 4 r files and no fewer. The others
// are for what this process has inherited and for other versions.
enum { FILES_OF_MPIRUN = 48, FILES_OF_A_RANK = 4 };

int ms_launcher_open_files(int ranks, struct ms_error *err)
{
    const rlim_t need = FILES_OF_MPIRUN + FILES_OF_A_RANK * (rlim_t)ranks;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= need)
        return 0;
    const bool allowed = limit.rlim_max >= need;
    limit.rlim_cur = need;
    if (allowed && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return 0;
    return ms_fail(
        err, MS_ELIMIT,
        "a process may open %llu files here, and mpirun needs %llu for %d worker%s: raise "
        "the limit (ulimit -n %llu, or nofile in /etc/security/limits.conf), or take "
        "fewer --workers",
        (unsigned long long)limit.rlim_max, (unsigned long long)need, ranks - 1,
        ranks == 2 ? "" : "s", (unsigned long long)need);
}
