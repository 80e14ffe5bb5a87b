// SPDX-License-Identifier: MIT
//
// Values at a point: copies of parts of a document in which every parameter has become its value.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_tree.h"
#include "walk_param.h"

cJSON *ms_sweep_copy_made(const struct ms_copy *c, cJSON *made, const cJSON *v)
{
    return c->to ? ms_json_note(c->to, made, ms_json_line(c->from, v)) : made;
}

bool ms_sweep_tree_add(cJSON *to, const char *key, cJSON *item)
{
    bool added =
        to && item && (key ? cJSON_AddItemToObject(to, key, item) : cJSON_AddItemToArray(to, item));
    if (!added)
        cJSON_Delete(item);
    return added;
}

static cJSON *copy_param(const struct ms_copy *c, const cJSON *v)
{
    int i = ms_sweep_param_at(c->point, v);
    double value = i < 0 ? NAN : c->point->point[i];
    if (isnan(value))
        return NULL;
    const struct ms_param *p = &c->point->space->param[i];
    if (p->kind == MS_CHOICE)
        return ms_sweep_copy_value(c, cJSON_GetArrayItem(p->values, (int)value));
    return ms_sweep_copy_made(c,
                              p->kind == MS_BOOL
                                  ? cJSON_CreateBool(value != 0)
                                  : cJSON_CreateNumber(ms_space_param_number(p, value)),
                              v);
}

cJSON *ms_sweep_copy_value(const struct ms_copy *c, const cJSON *v)
{
    if (!v)
        return NULL;
    if (c->point && ms_sweep_is_param(v))
        return copy_param(c, v);
    if (!cJSON_IsObject(v) && !cJSON_IsArray(v))
        return ms_sweep_copy_made(c, cJSON_Duplicate(v, false), v);
    bool object = cJSON_IsObject(v);
    cJSON *copy = ms_sweep_copy_made(c, object ? cJSON_CreateObject() : cJSON_CreateArray(), v);
    for (const cJSON *m = copy ? v->child : NULL; m; m = m->next) {
        if (object && c->without && strcmp(m->string, c->without) == 0)
            continue;
        if (!ms_sweep_tree_add(copy, object ? m->string : NULL, ms_sweep_copy_value(c, m))) {
            cJSON_Delete(copy);
            return NULL;
        }
    }
    return copy;
}

// The value of a choice at the point; anything else as it is.
static const cJSON *chosen(const struct ms_copy *c, const cJSON *v)
{
    if (!v || !ms_sweep_is_param(v))
        return v;
    int i = ms_sweep_param_at(c->point, v);
    const struct ms_param *p = i < 0 ? NULL : &c->point->space->param[i];
    bool known = p && p->kind == MS_CHOICE && !isnan(c->point->point[i]);
    return known ? cJSON_GetArrayItem(p->values, (int)c->point->point[i]) : NULL;
}

static bool add_members(const struct ms_copy *c, cJSON *to, const cJSON *object)
{
    bool good = object != NULL;
    for (const cJSON *m = object ? object->child : NULL; good && m; m = m->next)
        good = ms_sweep_tree_add(to, m->string, ms_sweep_copy_value(c, m));
    return good;
}

// One layer of {"layers": …, "same": …, "each": …}. given: the layer's own object in "layers";
// NULL: none.
static cJSON *copy_layer(const struct ms_copy *c, const cJSON *v, const cJSON *given, int i)
{
    const cJSON *same = ms_sweep_member(v, "same"), *each = ms_sweep_member(v, "each");
    cJSON *layer = ms_sweep_copy_made(c, cJSON_CreateObject(), given ? given : v);
    bool good = layer && (!same || add_members(c, layer, chosen(c, same))) &&
                (!given || add_members(c, layer, chosen(c, given)));
    c->point->layer = i;
    good = good && (!each || add_members(c, layer, chosen(c, each)));
    c->point->layer = 0;
    if (good)
        return layer;
    cJSON_Delete(layer);
    return NULL;
}

static cJSON *copy_layers(const struct ms_copy *c, const cJSON *v)
{
    const cJSON *layers = ms_sweep_member(v, "layers");
    const cJSON *given = cJSON_IsArray(layers) ? layers->child : NULL;
    struct ms_copy unnoted = *c;
    unnoted.to = NULL;
    cJSON *count = cJSON_IsArray(layers) ? NULL : ms_sweep_copy_value(&unnoted, layers);
    cJSON *array = ms_sweep_copy_made(c, cJSON_CreateArray(), v);
    int n = count && cJSON_IsNumber(count) ? (int)count->valuedouble : cJSON_GetArraySize(layers);
    bool good = array && (count || cJSON_IsArray(layers));
    for (int i = 1; good && i <= n; i++, given = given ? given->next : NULL)
        good = ms_sweep_tree_add(array, NULL, copy_layer(c, v, given, i));
    cJSON_Delete(count);
    if (good)
        return array;
    cJSON_Delete(array);
    return NULL;
}

cJSON *ms_sweep_copy_section(const struct ms_copy *c, const cJSON *v, const char *field)
{
    if (strcmp(field, "hidden") != 0)
        return ms_sweep_copy_value(c, v);
    v = chosen(c, v);
    return cJSON_IsObject(v) ? copy_layers(c, v) : ms_sweep_copy_value(c, v);
}

char *ms_sweep_resolved(const struct ms_sweep *s, const char *field, const double *point)
{
    struct ms_walk w = ms_sweep_reader(s, point, 0);
    const cJSON *v = ms_sweep_member(ms_json_root(s->doc), field);
    cJSON *copy =
        v ? ms_sweep_copy_section(&(struct ms_copy){.from = s->doc, .point = &w}, v, field) : NULL;
    char *text = copy ? ms_json_compact(copy, true) : NULL;
    cJSON_Delete(copy);
    return text;
}
