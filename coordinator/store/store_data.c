// SPDX-License-Identifier: MIT
//
// What was understood of a sweep's data sets, written at the beginning of every run and read back
// as it was: a reader gets the struct that the run had, so that both print the same line.
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

static const char sql_forget[] = "DELETE FROM dataset WHERE sweep_id = ?";
static const char sql_put[] =
    "INSERT INTO dataset (sweep_id, number, line, source, name, task, task_by, target, n_inputs,"
    " n_outputs, rows, train, validation, test, dropped, folds, split, scaling, target_scaling,"
    " sha256, first_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char sql_put_column[] =
    "INSERT INTO dataset_column (dataset_id, position, name, role, kind, width, missing, lo, hi,"
    " mean, fill, shift, divide) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char sql_put_class[] =
    "INSERT INTO dataset_class (dataset_id, position, label, train, validation, test)"
    " VALUES (?, ?, ?, ?, ?, ?)";
static const char sql_put_note[] =
    "INSERT INTO dataset_note (dataset_id, position, severity, text) VALUES (?, ?, ?, ?)";
static const char sql_put_file[] =
    "INSERT INTO dataset_file (dataset_id, position, part, path, bytes, sha256)"
    " VALUES (?, ?, ?, ?, ?, ?)";
static const char sql_put_level[] =
    "INSERT INTO dataset_level (dataset_id, column, position, label) VALUES (?, ?, ?, ?)";
static const char sql_put_program[] =
    "INSERT INTO program_file (run_id, position, path, bytes, sha256) VALUES (?, ?, ?, ?, ?)";

static const char sql_data[] =
    "SELECT dataset_id, source, name, task, task_by, target, n_inputs, n_outputs, rows, train,"
    " validation, test, dropped, folds, split, scaling, target_scaling, sha256,"
    " first_index FROM dataset WHERE sweep_id = ? ORDER BY number";
static const char sql_columns[] =
    "SELECT name, role, kind, width, missing, lo, hi, mean, fill, shift, divide"
    " FROM dataset_column WHERE dataset_id = ? ORDER BY position";
static const char sql_levels[] = "SELECT column, label FROM dataset_level WHERE dataset_id = ?"
                                 " ORDER BY column, position";
static const char sql_classes[] = "SELECT label, train, validation, test FROM dataset_class"
                                  " WHERE dataset_id = ? ORDER BY position";
static const char sql_notes[] = "SELECT severity = 'warning', text FROM dataset_note"
                                " WHERE dataset_id = ? ORDER BY position";
static const char sql_files[] = "SELECT part, path, bytes, sha256 FROM dataset_file"
                                " WHERE dataset_id = ? ORDER BY position";

// --- writing -----------------------------------------------------------------

static int put_columns(struct ms_store *s, int64_t id, const struct ms_data_info *d,
                       struct ms_error *err)
{
    int status = 0;
    for (size_t i = 0; !status && i < d->n_columns; i++) {
        const struct ms_data_column *c = &d->column[i];
        status = ms_store_sql_do(s, err, sql_put_column, "iitttiidddddd", id, (int64_t)i,
                                 c->name ? c->name : "", ms_data_role_names[c->role], c->kind,
                                 (int64_t)c->width, (int64_t)c->n_missing, c->lo, c->hi, c->mean,
                                 c->fill, c->shift, c->divide);
        for (size_t k = 0; !status && k < c->n_levels; k++)
            status = ms_store_sql_do(s, err, sql_put_level, "iiit", id, (int64_t)i, (int64_t)k,
                                     c->level[k]);
    }
    return status;
}

