// SPDX-License-Identifier: MIT
//
// Parameters: {"choice": […]}, {"int": [lo, hi], …}, {"float": [lo, hi], …}, {"bool": null}. A
// parameter that is written wrongly never reaches the space.
#include "walk_param.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/compare.h"
#include "node.h"
#include "walk_problem.h"
#include "walkers.h"

enum {
    MAX_CHOICES = 65536,
    MAX_POINTS = 1000000,
};
#define MAX_WHOLE 0x1p53

// --- how it is written -------------------------------------------------------

// Values that mean the same have the same compact text with sorted keys.
static void check_distinct(struct ms_walk *w, const cJSON *choice)
{
    assert(choice);
    size_t n = 0, size = (size_t)cJSON_GetArraySize(choice);
    char **text = calloc(size ? size : 1, sizeof *text), clipped[MS_CLIP];
    w->no_memory = w->no_memory || !text;
    for (const cJSON *v = text ? choice->child : NULL; v; v = v->next, n++)
        if (!(text[n] = ms_json_compact(v, true))) {
            w->no_memory = true;
            break;
        }
    if (n == size && text) {
        qsort(text, n, sizeof *text, ms_compare_text);
        for (size_t i = 1; i < n; i++)
            if (strcmp(text[i - 1], text[i]) == 0 && (i < 2 || strcmp(text[i - 2], text[i]) != 0))
                ms_sweep_problem(w, choice, "found %s twice; allowed: different values",
                                 ms_sweep_clip(text[i], clipped));
    }
    for (size_t i = 0; i < n; i++)
        free(text[i]);
    free(text);
}

static bool parse_choice(struct ms_walk *w, const cJSON *v, struct ms_param *p)
{
    int n = cJSON_IsArray(v) ? cJSON_GetArraySize(v) : 0;
    char found[128];
    if (n == 0 || n > MAX_CHOICES) {
        ms_sweep_problem(w, v, "found %s; allowed: an array of 1 to %d values",
                         cJSON_IsArray(v) ? (n ? "more values" : "an empty array")
                                          : ms_sweep_value_text(v, found, sizeof found),
                         MAX_CHOICES);
        return false;
    }
    check_distinct(w, v);
    p->values = v;
    return true;
}

static bool parse_range(struct ms_walk *w, const cJSON *v, struct ms_param *p)
{
    const cJSON *lo = v && cJSON_IsArray(v) ? v->child : NULL, *hi = lo ? lo->next : NULL;
    bool whole = p->kind == MS_INT;
    char found[128];
    if (!hi || hi->next || !cJSON_IsNumber(lo) || !cJSON_IsNumber(hi)) {
        ms_sweep_problem(w, v, "found %s; allowed: [lowest, highest], two numbers",
                         ms_sweep_value_text(v, found, sizeof found));
        return false;
    }
    p->lo = lo->valuedouble;
    p->hi = hi->valuedouble;
    for (const cJSON *end = lo; end; end = whole ? end->next : NULL)
        if (whole &&
            (end->valuedouble != floor(end->valuedouble) || fabs(end->valuedouble) > MAX_WHOLE)) {
            ms_sweep_problem(w, v, "found %s; allowed: integers between -2^53 and 2^53",
                             ms_sweep_value_text(end, found, sizeof found));
            return false;
        }
    if (p->lo > p->hi) {
        char a[32], b[32];
        ms_sweep_problem(w, v, "found [%s, %s]; allowed: the lowest value first",
                         ms_number_text(p->lo, a, sizeof a), ms_number_text(p->hi, b, sizeof b));
        return false;
    }
    if (!isfinite(p->hi - p->lo)) {
        ms_sweep_problem(w, v, "the range is wider than double precision; allowed: up to 1.7e308");
        return false;
    }
    return true;
}

// One of "log", "step", "points": a literal field.
static bool parse_extra(struct ms_walk *w, const cJSON *m, const struct ms_field *f, void *base)
{
    int before = w->found;
    if (!m)
        return true;
    struct ms_mark mark = ms_sweep_walk_enter(w, f->name, "");
    (f->type == MS_F_BOOL ? ms_sweep_walk_bool : ms_sweep_walk_number)(w, m, f, base);
    ms_sweep_walk_leave(w, mark);
    return w->found == before;
}

