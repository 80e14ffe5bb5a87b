// SPDX-License-Identifier: MIT
//
// Executions after the search. Their trials are opened again, from their points in the store, with
// these executions alone; the study, which is over, learns nothing of them.
#include <stdlib.h>

#include "feed_internal.h"
#include "mlpsweep/memory.h"

// Room for the trial among those that are open. One of an earlier run may have a higher number than
// any that this study proposed.
static int make_room(struct ms_feed *f, uint32_t trial, struct ms_error *err)
{
    int status = ms_grow(&f->open, &f->room, (size_t)trial + 1, sizeof *f->open, "the trials", err);
    for (; !status && f->n_trials <= trial; f->n_trials++)
        f->open[f->n_trials] = NULL;
    return status;
}

// The trial with the executions of items 0 … n-1, which are all its own. NULL: no memory.
static struct ms_open_trial *new_trial(const struct ms_feed *f, const struct ms_resolve_item *item,
                                       int64_t n)
{
    const int span = (int)(item[n - 1].execution - item[0].execution) + 1;
    struct ms_open_trial *t = calloc(1, sizeof *t + (size_t)span * sizeof *t->part);
    double *point = calloc((size_t)ms_sweep_space(f->o.sweep)->n + 1, sizeof *point);
    if (!t || !point) {
        free(t);
        free(point);
        return NULL;
    }
    *t = (struct ms_open_trial){.trial = item[0].trial,
                                .first = item[0].execution,
                                .more = true,
                                .left = (int)n,
                                .point = point,
                                .n = span};
    for (int i = 0; i < span; i++)
        t->part[i].ended = true; // unless it is asked for
    for (int64_t i = 0; i < n; i++) {
        const struct ms_known *k = ms_feed_known(f, t->trial, item[i].execution);
        *ms_feed_part_of(t, item[i].execution) =
            (struct ms_open_part){.attempts = k ? k->attempts : 0};
    }
    return t;
}

static int offer(struct ms_feed *f, struct ms_dispatch *d, const struct ms_open_trial *t,
                 struct ms_error *err)
{
    for (int i = 0; i < t->n; i++) {
        const struct ms_dispatch_execution x = {.tag = ms_tag(t->trial, t->first + (uint32_t)i, 0),
                                                .seconds = t->seconds,
                                                .attempts = t->part[i].attempts};
        if (t->part[i].ended)
            continue;
        if (ms_dispatch_offer(d, &x))
            return ms_no_memory(err, "an execution");
        f->counts.seconds_offered += t->seconds;
        f->counts.epochs_offered += t->epochs;
    }
    return 0;
}

// Opens the trial of items 0 … n-1.
static int open_again(struct ms_feed *f, struct ms_dispatch *d, const struct ms_resolve_item *item,
                      int64_t n, enum ms_purpose purpose, struct ms_error *err)
{
    struct ms_error why = {0};
    int status = make_room(f, item->trial, err);
    struct ms_open_trial *t = status ? NULL : new_trial(f, item, n);
    if (!t)
        return status ? status : ms_no_memory(err, "a trial");
    f->open[item->trial] = t;
    status = ms_store_point(f->o.store, item->trial, t->point, err);
    status = status < 0 ? status : 0;
    for (int64_t i = 0; !status && i < n; i++)
        status = ms_store_more(f->o.store, item->trial, item[i].execution, purpose, err);
    if (status)
        return status;
    status = ms_feed_describe(f, t, &why);
    if (!status)
        return offer(f, d, t, err);
    if (status == MS_EINVAL) // a machine with less memory
        return ms_feed_refuse(f, t, why.text, err);
    if (err)
        *err = why;
    return status;
}

int ms_feed_more(struct ms_feed *f, struct ms_dispatch *d, const struct ms_resolve_item *item,
                 int64_t n, enum ms_purpose purpose, struct ms_error *err)
{
    int status = 0;
    for (int64_t i = 0, end; !status && i < n; i = end) {
        for (end = i + 1; end < n && item[end].trial == item[i].trial; end++)
            ;
        status = open_again(f, d, item + i, end - i, purpose, err);
    }
    return status;
}

int64_t ms_feed_known_more(struct ms_feed *f)
{
    const int search = ms_sweep_search(f->o.sweep)->executions_per_trial;
    int64_t n = 0;
    for (int64_t i = 0; i < f->o.n_known; i++) {
        const struct ms_known *k = &f->o.known[i];
        if (k->execution < (uint32_t)search || (k->state != MS_DONE && k->state != MS_FAILED))
            continue;
        ms_feed_count_known(f, k);
        n++;
    }
    return n;
}
