// SPDX-License-Identifier: MIT
//
// The lines about data sets. A note that several data sets share is said once, for all of them.
#include "show_data.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "text.h"

static bool said_before(const struct ms_data_info *info, int n, const struct ms_data_note *note)
{
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < info[i].n_notes; k++)
            if (&info[i].note[k] == note)
                return false;
            else if (strcmp(info[i].note[k].text, note->text) == 0)
                return true;
    return false;
}

static void say_notes(const struct ms_data_info *info, int n, bool warning,
                      void (*say)(void *to, const char *line), void *to)
{
    char line[MS_DATA_LINE];
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < info[i].n_notes; k++) {
            const struct ms_data_note *note = &info[i].note[k];
            if (note->warning != warning || said_before(info, n, note))
                continue;
            snprintf(line, sizeof line, "%s: %s", warning ? "warning" : "note", note->text);
            say(to, ms_printable(line, '?', ""));
        }
}

void ms_show_data(const struct ms_data_info *info, int n, bool notes,
                  void (*say)(void *to, const char *line), void *to)
{
    char line[MS_DATA_LINE] = "data: ";
    for (int i = 0; i < n; i++) {
        ms_data_info_line(&info[i], line + 6, sizeof line - 6);
        say(to, ms_printable(line, '?', ""));
    }
    say_notes(info, n, true, say, to);
    if (notes)
        say_notes(info, n, false, say, to);
}

void ms_show_data_warnings(const struct ms_data_info *info, int n,
                           void (*say)(void *to, const char *line), void *to)
{
    say_notes(info, n, true, say, to);
}

// --- tables ------------------------------------------------------------------

enum { ROWS = 30 }; // of a table

static void number_cell(struct ms_text *t, double v)
{
    if (isnan(v))
        ms_text_cell(t, "%s", "");
    else
        ms_text_cell(t, "%.6g", v);
}

// A table with these titles; the first n_words columns are words.
static struct ms_text *new_table(const char *const *titles, int n, int n_words,
                                 struct ms_error *err)
{
    struct ms_text *t = ms_text_new(n);
    if (!t)
        (void)ms_no_memory(err, "a table of %d columns", n);
    for (int i = 0; t && i < n; i++)
        ms_text_column(t, i, i < n_words ? MS_LEFT : MS_RIGHT, titles[i]);
    return t;
}

// Prints a table of which `all` rows exist, and frees it.
static int end_table(struct ms_text *t, const char *heading, size_t all, const char *where,
                     bool colour)
{
    printf("\n%s\n", heading);
    const int status = ms_text_print(t, stdout, colour, "  ");
    if (all > ROWS)
        printf("  … and %zu more: table %s of the store\n", all - ROWS, where);
    ms_text_free(t);
    return status;
}

static int print_columns(const struct ms_data_info *d, bool colour, struct ms_error *err)
{
    static const char *const titles[] = {"column",  "role",   "kind", "width",
                                         "missing", "lowest", "mean", "highest",
                                         "shift",   "divide", "fill"};
    enum { N = sizeof titles / sizeof *titles };
    if (d->n_columns == 0)
        return 0;
    struct ms_text *t = new_table(titles, N, 3, err);
    if (!t)
        return MS_ENOMEM;
    for (size_t i = 0; i < d->n_columns && i < ROWS; i++) {
        const struct ms_data_column *c = &d->column[i];
        ms_text_cell(t, "%s", c->name);
        ms_text_cell(t, "%s", ms_data_role_names[c->role]);
        ms_text_cell(t, "%s", c->kind);
        ms_text_cell(t, "%u", c->width);
        ms_text_cell(t, "%llu", (unsigned long long)c->n_missing);
        const double values[] = {c->lo, c->mean, c->hi, c->shift, c->divide, c->fill};
        for (int k = 0; k < 6; k++)
            number_cell(t, values[k]);
    }
    return end_table(t, "columns of the data: (x - shift) / divide", d->n_columns, "dataset_column",
                     colour);
}

static int print_classes(const struct ms_data_info *d, bool colour, struct ms_error *err)
{
    static const char *const titles[] = {"class", "train", "validation", "test"};
    enum { N = sizeof titles / sizeof *titles };
    if (d->n_classes == 0)
        return 0;
    struct ms_text *t = new_table(titles, N, 1, err);
    if (!t)
        return MS_ENOMEM;
    for (size_t i = 0; i < d->n_classes && i < ROWS; i++) {
        const struct ms_data_class *c = &d->class[i];
        const uint64_t rows[] = {c->n_train, c->n_val, c->n_test};
        ms_text_cell(t, "%s", c->label);
        for (int k = 0; k < 3; k++)
            ms_text_cell(t, "%llu", (unsigned long long)rows[k]);
    }
    return end_table(t,
                     d->n_classes == 2 ? "classes, rows of each; the second is the positive one"
                                       : "classes, rows of each",
                     d->n_classes, "dataset_class", colour);
}

int ms_show_data_tables(const struct ms_data_info *info, bool colour, struct ms_error *err)
{
    const int status = print_columns(info, colour, err);
    return status ? status : print_classes(info, colour, err);
}

void ms_show_data_print(void *file, const char *line)
{
    fprintf(file, "%s\n", line);
}