// Neighbours must be different numbers after rounding to 15 digits.
static bool too_fine(const struct ms_param *p, double n)
{
    double gap =
        p->log ? log(p->hi / p->lo) / n : (p->hi - p->lo) / n / fmax(fabs(p->lo), fabs(p->hi));
    return !(gap > 1e-13);
}

static bool parse_grid(struct ms_walk *w, const cJSON *v, struct ms_param *p)
{
    struct ms_field log_field = {.name = "log", .type = MS_F_BOOL};
    struct ms_field points_field = {.name = "points", .type = MS_F_INT, .lo = 2, .hi = MAX_POINTS};
    struct ms_field step_field = {.name = "step",
                                  .type = p->kind == MS_INT ? MS_F_INT : MS_F_REAL,
                                  .hi = p->kind == MS_INT ? MAX_WHOLE : INFINITY,
                                  .lo_open = true,
                                  .as_double = true};
    const cJSON *step = ms_sweep_member(v, "step"), *points = ms_sweep_member(v, "points");
    int n = 0;
    bool good = parse_extra(w, ms_sweep_member(v, "log"), &log_field, &p->log);
    if (p->log)
        step_field.lo = 1;
    else if (p->kind == MS_INT)
        step_field.lo = 1, step_field.lo_open = false;
    good = parse_extra(w, step, &step_field, &p->step) && good;
    good = parse_extra(w, points, &points_field, &n) && good;
    if (!good)
        return false;
    if (p->log && (p->lo <= 0 || !isfinite(p->hi / p->lo))) {
        char lo[32];
        ms_sweep_problem(w, v, "found log from %s; allowed: log from a number above 0",
                         ms_number_text(p->lo, lo, sizeof lo));
        return false;
    }
    if (step && points) {
        ms_sweep_problem(w, points, "found step and points; allowed: one of them");
        return false;
    }
    if (p->kind == MS_INT && !step)
        p->step = 1; // with log: every integer, by its logarithm
    p->count = points ? (uint64_t)n : ms_space_param_count(p);
    if (p->kind == MS_FLOAT && p->count > 1 && too_fine(p, (double)p->count - 1)) {
        ms_sweep_problem(
            w, v,
            "the values lie closer together than double precision can tell apart; allowed: "
            "fewer points, a larger step or a wider range");
        return false;
    }
    return true;
}

// The keys besides the kind.
static bool parse_keys(struct ms_walk *w, const cJSON *v, struct ms_param *p, const cJSON **main)
{
    static const char *const extras[4][4] = {[MS_CHOICE] = {"choice"},
                                             [MS_INT] = {"int", "step", "log"},
                                             [MS_FLOAT] = {"float", "step", "log", "points"},
                                             [MS_BOOL] = {"bool"}};
    static const int n_extras[4] = {[MS_CHOICE] = 1, [MS_INT] = 3, [MS_FLOAT] = 4, [MS_BOOL] = 1};
    bool good = true;
    *main = NULL;
    for (const cJSON *m = v->child; m && !*main; m = m->next)
        if (ms_sweep_param_kind(m->string) >= 0) {
            *main = m;
            p->kind = (enum ms_param_kind)ms_sweep_param_kind(m->string);
        }
    for (const cJSON *m = v->child; m; m = m->next) {
        bool known = false;
        for (int i = 0; i < n_extras[p->kind]; i++)
            known = known || strcmp(m->string, extras[p->kind][i]) == 0;
        if (!known)
            ms_sweep_problem_unknown(w, m, ms_sweep_param_words[p->kind], extras[p->kind],
                                     n_extras[p->kind]);
        good = good && known;
    }
    int before = w->found;
    ms_sweep_problem_duplicates(w, v);
    good = good && w->found == before;
    return good;
}

