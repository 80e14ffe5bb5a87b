// SPDX-License-Identifier: MIT
//
// The hidden layers: an array, or
//
// {"layers": n, "same": {…}, "each": {…}}: "layers" is walked first wherever it is written, because
// the layers' own parameters depend on it. "same" is walked once; "each" once for every layer that
// there can be, so that the parameters come layer by layer: hidden.1.units, hidden.1.dropout,
// hidden.2.units, … Where the number of layers is a parameter, those of layer i exist while it is
// at least i.
//
// "layers" may be an array of layers instead of a number: the fields that each layer has to itself,
// besides those of "same" and "each". So a stage lays a new parameter over the layers that the
// stage before has found.
#include "walkers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema.h"
#include "walk_param.h"

static void walk_array(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                       struct ms_config *config)
{
    int i = 0;
    for (const cJSON *layer = v->child; layer; layer = layer->next, i++) {
        char number[16];
        if (i == MS_MAX_LAYERS) {
            ms_sweep_problem(w, layer, "found more than %d layers; allowed: at most %d",
                             MS_MAX_LAYERS, MS_MAX_LAYERS);
            break;
        }
        snprintf(number, sizeof number, "%d", i + 1);
        struct ms_mark mark = ms_sweep_walk_enter(w, number, number);
        ms_sweep_walk_value(w, layer, f, &config->hidden[i]);
        ms_sweep_walk_leave(w, mark);
    }
    config->n_hidden = i;
}

// The field of {"layers": …, "same": …, "each": …} by its name; its item is what it says of a
// layer.
static const struct ms_field *part(const struct ms_field *f, const char *name)
{
    return &f->section->field[ms_field_find(f->section, name)];
}

static void walk_count(struct ms_walk *w, const cJSON *layers, const struct ms_field *f, int *count)
{
    struct ms_mark mark = ms_sweep_walk_enter(w, "layers", "layers");
    *count = 0;
    ms_sweep_walk_value(w, layers, part(f, "layers"), count);
    ms_sweep_walk_leave(w, mark);
}

static void read_layers(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                        struct ms_config *config)
{
    const cJSON *same = ms_sweep_member(v, "same"), *each = ms_sweep_member(v, "each");
    const cJSON *layers = ms_sweep_member(v, "layers");
    const cJSON *own = cJSON_IsArray(layers) ? layers->child : NULL;
    struct ms_layer_config first;
    for (int i = 0; i < f->item->section->n; i++)
        ms_field_default(&f->item->section->field[i], &first);
    if (cJSON_IsArray(layers))
        config->n_hidden = cJSON_GetArraySize(layers);
    else
        walk_count(w, layers, f, &config->n_hidden);
    if (same)
        ms_sweep_walk_value(w, same, part(f, "same")->item, &first);
    for (int i = 0; i < config->n_hidden && i < MS_MAX_LAYERS; i++, own = own ? own->next : NULL) {
        config->hidden[i] = first;
        if (own)
            ms_sweep_walk_value(w, own, part(f, "layers")->item, &config->hidden[i]);
        w->layer = i + 1;
        if (each)
            ms_sweep_walk_value(w, each, part(f, "each")->item, &config->hidden[i]);
    }
    w->layer = 0;
}

// The certainty with which an object (or a choice of objects) gives a key.
enum gives { NEVER, SOMETIMES, ALWAYS };

static enum gives gives(const cJSON *v, const char *key)
{
    const cJSON *choice = ms_sweep_member(v, "choice");
    if (!choice)
        return ms_sweep_member(v, key) ? ALWAYS : NEVER;
    int n = 0, with = 0;
    for (const cJSON *value = choice->child; value; value = value->next, n++)
        with += ms_sweep_member(value, key) != NULL;
    return with == 0 ? NEVER : with == n ? ALWAYS : SOMETIMES;
}

// Checks an array of layers next to same and each: a field is given once, and where it is required.
static void check_layer_field(struct ms_walk *w, const cJSON *v, const struct ms_field *f)
{
    const cJSON *layers = ms_sweep_member(v, "layers");
    enum gives in_same = gives(ms_sweep_member(v, "same"), f->name),
               in_each = gives(ms_sweep_member(v, "each"), f->name);
    int i = 1;
    for (const cJSON *layer = layers->child; layer; layer = layer->next, i++) {
        enum gives own = gives(layer, f->name);
        char path[80], allowed[256];
        snprintf(path, sizeof path, "layers.%d.%s", i, f->name);
        struct ms_mark mark = ms_sweep_walk_enter(w, path, "");
        if (own != NEVER && (in_same != NEVER || in_each != NEVER))
            ms_sweep_problem(w, layer, "given in the layer and in %s; allowed: one of them",
                             in_same != NEVER ? "same" : "each");
        else if (f->required && own != ALWAYS && in_same != ALWAYS && in_each != ALWAYS)
            ms_sweep_problem(w, layer, "missing (%s); allowed, here, in same or in each: %s",
                             f->doc, ms_field_allowed(f, allowed, sizeof allowed));
        ms_sweep_walk_leave(w, mark);
    }
}

