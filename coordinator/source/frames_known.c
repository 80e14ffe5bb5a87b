// SPDX-License-Identifier: MIT
//
// From what the store knows of a training file to the frame that later files are matched with, and
// to their targets. A classification may have been trained on one column of labels or on one-hot
// columns, which the store does not tell apart: a later file may have either.
#include "frames_known.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"

enum { WHERE_SIZE = 6000, LABEL_SIZE = 32 };

// ---- the frame of training -------------------------------------------------------------------

// Texts are classes; of several target columns the classes are names of columns, and they hold
// numbers.
static bool is_text(const struct ms_data_info *was)
{
    size_t targets = 0;
    for (size_t i = 0; i < was->n_columns; i++)
        targets += was->column[i].role == MS_ROLE_TARGET;
    for (size_t k = 0; targets == 1 && k < was->n_classes; k++) {
        char *end;
        (void)strtod(was->class[k].label, &end);
        if (end == was->class[k].label || *end)
            return true;
    }
    return false;
}

static int copy_levels(const struct ms_data_column *from, struct ms_frame_column *to,
                       struct ms_error *err)
{
    to->label = calloc(from->n_levels + 1, sizeof *to->label);
    for (size_t k = 0; to->label && k < from->n_levels; k++) {
        to->label[k] = strdup(from->level[k]);
        if (!to->label[k])
            return ms_no_memory(err, "the categories");
        to->n_labels++;
    }
    return to->label ? 0 : ms_no_memory(err, "the categories");
}

static int add(const struct ms_data_info *was, const struct ms_data_column *from, int target,
               struct ms_frame *out, struct ms_error *err)
{
    const bool text = from->role == MS_ROLE_TARGET && is_text(was);
    const enum ms_frame_type type = from->role == MS_ROLE_CATEGORY || text ? MS_FRAME_TEXT
                                    : from->role == MS_ROLE_IGNORED        ? MS_FRAME_LEFT
                                    : strcmp(from->kind, "byte") == 0      ? MS_FRAME_U8
                                                                           : MS_FRAME_F64;
    struct ms_frame_column *c = ms_frame_add(out, from->name && from->name[0] ? from->name : NULL,
                                             type, out->named ? 1 : from->width, err);
    if (!c)
        return MS_ENOMEM;
    c->role = from->role;
    c->target = target;
    c->kind = strcmp(from->kind, "number") == 0 ? NULL : ms_data_kind(from->kind);
    return from->role == MS_ROLE_CATEGORY ? copy_levels(from, c, err) : 0;
}

static int add_all(const struct ms_data_info *was, bool targets, struct ms_frame *out,
                   struct ms_error *err)
{
    int status = 0, n = 0;
    for (size_t i = 0; i < was->n_columns && !status; i++) {
        const struct ms_data_column *c = &was->column[i];
        if ((c->role == MS_ROLE_TARGET) == targets)
            status = add(was, c, targets ? n++ : 0, out, err);
    }
    return status;
}

int ms_frames_known(enum ms_source source, const struct ms_data_info *was, struct ms_frame *out,
                    struct ms_error *err)
{
    const bool targets_first = source == MS_NPY || source == MS_NPZ || source == MS_SVMLIGHT;
    *out = (struct ms_frame){.named = source == MS_CSV || source == MS_SQLITE,
                             .first_index = was->first_index};
    snprintf(out->path, sizeof out->path, "%s", was->name);
    int status = add_all(was, targets_first, out, err);
    return status ? status : add_all(was, !targets_first, out, err);
}

// ---- targets ---------------------------------------------------------------------------------

struct label {
    const char *text;
    size_t class;
};

struct targets {
    const struct ms_frames *f;
    const struct ms_frame *part;
    size_t n;            // numbers of a row
    size_t *at, *number; // (n): column of the part, and which number of it
    struct label *label; // (was->n_classes) sorted
    char *why;
    size_t size;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct label *)a)->text, ((const struct label *)b)->text);
}

// The part's target columns in the order of the outputs; n is 0 where one is not there.
static int find(struct targets *t, struct ms_error *err)
{
    const struct ms_frame *was = &t->f->part[0];
    const size_t *place = t->f->place[MS_PART_TEST];
    size_t width = 0;
    for (size_t i = 0; i < was->n_columns; i++) {
        const size_t at = place[i];
        if (was->column[i].role != MS_ROLE_TARGET)
            continue;
        if (at == SIZE_MAX || !t->part->column[at].value) {
            snprintf(t->why, t->size, "%.200s has no target%s%.100s%s", t->part->path,
                     was->column[i].name ? " '" : "",
                     was->column[i].name ? was->column[i].name : "",
                     was->column[i].name ? "'" : "");
            return 0;
        }
        width += t->part->column[at].width;
    }
    t->at = malloc((width + 1) * sizeof *t->at);
    t->number = malloc((width + 1) * sizeof *t->number);
    if (!t->at || !t->number)
        return ms_no_memory(err, "%zu targets", width);
    for (size_t i = 0; i < was->n_columns; i++)
        for (size_t k = 0;
             was->column[i].role == MS_ROLE_TARGET && k < t->part->column[place[i]].width; k++) {
            t->at[t->n] = place[i];
            t->number[t->n++] = k;
        }
    return 0;
}

