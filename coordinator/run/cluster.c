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

// Adds "what on host" of every kind of worker; the last ones are left out where there is no room.
static void compare_workers(const struct ms_rank_facts *rank, int n, struct ms_cluster *c)
{
    size_t at = 0;
    int kinds = 0;
    for (int i = 1; i < n; i++) {
        int first = 1, workers = 0;
        while (strcmp(rank[first].blas, rank[i].blas) != 0)
            first++;
        if (first < i)
            continue;
        for (int k = 1; k < n; k++)
            workers += strcmp(rank[k].blas, rank[i].blas) == 0;
        kinds++;
        char text[240];
        const int length =
            snprintf(text, sizeof text, "%s%s (%d worker%s, such as on %s)", at ? "; " : "",
                     rank[i].blas, workers, workers == 1 ? "" : "s", rank[i].host);
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
    compare_workers(rank, n, out);
    const struct ms_rank_facts *first = &rank[n > 1];
    memcpy(out->core, first->core, sizeof out->core);
    memcpy(out->core_note, first->core_note, sizeof out->core_note);
    for (int i = 1; i < n; i++) { // a remark on any of them is worth more than none
        if (!out->core_note[0])
            memcpy(out->core_note, rank[i].core_note, sizeof out->core_note);
        if (!(out->gflops > 0))
            out->gflops = rank[i].gflops;
    }
}
