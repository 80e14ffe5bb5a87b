// SPDX-License-Identifier: MIT
//
// Targets: facts about them, classes, and y. Classes are the different values of the training
// rows: numbers in their order, texts byte by byte, or the order that data.classes gives; of
// several one-hot columns the columns' names, or their places. A value that only a later part has
// is refused.
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "frames_task.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"

enum { WHERE_SIZE = 6000, LABEL_SIZE = 32 };
#define EXACT 9007199254740992.0 // 2^53: from here on a double does not hold every whole number

struct target {
    size_t at, number; // the training frame's column, and which number of it
};

struct work {
    const struct ms_frames *f;
    size_t n; // numbers or texts of a row
    struct target *target;
    bool text; // n is 1
    struct ms_target_facts facts;
    double *value;      // different numbers of the training rows, sorted
    const char **label; // or different texts, sorted
    size_t n_classes;
    size_t *order; // (n_classes): which output a sorted class has
};

// ---- values ------------------------------------------------------------------------------------

static double number_at(const struct ms_frame_column *c, size_t i)
{
    return c->type == MS_FRAME_F64   ? ((const double *)c->value)[i]
           : c->type == MS_FRAME_F32 ? (double)((const float *)c->value)[i]
           : c->type == MS_FRAME_U8  ? ((const uint8_t *)c->value)[i]
                                     : 0;
}

static double value_of(const struct work *w, int part, size_t row, size_t k)
{
    const struct ms_frame_column *c = ms_frames_column(w->f, part, w->target[k].at);
    return number_at(c, row * c->width + w->target[k].number);
}

static const char *text_of(const struct ms_frame_column *c, size_t row)
{
    return c->label[((const uint32_t *)c->value)[row]];
}

// ---- facts -------------------------------------------------------------------------------------

static int by_target(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

// The target columns in the order of data.target.
static int find_targets(struct work *w, struct ms_error *err)
{
    const struct ms_frame *t = &w->f->part[0];
    struct {
        int target;
        size_t at;
    } *found = malloc((t->n_columns + 1) * sizeof *found);
    if (!found)
        return ms_no_memory(err, "the targets of %s", t->path);
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->column[i].role == MS_ROLE_TARGET) {
            found[n].target = t->column[i].target;
            found[n++].at = i;
            w->n += t->column[i].width;
        }
    qsort(found, n, sizeof *found, by_target);
    w->target = malloc((w->n + 1) * sizeof *w->target);
    size_t k = 0;
    for (size_t i = 0; w->target && i < n; i++)
        for (size_t j = 0; j < t->column[found[i].at].width; j++)
            w->target[k++] = (struct target){found[i].at, j};
    free(found);
    if (!w->target)
        return ms_no_memory(err, "the targets of %s", t->path);
    return w->n >= 1 && w->n <= MS_MAX_CLASSES
               ? 0
               : ms_fail(err, MS_ELIMIT, "%s: %zu targets; 1 to %d are possible", t->path, w->n,
                         MS_MAX_CLASSES);
}

// "t.csv: target 'price'", "t.csv: targets 'y0', 'y1', …", "y.npy: the target".
static void name_targets(struct work *w)
{
    const struct ms_frame *t = &w->f->part[0];
    const struct ms_frame_column *c = &t->column[w->target[0].at];
    char *out = w->facts.what, *list = w->f->info->target;
    size_t size = sizeof w->f->info->target, used = 0;
    list[0] = '\0';
    for (size_t k = 0; t->named && k < w->n && used < size; k++)
        used += (size_t)snprintf(list + used, size - used, "%s%s", k ? ", " : "",
                                 t->column[w->target[k].at].name);
    if (t->named)
        snprintf(out, sizeof w->facts.what, "%s: target%s '%.200s'", w->f->spec->path,
                 w->n > 1 ? "s" : "", list);
    else
        snprintf(out, sizeof w->facts.what, "%s: the target", c->file ? c->file : t->path);
}

static bool is_one_hot(const struct work *w)
{
    for (int p = 0; p < MS_PARTS; p++)
        for (size_t i = 0; i < w->f->part[p].rows; i++) {
            size_t ones = 0, zeros = 0;
            for (size_t k = 0; k < w->n; k++) {
                double v = value_of(w, p, i, k);
                ones += v == 1;
                zeros += v == 0;
            }
            if (ones != 1 || ones + zeros != w->n)
                return false;
        }
    return true;
}

