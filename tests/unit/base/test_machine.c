// SPDX-License-Identifier: MIT
//
// Memory and its limits, read from trees of files as Linux, systemd, Slurm and Docker lay them out.
#include "mlpsweep/machine.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char root[] = "/tmp/mlpsweep-machine-XXXXXX";

// Writes a file of the tree, with the folders above it.
static void put(const char *path, const char *text)
{
    char name[1000];
    snprintf(name, sizeof name, "%s%s", root, path);
    for (char *p = name + strlen(root) + 1; (p = strchr(p, '/')); p++) {
        *p = 0;
        mkdir(name, 0700);
        *p = '/';
    }
    FILE *f = fopen(name, "w");
    REQUIRE(f != NULL);
    fputs(text, f);
    fclose(f);
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type;
    return at->level > 0 ? remove(path) : 0;
}

static void forget_all(void)
{
    REQUIRE(nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

#define V2 "/sys/fs/cgroup"
#define V1 "/sys/fs/cgroup/memory"
#define NO_LIMIT "9223372036854771712\n"

static const struct {
    const char *title;
    const char *cgroup;     // /proc/self/cgroup
    const char *file[4][2]; // path, text
    double bytes;           // the limit; 0: none
    const char *group;
} rows[] = {
    {"no files", NULL, {{0}}, 0, ""},
    {"version 2, no limit",
     "0::/user.slice/session-1.scope\n",
     {{V2 "/user.slice/session-1.scope/memory.max", "max\n"},
      {V2 "/user.slice/memory.max", "max\n"}},
     0,
     ""},
    {"version 2, own limit",
     "0::/system.slice/x.service\n",
     {{V2 "/system.slice/x.service/memory.max", "4294967296\n"},
      {V2 "/system.slice/memory.max", "max\n"}},
     4294967296,
     "/system.slice/x.service"},
    {"version 2, a parent's limit is less",
     "0::/job_7/step_0/task_1\n",
     {{V2 "/job_7/step_0/task_1/memory.max", "8000000000\n"},
      {V2 "/job_7/step_0/memory.max", "max\n"},
      {V2 "/job_7/memory.max", "6000000000\n"}},
     6e9,
     "/job_7"},
    {"version 2, the child's limit is less",
     "0::/job_7/step_0\n",
     {{V2 "/job_7/step_0/memory.max", "5000000000\n"}, {V2 "/job_7/memory.max", "6000000000\n"}},
     5e9,
     "/job_7/step_0"},
    {"version 2, in a container", "0::/\n", {{V2 "/memory.max", "1073741824\n"}}, 1073741824, "/"},
    {"version 2, no less than the machine has",
     "0::/a\n",
     {{V2 "/a/memory.max", "16000000000\n"}},
     0,
     ""},
    {"version 2, nonsense", "0::/a\n0::b\n\nx\n", {{V2 "/a/memory.max", "12 GB\n"}}, 0, ""},
    {"version 1",
     "5:cpu,cpuacct:/\n4:memory:/slurm/job_9\n1:name=systemd:/\n",
     {{V1 "/slurm/job_9/memory.limit_in_bytes", "3000000000\n"},
      {V1 "/memory.limit_in_bytes", NO_LIMIT}},
     3e9,
     "/slurm/job_9"},
    {"version 1, several controllers",
     "4:hugetlb,memory,pids:/a/b\n",
     {{V1 "/a/b/memory.limit_in_bytes", NO_LIMIT}, {V1 "/a/memory.limit_in_bytes", "2000000000\n"}},
     2e9,
     "/a"},
    {"version 1, no limit", "4:memory:/a\n", {{V1 "/a/memory.limit_in_bytes", NO_LIMIT}}, 0, ""},
    {"version 1, in a container with the host's path",
     "4:memory:/docker/0123abcd\n",
     {{V1 "/memory.limit_in_bytes", "536870912\n"}},
     536870912,
     "/"},
    {"version 1, another controller's name",
     "4:memory_x,xmemory:/a\n",
     {{V1 "/a/memory.limit_in_bytes", "1000\n"}},
     0,
     ""},
    {"both, memory in version 1",
     "4:memory:/a\n0::/b\n",
     {{V1 "/a/memory.limit_in_bytes", "1000000000\n"}, {V2 "/b/memory.max", "2000000000\n"}},
     1e9,
     "/a"},
};

static void test_limits(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].title);
        forget_all();
        put("/proc/meminfo", "MemTotal:       15625000 kB\nMemFree: 3 kB\n"); // 16e9 bytes
        put("/proc/sys/kernel/random/boot_id", "c0ffee00-1111-2222-3333-444455556666\n");
        if (rows[i].cgroup)
            put("/proc/self/cgroup", rows[i].cgroup);
        for (int f = 0; f < 4 && rows[i].file[f][0]; f++)
            put(rows[i].file[f][0], rows[i].file[f][1]);
        const struct ms_memory m = ms_machine_memory(root);
        CHECK_NEAR(m.bytes, 16e9, 0);
        CHECK_STR(m.kernel, "c0ffee00-1111-2222-3333-444455556666");
        CHECK_NEAR(m.group_bytes, rows[i].bytes, 0);
        CHECK_STR(m.group, rows[i].group);
    }
}

static void test_namespace(void)
{
    forget_all();
    put("/proc/self/cgroup", "0::/\n");
    put(V2 "/memory.max", "1000000\n");
    char link[1000];
    snprintf(link, sizeof link, "%s/proc/self/ns", root);
    mkdir(link, 0700);
    snprintf(link, sizeof link, "%s/proc/self/ns/cgroup", root);
    REQUIRE(symlink("cgroup:[4026531835]", link) == 0);
    const struct ms_memory m = ms_machine_memory(root);
    CHECK_NEAR(m.bytes, 0, 0); // not known: then the limit counts all the same
    CHECK_NEAR(m.group_bytes, 1e6, 0);
    CHECK_STR(m.group, "cgroup:[4026531835] /");
    CHECK_STR(m.kernel, "");
}

static void test_here(void)
{
    const struct ms_memory m = ms_machine_memory("");
    CHECK(m.bytes > 1e8 && m.kernel[0]);
    CHECK(m.group_bytes >= 0 && m.group_bytes < m.bytes);
    CHECK((m.group_bytes > 0) == (m.group[0] != 0));
}

int main(void)
{
    REQUIRE(mkdtemp(root) != NULL);
    test_limits();
    test_namespace();
    test_here();
    forget_all();
    rmdir(root);
    return check_done();
}