static int put_lists(struct ms_store *s, int64_t id, const struct ms_data_info *d,
                     struct ms_error *err)
{
    int status = put_columns(s, id, d, err);
    for (size_t i = 0; !status && i < d->n_classes; i++)
        status = ms_store_sql_do(s, err, sql_put_class, "iitiii", id, (int64_t)i, d->class[i].label,
                                 (int64_t)d->class[i].n_train, (int64_t)d->class[i].n_val,
                                 (int64_t)d->class[i].n_test);
    for (size_t i = 0; !status && i < d->n_notes; i++)
        status = ms_store_sql_do(s, err, sql_put_note, "iitt", id, (int64_t)i,
                                 d->note[i].warning ? "warning" : "note", d->note[i].text);
    for (size_t i = 0; !status && i < d->n_files; i++)
        status = ms_store_sql_do(s, err, sql_put_file, "iittit", id, (int64_t)i, d->file[i].part,
                                 d->file[i].path, (int64_t)d->file[i].bytes, d->file[i].sha256);
    return status ? status : ms_store_put_scaling(s, id, d, err);
}

static int put_one(struct ms_store *s, int number, const struct ms_data_info *d,
                   struct ms_error *err)
{
    char line[MS_DATA_LINE];
    const int status = ms_store_sql_do(
        s, err, sql_put, "iittttttiiiiiiiitttti", s->sweep_id, (int64_t)number,
        ms_data_info_line(d, line, sizeof line), d->source, d->name, d->task, d->task_by, d->target,
        (int64_t)d->n_inputs, (int64_t)d->n_outputs, (int64_t)d->n_rows, (int64_t)d->n_train,
        (int64_t)d->n_val, (int64_t)d->n_test, (int64_t)d->n_dropped, (int64_t)d->n_folds, d->split,
        d->scaling, d->target_scaling, d->sha256, (int64_t)d->first_index);
    return status ? status : put_lists(s, sqlite3_last_insert_rowid(s->db), d, err);
}

int ms_store_put_data(struct ms_store *s, const struct ms_provenance *p, struct ms_error *err)
{
    int status = p->n_data ? ms_store_sql_do(s, err, sql_forget, "i", s->sweep_id) : 0;
    for (int i = 0; !status && i < p->n_data; i++)
        status = put_one(s, i, &p->data[i], err);
    for (int i = 0; !status && i < p->n_program; i++)
        status =
            ms_store_sql_do(s, err, sql_put_program, "iitit", s->run_id, (int64_t)i,
                            p->program[i].path, (int64_t)p->program[i].bytes, p->program[i].sha256);
    return status;
}

// --- reading -----------------------------------------------------------------

void ms_store_data_sets_clear(struct ms_data_sets *d)
{
    for (int i = 0; i < d->n; i++)
        ms_data_info_clear(&d->item[i]);
    free(d->item);
    free(d->id);
    *d = (struct ms_data_sets){0};
}

// The entry of a table of names that a text is; n: it is none of them.
static int index_of(const char *const *names, int n, sqlite3_stmt *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    int i = 0;
    while (i < n && strcmp(names[i], text ? text : "") != 0)
        i++;
    return i;
}

static int take_set(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_data_sets *d = to;
    const struct ms_column_array columns[] = {{&d->id, sizeof *d->id}, {&d->item, sizeof *d->item}};
    const int status =
        ms_grow_columns(columns, 2, &d->room, (size_t)d->n + 1, "the data sets", err);
    if (status)
        return status;
    struct ms_data_info *i = &d->item[d->n];
    *i = (struct ms_data_info){.n_inputs = sqlite3_column_int(q, 6),
                               .n_outputs = sqlite3_column_int(q, 7),
                               .n_rows = (uint64_t)sqlite3_column_int64(q, 8),
                               .n_train = (uint64_t)sqlite3_column_int64(q, 9),
                               .n_val = (uint64_t)sqlite3_column_int64(q, 10),
                               .n_test = (uint64_t)sqlite3_column_int64(q, 11),
                               .n_dropped = (uint64_t)sqlite3_column_int64(q, 12),
                               .n_folds = sqlite3_column_int(q, 13),
                               .first_index = (uint32_t)sqlite3_column_int64(q, 18)};
    d->id[d->n++] = sqlite3_column_int64(q, 0);
    ms_store_sql_text(q, 1, i->source, sizeof i->source);
    ms_store_sql_text(q, 2, i->name, sizeof i->name);
    ms_store_sql_text(q, 3, i->task, sizeof i->task);
    ms_store_sql_text(q, 4, i->task_by, sizeof i->task_by);
    ms_store_sql_text(q, 5, i->target, sizeof i->target);
    ms_store_sql_text(q, 14, i->split, sizeof i->split);
    ms_store_sql_text(q, 15, i->scaling, sizeof i->scaling);
    ms_store_sql_text(q, 16, i->target_scaling, sizeof i->target_scaling);
    ms_store_sql_text(q, 17, i->sha256, sizeof i->sha256);
    return 0;
}

