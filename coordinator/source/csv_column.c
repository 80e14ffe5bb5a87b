// SPDX-License-Identifier: MIT
//
// Fields of a column as values. An input column holds numbers, or words of one pair, or dates, and
// never two of them, as nobody could say what the mixture means. A target keeps its texts beside
// its numbers until the file ends; only texts that could be classes are kept, so that a regression
// costs no memory for them.
#include "csv_column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/raw.h"
#include "csv_date.h"

void ms_csv_column_start(struct ms_csv_column *c, const struct ms_frame_column *training)
{
    const char *kind = training ? training->kind : NULL;
    *c = (struct ms_csv_column){.text = training && training->type == MS_FRAME_TEXT};
    c->known = training && training->role == MS_ROLE_INPUT && !training->value;
    // A target of which only the column is known may be a number or a date.
    if (training && (training->role != MS_ROLE_TARGET || training->value))
        c->kind = !kind                          ? MS_CSV_NUMBERS
                  : strcmp(kind, "boolean") == 0 ? MS_CSV_BOOLEANS
                  : strcmp(kind, "date") == 0    ? MS_CSV_DATES
                  : strcmp(kind, "time") == 0    ? MS_CSV_TIMES
                                                 : MS_CSV_NUMBERS;
}

void ms_csv_column_clear(struct ms_csv_column *c)
{
    ms_frame_labels_clear(&c->labels);
    free(c->label);
    free(c->number);
    *c = (struct ms_csv_column){0};
}

// ---- refusals ----------------------------------------------------------------------------------

static int refuse(const struct ms_csv *r, const struct ms_frame_column *column, const char *wanted,
                  const char *hint, struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "%s:%ld: column %zu (%s): expected %s, found '%.60s'%s",
                   r->path, r->field_line, r->column, column->name, wanted, r->field, hint);
}

// What may be meant by a text that is no number; "" if nothing comes to mind.
static const char *hint_for(const struct ms_csv *r, const struct ms_csv_value *v, char *out,
                            size_t size)
{
    double number;
    const char *text = r->field;
    struct ms_csv_value comma = *v;
    comma.decimal = ',';
    if (v->decimal == '.' && !v->thousands && ms_csv_value_number(&comma, text, &number))
        return "; \"decimal\": \",\" reads decimal commas, \"thousands\": \",\" groups of three "
               "digits";
    if (v->thousands && text[strspn(text, "+-0123456789.,' ")] == '\0' && text[0]) {
        snprintf(out, size, "; with \"thousands\", '%c' must stand between groups of three digits",
                 v->thousands);
        return out;
    }
    if (strlen(text) < 8 && text[strspn(text, "-.*#_~/\\=+:")] == '\0') {
        snprintf(out, size, "; \"missing_values\": [\"%s\"] makes it a missing value", text);
        return out;
    }
    return "; columns of words belong in \"categorical\" or \"ignore\"";
}

static int refuse_text(const struct ms_csv *r, const struct ms_frame_column *column,
                       const struct ms_csv_value *v, enum ms_csv_date date, struct ms_error *err)
{
    char hint[120];
    switch (date) {
    case MS_CSV_OTHER_DATE:
        return refuse(r, column, "a number",
                      "; dates are read as 2024-01-31, others belong in \"ignore\"", err);
    case MS_CSV_DATE:
    case MS_CSV_TIME:
        return refuse(r, column, "a number",
                      "; \"dates\": \"seconds\" reads dates and times as seconds, \"ignore\" "
                      "leaves the column out",
                      err);
    default:
        return refuse(r, column, "a number", hint_for(r, v, hint, sizeof hint), err);
    }
}

static int refuse_mixture(const struct ms_csv *r, const struct ms_frame_column *column,
                          const struct ms_csv_column *c, struct ms_error *err)
{
    static const char *const wanted[] = {[MS_CSV_ANY] = "a number",
                                         [MS_CSV_NUMBERS] = "a number",
                                         [MS_CSV_BOOLEANS] = "true or false",
                                         [MS_CSV_TRUE_FALSE] = "true or false",
                                         [MS_CSV_YES_NO] = "yes or no",
                                         [MS_CSV_DATES] = "a date",
                                         [MS_CSV_TIMES] = "a time"};
    return refuse(r, column, wanted[c->kind],
                  c->known ? ", as in training" : ", as in the rows before", err);
}

// ---- values ------------------------------------------------------------------------------------

// What a text is by itself, and its value. MS_CSV_ANY: none of all.
static enum ms_csv_kind kind_of(const struct ms_csv_value *v, const char *text, double *value,
                                enum ms_csv_date *date)
{
    int pair;
    *date = MS_CSV_NO_DATE;
    if (ms_csv_value_boolean(text, &pair, value))
        return pair ? MS_CSV_YES_NO : MS_CSV_TRUE_FALSE;
    *date = ms_csv_date_read(text, value);
    if (!v->dates)
        return MS_CSV_ANY;
    return *date == MS_CSV_DATE ? MS_CSV_DATES : *date == MS_CSV_TIME ? MS_CSV_TIMES : MS_CSV_ANY;
}

