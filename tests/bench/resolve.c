// SPDX-License-Identifier: MIT
//
// How many executions resolving needs until one trial is left, against an equal share for all
// trials by the same rounds and levels: medians over simulated sweeps, and how often the truly best
// trial is among those left. "hindsight" is the smallest equal share that would have done, found by
// looking after every execution at the whole level: no rule that can be followed, for comparison.
//
//     resolve [--sweeps 200] [--below 0.6]
//
// --below exits 1 if the median of resolving is a larger part of that of equal shares in any row.
// A sweep that is not resolved within 400 executions a trial counts as those.
#include <stdio.h>
#include <string.h>

#include "resolve_sim.h"

// The best two of k trials are about spread/k apart: what is to be told has to be a few times the
// noise, or nobody reaches one trial.
static const struct sim rows[] = {
    {.k = 10, .n = 3, .spread = 0.03, .noise = 0.003, .het = 0.7},
    {.k = 10, .n = 5, .spread = 0.03, .noise = 0.003, .het = 0.7},
    {.k = 30, .n = 3, .spread = 0.05, .noise = 0.003, .het = 0.7},
    {.k = 60, .n = 3, .spread = 0.1, .noise = 0.003, .het = 0.7},
    {.k = 60, .n = 5, .spread = 0.1, .noise = 0.003, .het = 0.7},
    {.k = 200, .n = 3, .spread = 0.3, .noise = 0.003, .het = 0.7},
    {.k = 200, .n = 2, .spread = 0.3, .noise = 0.003, .het = 0.3},
};

static int compare_int64(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double median(int64_t *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, compare_int64);
    return ((double)v[(n - 1) / 2] + (double)v[n / 2]) / 2;
}

// One row; returns the part of the equal share that resolving needs, < 0: an error.
static double print_row(struct sim s, int sweeps)
{
    int64_t *resolved = malloc((size_t)sweeps * sizeof *resolved);
    int64_t *equal = malloc((size_t)sweeps * sizeof *equal);
    int64_t *hindsight = malloc((size_t)sweeps * sizeof *hindsight);
    int done = 0, equal_done = 0, right = 0, equal_right = 0;
    struct ms_error err = {0};
    double part = -1;
    int status = resolved && equal && hindsight ? 0 : MS_ENOMEM;
    s.most = (int64_t)400 * s.k;
    for (int i = 0; !status && i < sweeps; i++) {
        struct sim_result r = {0};
        s.seed = (uint64_t)i;
        status = sim_resolve(&s, &r, &err);
        if (!status)
            status = sim_equal(&s, &r, &err);
        if (!status)
            status = sim_hindsight(&s, &r, &err);
        if (status)
            break;
        resolved[i] = r.resolved;
        equal[i] = r.equal;
        hindsight[i] = r.hindsight;
        done += r.done;
        equal_done += r.equal_done;
        right += r.right;
        equal_right += r.equal_right;
    }
    if (!status) {
        const double a = median(resolved, sweeps), b = median(equal, sweeps);
        part = a / b;
        printf("%5d %4d %7g %7g %5g %10.0f %10.0f %7.3f %6.3f %6.3f %6.3f %6.3f %10.0f\n", s.k, s.n,
               s.spread, s.noise, s.het, a, b, part, (double)done / sweeps, (double)right / sweeps,
               (double)equal_done / sweeps, (double)equal_right / sweeps,
               median(hindsight, sweeps));
        fflush(stdout);
    }
    free(resolved);
    free(equal);
    free(hindsight);
    return part;
}

int main(int argc, char **argv)
{
    int sweeps = 200;
    double below = INFINITY;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--sweeps") == 0)
            sweeps = (int)strtol(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--below") == 0)
            below = strtod(argv[i + 1], NULL);
    }
    bool failed = false;
    printf("trials   n  spread   noise   het   resolved      equal    part   done  right"
           "   equal: done right   hindsight\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double part = print_row(rows[i], sweeps > 0 ? sweeps : 1);
        failed = failed || part < 0 || part > below;
    }
    return failed;
}
