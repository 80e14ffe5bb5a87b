// SPDX-License-Identifier: MIT
//
// "params" of functions and commands: an object of parameters and values whose own name is not part
// of theirs ("lr", not "params.lr"). A function takes numbers, a command any values, with
// parameters anywhere in their objects.
#include "walkers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/utf8.h"
#include "schema.h"

const char *const ms_sweep_command_ids[MS_COMMAND_IDS] = {"trial", "execution", "seed", "epochs"};

bool ms_sweep_command_optional(const char *name, size_t n)
{
    return n > 0 && name[n - 1] == '?';
}

int ms_sweep_command_id(const char *name, size_t n)
{
    for (int i = 0; i < MS_COMMAND_IDS; i++)
        if (strlen(ms_sweep_command_ids[i]) == n && memcmp(ms_sweep_command_ids[i], name, n) == 0)
            return i;
    return -1;
}

static bool good_name(const char *s, size_t size)
{
    const size_t n = strlen(s);
    return n > 0 && n < size && ms_is_printable(s, n);
}

static void walk_member(struct ms_walk *w, const cJSON *m, const struct ms_field *f)
{
    char key[MS_CLIP];
    bool bad = !good_name(m->string, MS_PARAM_NAME) || strpbrk(m->string, "{}.");
    if (bad)
        ms_sweep_problem(w, m,
                         "found the name '%s'; allowed: 1 to %d bytes without '{', '}' and '.'",
                         ms_sweep_clip(m->string, key), MS_PARAM_NAME - 1);
    else if (w->kind == MS_KIND_COMMAND && !w->name[0] &&
             ms_sweep_command_id(m->string, strlen(m->string)) >= 0)
        ms_sweep_problem(w, m,
                         "found the name '%s', which a command has already: {trial}, {execution}, "
                         "{seed}, {epochs}; allowed: another name",
                         m->string);
    double number;
    struct ms_mark mark = ms_sweep_walk_enter(w, bad ? "?" : m->string, bad ? "?" : m->string);
    ms_sweep_walk_value(w, m, f, &number);
    ms_sweep_walk_leave(w, mark);
}

void ms_sweep_walk_any(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    (void)base;
    bool was_fixed = w->fixed;
    if (cJSON_IsArray(v)) { // it is passed on as one text
        w->fixed = true;
        for (const cJSON *m = v->child; m; m = m->next)
            ms_sweep_walk_value(w, m, f, base);
        w->fixed = was_fixed;
    }
    if (!cJSON_IsObject(v))
        return;
    ms_sweep_problem_duplicates(w, v);
    for (const cJSON *m = v->child; m; m = m->next)
        walk_member(w, m, f);
}

void ms_sweep_walk_params(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    static const struct ms_field any = {.name = "value", .type = MS_F_ANY, .doc = "any value"};
    static const struct ms_field number = {.name = "value",
                                           .type = MS_F_REAL,
                                           .lo = -INFINITY,
                                           .hi = INFINITY,
                                           .lo_open = true,
                                           .hi_open = true,
                                           .doc = "a number"};
    (void)base;
    if (!cJSON_IsObject(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    char outer[sizeof w->name]; // "params" is not part of a parameter's name
    memcpy(outer, w->name, sizeof outer);
    w->name[0] = '\0';
    ms_sweep_problem_duplicates(w, v);
    for (const cJSON *m = v->child; m; m = m->next)
        walk_member(w, m, w->kind == MS_KIND_FUNCTION ? &number : &any);
    memcpy(w->name, outer, sizeof outer);
}
