// SPDX-License-Identifier: MIT
//
// What runs at this moment, for a view that asks again and again. The executions that run are found
// by their state, their epochs by the key of epoch_metric, so that nothing that has ended is read.
#include "store_internal.h"

#include <math.h>
#include <stdlib.h>

static const char sql_running[] =
    "SELECT x.execution_id, t.number, x.number, coalesce(a.worker_rank, -1), coalesce(a.host, ''),"
    " (julianday('now') - julianday(a.started_at)) * 86400"
    " FROM execution AS x JOIN trial AS t USING (trial_id) JOIN attempt AS a USING (execution_id)"
    " WHERE t.sweep_id = ?1 AND x.state = 'running' AND a.outcome IS NULL"
    " ORDER BY a.worker_rank, t.number, x.number";
static const char sql_curve[] =
    "SELECT epoch, value FROM epoch_metric WHERE execution_id = ?1 AND metric ="
    " (SELECT metric FROM sweep WHERE sweep_id = ?2) ORDER BY epoch DESC LIMIT ?3";

enum { CURVE = sizeof((struct ms_running_info *)0)->curve / sizeof(double) };

void ms_store_running_list_clear(struct ms_running_list *l)
{
    free(l->item);
    *l = (struct ms_running_list){0};
}

// The execution's key waits in value until its curve is read.
static int take_running(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_running_list *l = to;
    const int status =
        ms_grow(&l->item, &l->room, l->n + 1, sizeof *l->item, "the running executions", err);
    if (status)
        return status;
    struct ms_running_info *x = &l->item[l->n++];
    *x = (struct ms_running_info){.trial = (uint32_t)sqlite3_column_int64(q, 1),
                                  .execution = (uint32_t)sqlite3_column_int64(q, 2),
                                  .rank = sqlite3_column_int64(q, 3),
                                  .had_s = fmax(sqlite3_column_double(q, 5), 0),
                                  .value = (double)sqlite3_column_int64(q, 0)};
    ms_store_sql_text(q, 4, x->host, sizeof x->host);
    return 0;
}

// Comes from the latest epoch down.
static int take_epoch(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_running_info *x = to;
    (void)err;
    if (x->n_curve == 0) {
        x->epoch = sqlite3_column_int64(q, 0);
        x->value = ms_store_sql_double(q, 1);
    }
    x->curve[CURVE - ++x->n_curve] = ms_store_sql_double(q, 1);
    return 0;
}

int ms_store_running_list(struct ms_store *s, int64_t sweep_id, struct ms_running_list *out,
                          struct ms_error *err)
{
    *out = (struct ms_running_list){0};
    int status = ms_store_sql_each(s, err, take_running, out, sql_running, "i", sweep_id);
    for (size_t i = 0; !status && i < out->n; i++) {
        struct ms_running_info *x = &out->item[i];
        const int64_t id = (int64_t)x->value;
        x->value = NAN;
        status = ms_store_sql_each(s, err, take_epoch, x, sql_curve, "iii", id, sweep_id,
                                   (int64_t)CURVE);
        for (int k = 0; k < x->n_curve; k++)
            x->curve[k] = x->curve[CURVE - x->n_curve + k];
    }
    if (status)
        ms_store_running_list_clear(out);
    return status;
}
