// SPDX-License-Identifier: MIT
//
// Targets of CSV files. One target column holds numbers or classes, which is decided when all are
// known; several target columns make a regression. Classes are the sorted different values of the
// training file; a value that only a later file has is refused.
#include "csv_table.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"

// Sorts n elements and keeps one of each.
static size_t sort_unique(void *array, size_t n, size_t each,
                          int (*compare)(const void *, const void *))
{
    char *p = array;
    size_t kept = 0;
    qsort(p, n, each, compare);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare(p + i * each, p + (kept - 1) * each) != 0)
            memmove(p + kept++ * each, p + i * each, each);
    }
    return kept;
}

struct targets {
    double *number;     // (rows), when all are numbers
    const char **label; // (rows), into the table's text
    bool numeric, whole;
    size_t first_text; // row of the first target that is not a number
    void *classes;     // the training file's different values, sorted: doubles or texts
    size_t n_classes;
};

// The column of target number k.
static int column_of(const struct ms_csv_table *t, int k)
{
    for (int i = 0; i < t->n_columns; i++)
        if (t->column[i].role == MS_CSV_TARGET && t->column[i].target == k)
            return i;
    return 0;
}

static void look_at(struct targets *g, const struct ms_csv_table *t)
{
    g->numeric = g->whole = true;
    for (size_t i = 0; i < t->rows; i++) {
        g->label[i] = t->text + t->where[i];
        if (!g->numeric)
            continue;
        if (!ms_source_csv_number(g->label[i], t->c, &g->number[i])) {
            g->numeric = g->whole = false;
            g->first_text = i;
        } else if (g->number[i] != trunc(g->number[i])) {
            g->whole = false;
        }
    }
    if (g->numeric) {
        memcpy(g->classes, g->number, t->train_rows * sizeof *g->number);
        g->n_classes = sort_unique(g->classes, t->train_rows, sizeof *g->number, ms_compare_double);
    } else {
        memcpy(g->classes, g->label, t->train_rows * sizeof *g->label);
        g->n_classes = sort_unique(g->classes, t->train_rows, sizeof *g->label, ms_compare_text);
    }
}

static int decide_task(const struct ms_data_spec *spec, const struct targets *g,
                       const struct ms_csv_table *t, enum ms_data_task *task, struct ms_error *err)
{
    size_t n = g->n_classes;
    if (spec->task < 0 && n > MS_AUTO_CLASSES && !g->numeric)
        return ms_fail(
            err, MS_EINVAL,
            "%s: target '%s' is text with %zu different values; if they are classes, say so "
            "with \"task\"",
            spec->path, spec->target, n);
    if (spec->task >= 0)
        *task = (enum ms_data_task)spec->task;
    else if (n > MS_AUTO_CLASSES || !(g->whole || !g->numeric))
        *task = MS_REGRESSION;
    else
        *task = n == 2 ? MS_BINARY : MS_MULTICLASS;
    if (*task == MS_REGRESSION && !g->numeric)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: column %d (%s): expected a number, found '%.60s'",
                       ms_source_csv_file(t, g->first_text), t->line[g->first_text],
                       column_of(t, 0) + 1, spec->target, g->label[g->first_text]);
    if (*task != MS_REGRESSION && n < 2)
        return ms_fail(err, MS_EINVAL,
                       "%s: target '%s' has only one value; there is nothing to distinguish",
                       spec->path, spec->target);
    if (*task == MS_BINARY && n != 2)
        return ms_fail(err, MS_EINVAL, "%s: target '%s' has %zu different values; binary needs 2",
                       spec->path, spec->target, n);
    if (*task == MS_MULTICLASS && n > MS_MAX_CLASSES)
        return ms_fail(err, MS_ELIMIT,
                       "%s: target '%s' has %zu different values; at most %d classes", spec->path,
                       spec->target, n, MS_MAX_CLASSES);
    return 0;
}

static int fill_targets(const struct ms_data_spec *spec, const struct targets *g,
                        const struct ms_csv_table *t, struct ms_raw *out, struct ms_error *err)
{
    int status = decide_task(spec, g, t, &out->task, err);
    if (status)
        return status;
    out->n_classes = out->task == MS_MULTICLASS ? (int)g->n_classes : 1;
    for (size_t i = 0; i < t->rows; i++) {
        const char *file = ms_source_csv_file(t, i);
        if (out->task == MS_REGRESSION) {
            out->y[i] = g->number[i];
            if (!isfinite((float)out->y[i]))
                return ms_fail(err, MS_EFORMAT,
                               "%s:%ld: column %d (%s): %s is beyond float's range", file,
                               t->line[i], column_of(t, 0) + 1, spec->target, g->label[i]);
            continue;
        }
        const char *base = g->classes;
        size_t each = g->numeric ? sizeof *g->number : sizeof *g->label;
        const void *key = g->numeric ? (const void *)&g->number[i] : (const void *)&g->label[i];
        const char *hit = bsearch(key, base, g->n_classes, each,
                                  g->numeric ? ms_compare_double : ms_compare_text);
        if (!hit)
            return ms_fail(err, MS_EFORMAT,
                           "%s:%ld: column %d (%s): no row of %s has the class '%.60s'", file,
                           t->line[i], column_of(t, 0) + 1, spec->target, spec->path, g->label[i]);
        out->y[i] = (double)((size_t)(hit - base) / each);
    }
    return 0;
}

// Several targets: numbers.
static int several(const struct ms_csv_table *t, struct ms_raw *out, struct ms_error *err)
{
    size_t n = (size_t)t->n_targets;
    if (t->spec->task > MS_REGRESSION)
        return ms_fail(err, MS_EINVAL, "%s: %zu targets; classes have one", t->spec->path, n);
    out->task = MS_REGRESSION;
    out->n_targets = t->n_targets;
    out->n_classes = 1;
    out->y = malloc(t->rows * n * sizeof *out->y);
    if (!out->y)
        return ms_no_memory(err, "%s: %zu targets", t->spec->path, t->rows * n);
    for (size_t i = 0; i < t->rows * n; i++) {
        double v;
        const char *text = t->text + t->where[i];
        bool number = ms_source_csv_number(text, t->c, &v);
        out->y[i] = number ? v : 0;
        int column = column_of(t, (int)(i % n));
        if (!number || !isfinite((float)out->y[i]))
            return ms_fail(err, MS_EFORMAT,
                           "%s:%ld: column %d (%s): expected a number%s, found '%.60s'",
                           ms_source_csv_file(t, i / n), t->line[i / n], column + 1,
                           t->column[column].name, number ? " within float's range" : "", text);
    }
    return 0;
}

int ms_source_csv_targets(const struct ms_csv_table *t, struct ms_raw *out, struct ms_error *err)
{
    const struct ms_data_spec *spec = t->spec;
    if (t->n_targets > 1)
        return several(t, out, err);
    static_assert(sizeof(double) >= sizeof(char *), "classes holds either");
    struct targets g = {
        .number = malloc(t->rows * sizeof *g.number),
        .label = malloc(t->rows * sizeof *g.label),
        .classes = malloc(t->train_rows * sizeof(double)),
    };
    int status = MS_ENOMEM;
    out->y = malloc(t->rows * sizeof *out->y);
    if (!g.number || !g.label || !g.classes || !out->y) {
        ms_no_memory(err, "%s: %zu targets", spec->path, t->rows);
    } else {
        look_at(&g, t);
        status = fill_targets(spec, &g, t, out, err);
    }
    free(g.number);
    free(g.label);
    free(g.classes);
    return status;
}
