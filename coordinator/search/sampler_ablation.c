// SPDX-License-Identifier: MIT
//
// Ablation (C. Fawcett, H. H. Hoos: "Analysing differences between algorithm configurations through
// ablation", J. Heuristics 22, 2016): which of the differences between two configurations make the
// difference? Trial 0 is the one, trial 1 the other; a path leads from the first to the second.
// Each round runs every remaining step of one parameter (with the parameters that depend on it)
// from where the path stands, and the best becomes the next stand. The last step is trial 1 itself.
//
// n differences are n(n+1)/2 + 1 trials at most. A round's trials run side by side; the next round
// waits for all of them, so the path is the same on any number of workers. Steps that "require"
// forbids are left out; a step without a result is the last to be taken.
//
// The state keeps every point and finds the path anew for each proposal, from the points and the
// history alone: a continued store needs nothing else.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "sampler_internal.h"

struct path {
    int width;
    int64_t n; // points so far
    size_t room;
    double *point;  // (n, width)
    double *stand;  // (width)
    double *step;   // (width) scratch
    int64_t end;    // trials up to here belong to the round that is being proposed
    int64_t needed; // results that it needs
    bool no_memory;
};

static int start(const struct ms_space *space, const double *arg, void **state,
                 struct ms_error *err)
{
    (void)arg;
    struct path *path = calloc(1, sizeof *path);
    double *stand = malloc((2 * (size_t)space->n + 1) * sizeof *stand);
    if (!path || !stand) {
        free(path);
        free(stand);
        return ms_no_memory(err, "a path");
    }
    path->width = space->n;
    path->stand = stand;
    path->step = stand + space->n;
    *state = path;
    return 0;
}

static void clear(void *state)
{
    struct path *path = state;
    free(path->point);
    free(path->stand);
    free(path);
}

static void took(void *state, int64_t trial, const double *point)
{
    struct path *path = state;
    const size_t width = (size_t)path->width;
    (void)trial;
    if (ms_grow(&path->point, &path->room, ((size_t)path->n + 1) * width + 1, sizeof *path->point,
                "a path", NULL)) {
        path->no_memory = true; // the next proposal reports it
        return;
    }
    memcpy(path->point + (size_t)path->n * width, point, width * sizeof *point);
    path->n++;
}

static int64_t needs(void *state, int64_t trial)
{
    const struct path *path = state;
    if (trial <= 2) // the first round needs no results
        return 0;
    return trial < path->end ? path->needed : trial;
}

static const double *point_of(const struct path *path, int64_t i)
{
    return path->point + (size_t)i * (size_t)path->width;
}

// The best of the trials [first, end): the earliest of equal ones, whatever failed last.
static int64_t best_of(const struct ms_history *h, int64_t first, int64_t end)
{
    int64_t best = first;
    double least = INFINITY;
    for (int64_t i = 0; i < h->n; i++) {
        const int64_t trial = h->item[i].trial;
        if (trial >= first && trial < end && h->item[i].value < least) {
            least = h->item[i].value;
            best = trial;
        }
    }
    return best;
}

static bool allowed(const struct ms_proposal *p, const double *point)
{
    return !p->is_free || p->is_free(p->sampler, point);
}

// Goes through the steps of the round that begins with trial `first`. Those that are trials already
// are passed; the first that is none is the proposal: returns true, and point has it. *end: behind
// the round's trials so far.
static bool propose_step(struct path *path, const struct ms_proposal *p, int64_t first,
                         double *point, int64_t *end)
{
    const double *to = point_of(path, 1);
    bool found = false;
    *end = first;
    for (int i = 0; i < path->width; i++) {
        if (!ms_space_differs(p->space, path->stand, to, i))
            continue;
        ms_space_toward(p->space, path->stand, to, i, path->step);
        if (*end < path->n && ms_space_point_equal(p->space, path->step, point_of(path, *end))) {
            ++*end;
        } else if (*end >= path->n && allowed(p, path->step)) {
            if (!found)
                memcpy(point, path->step, (size_t)path->width * sizeof *point);
            found = true;
            ++*end;
        }
    }
    return found;
}

static int propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    struct path *path = state;
    if (path->no_memory)
        return ms_no_memory(err, "a path");
    if (p->trial < 2) { // what try_first leaves open takes its first value
        for (int i = 0; i < path->width; i++)
            point[i] = 0;
        ms_space_from_unit(p->space, point, point);
        return p->draw > 0;
    }
    memcpy(path->stand, point_of(path, 0), (size_t)path->width * sizeof *path->stand);
    for (int64_t first = 2, end;; first = end) {
        int left = 0;
        for (int i = 0; i < path->width; i++)
            left += ms_space_differs(p->space, path->stand, point_of(path, 1), i);
        if (left < 2 || p->draw > 0)
            return 1;
        if (propose_step(path, p, first, point, &end)) {
            path->end = end;
            path->needed = first > 2 ? first : 0;
            return 0;
        }
        if (end == first) // require forbids every step
            return 1;
        const int64_t best = best_of(p->history, first, end);
        memcpy(path->stand, point_of(path, best), (size_t)path->width * sizeof *path->stand);
    }
}

const struct ms_sampler_ops ms_sampler_ablation = {.learns = true,
                                                   .from_first = true,
                                                   .start = start,
                                                   .clear = clear,
                                                   .propose = propose,
                                                   .took = took,
                                                   .needs = needs};
