// SPDX-License-Identifier: MIT
//
// Objectives beside training a network. A function takes numbers, in the order in which the file's
// params stand; a command takes any values, by name. Their parameters stand in "params", whose name
// is not part of theirs: "lr", not "params.lr".
//
// {optimizer.momentum} of a command is a path through params: a choice on the way stands for the
// value that the point takes of it, so parameters inside a choice's objects are reached as they are
// named.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/function.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/utf8.h"
#include "sweep_parts.h"

enum {
    MAX_ARGUMENTS = 1024,
    MAX_ARGUMENT = 65536, // bytes, with what stands for the placeholders
    MAX_NAME = 64,        // bytes of a name in params, and of a metric, with the NUL
    MAX_KNOWN = 256,      // names that are told of, and looked through for the nearest spelling
};

static const char *const id_names[] = {"trial", "execution", "seed", "epochs"};

static int id_of(const char *name, size_t n)
{
    for (int i = 0; i < 4; i++)
        if (strlen(id_names[i]) == n && memcmp(id_names[i], name, n) == 0)
            return i;
    return -1;
}

enum ms_kind ms_sweep_objective_kind(const cJSON *root)
{
    const cJSON *o = ms_sweep_member(root, "objective");
    if (cJSON_IsArray(o)) // the first one guides the search
        o = o->child;
    if (ms_sweep_member(o, "function"))
        return MS_KIND_FUNCTION;
    return ms_sweep_member(o, "command") ? MS_KIND_COMMAND : MS_KIND_TRAIN;
}

// --- what the file says ------------------------------------------------------

static bool good_name(const char *s, size_t size)
{
    const size_t n = strlen(s);
    return n > 0 && n < size && ms_is_printable(s, n);
}

static void walk_member(struct ms_walk *w, const cJSON *m, const struct ms_field *f)
{
    char key[MS_CLIP];
    bool bad = !good_name(m->string, MAX_NAME) || strpbrk(m->string, "{}.");
    if (bad)
        ms_sweep_problem(w, m,
                         "found the name '%s'; allowed: 1 to %d bytes without '{', '}' and '.'",
                         ms_sweep_clip(m->string, key), MAX_NAME - 1);
    else if (w->kind == MS_KIND_COMMAND && !w->name[0] && id_of(m->string, strlen(m->string)) >= 0)
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

void ms_sweep_walk_command(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    (void)f, (void)base;
    char found[128];
    if (!cJSON_IsArray(v)) {
        ms_sweep_problem(w, v,
                         "found %s; allowed: an array of strings, the program and its arguments, "
                         "such as [\"./train.sh\", \"--lr={lr}\"]; no shell reads them",
                         ms_sweep_value_text(v, found, sizeof found));
        return;
    }
    int n = cJSON_GetArraySize(v);
    if (n < 1 || n > MAX_ARGUMENTS)
        ms_sweep_problem(w, v, "found %d strings; allowed: 1 to %d, the program first", n,
                         MAX_ARGUMENTS);
    for (const cJSON *m = v->child; m; m = m->next)
        if (!cJSON_IsString(m) || strlen(m->valuestring) >= MAX_ARGUMENT ||
            (m == v->child && !m->valuestring[0]))
            ms_sweep_problem(w, m,
                             "found %s%s; allowed: strings of up to %d bytes, the program first",
                             ms_sweep_value_text(m, found, sizeof found),
                             cJSON_IsNumber(m) ? ", which is no string" : "", MAX_ARGUMENT - 1);
}

void ms_sweep_walk_objective_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                                    void *base)
{
    static const struct ms_field metric = {.name = "metric",
                                           .type = MS_F_METRIC,
                                           .fixed = true,
                                           .offset = offsetof(struct ms_values, objective.metric)};
    static const struct ms_field name = {.name = "metric",
                                         .type = MS_F_TEXT,
                                         .fixed = true,
                                         .offset = offsetof(struct ms_values, objective.name),
                                         .size = MAX_NAME};
    (void)f;
    char found[128];
    if (w->kind == MS_KIND_TRAIN)
        ms_sweep_walk_literal(w, v, &metric, base);
    else if (w->kind == MS_KIND_COMMAND)
        ms_sweep_walk_literal(w, v, &name, base);
    else if (!cJSON_IsString(v) || strcmp(v->valuestring, "value") != 0)
        ms_sweep_problem(w, v, "found %s; allowed: value, the one metric that a function has",
                         ms_sweep_value_text(v, found, sizeof found));
}

