// SPDX-License-Identifier: MIT
//
// Epochs as a table. The store keeps a row per epoch and metric, ordered by epoch: the rows of one
// epoch follow each other and become one row of the table.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char sql_metrics[] =
    "SELECT DISTINCT e.metric FROM trial AS t JOIN execution AS x USING (trial_id)"
    " JOIN epoch_metric AS e USING (execution_id) WHERE t.sweep_id = ?"
    " ORDER BY replace(e.metric, 'val_', '') <> 'loss', replace(e.metric, 'val_', ''),"
    " e.metric LIKE 'val_%'";
static const char sql_epochs[] =
    "SELECT x.number, e.epoch, e.metric, e.value FROM trial AS t JOIN execution AS x USING "
    "(trial_id)"
    " JOIN epoch_metric AS e USING (execution_id) WHERE t.sweep_id = ? AND t.number = ?"
    " ORDER BY x.number, e.epoch";
// The best execution that has epochs, else the one that has most of them.
static const char sql_best_execution[] =
    "SELECT x.execution_id, x.number, (SELECT max(epoch) FROM epoch_metric AS e"
    "  WHERE e.execution_id = x.execution_id) AS last FROM execution AS x"
    " WHERE x.trial_id = ?1 AND last IS NOT NULL"
    " ORDER BY x.objective IS NULL, x.objective * ?2, last DESC, x.number LIMIT 1";
static const char sql_execution_metrics[] =
    "SELECT DISTINCT metric FROM epoch_metric WHERE execution_id = ?"
    " ORDER BY replace(metric, 'val_', '') <> 'loss', replace(metric, 'val_', ''), metric LIKE "
    "'val_%'";
static const char sql_last_epochs[] =
    "SELECT ?3, epoch, metric, value FROM epoch_metric WHERE execution_id = ?1 AND epoch > ?2"
    " ORDER BY epoch";

int ms_store_metrics(struct ms_store *s, int64_t sweep_id, struct ms_store_names *out,
                     struct ms_error *err)
{
    return ms_store_sql_names(s, err, out, sql_metrics, "i", sweep_id);
}

void ms_store_epoch_table_clear(struct ms_epoch_table *t)
{
    free(t->execution);
    free(t->epoch);
    free(t->value);
    free(t->has);
    *t = (struct ms_epoch_table){0};
}

struct filling {
    struct ms_epoch_table *table;
    const struct ms_store_names *metrics;
};

static int add_row(struct ms_epoch_table *t, int64_t execution, int64_t epoch, struct ms_error *err)
{
    const size_t columns = (size_t)t->n_metrics;
    const struct ms_column_array arrays[] = {{&t->execution, sizeof *t->execution},
                                             {&t->epoch, sizeof *t->epoch},
                                             {&t->value, columns * sizeof *t->value},
                                             {&t->has, columns * sizeof *t->has}};
    const int status = ms_grow_columns(arrays, 4, &t->room, t->n + 1, "the epochs of a trial", err);
    if (status)
        return status;
    t->execution[t->n] = execution;
    t->epoch[t->n] = epoch;
    for (size_t c = 0; c < columns; c++) {
        t->value[t->n * columns + c] = NAN;
        t->has[t->n * columns + c] = false;
    }
    t->n++;
    return 0;
}

static int take_value(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    const struct filling *f = to;
    struct ms_epoch_table *t = f->table;
    if (t->n_metrics == 0)
        return 0; // a run has written its first epochs since the metrics were asked for
    const int64_t execution = sqlite3_column_int64(q, 0), epoch = sqlite3_column_int64(q, 1);
    const char *metric = (const char *)sqlite3_column_text(q, 2);
    if (t->n == 0 || t->execution[t->n - 1] != execution || t->epoch[t->n - 1] != epoch) {
        const int status = add_row(t, execution, epoch, err);
        if (status)
            return status;
    }
    for (int c = 0; c < t->n_metrics; c++)
        if (strcmp(f->metrics->name[c], metric) == 0) {
            const size_t at = (t->n - 1) * (size_t)t->n_metrics + (size_t)c;
            t->has[at] = true;
            t->value[at] = ms_store_sql_double(q, 3);
        }
    return 0;
}

int ms_store_epoch_table(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                         const struct ms_store_names *metrics, struct ms_epoch_table *out,
                         struct ms_error *err)
{
    *out = (struct ms_epoch_table){.n_metrics = metrics->n};
    struct filling f = {out, metrics};
    const int status =
        ms_store_sql_each(s, err, take_value, &f, sql_epochs, "ii", sweep_id, (int64_t)trial);
    if (status)
        ms_store_epoch_table_clear(out);
    return status;
}

void ms_store_last_epochs_clear(struct ms_last_epochs *l)
{
    ms_store_names_clear(&l->metrics);
    ms_store_epoch_table_clear(&l->table);
    *l = (struct ms_last_epochs){.number = -1};
}

struct best {
    int64_t id, number, last;
};

static int take_best(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)err;
    *(struct best *)to = (struct best){sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
                                       sqlite3_column_int64(q, 2)};
    return 0;
}

int ms_store_last_epochs(struct ms_store *s, int64_t trial_id, bool maximize, int most,
                         struct ms_last_epochs *out, struct ms_error *err)
{
    struct best best = {.number = -1};
    *out = (struct ms_last_epochs){.number = -1};
    int status = ms_store_sql_each(s, err, take_best, &best, sql_best_execution, "ii", trial_id,
                                   (int64_t)(maximize ? -1 : 1));
    if (status || best.number < 0)
        return status;
    out->number = best.number;
    status = ms_store_sql_names(s, err, &out->metrics, sql_execution_metrics, "i", best.id);
    out->table.n_metrics = out->metrics.n;
    struct filling f = {&out->table, &out->metrics};
    if (!status)
        status = ms_store_sql_each(s, err, take_value, &f, sql_last_epochs, "iii", best.id,
                                   best.last - most, best.number);
    if (status)
        ms_store_last_epochs_clear(out);
    return status;
}
