// SPDX-License-Identifier: MIT
//
// Rules of a command: every {name} of its arguments leads to a value of params, and its metric has
// a goal.
//
// {optimizer.momentum} is a path through params: a choice on the way stands for the value that the
// point takes of it, so parameters inside a choice's objects are reached as they are named.
// {optimizer.momentum?} is an argument of its own: it is left out where the value is empty.
#include "sweep_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "walkers.h"

enum { MAX_KNOWN = 256 }; // names that are listed, and searched for the nearest spelling

struct names {
    const cJSON *params, *program; // the first argument
    int n;
    char *name[MAX_KNOWN];
    bool no_memory;
};

static void collect(struct names *names, const char *prefix, const cJSON *v)
{
    for (const cJSON *m = v->child; m && names->n < MAX_KNOWN; m = m->next) {
        char path[256];
        snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] ? "." : "", m->string);
        const cJSON *choice = ms_sweep_is_param(m) ? ms_sweep_member(m, "choice") : NULL;
        bool plain = cJSON_IsObject(m) && !ms_sweep_is_param(m);
        bool known = plain; // an object is named by its members
        for (int i = 0; i < names->n && !known; i++)
            known = strcmp(names->name[i], path) == 0;
        if (!known) {
            names->name[names->n] = strdup(path);
            names->no_memory = names->no_memory || !names->name[names->n];
            names->n += names->name[names->n] != NULL;
        }
        if (plain)
            collect(names, path, m);
        for (const cJSON *item = choice ? choice->child : NULL; item; item = item->next)
            if (cJSON_IsObject(item))
                collect(names, path, item);
    }
}

// True when a path of params leads to a value, in any of the choices on its way.
static bool is_known(const cJSON *in, const char *path)
{
    size_t n = strcspn(path, ".");
    for (const cJSON *m = in->child; m; m = m->next) {
        if (strlen(m->string) != n || memcmp(m->string, path, n) != 0)
            continue;
        const cJSON *choice = ms_sweep_is_param(m) ? ms_sweep_member(m, "choice") : NULL;
        bool plain = cJSON_IsObject(m) && !ms_sweep_is_param(m);
        if (!path[n])
            return !plain;
        bool known = plain && is_known(m, path + n + 1);
        for (const cJSON *item = choice ? choice->child : NULL; item && !known; item = item->next)
            known = cJSON_IsObject(item) && is_known(item, path + n + 1);
        return known;
    }
    return false;
}

// "name?" is allowed as an argument of its own that is not the program.
static void check_optional(struct ms_walk *w, const cJSON *argument, const struct names *names,
                           const char *name, size_t n)
{
    const int shown = (int)(n < 255 ? n : 255);
    if (argument == names->program)
        ms_sweep_problem(w, argument,
                         "objective.command: found {%.*s} in the program's place; allowed: a "
                         "placeholder without '?', as the program cannot be left out",
                         shown, name);
    else if (name != argument->valuestring + 1 || name[n + 1])
        ms_sweep_problem(w, argument,
                         "objective.command: found {%.*s} inside an argument; allowed: as an "
                         "argument of its own, which is left out where the value is empty",
                         shown, name);
}

static void check_placeholder(struct ms_walk *w, const cJSON *argument, const struct names *names,
                              const char *name, size_t n)
{
    char text[256], clipped[MS_CLIP], list[600] = "";
    size_t used = 0;
    if (ms_sweep_command_optional(name, n))
        check_optional(w, argument, names, name, n--);
    snprintf(text, sizeof text, "%.*s", (int)(n < 255 ? n : 255), name);
    if (ms_sweep_command_id(name, n) >= 0 ||
        (cJSON_IsObject(names->params) && is_known(names->params, text)))
        return;
    const char *known[MAX_KNOWN + 4];
    for (int i = 0; i < names->n + 4; i++) {
        known[i] = i < names->n ? names->name[i] : ms_sweep_command_ids[i - names->n];
        if (used < sizeof list)
            used +=
                (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", known[i]);
    }
    const char *near = ms_nearest(text, known, names->n + 4);
    ms_sweep_problem(w, argument,
                     "objective.command: found {%s}; allowed: %s%s, or {{ for a brace%s%s%s",
                     ms_sweep_clip(text, clipped), list, used < sizeof list ? "" : "…",
                     near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// Calls for every {name} of the command.
static void check_argument(struct ms_walk *w, const cJSON *argument, const struct names *names)
{
    for (const char *p = argument->valuestring; (p = strchr(p, '{'));) {
        if (p[1] == '{') {
            p += 2;
            continue;
        }
        const char *end = strchr(p, '}');
        if (!end) {
            ms_sweep_problem(w, argument,
                             "objective.command: found a '{' without a '}'; allowed: {name}, "
                             "or {{ for a brace");
            return;
        }
        check_placeholder(w, argument, names, p + 1, (size_t)(end - p - 1));
        p = end + 1;
    }
}

void ms_sweep_command_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *objective = ms_sweep_first_objective(root);
    const cJSON *command = ms_sweep_member(objective, "command");
    const cJSON *params = ms_sweep_member(root, "params");
    struct names names = {.params = params, .program = command ? command->child : NULL};
    if (cJSON_IsObject(params))
        collect(&names, "", params);
    for (const cJSON *m = command && cJSON_IsArray(command) ? command->child : NULL; m; m = m->next)
        if (cJSON_IsString(m))
            check_argument(w, m, &names);
    for (int i = 0; i < names.n; i++)
        free(names.name[i]);
    w->no_memory = w->no_memory || names.no_memory;
    if (!ms_sweep_member(objective, "metric"))
        ms_sweep_problem(w, command,
                         "objective.metric: missing; allowed: the name of a metric that the "
                         "command prints, such as val_loss");
    else if (v->objective.name[0] && v->objective.goal < 0 && !ms_sweep_member(objective, "goal") &&
             ms_metric_id(v->objective.name) < 0)
        ms_sweep_problem(w, ms_sweep_member(objective, "metric"),
                         "objective.goal: missing, and '%s' is one of "
                         "the command's own metrics; allowed: minimize, maximize",
                         v->objective.name);
}
