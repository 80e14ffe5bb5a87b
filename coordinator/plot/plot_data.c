// SPDX-License-Identifier: MIT
//
// Plots of the data and of a network's answers over them. The rows are read again from the file (or
// made again, where they are synthetic) and shown in the source's own unit. With two inputs chosen,
// all others of a fit stand at the mean of the training rows, which the picture says.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/model/model.h"
#include "coordinator/source/source.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"
#include "plot.h"

enum { ROWS = 3000, GRID = 181, CLASSES = 8, NAME = 300 };

struct rows {
    struct ms_data_info info;
    void *block;
    struct ms_dataset data;
    int input[2]; // which inputs are drawn; [1] -1: a target over one input
    char name[2][NAME];
};

// --- reading -------------------------------------------------------------------

static void clear_rows(struct rows *r)
{
    ms_data_info_clear(&r->info);
    free(r->block);
}

static int load(const struct ms_plot *p, int dataset, struct rows *r, struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    const struct ms_data_spec *specs;
    struct ms_task_hint hint;
    char folder[4096];
    size_t size = 0;
    if (!t->sweep)
        return ms_fail(err, MS_EINVAL, "the sweep file in the store cannot be used: %s", t->why);
    const int n = ms_sweep_data(t->sweep, &specs);
    if (n == 0)
        return ms_fail(err, MS_EINVAL, "sweep '%s' trains no network, so it has no data",
                       t->info.name);
    const char *slash = strrchr(t->file, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - t->file) : 1,
             slash ? t->file : ".");
    ms_sweep_task_hint(t->sweep, &hint);
    int status = ms_source_load(&specs[dataset >= 0 && dataset < n ? dataset : 0], &hint, folder,
                                ms_sweep_seed(t->sweep), &r->block, &size, &r->info, err);
    if (!status)
        status = ms_dataset_view(r->block, size, &r->data, err);
    return status;
}

// The name of input i: that of its column, and of a category the text it stands for.
static void input_name(const struct ms_data_info *info, int i, char *out, size_t size)
{
    int first = 0;
    snprintf(out, size, "input %d", i + 1);
    for (size_t k = 0; k < info->n_columns; k++) {
        const struct ms_data_column *c = &info->column[k];
        if (c->role != MS_ROLE_INPUT && c->role != MS_ROLE_CATEGORY)
            continue;
        const int at = i - first;
        first += (int)c->width;
        if (at < 0 || at >= (int)c->width)
            continue;
        if (c->width == 1)
            snprintf(out, size, "%s", c->name);
        else if ((size_t)at < c->n_levels)
            snprintf(out, size, "%s=%s", c->name, c->level[at]);
        else
            snprintf(out, size, "%s[%d]", c->name, at);
        return;
    }
}

static int find_input(const struct rows *r, const char *option, const char *wanted, int *input,
                      struct ms_error *err)
{
    char name[NAME];
    for (int i = 0; i < r->data.n_inputs; i++) {
        input_name(&r->info, i, name, sizeof name);
        if (strcmp(name, wanted) == 0) {
            *input = i;
            return 0;
        }
    }
    input_name(&r->info, 0, name, sizeof name);
    return ms_fail(err, MS_EINVAL,
                   "--%s: '%s' is none of the %d inputs of %s, the first of which is '%s'", option,
                   wanted, r->data.n_inputs, r->info.name, name);
}

static int choose_inputs(const struct ms_plot *p, struct rows *r, struct ms_error *err)
{
    int status = 0;
    r->input[0] = 0;
    r->input[1] = r->data.n_inputs > 1 ? 1 : -1;
    if (p->x)
        status = find_input(r, "x", p->x, &r->input[0], err);
    if (!status && p->y)
        status = find_input(r, "y", p->y, &r->input[1], err);
    if (!status && !p->y && r->input[0] == r->input[1])
        r->input[1] = 0; // --x names the second one
    for (int k = 0; k < 2 && !status; k++)
        if (r->input[k] >= 0)
            input_name(&r->info, r->input[k], r->name[k], sizeof r->name[k]);
    if (!status && r->input[1] < 0 && r->data.task != MS_REGRESSION)
        status =
            ms_fail(err, MS_EINVAL, "%s has one input: a picture by class needs two", r->info.name);
    if (!status && r->input[1] < 0)
        snprintf(r->name[1], sizeof r->name[1], "%s", *r->info.target ? r->info.target : "target");
    return status;
}

