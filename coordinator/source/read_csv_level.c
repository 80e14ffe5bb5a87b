// SPDX-License-Identifier: MIT
//
// Categorical columns of CSV files. Levels are texts, compared byte by byte, sorted. They are those
// of the training file's rows, before it is split, because a network's inputs must be the same for
// every split and fold. A level that only a validation or test file has is refused, as the network
// could know nothing about it. If a category is missing and "missing" is "mean", its columns become
// the levels' shares among the training rows.
#include "csv_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

// The place of text among the sorted levels: where it is, or would be.
static size_t place_of(const struct ms_csv_column *c, const char *text, bool *there)
{
    size_t lo = 0, hi = c->n_levels;
    *there = false;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(c->level[mid].text, text);
        if (order == 0) {
            *there = true;
            return mid;
        }
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

int ms_source_csv_level(const struct ms_csv *r, struct ms_csv_table *t, float *id,
                        struct ms_error *err)
{
    struct ms_csv_column *c = &t->column[r->column - 1];
    bool there;
    size_t at = place_of(c, r->field, &there);
    if (there) {
        *id = (float)c->level[at].id;
        return 0;
    }
    if (t->closed)
        return ms_fail(err, MS_EFORMAT,
                       "%s:%ld: column %zu (%s): no row of %s has the category '%.60s'", r->path,
                       r->field_line, r->column, c->name, t->spec->path, r->field);
    if (c->n_levels == MS_MAX_LEVELS)
        return ms_fail(err, MS_ELIMIT, "%s:%ld: column %zu (%s): more than %d different categories",
                       r->path, r->field_line, r->column, c->name, MS_MAX_LEVELS);
    int status = ms_grow(&c->level, &c->level_room, c->n_levels + 1, sizeof *c->level,
                         "the categories", err);
    if (status)
        return status;
    char *text = strdup(r->field);
    if (!text)
        return ms_no_memory(err, "the categories of %s", r->path);
    memmove(c->level + at + 1, c->level + at, (c->n_levels - at) * sizeof *c->level);
    c->level[at] = (struct ms_source_csv_level){text, (uint32_t)c->n_levels};
    *id = (float)c->n_levels++;
    return 0;
}

// Removes levels that only dropped rows had; ids become places in the sorted order.
static int close_column(struct ms_csv_table *t, struct ms_csv_column *c, size_t at,
                        struct ms_error *err)
{
    uint32_t *place = calloc(c->n_levels + 1, sizeof *place); // first: how often it occurs
    size_t kept = 0;
    if (!place)
        return ms_no_memory(err, "the categories of %s", t->spec->path);
    for (size_t i = 0; i < t->rows; i++)
        if (!isnan(t->x[i * (size_t)t->n_x + at]))
            place[(size_t)t->x[i * (size_t)t->n_x + at]]++;
    for (size_t k = 0; k < c->n_levels; k++) {
        struct ms_source_csv_level level = c->level[k];
        if (place[level.id] == 0) {
            free(level.text);
            continue;
        }
        place[level.id] = (uint32_t)kept;
        c->level[kept] = (struct ms_source_csv_level){level.text, (uint32_t)kept};
        kept++;
    }
    c->n_levels = kept;
    for (size_t i = 0; i < t->rows; i++) {
        float *v = &t->x[i * (size_t)t->n_x + at];
        if (!isnan(*v))
            *v = (float)place[(size_t)*v];
    }
    free(place);
    return 0;
}

int ms_source_csv_close_levels(struct ms_csv_table *t, struct ms_error *err)
{
    size_t at = 0;
    int status = 0;
    for (int i = 0; i < t->n_columns && !status; i++) {
        if (t->column[i].role == MS_CSV_CATEGORY)
            status = close_column(t, &t->column[i], at, err);
        at += t->column[i].role <= MS_CSV_CATEGORY;
    }
    t->closed = true;
    return status;
}

// One row: numbers as they are, and for each category one column per level.
static void expand(const struct ms_csv_table *t, const float *from, float *to)
{
    for (int i = 0; i < t->n_columns; i++) {
        const struct ms_csv_column *c = &t->column[i];
        if (c->role == MS_CSV_INPUT)
            *to++ = *from++;
        if (c->role != MS_CSV_CATEGORY)
            continue;
        float id = *from++;
        for (size_t k = 0; k < c->n_levels; k++)
            *to++ = isnan(id) ? NAN : (float)(id == (float)k);
    }
}

int ms_source_csv_inputs(struct ms_csv_table *t, struct ms_raw *out, struct ms_error *err)
{
    size_t width = 0, at = 0;
    for (int i = 0; i < t->n_columns; i++)
        width += t->column[i].role == MS_CSV_INPUT      ? 1
                 : t->column[i].role == MS_CSV_CATEGORY ? t->column[i].n_levels
                                                        : 0;
    if (width < 1 || width > MS_MAX_INPUTS)
        return ms_fail(err, MS_ELIMIT, "%s: %zu inputs; 1 to %d are possible", t->spec->path, width,
                       MS_MAX_INPUTS);
    out->n_inputs = (int)width;
    out->x_type = MS_RAW_F32;
    out->has_missing = t->has_missing;
    bool plain = true;
    for (int i = 0; i < t->n_columns; i++)
        plain = plain && t->column[i].role != MS_CSV_CATEGORY;
    if (plain) {
        out->x = t->x;
        t->x = NULL;
        return 0;
    }
    float *x = malloc(t->rows * width * sizeof *x);
    out->x = x;
    out->indicator = calloc(width, 1);
    if (!x || !out->indicator)
        return ms_no_memory(err, "%s: %zu rows of %zu inputs", t->spec->path, t->rows, width);
    for (size_t i = 0; i < t->rows; i++)
        expand(t, t->x + i * (size_t)t->n_x, x + i * width);
    for (int i = 0; i < t->n_columns; i++) {
        size_t n = t->column[i].role == MS_CSV_CATEGORY ? t->column[i].n_levels
                                                        : t->column[i].role == MS_CSV_INPUT;
        memset(out->indicator + at, t->column[i].role == MS_CSV_CATEGORY, n);
        at += n;
    }
    return 0;
}
