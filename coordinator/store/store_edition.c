// SPDX-License-Identifier: MIT
//
// Which sweep of the store goes on, where one file has had several data: a sweep whose data have
// changed is never continued, and its file can begin another one beside it, its next edition
// ("demo-2"). The newest edition that has today's data goes on.
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/stages.h"
#include "store_internal.h"

static const char sql_editions[] =
    "SELECT sweep_id, name, EXISTS (SELECT 1 FROM trial AS t WHERE t.sweep_id = s.sweep_id)"
    " FROM sweep AS s WHERE coalesce(name_in_file, name) = ? ORDER BY sweep_id DESC";
static const char sql_taken[] = "SELECT 1 FROM sweep WHERE name = ? OR name LIKE ? || ':%'";
static const char sql_last_files[] =
    "SELECT position, path, sha256 FROM program_file WHERE run_id = (SELECT max(run_id) FROM"
    " program_file JOIN run USING (run_id) JOIN sweep USING (sweep_id) WHERE name = ?)"
    " ORDER BY position";

int ms_store_data_changed(struct ms_store *s, int64_t sweep_id, const struct ms_data_info *data,
                          int n, enum ms_data_match *match, char *why, size_t size,
                          struct ms_error *err)
{
    struct ms_data_sets was;
    const int status = ms_store_data_sets(s, sweep_id, &was, err);
    *match = was.n == 0 ? MS_DATA_UNKNOWN : MS_DATA_SAME;
    for (int i = 0; !status && i < n && i < was.n && *match == MS_DATA_SAME; i++)
        if (ms_data_info_changed(&was.item[i], &data[i], why, size))
            *match = MS_DATA_CHANGED;
    ms_store_data_sets_clear(&was);
    return status;
}

struct editions {
    const char *name; // in the file
    size_t file_name; // bytes of it that name the file's sweep
    int n, most;
    size_t room;
    struct row {
        int64_t id;
        int edition;
        bool begun;
    } * row;
};

// The number in a name such as "demo-2:1-lr" of "demo:1-lr".
static int edition_of(const struct editions *e, const char *name)
{
    if (strcmp(name, e->name) == 0 || strlen(name) <= e->file_name)
        return 1;
    const long k = strtol(name + e->file_name + 1, NULL, 10);
    return k > 1 && k < 1000000 ? (int)k : 1;
}

static int take_edition(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct editions *e = to;
    const int status =
        ms_grow(&e->row, &e->room, (size_t)e->n + 1, sizeof *e->row, "the sweeps", err);
    if (status)
        return status;
    const int k = edition_of(e, (const char *)sqlite3_column_text(q, 1));
    e->row[e->n++] = (struct row){sqlite3_column_int64(q, 0), k, sqlite3_column_int(q, 2)};
    e->most = k > e->most ? k : e->most;
    return 0;
}

static int take_taken(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)q, (void)err;
    *(bool *)to = true;
    return 0;
}

// The first edition after those there are whose name is free.
static int next_edition(struct ms_store *s, const struct ms_sweep *sweep, const struct editions *e,
                        int *edition, struct ms_error *err)
{
    for (*edition = e->most + 1;; ++*edition) {
        char name[300];
        bool taken = false;
        snprintf(name, sizeof name, "%s-%d", ms_sweep_file_name(sweep), *edition);
        const int status =
            ms_store_sql_each(s, err, take_taken, &taken, sql_taken, "tt", name, name);
        if (status || !taken)
            return status;
    }
}

int ms_store_edition(struct ms_store *s, const struct ms_sweep *sweep,
                     const struct ms_data_info *data, int n_data, bool accept,
                     struct ms_edition *out, struct ms_error *err)
{
    struct editions e = {.name = ms_sweep_name_in_file(sweep),
                         .file_name = strlen(ms_sweep_file_name(sweep)),
                         .most = 1};
    char why[1000];
    *out = (struct ms_edition){.number = 1};
    int status = ms_store_sql_each(s, err, take_edition, &e, sql_editions, "t", e.name);
    int i = 0;
    for (; !status && i < e.n; i++) {
        enum ms_data_match match;
        status = ms_store_data_changed(s, e.row[i].id, data, n_data, &match, why, sizeof why, err);
        out->unknown = match == MS_DATA_UNKNOWN && n_data > 0 && e.row[i].begun;
        if (match != MS_DATA_CHANGED)
            break;
    }
    if (!status && e.n > 0 && i < e.n)
        out->number = e.row[i].edition;
    else if (!status && e.n > 0 && accept)
        status = next_edition(s, sweep, &e, &out->number, err);
    else if (!status && e.n > 0)
        out->number = e.row[0].edition; // ms_store_begin refuses it
    free(e.row);
    return status;
}

// --- the files of a command ------------------------------------------------------

struct files {
    const struct ms_data_file *now;
    int n;
    struct ms_store_names *changed;
};

static int take_file(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct files *f = to;
    const int64_t at = sqlite3_column_int64(q, 0);
    const char *path = (const char *)sqlite3_column_text(q, 1);
    const struct ms_data_file *now = at == 0 && f->n > 0 ? &f->now[0] : NULL; // the program itself
    for (int i = 0; !now && f->now && path && i < f->n; i++)
        if (strcmp(f->now[i].path, path) == 0)
            now = &f->now[i];
    if (!now || strcmp(now->sha256, (const char *)sqlite3_column_text(q, 2)) == 0)
        return 0;
    struct ms_store_names *c = f->changed;
    int status =
        ms_grow(&c->name, &c->room, (size_t)c->n + 1, sizeof *c->name, "changed files", err);
    if (!status && !(c->name[c->n] = strdup(now->path)))
        status = ms_no_memory(err, "changed files");
    c->n += !status;
    return status;
}

int ms_store_program_changed(struct ms_store *s, const struct ms_sweep *sweep,
                             const struct ms_data_file *files, int n, struct ms_store_names *out,
                             struct ms_error *err)
{
    struct files f = {files, n, out};
    *out = (struct ms_store_names){0};
    const int status =
        ms_store_sql_each(s, err, take_file, &f, sql_last_files, "t", ms_sweep_name(sweep));
    if (status)
        ms_store_names_clear(out);
    return status;
}
