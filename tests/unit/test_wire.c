// SPDX-License-Identifier: MIT
//
// Every message survives the trip bit for bit; no mutation of a message crashes the decoder, makes it
// allocate without bounds or lets it accept what another mutation of the same length could not be.
#include "mlpsweep/wire.h"

#include <stdbool.h>

#include "check.h"

static uint64_t state = 88172645463325252u;
static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static double from_bits(uint64_t bits)
{
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static struct ms_wire decode(const struct ms_buf *b)
{
    struct ms_wire w;
    struct ms_error err = {0};
    CHECK_THAT(ms_wire_get(b->data, b->size, &w, &err) == 0, "refused: %s", err.text);
    return w;
}

static const double odd[] = {0.0, -0.0, 1.5, -1e308, 5e-324, INFINITY, -INFINITY};

static void test_assign(struct ms_buf *b)
{
    double point[8];
    memcpy(point, odd, sizeof odd);
    point[7] = from_bits(0x7ff80000deadbeefu); // a NaN with a payload
    struct ms_job jobs[3] = {
        {UINT64_MAX, UINT32_MAX, 65535, 7, 1000000, 8, point},
        {1, 2, 3, 4, 0, 0, NULL},
        {0x0102030405060708u, 0x11223344u, 5, 6, 9, 1, point},
    };
    REQUIRE(ms_wire_put_assign(b, jobs, 3) == 0);
    struct ms_wire w = decode(b);
    REQUIRE(w.type == MS_WIRE_ASSIGN && w.n == 3);
    for (int i = 0; i < 3; i++) {
        CHECK(w.jobs[i].id == jobs[i].id && w.jobs[i].trial == jobs[i].trial);
        CHECK(w.jobs[i].execution == jobs[i].execution && w.jobs[i].attempt == jobs[i].attempt);
        CHECK(w.jobs[i].test_epoch == jobs[i].test_epoch);
        REQUIRE(w.jobs[i].n_point == jobs[i].n_point);
        for (uint32_t k = 0; k < jobs[i].n_point; k++)
            CHECK(same_bits(w.jobs[i].point[k], point[k]));
    }
    ms_wire_clear(&w);
}

static void test_bytes(struct ms_buf *b)
{
    // The layout is fixed: another build, another machine, another byte order must agree.
    double point[1] = {1.0};
    struct ms_job j = {0x0102030405060708u, 0x11121314u, 0x15u, 0x16u, 0x17u, 1, point};
    static const uint8_t wanted[] = {1, 2, 1, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 0x14, 0x13, 0x12, 0x11,
                                     0x15, 0, 0, 0, 0x16, 0, 0, 0, 0x17, 0, 0, 0, 1, 0, 0, 0,
                                     0, 0, 0, 0, 0, 0, 0xf0, 0x3f};
    REQUIRE(ms_wire_put_assign(b, &j, 1) == 0);
    CHECK_INT(b->size, sizeof wanted);
    CHECK(b->size == sizeof wanted && memcmp(b->data, wanted, sizeof wanted) == 0);
}

static void test_ids(struct ms_buf *b)
{
    uint64_t ids[4] = {1, 0, UINT64_MAX, 77};
    static const enum ms_wire_type types[] = {MS_WIRE_RECALL, MS_WIRE_RETURNED};
    for (int t = 0; t < 2; t++)
        for (uint32_t n = 0; n <= 4; n += 4) {
            REQUIRE(ms_wire_put_ids(b, types[t], ids, n) == 0);
            struct ms_wire w = decode(b);
            CHECK(w.type == types[t] && w.n == n && memcmp(w.ids, ids, n * sizeof *ids) == 0);
            ms_wire_clear(&w);
        }
    REQUIRE(ms_wire_put_ids(b, MS_WIRE_CANCEL, ids + 3, 1) == 0);
    struct ms_wire w = decode(b);
    CHECK(w.type == MS_WIRE_CANCEL && w.n == 1 && w.ids[0] == 77);
    ms_wire_clear(&w);
}

static void test_epochs(struct ms_buf *b)
{
    struct ms_epochs e = {42, 3, 2, 3, odd};
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    struct ms_wire w = decode(b);
    CHECK(w.type == MS_WIRE_METRICS && w.epochs.id == 42 && w.epochs.first_epoch == 3);
    REQUIRE(w.epochs.n_epochs == 2 && w.epochs.n_columns == 3);
    for (int i = 0; i < 6; i++)
        CHECK(same_bits(w.epochs.values[i], odd[i]));
    ms_wire_clear(&w);
}

static void test_result(struct ms_buf *b)
{
    struct ms_result r = {.id = 9, .end = MS_END_CRASHED, .epochs = 17, .wall_s = 1.25,
                          .cpu_s = 1.125, .wait_s = 0.375, .max_rss_bytes = 1e9, .n_test = 2, .test = {0.5, NAN}};
    memset(r.message, 'x', sizeof r.message - 1); // the longest
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    struct ms_wire w = decode(b);
    CHECK(w.type == MS_WIRE_RESULT && w.result.id == 9 && w.result.end == MS_END_CRASHED);
    CHECK(w.result.epochs == 17 && w.result.wall_s == 1.25 && w.result.cpu_s == 1.125);
    CHECK(w.result.wait_s == 0.375);
    CHECK(w.result.max_rss_bytes == 1e9 && w.result.n_test == 2);
    CHECK(w.result.test[0] == 0.5 && isnan(w.result.test[1]));
    CHECK_STR(w.result.message, r.message);
    ms_wire_clear(&w);
}

static void test_others(struct ms_buf *b)
{
    struct ms_ready r = {.host = "node-7", .pid = 12, .trainer_pid = 13, .provenance = "BLAS ü"};
    REQUIRE(ms_wire_put_ready(b, &r) == 0);
    struct ms_wire w = decode(b);
    CHECK(w.type == MS_WIRE_READY && w.ready.pid == 12 && w.ready.trainer_pid == 13);
    CHECK_STR(w.ready.host, "node-7");
    CHECK_STR(w.ready.provenance, "BLAS ü");
    ms_wire_clear(&w);

    REQUIRE(ms_wire_put_setup(b, "a.json", "{\n\"x\": 1}\n") == 0);
    w = decode(b);
    CHECK(w.type == MS_WIRE_SETUP);
    CHECK_STR(w.file, "a.json");
    CHECK_STR(w.text, "{\n\"x\": 1}\n");
    ms_wire_clear(&w);

    static const enum ms_wire_type plain[] = {MS_WIRE_PING, MS_WIRE_PONG, MS_WIRE_FINISH};
    for (int i = 0; i < 3; i++) {
        REQUIRE(ms_wire_put_plain(b, plain[i]) == 0);
        w = decode(b);
        CHECK(w.type == plain[i]);
        ms_wire_clear(&w);
    }
    CHECK_STR(ms_end_name(MS_END_STOPPED), "early_stopped");
    CHECK_STR(ms_end_name(MS_END_INTERRUPTED), "interrupted");
    CHECK_STR(ms_end_name(99), "unknown");
    CHECK_STR(ms_end_name(-1), "unknown");
}

// A copy of exact size, so that the address sanitizer sees the first byte read behind the end.
static int try_decode(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    REQUIRE(copy);
    if (size)
        memcpy(copy, data, size);
    struct ms_wire w;
    struct ms_error err = {0};
    int rc = ms_wire_get(copy, size, &w, &err);
    if (rc) {
        CHECK(rc == MS_EFORMAT || rc == MS_ENOMEM || rc == MS_ELIMIT);
        CHECK(err.text[0] && err.code == rc);
        CHECK(!w.jobs && !w.ids && !w.text && !w.file && !w.epochs.values);
    } else {
        CHECK(!w.jobs || w.n <= size / 28);
        CHECK(!w.ids || w.n <= size / 8);
        CHECK(memchr(w.result.message, 0, sizeof w.result.message) != NULL);
        CHECK(w.result.n_test <= sizeof w.result.test / sizeof *w.result.test);
    }
    ms_wire_clear(&w);
    free(copy);
    return rc;
}

static void mutate(const struct ms_buf *b)
{
    REQUIRE(try_decode(b->data, b->size) == 0);
    for (size_t n = 0; n < b->size; n++) // every truncation is noticed
        CHECK_THAT(try_decode(b->data, n) != 0, "%zu of %zu bytes of type %d decode", n, b->size,
                   b->data[1]);
    uint8_t *m = malloc(b->size + 8);
    REQUIRE(m);
    memcpy(m, b->data, b->size);
    memset(m + b->size, 0, 8);
    for (size_t extra = 1; extra <= 8; extra++)
        CHECK(try_decode(m, b->size + extra) != 0);
    for (int version = 0; version < 256; version++) {
        m[0] = (uint8_t)version;
        CHECK((try_decode(m, b->size) == 0) == (version == MS_WIRE_VERSION));
    }
    for (int round = 0; round < 3000; round++) {
        memcpy(m, b->data, b->size);
        for (uint64_t k = next_random() % 4 + 1; k > 0; k--) {
            static const uint8_t nasty[] = {0, 1, 0x7f, 0x80, 0xff};
            uint64_t r = next_random();
            m[1 + r % (b->size - 1)] = r & 1024 ? nasty[(r >> 20) % 5] : (uint8_t)(r >> 30);
        }
        (void)try_decode(m, b->size);
    }
    free(m);
}

static void test_mutations(struct ms_buf *b)
{
    double point[5] = {1, 2, NAN, 4, 5};
    struct ms_job jobs[2] = {{1, 2, 3, 4, 0, 5, point}, {2, 2, 3, 4, 0, 2, point}};
    uint64_t ids[3] = {5, 6, 7};
    struct ms_epochs e = {1, 1, 2, 2, point};
    struct ms_result r = {.id = 1, .n_test = 1, .message = "killed by signal 9 (Killed)"};
    struct ms_ready y = {.host = "h", .provenance = "p"};
    REQUIRE(ms_wire_put_assign(b, jobs, 2) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_ids(b, MS_WIRE_RECALL, ids, 3) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_ready(b, &y) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_setup(b, "f", "{}") == 0);
    mutate(b);
    REQUIRE(ms_wire_put_plain(b, MS_WIRE_PING) == 0);
    mutate(b);
}

static void test_refusals(struct ms_buf *b)
{
    // A count of 2^32-1 in 30 bytes, no memory asked for.
    uint8_t huge[30] = {MS_WIRE_VERSION, MS_WIRE_ASSIGN, 0xff, 0xff, 0xff, 0xff};
    CHECK_INT(try_decode(huge, sizeof huge), MS_EFORMAT);
    huge[1] = MS_WIRE_RECALL;
    CHECK_INT(try_decode(huge, sizeof huge), MS_EFORMAT);
    // Lists with nothing in them: an empty answer is one, an empty order is not.
    uint8_t none[6] = {MS_WIRE_VERSION, MS_WIRE_RETURNED};
    CHECK_INT(try_decode(none, sizeof none), 0);
    none[1] = MS_WIRE_CANCEL;
    CHECK_INT(try_decode(none, sizeof none), MS_EFORMAT);
    none[1] = MS_WIRE_ASSIGN;
    CHECK_INT(try_decode(none, sizeof none), MS_EFORMAT);
    // Epochs are counted from 1 and end at the limit.
    double v[2] = {1, 2};
    struct ms_epochs e = {1, 0, 1, 1, v};
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    CHECK_INT(try_decode(b->data, b->size), MS_EFORMAT);
    e.first_epoch = MS_MAX_EPOCHS;
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    CHECK_INT(try_decode(b->data, b->size), 0);
    e.n_epochs = 2;
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    CHECK_INT(try_decode(b->data, b->size), MS_EFORMAT);
    // A host name that does not fit its field.
    uint8_t ready[2 + 4 + 256] = {MS_WIRE_VERSION, MS_WIRE_READY, 0, 1};
    memset(ready + 6, 'h', 256);
    CHECK_INT(try_decode(ready, sizeof ready), MS_EFORMAT);
}

int main(void)
{
    struct ms_buf b = {0};
    test_assign(&b);
    test_bytes(&b);
    test_ids(&b);
    test_epochs(&b);
    test_result(&b);
    test_others(&b);
    test_mutations(&b);
    test_refusals(&b);
    ms_buf_clear(&b);
    return check_done();
}
