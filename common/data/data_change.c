// SPDX-License-Identifier: MIT
//
// Tells whether data are still those that a sweep began with. Data are the same if every file has
// the same bytes, or if the packed block and the names of its columns are the same: a file that was
// only moved, compressed or quoted in another way changes nothing. Synthetic points follow from the
// sweep file, which is compared elsewhere.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/data_info.h"
#include "mlpsweep/words.h"

enum { NAMED = 12 }; // columns that are listed

static bool same_files(const struct ms_data_info *a, const struct ms_data_info *b)
{
    if (a->n_files != b->n_files || a->n_files == 0)
        return false;
    for (size_t i = 0; i < a->n_files; i++)
        if (strcmp(a->file[i].part, b->file[i].part) != 0 ||
            strcmp(a->file[i].sha256, b->file[i].sha256) != 0)
            return false;
    return true;
}

// An array has no name; the store keeps it as "".
static const char *column_name(const struct ms_data_column *c)
{
    return c->name ? c->name : "";
}

static const struct ms_data_column *find_column(const struct ms_data_info *i, const char *name)
{
    for (size_t k = 0; k < i->n_columns; k++)
        if (strcmp(column_name(&i->column[k]), name) == 0)
            return &i->column[k];
    return NULL;
}

// The same names, in any order.
static bool same_columns(const struct ms_data_info *a, const struct ms_data_info *b)
{
    bool same = a->n_columns == b->n_columns;
    for (size_t k = 0; same && k < a->n_columns; k++)
        same = find_column(b, column_name(&a->column[k])) != NULL;
    return same;
}

static bool is_known(const struct ms_data_info *i)
{
    return i->sha256[0] || i->n_files > 0;
}

// --- what has changed -------------------------------------------------------------------------

struct text {
    char *out;
    size_t size;
};

static void add_names(const struct text *t, const struct ms_data_info *i)
{
    for (size_t k = 0; k < i->n_columns; k++)
        ms_words_append(t->out, t->size, "%s%.100s", k ? ", " : " (", column_name(&i->column[k]));
    ms_words_append(t->out, t->size, ")");
}

// The columns of one that the other does not have.
static void add_others(const struct text *t, const char *title, const struct ms_data_info *of,
                       const struct ms_data_info *other)
{
    int n = 0;
    for (size_t k = 0; k < of->n_columns && n <= NAMED; k++)
        if (!find_column(other, column_name(&of->column[k]))) {
            if (n++ < NAMED)
                ms_words_append(t->out, t->size, "%s%.100s", n == 1 ? title : ", ",
                                column_name(&of->column[k]));
            else
                ms_words_append(t->out, t->size, ", …");
        }
}

static void add_columns(const struct text *t, const struct ms_data_info *was,
                        const struct ms_data_info *now)
{
    const bool few = was->n_columns <= NAMED && now->n_columns <= NAMED;
    ms_words_append(t->out, t->size, "%zu column%s", now->n_columns,
                    now->n_columns == 1 ? "" : "s");
    if (few)
        add_names(t, now);
    ms_words_append(t->out, t->size, ", %zu then", was->n_columns);
    if (few) {
        add_names(t, was);
    } else {
        add_others(t, "; new: ", now, was);
        add_others(t, "; gone: ", was, now);
    }
}

// The file that has changed, by its own name where there are several.
static const char *name_of(const struct ms_data_info *was, const struct ms_data_info *now)
{
    const bool several = now->n_files > 1 && now->n_files == was->n_files;
    for (size_t i = 0; several && i < now->n_files; i++)
        if (strcmp(was->file[i].sha256, now->file[i].sha256) != 0) {
            const char *slash = strrchr(now->file[i].path, '/');
            return slash ? slash + 1 : now->file[i].path;
        }
    return now->name;
}

bool ms_data_info_changed(const struct ms_data_info *was, const struct ms_data_info *now, char *why,
                          size_t size)
{
    const struct text t = {why, size};
    why[0] = '\0';
    const bool synthetic = strcmp(now->source, "synthetic") == 0;
    if (synthetic || !is_known(was) || same_files(was, now) ||
        (strcmp(was->sha256, now->sha256) == 0 && same_columns(was, now)))
        return false;
    const uint64_t rows = now->n_rows + now->n_dropped, rows_then = was->n_rows + was->n_dropped;
    ms_words_append(why, size, "%s has changed since this sweep began: ", name_of(was, now));
    if (was->n_columns && now->n_columns && !same_columns(was, now))
        add_columns(&t, was, now);
    else if (was->n_inputs != now->n_inputs)
        ms_words_append(why, size, "%d inputs, %d then", now->n_inputs, was->n_inputs);
    else if (rows != rows_then)
        ms_words_append(why, size, "%" PRIu64 " rows, %" PRIu64 " then", rows, rows_then);
    else
        ms_words_append(why, size, "other values in as many rows and columns");
    return true;
}
