// SPDX-License-Identifier: MIT
//
// Cores are rows of a table, from the most vectors to the fewest; a ladder is a walk over it. A
// core without a row is newer than this table: its OpenBLAS knows the processor better.
//
// Features by Intel's manual 2A (CPUID) and 1 (13.3, 14.3, 15.2): AVX needs XCR0's bits 1 and 2,
// AVX-512 also bits 5 to 7.
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct core {
    const char *name;
    enum ms_vectors vectors;
    bool any; // runs on every processor with these vectors, and any OpenBLAS takes it by its name
    bool amd; // tuned for AMD's
} cores[] = {
    {"SkylakeX", MS_VECTORS_AVX512, true, false},
    {"Cooperlake", MS_VECTORS_AVX512, false, false},
    {"SapphireRapids", MS_VECTORS_AVX512, false, false},
    {"Haswell", MS_VECTORS_AVX2, true, false},
    {"Zen", MS_VECTORS_AVX2, true, true},
    {"Excavator", MS_VECTORS_AVX2, false, true},
    {"Sandybridge", MS_VECTORS_AVX, true, false},
    {"Steamroller", MS_VECTORS_AVX, false, true},
    {"Piledriver", MS_VECTORS_AVX, false, true},
    {"Bulldozer", MS_VECTORS_AVX, false, true},
    {"Nehalem", MS_VECTORS_SSE42, true, false},
    {"Atom", MS_VECTORS_SSE42, false, false},
    {"Prescott", MS_VECTORS_SSE2, true, false},
    {"Core2", MS_VECTORS_SSE2, false, false},
    {"Penryn", MS_VECTORS_SSE2, false, false},
    {"Dunnington", MS_VECTORS_SSE2, false, false},
    {"Nano", MS_VECTORS_SSE2, false, false},
    {"Bobcat", MS_VECTORS_SSE2, false, true},
    {"Barcelona", MS_VECTORS_SSE2, false, true},
    {"Opteron_SSE3", MS_VECTORS_SSE2, false, true},
    {"Opteron", MS_VECTORS_SSE2, false, true},
    {"Athlon", MS_VECTORS_SSE2, false, true},
    {"Banias", MS_VECTORS_SSE2, false, false},
    {"Northwood", MS_VECTORS_SSE2, false, false},
    {"Coppermine", MS_VECTORS_SSE2, false, false},
    {"Katmai", MS_VECTORS_SSE2, false, false},
};
enum { N_CORES = sizeof cores / sizeof *cores };

static const struct core *find(const char *name)
{
    for (int i = 0; i < N_CORES; i++)
        if (strcasecmp(cores[i].name, name) == 0)
            return &cores[i];
    return NULL;
}

const char *ms_core_vectors_name(enum ms_vectors vectors)
{
    static const char *const names[] = {[MS_VECTORS_SSE2] = "SSE2",
                                        [MS_VECTORS_SSE42] = "SSE4.2",
                                        [MS_VECTORS_AVX] = "AVX",
                                        [MS_VECTORS_AVX2] = "AVX2",
                                        [MS_VECTORS_AVX512] = "AVX-512"};
    return names[vectors];
}

// --- the processor -----------------------------------------------------------

static bool has(uint64_t bits, uint64_t all)
{
    return (bits & all) == all;
}

static enum ms_vectors vectors_of(const struct ms_cpuid *id)
{
    enum { FMA = 1u << 12, SSE42 = 1u << 20, OSXSAVE = 1u << 27, AVX = 1u << 28 };
    enum { AVX2 = 1u << 5 };
    const uint32_t avx512 = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31; // F DQ CD BW VL
    const uint32_t leaf7 = id->top >= 7 ? id->leaf7_ebx : 0;
    const uint64_t xcr0 = has(id->leaf1_ecx, OSXSAVE) ? id->xcr0 : 0;
    if (!has(id->leaf1_ecx, SSE42))
        return MS_VECTORS_SSE2;
    if (!has(id->leaf1_ecx, AVX) || !has(xcr0, 0x6))
        return MS_VECTORS_SSE42;
    if (!has(id->leaf1_ecx, FMA) || !has(leaf7, AVX2))
        return MS_VECTORS_AVX;
    return has(leaf7, avx512) && has(xcr0, 0xe6) ? MS_VECTORS_AVX512 : MS_VECTORS_AVX2;
}

struct ms_processor ms_core_processor(const struct ms_cpuid *id)
{
    struct ms_processor p = {.x86 = id->top > 0};
    if (!p.x86)
        return p;
    p.amd = strcmp(id->vendor, "AuthenticAMD") == 0 || strcmp(id->vendor, "HygonGenuine") == 0;
    p.family = (int)(id->version >> 8 & 0xf);
    p.model = (int)(id->version >> 4 & 0xf);
    if (p.family == 6 || p.family == 15)
        p.model += (int)(id->version >> 16 & 0xf) << 4;
    if (p.family == 15)
        p.family += (int)(id->version >> 20 & 0xff);
    p.vectors = vectors_of(id);
    return p;
}