static double number_at(const struct ms_frame_column *c, size_t i)
{
    switch (c->type) {
    case MS_FRAME_F64:
        return ((const double *)c->value)[i];
    case MS_FRAME_F32:
        return (double)((const float *)c->value)[i];
    case MS_FRAME_U8:
        return ((const uint8_t *)c->value)[i];
    default:
        return NAN;
    }
}

static double value_of(const struct targets *t, size_t row, size_t k)
{
    const struct ms_frame_column *c = &t->part->column[t->at[k]];
    return number_at(c, row * c->width + t->number[k]);
}

// Says of the first row why it has no target. Returns false.
static bool unknown(const struct targets *t, size_t row, const char *what)
{
    char where[WHERE_SIZE];
    ms_frame_where(t->part, row, t->at[0], 0, where, sizeof where);
    snprintf(t->why, t->size, "%.250s: %.100s", where, what);
    return false;
}

static bool put_numbers(const struct targets *t, double *y)
{
    for (size_t i = 0; i < t->part->rows; i++)
        for (size_t k = 0; k < t->n; k++) {
            const double v = value_of(t, i, k);
            if (!isfinite((float)v))
                return unknown(t, i, isnan(v) ? "no number stands there" : "beyond float's range");
            *y++ = v;
        }
    return true;
}

static bool class_of(const struct targets *t, size_t row, double *y)
{
    char number[LABEL_SIZE], what[100];
    const struct ms_frame_column *c = &t->part->column[t->at[0]];
    struct label key = {.text = number};
    if (c->type == MS_FRAME_TEXT) {
        const uint32_t at = ((const uint32_t *)c->value)[row];
        key.text = at == MS_FRAME_NONE ? NULL : c->label[at];
    } else if (isnan(value_of(t, row, 0))) {
        key.text = NULL;
    } else {
        ms_number_text(value_of(t, row, 0), number, sizeof number);
    }
    if (!key.text)
        return unknown(t, row, "no class stands there");
    const struct label *hit =
        bsearch(&key, t->label, t->f->was->n_classes, sizeof *t->label, by_text);
    if (hit) {
        *y = (double)hit->class;
        return true;
    }
    snprintf(what, sizeof what, "no row of %.30s has the class '%.30s'", t->f->was->name, key.text);
    return unknown(t, row, what);
}

static bool put_classes(const struct targets *t, double *y)
{
    for (size_t i = 0; i < t->part->rows; i++, y++) {
        if (t->n == 1 && !class_of(t, i, y))
            return false;
        if (t->n == 1)
            continue;
        size_t ones = 0, zeros = 0;
        for (size_t k = 0; k < t->n; k++) {
            const double v = value_of(t, i, k);
            ones += v == 1;
            zeros += v == 0;
            *y = v == 1 ? (double)k : *y;
        }
        if (ones != 1 || ones + zeros != t->n)
            return unknown(t, i, "one target must be 1, the others 0");
    }
    return true;
}

static int fill(struct targets *t, struct ms_raw *out, struct ms_error *err)
{
    const struct ms_data_info *was = t->f->was;
    const size_t wanted = out->task == MS_REGRESSION ? (size_t)was->n_outputs : was->n_classes;
    if (t->n != wanted && (out->task == MS_REGRESSION || t->n != 1)) {
        snprintf(t->why, t->size, "%.200s has %zu targets, %.100s %zu", t->part->path, t->n,
                 was->name, wanted);
        return 0;
    }
    t->label = malloc((was->n_classes + 1) * sizeof *t->label);
    out->y = calloc(t->part->rows * t->n + 1, sizeof *out->y);
    if (!t->label || !out->y)
        return ms_no_memory(err, "the targets of %zu rows", t->part->rows);
    for (size_t k = 0; k < was->n_classes; k++)
        t->label[k] = (struct label){was->class[k].label, k};
    qsort(t->label, was->n_classes, sizeof *t->label, by_text);
    const bool known = out->task == MS_REGRESSION ? put_numbers(t, out->y) : put_classes(t, out->y);
    if (!known) {
        free(out->y);
        out->y = NULL;
    }
    return 0;
}

int ms_frames_known_target(const struct ms_frames *f, struct ms_raw *out, char *why, size_t size,
                           struct ms_error *err)
{
    struct targets t = {.f = f, .part = &f->part[MS_PART_TEST], .why = why, .size = size};
    const struct ms_data_info *was = f->was;
    out->task = strcmp(was->task, "regression") == 0 ? MS_REGRESSION
                : strcmp(was->task, "binary") == 0   ? MS_BINARY
                                                     : MS_MULTICLASS;
    out->n_classes = out->task == MS_MULTICLASS ? was->n_outputs : 1;
    out->n_targets = out->task == MS_REGRESSION ? was->n_outputs : 0;
    why[0] = '\0';
    int status = find(&t, err);
    if (!status && t.n)
        status = fill(&t, out, err);
    free(t.at);
    free(t.number);
    free(t.label);
    return status;
}
