// SPDX-License-Identifier: MIT
#include "jobs.h"

#include <stdlib.h>
#include <string.h>

// Room for one more at the end.
static int reserve(struct ms_jobs *q, struct ms_error *err)
{
    if (q->first + q->n < q->room)
        return 0;
    if (q->first) {
        memmove(q->job, q->job + q->first, q->n * sizeof *q->job);
        q->first = 0;
        return 0;
    }
    size_t room = q->room ? 2 * q->room : 64;
    struct ms_job *grown = realloc(q->job, room * sizeof *grown);
    if (!grown)
        return ms_fail(err, MS_ENOMEM, "out of memory for jobs");
    q->job = grown;
    q->room = room;
    return 0;
}

int ms_jobs_push(struct ms_jobs *q, struct ms_job *job, struct ms_error *err)
{
    int rc = reserve(q, err);
    if (!rc)
        q->job[q->first + q->n++] = ms_job_take(job);
    return rc;
}

int ms_jobs_push_front(struct ms_jobs *q, struct ms_job *job, struct ms_error *err)
{
    if (q->first == 0) {
        int rc = reserve(q, err);
        if (rc)
            return rc;
        memmove(q->job + 1, q->job, q->n * sizeof *q->job);
    } else {
        q->first--;
    }
    q->job[q->first] = ms_job_take(job);
    q->n++;
    return 0;
}

struct ms_job ms_jobs_take(struct ms_jobs *q)
{
    q->n--;
    return q->job[q->first++];
}

bool ms_jobs_drop(struct ms_jobs *q, uint64_t id)
{
    for (size_t i = 0; i < q->n; i++) {
        struct ms_job *job = q->job + q->first + i;
        if (job->id != id)
            continue;
        ms_job_clear(job);
        q->n--;
        memmove(job, job + 1, (q->n - i) * sizeof *job);
        return true;
    }
    return false;
}

void ms_jobs_clear(struct ms_jobs *q)
{
    for (size_t i = 0; i < q->n; i++)
        ms_job_clear(&q->job[q->first + i]);
    free(q->job);
    *q = (struct ms_jobs){0};
}
