// SPDX-License-Identifier: MIT
#include "attempts.h"

#include <stdlib.h>
#include <string.h>

// Room for one more at the end.
static int reserve(struct ms_attempts *q, struct ms_error *err)
{
    if (q->first + q->n < q->room)
        return 0;
    if (q->first) {
        memmove(q->job, q->job + q->first, q->n * sizeof *q->job);
        q->first = 0;
        return 0;
    }
    size_t room = q->room ? 2 * q->room : 64;
    struct ms_attempt *grown = realloc(q->job, room * sizeof *grown);
    if (!grown)
        return ms_fail(err, MS_ENOMEM, "out of memory for jobs");
    q->job = grown;
    q->room = room;
    return 0;
}

int ms_attempts_push(struct ms_attempts *q, struct ms_attempt *job, struct ms_error *err)
{
    int status = reserve(q, err);
    if (!status)
        q->job[q->first + q->n++] = ms_wire_attempt_take(job);
    return status;
}

int ms_attempts_push_front(struct ms_attempts *q, struct ms_attempt *job, struct ms_error *err)
{
    if (q->first == 0) {
        int status = reserve(q, err);
        if (status)
            return status;
        memmove(q->job + 1, q->job, q->n * sizeof *q->job);
    } else {
        q->first--;
    }
    q->job[q->first] = ms_wire_attempt_take(job);
    q->n++;
    return 0;
}

struct ms_attempt ms_attempts_take(struct ms_attempts *q)
{
    q->n--;
    return q->job[q->first++];
}

bool ms_attempts_drop(struct ms_attempts *q, uint64_t id)
{
    for (size_t i = 0; i < q->n; i++) {
        struct ms_attempt *job = q->job + q->first + i;
        if (job->id != id)
            continue;
        ms_wire_attempt_clear(job);
        q->n--;
        memmove(job, job + 1, (q->n - i) * sizeof *job);
        return true;
    }
    return false;
}

void ms_attempts_clear(struct ms_attempts *q)
{
    for (size_t i = 0; i < q->n; i++)
        ms_wire_attempt_clear(&q->job[q->first + i]);
    free(q->job);
    *q = (struct ms_attempts){0};
}
