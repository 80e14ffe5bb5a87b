// SPDX-License-Identifier: MIT
//
// The choice of a core by simulated CPUID tables and simulated libraries. The words of CPUID are
// those of the processors named (their makers' manuals; instlatx64's dumps), cut to the leaves that
// matter; what OpenBLAS chooses for each is from its driver/others/dynamic.c of 0.3.21.
#include "worker/train/core.h"

#include "check.h"

enum { OSXSAVE_AVX = 1 << 27 | 1 << 28, SSE42 = 1 << 20, FMA = 1 << 12, SSE3 = 1 };
#define AVX2_BIT (1u << 5)
#define AVX512_BITS (1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31)
#define FULL_C ((uint32_t)(OSXSAVE_AVX | SSE42 | FMA | SSE3))

// Family 6, model 207 (0xcf): Emerald Rapids.
#define XEON_207                                                                                   \
    {                                                                                              \
        "GenuineIntel", 0x20, 0xc06f2, FULL_C, AVX2_BIT | AVX512_BITS, 0x602e7                     \
    }

static const struct {
    const char *title;
    struct ms_cpuid id;
    int family, model;
    enum ms_vectors vectors;
    const char *own, *ladder; // of OpenBLAS 0.3.21's choice
} processors[] = {
    {"Xeon 207", XEON_207, 6, 207, MS_VECTORS_AVX512, "Prescott",
     "SkylakeX Haswell Zen Sandybridge Nehalem Prescott"},
    {"Xeon 207, library that knows it", XEON_207, 6, 207, MS_VECTORS_AVX512, "SapphireRapids",
     "SapphireRapids SkylakeX Haswell Zen Sandybridge Nehalem Prescott"},
    {"Xeon 207, newer library", XEON_207, 6, 207, MS_VECTORS_AVX512, "EmeraldRapids",
     "EmeraldRapids"},
    {"Xeon 207, operating system without AVX-512",
     {"GenuineIntel", 0x20, 0xc06f2, FULL_C, AVX2_BIT | AVX512_BITS, 0x7},
     6,
     207,
     MS_VECTORS_AVX2,
     "Prescott",
     "Haswell Zen Sandybridge Nehalem Prescott"},
    {"Xeon 207, operating system without AVX",
     {"GenuineIntel", 0x20, 0xc06f2, FULL_C, AVX2_BIT | AVX512_BITS, 0x3},
     6,
     207,
     MS_VECTORS_SSE42,
     "Prescott",
     "Nehalem Prescott"},
    {"Xeon 207, no OSXSAVE: XCR0 is not to be trusted",
     {"GenuineIntel", 0x20, 0xc06f2, FULL_C & ~(1u << 27), AVX2_BIT | AVX512_BITS, 0x602e7},
     6,
     207,
     MS_VECTORS_SSE42,
     "Prescott",
     "Nehalem Prescott"},
    {"Xeon 207, hypervisor masks AVX-512",
     {"GenuineIntel", 0x20, 0xc06f2, FULL_C, AVX2_BIT, 0x7},
     6,
     207,
     MS_VECTORS_AVX2,
     "Prescott",
     "Haswell Zen Sandybridge Nehalem Prescott"},
    {"Xeon 207, hypervisor masks AVX-512VL alone",
     {"GenuineIntel", 0x20, 0xc06f2, FULL_C, AVX2_BIT | (AVX512_BITS & ~(1u << 31)), 0x602e7},
     6,
     207,
     MS_VECTORS_AVX2,
     "Prescott",
     "Haswell Zen Sandybridge Nehalem Prescott"},
    {"Xeon 207, hypervisor shows leaves up to 6",
     {"GenuineIntel", 6, 0xc06f2, FULL_C, AVX2_BIT | AVX512_BITS, 0x602e7},
     6,
     207,
     MS_VECTORS_AVX,
     "Prescott",
     "Sandybridge Nehalem Prescott"},
    {"Xeon 85: Skylake",
     {"GenuineIntel", 0x16, 0x50654, FULL_C, AVX2_BIT | AVX512_BITS, 0x2e7},
     6,
     85,
     MS_VECTORS_AVX512,
     "SkylakeX",
     "SkylakeX Haswell Zen Sandybridge Nehalem Prescott"},
    {"Xeon Phi 87: AVX-512 without VL, BW, DQ",
     {"GenuineIntel", 0xd, 0x50671, FULL_C, AVX2_BIT | 1u << 16 | 1u << 28, 0xe7},
     6,
     87,
     MS_VECTORS_AVX2,
     "Haswell",
     "Haswell Zen Sandybridge Nehalem Prescott"},
    {"Core 151: Alder Lake",
     {"GenuineIntel", 0x20, 0x90672, FULL_C, AVX2_BIT, 0x207},
     6,
     151,
     MS_VECTORS_AVX2,
     "Haswell",
     "Haswell Zen Sandybridge Nehalem Prescott"},
    {"Core 42: Sandy Bridge",
     {"GenuineIntel", 0xd, 0x206a7, OSXSAVE_AVX | SSE42 | SSE3, 0, 0x7},
     6,
     42,
     MS_VECTORS_AVX,
     "Sandybridge",
     "Sandybridge Nehalem Prescott"},
    {"Core 2, model 15",
     {"GenuineIntel", 0xa, 0x6fb, SSE3, 0, 0},
     6,
     15,
     MS_VECTORS_SSE2,
     "Core2",
     "Core2 Prescott"},
    {"Atom 55: Bay Trail",
     {"GenuineIntel", 0xb, 0x30678, SSE42 | SSE3, 0, 0},
     6,
     55,
     MS_VECTORS_SSE42,
     "Atom",
     "Atom Nehalem Prescott"},
    {"EPYC 25/17: Zen 4",
     {"AuthenticAMD", 0x10, 0xa10f11, FULL_C, AVX2_BIT | AVX512_BITS, 0x2e7},
     25,
     17,
     MS_VECTORS_AVX512,
     "Cooperlake",
     "Cooperlake SkylakeX Zen Haswell Sandybridge Nehalem Prescott"},
    {"EPYC 26/2: Zen 5",
     {"AuthenticAMD", 0x10, 0xb00f21, FULL_C, AVX2_BIT | AVX512_BITS, 0x2e7},
     26,
     2,
     MS_VECTORS_AVX512,
     "Prescott",
     "SkylakeX Zen Haswell Sandybridge Nehalem Prescott"},
    {"EPYC 23/49: Zen 2",
     {"AuthenticAMD", 0x10, 0x830f10, FULL_C, AVX2_BIT, 0x7},
     23,
     49,
     MS_VECTORS_AVX2,
     "Zen",
     "Zen Haswell Sandybridge Nehalem Prescott"},
    {"Opteron 21/1: Bulldozer, FMA4 alone",
     {"AuthenticAMD", 0xd, 0x600f12, OSXSAVE_AVX | SSE42 | SSE3, 0, 0x7},
     21,
     1,
     MS_VECTORS_AVX,
     "Bulldozer",
     "Bulldozer Sandybridge Nehalem Prescott"},
    {"Hygon 24/0",
     {"HygonGenuine", 0xd, 0x900f02, FULL_C, AVX2_BIT, 0x7},
     24,
     0,
     MS_VECTORS_AVX2,
     "Prescott",
     "Zen Haswell Sandybridge Nehalem Prescott"},
    {"SSE2 alone",
     {"GenuineIntel", 5, 0xf43, SSE3, 0, 0},
     15,
     4,
     MS_VECTORS_SSE2,
     "Prescott",
     "Prescott"},
    {"no x86", {"", 0, 0, 0, 0, 0}, 0, 0, MS_VECTORS_SSE2, "neoversen1", "neoversen1"},
    {"no x86, Prescott all the same",
     {"", 0, 0, 0, 0, 0},
     0,
     0,
     MS_VECTORS_SSE2,
     "Prescott",
     "Prescott"},
};

