// SPDX-License-Identifier: MIT
//
// The parts of a sweep file that are more than a table of fields: the hidden layers, the metrics,
// the class weights and the data's source.
//
// {"layers": n, "same": {…}, "each": {…}}: "layers" is walked first wherever it is written, because
// the layers' own parameters depend on it. "same" is walked once; "each" once for every layer that
// there can be, so that the parameters come layer by layer: hidden.1.units, hidden.1.dropout,
// hidden.2.units, … Where the number of layers is a parameter, those of layer i exist while it is
// at least i.
//
// "layers" may be an array of layers instead of a number: what each has by itself, beside what
// "same" and "each" say. So a stage lays a new parameter over the layers that the stage before has
// found.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "walk.h"

// --- hidden layers -----------------------------------------------------------

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

static const struct ms_field *layers_field(void)
{
    return &ms_schema_hidden_section
                .field[ms_schema_section_find(&ms_schema_hidden_section, "layers")];
}

static void walk_count(struct ms_walk *w, const cJSON *layers, int *count)
{
    struct ms_mark mark = ms_sweep_walk_enter(w, "layers", "layers");
    *count = 0;
    ms_sweep_walk_value(w, layers, layers_field(), count);
    ms_sweep_walk_leave(w, mark);
}

static void read_layers(struct ms_walk *w, const cJSON *v, struct ms_config *config)
{
    const cJSON *same = ms_sweep_member(v, "same"), *each = ms_sweep_member(v, "each");
    const cJSON *layers = ms_sweep_member(v, "layers");
    const cJSON *own = cJSON_IsArray(layers) ? layers->child : NULL;
    struct ms_layer_config first;
    for (int i = 0; i < ms_schema_layer_field.section->n; i++)
        ms_sweep_field_default(&ms_schema_layer_field.section->field[i], &first);
    if (cJSON_IsArray(layers))
        config->n_hidden = cJSON_GetArraySize(layers);
    else
        walk_count(w, layers, &config->n_hidden);
    if (same)
        ms_sweep_walk_value(w, same, &ms_schema_same_field, &first);
    for (int i = 0; i < config->n_hidden && i < MS_MAX_LAYERS; i++, own = own ? own->next : NULL) {
        config->hidden[i] = first;
        if (own)
            ms_sweep_walk_value(w, own, &ms_schema_same_field, &config->hidden[i]);
        w->layer = i + 1;
        if (each)
            ms_sweep_walk_value(w, each, &ms_schema_same_field, &config->hidden[i]);
    }
    w->layer = 0;
}

// How surely an object (or a choice of objects) gives a key.
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

// The layers of an array beside same and each: a field is given once, and given where it must be.
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
                             f->doc, ms_sweep_field_allowed(f, allowed, sizeof allowed));
        ms_sweep_walk_leave(w, mark);
    }
}

static void check_same_each(struct ms_walk *w, const cJSON *v)
{
    const cJSON *same = ms_sweep_member(v, "same"), *each = ms_sweep_member(v, "each");
    const struct ms_section *s = ms_schema_layer_field.section;
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
                             ms_sweep_field_allowed(f, allowed, sizeof allowed));
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
static void check_each(struct ms_walk *w, const cJSON *each, int n, int param)
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
        ms_sweep_walk_value(w, each, &ms_schema_same_field, &scratch);
        ms_sweep_walk_leave(w, mark);
        w->quiet = true;
    }
    w->layer = 0;
    w->scope = outer;
    w->quiet = was_quiet;
    w->dry = was_dry;
}

static void check_layers(struct ms_walk *w, const cJSON *v)
{
    const cJSON *layers = ms_sweep_member(v, "layers");
    int n = 0, param = -1;
    if (cJSON_IsArray(layers)) {
        struct ms_config scratch;
        struct ms_mark mark = ms_sweep_walk_enter(w, "layers", "");
        walk_array(w, layers, &ms_schema_same_field, &scratch);
        ms_sweep_walk_leave(w, mark);
        n = scratch.n_hidden;
    } else if (layers) {
        walk_count(w, layers, &n);
        param = ms_sweep_is_param(layers) ? ms_sweep_param_at(w, layers) : -1;
        n = param >= 0 ? most_layers(&w->space->param[param]) : ms_sweep_is_param(layers) ? 0 : n;
    } else {
        ms_sweep_problem_missing(w, v, layers_field());
    }
    for (const cJSON *m = v->child; m; m = m->next) {
        if (ms_schema_section_find(&ms_schema_hidden_section, m->string) < 0) {
            ms_sweep_problem_section_key(w, m, &ms_schema_hidden_section);
        } else if (strcmp(m->string, "each") == 0) {
            check_each(w, m, n, param);
        } else if (strcmp(m->string, "same") == 0) {
            struct ms_layer_config scratch = {0};
            struct ms_mark mark = ms_sweep_walk_enter(w, "same", "same");
            ms_sweep_walk_value(w, m, &ms_schema_same_field, &scratch);
            ms_sweep_walk_leave(w, mark);
        }
    }
    check_same_each(w, v);
    ms_sweep_problem_duplicates(w, v);
}