// --- rules -------------------------------------------------------------------

static const cJSON *objective_node(const struct ms_sweep *s, const char *key)
{
    const cJSON *o = ms_sweep_member(ms_json_root(s->doc), "objective");
    return ms_sweep_member(cJSON_IsArray(o) ? o->child : o, key);
}

static int usual_dims(const struct ms_function *f)
{
    return f->dims ? f->dims : 2;
}

void ms_sweep_objective_usual_params(struct ms_sweep *s, const struct ms_values *v,
                                     struct ms_walk *w)
{
    if (s->kind != MS_KIND_FUNCTION || v->objective.function < 0 ||
        ms_sweep_member(ms_json_root(s->doc), "params"))
        return;
    const struct ms_function *f = ms_function_row(v->objective.function);
    const cJSON *node = objective_node(s, "function");
    for (int i = 0; i < usual_dims(f); i++) {
        char name[16];
        struct ms_error err;
        ms_function_param(i, usual_dims(f), name, sizeof name);
        struct ms_param p = {.name = name,
                             .kind = MS_FLOAT,
                             .lo = f->lo[f->dims ? i : 0],
                             .hi = f->hi[f->dims ? i : 0],
                             .parent = -1,
                             .line = ms_json_line(s->doc, node)};
        int at = ms_space_add(&s->space, &p, &err);
        w->no_memory = w->no_memory || at < 0;
        if (at >= 0)
            s->place[at] = (struct ms_place){node, i + 1, at};
    }
}

static void function_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *params = ms_sweep_member(ms_json_root(s->doc), "params");
    if (v->objective.function < 0 || !cJSON_IsObject(params))
        return;
    const struct ms_function *f = ms_function_row(v->objective.function);
    int n = cJSON_GetArraySize(params);
    if (f->dims && n != f->dims)
        ms_sweep_problem(w, params,
                         "params: found %d; allowed: the %d numbers of %s, in their order", n,
                         f->dims, f->row.name);
    else if (n < 1 || n > MS_MAX_FUNCTION_DIMS)
        ms_sweep_problem(w, params, "params: found %d; allowed: 1 to %d numbers", n,
                         MS_MAX_FUNCTION_DIMS);
}

struct names {
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

// Whether a path of params leads to a value, in any of the choices on its way.
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

static void check_placeholder(struct ms_walk *w, const cJSON *argument, const cJSON *params,
                              const struct names *names, const char *name, size_t n)
{
    char text[256], clipped[MS_CLIP], list[600] = "";
    size_t used = 0;
    snprintf(text, sizeof text, "%.*s", (int)(n < 255 ? n : 255), name);
    if (id_of(name, n) >= 0 || (cJSON_IsObject(params) && is_known(params, text)))
        return;
    const char *known[MAX_KNOWN + 4];
    for (int i = 0; i < names->n + 4; i++) {
        known[i] = i < names->n ? names->name[i] : id_names[i - names->n];
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
static void check_argument(struct ms_walk *w, const cJSON *argument, const cJSON *params,
                           const struct names *names)
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
        check_placeholder(w, argument, params, names, p + 1, (size_t)(end - p - 1));
        p = end + 1;
    }
}

static void command_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *command = objective_node(s, "command");
    const cJSON *params = ms_sweep_member(root, "params");
    struct names names = {0};
    if (cJSON_IsObject(params))
        collect(&names, "", params);
    for (const cJSON *m = cJSON_IsArray(command) ? command->child : NULL; m; m = m->next)
        if (cJSON_IsString(m))
            check_argument(w, m, params, &names);
    for (int i = 0; i < names.n; i++)
        free(names.name[i]);
    w->no_memory = w->no_memory || names.no_memory;
    if (!objective_node(s, "metric"))
        ms_sweep_problem(w, command,
                         "objective.metric: missing; allowed: the name of a metric that the "
                         "command prints, such as val_loss");
    else if (v->objective.name[0] && v->objective.goal < 0 && !objective_node(s, "goal") &&
             ms_metric_id(v->objective.name) < 0)
        ms_sweep_problem(w, objective_node(s, "metric"),
                         "objective.goal: missing, and '%s' is a metric of "
                         "the command's own; allowed: minimize, maximize",
                         v->objective.name);
}

