// SPDX-License-Identifier: MIT
//
// The memory of a worker and the words for machines that differ, from made-up ranks.
#include "coordinator/run/cluster.h"

#include "check.h"

#define NO_LIMIT "", 0
enum { MOST = 6 };

static struct ms_rank_facts on(const char *host, double gb, const char *group, double group_gb)
{
    struct ms_rank_facts f = {.memory = {.bytes = gb * 1e9, .group_bytes = group_gb * 1e9}};
    snprintf(f.host, sizeof f.host, "%s", host);
    snprintf(f.memory.kernel, sizeof f.memory.kernel, "kernel of %.20s", host);
    snprintf(f.memory.group, sizeof f.memory.group, "%s", group);
    snprintf(f.blas, sizeof f.blas, "OpenBLAS 1 Zen, 1 thread; vectors: x86-64-v3");
    snprintf(f.core, sizeof f.core, "Zen");
    return f;
}

static void test_memory(void)
{
    const struct {
        const char *title;
        struct ms_rank_facts rank[MOST];
        int n;
        double gb;
        const char *memory;
    } rows[] = {
        {"one machine: rank 0 does not count",
         {on("a", 16, NO_LIMIT), on("a", 16, NO_LIMIT), on("a", 16, NO_LIMIT)},
         3,
         8,
         "16 GB of a for 2 workers"},
        {"one worker",
         {on("a", 16, NO_LIMIT), on("a", 16, NO_LIMIT)},
         2,
         16,
         "16 GB of a for 1 worker"},
        {"the smallest node is not rank 0's",
         {on("a", 64, NO_LIMIT), on("a", 64, NO_LIMIT), on("b", 8, NO_LIMIT)},
         3,
         8,
         "8 GB of b for 1 worker"},
        {"the largest node has the most workers",
         {on("a", 64, NO_LIMIT), on("b", 40, NO_LIMIT), on("b", 40, NO_LIMIT),
          on("b", 40, NO_LIMIT), on("b", 40, NO_LIMIT), on("c", 16, NO_LIMIT)},
         6,
         10,
         "40 GB of b for 4 workers"},
        {"a limit that all share",
         {on("a", 64, "/job", 12), on("a", 64, "/job", 12), on("a", 64, "/job", 12)},
         3,
         6,
         "12 GB of the control group on a for 2 workers"},
        {"a limit for each",
         {on("a", 64, "/0", 12), on("a", 64, "/1", 12), on("a", 64, "/2", 12)},
         3,
         12,
         "12 GB of the control group on a for 1 worker"},
        {"limits for each, but the machine has less in all",
         {on("a", 16, "/0", 12), on("a", 16, "/1", 12), on("a", 16, "/2", 12)},
         3,
         8,
         "16 GB of a for 2 workers"},
        {"groups of one name on two machines",
         {on("a", 64, "/job", 12), on("a", 64, "/job", 12), on("b", 64, "/job", 10)},
         3,
         10,
         "10 GB of the control group on b for 1 worker"},
        {"nothing known", {on("a", 0, NO_LIMIT), on("a", 0, NO_LIMIT)}, 2, 0, ""},
        {"known on one alone",
         {on("a", 0, NO_LIMIT), on("a", 0, NO_LIMIT), on("b", 4, NO_LIMIT)},
         3,
         4,
         "4 GB of b for 1 worker"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].title);
        struct ms_cluster c;
        ms_cluster_of(rows[i].rank, rows[i].n, &c);
        CHECK_NEAR(c.worker_bytes, rows[i].gb * 1e9, 1e-12);
        CHECK_STR(c.memory, rows[i].memory);
        CHECK_STR(c.differs, "");
    }
}

// Containers of one machine have host names of their own, but one kernel.
static void test_containers(void)
{
    struct ms_rank_facts rank[] = {on("a", 16, NO_LIMIT), on("b", 16, NO_LIMIT),
                                   on("c", 16, NO_LIMIT)};
    struct ms_cluster c;
    strcpy(rank[2].memory.kernel, rank[1].memory.kernel);
    ms_cluster_of(rank, 3, &c);
    CHECK_NEAR(c.worker_bytes, 8e9, 1e-12);
    rank[1].memory.kernel[0] = rank[2].memory.kernel[0] = 0; // not known: by their names
    ms_cluster_of(rank, 3, &c);
    CHECK_NEAR(c.worker_bytes, 16e9, 1e-12);
}

