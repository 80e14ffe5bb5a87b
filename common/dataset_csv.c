// SPDX-License-Identifier: MIT
//
// Tables in CSV (RFC 4180): a header, commas, fields in double quotes where needed, LF or CRLF.
// csv.c reads it rather than libcsv: every refusal shall name line and column, which libcsv does
// not know.
//
// One column is the target, all others are inputs and must be finite numbers. Reading is one pass:
// inputs go to a growing array, targets are kept as text until all are known (read_targets), for
// only then can be told whether they are numbers or classes.
#include "csv.h"

#include <assert.h>
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { AUTO_CLASSES = 20 }; // so many different targets are taken for classes unasked

struct table {
    int n_columns; // 0: no header seen yet
    int target;    // index of the target's column
    char **name;   // (n_columns)
    float *x;      // (rows, n_columns - 1)
    size_t x_len, x_size;
    char *text; // all targets, each NUL-terminated
    size_t text_len, text_size;
    size_t *where; // (rows): target's offset in text
    long *line;    // (rows): for messages
    size_t rows, rows_size;
    size_t train_rows; // rows of the first file
    locale_t c;        // numbers have a decimal point, whatever the program's locale is
};

// ---- values ------------------------------------------------------------------------------------

// A decimal number and nothing else but blanks around it: strtod would also take hexadecimal, "inf"
// and "nan".
static bool parse_number(const char *s, locale_t c, double *out)
{
    s += strspn(s, " \t");
    size_t n = strspn(s, "+-0123456789.eE");
    if (n == 0 || s[n + strspn(s + n, " \t")] != '\0')
        return false;
    char *end;
    *out = strtod_l(s, &end, c);
    return end == s + n;
}

// What other tools write for a missing value. "none" is not among them: it is a good class name.
static bool is_missing(const char *s)
{
    static const char *const words[] = {"", "na", "n/a", "nan", "null", "?"};
    s += strspn(s, " \t");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if (strncasecmp(s, words[i], n) == 0 && s[n + strspn(s + n, " \t")] == '\0')
            return true;
    }
    return false;
}

// Makes room for one more element of an array; doubles it.
static int grow(void *array, size_t *size, size_t need, size_t each, struct ms_error *err)
{
    if (need <= *size)
        return 0;
    size_t more = *size ? *size : 1024;
    while (more < need)
        more *= 2;
    void *p = realloc(*(void **)array, more * each);
    if (!p)
        return ms_fail(err, MS_ENOMEM, "no memory for %zu bytes of a CSV file", more * each);
    *(void **)array = p;
    *size = more;
    return 0;
}

static int bad_value(const struct ms_csv *r, const struct table *t, const char *wanted,
                     struct ms_error *err)
{
    const char *name = t->name[r->column - 1];
    if (is_missing(r->field))
        return ms_fail(err, MS_EFORMAT, "%s:%ld: column %d (%s): missing value", r->path,
                       r->field_line, r->column, name);
    return ms_fail(err, MS_EFORMAT, "%s:%ld: column %d (%s): expected %s, found '%.60s'", r->path,
                   r->field_line, r->column, name, wanted, r->field);
}

static int add_input(const struct ms_csv *r, struct table *t, struct ms_error *err)
{
    double v;
    if (!parse_number(r->field, t->c, &v))
        return bad_value(r, t, "a number", err);
    float f = (float)v;
    if (!isfinite(f))
        return bad_value(r, t, "a number within float's range", err);
    int rc = grow(&t->x, &t->x_size, t->x_len + 1, sizeof *t->x, err);
    if (rc)
        return rc;
    t->x[t->x_len++] = f;
    return 0;
}

static int add_target(const struct ms_csv *r, struct table *t, struct ms_error *err)
{
    if (is_missing(r->field))
        return bad_value(r, t, "a value", err);
    size_t n = r->field_len + 1;
    int rc = grow(&t->text, &t->text_size, t->text_len + n, 1, err);
    if (rc)
        return rc;
    memcpy(t->text + t->text_len, r->field, n);
    t->where[t->rows] = t->text_len;
    t->line[t->rows] = r->field_line;
    t->text_len += n;
    return 0;
}

// ---- rows --------------------------------------------------------------------------------------

