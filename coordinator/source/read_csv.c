// SPDX-License-Identifier: MIT
//
// Tables in CSV (RFC 4180): a header, commas, fields in double quotes where needed, LF or CRLF.
// csv.c reads it rather than libcsv, because every refusal must name line and column, which libcsv
// does not know.
//
// Columns are targets, inputs (finite numbers), categories (texts) or ignored. Reading is one pass:
// inputs go to a growing array; targets stay text until all are known, as only then is it clear
// whether they are numbers or classes (read_csv_target.c); categories become numbers of levels
// (read_csv_level.c).
#include "csv_dialect.h"
#include "csv_table.h"
#include "readers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"

// ---- values ------------------------------------------------------------------------------------

// strtod alone would also take hexadecimal, "inf" and "nan".
bool ms_source_csv_number(const char *s, locale_t c, double *out)
{
    s += strspn(s, " \t");
    size_t n = strspn(s, "+-0123456789.eE");
    if (n == 0 || s[n + strspn(s + n, " \t")] != '\0')
        return false;
    char *end;
    *out = strtod_l(s, &end, c);
    return end == s + n;
}

// The words that other tools write for a missing value. "none" is not among them: it is a good name
// for a class.
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

const char *ms_source_csv_file(const struct ms_csv_table *t, size_t row)
{
    return row < t->train_rows                 ? t->spec->path
           : row < t->train_rows + t->val_rows ? t->spec->val_path
                                               : t->spec->test_path;
}

static int bad_value(const struct ms_csv *r, const struct ms_csv_table *t, const char *wanted,
                     struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "%s:%ld: column %zu (%s): expected %s, found '%.60s'", r->path,
                   r->field_line, r->column, t->column[r->column - 1].name, wanted, r->field);
}

// A missing value, by the policy: 0 if the row may go on.
static int missing(const struct ms_csv *r, struct ms_csv_table *t, bool target,
                   struct ms_error *err)
{
    enum ms_missing policy = t->spec->missing;
    if (policy == MS_MISSING_DROP) {
        t->hole = true;
        return 0;
    }
    if (policy == MS_MISSING_REFUSE || target)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: column %zu (%s): missing value%s", r->path,
                       r->field_line, r->column, t->column[r->column - 1].name,
                       policy == MS_MISSING_REFUSE ? ""
                                                   : "; a target cannot be filled, only dropped");
    t->has_missing = true;
    return 0;
}

static int add_input(const struct ms_csv *r, struct ms_csv_table *t, bool category,
                     struct ms_error *err)
{
    double v;
    float f = NAN;
    int status = 0;
    if (is_missing(r->field)) {
        status = missing(r, t, false, err);
    } else if (category) {
        status = ms_source_csv_level(r, t, &f, err);
    } else if (!ms_source_csv_number(r->field, t->c, &v)) {
        status = bad_value(r, t, "a number", err);
    } else {
        f = (float)v;
        if (!isfinite(f))
            status = bad_value(r, t, "a number within float's range", err);
    }
    if (!status)
        status = ms_grow(&t->x, &t->x_room, t->x_len + 1, sizeof *t->x, "the inputs", err);
    if (!status)
        t->x[t->x_len++] = f;
    return status;
}

static int add_target(const struct ms_csv *r, struct ms_csv_table *t, struct ms_error *err)
{
    if (is_missing(r->field)) {
        int status = missing(r, t, true, err);
        if (status)
            return status;
    }
    size_t n = r->field_len + 1;
    int status = ms_grow(&t->text, &t->text_room, t->text_len + n, 1, "the targets", err);
    if (status)
        return status;
    memcpy(t->text + t->text_len, r->field, n);
    t->where[t->rows * (size_t)t->n_targets + (size_t)t->column[r->column - 1].target] =
        t->text_len;
    t->line[t->rows] = r->field_line;
    t->text_len += n;
    return 0;
}

static int add_field(const struct ms_csv *r, struct ms_csv_table *t, struct ms_error *err)
{
    switch (t->column[r->column - 1].role) {
    case MS_CSV_TARGET:
        return add_target(r, t, err);
    case MS_CSV_IGNORED:
        return 0;
    case MS_CSV_CATEGORY:
        return add_input(r, t, true, err);
    default:
        return add_input(r, t, false, err);
    }
}

// ---- header ------------------------------------------------------------------------------------

