// SPDX-License-Identifier: MIT
//
// The bytes that writing makes, one by one, because both sides of a round trip could be wrong
// alike; what is too long is refused and leaves a buffer that can be used again.
#include "mlpsweep/wire.h"

#include "check.h"

static void test_bytes(struct ms_buf *b)
{
    // The layout is fixed: another build, another machine, another byte order must agree.
    double point[1] = {1.0};
    uint8_t bytes[] = {0x21, 0x22};
    struct ms_attempt a = {.id = 0x0102030405060708u,
                           .trial = 0x11121314u,
                           .execution = 0x15u,
                           .attempt = 0x16u,
                           .test_epoch = 0x17u,
                           .n_point = 1,
                           .point = point};
    static const uint8_t wanted[] = {
        4,    2, 1, 0, 0,    0, 8, 7, 6, 5, 4, 3, 2, 1, 0x14, 0x13, 0x12, 0x11, 0x15, 0,    0, 0,
        0x16, 0, 0, 0, 0x17, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,    0,    0,    0,    0xf0, 0x3f, 0};
    static const uint8_t extras[] = {7, 0x18, 0,    0, 0, 0x19, 0, 0, 0, 2, 0, 0,
                                     0, 0x21, 0x22, 1, 0, 0,    0, 0, 0, 0, 0, 0,
                                     0, 0xf0, 0x3f, 2, 0, 0,    0, 0, 0, 0, 0, 0xc0};
    REQUIRE(ms_wire_put_assign(b, &a, 1) == 0);
    CHECK_INT(b->size, sizeof wanted);
    CHECK(b->size == sizeof wanted && memcmp(b->data, wanted, sizeof wanted) == 0);
    a.from_epoch = 0x18;
    a.to_epoch = 0x19;
    a.n_state = 2;
    a.state = bytes;
    a.n_limits = 1;
    a.limits = point;
    a.keep = MS_KEEP_ONLY;
    a.keep_bound = -2;
    REQUIRE(ms_wire_put_assign(b, &a, 1) == 0);
    size_t head = sizeof wanted - 1;
    CHECK_INT(b->size, head + sizeof extras);
    CHECK(memcmp(b->data, wanted, head) == 0);
    CHECK(memcmp(b->data + head, extras, sizeof extras) == 0);
}

static void test_result_bytes(struct ms_buf *b)
{
    const struct ms_result r = {.id = 0x21,
                                .end = MS_END_TIMEOUT,
                                .constant = true,
                                .epochs = 0x22,
                                .wall_s = 1.0,
                                .cpu_s = 2.0,
                                .wait_s = -0.0,
                                .max_rss_bytes = INFINITY,
                                .n_test = 1,
                                .test = {1.0},
                                .message = "no",
                                .output = "x"};
    static const uint8_t wanted[] = {
        4,    9, 0x21, 0,    0,   0,   0,    0,    0, 0, 6,    1,
        0x22, 0, 0,    0, // head, id, end, constant, epochs
        0,    0, 0,    0,    0,   0,   0xf0, 0x3f, 0, 0, 0,    0,
        0,    0, 0,    0x40, // wall, cpu
        0,    0, 0,    0,    0,   0,   0,    0x80, 0, 0, 0,    0,
        0,    0, 0xf0, 0x7f,                                         // wait, memory
        1,    0, 0,    0,    0,   0,   0,    0,    0, 0, 0xf0, 0x3f, // test metrics
        2,    0, 0,    0,    'n', 'o', 1,    0,    0, 0, 'x'};
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    CHECK_INT(b->size, sizeof wanted);
    CHECK(b->size == sizeof wanted && memcmp(b->data, wanted, sizeof wanted) == 0);
}

static void test_too_long(struct ms_buf *b)
{
    uint8_t *bytes = calloc(MS_MAX_STATE + 1, 1);
    char *text = malloc((size_t)MS_MAX_MESSAGE + 1);
    REQUIRE(bytes && text);
    struct ms_state s = {.id = 1, .epoch = 2, .n = MS_MAX_STATE + 1, .bytes = bytes};
    CHECK_INT(ms_wire_put_state(b, &s), MS_ELIMIT);
    s.n--;
    CHECK_INT(ms_wire_put_state(b, &s), 0);
    CHECK_INT(b->size, 2 + 8 + 4 + 4 + MS_MAX_STATE);
    memset(text, 'a', MS_MAX_MESSAGE);
    text[MS_MAX_MESSAGE] = '\0';
    CHECK_INT(ms_wire_put_setup(b, "", text), MS_ELIMIT); // head and lengths go beyond the limit
    CHECK_INT(ms_wire_put_setup(b, "", text + 2 + 4 + 4), 0);
    CHECK_INT(b->size, MS_MAX_MESSAGE);
    CHECK_INT(ms_wire_put_plain(b, MS_WIRE_PING), 0);
    CHECK_INT(b->size, 2);
    free(bytes);
    free(text);
}

int main(void)
{
    struct ms_buf b = {0};
    test_bytes(&b);
    test_result_bytes(&b);
    test_too_long(&b);
    ms_wire_buf_clear(&b);
    return check_done();
}
