// SPDX-License-Identifier: MIT
//
// A worker's share of a machine is the machine's memory divided by the workers on it; of a control
// group likewise. The smallest share of all is every worker's, because any trial may come to any of
// them. Rank 0 is not counted: it holds the data set, which is shared, and little else.
#include "cluster.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool same_machine(const struct ms_rank_facts *a, const struct ms_rank_facts *b)
{
    if (a->memory.kernel[0] && b->memory.kernel[0])
        return strcmp(a->memory.kernel, b->memory.kernel) == 0;
    return strcmp(a->host, b->host) == 0;
}

static bool same_group(const struct ms_rank_facts *a, const struct ms_rank_facts *b)
{
    return same_machine(a, b) && strcmp(a->memory.group, b->memory.group) == 0;
}

static void take_share(struct ms_cluster *c, double bytes, const char *of, const char *host,
                       int workers)
{
    if (!(bytes > 0) || (c->worker_bytes > 0 && c->worker_bytes <= bytes / workers))
        return;
    c->worker_bytes = bytes / workers;
    snprintf(c->memory, sizeof c->memory, "%.3g GB of %s%s for %d worker%s", bytes / 1e9, of, host,
             workers, workers == 1 ? "" : "s");
}

static void share_memory(const struct ms_rank_facts *rank, int n, struct ms_cluster *c)
{
    for (int i = 1; i < n; i++) {
        int on_machine = 0, in_group = 0;
        if (i > 1 && same_group(&rank[i], &rank[i - 1]))
            continue;
        for (int k = 1; k < n; k++) {
            on_machine += same_machine(&rank[i], &rank[k]);
            in_group += same_group(&rank[i], &rank[k]);
        }
        take_share(c, rank[i].memory.bytes, "", rank[i].host, on_machine);
        take_share(c, rank[i].memory.group_bytes, "the control group on ", rank[i].host, in_group);
    }
}

// --- cores -------------------------------------------------------------------

static bool lists(const char *cores, const char *core, size_t n)
{
    for (const char *p = cores; *p; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == n && strncmp(p, core, n) == 0)
            return true;
    return false;
}

// Takes the best core that all workers could run, if they run different ones and no user chose any.
// All lists have one order, so the choice does not depend on which worker is the first.
static void find_common(const struct ms_rank_facts *rank, int n, struct ms_cluster *c)
{
    bool same = true, ours = true;
    for (int i = 1; i < n; i++) {
        same = same && strcmp(rank[i].core, rank[1].core) == 0;
        ours = ours && !rank[i].by_user;
    }
    if (same || !ours)
        return;
    for (const char *p = rank[1].cores; *p && !c->common; p += strcspn(p, " "), p += *p == ' ') {
        const size_t length = strcspn(p, " ");
        bool all = length < sizeof c->core;
        for (int i = 2; all && i < n; i++)
            all = lists(rank[i].cores, p, length);
        if (!all)
            continue;
        c->common = true;
        snprintf(c->core, sizeof c->core, "%.*s", (int)length, p);
        snprintf(c->core_note, sizeof c->core_note,
                 "the workers' processors differ, and it is the best core that all of them have");
    }
}

// What the rank computes with once all have the common core.
static void computes_with(const struct ms_rank_facts *r, const struct ms_cluster *c, char *out,
                          size_t size)
{
    char word[sizeof r->core + 3]; // as ms_train_provenance writes it
    snprintf(word, sizeof word, " %s,", r->core);
    const char *core = c->common ? strstr(r->blas, word) : NULL;
    if (core)
        snprintf(out, size, "%.*s %s%s", (int)(core - r->blas), r->blas, c->core,
                 core + strlen(word) - 1);
    else
        snprintf(out, size, "%s", r->blas);
}

// Adds "what on host" of every kind of worker; the last ones are left out where there is no room.
static void compare_workers(const struct ms_rank_facts *rank, int n, struct ms_cluster *c)
{
    size_t at = 0;
    int kinds = 0;
    for (int i = 1; i < n; i++) {
        char own[160], other[160];
        int first = 0, workers = 0;
        computes_with(&rank[i], c, own, sizeof own);
        for (int k = 1; k < n; k++) {
            computes_with(&rank[k], c, other, sizeof other);
            const bool same = strcmp(own, other) == 0;
            first = first || !same ? first : k;
            workers += same;
        }
        if (first < i)
            continue;
        kinds++;
        char text[300];
        const int length =
            snprintf(text, sizeof text, "%s%s (%d worker%s, such as on %s)", at ? "; " : "", own,
                     workers, workers == 1 ? "" : "s", rank[i].host);
        if (at + (size_t)length + 1 < sizeof c->differs) {
            memcpy(c->differs + at, text, (size_t)length + 1);
            at += (size_t)length;
        }
    }
    if (kinds <= 1)
        c->differs[0] = 0;
}

void ms_cluster_of(const struct ms_rank_facts *rank, int n, struct ms_cluster *out)
{
    *out = (struct ms_cluster){0};
    share_memory(rank, n, out);
    find_common(rank, n, out);
    compare_workers(rank, n, out);
    if (out->common && out->differs[0]) { // it would cost speed and bring no equal bits
        out->common = false;
        out->core_note[0] = 0;
        compare_workers(rank, n, out);
    }
    if (!out->common)
        memcpy(out->core, rank[n > 1].core, sizeof out->core);
    for (int i = 1; i < n; i++) { // a remark on any of them is worth more than none
        if (!out->core_note[0])
            memcpy(out->core_note, rank[i].core_note, sizeof out->core_note);
        if (!(out->gflops > 0))
            out->gflops = rank[i].gflops;
    }
}