static int take_column(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    const int role = index_of(ms_data_role_names, MS_DATA_ROLES, q, 1);
    const struct ms_data_column c = {
        .name = (char *)(uintptr_t)sqlite3_column_text(q, 0), // copied
        .role = (enum ms_data_role)(role < MS_DATA_ROLES ? role : MS_ROLE_IGNORED),
        .kind = ms_data_kind((const char *)sqlite3_column_text(q, 2)),
        .width = (uint32_t)sqlite3_column_int64(q, 3),
        .n_missing = (uint64_t)sqlite3_column_int64(q, 4),
        .lo = ms_store_sql_double(q, 5),
        .hi = ms_store_sql_double(q, 6),
        .mean = ms_store_sql_double(q, 7),
        .fill = ms_store_sql_double(q, 8),
        .shift = ms_store_sql_double(q, 9),
        .divide = ms_store_sql_double(q, 10)};
    return ms_data_info_column(to, &c, err);
}

static int take_level(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_data_info *d = to;
    const int64_t at = sqlite3_column_int64(q, 0);
    if (at < 0 || (size_t)at >= d->n_columns)
        return ms_fail(err, MS_EFORMAT, "damaged store: a category of no column");
    return ms_data_info_level(d, (size_t)at, (const char *)sqlite3_column_text(q, 1), err);
}

static int take_class(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    const struct ms_data_class c = {.label = (char *)(uintptr_t)sqlite3_column_text(q, 0), // copied
                                    .n_train = (uint64_t)sqlite3_column_int64(q, 1),
                                    .n_val = (uint64_t)sqlite3_column_int64(q, 2),
                                    .n_test = (uint64_t)sqlite3_column_int64(q, 3)};
    return ms_data_info_class(to, &c, err);
}

static int take_note(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    return ms_data_info_note(to, sqlite3_column_int(q, 0), err, "%s",
                             (const char *)sqlite3_column_text(q, 1));
}

static int take_file(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_data_file f = {.path = (char *)(uintptr_t)sqlite3_column_text(q, 1), // copied
                             .bytes = (uint64_t)sqlite3_column_int64(q, 2)};
    ms_store_sql_text(q, 0, f.part, sizeof f.part);
    ms_store_sql_text(q, 3, f.sha256, sizeof f.sha256);
    return ms_data_info_file(to, &f, err);
}

int ms_store_data_sets(struct ms_store *s, int64_t sweep_id, struct ms_data_sets *out,
                       struct ms_error *err)
{
    static const struct {
        ms_store_take take;
        const char *sql;
    } lists[] = {{take_column, sql_columns},
                 {take_level, sql_levels},
                 {take_class, sql_classes},
                 {take_note, sql_notes},
                 {take_file, sql_files}};
    *out = (struct ms_data_sets){0};
    int status = ms_store_sql_each(s, err, take_set, out, sql_data, "i", sweep_id);
    for (int i = 0; i < out->n; i++)
        for (size_t k = 0; !status && k < sizeof lists / sizeof *lists; k++)
            status = ms_store_sql_each(s, err, lists[k].take, &out->item[i], lists[k].sql, "i",
                                       out->id[i]);
    for (int i = 0; !status && i < out->n; i++)
        status = ms_store_scaling(s, out->id[i], &out->item[i], err);
    if (status)
        ms_store_data_sets_clear(out);
    return status;
}
