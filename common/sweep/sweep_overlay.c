// SPDX-License-Identifier: MIT
//
// A stage laid over what the stages before it decided. The field tables say how:
//
//     a section          member by member
//     a row of a table   an object without a name gives arguments to the present row;
//                        anything with a name of its own replaces it
//     hidden             "same" and "each" hold for the present layers: the keys they give
//                        are taken out of every layer
//     params             name by name, each in its place, because a function takes its
//                        numbers in this order
//
// Any other value replaces the earlier one, as does a value that is a parameter or meets one.
//
// Values that the stage does not touch come first. Its own come last, in its own order, so that the
// last-written parameter of a stage varies fastest (except in params). Neither tree is changed: a
// new one is copied out of both, value by value, each with its line.
#include <stdlib.h>
#include <string.h>

#include "sweep_tree.h"
#include "walkers.h"

// A base and what lies over it: where each is copied from.
struct overlay {
    struct ms_copy base, over;
};

static cJSON *merge(const struct overlay *o, const struct ms_field *f, const cJSON *base,
                    const cJSON *over);

static bool plain_object(const cJSON *v)
{
    return cJSON_IsObject(v) && !ms_sweep_is_param(v);
}

// True when an object, or one of a choice of objects, gives a key.
static bool gives(const cJSON *v, const char *key)
{
    const cJSON *choice = ms_sweep_member(v, "choice");
    if (!choice)
        return ms_sweep_member(v, key) != NULL;
    for (const cJSON *one = choice->child; one; one = one->next)
        if (ms_sweep_member(one, key))
            return true;
    return false;
}

// The members of an object that others do not give. others: NULL: give nothing.
static bool add_without(const struct ms_copy *c, cJSON *to, const cJSON *object,
                        const cJSON *others)
{
    bool good = true;
    for (const cJSON *m = object ? object->child : NULL; good && m; m = m->next)
        if (!gives(others, m->string) && !(c->without && strcmp(c->without, m->string) == 0))
            good = ms_sweep_tree_add(to, m->string, ms_sweep_copy_value(c, m));
    return good;
}

static const struct ms_field *find_field(const struct ms_section *s, const char *name)
{
    int i = s ? ms_field_find(s, name) : -1;
    return i < 0 ? NULL : &s->field[i];
}

static cJSON *finish(cJSON *made, bool good)
{
    if (good)
        return made;
    cJSON_Delete(made);
    return NULL;
}

static cJSON *merge_section(const struct overlay *o, const struct ms_section *s, const cJSON *base,
                            const cJSON *over)
{
    cJSON *made = ms_sweep_copy_made(&o->over, cJSON_CreateObject(), over);
    bool good = made && add_without(&o->base, made, base, over);
    for (const cJSON *m = over->child; good && m; m = m->next)
        good = ms_sweep_tree_add(
            made, m->string,
            merge(o, find_field(s, m->string), ms_sweep_member(base, m->string), m));
    return finish(made, good);
}

// Names that the stage gives take the places of those that were; new ones come last.
static cJSON *merge_params(const struct overlay *o, const cJSON *base, const cJSON *over)
{
    cJSON *made = ms_sweep_copy_made(&o->over, cJSON_CreateObject(), over);
    bool good = made != NULL;
    for (const cJSON *m = base->child; good && m; m = m->next) {
        const cJSON *now = ms_sweep_member(over, m->string);
        good = ms_sweep_tree_add(made, m->string,
                                 now ? ms_sweep_copy_value(&o->over, now)
                                     : ms_sweep_copy_value(&o->base, m));
    }
    return finish(made, good && add_without(&o->over, made, over, base));
}

// --- rows of tables ----------------------------------------------------------

// An object whose only key names a row: {"l2": 0.01}.
static bool short_form(const cJSON *v, const struct ms_table *t)
{
    const cJSON *m = v->child;
    return m && !m->next && ms_table_find(t, m->string) >= 0;
}

