// SPDX-License-Identifier: MIT
//
// Looks at the first rows of a file in the first buffer, so that nothing is read twice. A row that
// the buffer cuts off does not count, nor do those behind one that is malformed: the reader will
// refuse it in its place.
#include "csv_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

enum { ROWS = 100 };

struct look {
    const struct ms_csv_value *v;
    char *text;     // the first row's fields, each with a NUL after it
    size_t *at;     // (n): where a field begins
    size_t n, room; // fields of the first row
    size_t text_len, text_room;
    bool numbers, words; // some of its fields are numbers; some are neither numbers nor missing
    long line;           // of the first row
    size_t rows;         // below it
    size_t fields;       // of the first of them
    bool open;           // the last field of every row is empty, and all rows have as many
    bool last_empty;
    // The first text of the first row that its column has again.
    size_t again; // its column, from 1; 0: there is none
    long again_line;
};

static int keep_field(struct ms_csv *r, struct look *l, struct ms_error *err)
{
    double number;
    size_t size = r->field_len + 1;
    int status = ms_grow(&l->text, &l->text_room, l->text_len + size, 1, "the header", err);
    if (!status)
        status = ms_grow(&l->at, &l->room, l->n + 1, sizeof *l->at, "the header", err);
    if (status)
        return status;
    memcpy(l->text + l->text_len, r->field, size);
    l->at[l->n++] = l->text_len;
    l->text_len += size;
    if (!ms_csv_value_missing(l->v, r->field)) {
        bool is_number = ms_csv_value_number(l->v, r->field, &number);
        l->numbers = l->numbers || is_number;
        l->words = l->words || !is_number;
    }
    l->last_empty = r->field_len == 0;
    return 0;
}

static void compare_field(struct ms_csv *r, struct look *l)
{
    double number;
    if (l->again || r->column > l->n)
        return;
    const char *above = l->text + l->at[r->column - 1];
    if (strcmp(above, r->field) != 0 || ms_csv_value_missing(l->v, above) ||
        ms_csv_value_number(l->v, above, &number))
        return;
    l->again = r->column;
    l->again_line = r->row_line;
}

// The first row; 1: there is one, 0: not as a whole.
static int look_at_first(struct ms_csv *r, struct look *l, struct ms_error *err)
{
    int more = ms_csv_row(r, NULL);
    l->line = r->row_line;
    if (more != 1)
        return 0;
    while (more == 1) {
        more = ms_csv_field(r, NULL);
        int status = more < 0 ? 0 : keep_field(r, l, err);
        if (status)
            return status;
    }
    return more == 0 && !ms_csv_cut(r);
}

static void look_at_row(struct ms_csv *r, struct look *l)
{
    int more = 1;
    struct look before = *l;
    while (more == 1) {
        more = ms_csv_field(r, NULL);
        if (more >= 0)
            compare_field(r, l);
    }
    if (more < 0 || ms_csv_cut(r)) {
        *l = before;
        return;
    }
    l->fields = l->rows++ == 0 ? r->column : l->fields;
    l->open = l->open && r->field_len == 0 && r->column == l->fields;
}

// True if a list of names ("a\nb") has this one.
static bool is_listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *s = list; s; s = strchr(s, '\n')) {
        s += *s == '\n';
        if (strncmp(s, name, n) == 0 && (s[n] == '\0' || s[n] == '\n'))
            return true;
    }
    return false;
}

static bool is_named(const struct ms_data_spec *spec, bool present, size_t column)
{
    char name[32];
    ms_csv_header_name(present, column, name);
    return is_listed(spec->target, name) || is_listed(spec->ignore, name) ||
           is_listed(spec->categorical, name);
}

// Whether the last field of the header and of the rows is no column.
static void decide_open(const struct look *l, const struct ms_data_spec *spec,
                        struct ms_csv_header *out)
{
    bool open = l->rows > 0 && l->open;
    if (!out->present) { // the first row is a row
        out->open_rows = l->last_empty && l->n > 1 && (l->rows == 0 || (open && l->fields == l->n));
        if (out->open_rows && is_named(spec, false, l->n))
            out->open_rows = 0;
    } else if (open && l->fields == l->n + 1) {
        out->open_rows = 1;
    } else if (l->last_empty && l->n > 1 && !is_named(spec, true, l->n)) {
        out->open_header = l->fields + 1 == l->n || (open && l->fields == l->n);
        out->open_rows = out->open_header && l->fields == l->n;
    }
}

static int refuse(const struct ms_csv *r, const struct look *l, struct ms_error *err)
{
    char why[300] = "every field is a number";
    if (l->words)
        snprintf(why, sizeof why, "line %ld has '%.60s' in column %zu, too", l->again_line,
                 l->text + l->at[l->again - 1], l->again);
    return ms_fail(err, MS_EFORMAT,
                   "%s:%ld: the first line looks like data, not like a header: %s; \"header\": "
                   "false reads it as data, \"header\": true as the columns' names",
                   r->path, l->line, why);
}

int ms_csv_header_look(struct ms_csv *r, const struct ms_data_spec *spec,
                       const struct ms_csv_value *v, struct ms_csv_header *out,
                       struct ms_error *err)
{
    struct look l = {.v = v, .open = true};
    *out = (struct ms_csv_header){.present = spec->header != MS_SWITCH_FALSE};
    ms_csv_restart(r, r->delimiter, true);
    int status = look_at_first(r, &l, err);
    if (status == 1) {
        while (l.rows < ROWS && !ms_csv_cut(r) && ms_csv_row(r, NULL) == 1) {
            size_t before = l.rows;
            look_at_row(r, &l);
            if (l.rows == before)
                break;
        }
        status = 0;
        decide_open(&l, spec, out);
        if (spec->header == MS_SWITCH_FOUND && ((l.numbers && !l.words) || l.again))
            status = refuse(r, &l, err);
    }
    free(l.text);
    free(l.at);
    ms_csv_restart(r, r->delimiter, false);
    return status;
}

const char *ms_csv_header_name(bool present, size_t column, char out[32])
{
    snprintf(out, 32, present ? "column %zu" : "%zu", column);
    return out;
}
