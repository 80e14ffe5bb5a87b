// SPDX-License-Identifier: MIT
//
// Files with stages: their shape, and the check of all stages before anything is started. A later
// stage is checked with stand-ins for the winners before it. See mlpsweep/stages.h.
#include "mlpsweep/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"
#include "sweep_tree.h"

enum {
    MAX_TRIED_VALUES = 64, // of one parameter that stands for a winner
    MAX_TRIED = 4096,      // sweeps made while checking
};

// Sets the values that the parents of parameter i need for it to exist.
static void want_parents(const struct ms_sweep *s, int i, int64_t *wanted)
{
    for (; s->space.param[i].parent >= 0; i = s->space.param[i].parent) {
        const struct ms_param *child = &s->space.param[i], *p = &s->space.param[child->parent];
        if (child->condition == MS_IS)
            wanted[child->parent] = (int64_t)child->parent_value;
        for (uint64_t k = 0; child->condition == MS_AT_LEAST && k < p->count; k++)
            if (ms_space_param_number(p, (double)k) >= child->parent_value) {
                wanted[child->parent] = (int64_t)k;
                break;
            }
    }
}

// --- the checking ------------------------------------------------------------

struct checking {
    const char *file;
    const struct ms_stages *stages;
    struct ms_sweep_problems *found; // to be reported
    struct ms_sweep_problems said;   // the same without prefixes, so that nothing is reported twice
    struct ms_sweep **out;           // of the first stage
    char when[256];                  // " (where … is …)" for a stand-in that is not the first
    int tried;
    bool no_memory;
};

static bool said_before(const struct checking *c, int line, const char *text)
{
    for (int i = 0; i < c->said.n; i++)
        if (c->said.item[i].line == line && strcmp(c->said.item[i].text, text) == 0)
            return true;
    return false;
}

static void tell(struct checking *c, int line, const char *text)
{
    if (ms_sweep_problems_add(c->found, line, text) < 0)
        c->no_memory = true;
}

static int last_line(const struct ms_json *doc, const cJSON *v)
{
    int line = ms_json_line(doc, v);
    for (const cJSON *m = cJSON_IsObject(v) || cJSON_IsArray(v) ? v->child : NULL; m; m = m->next) {
        int inner = last_line(doc, m);
        line = inner > line ? inner : line;
    }
    return line;
}

static const char *const same_for_all[] = {"data", "seed", "stages", "threads_per_worker"};

// True for a problem in what no stage may have, which check_shape has told.
static bool is_told(const char *text)
{
    const size_t n = strcspn(text, ":.");
    for (size_t k = 0; k < sizeof same_for_all / sizeof *same_for_all; k++)
        if (strlen(same_for_all[k]) == n && strncmp(text, same_for_all[k], n) == 0)
            return true;
    return false;
}

// Takes over the problems of stage i. only_own: the base is not yet the final one, so that only
// problems in the stage's own lines are certain.
static void take_problems(struct checking *c, int i, const struct ms_sweep_problems *p,
                          bool only_own)
{
    const struct ms_stages *s = c->stages;
    const int from = ms_json_line(s->doc, s->stage[i]), to = last_line(s->doc, s->stage[i]);
    for (int k = 0; k < p->n; k++) {
        int line = p->item[k].line;
        bool own = line >= from && line <= to;
        char text[2400], prefix[32] = "";
        if (said_before(c, line, p->item[k].text) || (own ? is_told(p->item[k].text) : only_own))
            continue;
        if (ms_sweep_problems_add(&c->said, line, p->item[k].text) < 0)
            c->no_memory = true;
        bool no_path = strncmp(p->item[k].text, "found ", 6) == 0; // of the top level itself
        if (i > 0 || own)
            snprintf(prefix, sizeof prefix, "stages.%d%s", i + 1, no_path ? ": " : ".");
        snprintf(text, sizeof text, "%s%s%s", prefix, p->item[k].text, c->when);
        tell(c, line, text);
    }
}

// Checks stage i after before (NULL: by itself); returns its sweep, NULL where it has none.
static struct ms_sweep *check_stage(struct checking *c, int i, const struct ms_sweep *before,
                                    const double *winner, bool only_own)
{
    struct ms_json *doc;
    struct ms_sweep *sweep = NULL;
    struct ms_sweep_problems problems = {0};
    c->tried++;
    int status = ms_sweep_stage_document(c->stages, i, before, winner, &doc);
    if (status == 0)
        status = ms_sweep_stage_sweep(c->file, doc, &sweep, &problems);
    if (status == MS_ENOMEM)
        c->no_memory = true;
    else if (status < 0)
        take_problems(c, i, &problems, only_own);
    ms_sweep_problems_clear(&problems);
    return sweep;
}