void ms_sweep_objective_rules(struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    if (s->kind == MS_KIND_FUNCTION)
        function_rules(s, v, w);
    else if (s->kind == MS_KIND_COMMAND)
        command_rules(s, v, w);
}

// --- at a point --------------------------------------------------------------

int ms_sweep_function(const struct ms_sweep *s, const struct ms_function **function,
                      const double *point, double *x, struct ms_error *err)
{
    const cJSON *params = ms_sweep_member(ms_json_root(s->doc), "params");
    struct ms_walk w = ms_sweep_reader(s, point, 0);
    int n = 0;
    *function = ms_function_row(s->function);
    if (!params) {
        n = usual_dims(*function);
        memcpy(x, point, (size_t)n * sizeof *x);
    }
    for (const cJSON *m = params ? params->child : NULL; m; m = m->next, n++) {
        int i = ms_sweep_is_param(m) ? ms_sweep_param_at(&w, m) : -1;
        x[n] = i < 0 ? m->valuedouble : ms_space_param_number(&s->space.param[i], point[i]);
    }
    for (int i = 0; i < n; i++)
        if (isnan(x[i]))
            return ms_fail(err, MS_EINVAL, "%s: the point is not one of the sweep's space",
                           s->name);
    return n;
}

// The text that stands for a name. Returns 0; 1: the point does not have it; MS_ENOMEM. out is
// malloc'ed.
static int value_of(const struct ms_walk *w, const char *name, size_t n,
                    const struct ms_command_ids *ids, char **out)
{
    char text[32];
    int id = id_of(name, n);
    if (id >= 0) {
        uint64_t values[] = {ids->trial, ids->execution, ids->seed, (uint64_t)ids->epochs};
        snprintf(text, sizeof text, "%llu", (unsigned long long)values[id]);
        return (*out = strdup(text)) ? 0 : MS_ENOMEM;
    }
    const cJSON *node = ms_sweep_member(ms_json_root(w->doc), "params");
    const struct ms_param *p = NULL;
    double value = NAN;
    for (const char *end = name + n; name < end;) {
        size_t k = strcspn(name, ".}");
        char key[MAX_NAME];
        snprintf(key, sizeof key, "%.*s", (int)(k < MAX_NAME ? k : MAX_NAME - 1), name);
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
    if (t->n + n >= t->room) {
        size_t room = 2 * (t->n + n) + 256;
        char *grown = realloc(t->s, room);
        if (!grown)
            return MS_ENOMEM;
        t->s = grown;
        t->room = room;
    }
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
    if (!status && t->n - before > MAX_ARGUMENT)
        status = MS_ELIMIT;
    if (status)
        t->n = before;
    return status;
}

bool ms_sweep_command_tells_epochs(const struct ms_sweep *s)
{
    for (const cJSON *m = objective_node(s, "command")->child; m; m = m->next)
        if (strstr(m->valuestring, "{epochs}"))
            return true;
    return false;
}

int ms_sweep_command(const struct ms_sweep *s, const double *point,
                     const struct ms_command_ids *ids, char ***argv, struct ms_error *err)
{
    const cJSON *command = objective_node(s, "command");
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
                    MAX_ARGUMENT);
        else if (status == MS_ENOMEM)
            ms_fail(err, status, "no memory for the command");
        n += status == 0;
    }
    size_t pointers = (n + 1) * sizeof **argv;
    char **out = status < 0 ? NULL : malloc(pointers + t.n);
    if (status >= 0 && !out)
        status = ms_fail(err, MS_ENOMEM, "no memory for the command");
    if (out) {
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
