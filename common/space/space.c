// SPDX-License-Identifier: MIT
//
// The space, its points and their order. Invariants: parents come before their children, names are
// not empty, the count of a choice or bool is at least 1. What a value of one parameter is:
// space_value.c.
#include "mlpsweep/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

#define INFINITE (1ull << 62) // sizes saturate here

void ms_space_init(struct ms_space *s)
{
    *s = (struct ms_space){0};
}

void ms_space_clear(struct ms_space *s)
{
    for (int i = 0; i < s->n; i++)
        free(s->param[i].name);
    free(s->param);
    *s = (struct ms_space){0};
}

int ms_space_add(struct ms_space *s, const struct ms_param *p, struct ms_error *err)
{
    if (s->n >= MS_MAX_PARAMS)
        return ms_fail(err, MS_ELIMIT, "more than %d parameters", MS_MAX_PARAMS);
    if (p->condition != MS_ALWAYS && (p->parent < 0 || p->parent >= s->n))
        return ms_fail(err, MS_EINVAL, "%s: its parent must come before it", p->name);
    int status =
        ms_grow(&s->param, &s->room, (size_t)s->n + 1, sizeof *s->param, "the parameters", err);
    if (status < 0)
        return status;
    struct ms_param *mine = &s->param[s->n];
    *mine = *p;
    if (p->condition == MS_ALWAYS)
        mine->parent = -1;
    mine->name = strdup(p->name);
    if (!mine->name)
        return ms_no_memory(err, "the parameters");
    return s->n++;
}

// True when p exists while its parent takes value v.
static bool holds(const struct ms_space *s, const struct ms_param *p, double v)
{
    if (isnan(v))
        return false;
    if (p->condition == MS_IS)
        return v == p->parent_value;
    return ms_space_param_number(&s->param[p->parent], v) >= p->parent_value;
}

bool ms_space_active(const struct ms_space *s, const double *point, int i)
{
    for (; s->param[i].condition != MS_ALWAYS; i = s->param[i].parent)
        if (!holds(s, &s->param[i], point[s->param[i].parent]))
            return false;
    return true;
}

// --- size --------------------------------------------------------------------

static uint64_t times(uint64_t a, uint64_t b)
{
    return b != 0 && a > INFINITE / b ? INFINITE : a * b;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a + b > INFINITE ? INFINITE : a + b;
}

// Different points of the subtree under i. size[j] is known for every j > i.
static uint64_t subtree(const struct ms_space *s, int i, const uint64_t *size)
{
    const struct ms_param *p = &s->param[i];
    bool leaf = true;
    for (int j = i + 1; j < s->n && leaf; j++)
        leaf = s->param[j].parent != i;
    if (p->count == 0)
        return INFINITE;
    if (leaf)
        return p->count < INFINITE ? p->count : INFINITE;
    uint64_t sum = 0;
    for (uint64_t v = 0; v < p->count && sum < INFINITE; v++) {
        uint64_t product = 1;
        for (int j = i + 1; j < s->n; j++)
            if (s->param[j].parent == i && holds(s, &s->param[j], (double)v))
                product = times(product, size[j]);
        sum = plus(sum, product);
    }
    return sum;
}

uint64_t ms_space_size(const struct ms_space *s)
{
    uint64_t size[MS_MAX_PARAMS], total = 1;
    for (int i = s->n - 1; i >= 0; i--) {
        size[i] = subtree(s, i, size);
        if (s->param[i].parent < 0)
            total = times(total, size[i]);
    }
    return total < INFINITE ? total : 0;
}

// --- order -------------------------------------------------------------------

// The first value of parameter i after those before it are set.
static double start(const struct ms_space *s, const double *point, int i)
{
    return ms_space_active(s, point, i) ? 0 : NAN;
}

bool ms_space_first(const struct ms_space *s, double *point)
{
    for (int i = 0; i < s->n; i++) {
        if (s->param[i].count == 0)
            return false;
        point[i] = start(s, point, i);
    }
    return true;
}

bool ms_space_next(const struct ms_space *s, double *point)
{
    for (int i = s->n - 1; i >= 0; i--) {
        if (isnan(point[i]) || point[i] + 1 >= (double)s->param[i].count)
            continue;
        point[i] += 1;
        for (int j = i + 1; j < s->n; j++)
            point[j] = start(s, point, j);
        return true;
    }
    return false;
}

// --- points ------------------------------------------------------------------

void ms_space_from_unit(const struct ms_space *s, const double *u, double *point)
{
    for (int i = 0; i < s->n; i++) {
        double x = u[i];
        point[i] = ms_space_active(s, point, i) ? ms_space_param_from_unit(&s->param[i], x) : NAN;
    }
}

bool ms_space_agrees(const struct ms_space *s, const double *named, const double *point)
{
    for (int i = 0; i < s->n; i++)
        if (!isnan(named[i]) && named[i] != point[i])
            return false;
    return true;
}

void ms_space_overlay(const struct ms_space *s, const double *named, const double *u, double *point)
{
    for (int i = 0; i < s->n; i++) {
        if (!isnan(named[i]))
            point[i] = named[i];
        if (!ms_space_active(s, point, i))
            point[i] = NAN;
        else if (isnan(point[i]))
            point[i] = ms_space_param_from_unit(&s->param[i], u[i]);
    }
}

void ms_space_toward(const struct ms_space *s, const double *from, const double *to, int i,
                     double *out)
{
    for (int k = 0; k < s->n; k++) {
        double v = k == i ? to[k] : from[k];
        if (k != i && !ms_space_active(s, out, k)) // parents come first
            v = NAN;
        else if (isnan(v))
            v = to[k];
        out[k] = v;
    }
}

bool ms_space_differs(const struct ms_space *s, const double *from, const double *to, int i)
{
    return i < s->n && !isnan(from[i]) && !isnan(to[i]) && from[i] != to[i];
}

bool ms_space_point_equal(const struct ms_space *s, const double *a, const double *b)
{
    for (int i = 0; i < s->n; i++)
        if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i])))
            return false;
    return true;
}

// The finalizer of MurmurHash3 (Appleby): every input bit reaches every output bit.
static uint64_t mix(uint64_t h)
{
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdull;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ull;
    return h ^ (h >> 33);
}

uint64_t ms_space_point_hash(const struct ms_space *s, const double *point)
{
    uint64_t h = (uint64_t)s->n;
    for (int i = 0; i < s->n; i++) {
        uint64_t bits = 0x7ff8000000000000ull; // any NAN; equal points have equal hashes
        double v = point[i] == 0 ? 0.0 : point[i];
        if (!isnan(v))
            memcpy(&bits, &v, sizeof bits);
        h = mix(h * 31 + bits);
    }
    return h;
}