// Sorts n elements and keeps one of each.
static size_t sort_unique(void *array, size_t n, size_t each,
                          int (*compare)(const void *, const void *))
{
    char *p = array;
    size_t kept = 0;
    qsort(p, n, each, compare);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare(p + i * each, p + (kept - 1) * each) != 0)
            memmove(p + kept++ * each, p + i * each, each);
    return kept;
}

static int find_texts(struct work *w, struct ms_error *err)
{
    const struct ms_frame_column *c = &w->f->part[0].column[w->target[0].at];
    const uint32_t *value = c->value;
    char *used = calloc(c->n_labels + 1, 1);
    w->label = malloc((c->n_labels + 1) * sizeof *w->label);
    if (!used || !w->label) {
        free(used);
        return ms_no_memory(err, "%s", w->facts.what);
    }
    for (size_t i = 0; i < w->facts.rows; i++)
        used[value[i]] = 1;
    for (size_t k = 0; k < c->n_labels; k++)
        if (used[k])
            w->label[w->n_classes++] = c->label[k];
    free(used);
    qsort(w->label, w->n_classes, sizeof *w->label, ms_compare_text);
    return 0;
}

static int find_numbers(struct work *w, struct ms_error *err)
{
    w->value = malloc((w->facts.rows + 1) * sizeof *w->value);
    if (!w->value)
        return ms_no_memory(err, "%s", w->facts.what);
    w->facts.whole = true;
    for (size_t i = 0; i < w->facts.rows; i++) {
        w->value[i] = value_of(w, 0, i, 0);
        w->facts.whole = w->facts.whole && w->value[i] == trunc(w->value[i]);
    }
    w->n_classes = sort_unique(w->value, w->facts.rows, sizeof *w->value, ms_compare_double);
    w->facts.zero_one = w->n_classes == 2 && w->value[0] == 0 && w->value[1] == 1;
    return 0;
}

// A text where numbers are expected: in one of several columns, or in a regression.
static int refuse_text(const struct ms_frames *f, int part, size_t at, struct ms_error *err)
{
    char where[WHERE_SIZE];
    const struct ms_frame_column *c = ms_frames_column(f, part, at);
    ms_frame_where(&f->part[part], c->text_row, f->place[part][at], 0, where, sizeof where);
    return ms_fail(err, MS_EFORMAT, "%s: expected a number, found '%.60s'", where,
                   text_of(c, c->text_row));
}

static int refuse_texts(const struct work *w, struct ms_error *err)
{
    for (int p = 0; p < MS_PARTS; p++)
        for (size_t k = 0; w->f->part[p].n_columns && k < w->n; k++)
            if (ms_frames_column(w->f, p, w->target[k].at)->type == MS_FRAME_TEXT)
                return refuse_text(w->f, p, w->target[k].at, err);
    return 0;
}

static int find_facts(struct work *w, struct ms_error *err)
{
    const struct ms_frame *t = &w->f->part[0];
    int status = find_targets(w, err);
    if (status)
        return status;
    name_targets(w);
    const struct ms_frame_column *c = &t->column[w->target[0].at];
    w->facts.rows = t->rows;
    w->facts.n_targets = w->n;
    w->facts.label = c->kind && strcmp(c->kind, "class") == 0;
    if (w->n > 1) {
        status = refuse_texts(w, err);
        w->facts.one_hot = !status && is_one_hot(w);
        return status;
    }
    w->facts.text = w->text = c->type == MS_FRAME_TEXT;
    status = w->text ? find_texts(w, err) : find_numbers(w, err);
    w->facts.n_values = w->n_classes;
    return status;
}

// ---- classes -----------------------------------------------------------------------------------

// One-hot columns are classes by their names; without names, by their places.
static int name_one_hot(struct work *w, struct ms_error *err)
{
    const struct ms_frame *t = &w->f->part[0];
    w->n_classes = w->n;
    w->text = t->named;
    w->label = t->named ? malloc(w->n * sizeof *w->label) : NULL;
    w->value = t->named ? NULL : malloc(w->n * sizeof *w->value);
    if (!w->label && !w->value)
        return ms_no_memory(err, "%s", w->facts.what);
    for (size_t k = 0; k < w->n; k++)
        if (t->named)
            w->label[k] = t->column[w->target[k].at].name;
        else
            w->value[k] = (double)k;
    return 0;
}

static const char *class_text(const struct work *w, size_t k, char out[LABEL_SIZE])
{
    return w->text ? w->label[k] : ms_number_text(w->value[k], out, LABEL_SIZE);
}

