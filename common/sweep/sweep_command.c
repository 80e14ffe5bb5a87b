// SPDX-License-Identifier: MIT
//
// The command of an objective at a point: its arguments with a value in the place of every {name}.
// sweep_command_rules.c has made sure that each name leads somewhere.
#include "sweep_internal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "walk_param.h"
#include "walkers.h"

// The text that stands for a name, or for a name with '?'. Returns 0; 1: the point does not have
// it, or with '?' it is empty or null; MS_ENOMEM. out is malloc'ed.
static int value_of(const struct ms_walk *w, const char *name, size_t n,
                    const struct ms_command_ids *ids, char **out)
{
    const bool optional = ms_sweep_command_optional(name, n);
    char text[32];
    n -= optional;
    int id = ms_sweep_command_id(name, n);
    if (id >= 0) {
        uint64_t values[] = {ids->trial, ids->execution, ids->seed, (uint64_t)ids->epochs};
        snprintf(text, sizeof text, "%llu", (unsigned long long)values[id]);
        return (*out = strdup(text)) ? 0 : MS_ENOMEM;
    }
    const cJSON *node = ms_sweep_member(ms_json_root(w->doc), "params");
    const struct ms_param *p = NULL;
    double value = NAN;
    for (const char *end = name + n; name < end;) {
        size_t left = (size_t)(end - name), k = strcspn(name, ".");
        k = k < left ? k : left;
        char key[MS_PARAM_NAME];
        snprintf(key, sizeof key, "%.*s", (int)(k < MS_PARAM_NAME ? k : MS_PARAM_NAME - 1), name);
        name += k + 1;
        if (p) // the members of what a choice takes
            node = p->kind == MS_CHOICE ? cJSON_GetArrayItem(p->values, (int)value) : NULL;
        node = ms_sweep_member(node, key);
        p = NULL;
        if (!node)
            return 1;
        if (ms_sweep_is_param(node)) {
            int i = ms_sweep_param_at(w, node);
            p = i < 0 ? NULL : &w->space->param[i];
            value = p ? w->point[i] : NAN;
            if (isnan(value))
                return 1;
        }
    }
    const cJSON *literal =
        p && p->kind == MS_CHOICE ? cJSON_GetArrayItem(p->values, (int)value) : node;
    if (optional &&
        (cJSON_IsNull(literal) || (cJSON_IsString(literal) && !literal->valuestring[0])))
        return 1;
    if (cJSON_IsString(literal)) { // of any length
        *out = strdup(literal->valuestring);
    } else if (p && !cJSON_IsArray(literal)) {
        char shown[4096];
        *out = strdup(ms_space_param_text(p, value, shown, sizeof shown));
    } else {
        *out = ms_json_compact(literal, false);
    }
    return *out ? 0 : MS_ENOMEM;
}

struct text {
    char *s;
    size_t n, room;
};

static int append(struct text *t, const char *s, size_t n)
{
    int status = ms_grow(&t->s, &t->room, t->n + n + 1, 1, "the command", NULL);
    if (status < 0)
        return status;
    memcpy(t->s + t->n, s, n);
    t->n += n;
    return 0;
}

// Appends one argument with its NUL. Returns 0; 1: it names what the point does not have, and
// nothing was appended; MS_ENOMEM; MS_ELIMIT: too long.
static int add_argument(struct text *t, const struct ms_walk *w, const char *p,
                        const struct ms_command_ids *ids)
{
    size_t before = t->n;
    int status = 0;
    while (!status && *p) {
        size_t plain = strcspn(p, "{}");
        status = append(t, p, plain);
        p += plain;
        if (status || !*p)
            break;
        if (*p == '}' || p[1] == '{') { // a brace, written once or twice
            status = append(t, p, 1);
            p += 1 + (p[1] == p[0]);
            continue;
        }
        size_t n = strcspn(p + 1, "}");
        char *value = NULL;
        status = value_of(w, p + 1, n, ids, &value);
        if (!status)
            status = append(t, value, strlen(value));
        free(value);
        p += n + 2;
    }
    if (!status)
        status = append(t, "", 1);
    if (!status && t->n - before > MS_COMMAND_BYTES)
        status = MS_ELIMIT;
    if (status)
        t->n = before;
    return status;
}

bool ms_sweep_command_tells_epochs(const struct ms_sweep *s)
{
    for (const cJSON *m =
             ms_sweep_member(ms_sweep_first_objective(ms_json_root(s->doc)), "command")->child;
         m; m = m->next)
        if (strstr(m->valuestring, "{epochs}") || strstr(m->valuestring, "{epochs?}"))
            return true;
    return false;
}

int ms_sweep_command(const struct ms_sweep *s, const double *point,
                     const struct ms_command_ids *ids, char ***argv, struct ms_error *err)
{
    const cJSON *command =
        ms_sweep_member(ms_sweep_first_objective(ms_json_root(s->doc)), "command");
    struct ms_walk w = ms_sweep_reader(s, point, 0);
    struct text t = {0};
    size_t n = 0;
    int status = 0;
    for (const cJSON *m = command->child; m && status >= 0; m = m->next) {
        status = add_argument(&t, &w, m->valuestring, ids);
        if (status == 1 && m == command->child)
            status =
                ms_fail(err, MS_EINVAL, "the program is named by a parameter that the trial lacks");
        else if (status == MS_ELIMIT)
            ms_fail(err, status, "argument %zu of the command is longer than %d bytes", n,
                    MS_COMMAND_BYTES);
        else if (status == MS_ENOMEM)
            ms_no_memory(err, "the command");
        n += status == 0;
    }
    size_t pointers = (n + 1) * sizeof **argv;
    char **out = status < 0 ? NULL : malloc(pointers + t.n);
    if (status >= 0 && !out)
        status = ms_no_memory(err, "the command");
    if (out) {
        assert(t.s); // a command has at least its program
        char *at = memcpy((char *)out + pointers, t.s, t.n);
        for (size_t i = 0; i < n; i++, at += strlen(at) + 1)
            out[i] = at;
        out[n] = NULL;
        status = 0;
    }
    free(t.s);
    *argv = out;
    return status;
}