static void check_same_each(struct ms_walk *w, const cJSON *v, const struct ms_section *s)
{
    const cJSON *same = ms_sweep_member(v, "same"), *each = ms_sweep_member(v, "each");
    bool array = cJSON_IsArray(ms_sweep_member(v, "layers"));
    for (int i = 0; array && i < s->n; i++)
        check_layer_field(w, v, &s->field[i]);
    for (int i = 0; i < s->n; i++) {
        const struct ms_field *f = &s->field[i];
        enum gives in_same = gives(same, f->name), in_each = gives(each, f->name);
        struct ms_mark mark = ms_sweep_walk_enter(w, f->name, "");
        if (in_same != NEVER && in_each != NEVER) {
            ms_sweep_problem(w, each, "given in same and in each; allowed: one of them");
        } else if (f->required && !array && in_same != ALWAYS && in_each != ALWAYS) {
            char allowed[256];
            ms_sweep_problem(w, v, "missing (%s); allowed, in same or each: %s", f->doc,
                             ms_field_allowed(f, allowed, sizeof allowed));
        }
        ms_sweep_walk_leave(w, mark);
    }
}

// The largest number that a parameter can take, within the limit on layers.
static int most_layers(const struct ms_param *p)
{
    double most = p->kind == MS_INT ? p->hi : 0;
    for (const cJSON *v = p->kind == MS_CHOICE ? p->values->child : NULL; v; v = v->next)
        most = cJSON_IsNumber(v) ? fmax(most, v->valuedouble) : most;
    return (int)fmin(fmax(most, 0), MS_MAX_LAYERS);
}

// All layers that there can be; param: index of the parameter "layers", -1 where it is a number.
static void check_each(struct ms_walk *w, const cJSON *each, const struct ms_field *f, int n,
                       int param)
{
    struct ms_scope outer = w->scope;
    bool was_quiet = w->quiet, was_dry = w->dry;
    w->dry = was_dry || n == 0; // its mistakes are mistakes even where there is no layer
    for (int i = 1; i <= n || i == 1; i++) {
        struct ms_layer_config scratch = {0};
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        struct ms_mark mark = ms_sweep_walk_enter(w, "each", number);
        if (param >= 0)
            w->scope = (struct ms_scope){MS_AT_LEAST, param, i};
        w->layer = i;
        ms_sweep_walk_value(w, each, f, &scratch);
        ms_sweep_walk_leave(w, mark);
        w->quiet = true;
    }
    w->layer = 0;
    w->scope = outer;
    w->quiet = was_quiet;
    w->dry = was_dry;
}

static void check_layers(struct ms_walk *w, const cJSON *v, const struct ms_field *f)
{
    const cJSON *layers = ms_sweep_member(v, "layers");
    int n = 0, param = -1;
    if (cJSON_IsArray(layers)) {
        struct ms_config scratch;
        struct ms_mark mark = ms_sweep_walk_enter(w, "layers", "");
        walk_array(w, layers, part(f, "layers")->item, &scratch);
        ms_sweep_walk_leave(w, mark);
        n = scratch.n_hidden;
    } else if (layers) {
        walk_count(w, layers, f, &n);
        param = ms_sweep_is_param(layers) ? ms_sweep_param_at(w, layers) : -1;
        n = param >= 0 ? most_layers(&w->space->param[param]) : ms_sweep_is_param(layers) ? 0 : n;
    } else {
        ms_sweep_problem_missing(w, v, part(f, "layers"));
    }
    for (const cJSON *m = v->child; m; m = m->next) {
        if (ms_field_find(f->section, m->string) < 0) {
            ms_sweep_problem_section_key(w, m, f->section);
        } else if (strcmp(m->string, "each") == 0) {
            check_each(w, m, part(f, "each")->item, n, param);
        } else if (strcmp(m->string, "same") == 0) {
            struct ms_layer_config scratch = {0};
            struct ms_mark mark = ms_sweep_walk_enter(w, "same", "same");
            ms_sweep_walk_value(w, m, part(f, "same")->item, &scratch);
            ms_sweep_walk_leave(w, mark);
        }
    }
    check_same_each(w, v, f->item->section);
    ms_sweep_problem_duplicates(w, v);
}

void ms_sweep_walk_hidden(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    struct ms_config *config = &((struct ms_values *)base)->config;
    if (cJSON_IsArray(v))
        walk_array(w, v, f->item, config);
    else if (!cJSON_IsObject(v))
        ms_sweep_problem_mismatch(w, v, f);
    else if (w->point)
        read_layers(w, v, f, config);
    else
        check_layers(w, v, f);
}