// True if a name of data.classes is class k.
static bool names_class(const struct work *w, const char *name, size_t k, locale_t c)
{
    char *end;
    if (w->text)
        return strcmp(name, w->label[k]) == 0;
    double v = strtod_l(name, &end, c);
    return end != name && *end == '\0' && v == w->value[k];
}

// Appends "'name'" to a list that may be full.
static void append(char list[200], const char *name)
{
    size_t used = strlen(list);
    if (used < 120)
        snprintf(list + used, 200 - used, "%s'%.60s'", used ? ", " : "", name);
    else if (used < 195 && list[used - 1] == '\'')
        snprintf(list + used, 200 - used, ", …");
}

static int refuse_classes(const struct work *w, const char *unknown, const char *missing,
                          struct ms_error *err)
{
    bool both = unknown[0] && missing[0];
    return ms_fail(err, MS_EINVAL, "data.classes: %s%s%s%s%s%s; allowed: every class of %s, once",
                   unknown[0] ? "found " : "", unknown,
                   unknown[0] ? ", which no training row has" : "", both ? "; " : "",
                   missing[0] ? "missing " : "", missing, w->facts.what);
}

// The order that data.classes gives.
static int given_order(struct work *w, locale_t c, struct ms_error *err)
{
    char names[MS_NAMES], *next = names, unknown[200] = "", missing[200] = "", text[LABEL_SIZE];
    size_t at = 0;
    for (size_t k = 0; k < w->n_classes; k++)
        w->order[k] = SIZE_MAX;
    snprintf(names, sizeof names, "%s", w->f->spec->classes);
    while (next && *next) {
        const char *name = strsep(&next, "\n");
        size_t k = 0;
        while (k < w->n_classes && !names_class(w, name, k, c))
            k++;
        if (k == w->n_classes)
            append(unknown, name);
        else if (w->order[k] != SIZE_MAX)
            return ms_fail(err, MS_EINVAL, "data.classes: found '%.60s' twice; allowed: once",
                           name);
        else
            w->order[k] = at++;
    }
    for (size_t k = 0; k < w->n_classes; k++)
        if (w->order[k] == SIZE_MAX)
            append(missing, class_text(w, k, text));
    return unknown[0] || missing[0] ? refuse_classes(w, unknown, missing, err) : 0;
}

static int order_classes(struct work *w, struct ms_error *err)
{
    int status = 0;
    w->order = malloc((w->n_classes + 1) * sizeof *w->order);
    if (!w->order)
        return ms_no_memory(err, "%s", w->facts.what);
    for (size_t k = 0; k < w->n_classes; k++)
        w->order[k] = k;
    if (w->f->spec->classes[0]) {
        locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        status = c ? given_order(w, c, err) : ms_no_memory(err, "%s", w->facts.what);
        if (c)
            freelocale(c);
    }
    for (size_t out = 0; out < w->n_classes && !status; out++) {
        size_t k = 0;
        char text[LABEL_SIZE];
        while (w->order[k] != out)
            k++;
        struct ms_data_class class = {.label = (char *)(uintptr_t)class_text(w, k, text)};
        status = ms_data_info_class(w->f->info, &class, err);
    }
    return status;
}

// ---- y -----------------------------------------------------------------------------------------

static int no_class(const struct work *w, int part, size_t row, const char *text, bool quoted,
                    struct ms_error *err)
{
    char where[WHERE_SIZE];
    size_t at = w->target[0].at;
    return ms_fail(
        err, MS_EFORMAT, "%s: no row of %s has the class %s%.60s%s",
        ms_frame_where(&w->f->part[part], row, w->f->place[part][at], 0, where, sizeof where),
        w->f->spec->path, quoted ? "'" : "", text, quoted ? "'" : "");
}