// Stages i … n-1 after before, whose winner has this point: each with the first stand-in of the one
// before it. sweep: NULL, or where their sweeps are kept.
static void check_from(struct checking *c, int i, const struct ms_sweep *before,
                       const double *winner, struct ms_sweep **kept)
{
    double point[MS_MAX_PARAMS];
    struct ms_sweep *mine = NULL; // before, once it is one that was made here
    bool broken = false;
    for (; i < c->stages->n; i++) {
        struct ms_sweep *sweep = check_stage(c, i, broken ? NULL : before, winner, broken);
        if (mine && !kept)
            ms_sweep_free(mine);
        mine = NULL;
        if (kept)
            kept[i] = broken ? NULL : sweep;
        if (broken && kept)
            ms_sweep_free(sweep);
        if (!broken && !sweep) { // the others are judged by themselves
            broken = true;
            if (!kept)
                break;
        } else if (!broken) {
            ms_sweep_stand_in(sweep, point);
            before = mine = sweep;
            winner = point;
        }
    }
    if (mine && !kept)
        ms_sweep_free(mine);
}

// Every value of every choice of stage j (of other parameters the last value) as the winner's, one
// parameter after the other.
static void check_winners(struct checking *c, int j, const struct ms_sweep *sweep)
{
    double point[MS_MAX_PARAMS];
    int64_t wanted[MS_MAX_PARAMS];
    for (int i = 0; i < sweep->space.n; i++) {
        const struct ms_param *p = &sweep->space.param[i];
        uint64_t n = p->count < MAX_TRIED_VALUES ? p->count : MAX_TRIED_VALUES;
        for (uint64_t v = 1; v < n; v++) {
            if (p->kind != MS_CHOICE && v + 1 < n)
                continue;
            if (c->tried > MAX_TRIED || c->no_memory || c->found->n > 0)
                return;
            for (int k = 0; k < sweep->space.n; k++)
                wanted[k] = -1;
            wanted[i] = (int64_t)(p->kind == MS_CHOICE ? v : p->count - 1);
            want_parents(sweep, i, wanted);
            ms_sweep_stand_in_with(sweep, wanted, point);
            char text[64];
            snprintf(c->when, sizeof c->when, " (where stage %d chooses %.100s=%s)", j + 1, p->name,
                     ms_space_param_text(p, point[i], text, sizeof text));
            check_from(c, j + 1, sweep, point, NULL);
        }
    }
}

// --- the shape ---------------------------------------------------------------

static void wrong(struct checking *c, const cJSON *at, int stage, const char *key, const char *text)
{
    char line[600], clipped[MS_CLIP], path[160] = "stages";
    if (stage >= 0)
        snprintf(path, sizeof path, "stages.%d%s%s", stage + 1, key[0] ? "." : "",
                 ms_sweep_clip(key, clipped));
    snprintf(line, sizeof line, "%s: %s", path, text);
    tell(c, ms_json_line(c->stages->doc, at), line);
}

struct twice {
    struct checking *c;
    int stage;
};

static void given_twice(void *ctx, const cJSON *member)
{
    struct twice *t = ctx;
    if (strcmp(member->string, "name") != 0)
        return; // those of the others show in the stage's sweep
    char text[160], key[MS_CLIP];
    snprintf(text, sizeof text, "found '%s' twice; allowed: every key once",
             ms_sweep_clip(member->string, key));
    wrong(t->c, member, t->stage, "", text);
}

static void check_name(struct checking *c, int i, const cJSON *name)
{
    const char *s = cJSON_IsString(name) ? name->valuestring : "";
    if (s[0] == '\0' || strlen(s) > 64 || !ms_is_printable(s, strlen(s))) {
        char found[128], text[256];
        snprintf(text, sizeof text, "found %s; allowed: a string of 1 to 64 bytes",
                 ms_sweep_value_text(name, found, sizeof found));
        wrong(c, name, i, "name", text);
    }
}