static cJSON *merge_pick(const struct overlay *o, const struct ms_field *f, const cJSON *base,
                         const cJSON *over)
{
    bool named = plain_object(base) && ms_sweep_member(base, f->key);
    bool brief = plain_object(base) && !named && short_form(base, f->table);
    if (ms_sweep_member(over, f->key) || short_form(over, f->table) ||
        !(named || brief || (cJSON_IsString(base) && !f->number)))
        return ms_sweep_copy_value(&o->over, over);
    cJSON *made = ms_sweep_copy_made(&o->over, cJSON_CreateObject(), over);
    bool good = made != NULL;
    if (brief) {
        const struct ms_row *row =
            ms_table_row(f->table, ms_table_find(f->table, base->child->string));
        good = good &&
               ms_sweep_tree_add(made, f->key,
                                 ms_sweep_copy_made(&o->base, cJSON_CreateString(row->name), base));
        if (row->n_args > 0 && !ms_sweep_member(over, row->args[0].name))
            good = good && ms_sweep_tree_add(made, row->args[0].name,
                                             ms_sweep_copy_value(&o->base, base->child));
    } else if (named) {
        good = good && add_without(&o->base, made, base, over);
    } else {
        good = good && ms_sweep_tree_add(made, f->key, ms_sweep_copy_value(&o->base, base));
    }
    for (const cJSON *m = over->child; good && m; m = m->next) {
        bool rate = f->rate && strcmp(m->string, f->rate->name) == 0;
        good = ms_sweep_tree_add(
            made, m->string, merge(o, rate ? f->rate : NULL, ms_sweep_member(base, m->string), m));
    }
    return finish(made, good);
}

// --- hidden layers -----------------------------------------------------------

// An array of layers without what the stage gives for all of them.
static cJSON *strip_layers(const struct overlay *o, const cJSON *layers, const cJSON *over)
{
    const cJSON *same = ms_sweep_member(over, "same"), *each = ms_sweep_member(over, "each");
    cJSON *made = ms_sweep_copy_made(&o->base, cJSON_CreateArray(), layers);
    bool good = made != NULL;
    for (const cJSON *layer = layers->child; good && layer; layer = layer->next) {
        if (!plain_object(layer)) {
            good = ms_sweep_tree_add(made, NULL, ms_sweep_copy_value(&o->base, layer));
            continue;
        }
        cJSON *one = ms_sweep_copy_made(&o->base, cJSON_CreateObject(), layer);
        for (const cJSON *m = one ? layer->child : NULL; good && m; m = m->next)
            if (!gives(same, m->string) && !gives(each, m->string))
                good = ms_sweep_tree_add(one, m->string, ms_sweep_copy_value(&o->base, m));
        if (!good)
            cJSON_Delete(one);
        good = good && ms_sweep_tree_add(made, NULL, one);
    }
    return finish(made, good);
}

static bool add_layers(const struct overlay *o, cJSON *made, const cJSON *base, const cJSON *over)
{
    const cJSON *layers = cJSON_IsArray(base) ? base : ms_sweep_member(base, "layers");
    if (ms_sweep_member(over, "layers"))
        return ms_sweep_tree_add(made, "layers",
                                 ms_sweep_copy_value(&o->over, ms_sweep_member(over, "layers")));
    if (!layers)
        return true;
    return ms_sweep_tree_add(made, "layers",
                             cJSON_IsArray(layers) ? strip_layers(o, layers, over)
                                                   : ms_sweep_copy_value(&o->base, layers));
}

// "same" or "each", without what the stage gives in the other of the two.
static bool add_shared(const struct overlay *o, cJSON *made, const char *key, const char *other,
                       const cJSON *base, const cJSON *over)
{
    const cJSON *was = ms_sweep_member(base, key), *now = ms_sweep_member(over, key);
    if (plain_object(was) && plain_object(now))
        return ms_sweep_tree_add(made, key,
                                 merge_section(o, ms_schema_same_field.section, was, now));
    if (now)
        return ms_sweep_tree_add(made, key, ms_sweep_copy_value(&o->over, now));
    if (!plain_object(was))
        return !was || ms_sweep_tree_add(made, key, ms_sweep_copy_value(&o->base, was));
    cJSON *left = ms_sweep_copy_made(&o->base, cJSON_CreateObject(), was);
    bool good = left && add_without(&o->base, left, was, ms_sweep_member(over, other));
    return ms_sweep_tree_add(made, key, finish(left, good));
}

static cJSON *merge_hidden(const struct overlay *o, const cJSON *base, const cJSON *over)
{
    static const char *const shared[2] = {"same", "each"};
    bool layers = cJSON_IsArray(base) && !ms_sweep_member(over, "layers");
    if (!layers && !plain_object(base))
        return ms_sweep_copy_value(&o->over, over);
    cJSON *made = ms_sweep_copy_made(&o->over, cJSON_CreateObject(), over);
    bool good = made && add_layers(o, made, base, over);
    for (int i = 0; good && i < 2; i++) // what the stage leaves alone
        good = ms_sweep_member(over, shared[i]) ||
               add_shared(o, made, shared[i], shared[!i], base, over);
    for (const cJSON *m = over->child; good && m; m = m->next) {
        int i = strcmp(m->string, shared[1]) == 0;
        if (strcmp(m->string, shared[i]) == 0)
            good = add_shared(o, made, shared[i], shared[!i], base, over);
        else if (strcmp(m->string, "layers") != 0)
            good = ms_sweep_tree_add(made, m->string, ms_sweep_copy_value(&o->over, m));
    }
    return finish(made, good);
}