static char *join(const char *const *names, int n, char *out, size_t size)
{
    size_t at = 0;
    out[0] = 0;
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", i ? " " : "", names[i]);
    return out;
}

static void test_processors(void)
{
    for (size_t i = 0; i < sizeof processors / sizeof *processors; i++) {
        CASE("%s", processors[i].title);
        const struct ms_processor p = ms_core_processor(&processors[i].id);
        const char *ladder[MS_CORE_LADDER];
        char text[200];
        CHECK_INT(p.family, processors[i].family);
        CHECK_INT(p.model, processors[i].model);
        CHECK_INT(p.vectors, processors[i].vectors);
        const int n = ms_core_ladder(&p, processors[i].own, ladder);
        CHECK(n <= MS_CORE_LADDER);
        CHECK_STR(join(ladder, n, text, sizeof text), processors[i].ladder);
    }
}

// A library that has some cores and chooses `own` itself; cores in `broken` compute wrongly.
static struct {
    const char *own, *cores, *broken;
    char running[MS_CORE_NAME];
} library;

static bool test_running(char *why, size_t size)
{
    snprintf(why, size, "sgemm");
    return !strstr(library.broken, library.running);
}

// Starts the program as long as the search asks for it. Returns how it ended; the starts in *n.
static enum ms_core_move start(const struct ms_processor *p, struct ms_core_search *s, int *n)
{
    char text[MS_BLAS_NOTE + 64] = "";
    snprintf(library.running, sizeof library.running, "%s", library.own);
    for (*n = 1;; ++*n) {
        REQUIRE(*n <= MS_CORE_LADDER + 1);
        *s = ms_core_parse(*text ? text : NULL);
        const enum ms_core_move move = ms_core_decide(s, p, library.running, test_running);
        if (move != MS_CORE_AGAIN)
            return move;
        const char *wanted = ms_core_wanted(s, p);
        snprintf(library.running, sizeof library.running, "%s",
                 strstr(library.cores, wanted) ? wanted : library.own);
        ms_core_text(s, text, sizeof text);
    }
}

