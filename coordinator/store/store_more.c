// SPDX-License-Identifier: MIT
//
// Executions after the search: those that resolve it and those that confirm its winner.
#include "store_internal.h"

static const char sql_more[] =
    "INSERT INTO execution (trial_id, number, purpose)"
    " SELECT trial_id, ?3, ?4 FROM trial WHERE sweep_id = ?1 AND number = ?2"
    " ON CONFLICT DO NOTHING";
static const char sql_forget_more[] =
    "DELETE FROM execution WHERE purpose <> 'search' AND state = 'waiting'"
    " AND trial_id IN (SELECT trial_id FROM trial WHERE sweep_id = ?)";

static const char *const purposes[] = {[MS_PURPOSE_SEARCH] = "search",
                                       [MS_PURPOSE_RESOLVE] = "resolve",
                                       [MS_PURPOSE_CONFIRM] = "confirm"};

int ms_store_more(struct ms_store *s, uint32_t trial, uint32_t execution, enum ms_purpose purpose,
                  struct ms_error *err)
{
    const int status = ms_store_sql_begin(s, err);
    return status ? status
                  : ms_store_sql_do(s, err, sql_more, "iiit", s->sweep_id, (int64_t)trial,
                                    (int64_t)execution, purposes[purpose]);
}

int ms_store_forget_more(struct ms_store *s, struct ms_error *err)
{
    const int status = ms_store_sql_begin(s, err);
    s->last.id = 0; // it may be one of them
    return status ? status : ms_store_sql_do(s, err, sql_forget_more, "i", s->sweep_id);
}
