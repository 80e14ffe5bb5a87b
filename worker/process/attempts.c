// SPDX-License-Identifier: MIT
//
// A run item[first … first+n-1] that moves through its array: taking advances first, and the items
// are moved to the array's front only when its end is reached.
#include "attempts.h"

#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

// Room for one more at the end.
static int reserve(struct ms_attempts *q, struct ms_error *err)
{
    if (q->first + q->n < q->room)
        return 0;
    if (q->first) {
        memmove(q->item, q->item + q->first, q->n * sizeof *q->item);
        q->first = 0;
        return 0;
    }
    return ms_grow(&q->item, &q->room, q->n + 1, sizeof *q->item, "the attempts", err);
}

int ms_attempts_push(struct ms_attempts *q, struct ms_attempt *attempt, struct ms_error *err)
{
    int status = reserve(q, err);
    if (!status)
        q->item[q->first + q->n++] = ms_wire_attempt_take(attempt);
    return status;
}

int ms_attempts_push_front(struct ms_attempts *q, struct ms_attempt *attempt, struct ms_error *err)
{
    if (q->first == 0) {
        int status = reserve(q, err);
        if (status)
            return status;
        memmove(q->item + 1, q->item, q->n * sizeof *q->item);
    } else {
        q->first--;
    }
    q->item[q->first] = ms_wire_attempt_take(attempt);
    q->n++;
    return 0;
}

struct ms_attempt ms_attempts_take(struct ms_attempts *q)
{
    q->n--;
    return q->item[q->first++];
}

bool ms_attempts_drop(struct ms_attempts *q, uint64_t id)
{
    for (size_t i = 0; i < q->n; i++) {
        struct ms_attempt *attempt = q->item + q->first + i;
        if (attempt->id != id)
            continue;
        ms_wire_attempt_clear(attempt);
        q->n--;
        memmove(attempt, attempt + 1, (q->n - i) * sizeof *attempt);
        return true;
    }
    return false;
}

void ms_attempts_clear(struct ms_attempts *q)
{
    for (size_t i = 0; i < q->n; i++)
        ms_wire_attempt_clear(&q->item[q->first + i]);
    free(q->item);
    *q = (struct ms_attempts){0};
}
