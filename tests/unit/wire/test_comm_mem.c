// SPDX-License-Identifier: MIT
//
// What mlpsweep/comm.h promises, shown on the world in memory: messages of several sources, each in
// its order; death is silence; a forgotten peer is back as soon as it speaks.
#include "comm_mem.h"

#include "check.h"
#include "message_pattern.h"

static void test_world(void)
{
    struct ms_comm_world *w = ms_comm_world_new(3);
    REQUIRE(w);
    struct ms_comm *c[3];
    for (int i = 0; i < 3; i++) {
        c[i] = ms_comm_world_rank(w, i);
        CHECK(c[i]->rank == i && c[i]->size == 3);
    }
    struct ms_error err;
    struct ms_message m;
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 0);
    size_t sent[3] = {0};
    for (unsigned k = 0; k < 50; k++) // two sources at once, their own order each
        for (int from = 1; from <= 2; from++) {
            uint8_t *data = pattern(k * 997, k);
            CHECK_INT(ms_comm_send(c[from], 0, data, k * 997, &err), 0);
            free(data);
        }
    for (int i = 0; i < 100; i++) {
        REQUIRE(ms_comm_poll(c[0], &m, &err) == 1);
        unsigned k = (unsigned)sent[m.source]++;
        check_message(&m, m.source, k * 997, k);
    }
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 0);
    CHECK_INT(ms_comm_send(c[0], 3, "x", 1, &err), MS_ECOMM);
    CHECK_INT(ms_comm_send(c[0], -1, "x", 1, &err), MS_ECOMM);

    // Death: what was sent before arrives, nothing after, sends to it vanish.
    CHECK_INT(ms_comm_send(c[1], 0, "before", 6, &err), 0);
    ms_comm_world_kill(w, 1);
    CHECK_INT(ms_comm_send(c[1], 0, "after", 5, &err), 0);
    CHECK_INT(ms_comm_send(c[0], 1, "late", 4, &err), 0);
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 1);
    CHECK(m.size == 6 && memcmp(m.data, "before", 6) == 0);
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 0);
    CHECK_INT(ms_comm_poll(c[1], &m, &err), 0);

    // Forgotten until it speaks again.
    ms_comm_forget(c[0], 2);
    CHECK_INT(ms_comm_send(c[0], 2, "no", 2, &err), 0);
    CHECK_INT(ms_comm_poll(c[2], &m, &err), 0);
    CHECK_INT(ms_comm_send(c[2], 0, "here", 4, &err), 0);
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 1);
    CHECK_INT(ms_comm_send(c[0], 2, "yes", 3, &err), 0);
    CHECK_INT(ms_comm_poll(c[2], &m, &err), 1);
    CHECK(m.size == 3 && memcmp(m.data, "yes", 3) == 0);
    CHECK_INT(ms_comm_flush(c[0], &err), 0);
    ms_comm_world_free(w);
}

int main(void)
{
    test_world();
    return check_done();
}