void ms_sweep_walk_hidden(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    struct ms_config *config = &((struct ms_values *)base)->config;
    if (cJSON_IsArray(v))
        walk_array(w, v, &ms_schema_layer_field, config);
    else if (!cJSON_IsObject(v))
        ms_sweep_problem_mismatch(w, v, f);
    else if (w->point)
        read_layers(w, v, config);
    else
        check_layers(w, v);
}

// --- metrics -----------------------------------------------------------------

static bool recorded(const struct ms_config *c, int row)
{
    for (int i = 0; i < c->n_metrics; i++)
        if (c->metrics[i] == row)
            return true;
    return false;
}

// The row that a metric names, however it is spelled; -1: none.
static int metric_row(const cJSON *m)
{
    const cJSON *name = ms_sweep_member(m, "name");
    if (cJSON_IsObject(m) && !name && m->child)
        return ms_table_find(&ms_metric_table, m->child->string);
    name = name ? name : m;
    return cJSON_IsString(name) ? ms_table_find(&ms_metric_table, name->valuestring) : -1;
}

void ms_sweep_walk_metrics(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    struct ms_config *config = &((struct ms_values *)base)->config;
    static const struct ms_field one = {.name = "metric",
                                        .type = MS_F_PICK,
                                        .fixed = true,
                                        .table = &ms_metric_table,
                                        .key = "name"};
    config->default_metrics = false;
    if (!cJSON_IsArray(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    if (cJSON_GetArraySize(v) > MS_MAX_METRICS / 2 - 3) // the loss, the objective and the monitor
        ms_sweep_problem(w, v, "found %d metrics; allowed: at most %d", cJSON_GetArraySize(v),
                         MS_MAX_METRICS / 2 - 3);
    ms_config_add_metric(config, 0, NULL); // the loss
    for (const cJSON *m = v->child; m; m = m->next) {
        struct ms_pick pick = {.row = -1};
        if (cJSON_IsString(m) && strncmp(m->valuestring, "val_", 4) == 0 &&
            ms_metric_id(m->valuestring) >= 0)
            ms_sweep_problem(w, m,
                             "found '%s'; allowed: '%s', which is recorded for training and for "
                             "validation",
                             m->valuestring, m->valuestring + 4);
        else
            ms_sweep_walk_literal(w, m, &one, &pick);
        int row = metric_row(m);
        if (row < 0)
            continue;
        if (recorded(config, row) && ms_table_row(&ms_metric_table, row)->n_args > 0)
            ms_sweep_problem(
                w, m, "found %s twice; allowed: once, as a metric is known by its name alone",
                ms_table_row(&ms_metric_table, row)->name);
        ms_config_add_metric(config, row, pick.row >= 0 ? pick.arg : NULL);
    }
}

// --- class weights -----------------------------------------------------------

static_assert(MS_MAX_CLASS_WEIGHTS == 64, "schema.c says how many");

// The array may be a parameter, and so may each of its numbers: class_weight.0, as Keras counts.
void ms_sweep_walk_class_weight(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                                void *base)
{
    static const struct ms_field one = {.name = "weight",
                                        .type = MS_F_REAL,
                                        .lo = 0,
                                        .hi = INFINITY,
                                        .hi_open = true,
                                        .doc = "of a class"};
    struct ms_config *config = &((struct ms_values *)base)->config;
    int n = cJSON_IsArray(v) ? cJSON_GetArraySize(v) : 0;
    config->n_class_weight = 0;
    if (cJSON_IsNull(v))
        return;
    if (n < 2 || n > MS_MAX_CLASS_WEIGHTS) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    for (const cJSON *weight = v->child; weight; weight = weight->next) {
        char number[16];
        int i = config->n_class_weight++;
        snprintf(number, sizeof number, "%d", i);
        struct ms_mark mark = ms_sweep_walk_enter(w, number, number);
        ms_sweep_walk_value(w, weight, &one, &config->class_weight[i]);
        ms_sweep_walk_leave(w, mark);
    }
}

// --- data --------------------------------------------------------------------

static void need(struct ms_walk *w, const cJSON *object, const struct ms_section *section,
                 const char *name)
{
    if (!ms_sweep_member(object, name))
        ms_sweep_problem_missing(w, object, &section->field[ms_schema_section_find(section, name)]);
}

// Two ways to say the same, of which only one may be used.
static void exclude(struct ms_walk *w, const cJSON *object, const char *a, const char *b)
{
    const cJSON *x = ms_sweep_member(object, a), *y = ms_sweep_member(object, b);
    bool zero = cJSON_IsNumber(x) && x->valuedouble == 0; // a fraction of 0 is none
    if (x && y && !zero)
        ms_sweep_problem(w, x, "found %s beside %s; allowed: one of them", a, b);
}

static void data_rules(struct ms_walk *w, const cJSON *object, const struct ms_section *section,
                       struct ms_data_spec *spec)
{
    if (spec->folds)
        spec->validation = 0;
    if (w->point)
        return;
    if (spec->source == MS_CSV)
        need(w, object, section, "target");
    if (spec->source == MS_NPY)
        need(w, object, section, "target_file");
    if (spec->source == MS_NPY && ms_sweep_member(object, "test_file"))
        need(w, object, section, "test_target_file");
    if (ms_sweep_member(object, "x_test") || ms_sweep_member(object, "y_test")) {
        need(w, object, section, "x_test");
        need(w, object, section, "y_test");
    }
    exclude(w, object, "test", "test_file");
    exclude(w, object, "test", "x_test");
    exclude(w, object, "test_file", "x_test");
    exclude(w, object, "validation", "folds");
    const cJSON *validation = ms_sweep_member(object, "validation");
    if (spec->source == MS_SYNTHETIC && ms_sweep_member(validation, "file"))
        ms_sweep_problem(w, validation,
                         "found a validation file beside synthetic; allowed: a fraction");
    if (ms_sweep_member(validation, "file") &&
        (spec->source == MS_NPY) != (ms_sweep_member(validation, "target_file") != NULL))
        ms_sweep_problem(w, validation,
                         "found a validation file with%s target_file; allowed: with one for "
                         "npy, without for the others",
                         spec->source == MS_NPY ? "out" : "");
}

// Exactly one source, and only fields that this source takes.
void ms_sweep_walk_data_after(struct ms_walk *w, const cJSON *object, void *base)
{
    static const char *const names[MS_SOURCES] = {[MS_SYNTHETIC] = "synthetic",
                                                  [MS_IDX] = "idx",
                                                  [MS_CSV] = "csv",
                                                  [MS_NPY] = "npy",
                                                  [MS_NPZ] = "npz"};
    enum { N_SOURCES = MS_SOURCES };
    struct ms_data_spec *spec = &((struct ms_values *)base)->data;
    const struct ms_section *section =
        ms_schema_top_section.field[ms_schema_section_find(&ms_schema_top_section, "data")].section;
    const struct ms_field *fields = section->field;
    int sources = 0, source = 0;
    for (int i = 0; i < N_SOURCES; i++)
        if (ms_sweep_member(object, names[i])) {
            sources++;
            source = i;
        }
    spec->source = (enum ms_source)source;
    if (sources != 1) {
        ms_sweep_problem(w, object,
                         "found %s; allowed: exactly one of synthetic, idx, csv, npy, npz",
                         sources ? "more than one source" : "no source");
        return;
    }
    for (const cJSON *m = object->child; m && !w->point; m = m->next) {
        int i = ms_schema_section_find(section, m->string);
        if (i < 0 || fields[i].sources == 0 || (fields[i].sources & (1 << source)))
            continue;
        struct ms_mark mark = ms_sweep_walk_enter(w, m->string, "");
        char list[64] = "";
        for (int k = 0; k < N_SOURCES; k++)
            if (fields[i].sources & (1 << k))
                snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
                         list[0] ? " or " : "", names[k]);
        ms_sweep_problem(w, m, "found beside %s; allowed: only with %s", names[source], list);
        ms_sweep_walk_leave(w, mark);
    }
    data_rules(w, object, section, spec);
}