static void test_cores(void)
{
    struct ms_rank_facts rank[4] = {on("a", 1, NO_LIMIT), on("a", 1, NO_LIMIT),
                                    on("b", 1, NO_LIMIT), on("b", 1, NO_LIMIT)};
    struct ms_cluster c;
    strcpy(rank[0].blas, "something else: rank 0 trains nothing");
    strcpy(rank[2].core_note, "a remark");
    rank[1].gflops = 123;
    ms_cluster_of(rank, 4, &c);
    CHECK_STR(c.core, "Zen");
    CHECK_STR(c.core_note, "a remark");
    CHECK_STR(c.differs, "");
    CHECK_NEAR(c.gflops, 123, 0);
    for (int i = 2; i < 4; i++)
        strcpy(rank[i].blas, "OpenBLAS 1 SkylakeX, 1 thread; vectors: x86-64-v4");
    ms_cluster_of(rank, 4, &c);
    CHECK_STR(c.differs, "OpenBLAS 1 Zen, 1 thread; vectors: x86-64-v3 (1 worker, such as on a); "
                         "OpenBLAS 1 SkylakeX, 1 thread; vectors: x86-64-v4 (2 workers, such as on "
                         "b)");
    CHECK(!c.common);           // no cores are known that could run instead
    ms_cluster_of(rank, 1, &c); // refused elsewhere, but no harm is done
    CHECK_NEAR(c.worker_bytes, 0, 0);
}

static struct ms_rank_facts with(const char *core, const char *cores, const char *vectors)
{
    struct ms_rank_facts f = on("a", 1, NO_LIMIT);
    snprintf(f.blas, sizeof f.blas, "OpenBLAS 1 %s, 1 thread; vectors: %s", core, vectors);
    snprintf(f.core, sizeof f.core, "%s", core);
    snprintf(f.cores, sizeof f.cores, "%s", cores);
    return f;
}

static void test_common(void)
{
#define AVX512 "SkylakeX Haswell Zen Nehalem Prescott"
#define AVX2 "Haswell Zen Nehalem Prescott"
    const struct {
        const char *title;
        struct ms_rank_facts rank[4]; // 0: rank 0
        bool common, differs;
        const char *core;
    } rows[] = {
        {"alike",
         {with("Zen", AVX2, "v3"), with("Zen", AVX2, "v3"), with("Zen", AVX2, "v3"),
          with("Zen", AVX2, "v3")},
         false,
         false,
         "Zen"},
        {"rank 0 alone is another",
         {with("Haswell", AVX2, "v3"), with("Zen", AVX2, "v3"), with("Zen", AVX2, "v3"),
          with("Zen", AVX2, "v3")},
         false,
         false,
         "Zen"},
        {"two makers",
         {with("Zen", AVX2, "v3"), with("Zen", AVX2, "v3"), with("Haswell", AVX2, "v3"),
          with("Zen", AVX2, "v3")},
         true,
         false,
         "Haswell"},
        {"the other way round",
         {with("Zen", AVX2, "v3"), with("Haswell", AVX2, "v3"), with("Zen", AVX2, "v3"),
          with("Zen", AVX2, "v3")},
         true,
         false,
         "Haswell"},
        {"both have AVX-512",
         {with("Zen", AVX2, "v3"), with("Cooperlake", AVX512, "v4"), with("SkylakeX", AVX512, "v4"),
          with("SkylakeX", AVX512, "v4")},
         true,
         false,
         "SkylakeX"},
        {"one has no AVX-512, for our own kernels neither",
         {with("Zen", AVX2, "v3"), with("SkylakeX", AVX512, "v4"), with("Zen", AVX2, "v3"),
          with("SkylakeX", AVX512, "v4")},
         false,
         true,
         "SkylakeX"},
        {"nothing in common",
         {with("Zen", AVX2, "v3"), with("Zen", AVX2, "v3"), with("neoversen1", "", "baseline"),
          with("Zen", AVX2, "v3")},
         false,
         true,
         "Zen"},
        {"names that begin alike",
         {with("Zen", AVX2, "v3"), with("A", "ZenX Zen Haswell", "v3"),
          with("B", "Ze Haswell ZenXY", "v3"), with("B", "Haswell", "v3")},
         true,
         false,
         "Haswell"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].title);
        struct ms_cluster c;
        ms_cluster_of(rows[i].rank, 4, &c);
        CHECK_STR(c.core, rows[i].core);
        CHECK(c.common == rows[i].common);
        CHECK((c.differs[0] != 0) == rows[i].differs);
        CHECK((strstr(c.core_note, "that all of them have") != NULL) == rows[i].common);
        struct ms_rank_facts users[4];
        memcpy(users, rows[i].rank, sizeof users);
        users[2].by_user = true; // then every worker keeps what it has
        ms_cluster_of(users, 4, &c);
        CHECK(!c.common);
        CHECK_STR(c.core, users[1].core);
    }
}

int main(void)
{
    test_memory();
    test_containers();
    test_cores();
    test_common();
    return check_done();
}
