// SPDX-License-Identifier: MIT
//
// Weights are normal with variance 1/inputs, so that activations stay where they bend.
#include "made_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/rng.h"

enum { HIDDEN = 2, UNITS = 7 };

static void must(int status, const struct ms_error *err)
{
    if (!status)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static struct ms_pick pick(const struct ms_table *t, const char *name)
{
    return ms_table_default(t, ms_table_find(t, name));
}

// ---- columns -----------------------------------------------------------------------------------

static const char *const colours[] = {"amber \"?\?=\"", "blue", "crimson, dark"};
static const char *const sizes[] = {"10", "9.5", "*/ big", "größer"};

struct column {
    const char *name, *kind;
    const char *const *level;
    uint32_t width;
};

static const struct column numbers[] = {
    {"age", "number", NULL, 1},
    {"km/h", "number", NULL, 1},
    {"a \"quoted\\name\"", "number", NULL, 1},
    {"is_new", "boolean", NULL, 1},
};
static const struct column mixed[] = {
    {"age", "number", NULL, 1},  {"colour", "category", colours, 3}, {"height", "number", NULL, 1},
    {"x", "category", sizes, 4}, {"start", "time", NULL, 1},
};
static const struct column categories[] = {{"colour", "category", colours, 3},
                                           {"size", "category", sizes, 4}};
static const struct column array[] = {{"", "number", NULL, 6}}; // as sources have it
static const struct column dates[] = {
    {"bought", "date", NULL, 1}, {"age", "number", NULL, 1}, {"height", "number", NULL, 1}};

#define N(list) (sizeof list / sizeof *list)
static const struct {
    const struct column *item;
    size_t n;
} sets[] = {
    [MADE_NUMBERS] = {numbers, N(numbers)},
    [MADE_MIXED] = {mixed, N(mixed)},
    [MADE_CATEGORIES] = {categories, N(categories)},
    [MADE_ARRAY] = {array, N(array)},
    [MADE_DATES] = {dates, N(dates)},
    [MADE_UNKNOWN] = {NULL, 0},
};

static int add_columns(const struct made *how, struct ms_model *m)
{
    struct ms_error err;
    int n = 0;
    for (size_t i = 0; i < sets[how->columns].n; i++) {
        const struct column *c = &sets[how->columns].item[i];
        char name[64];
        snprintf(name, sizeof name, "%s", c->name);
        const struct ms_data_column column = {
            .name = name,
            .role = c->level ? MS_ROLE_CATEGORY : MS_ROLE_INPUT,
            .kind = ms_data_kind(c->kind),
            .width = c->width,
            .lo = NAN,
            .hi = NAN,
            .mean = NAN,
        };
        must(ms_data_info_column(&m->data, &column, &err), &err);
        for (uint32_t k = 0; c->level && k < c->width; k++)
            must(ms_data_info_level(&m->data, i, c->level[k], &err), &err);
        n += (int)c->width;
    }
    return n ? n : 4;
}

static void add_classes(const struct made *how, struct ms_model *m)
{
    struct ms_error err;
    const int n = m->task == MS_BINARY ? 2 : m->task == MS_MULTICLASS ? m->n_outputs : 0;
    for (int i = 0; i < n && !how->unnamed_classes; i++) {
        char label[40];
        snprintf(label, sizeof label, i == 1 ? "class \"%d\\" : "class %d", i);
        const struct ms_data_class c = {.label = label};
        must(ms_data_info_class(&m->data, &c, &err), &err);
    }
}

static void scale_inputs(const struct made *how, struct ms_model *m)
{
    for (int j = 0; j < m->n_inputs; j++) {
        struct ms_column *c = &m->input[j];
        *c = (struct ms_column){.fill = 0.25 + 0.125 * j, .divide = 1};
        if (how->columns == MADE_CATEGORIES ||
            (how->columns == MADE_MIXED && j != 0 && j != 4 && j != 9))
            continue; // categories are never scaled
        if (how->columns == MADE_DATES && j == 0)
            *c = (struct ms_column){1.7e9, 1.69e9, 3e6};
        else if (how->scaling == MADE_STANDARD)
            *c = (struct ms_column){0.3 + j, 0.3 + j, 1.7 + 0.1 * j};
        else if (how->scaling == MADE_MINMAX)
            *c = (struct ms_column){1 + 0.1 * j, -3, 7.5 + j};
        else if (how->scaling == MADE_DIVIDED)
            *c = (struct ms_column){0, 0, 255};
        else if (how->scaling == MADE_FAR)
            *c = (struct ms_column){2000.7, 2000.1234567, 2.5};
    }
}

static void scale_targets(const struct made *how, struct ms_model *m)
{
    if (!how->target)
        return;
    m->target = calloc((size_t)m->n_outputs, sizeof *m->target);
    for (int j = 0; j < m->n_outputs; j++) {
        struct ms_target *t = &m->target[j];
        *t = (struct ms_target){.divide = 1};
        if (strcmp(how->target, "standard") == 0)
            *t = (struct ms_target){.shift = 206855.8 + j, .divide = 115395.6 + j};
        else if (strcmp(how->target, "minmax") == 0)
            *t = (struct ms_target){.shift = -3 + j, .divide = 8};
        else if (strcmp(how->target, "base") == 0)
            *t = (struct ms_target){.base = 1.7e9, .shift = 1.7e9 + 13.5, .divide = 40};
        else
            t->kind = strcmp(how->target, "log") == 0 ? MS_TARGET_LOG : MS_TARGET_LOG1P;
    }
}

// ---- layers ------------------------------------------------------------------------------------

struct draws {
    struct ms_rng rng;
    uint64_t at;
    float *to;
};

// n numbers: mean + deviation · normal; at least `least`.
static const float *draw(struct draws *d, size_t n, double mean, double deviation, double least)
{
    const float *first = d->to;
    for (size_t i = 0; i < n; i++)
        *d->to++ = (float)fmax(mean + deviation * ms_rng_normal(&d->rng, d->at++), least);
    return first;
}

static void layer(const struct made *how, struct ms_model *m, int i, struct draws *d)
{
    struct ms_model_layer *l = &m->layer[i];
    const bool last = i + 1 == m->n_layers, norm = !last && how->normalization != NULL;
    struct ms_layer_config *c = last ? &m->config->output : &m->config->hidden[i];
    const char *name = last ? (how->output ? how->output : "linear") : how->activation;
    c->activation = pick(&ms_activation_table, name);
    if (!last && how->arg != 0)
        c->activation.arg[0] = how->arg;
    c->normalization = pick(&ms_normalization_table, norm ? how->normalization : "none");
    if (norm)
        c->normalization.arg[0] = 0.003; // epsilon
    *l = (struct ms_model_layer){.inputs = i == 0 ? m->n_inputs : m->layer[i - 1].units,
                                 .units = last ? m->n_outputs : UNITS + i,
                                 .config = c};
    const size_t units = (size_t)l->units, inputs = (size_t)l->inputs;
    // Exponentials of exponentials soon leave a float.
    const double width = how->activation && strcmp(how->activation, "exponential") == 0 ? 0.2 : 1;
    l->kernel = draw(d, inputs * units, 0, width / sqrt((double)inputs), -INFINITY);
    if (!how->bare)
        l->bias = draw(d, units, 0, 0.3, -INFINITY);
    if (norm && !how->bare) {
        l->gamma = draw(d, units, 1, 0.2, -INFINITY);
        l->beta = draw(d, units, 0, 0.2, -INFINITY);
    }
    if (norm && strcmp(how->normalization, "batch_normalization") == 0) {
        l->moving_mean = draw(d, units, 0, 0.5, -INFINITY);
        l->moving_variance = draw(d, units, 1, 0.4, 0.05);
    }
}

void made_model(const struct made *how, struct ms_model *m)
{
    struct ms_error err;
    *m = (struct ms_model){.trial = 37, .execution = 2, .epoch = 9, .task = how->task};
    snprintf(m->sweep, sizeof m->sweep, "%s", how->name);
    m->config = calloc(1, sizeof *m->config);
    m->config->n_hidden = how->activation ? HIDDEN : 0;
    m->n_layers = m->config->n_hidden + 1;
    m->n_outputs = how->n_outputs ? how->n_outputs : 1;
    m->n_inputs = add_columns(how, m);
    m->config->loss = pick(&ms_loss_table, "mse");
    m->input = calloc((size_t)m->n_inputs, sizeof *m->input);
    m->metric = calloc(2, sizeof *m->metric);
    m->metric[0] = (struct ms_model_metric){"val_loss", 0.125};
    m->metric[1] = (struct ms_model_metric){"val_accuracy", NAN};
    m->n_metrics = 2;
    add_classes(how, m);
    scale_inputs(how, m);
    scale_targets(how, m);
    struct draws d = {.rng = ms_rng_at(11, 0, 0, MS_STREAM_INIT)};
    for (const char *p = how->name; *p; p++)
        d.at = d.at * 31 + (unsigned char)*p;
    d.at <<= 16;
    m->weights = d.to = calloc(4096, sizeof *d.to);
    for (int i = 0; i < m->n_layers; i++)
        layer(how, m, i, &d);
    m->n_weights = (size_t)(d.to - m->weights);
    must(ms_model_ready(m, &err), &err);
}

// ---- rows --------------------------------------------------------------------------------------

int made_row(const struct ms_model *m, int row, double *values, double *inputs)
{
    const struct ms_rng rng = ms_rng_at(12, (uint32_t)row, 0, MS_STREAM_DATA);
    uint64_t at = 0;
    int n = 0, j = 0;
    for (size_t i = 0; i < m->data.n_columns; i++) {
        const struct ms_data_column *c = &m->data.column[i];
        const bool missing = row > 0 && ms_rng_uniform(&rng, at++) < 0.1;
        if (c->role == MS_ROLE_CATEGORY) {
            const double level = floor(ms_rng_uniform(&rng, at++) * (c->width + 0.3));
            values[n] = missing ? NAN : level < c->width ? level : -1;
            for (uint32_t k = 0; k < c->width; k++)
                inputs[j++] = missing ? NAN : values[n] == k;
            n++;
            continue;
        }
        for (uint32_t k = 0; k < c->width; k++) {
            // As floats, in which they reach the exported models.
            const struct ms_column *s = &m->input[j];
            const double x = s->shift + s->divide * ms_rng_normal(&rng, at++);
            values[n] = missing ? NAN : strcmp(c->kind, "date") == 0 ? floor(x) : (float)x;
            inputs[j++] = values[n++];
        }
    }
    while (j < m->n_inputs)
        inputs[j++] = values[n++] = (float)ms_rng_normal(&rng, at++);
    return n;
}