bool ms_sweep_param_parse(struct ms_walk *w, const cJSON *v, struct ms_param *p)
{
    const cJSON *main;
    *p = (struct ms_param){.name = w->name, .line = ms_json_line(w->doc, v), .parent = -1};
    bool good = parse_keys(w, v, p, &main);
    if (p->kind == MS_CHOICE)
        good = parse_choice(w, main, p) && good;
    else if (p->kind != MS_BOOL)
        good = parse_range(w, main, p) && good && parse_grid(w, v, p);
    else if (!cJSON_IsNull(main)) {
        char found[128];
        ms_sweep_problem(w, main, "found %s; allowed: {\"bool\": null}",
                         ms_sweep_value_text(main, found, sizeof found));
        return false;
    }
    if (p->kind == MS_CHOICE || p->kind == MS_BOOL)
        p->count = p->values || p->kind == MS_BOOL ? ms_space_param_count(p) : 0;
    return good;
}

// --- in a field --------------------------------------------------------------

static bool allows(const struct ms_field *f, const struct ms_param *p)
{
    if (f->type == MS_F_ANY)
        return true;
    if (f->type == MS_F_BOOL)
        return p->kind == MS_BOOL;
    bool number = f->type == MS_F_REAL || f->type == MS_F_INT || f->type == MS_F_LONG;
    if (!number || p->kind == MS_BOOL || (p->kind == MS_FLOAT && f->type != MS_F_REAL))
        return false;
    return (f->lo_open ? p->lo > f->lo : p->lo >= f->lo) &&
           (f->hi_open ? p->hi < f->hi : p->hi <= f->hi);
}

void ms_sweep_param_check(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                          const struct ms_param *p)
{
    struct ms_field target = f->type == MS_F_PICK && f->number ? ms_field_of_number(f) : *f;
    char allowed[1200], lo[32], hi[32], range[80] = "";
    if (allows(&target, p))
        return;
    if (p->kind != MS_BOOL)
        snprintf(range, sizeof range, " from %s to %s", ms_number_text(p->lo, lo, sizeof lo),
                 ms_number_text(p->hi, hi, sizeof hi));
    ms_sweep_problem(w, v, "found %s%s; allowed: %s",
                     p->kind == MS_BOOL  ? "bool"
                     : p->kind == MS_INT ? "integers"
                                         : "real numbers",
                     range, ms_field_allowed(&target, allowed, sizeof allowed));
}

int ms_sweep_param_add(struct ms_walk *w, const cJSON *v, struct ms_param *p)
{
    struct ms_error err;
    if (w->dry || w->full)
        return -1;
    p->condition = w->scope.condition;
    p->parent = w->scope.parent;
    p->parent_value = w->scope.parent_value;
    int i = ms_space_add(w->space, p, &err);
    if (i == MS_ELIMIT) {
        bool was_quiet =
            w->quiet; // in "each" it happens at a later layer, about which all is quiet
        w->quiet = false;
        ms_sweep_problem(w, v, "found more than %d parameters; allowed: at most %d", MS_MAX_PARAMS,
                         MS_MAX_PARAMS);
        w->quiet = was_quiet;
        w->full = true;
    } else if (i < 0) {
        w->no_memory = true;
    } else {
        w->place[i] = (struct ms_place){v, w->layer, i};
    }
    return i;
}

static int by_place(const void *a, const void *b)
{
    const struct ms_place *x = a, *y = b;
    if (x->node != y->node)
        return (uintptr_t)x->node < (uintptr_t)y->node ? -1 : 1;
    return (x->layer > y->layer) - (x->layer < y->layer);
}

void ms_sweep_places_sort(struct ms_place *place, int n)
{
    qsort(place, (size_t)n, sizeof *place, by_place);
}

int ms_sweep_param_at(const struct ms_walk *w, const cJSON *v)
{
    struct ms_place key = {v, w->layer, 0};
    if (!w->point) { // not sorted yet
        for (int i = w->space->n - 1; i >= 0; i--)
            if (by_place(&key, &w->place[i]) == 0)
                return i;
        return -1;
    }
    const struct ms_place *found =
        bsearch(&key, w->place, (size_t)w->space->n, sizeof key, by_place);
    return found ? found->param : -1;
}