static int put_input(struct ms_csv_column *c, const struct ms_frame_column *column,
                     const struct ms_csv *r, const struct ms_csv_value *v, double *to,
                     struct ms_error *err)
{
    enum ms_csv_date date;
    bool number = ms_csv_value_number(v, r->field, to);
    if (number && c->kind == MS_CSV_NUMBERS && !v->missing_numbers)
        return 0; // most fields
    if (ms_csv_value_missing(v, r->field)) {
        *to = NAN;
        return 0;
    }
    enum ms_csv_kind found = number ? MS_CSV_NUMBERS : kind_of(v, r->field, to, &date);
    if (found == MS_CSV_ANY && !c->known && (c->kind == MS_CSV_ANY || c->kind == MS_CSV_NUMBERS))
        return refuse_text(r, column, v, date, err);
    if (c->kind == MS_CSV_ANY ||
        (c->kind == MS_CSV_BOOLEANS && (found == MS_CSV_TRUE_FALSE || found == MS_CSV_YES_NO)))
        c->kind = found;
    return found == c->kind ? 0 : refuse_mixture(r, column, c, err);
}

// A number, or a date or time where data.dates takes them for seconds; never two of these.
static bool is_target_number(struct ms_csv_column *c, const struct ms_csv_value *v,
                             const char *text, double *to)
{
    enum ms_csv_date date;
    bool number = ms_csv_value_number(v, text, to);
    enum ms_csv_kind found = number ? MS_CSV_NUMBERS : kind_of(v, text, to, &date);
    if (found != MS_CSV_NUMBERS && found != MS_CSV_DATES && found != MS_CSV_TIMES)
        return false;
    c->kind = c->kind == MS_CSV_ANY ? found : c->kind;
    return found == c->kind;
}

static int put_target(struct ms_csv_column *c, struct ms_frame_column *column,
                      const struct ms_csv *r, const struct ms_csv_value *v, size_t row,
                      struct ms_error *err)
{
    c->label[row] = MS_FRAME_NONE;
    c->number[row] = NAN;
    if (ms_csv_value_missing(v, r->field))
        return 0;
    if (!is_target_number(c, v, r->field, &c->number[row])) {
        if (c->full)
            return refuse(r, column, "a number", ", as in the rows before", err);
        if (column->text_row == SIZE_MAX)
            column->text_row = row;
        c->text = true;
    }
    c->full = c->full || (!c->text && column->n_labels == MS_MAX_CLASSES);
    return c->full ? 0 : ms_frame_label(&c->labels, column, r->field, &c->label[row], err);
}

int ms_csv_column_put(struct ms_csv_column *c, struct ms_frame_column *column,
                      const struct ms_csv *r, const struct ms_csv_value *v, size_t row,
                      struct ms_error *err)
{
    switch (column->role) {
    case MS_ROLE_INPUT:
        return put_input(c, column, r, v, &c->number[row], err);
    case MS_ROLE_TARGET:
        return put_target(c, column, r, v, row, err);
    case MS_ROLE_CATEGORY:
        c->label[row] = MS_FRAME_NONE;
        return ms_csv_value_missing(v, r->field)
                   ? 0
                   : ms_frame_label(&c->labels, column, r->field, &c->label[row], err);
    default:
        return 0;
    }
}

static void forget_labels(struct ms_frame_column *column)
{
    for (size_t k = 0; k < column->n_labels; k++)
        free(column->label[k]);
    free(column->label);
    column->label = NULL;
    column->n_labels = 0;
}

void ms_csv_column_end(struct ms_csv_column *c, struct ms_frame_column *column)
{
    if (column->role == MS_ROLE_IGNORED)
        return;
    bool text = column->role == MS_ROLE_CATEGORY || (column->role == MS_ROLE_TARGET && c->text);
    column->type = text ? MS_FRAME_TEXT : MS_FRAME_F64;
    column->value = text ? (void *)c->label : c->number;
    if (text)
        c->label = NULL;
    else
        c->number = NULL;
    if (!text)
        forget_labels(column);
    if (column->text_row == SIZE_MAX)
        column->text_row = 0;
    if (column->role == MS_ROLE_INPUT || !text)
        column->kind = c->kind == MS_CSV_DATES                              ? "date"
                       : c->kind == MS_CSV_TIMES                            ? "time"
                       : c->kind == MS_CSV_ANY || c->kind == MS_CSV_NUMBERS ? NULL
                                                                            : "boolean";
}
