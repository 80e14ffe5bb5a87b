// SPDX-License-Identifier: MIT
//
// Frames: messages of every length come out whole and in order; messages that were cut off, foreign
// bytes and messages without an end are refused.
#include "common/wire/frames.h"

#include "check.h"
#include "message_pattern.h"
#include "mlpsweep/limits.h"

enum { BODY = MS_FRAME_MAX - 4 };

static void test_lengths(void)
{
    static const size_t sizes[] = {0, 1, BODY - 1, BODY, BODY + 1, 2 * BODY, 2 * BODY + 1, 1000000};
    struct ms_frames_out q = {0};
    struct ms_frames_in in = {0};
    struct ms_error err;
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint8_t *data = pattern(sizes[i], i);
        REQUIRE(ms_frames_put(&q, data, sizes[i], &err) == 0);
        free(data);
    }
    size_t frames = ms_frames_left(&q), seen = 0;
    unsigned whole = 0;
    uint8_t frame[MS_FRAME_MAX];
    for (size_t n; (n = ms_frames_next(&q, frame)) > 0; seen++) {
        struct ms_message m;
        CHECK(n <= MS_FRAME_MAX);
        int status = ms_frames_take(&in, 3, frame, n, &m, &err);
        REQUIRE(status >= 0);
        if (status == 1) {
            check_message(&m, 3, sizes[whole], whole);
            whole++;
        }
    }
    CHECK_INT(whole, sizeof sizes / sizeof *sizes);
    CHECK_INT(seen, frames);
    ms_frames_clear(&in);
}

static void test_cut(void)
{
    // A sender that forgot us in the middle and starts again: the new message is whole, the old
    // gone.
    struct ms_frames_out q = {0};
    struct ms_frames_in in = {0};
    struct ms_error err;
    struct ms_message m;
    uint8_t frame[MS_FRAME_MAX];
    uint8_t *data = pattern(3 * BODY, 1);
    REQUIRE(ms_frames_put(&q, data, 3 * BODY, &err) == 0);
    size_t n = ms_frames_next(&q, frame);
    CHECK_INT(ms_frames_take(&in, 1, frame, n, &m, &err), 0);
    ms_frames_drop(&q);
    CHECK_INT(ms_frames_next(&q, frame), 0);
    free(data);
    data = pattern(2 * BODY, 2);
    REQUIRE(ms_frames_put(&q, data, 2 * BODY, &err) == 0);
    free(data);
    n = ms_frames_next(&q, frame);
    CHECK_INT(ms_frames_take(&in, 1, frame, n, &m, &err), 0);
    n = ms_frames_next(&q, frame);
    CHECK_INT(ms_frames_take(&in, 1, frame, n, &m, &err), 1);
    check_message(&m, 1, 2 * BODY, 2);
    // A middle without a beginning, rubbish, too short, another version, another flag.
    uint8_t middle[10] = {1, 0};
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    middle[1] = 2;
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    middle[1] = 3;
    CHECK_INT(ms_frames_take(&in, 1, middle, 3, &m, &err), MS_EFORMAT);
    CHECK_INT(ms_frames_take(&in, 1, middle, 4, &m, &err), 1);
    CHECK_INT(m.size, 0);
    middle[0] = 2;
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    middle[0] = 1;
    middle[1] = 7;
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    ms_frames_clear(&in);
}

static void test_limit(void)
{
    struct ms_frames_out q = {0};
    struct ms_error err;
    uint8_t one = 0;
    CHECK_INT(ms_frames_put(&q, &one, (size_t)MS_MAX_MESSAGE + 1, &err), MS_ELIMIT);
    // A peer that never ends its message is refused at the limit, not at the end of memory.
    struct ms_frames_in in = {0};
    struct ms_message m;
    uint8_t frame[MS_FRAME_MAX] = {1, 1};
    int status = ms_frames_take(&in, 1, frame, sizeof frame, &m, &err);
    frame[1] = 0;
    size_t taken = 1;
    for (; status == 0 && taken < 30000; taken++)
        status = ms_frames_take(&in, 1, frame, sizeof frame, &m, &err);
    CHECK_INT(status, MS_ELIMIT);
    CHECK(taken * BODY <= (size_t)MS_MAX_MESSAGE + 2 * BODY);
    ms_frames_clear(&in);
}

int main(void)
{
    test_lengths();
    test_cut();
    test_limit();
    return check_done();
}
