// SPDX-License-Identifier: MIT
//
// The sweep of each stage of a file, made when the winner of the stage before is known. See
// mlpsweep/stages.h.
#include "mlpsweep/stages.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "sweep_tree.h"

int ms_sweep_stages(const struct ms_sweep *s)
{
    return s->stages ? s->stages->n : 1;
}

const char *ms_sweep_file_name(const struct ms_sweep *s)
{
    return s->stages ? s->stages->name : s->name;
}

// The numbers of a function whose params the file leaves out.
static bool add_usual_params(const struct ms_copy *c, cJSON *root, const struct ms_sweep *before,
                             const double *winner)
{
    cJSON *params = ms_sweep_copy_made(c, cJSON_CreateObject(), root);
    bool good = params != NULL;
    for (int i = 0; good && i < before->space.n; i++) {
        const struct ms_param *p = &before->space.param[i];
        cJSON *number = cJSON_CreateNumber(ms_space_param_number(p, winner[i]));
        good = ms_sweep_tree_add(params, p->name, ms_sweep_copy_made(c, number, root));
    }
    if (!good)
        cJSON_Delete(params);
    return good && ms_sweep_tree_add(root, "params", params);
}

// before at its winner's point. NULL: no memory.
static struct ms_json *resolve(const struct ms_sweep *before, const double *winner)
{
    struct ms_json *to = ms_json_new();
    struct ms_walk w = ms_sweep_reader(before, winner, 0);
    const cJSON *from = ms_json_root(before->doc);
    const struct ms_copy c = {.from = before->doc, .to = to, .point = &w};
    cJSON *root = to ? ms_sweep_copy_made(&c, cJSON_CreateObject(), from) : NULL;
    bool good = root != NULL;
    for (const cJSON *m = from->child; good && m; m = m->next)
        good = strcmp(m->string, "require") == 0 ||
               ms_sweep_tree_add(root, m->string, ms_sweep_copy_section(&c, m, m->string));
    if (good && before->kind == MS_KIND_FUNCTION && !ms_sweep_member(from, "params"))
        good = add_usual_params(&c, root, before, winner);
    if (good) {
        ms_json_take(to, root);
        return to;
    }
    cJSON_Delete(root);
    if (to)
        ms_json_free(to);
    return NULL;
}

// The document of stage i. before NULL: stage 0, or a stage that is to be judged by itself.
int ms_sweep_stage_document(const struct ms_stages *s, int i, const struct ms_sweep *before,
                            const double *winner, struct ms_json **out)
{
    struct ms_json *base = before ? resolve(before, winner) : s->doc;
    *out = NULL;
    if (!base)
        return MS_ENOMEM;
    int status = ms_sweep_overlay(s->doc, base, s->stage[i], s->title[i], i == 0, out);
    if (before)
        ms_json_free(base);
    return status;
}

// The sweep of a stage from the tree, whose lines are those of the file, so that problems point to
// them.
int ms_sweep_stage_sweep(const char *file, struct ms_json *doc, struct ms_sweep **out,
                         struct ms_sweep_problems *problems)
{
    char *text = ms_json_compact(ms_json_root(doc), false);
    *out = NULL;
    *problems = (struct ms_sweep_problems){0};
    if (!text) {
        ms_json_free(doc);
        return MS_ENOMEM;
    }
    int status = ms_sweep_of(file, text, strlen(text), doc, out, problems);
    free(text);
    return status;
}

int ms_sweep_stage(const struct ms_sweep *first, int i, const struct ms_sweep *before,
                   const double *winner, struct ms_sweep **out, struct ms_error *err)
{
    struct ms_sweep_problems problems = {0};
    struct ms_json *doc;
    *out = NULL;
    if (!first->stages || i < 1 || i >= first->stages->n)
        return ms_fail(err, MS_EINVAL, "%s has no stage %d", ms_sweep_name(first), i + 1);
    int status = ms_sweep_stage_document(first->stages, i, before, winner, &doc);
    if (status == 0)
        status = ms_sweep_stage_sweep(first->file, doc, out, &problems);
    if (status == MS_ENOMEM)
        ms_no_memory(err, "stage %d", i + 1);
    else if (status < 0)
        ms_fail(err, status, "%s: stage %d does not go with the winner of the one before: %s",
                first->file, i + 1, problems.n > 0 ? problems.item[0].text : "?");
    ms_sweep_problems_clear(&problems);
    if (status == 0)
        status = ms_sweep_call(*out, strlen(first->stages->name), first->edition, err);
    if (status && *out) {
        ms_sweep_free(*out);
        *out = NULL;
    }
    return status;
}

// wanted[i] >= 0: the value index that parameter i must have.
void ms_sweep_stand_in_with(const struct ms_sweep *s, const int64_t *wanted, double *point)
{
    for (int i = 0; i < s->space.n; i++) {
        const struct ms_param *p = &s->space.param[i];
        point[i] = p->count > 0 ? (wanted && wanted[i] >= 0 ? (double)wanted[i] : 0) : p->lo;
        if (!ms_space_active(&s->space, point, i))
            point[i] = NAN;
    }
}

void ms_sweep_stand_in(const struct ms_sweep *s, double *point)
{
    ms_sweep_stand_in_with(s, NULL, point);
}