// Multiplication and addition are one operation each. Two units of fused operations from AVX2 on
// (Agner Fog's microarchitecture.pdf); AMD's before family 26 split AVX-512 into halves.
int ms_core_flops_per_cycle(const struct ms_processor *p)
{
    static const int flops[] = {[MS_VECTORS_SSE2] = 8,
                                [MS_VECTORS_SSE42] = 8,
                                [MS_VECTORS_AVX] = 16,
                                [MS_VECTORS_AVX2] = 32,
                                [MS_VECTORS_AVX512] = 64};
    if (!p->x86)
        return 0;
    return p->vectors == MS_VECTORS_AVX512 && p->amd && p->family < 26 ? 32 : flops[p->vectors];
}

double ms_core_ghz(const char *cpuinfo)
{
    const char *line = strstr(cpuinfo, "cpu MHz");
    double mhz = 0;
    return line && sscanf(line, "cpu MHz : %lf", &mhz) == 1 && mhz > 0 ? mhz / 1e3 : 0;
}

// --- the ladder --------------------------------------------------------------

// Appends the cores for any processor with so many vectors, those tuned for this maker first.
static int add_cores(const struct ms_processor *p, enum ms_vectors vectors, const char *but,
                     const char **ladder, int n)
{
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < N_CORES; i++)
            if (cores[i].any && cores[i].vectors == vectors && (cores[i].amd == p->amd) == !round &&
                strcasecmp(cores[i].name, but) != 0)
                ladder[n++] = cores[i].name;
    return n;
}

int ms_core_ladder(const struct ms_processor *p, const char *own,
                   const char *ladder[MS_CORE_LADDER])
{
    const struct core *c = find(own);
    int n = 0;
    if (!p->x86 || !c) {
        ladder[n++] = own;
        return n;
    }
    for (int v = (int)p->vectors; v > (int)c->vectors; v--)
        n = add_cores(p, (enum ms_vectors)v, own, ladder, n);
    ladder[n++] = own;
    for (int v = (int)(p->vectors < c->vectors ? p->vectors : c->vectors); v >= 0; v--)
        n = add_cores(p, (enum ms_vectors)v, own, ladder, n);
    return n;
}

char *ms_core_list(const struct ms_processor *p, char *out, size_t size)
{
    size_t n = 0;
    out[0] = 0;
    for (int i = 0; p->x86 && i < N_CORES; i++)
        if (cores[i].any && cores[i].vectors <= p->vectors && n < size)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " " : "", cores[i].name);
    return out;
}

// --- the search --------------------------------------------------------------

// Adds a remark to the note, whole or not at all.
static void remark(struct ms_core_search *s, const char *text)
{
    const size_t n = strlen(s->note);
    if (n + strlen(text) + 3 < sizeof s->note)
        snprintf(s->note + n, sizeof s->note - n, "%s%s", n ? "; " : "", text);
}

const char *ms_core_wanted(const struct ms_core_search *s, const struct ms_processor *p)
{
    const char *ladder[MS_CORE_LADDER];
    const int n = ms_core_ladder(p, s->own, ladder);
    return s->step < n ? ladder[s->step] : s->own;
}

static void explain(struct ms_core_search *s, const struct ms_processor *p, const char *running)
{
    char text[160];
    const struct core *own = find(s->own), *now = find(running);
    if (own && now && now->vectors > own->vectors) {
        snprintf(text, sizeof text,
                 "OpenBLAS itself chose %s, which does not use this processor's %s", s->own,
                 ms_core_vectors_name(p->vectors));
        remark(s, text);
    }
}

enum ms_core_move ms_core_decide(struct ms_core_search *s, const struct ms_processor *p,
                                 const char *running, ms_core_test test)
{
    if (!s->own[0])
        snprintf(s->own, sizeof s->own, "%s", running);
    const char *ladder[MS_CORE_LADDER];
    const int n = ms_core_ladder(p, s->own, ladder);
    for (; s->step < n; s->step++, s->asked = false) {
        char why[120] = "", text[200];
        if (strcasecmp(running, ladder[s->step]) == 0) {
            if (test(why, sizeof why)) {
                explain(s, p, running);
                return MS_CORE_STAY;
            }
            snprintf(text, sizeof text, "%s fails the self-test (%s)", ladder[s->step], why);
        } else if (!s->asked) {
            s->asked = true;
            return MS_CORE_AGAIN;
        } else {
            snprintf(text, sizeof text, "this OpenBLAS does not have %s", ladder[s->step]);
        }
        remark(s, text);
    }
    return MS_CORE_NONE;
}

char *ms_core_text(const struct ms_core_search *s, char *out, size_t size)
{
    snprintf(out, size, "%s %d %d %s", s->own, s->step, s->asked, s->note);
    return out;
}

struct ms_core_search ms_core_parse(const char *text)
{
    struct ms_core_search s = {0};
    int step, asked, end = 0;
    if (!text || sscanf(text, "%23s %d %d%n", s.own, &step, &asked, &end) != 3 || step < 0 ||
        step > MS_CORE_LADDER)
        return (struct ms_core_search){0};
    s.step = step;
    s.asked = asked;
    snprintf(s.note, sizeof s.note, "%s", text[end] ? text + end + 1 : "");
    return s;
}