static void test_search(void)
{
    const struct ms_cpuid id = XEON_207;
    const struct ms_processor p = ms_core_processor(&id);
    static const struct {
        const char *title, *own, *cores, *broken, *runs, *note;
        int starts;
    } rows[] = {
        {"known", "SkylakeX", "SkylakeX Prescott", "-", "SkylakeX", "", 1},
        {"not known", "Prescott", "SkylakeX Haswell Prescott", "-", "SkylakeX",
         "OpenBLAS itself chose Prescott, which does not use this processor's AVX-512", 2},
        {"not there", "Prescott", "Haswell Prescott", "-", "Haswell",
         "this OpenBLAS does not have SkylakeX; OpenBLAS itself chose Prescott, which does not use "
         "this processor's AVX-512",
         3},
        {"nothing else there", "Prescott", "Prescott", "-", "Prescott",
         "this OpenBLAS does not have SkylakeX; this OpenBLAS does not have Haswell; this OpenBLAS "
         "does not have Zen; this OpenBLAS does not have Sandybridge; this OpenBLAS does not have "
         "Nehalem",
         6},
        {"wrong", "Prescott", "SkylakeX Haswell Prescott", "SkylakeX", "Haswell",
         "SkylakeX fails the self-test (sgemm); OpenBLAS itself chose Prescott, which does not use "
         "this processor's AVX-512",
         3},
        {"own choice is wrong", "SkylakeX", "SkylakeX Haswell Prescott", "SkylakeX", "Haswell",
         "SkylakeX fails the self-test (sgemm)", 2},
        {"only the oldest is right", "SkylakeX",
         "SkylakeX Haswell Zen Sandybridge Nehalem Prescott",
         "SkylakeX Haswell Zen Sandybridge Nehalem", "Prescott", NULL, 6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].title);
        struct ms_core_search s;
        int starts;
        library.own = rows[i].own;
        library.cores = rows[i].cores;
        library.broken = rows[i].broken;
        CHECK_INT(start(&p, &s, &starts), MS_CORE_STAY);
        CHECK_STR(library.running, rows[i].runs);
        CHECK_INT(starts, rows[i].starts);
        if (rows[i].note)
            CHECK_STR(s.note, rows[i].note);
    }
    struct ms_core_search s;
    int starts;
    library.own = "Prescott";
    library.cores = "Haswell Prescott";
    library.broken = "Haswell Prescott";
    CHECK_INT(start(&p, &s, &starts), MS_CORE_NONE);
    CHECK(strstr(s.note, "Prescott fails the self-test") != NULL);
}

static void test_text(void)
{
    static const char *const wrong[] = {"",
                                        "Prescott",
                                        "Prescott x",
                                        "Prescott 1 x",
                                        "Prescott -1 0 ",
                                        "Prescott 99 0 ",
                                        "a-name-far-longer-than-any-core 1 0 "};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("'%s'", wrong[i]);
        CHECK_STR(ms_core_parse(wrong[i]).own, "");
    }
    CHECK_STR(ms_core_parse(NULL).own, "");
    const struct ms_core_search s = {"Prescott", 2, true, "one; two"};
    char text[MS_BLAS_NOTE + 64];
    const struct ms_core_search back = ms_core_parse(ms_core_text(&s, text, sizeof text));
    CHECK_STR(back.own, s.own);
    CHECK_INT(back.step, s.step);
    CHECK(back.asked);
    CHECK_STR(back.note, s.note);
}

static void test_peak_and_list(void)
{
    static const struct {
        const char *title;
        int flops;
    } rows[] = {{"Xeon 207", 64},
                {"EPYC 25/17: Zen 4", 32},
                {"EPYC 26/2: Zen 5", 64},
                {"EPYC 23/49: Zen 2", 32},
                {"Core 42: Sandy Bridge", 16},
                {"Core 2, model 15", 8},
                {"no x86", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof processors / sizeof *processors; k++) {
            CASE("%s", processors[k].title);
            const struct ms_processor p = ms_core_processor(&processors[k].id);
            if (strcmp(rows[i].title, processors[k].title) == 0)
                CHECK_INT(ms_core_flops_per_cycle(&p), rows[i].flops);
        }
    struct ms_processor p = {.x86 = true, .amd = true, .vectors = MS_VECTORS_AVX512};
    char list[MS_CORE_LIST];
    CHECK_STR(ms_core_list(&p, list, sizeof list),
              "SkylakeX Haswell Zen Sandybridge Nehalem Prescott");
    p.vectors = MS_VECTORS_SSE42;
    CHECK_STR(ms_core_list(&p, list, sizeof list), "Nehalem Prescott");
    p.x86 = false;
    CHECK_STR(ms_core_list(&p, list, sizeof list), "");
    CHECK_NEAR(ms_core_ghz("processor\t: 0\ncpu MHz\t\t: 2596.134\ncache size : 1\n"), 2.596134,
               1e-12);
    CHECK_NEAR(ms_core_ghz("processor : 0\nBogoMIPS : 50.00\n"), 0, 0); // aarch64
    CHECK_NEAR(ms_core_ghz("cpu MHz : unknown\n"), 0, 0);
}

int main(void)
{
    test_processors();
    test_peak_and_list();
    test_search();
    test_text();
    return check_done();
}