static int no_target(const struct ms_csv *r, const struct table *t, const char *target,
                     struct ms_error *err)
{
    if (t->n_columns == 1 && strpbrk(t->name[0], ";\t"))
        return ms_fail(err, MS_EFORMAT,
                       "%s:1: no commas in '%.60s'; columns must be separated by commas", r->path,
                       t->name[0]);
    const char *near = ms_nearest(target, (const char *const *)t->name, t->n_columns);
    return ms_fail(err, MS_EINVAL, "%s:1: there is no column '%.200s'%s%.200s%s", r->path, target,
                   near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// The header of the first file.
static int read_header(struct ms_csv *r, struct table *t, const char *target, struct ms_error *err)
{
    size_t size = 0;
    int more;
    do {
        more = ms_csv_field(r, err);
        if (more < 0)
            return more;
        if (t->n_columns > MS_MAX_INPUTS)
            return ms_fail(err, MS_ELIMIT, "%s:1: more than %d columns", r->path, MS_MAX_INPUTS);
        int rc = grow(&t->name, &size, (size_t)t->n_columns + 1, sizeof *t->name, err);
        if (rc)
            return rc;
        char *name = strdup(r->field);
        if (!name)
            return ms_fail(err, MS_ENOMEM, "%s:1: no memory for the header", r->path);
        t->name[t->n_columns++] = name;
        if (strcmp(name, target) == 0) {
            if (t->target >= 0)
                return ms_fail(err, MS_EFORMAT, "%s:1: two columns are called '%.200s'", r->path,
                               name);
            t->target = t->n_columns - 1;
        }
    } while (more);
    if (t->target < 0)
        return no_target(r, t, target, err);
    if (t->n_columns < 2)
        return ms_fail(err, MS_EFORMAT, "%s:1: no column besides the target '%.200s'", r->path,
                       target);
    return 0;
}

// The header of the second file must be that of the first.
static int check_header(struct ms_csv *r, const struct table *t, struct ms_error *err)
{
    int more;
    do {
        more = ms_csv_field(r, err);
        if (more < 0)
            return more;
        if (r->column > t->n_columns)
            return ms_fail(err, MS_EFORMAT, "%s:1: more columns than the %d of the training file",
                           r->path, t->n_columns);
        if (strcmp(r->field, t->name[r->column - 1]) != 0)
            return ms_fail(err, MS_EFORMAT,
                           "%s:1: column %d is '%.100s', in the training file it is '%.100s'",
                           r->path, r->column, r->field, t->name[r->column - 1]);
    } while (more);
    if (r->column < t->n_columns)
        return ms_fail(err, MS_EFORMAT, "%s:1: %d columns, the training file has %d", r->path,
                       r->column, t->n_columns);
    return 0;
}

static int read_row(struct ms_csv *r, struct table *t, struct ms_error *err)
{
    long line = r->line;
    int more, rc;
    if (t->rows == MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s:%ld: more than %d rows", r->path, line, MS_MAX_ROWS);
    size_t size = t->rows_size;
    rc = grow(&t->where, &size, t->rows + 1, sizeof *t->where, err);
    if (!rc)
        rc = grow(&t->line, &t->rows_size, t->rows + 1, sizeof *t->line, err);
    if (rc)
        return rc;
    do {
        more = ms_csv_field(r, err);
        if (more < 0)
            return more;
        if (r->column > t->n_columns)
            return ms_fail(err, MS_EFORMAT, "%s:%ld: more fields than the header's %d columns",
                           r->path, line, t->n_columns);
        rc = r->column - 1 == t->target ? add_target(r, t, err) : add_input(r, t, err);
        if (rc)
            return rc;
    } while (more);
    if (r->column < t->n_columns)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: %d fields, the header has %d columns", r->path,
                       line, r->column, t->n_columns);
    t->rows++;
    return 0;
}

static int read_rows(struct ms_csv *r, struct table *t, const char *target, struct ms_error *err)
{
    size_t before = t->rows;
    int rc = ms_csv_row(r, err);
    if (rc == 0)
        return ms_fail(err, MS_EFORMAT, "%s: empty file", r->path);
    if (rc == 1)
        rc = t->n_columns ? check_header(r, t, err) : read_header(r, t, target, err);
    while (rc == 0) {
        rc = ms_csv_row(r, err);
        if (rc <= 0)
            break;
        rc = read_row(r, t, err);
    }
    if (rc == 0 && t->rows == before)
        return ms_fail(err, MS_EFORMAT, "%s: a header, but no rows", r->path);
    return rc;
}

static int read_file(const char *path, const char *sweep_dir, struct table *t, const char *target,
                     struct ms_error *err)
{
    struct ms_csv *r = calloc(1, sizeof *r);
    if (!r)
        return ms_fail(err, MS_ENOMEM, "%s: no memory", path);
    int rc = ms_csv_open(r, sweep_dir, path, err);
    if (!rc)
        rc = read_rows(r, t, target, err);
    ms_csv_close(r);
    free(r);
    return rc;
}

// ---- targets -----------------------------------------------------------------------------------

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

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
    void *classes;     // the training file's different values, sorted: doubles or strings
    size_t n_classes;
};

static void look_at(struct targets *g, const struct table *t)
{
    g->numeric = g->whole = true;
    for (size_t i = 0; i < t->rows; i++) {
        g->label[i] = t->text + t->where[i];
        if (!g->numeric)
            continue;
        if (!parse_number(g->label[i], t->c, &g->number[i])) {
            g->numeric = g->whole = false;
            g->first_text = i;
        } else if (g->number[i] != trunc(g->number[i])) {
            g->whole = false;
        }
    }
    if (g->numeric) {
        memcpy(g->classes, g->number, t->train_rows * sizeof *g->number);
        g->n_classes = sort_unique(g->classes, t->train_rows, sizeof *g->number, compare_numbers);
    } else {
        memcpy(g->classes, g->label, t->train_rows * sizeof *g->label);
        g->n_classes = sort_unique(g->classes, t->train_rows, sizeof *g->label, compare_texts);
    }
}

static int decide_task(const struct ms_data_spec *spec, const struct targets *g,
                       const struct table *t, enum ms_task *task, struct ms_error *err)
{
    size_t n = g->n_classes;
    if (spec->task < 0 && n > AUTO_CLASSES && !g->numeric)
        return ms_fail(
            err, MS_EINVAL,
            "%s: target '%s' is text with %zu different values; if they are classes, say so "
            "with \"task\"",
            spec->path, spec->target, n);
    if (spec->task >= 0)
        *task = (enum ms_task)spec->task;
    else if (n > AUTO_CLASSES || !(g->whole || !g->numeric))
        *task = MS_REGRESSION;
    else
        *task = n == 2 ? MS_BINARY : MS_MULTICLASS;
    if (*task == MS_REGRESSION && !g->numeric)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: column %d (%s): expected a number, found '%.60s'",
                       g->first_text < t->train_rows ? spec->path : spec->test_path,
                       t->line[g->first_text], t->target + 1, spec->target,
                       g->label[g->first_text]);
    if (*task != MS_REGRESSION && n < 2)
        return ms_fail(err, MS_EINVAL, "%s: target '%s' has only one value; nothing to tell apart",
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
                        const struct table *t, struct ms_raw *out, struct ms_error *err)
{
    int rc = decide_task(spec, g, t, &out->task, err);
    if (rc)
        return rc;
    out->n_classes = out->task == MS_MULTICLASS ? (int)g->n_classes : 1;
    for (size_t i = 0; i < t->rows; i++) {
        const char *const file = i < t->train_rows ? spec->path : spec->test_path;
        if (out->task == MS_REGRESSION) {
            out->y[i] = (float)g->number[i];
            if (!isfinite(out->y[i]))
                return ms_fail(err, MS_EFORMAT,
                               "%s:%ld: column %d (%s): %s is beyond float's range", file,
                               t->line[i], t->target + 1, spec->target, g->label[i]);
            continue;
        }
        const char *base = g->classes;
        size_t each = g->numeric ? sizeof *g->number : sizeof *g->label;
        const void *key = g->numeric ? (const void *)&g->number[i] : (const void *)&g->label[i];
        const char *hit =
            bsearch(key, base, g->n_classes, each, g->numeric ? compare_numbers : compare_texts);
        if (!hit)
            return ms_fail(err, MS_EFORMAT,
                           "%s:%ld: column %d (%s): no row of %s has the class '%.60s'", file,
                           t->line[i], t->target + 1, spec->target, spec->path, g->label[i]);
        out->y[i] = (float)((size_t)(hit - base) / each);
    }
    return 0;
}

static int read_targets(const struct ms_data_spec *spec, const struct table *t, struct ms_raw *out,
                        struct ms_error *err)
{
    static_assert(sizeof(double) >= sizeof(char *), "classes holds either");
    struct targets g = {
        .number = malloc(t->rows * sizeof *g.number),
        .label = malloc(t->rows * sizeof *g.label),
        .classes = malloc(t->train_rows * sizeof(double)),
    };
    int rc = MS_ENOMEM;
    out->y = malloc(t->rows * sizeof *out->y);
    if (!g.number || !g.label || !g.classes || !out->y) {
        ms_fail(err, rc, "%s: no memory for %zu targets", spec->path, t->rows);
    } else {
        look_at(&g, t);
        rc = fill_targets(spec, &g, t, out, err);
    }
    free(g.number);
    free(g.label);
    free(g.classes);
    return rc;
}

static void table_clear(struct table *t)
{
    for (int i = 0; i < t->n_columns; i++)
        free(t->name[i]);
    free(t->name);
    free(t->x);
    free(t->text);
    free(t->where);
    free(t->line);
    if (t->c)
        freelocale(t->c);
}

int ms_read_csv(const struct ms_data_spec *spec, const char *sweep_dir, uint64_t seed,
                struct ms_raw *out, struct ms_error *err)
{
    (void)seed;
    *out = (struct ms_raw){0};
    struct table t = {.target = -1, .c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (!t.c)
        return ms_fail(err, MS_ENOMEM, "%s: no memory", spec->path);
    int rc = read_file(spec->path, sweep_dir, &t, spec->target, err);
    t.train_rows = t.rows;
    if (!rc && spec->test_path[0])
        rc = read_file(spec->test_path, sweep_dir, &t, spec->target, err);
    if (!rc)
        rc = read_targets(spec, &t, out, err);
    if (!rc) {
        out->n_inputs = t.n_columns - 1;
        out->n_rows = (uint32_t)t.rows;
        out->n_test = (uint32_t)(t.rows - t.train_rows);
        out->has_test_file = spec->test_path[0] != '\0';
        out->x_type = MS_X_F32;
        out->x = t.x;
        t.x = NULL;
    }
    table_clear(&t);
    for (char *p = rc && err ? err->text : NULL; p && *p; p++) {
        if (iscntrl((unsigned char)*p)) // quoted fields hold what they like; a message is one line
            *p = ' ';
    }
    return rc;
}
