// SPDX-License-Identifier: MIT
//
// The values of a continued sweep: an index in the store must still mean the value beside it. It
// would not where a sweep file that has not changed means something else to this program: integers
// with "log" and without a step were once doubled.
#include "store_internal.h"

#include "mlpsweep/json.h"

static const char sql_values[] =
    "SELECT t.number, p.value_index, p.value, p.text FROM trial AS t JOIN param AS p USING"
    " (trial_id) WHERE t.sweep_id = ? AND p.position = ? ORDER BY t.number";

static int check_value(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    const struct ms_param *p = to;
    const double index = sqlite3_column_double(q, 1), now = ms_space_param_number(p, index);
    char text[32];
    if (sqlite3_column_double(q, 2) == now)
        return 0;
    return ms_fail(err, MS_EINVAL,
                   "%s: trial %lld has %s, which the file now counts as %s: with \"log\", integers "
                   "without a step are all taken, and \"step\": 2 doubles them; allowed: the "
                   "parameter that the store was made with",
                   p->name, (long long)sqlite3_column_int64(q, 0),
                   (const char *)sqlite3_column_text(q, 3), ms_number_text(now, text, sizeof text));
}

int ms_store_check_values(struct ms_store *s, struct ms_error *err)
{
    const struct ms_space *space = ms_sweep_space(s->sweep);
    int status = 0;
    for (int i = 0; i < space->n && !status; i++) {
        struct ms_param *p = &space->param[i];
        if (p->kind == MS_INT && p->log)
            status = ms_store_sql_each(s, err, check_value, p, sql_values, "ii", s->sweep_id,
                                       (int64_t)i);
    }
    return status;
}
