// SPDX-License-Identifier: MIT
//
// A step that does not decrease the value is taken back, and the memory of curvature is dropped; a
// second failure along the plain gradient ends the search. So the value never gets worse and the
// search always ends.
#include "minimize.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

enum { MEMORY = 8, MAX_HALVINGS = 20 };

// Sufficient decrease; as in Nocedal and Wright, "Numerical optimization", chapter 3.
#define DECREASE 1e-4

struct memory {
    int n, used, next; // variables; pairs kept; place of the next pair
    double *s, *y;     // (MEMORY, n) steps and changes of the gradient
    double rho[MEMORY];
};

struct work {
    struct memory memory;
    double *gradient, *trial, *trial_gradient, *direction; // (n)
    bool *held;                                            // (n) a bound holds it
};

static double dot(int n, const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void remember(struct memory *m, const double *x0, const double *x1, const double *g0,
                     const double *g1)
{
    double *s = m->s + (size_t)m->next * (size_t)m->n, *y = m->y + (size_t)m->next * (size_t)m->n;
    for (int i = 0; i < m->n; i++) {
        s[i] = x1[i] - x0[i];
        y[i] = g1[i] - g0[i];
    }
    double sy = dot(m->n, s, y);
    if (!(sy > 1e-12 * sqrt(dot(m->n, s, s) * dot(m->n, y, y))))
        return; // only positive curvature gives a descent direction
    m->rho[m->next] = 1 / sy;
    m->next = (m->next + 1) % MEMORY;
    if (m->used < MEMORY)
        m->used++;
}

static void keep_free(int n, const bool *held, double *v)
{
    for (int i = 0; i < n; i++)
        if (held[i])
            v[i] = 0;
}

// direction = - H gradient, over the free variables.
static void quasi_newton(const struct work *w, double *direction)
{
    const struct memory *m = &w->memory;
    double alpha[MEMORY], scale = 1;
    int n = m->n;
    for (int i = 0; i < n; i++)
        direction[i] = w->held[i] ? 0 : -w->gradient[i];
    for (int k = 0; k < m->used; k++) {
        int at = (m->next - 1 - k + 2 * MEMORY) % MEMORY;
        const double *s = m->s + (size_t)at * (size_t)n, *y = m->y + (size_t)at * (size_t)n;
        alpha[at] = m->rho[at] * dot(n, s, direction);
        for (int i = 0; i < n; i++)
            direction[i] -= alpha[at] * y[i];
        if (k == 0)
            scale = 1 / (m->rho[at] * dot(n, y, y));
    }
    for (int i = 0; i < n; i++)
        direction[i] *= scale;
    for (int k = m->used - 1; k >= 0; k--) {
        int at = (m->next - 1 - k + 2 * MEMORY) % MEMORY;
        const double *s = m->s + (size_t)at * (size_t)n, *y = m->y + (size_t)at * (size_t)n;
        double beta = m->rho[at] * dot(n, y, direction);
        for (int i = 0; i < n; i++)
            direction[i] += (alpha[at] - beta) * s[i];
    }
    keep_free(n, w->held, direction);
}

// Marks the variables that the gradient pushes against the bound they stand at. Returns the largest
// gradient component of the others.
static double hold(const struct ms_minimize *p, const double *x, struct work *w)
{
    double largest = 0;
    for (int i = 0; i < p->n; i++) {
        double g = w->gradient[i];
        w->held[i] = (x[i] <= p->lo[i] && g > 0) || (x[i] >= p->hi[i] && g < 0);
        if (!w->held[i])
            largest = fmax(largest, fabs(g));
    }
    return largest;
}

// Searches along the projected direction. True: trial is a better point, with *value and
// trial_gradient.
static bool search(const struct ms_minimize *p, struct work *w, const double *x, double *value,
                   int *left)
{
    double step = 1, largest = 0;
    for (int i = 0; i < p->n; i++)
        largest = fmax(largest, fabs(w->direction[i]));
    if (w->memory.used == 0 && largest > 0) { // the scale is unknown: try a tenth of the box
        double room = INFINITY;
        for (int i = 0; i < p->n; i++)
            if (w->direction[i] != 0)
                room = fmin(room, 0.1 * (p->hi[i] - p->lo[i]) / fabs(w->direction[i]));
        step = fmin(1, room);
    }
    for (int k = 0; k < MAX_HALVINGS && *left != 0; k++) {
        for (int i = 0; i < p->n; i++)
            w->trial[i] = fmin(fmax(x[i] + step * w->direction[i], p->lo[i]), p->hi[i]);
        double slope = 0;
        for (int i = 0; i < p->n; i++)
            slope += w->gradient[i] * (w->trial[i] - x[i]);
        if (!(slope < 0))
            return false;
        (*left)--;
        double found = p->function(w->trial, w->trial_gradient, p->context);
        if (found <= *value + DECREASE * slope) {
            *value = found;
            return true;
        }
        // Go to the minimum of the parabola through value, slope and the value found.
        double cut = isfinite(found) ? -slope / (2 * (found - *value - slope)) : 0.1;
        step *= fmin(fmax(cut, 0.1), 0.5);
    }
    return false;
}

static void improve(const struct ms_minimize *p, struct work *w, double *x, double *value)
{
    int left = p->max_values - 1;
    size_t bytes = (size_t)p->n * sizeof *x;
    while (left > 0 && hold(p, x, w) > p->tolerance) {
        bool steepest = w->memory.used == 0;
        quasi_newton(w, w->direction);
        double before = *value;
        if (!(dot(p->n, w->direction, w->gradient) < 0) || !search(p, w, x, value, &left)) {
            if (steepest)
                return;
            w->memory.used = w->memory.next = 0; // try the gradient alone
            continue;
        }
        remember(&w->memory, x, w->trial, w->gradient, w->trial_gradient);
        memcpy(x, w->trial, bytes);
        memcpy(w->gradient, w->trial_gradient, bytes);
        if (before - *value <= 1e-10 * fmax(1, fabs(*value)))
            return;
    }
}

int ms_minimize(const struct ms_minimize *p, double *x, double *value, struct ms_error *err)
{
    size_t n = (size_t)p->n;
    struct work w = {.memory.n = p->n};
    double *block = calloc((4 + 2 * MEMORY) * n + 1, sizeof *block);
    w.held = calloc(n + 1, sizeof *w.held);
    if (!block || !w.held) {
        free(block);
        free(w.held);
        return ms_no_memory(err, "a minimization over %d numbers", p->n);
    }
    w.gradient = block;
    w.trial = block + n;
    w.trial_gradient = block + 2 * n;
    w.direction = block + 3 * n;
    w.memory.s = block + 4 * n;
    w.memory.y = w.memory.s + MEMORY * n;
    for (size_t i = 0; i < n; i++)
        x[i] = fmin(fmax(x[i], p->lo[i]), p->hi[i]);
    *value = p->function(x, w.gradient, p->context);
    if (isfinite(*value))
        improve(p, &w, x, value);
    free(block);
    free(w.held);
    return 0;
}
