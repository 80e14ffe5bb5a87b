// SPDX-License-Identifier: MIT
//
// "require": which points a sweep may try. A name in an expression is a path of the file: a
// parameter, or what the file gives there, also inside the alternatives of a choice (then under the
// condition that the alternative is taken) and of the layers of "each" and "same".
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/rng.h"
#include "sweep_internal.h"
#include "walk_param.h"
#include "walkers.h"

enum {
    MAX_REQUIRE = 64, // expressions
    LOOK_AT = 100000, // random points that are tried to find one that is allowed
    WALK = 10000000,  // points of a finite space that are walked for it
};

// --- names -------------------------------------------------------------------

struct finder {
    struct ms_walk *w;
    const char *whole; // the name
    struct ms_expr_name *name;
    struct ms_error *err;
};

static int find(struct finder *f, const cJSON *v, const char *rest, struct ms_scope scope);

static struct ms_expr_value constant_of(const cJSON *v)
{
    const cJSON *name = ms_sweep_member(v, "name");
    name = name ? name : ms_sweep_member(v, "schedule");
    if (cJSON_IsNumber(v))
        return (struct ms_expr_value){MS_EXPR_NUMBER, v->valuedouble, NULL};
    if (cJSON_IsBool(v))
        return (struct ms_expr_value){MS_EXPR_BOOL, cJSON_IsTrue(v), NULL};
    if (cJSON_IsString(v) || cJSON_IsString(name))
        return (struct ms_expr_value){MS_EXPR_TEXT, 0,
                                      cJSON_IsString(v) ? v->valuestring : name->valuestring};
    return (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
}

static int add_constant(struct finder *f, const cJSON *v, struct ms_scope scope)
{
    struct ms_expr_case c = {.param = -1,
                             .constant = constant_of(v),
                             .condition = scope.condition,
                             .parent = scope.parent,
                             .parent_value = scope.parent_value};
    if (c.constant.type == MS_EXPR_UNKNOWN && !cJSON_IsNull(v))
        return 0; // a section
    return ms_expression_add_case(f->name, &c, f->err);
}

// Finds the rest of a name at a value: the parameter that it is, or what its alternatives hold.
static int find_param(struct finder *f, const cJSON *v, const char *rest)
{
    int i = ms_sweep_param_at(f->w, v), status = 0;
    const struct ms_param *p = i < 0 ? NULL : &f->w->space->param[i];
    if (!p)
        return 0;
    if (!*rest) { // found by its own name before, unless it is another's ("same")
        struct ms_expr_case c = {.param = i};
        return strcmp(p->name, f->whole) == 0 ? 0 : ms_expression_add_case(f->name, &c, f->err);
    }
    int k = 0;
    for (const cJSON *value = p->values ? p->values->child : NULL; value && !status;
         value = value->next, k++)
        status = find(f, value, rest, (struct ms_scope){MS_IS, i, k});
    return status;
}

// hidden.2.units, where the layers are not written out one by one.
static int find_layer(struct finder *f, const cJSON *hidden, const char *rest)
{
    char *end;
    long layer = strtol(rest, &end, 10);
    const cJSON *layers = ms_sweep_member(hidden, "layers");
    struct ms_scope scope = {MS_ALWAYS, -1, 0};
    if (end == rest || *end != '.' || layer < 1 || layer > MS_MAX_LAYERS)
        return 0;
    if (ms_sweep_is_param(layers))
        scope = (struct ms_scope){MS_AT_LEAST, ms_sweep_param_at(f->w, layers), (double)layer};
    else if (!cJSON_IsNumber(layers) || layers->valuedouble < (double)layer)
        return 0;
    f->w->layer = (int)layer;
    int status = find(f, ms_sweep_member(hidden, "each"), end + 1, scope);
    f->w->layer = 0;
    return status ? status : find(f, ms_sweep_member(hidden, "same"), end + 1, scope);
}

// Adds the cases that v and the path after it stand for.
static int find(struct finder *f, const cJSON *v, const char *rest, struct ms_scope scope)
{
    if (!v)
        return 0;
    if (ms_sweep_is_param(v))
        return find_param(f, v, rest);
    if (!*rest)
        return add_constant(f, v, scope);
    size_t n = strcspn(rest, ".");
    const char *after = rest[n] ? rest + n + 1 : rest + n;
    int status = 0, i = 1;
    for (const cJSON *m = v->child; m && !status; m = m->next, i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        const char *key = cJSON_IsArray(v) ? number : m->string;
        if (key && strlen(key) == n && strncmp(key, rest, n) == 0)
            status = find(f, m, after, scope);
    }
    return status;
}

static int find_name(void *ctx, const char *text, struct ms_expr_name *name, struct ms_error *err)
{
    struct ms_walk *w = ctx;
    struct finder f = {w, text, name, err};
    const cJSON *root = ms_json_root(w->doc), *hidden = ms_sweep_member(root, "hidden");
    int status = 0;
    for (int i = 0; i < w->space->n && !status; i++)
        if (strcmp(w->space->param[i].name, text) == 0) {
            struct ms_expr_case c = {.param = i};
            status = ms_expression_add_case(name, &c, err);
        }
    if (!status)
        status = find(&f, root, text, (struct ms_scope){MS_ALWAYS, -1, 0});
    if (!status && cJSON_IsObject(hidden) && strncmp(text, "hidden.", 7) == 0)
        status = find_layer(&f, hidden, text + 7);
    return status;
}

static const char *nearest_name(void *ctx, const char *text)
{
    struct ms_walk *w = ctx;
    const char *names[MS_MAX_PARAMS + 64];
    int n = 0;
    for (; n < w->space->n; n++)
        names[n] = w->space->param[n].name;
    for (const cJSON *m = ms_json_root(w->doc)->child; m && n < MS_MAX_PARAMS + 64; m = m->next)
        if (constant_of(m).type != MS_EXPR_UNKNOWN)
            names[n++] = m->string;
    // learning_rate for optimizer.learning_rate.
    for (int i = 0; i < n; i++) {
        size_t all = strlen(names[i]), end = strlen(text);
        if (all > end && names[i][all - end - 1] == '.' && strcmp(names[i] + all - end, text) == 0)
            return names[i];
    }
    return ms_nearest(text, names, n);
}

// --- the field ---------------------------------------------------------------

static const char allowed[] = "an array of 1 to 64 conditions, such as [\"batch_size >= 128\"]";

void ms_sweep_walk_require(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    char found[128];
    int n = cJSON_GetArraySize(v);
    (void)f;
    (void)base;
    if (!cJSON_IsArray(v) || n < 1 || n > MAX_REQUIRE)
        ms_sweep_problem(w, v, "found %s; allowed: %s", ms_sweep_value_text(v, found, sizeof found),
                         allowed);
    for (const cJSON *m = cJSON_IsArray(v) ? v->child : NULL; m; m = m->next)
        if (!cJSON_IsString(m))
            ms_sweep_problem(w, m, "found %s; allowed: %s",
                             ms_sweep_value_text(m, found, sizeof found), allowed);
}

int ms_sweep_forbidden_by(const struct ms_sweep *s, const double *point)
{
    for (int i = 0; i < s->n_require; i++)
        if (ms_expression_holds(s->require[i], point) == 0)
            return i;
    return -1;
}

bool ms_sweep_feasible(const struct ms_sweep *s, const double *point)
{
    return ms_sweep_forbidden_by(s, point) < 0;
}

bool ms_sweep_requires(const struct ms_sweep *s)
{
    return s->n_require > 0;
}

static bool any_random(const struct ms_sweep *s, const double *named, double *u, double *point)
{
    struct ms_rng rng = ms_rng_at(0, 0, 0, MS_STREAM_SAMPLER);
    for (uint64_t k = 0; k < LOOK_AT; k++) {
        for (int i = 0; i < s->space.n; i++)
            u[i] = ms_rng_uniform(&rng, k * MS_MAX_PARAMS + (uint64_t)i);
        ms_space_from_unit(&s->space, u, point);
        if (named)
            ms_space_overlay(&s->space, named, u, point);
        if (ms_sweep_feasible(s, point))
            return true;
    }
    return false;
}

// Random points, then, where that is possible, all.
bool ms_sweep_any_allowed(const struct ms_sweep *s, struct ms_walk *w, const double *named,
                          char looked[96])
{
    const uint64_t size = ms_space_size(&s->space);
    double *u = calloc(2 * (size_t)s->space.n + 1, sizeof *u);
    if (!u) {
        w->no_memory = true;
        return true;
    }
    double *point = u + s->space.n;
    bool any = any_random(s, named, u, point);
    int64_t walked = 0, had = 0;
    for (bool more = !any && ms_space_first(&s->space, point); more && !any && walked < WALK;
         more = ms_space_next(&s->space, point), walked++) {
        const bool among = !named || ms_space_agrees(&s->space, named, point);
        any = among && ms_sweep_feasible(s, point);
        had += among;
    }
    if (size > 0 && size <= WALK)
        snprintf(looked, 96, "none of %lld combinations", (long long)had);
    else
        snprintf(looked, 96, "no combination among %d random ones%s", LOOK_AT,
                 walked ? " and the first 10000000" : "");
    free(u);
    return any;
}

void ms_sweep_find_require(struct ms_sweep *s, struct ms_walk *w)
{
    const cJSON *all = ms_sweep_member(ms_json_root(s->doc), "require");
    int n = cJSON_IsArray(all) ? cJSON_GetArraySize(all) : 0, i = 0, before = w->found;
    // In a file with errors a name may be missing because of one of them: check the syntax only.
    struct ms_expr_names names = {.nearest = nearest_name, .ctx = w};
    names.find = before == 0 ? find_name : NULL;
    if (n > 0 && !(s->require = calloc((size_t)n, sizeof(struct ms_expression *)))) {
        w->no_memory = true;
        return;
    }
    for (const cJSON *m = n > 0 ? all->child : NULL; m; m = m->next) {
        struct ms_error err = {0};
        char path[32];
        i++;
        if (!cJSON_IsString(m))
            continue;
        int status =
            ms_expression_new(m->valuestring, &s->space, &names, &s->require[s->n_require], &err);
        snprintf(path, sizeof path, "require.%d", i);
        if (status == MS_ENOMEM)
            w->no_memory = true;
        else if (status)
            ms_sweep_problem(w, m, "%s: %s", path, err.text);
        else
            s->n_require++;
    }
    char looked[96];
    if (n > 0 && w->found == 0 && !w->no_memory && !ms_sweep_any_allowed(s, w, NULL, looked))
        ms_sweep_problem(w, all, "require: allows %s", looked);
}