static cJSON *merge(const struct overlay *o, const struct ms_field *f, const cJSON *base,
                    const cJSON *over)
{
    if (!f || !base || !plain_object(over) || ms_sweep_is_param(base))
        return ms_sweep_copy_value(&o->over, over);
    if ((f->type == MS_F_SECTION || f->walk == ms_sweep_walk_objective) && plain_object(base))
        return merge_section(o, f->section, base, over);
    if (f->type == MS_F_PICK)
        return merge_pick(o, f, base, over);
    if (f->walk == ms_sweep_walk_hidden)
        return merge_hidden(o, base, over);
    if (strcmp(f->name, "params") == 0 && plain_object(base))
        return merge_params(o, base, over);
    return ms_sweep_copy_value(&o->over, over);
}

// --- top level ---------------------------------------------------------------

// A learning rate stands at the top level or in the optimizer: the stage's own place is the one.
static bool has_rate(const cJSON *v)
{
    for (const cJSON *m = cJSON_IsObject(v) || cJSON_IsArray(v) ? v->child : NULL; m; m = m->next)
        if ((m->string && strcmp(m->string, ms_schema_rate_field.name) == 0) || has_rate(m))
            return true;
    return false;
}

// The keys that a stage does not take over from the one before it: how that one searched.
static bool own_affair(const char *key)
{
    static const char *const keys[] = {"name", "stages", "search", "objective", "require"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

// A field of the top level from what was before (base) and what the stage says (NULL: nothing).
static cJSON *top_value(const struct overlay *o, const cJSON *stage, const char *key,
                        const cJSON *base, const cJSON *over)
{
    struct overlay inner = *o;
    if (strcmp(key, "optimizer") == 0 && ms_sweep_member(stage, ms_schema_rate_field.name))
        inner.base.without = ms_schema_rate_field.name;
    return over ? merge(&inner, find_field(&ms_schema_top_section, key), base, over)
                : ms_sweep_copy_value(&inner.base, base);
}

static bool add_top(const struct overlay *handed, const struct overlay *file,
                    const cJSON *base_root, const cJSON *file_root, const cJSON *stage, bool first,
                    cJSON *made)
{
    bool good = true, rate = has_rate(ms_sweep_member(stage, "optimizer"));
    for (const cJSON *m = base_root->child; good && m; m = m->next)
        if (!own_affair(m->string) && !ms_sweep_member(stage, m->string) &&
            !(rate && strcmp(m->string, ms_schema_rate_field.name) == 0))
            good = ms_sweep_tree_add(made, m->string, top_value(handed, stage, m->string, m, NULL));
    for (const cJSON *m = file_root->child; good && m; m = m->next) {
        bool kept = strcmp(m->string, "search") == 0 || strcmp(m->string, "objective") == 0 ||
                    (first && strcmp(m->string, "require") == 0);
        if (kept && !ms_sweep_member(stage, m->string))
            good = ms_sweep_tree_add(made, m->string, ms_sweep_copy_value(&file->base, m));
    }
    for (const cJSON *m = stage->child; good && m; m = m->next) {
        if (strcmp(m->string, "name") == 0)
            continue;
        bool own = own_affair(m->string);
        const struct overlay *o = own ? file : handed;
        good = ms_sweep_tree_add(made, m->string,
                                 top_value(o, stage, m->string,
                                           ms_sweep_member(own ? file_root : base_root, m->string),
                                           m));
    }
    return good;
}

int ms_sweep_overlay(const struct ms_json *file, const struct ms_json *base, const cJSON *stage,
                     const char *name, bool first, struct ms_json **out)
{
    struct ms_json *to = ms_json_new();
    *out = NULL;
    if (!to)
        return MS_ENOMEM;
    // Trials to try first name parameters that a later stage no longer has.
    const struct overlay handed = {{.from = base, .to = to}, {.from = file, .to = to}};
    const struct overlay own = {{.from = file, .to = to, .without = first ? NULL : "try_first"},
                                {.from = file, .to = to}};
    cJSON *made = ms_sweep_copy_made(&own.over, cJSON_CreateObject(), ms_json_root(file));
    cJSON *title = ms_sweep_copy_made(&own.over, cJSON_CreateString(name), stage);
    bool good = ms_sweep_tree_add(made, "name", title) &&
                add_top(&handed, &own, ms_json_root(base), ms_json_root(file), stage, first, made);
    if (good) {
        ms_json_take(to, made);
        *out = to;
        return 0;
    }
    cJSON_Delete(made);
    ms_json_free(to);
    return MS_ENOMEM;
}