static int no_column(const struct ms_csv *r, const struct ms_csv_table *t, const char *name,
                     struct ms_error *err)
{
    size_t n = t->n_columns > 0 ? (size_t)t->n_columns : 1;
    const char **names = calloc(n, sizeof *names);
    if (!names)
        return ms_no_memory(err, "the header of %s", r->path);
    for (int i = 0; i < t->n_columns; i++)
        names[i] = t->column[i].name;
    const char *near = ms_nearest(name, names, t->n_columns);
    free(names);
    return ms_fail(err, MS_EINVAL, "%s:1: there is no column '%.200s'%s%.200s%s", r->path, name,
                   near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// Gives the columns of a list ("a\nb") their role. Returns how many there are; < 0: failed.
static int take_role(const struct ms_csv *r, struct ms_csv_table *t, const char *list,
                     enum ms_csv_role role, struct ms_error *err)
{
    char names[MS_NAMES], *next = names;
    int n = 0;
    snprintf(names, sizeof names, "%s", list);
    while (next && *next) {
        const char *name = strsep(&next, "\n");
        struct ms_csv_column *found = NULL;
        for (int i = 0; i < t->n_columns; i++) {
            struct ms_csv_column *c = &t->column[i];
            if (strcmp(c->name, name) != 0)
                continue;
            if (found)
                return ms_fail(err, MS_EFORMAT, "%s:1: two columns are called '%.200s'", r->path,
                               name);
            found = c;
        }
        if (!found)
            return no_column(r, t, name, err);
        if (found->role != MS_CSV_INPUT)
            return ms_fail(err, MS_EINVAL,
                           "%s:1: column '%.200s' is named twice; a column is a target, "
                           "categorical or ignored",
                           r->path, name);
        found->role = role;
        found->target = n++;
    }
    return n;
}

// The header of the first file.
static int read_header(struct ms_csv *r, struct ms_csv_table *t, struct ms_error *err)
{
    size_t room = 0;
    int more;
    do {
        more = ms_csv_field(r, err);
        if (more < 0)
            return more;
        if (t->n_columns > MS_MAX_INPUTS)
            return ms_fail(err, MS_ELIMIT, "%s:1: more than %d columns", r->path, MS_MAX_INPUTS);
        int status = ms_grow(&t->column, &room, (size_t)t->n_columns + 1, sizeof *t->column,
                             "the header", err);
        if (status)
            return status;
        char *name = strdup(r->field);
        if (!name)
            return ms_no_memory(err, "the header of %s", r->path);
        t->column[t->n_columns++] = (struct ms_csv_column){.name = name};
    } while (more);
    int targets = take_role(r, t, t->spec->target, MS_CSV_TARGET, err);
    int ignored = targets < 0 ? targets : take_role(r, t, t->spec->ignore, MS_CSV_IGNORED, err);
    int status =
        ignored < 0 ? ignored : take_role(r, t, t->spec->categorical, MS_CSV_CATEGORY, err);
    if (status < 0)
        return status;
    t->n_targets = targets;
    t->n_x = t->n_columns - targets - ignored;
    if (t->n_targets < 1 || t->n_targets > MS_MAX_CLASSES)
        return ms_fail(err, MS_EINVAL, "%s:1: %d targets; 1 to %d are possible", r->path,
                       t->n_targets, MS_MAX_CLASSES);
    if (t->n_x < 1)
        return ms_fail(err, MS_EFORMAT, "%s:1: no column besides the target '%.200s'%s", r->path,
                       t->spec->target, ignored ? " and the ignored ones" : "");
    return 0;
}

// The header of another file must be that of the first.
static int check_header(struct ms_csv *r, const struct ms_csv_table *t, struct ms_error *err)
{
    int more;
    do {
        more = ms_csv_field(r, err);
        if (more < 0)
            return more;
        if (r->column > (size_t)t->n_columns)
            return ms_fail(err, MS_EFORMAT, "%s:1: more columns than the %d of the training file",
                           r->path, t->n_columns);
        const char *name = t->column[r->column - 1].name;
        if (strcmp(r->field, name) != 0)
            return ms_fail(err, MS_EFORMAT,
                           "%s:1: column %zu is '%.100s', in the training file it is '%.100s'",
                           r->path, r->column, r->field, name);
    } while (more);
    if (r->column < (size_t)t->n_columns)
        return ms_fail(err, MS_EFORMAT, "%s:1: %zu columns, the training file has %d", r->path,
                       r->column, t->n_columns);
    return 0;
}

// ---- rows --------------------------------------------------------------------------------------

static int read_fields(struct ms_csv *r, struct ms_csv_table *t, long line, struct ms_error *err)
{
    int more;
    do {
        more = ms_csv_field(r, err);
        if (more < 0)
            return more;
        if (r->column > (size_t)t->n_columns)
            return ms_fail(err, MS_EFORMAT, "%s:%ld: more fields than the header's %d columns",
                           r->path, line, t->n_columns);
        int status = add_field(r, t, err);
        if (status)
            return status;
    } while (more);
    if (r->column < (size_t)t->n_columns)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: %zu fields, the header has %d columns", r->path,
                       line, r->column, t->n_columns);
    return 0;
}

static int read_row(struct ms_csv *r, struct ms_csv_table *t, struct ms_error *err)
{
    long line = r->line;
    if (t->rows == MS_MAX_ROWS || t->n_dropped == MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s:%ld: more than %d rows", r->path, line, MS_MAX_ROWS);
    int status = ms_grow(&t->where, &t->where_room, (t->rows + 1) * (size_t)t->n_targets,
                         sizeof *t->where, "the targets", err);
    if (!status)
        status =
            ms_grow(&t->line, &t->line_room, t->rows + 1, sizeof *t->line, "the rows' lines", err);
    size_t x_len = t->x_len, text_len = t->text_len;
    t->hole = false;
    if (!status)
        status = read_fields(r, t, line, err);
    if (status)
        return status;
    if (t->hole) { // as if the row were not there
        t->x_len = x_len;
        t->text_len = text_len;
        t->n_dropped++;
    } else {
        t->rows++;
    }
    return 0;
}

static int read_rows(struct ms_csv *r, struct ms_csv_table *t, struct ms_error *err)
{
    size_t before = t->rows;
    uint32_t dropped = t->n_dropped;
    int status = ms_csv_row(r, err);
    if (status == 0)
        return ms_fail(err, MS_EFORMAT, "%s: empty file", r->path);
    if (status == 1)
        status = t->n_columns ? check_header(r, t, err) : read_header(r, t, err);
    while (status == 0) {
        status = ms_csv_row(r, err);
        if (status <= 0)
            break;
        status = read_row(r, t, err);
    }
    if (status == 0 && t->rows == before)
        return ms_fail(err, MS_EFORMAT, "%s: a header, but no rows%s", r->path,
                       t->n_dropped > dropped ? " without missing values" : "");
    return status;
}

static int read_file(const char *path, const char *sweep_dir, struct ms_csv_table *t,
                     struct ms_error *err)
{
    struct ms_csv *r = calloc(1, sizeof *r);
    if (!r)
        return ms_no_memory(err, "the reader of %s", path);
    int status = ms_csv_open(r, t->spec, sweep_dir, path, err);
    if (!status)
        ms_csv_dialect_find(r, t->spec);
    if (!status)
        status = read_rows(r, t, err);
    ms_csv_close(r);
    free(r);
    return status;
}

static void table_clear(struct ms_csv_table *t)
{
    for (int i = 0; i < t->n_columns; i++) {
        for (size_t k = 0; k < t->column[i].n_levels; k++)
            free(t->column[i].level[k].text);
        free(t->column[i].level);
        free(t->column[i].name);
    }
    free(t->column);
    free(t->x);
    free(t->text);
    free(t->where);
    free(t->line);
    if (t->c)
        freelocale(t->c);
}

static int read_all(struct ms_csv_table *t, const char *sweep_dir, struct ms_raw *out,
                    struct ms_error *err)
{
    const struct ms_data_spec *spec = t->spec;
    int status = read_file(spec->path, sweep_dir, t, err);
    t->train_rows = t->rows;
    if (!status)
        status = ms_source_csv_close_levels(t, err);
    if (!status && spec->val_path[0])
        status = read_file(spec->val_path, sweep_dir, t, err);
    t->val_rows = t->rows - t->train_rows;
    if (!status && spec->test_path[0])
        status = read_file(spec->test_path, sweep_dir, t, err);
    if (!status)
        status = ms_source_csv_targets(t, out, err);
    if (!status)
        status = ms_source_csv_inputs(t, out, err);
    return status;
}

int ms_read_csv_raw(const struct ms_data_spec *spec, const char *sweep_dir, struct ms_raw *out,
                    struct ms_error *err)
{
    *out = (struct ms_raw){0};
    struct ms_csv_table t = {.spec = spec, .c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (!t.c)
        return ms_no_memory(err, "the reader of %s", spec->path);
    int status = read_all(&t, sweep_dir, out, err);
    if (!status) {
        out->n_rows = (uint32_t)t.rows;
        out->n_val = (uint32_t)t.val_rows;
        out->n_test = (uint32_t)(t.rows - t.train_rows - t.val_rows);
        out->n_dropped = t.n_dropped;
        out->has_test_file = spec->test_path[0] != '\0';
    }
    table_clear(&t);
    if (status && err) // quoted fields may hold anything; a message is one line
        ms_printable(err->text, ' ', "");
    return status;
}
