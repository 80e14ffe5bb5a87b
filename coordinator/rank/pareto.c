// SPDX-License-Identifier: MIT
//
// Efficient nondominated sort (Zhang, Tian, Cheng & Jin 2015): points are taken in lexicographic
// order, so that one can only be dominated by those before it, and joins the first front in which
// nothing dominates it. That front is found by bisection, because what a front dominates, the
// fronts before it dominate, too.
//
// With two goals the last member of a front decides alone: in lexicographic order the second goal
// falls along a front, so that the last one has the smallest (Jensen 2003).
#include "pareto.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

struct sort {
    const double *value; // (n, goals)
    int goals;
    int64_t *order; // points with all values, in lexicographic order
    int64_t n;
    int64_t *last;   // of each front: its last member
    int64_t *before; // of each member: the one before it in its front; -1: none
    int fronts;
};

static int compare(const struct sort *s, int64_t a, int64_t b)
{
    const double *x = s->value + a * s->goals, *y = s->value + b * s->goals;
    for (int i = 0; i < s->goals; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

// Merge sort, as qsort takes no context; stable, so that equal points stay in their order.
static void sort_range(const struct sort *s, int64_t *from, int64_t *scratch, int64_t n)
{
    if (n < 2)
        return;
    int64_t half = n / 2, a = 0, b = half;
    sort_range(s, from, scratch, half);
    sort_range(s, from + half, scratch, n - half);
    for (int64_t i = 0; i < n; i++)
        scratch[i] =
            b == n || (a < half && compare(s, from[a], from[b]) <= 0) ? from[a++] : from[b++];
    memcpy(from, scratch, (size_t)n * sizeof *from);
}

// a comes before b in the order and is not equal to it.
static bool dominates(const struct sort *s, int64_t a, int64_t b)
{
    const double *x = s->value + a * s->goals, *y = s->value + b * s->goals;
    for (int i = 1; i < s->goals; i++)
        if (x[i] > y[i])
            return false;
    return true;
}

static bool front_dominates(const struct sort *s, int front, int64_t point)
{
    if (s->goals <= 2)
        return dominates(s, s->last[front], point);
    for (int64_t member = s->last[front]; member >= 0; member = s->before[member])
        if (dominates(s, member, point))
            return true;
    return false;
}

static int find_front(const struct sort *s, int64_t point)
{
    int lo = 0, hi = s->fronts;
    while (lo < hi) {
        int middle = lo + (hi - lo) / 2;
        if (front_dominates(s, middle, point))
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static void fill_fronts(struct sort *s, int *front)
{
    for (int64_t i = 0; i < s->n; i++) {
        int64_t point = s->order[i];
        if (i > 0 && compare(s, s->order[i - 1], point) == 0) {
            front[point] = front[s->order[i - 1]]; // it would only be looked at twice
            continue;
        }
        int k = find_front(s, point);
        s->before[point] = k < s->fronts ? s->last[k] : -1;
        s->fronts += k == s->fronts;
        s->last[k] = point;
        front[point] = k + 1;
    }
}

int ms_pareto_fronts(const double *value, int64_t n, int goals, int *front, struct ms_error *err)
{
    size_t room = n > 0 ? (size_t)n : 1;
    int64_t *memory = calloc(4 * room, sizeof *memory);
    if (!memory)
        return ms_no_memory(err, "the ranking of %lld trials", (long long)n);
    struct sort s = {.value = value,
                     .goals = goals,
                     .order = memory,
                     .last = memory + room,
                     .before = memory + 2 * room};
    for (int64_t i = 0; i < n; i++) {
        bool all = true;
        for (int k = 0; k < goals; k++)
            all = all && !isnan(value[i * goals + k]);
        front[i] = 0;
        if (all)
            s.order[s.n++] = i;
    }
    sort_range(&s, s.order, memory + 3 * room, s.n);
    fill_fronts(&s, front);
    free(memory);
    return 0;
}