// --- rows ------------------------------------------------------------------------

// Input i of a row in the source's unit.
static double input_of(const struct rows *r, uint32_t row, int i)
{
    const struct ms_dataset *d = &r->data;
    const size_t at = (size_t)row * (size_t)d->n_inputs + (size_t)i;
    if (d->x_type == MS_X_U8)
        return ((const uint8_t *)d->x)[at];
    const double x = ((const float *)d->x)[at];
    const struct ms_data_scaling *s = ms_data_info_scaling(&r->info, 0);
    if (!s)
        return x;
    return d->column ? x + s->base[i] : x * s->input[i].divide + s->input[i].shift;
}

static double target_of(const struct rows *r, uint32_t row)
{
    const double y = r->data.y[(size_t)row * (size_t)r->data.n_outputs];
    const struct ms_target *target = r->data.target;
    return target ? y + target->base : y;
}

// The class of a row; of a regression the third of the targets in which it lies.
static int class_of(const struct rows *r, uint32_t row, const double thirds[2])
{
    const struct ms_dataset *d = &r->data;
    if (d->task == MS_REGRESSION)
        return (target_of(r, row) > thirds[0]) + (target_of(r, row) > thirds[1]);
    const float *y = d->y + (size_t)row * (size_t)d->n_outputs;
    if (d->n_outputs == 1)
        return y[0] > 0.5f;
    int best = 0;
    for (int k = 1; k < d->n_outputs; k++)
        best = y[k] > y[best] ? k : best;
    return best;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int find_thirds(const struct rows *r, uint32_t n, double thirds[2], struct ms_error *err)
{
    double *y = malloc(((size_t)n + 1) * sizeof *y);
    if (!y)
        return ms_no_memory(err, "%u rows", n);
    for (uint32_t row = 0; row < n; row++)
        y[row] = target_of(r, row);
    qsort(y, n, sizeof *y, compare);
    thirds[0] = n ? y[n / 3] : 0;
    thirds[1] = n ? y[2 * (size_t)n / 3] : 0;
    free(y);
    return 0;
}

static void class_name(const struct rows *r, int k, const double thirds[2], char *out, size_t size)
{
    if (r->data.task != MS_REGRESSION && (size_t)k < r->info.n_classes)
        snprintf(out, size, "%.60s", r->info.class[k].label);
    else if (r->data.task != MS_REGRESSION)
        snprintf(out, size, "class %d", k);
    else if (k == 0)
        snprintf(out, size, "%.40s up to %.3g", *r->info.target ? r->info.target : "target",
                 thirds[0]);
    else
        snprintf(out, size, "above %.3g", thirds[k - 1]);
}

// The rows as series of points, by class.
static int add_rows(const struct rows *r, struct ms_figure *f, struct ms_error *err)
{
    const struct ms_dataset *d = &r->data;
    const uint32_t n = d->n_train + (d->n_folds ? 0 : d->n_val) + d->n_test;
    const uint32_t every = (n + ROWS - 1) / ROWS;
    int series[CLASSES], classes = d->task == MS_REGRESSION ? 3
                                   : d->n_outputs == 1      ? 2
                                                            : d->n_outputs;
    double thirds[2] = {0};
    char name[NAME];
    if (r->input[1] < 0) { // the target over its only input
        const int points = ms_figure_series(f, MS_MARK_POINTS, 0, "rows");
        for (uint32_t row = 0; row < n; row += every)
            ms_figure_point(f, points, input_of(r, row, r->input[0]), target_of(r, row));
    } else {
        classes = classes < CLASSES ? classes : CLASSES;
        const int status = d->task == MS_REGRESSION ? find_thirds(r, n, thirds, err) : 0;
        if (status)
            return status;
        for (int k = 0; k < classes; k++) {
            class_name(r, k, thirds, name, sizeof name);
            series[k] = ms_figure_series(f, MS_MARK_POINTS, k, name);
        }
        for (uint32_t row = 0; row < n; row += every) {
            const int k = class_of(r, row, thirds);
            if (k < classes)
                ms_figure_point(f, series[k], input_of(r, row, r->input[0]),
                                input_of(r, row, r->input[1]));
        }
    }
    if (every > 1)
        snprintf(f->below, sizeof f->below, "one row of %u is drawn", every);
    return 0;
}

static void label(const struct rows *r, struct ms_figure *f)
{
    snprintf(f->x.label, sizeof f->x.label, "%s", r->name[0]);
    snprintf(f->y.label, sizeof f->y.label, "%s", r->name[1]);
}

int ms_plot_data(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    struct rows r = {0};
    int status = load(p, 0, &r, err);
    if (!status)
        status = choose_inputs(p, &r, err);
    if (!status)
        status = add_rows(&r, f, err);
    if (!status) {
        label(&r, f);
        snprintf(f->title, sizeof f->title, "%s: %s", p->trials.info.name, r.info.name);
    }
    clear_rows(&r);
    return status;
}

// --- the fit -----------------------------------------------------------------------

// Raw inputs with all but the drawn ones at their means.
static double *mean_inputs(const struct rows *r, struct ms_error *err)
{
    const struct ms_dataset *d = &r->data;
    double *raw = calloc((size_t)d->n_inputs + 1, sizeof *raw);
    if (!raw) {
        (void)ms_no_memory(err, "%d inputs", d->n_inputs);
        return NULL;
    }
    for (int i = 0; i < d->n_inputs; i++) {
        for (uint32_t row = 0; row < d->n_train; row++)
            raw[i] += input_of(r, row, i);
        raw[i] /= d->n_train ? d->n_train : 1;
    }
    return raw;
}

static struct ms_range range_of(const struct rows *r, int input)
{
    const uint32_t n = r->data.n_train;
    struct ms_range range = {INFINITY, -INFINITY};
    for (uint32_t row = 0; row < n; row++) {
        range.lo = fmin(range.lo, input_of(r, row, input));
        range.hi = fmax(range.hi, input_of(r, row, input));
    }
    const double more = range.hi > range.lo ? (range.hi - range.lo) / 20 : 0.5;
    return (struct ms_range){range.lo - more, range.hi + more};
}

// What is drawn of a network's answer: the class of several, else its first output.
static double answer(const struct ms_model *m, const double *raw, double *out)
{
    int best = 0;
    ms_model_forward(m, raw, out);
    if (m->task != MS_MULTICLASS)
        return out[0];
    for (int k = 1; k < m->n_outputs; k++)
        best = out[k] > out[best] ? k : best;
    return best;
}

static int fill_map(const struct rows *r, const struct ms_model *m, double *raw, double *out,
                    struct ms_figure *f, struct ms_error *err)
{
    const struct ms_range x = range_of(r, r->input[0]), y = range_of(r, r->input[1]);
    struct ms_map *map = &f->map;
    map->z = malloc((size_t)GRID * GRID * sizeof *map->z);
    if (!map->z)
        return ms_no_memory(err, "a map");
    map->nx = map->ny = GRID;
    map->x0 = x.lo;
    map->x1 = x.hi;
    map->y0 = y.lo;
    map->y1 = y.hi;
    map->classes = m->task == MS_MULTICLASS;
    map->n_classes = m->n_outputs;
    map->level = m->task == MS_BINARY ? 0.5 : NAN;
    for (int j = 0; j < GRID; j++)
        for (int i = 0; i < GRID; i++) {
            raw[r->input[0]] = x.lo + (x.hi - x.lo) * i / (GRID - 1);
            raw[r->input[1]] = y.lo + (y.hi - y.lo) * j / (GRID - 1);
            map->z[j * GRID + i] = answer(m, raw, out);
        }
    if (m->task == MS_BINARY && r->info.n_classes == 2)
        snprintf(map->label, sizeof map->label, "probability of %.100s", r->info.class[1].label);
    else
        snprintf(map->label, sizeof map->label, "%s",
                 m->task == MS_BINARY ? "probability"
                 : *r->info.target    ? r->info.target
                                      : "target");
    return 0;
}

static void fill_line(const struct rows *r, const struct ms_model *m, double *raw, double *out,
                      struct ms_figure *f)
{
    const struct ms_range x = range_of(r, r->input[0]);
    const int line = ms_figure_series(f, MS_MARK_LINE, 1, "network");
    for (int i = 0; i < 2 * GRID; i++) {
        raw[r->input[0]] = x.lo + (x.hi - x.lo) * i / (2 * GRID - 1);
        ms_figure_point(f, line, raw[r->input[0]], answer(m, raw, out));
    }
}

static int fill_fit(struct ms_plot *p, const struct rows *r, const struct ms_model *m,
                    struct ms_figure *f, struct ms_error *err)
{
    double *raw = mean_inputs(r, err);
    double *out = malloc(((size_t)m->n_outputs + 1) * sizeof *out);
    int status = raw && out ? 0 : ms_no_memory(err, "%d outputs", m->n_outputs);
    if (!status && r->input[1] >= 0)
        status = fill_map(r, m, raw, out, f, err);
    if (!status)
        status = add_rows(r, f, err);
    if (!status && r->input[1] < 0)
        fill_line(r, m, raw, out, f);
    free(raw);
    free(out);
    if (status)
        return status;
    label(r, f);
    snprintf(f->title, sizeof f->title, "%s: the network of trial %u, %s %u, epoch %lld",
             p->trials.info.name, m->trial,
             m->kind == MS_MODEL_REFIT ? "refit with the seed of execution" : "execution",
             m->execution, (long long)m->epoch);
    if (r->data.n_inputs > 2)
        ms_words_append(f->below, sizeof f->below, "%sthe other %d inputs stand at their means",
                        *f->below ? "; " : "", r->data.n_inputs - 2);
    return 0;
}

// The network as it was in the search; where its weights were not kept, the one trained again.
static int load_model(struct ms_plot *p, uint32_t trial, struct ms_model *m, struct ms_error *err)
{
    struct ms_error other;
    const struct ms_sweep_info *sweep = &p->trials.info;
    const int status = ms_model_load(p->show->store, sweep, trial, -1, MS_MODEL_KEPT, m, err);
    if (status != MS_ESTATE)
        return status;
    ms_model_clear(m);
    return ms_model_load(p->show->store, sweep, trial, -1, MS_MODEL_REFIT, m, &other) ? status : 0;
}

int ms_plot_fit(struct ms_plot *p, struct ms_figure *f, struct ms_error *err)
{
    const struct ms_trial_table *t = &p->trials;
    struct ms_model m = {0};
    struct rows r = {0};
    if (t->n_scored == 0)
        return ms_fail(err, MS_EINVAL, "sweep '%s': no trial has a result yet", t->info.name);
    const uint32_t trial = p->n_trials ? p->trial[0] : t->row[t->ranked[0]].trial;
    int status = load_model(p, trial, &m, err);
    if (status)
        return status;
    const int64_t row = ms_trial_table_row(t, trial);
    status = load(p, row < 0 ? 0 : t->row[row].dataset, &r, err);
    if (!status && r.data.n_inputs != m.n_inputs)
        status = ms_fail(err, MS_ESTATE, "%s has %d inputs now, and had %d in the sweep",
                         r.info.name, r.data.n_inputs, m.n_inputs);
    if (!status)
        status = choose_inputs(p, &r, err);
    if (!status)
        status = fill_fit(p, &r, &m, f, err);
    clear_rows(&r);
    ms_model_clear(&m);
    return status;
}