static void check_shape(struct checking *c, int i)
{
    const cJSON *stage = c->stages->stage[i], *objective = ms_sweep_first_objective(stage);
    char found[128], text[256];
    if (!cJSON_IsObject(stage) || ms_sweep_is_param(stage)) {
        snprintf(text, sizeof text, "found %s; allowed: an object with what the stage changes",
                 ms_sweep_is_param(stage) ? "a parameter"
                                          : ms_sweep_value_text(stage, found, sizeof found));
        wrong(c, stage, i, "", text);
        return;
    }
    for (size_t k = 0; k < sizeof same_for_all / sizeof *same_for_all; k++) {
        const cJSON *m = ms_sweep_member(stage, same_for_all[k]);
        if (m)
            wrong(c, m, i, same_for_all[k],
                  "found in a stage; allowed: at the top level, the same for all stages");
    }
    const char *const kinds[] = {"function", "command"};
    for (int k = 0; k < 2; k++)
        if (ms_sweep_member(objective, kinds[k]))
            wrong(c, ms_sweep_member(objective, kinds[k]), i, "objective",
                  "found another kind of objective; allowed: metric, goal, at, window, by, "
                  "failed_executions");
    if (ms_sweep_member(stage, "name"))
        check_name(c, i, ms_sweep_member(stage, "name"));
    if (ms_json_duplicates(stage, given_twice, &(struct twice){c, i}) < 0)
        c->no_memory = true;
}

static bool has_param(const cJSON *v)
{
    if (ms_sweep_is_param(v))
        return true;
    for (const cJSON *m = cJSON_IsObject(v) || cJSON_IsArray(v) ? v->child : NULL; m; m = m->next)
        if (has_param(m))
            return true;
    return false;
}

static void name_stages(struct checking *c, struct ms_stages *s)
{
    const cJSON *given = ms_sweep_member(ms_json_root(s->doc), "name");
    if (cJSON_IsString(given) && given->valuestring[0])
        snprintf(s->name, sizeof s->name, "%s", given->valuestring);
    else
        ms_sweep_default_name(c->file, s->name, sizeof s->name);
    for (int i = 0; i < s->n; i++) {
        const cJSON *own = ms_sweep_member(s->stage[i], "name");
        int n = snprintf(s->title[i], sizeof s->title[i], "%s:%d-%s", s->name, i + 1,
                         cJSON_IsString(own) ? own->valuestring : "stage");
        if (n < 0 || (size_t)n >= sizeof s->title[i])
            wrong(c, own ? own : s->stage[i], i, "name",
                  "longer than 255 bytes together with the sweep's name");
    }
}

static void check_list(struct checking *c, struct ms_stages *s)
{
    const cJSON *root = ms_json_root(s->doc), *list = ms_sweep_member(root, "stages"),
                *data = ms_sweep_member(root, "data");
    int n = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    if (n < 1 || n > MS_MAX_STAGES) {
        char found[128], text[256];
        snprintf(text, sizeof text, "found %s; allowed: an array of 1 to %d objects",
                 n > 0                 ? "more"
                 : cJSON_IsArray(list) ? "an empty array"
                                       : ms_sweep_value_text(list, found, sizeof found),
                 MS_MAX_STAGES);
        wrong(c, list, -1, "", text);
        return;
    }
    for (const cJSON *stage = list->child; stage; stage = stage->next)
        s->stage[s->n++] = stage;
    for (int i = 0; i < s->n; i++)
        check_shape(c, i);
    name_stages(c, s);
    if (has_param(data))
        tell(c, ms_json_line(s->doc, data),
             "data: found a parameter; allowed with stages: fixed values, the same for all stages");
}

static void check_all(struct checking *c)
{
    struct ms_sweep *sweep[MS_MAX_STAGES] = {NULL};
    check_from(c, 0, NULL, NULL, sweep);
    for (int j = 0; j + 1 < c->stages->n && sweep[j]; j++)
        check_winners(c, j, sweep[j]);
    *c->out = sweep[0];
    for (int i = 1; i < c->stages->n; i++)
        ms_sweep_free(sweep[i]);
}

int ms_sweep_stages_parse(const char *file, struct ms_json *doc, struct ms_sweep **out,
                          struct ms_sweep_problems *problems)
{
    struct ms_stages *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s) {
        ms_json_free(doc);
        return MS_ENOMEM;
    }
    s->doc = doc;
    struct checking c = {.file = file, .stages = s, .found = problems, .out = out};
    check_list(&c, s);
    bool objects = s->n > 0; // errors inside them are reported in the same pass
    for (int i = 0; i < s->n; i++)
        objects = objects && cJSON_IsObject(s->stage[i]) && !ms_sweep_is_param(s->stage[i]);
    if (objects && !c.no_memory)
        check_all(&c);
    ms_sweep_problems_clear(&c.said);
    ms_sweep_problems_sort(problems);
    if (c.no_memory && ms_sweep_problems_add(problems, 1, "out of memory for the sweep file") < 0)
        c.no_memory = true;
    int status = c.no_memory ? MS_ENOMEM : problems->n > 0 || !*out ? MS_EINVAL : 0;
    if (status == 0) {
        (*out)->stages = s;
        return 0;
    }
    ms_sweep_free(*out);
    *out = NULL;
    ms_json_free(s->doc);
    free(s);
    return status;
}
