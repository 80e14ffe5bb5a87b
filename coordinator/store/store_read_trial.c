// SPDX-License-Identifier: MIT
//
// The trials of a sweep: which there are, what is known of each, and its parameters.
#include "store_internal.h"

#include <stdlib.h>

static const char sql_range[] =
    "SELECT count(*), min(number), max(number), sum(number = ?2) FROM trial WHERE sweep_id = ?1";
static const char sql_numbers[] = "SELECT number FROM trial WHERE sweep_id = ? ORDER BY number";
static const char sql_trial[] = "SELECT trial_id, weights, flops, memory_bytes,"
                                " coalesce(dataset, -1) FROM trial"
                                " WHERE sweep_id = ? AND number = ?";
static const char sql_param_names[] =
    "SELECT p.name, count(DISTINCT p.text) > 1 OR count(*) <"
    " (SELECT count(*) FROM trial WHERE sweep_id = ?1)"
    " FROM trial AS t JOIN param AS p USING (trial_id) WHERE t.sweep_id = ?1"
    " GROUP BY p.name ORDER BY min(p.position)";
static const char sql_param_values[] =
    "SELECT p.name, p.text FROM trial AS t JOIN param AS p USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? ORDER BY p.position";

static int take_range(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)err;
    *(struct ms_trial_range *)to =
        (struct ms_trial_range){sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
                                sqlite3_column_int64(q, 2), sqlite3_column_int64(q, 3) > 0};
    return 0;
}

int ms_store_trial_range(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                         struct ms_trial_range *out, struct ms_error *err)
{
    *out = (struct ms_trial_range){0};
    return ms_store_sql_each(s, err, take_range, out, sql_range, "ii", sweep_id, (int64_t)trial);
}

void ms_store_trial_numbers_clear(struct ms_trial_numbers *t)
{
    free(t->trial);
    *t = (struct ms_trial_numbers){0};
}

static int take_number(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_trial_numbers *t = to;
    const int status = ms_grow(&t->trial, &t->room, t->n + 1, sizeof *t->trial, "the trials", err);
    if (!status)
        t->trial[t->n++] = (uint32_t)sqlite3_column_int64(q, 0);
    return status;
}

int ms_store_trial_numbers(struct ms_store *s, int64_t sweep_id, struct ms_trial_numbers *out,
                           struct ms_error *err)
{
    *out = (struct ms_trial_numbers){0};
    const int status = ms_store_sql_each(s, err, take_number, out, sql_numbers, "i", sweep_id);
    if (status)
        ms_store_trial_numbers_clear(out);
    return status;
}

static int take_info(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)err;
    *(struct ms_trial_info *)to = (struct ms_trial_info){
        sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1), sqlite3_column_double(q, 2),
        sqlite3_column_double(q, 3), sqlite3_column_int(q, 4)};
    return 0;
}

int ms_store_trial_info(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                        struct ms_trial_info *out, struct ms_error *err)
{
    *out = (struct ms_trial_info){0};
    const int status =
        ms_store_sql_each(s, err, take_info, out, sql_trial, "ii", sweep_id, (int64_t)trial);
    if (!status && out->id == 0)
        return ms_fail(err, MS_ESTATE, "%s: has no trial %u", s->path, trial);
    return status;
}

// --- parameters --------------------------------------------------------------

void ms_store_param_names_clear(struct ms_param_names *p)
{
    for (int i = 0; i < p->n; i++)
        free(p->item[i].name);
    free(p->item);
    *p = (struct ms_param_names){0};
}

static int take_param_name(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_param_names *p = to;
    int status = ms_grow(&p->item, &p->room, (size_t)p->n + 1, sizeof *p->item,
                         "the names of the parameters", err);
    if (status)
        return status;
    struct ms_param_name *name = &p->item[p->n];
    *name = (struct ms_param_name){.varies = sqlite3_column_int(q, 1)};
    status = ms_store_sql_copy(q, 0, &name->name, err);
    p->n += !status;
    return status;
}

int ms_store_param_names(struct ms_store *s, int64_t sweep_id, struct ms_param_names *out,
                         struct ms_error *err)
{
    *out = (struct ms_param_names){0};
    const int status =
        ms_store_sql_each(s, err, take_param_name, out, sql_param_names, "i", sweep_id);
    if (status)
        ms_store_param_names_clear(out);
    return status;
}

void ms_store_param_values_clear(struct ms_param_values *p)
{
    for (int i = 0; i < p->n; i++) {
        free(p->item[i].name);
        free(p->item[i].text);
    }
    free(p->item);
    *p = (struct ms_param_values){0};
}

static int take_param_value(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_param_values *p = to;
    int status = ms_grow(&p->item, &p->room, (size_t)p->n + 1, sizeof *p->item,
                         "the parameters of a trial", err);
    if (status)
        return status;
    struct ms_param_value *value = &p->item[p->n++];
    *value = (struct ms_param_value){0};
    status = ms_store_sql_copy(q, 0, &value->name, err);
    return status ? status : ms_store_sql_copy(q, 1, &value->text, err);
}

int ms_store_param_values(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                          struct ms_param_values *out, struct ms_error *err)
{
    *out = (struct ms_param_values){0};
    const int status = ms_store_sql_each(s, err, take_param_value, out, sql_param_values, "ii",
                                         sweep_id, (int64_t)trial);
    if (status)
        ms_store_param_values_clear(out);
    return status;
}
