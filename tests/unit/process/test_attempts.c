// SPDX-License-Identifier: MIT
//
// The queue against a plain array that does the same, with what attempts hold moving along.
#include "worker/process/attempts.h"

#include "check.h"

enum { MOST = 500 };

static uint64_t random_state = 7;
static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static struct ms_attempt job_of(uint64_t id)
{
    struct ms_attempt j = {.id = id, .n_point = 1, .n_state = 1, .n_limits = 1};
    j.point = malloc(sizeof *j.point);
    j.state = malloc(1);
    j.limits = malloc(sizeof *j.limits);
    REQUIRE(j.point && j.state && j.limits);
    *j.point = (double)id;
    *j.state = (uint8_t)id;
    *j.limits = -(double)id;
    return j;
}

static void check_attempt(const struct ms_attempt *j, uint64_t id)
{
    CHECK(j->id == id && *j->point == (double)id && *j->state == (uint8_t)id);
    CHECK(*j->limits == -(double)id);
}

int main(void)
{
    struct ms_attempts q = {0};
    uint64_t ids[MOST], next = 1;
    size_t n = 0;
    for (int step = 0; step < 20000; step++) {
        uint64_t r = next_random() % 16;
        bool grow = (step / 2000) % 2 == 0;
        if (n < MOST && r < (grow ? 9 : 5)) {
            struct ms_attempt j = job_of(next);
            bool front = r % 3 == 0;
            CHECK_INT(front ? ms_attempts_push_front(&q, &j, NULL) : ms_attempts_push(&q, &j, NULL),
                      0);
            CHECK(!j.point && !j.state && !j.limits);
            if (front)
                memmove(ids + 1, ids, n * sizeof *ids);
            ids[front ? 0 : n] = next++;
            n++;
        } else if (n && r < 14) {
            struct ms_attempt j = ms_attempts_take(&q);
            check_attempt(&j, ids[0]);
            ms_wire_attempt_clear(&j);
            memmove(ids, ids + 1, --n * sizeof *ids);
        } else if (n) {
            size_t i = next_random() % n;
            CHECK(ms_attempts_drop(&q, ids[i]));
            CHECK(!ms_attempts_drop(&q, ids[i]));
            memmove(ids + i, ids + i + 1, (--n - i) * sizeof *ids);
        }
        CHECK_INT(q.n, n);
    }
    for (size_t i = 0; i < n; i++)
        check_attempt(&q.item[q.first + i], ids[i]);
    ms_attempts_clear(&q);
    CHECK(!q.item && !ms_attempts_drop(&q, 1));
    return check_done();
}