// The place of a row's class among the sorted ones.
static int class_of(const struct work *w, int part, size_t row, size_t *k, struct ms_error *err)
{
    const struct ms_frame_column *c = ms_frames_column(w->f, part, w->target[0].at);
    char number[LABEL_SIZE];
    if (w->n > 1) {
        for (*k = 0; value_of(w, part, row, *k) != 1;)
            ++*k;
        return 0;
    }
    if (!w->text && c->type == MS_FRAME_TEXT)
        return no_class(w, part, c->text_row, text_of(c, c->text_row), true, err);
    double v = value_of(w, part, row, 0);
    if (w->text) {
        const char *text =
            c->type == MS_FRAME_TEXT ? text_of(c, row) : ms_number_text(v, number, LABEL_SIZE);
        const char **hit =
            bsearch(&text, w->label, w->n_classes, sizeof *w->label, ms_compare_text);
        *k = hit ? (size_t)(hit - w->label) : SIZE_MAX;
        return hit ? 0 : no_class(w, part, row, text, true, err);
    }
    const double *hit = bsearch(&v, w->value, w->n_classes, sizeof *w->value, ms_compare_double);
    *k = hit ? (size_t)(hit - w->value) : SIZE_MAX;
    return hit ? 0 : no_class(w, part, row, ms_number_text(v, number, LABEL_SIZE), false, err);
}

static int fill_classes(struct work *w, struct ms_raw *out, struct ms_error *err)
{
    double *y = out->y;
    int status = w->n > 1 ? name_one_hot(w, err) : 0;
    if (!status && w->value && w->n == 1 &&
        !(w->value[0] > -EXACT && w->value[w->n_classes - 1] < EXACT))
        status = ms_fail(err, MS_ELIMIT,
                         "%s has classes beyond 2^53, where two could become one; allowed: smaller "
                         "numbers, or \"task\": \"regression\"",
                         w->facts.what);
    if (!status)
        status = order_classes(w, err);
    for (int p = 0; p < MS_PARTS && !status; p++)
        for (size_t i = 0; i < w->f->part[p].rows && !status; i++) {
            size_t k = 0;
            status = class_of(w, p, i, &k, err);
            if (!status)
                *y++ = (double)w->order[k];
        }
    out->n_classes = out->task == MS_MULTICLASS ? (int)w->n_classes : 1;
    return status;
}

static int fill_numbers(const struct work *w, struct ms_raw *out, struct ms_error *err)
{
    double *y = out->y;
    int status = refuse_texts(w, err);
    out->n_targets = (int)w->n;
    out->n_classes = 1;
    for (int p = 0; p < MS_PARTS && !status; p++)
        for (size_t i = 0; i < w->f->part[p].rows; i++)
            for (size_t k = 0; k < w->n; k++)
                *y++ = value_of(w, p, i, k);
    return status;
}

static int note_choice(const struct work *w, const struct ms_target_choice *choice,
                       struct ms_error *err)
{
    static const char *const tasks[] = {
        [MS_REGRESSION] = "regression", [MS_BINARY] = "binary", [MS_MULTICLASS] = "multiclass"};
    struct ms_data_info *info = w->f->info;
    const char *name = info->target;
    snprintf(info->task, sizeof info->task, "%s", tasks[choice->task]);
    snprintf(info->task_by, sizeof info->task_by, "%s", choice->by);
    if (!choice->assumed)
        return 0;
    if (w->n > 1)
        return ms_data_info_note(
            info, false, err,
            "every row of the targets%s%.200s%s is one-hot: taken for %zu classes; "
            "\"task\": \"regression\" takes them for numbers",
            name[0] ? " '" : "", name, name[0] ? "'" : "", w->n);
    return ms_data_info_note(info, false, err,
                             "target%s%.200s%s has %zu different whole numbers: taken for classes; "
                             "\"task\": \"regression\" takes them for numbers",
                             name[0] ? " '" : "", name, name[0] ? "'" : "", w->n_classes);
}

static int fill(struct work *w, struct ms_raw *out, struct ms_error *err)
{
    struct ms_target_choice choice;
    size_t rows = ms_frames_rows(w->f);
    int status = ms_frames_task(w->f->spec, w->f->hint, &w->facts, &choice, err);
    if (status)
        return status;
    out->task = choice.task;
    size_t each = choice.task == MS_REGRESSION ? w->n : 1;
    out->y = malloc((rows * each + 1) * sizeof *out->y);
    if (!out->y)
        return ms_no_memory(err, "%zu targets", rows * each);
    status = note_choice(w, &choice, err);
    if (!status)
        status =
            choice.task == MS_REGRESSION ? fill_numbers(w, out, err) : fill_classes(w, out, err);
    return status;
}

int ms_frames_target(const struct ms_frames *f, struct ms_raw *out, struct ms_error *err)
{
    struct work w = {.f = f};
    int status = find_facts(&w, err);
    if (!status)
        status = fill(&w, out, err);
    free(w.target);
    free(w.value);
    free(w.label);
    free(w.order);
    return status;
}
