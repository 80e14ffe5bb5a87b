// SPDX-License-Identifier: MIT
//
// Every message survives the trip bit for bit; no mutation of a message crashes the decoder, makes
// it allocate without bounds or lets it accept what another mutation of the same length could not
// be.
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
    uint8_t bytes[] = {0, 1, 255, 0, 7};
    double point[8];
    memcpy(point, odd, sizeof odd);
    point[7] = from_bits(0x7ff80000deadbeefu); // a NaN with a payload
    struct ms_attempt attempts[3] = {
        {.id = UINT64_MAX,
         .trial = UINT32_MAX,
         .execution = 65535,
         .attempt = 7,
         .test_epoch = 1000000,
         .n_point = 8,
         .point = point,
         .n_limits = 8,
         .limits = point,
         .keep = MS_KEEP_ONLY,
         .keep_bound = -0.0},
        {.id = 1, .trial = 2, .execution = 3, .attempt = 4, .to_epoch = 1},
        {.id = 0x0102030405060708u,
         .trial = 0x11223344u,
         .execution = 5,
         .attempt = 6,
         .test_epoch = 9,
         .n_point = 1,
         .point = point,
         .from_epoch = 999999,
         .to_epoch = 1000000,
         .n_state = sizeof bytes,
         .state = bytes,
         .n_limits = 3,
         .limits = point + 1,
         .keep = MS_KEEP_GOOD,
         .keep_bound = NAN},
    };
    REQUIRE(ms_wire_put_assign(b, attempts, 3) == 0);
    struct ms_wire w = decode(b);
    REQUIRE(w.type == MS_WIRE_ASSIGN && w.n == 3);
    for (int i = 0; i < 3; i++) {
        CASE("attempt %d", i);
        CHECK(w.attempts[i].id == attempts[i].id && w.attempts[i].trial == attempts[i].trial);
        CHECK(w.attempts[i].execution == attempts[i].execution &&
              w.attempts[i].attempt == attempts[i].attempt);
        CHECK(w.attempts[i].test_epoch == attempts[i].test_epoch);
        REQUIRE(w.attempts[i].n_point == attempts[i].n_point);
        for (uint32_t k = 0; k < attempts[i].n_point; k++)
            CHECK(same_bits(w.attempts[i].point[k], point[k]));
        CHECK(w.attempts[i].from_epoch == attempts[i].from_epoch);
        CHECK(w.attempts[i].to_epoch == attempts[i].to_epoch);
        REQUIRE(w.attempts[i].n_limits == attempts[i].n_limits);
        for (uint32_t k = 0; k < attempts[i].n_limits; k++)
            CHECK(same_bits(w.attempts[i].limits[k], attempts[i].limits[k]));
        REQUIRE(w.attempts[i].n_state == attempts[i].n_state);
        CHECK(!attempts[i].n_state || memcmp(w.attempts[i].state, bytes, sizeof bytes) == 0);
        CHECK(w.attempts[i].keep == attempts[i].keep &&
              same_bits(w.attempts[i].keep_bound, attempts[i].keep_bound));
    }
    ms_wire_clear(&w);
}

static void test_ids(struct ms_buf *b)
{
    uint64_t ids[4] = {1, 0, UINT64_MAX, 77};
    static const enum ms_wire_type types[] = {MS_WIRE_RECALL, MS_WIRE_RETURNED};
    for (int t = 0; t < 2; t++)
        for (uint32_t n = 0; n <= 4; n += 4) {
            CASE("type %d, %u ids", (int)types[t], n);
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
    char names[] = "val_loss\0a\0\xc3\xbc";
    struct ms_epochs e = {.id = 42, .first_epoch = 3, .n_epochs = 2, .n_columns = 3, .values = odd};
    for (int named = 0; named < 2; named++) {
        CASE("%s", named ? "with names" : "without names");
        e.names = named ? names : NULL;
        REQUIRE(ms_wire_put_epochs(b, &e) == 0);
        struct ms_wire w = decode(b);
        CHECK(w.type == MS_WIRE_METRICS && w.epochs.id == 42 && w.epochs.first_epoch == 3);
        REQUIRE(w.epochs.n_epochs == 2 && w.epochs.n_columns == 3);
        for (int i = 0; i < 6; i++)
            CHECK(same_bits(w.epochs.values[i], odd[i]));
        CHECK((w.epochs.names != NULL) == named);
        CHECK(!named || memcmp(w.epochs.names, names, sizeof names) == 0);
        ms_wire_clear(&w);
    }
}

static void test_weights(struct ms_buf *b)
{
    uint8_t bytes[] = {0, 1, 2, 255, 4, 5, 6, 7};
    struct ms_trained t = {.id = 5, .epoch = 27, .objective = -0.0, .n = 2, .bytes = bytes};
    REQUIRE(ms_wire_put_weights(b, &t) == 0);
    struct ms_wire w = decode(b);
    CHECK(w.type == MS_WIRE_WEIGHTS && w.trained.id == 5 && w.trained.epoch == 27);
    REQUIRE(w.trained.n == 2);
    CHECK(same_bits(w.trained.objective, -0.0));
    CHECK(memcmp(w.trained.bytes, bytes, sizeof bytes) == 0);
    ms_wire_clear(&w);
}

static void test_state(struct ms_buf *b)
{
    uint8_t bytes[] = {0, 1, 2, 255};
    struct ms_state s = {.id = 5, .epoch = 27, .n = sizeof bytes, .bytes = bytes};
    REQUIRE(ms_wire_put_state(b, &s) == 0);
    struct ms_wire w = decode(b);
    CHECK(w.type == MS_WIRE_STATE && w.state.id == 5 && w.state.epoch == 27);
    REQUIRE(w.state.n == sizeof bytes);
    CHECK(memcmp(w.state.bytes, bytes, sizeof bytes) == 0);
    ms_wire_clear(&w);
    s.n = MS_MAX_STATE + 1; // refused before a byte is read
    CHECK_INT(ms_wire_put_state(b, &s), MS_ELIMIT);

    // The longest fits an ASSIGN beside the longest point and as many limits as there are epochs.
    struct ms_attempt a = {.id = 1,
                           .n_point = MS_MAX_PARAMS,
                           .from_epoch = 1,
                           .to_epoch = 2,
                           .n_state = MS_MAX_STATE,
                           .n_limits = MS_MAX_EPOCHS};
    a.point = calloc(a.n_point, sizeof *a.point);
    a.state = calloc(a.n_state, 1);
    a.limits = calloc(a.n_limits, sizeof *a.limits);
    REQUIRE(a.point && a.state && a.limits);
    a.state[a.n_state - 1] = 9;
    CHECK_INT(ms_wire_put_assign(b, &a, 1), 0);
    struct ms_error err;
    REQUIRE(ms_wire_get(b->data, b->size, &w, &err) == 0);
    CHECK(w.attempts[0].n_state == MS_MAX_STATE && w.attempts[0].state[MS_MAX_STATE - 1] == 9);
    // What is taken out of a message is not freed with it.
    struct ms_attempt taken = ms_wire_attempt_take(&w.attempts[0]);
    ms_wire_clear(&w);
    CHECK(taken.state[MS_MAX_STATE - 1] == 9 && taken.limits[0] == 0 && taken.point[0] == 0);
    ms_wire_attempt_clear(&taken);
    ms_wire_attempt_clear(&taken); // twice is once
    ms_wire_attempt_clear(&a);
}

static void test_result(struct ms_buf *b)
{
    struct ms_result r = {.id = 9,
                          .end = MS_END_CRASHED,
                          .epochs = 17,
                          .wall_s = 1.25,
                          .cpu_s = 1.125,
                          .wait_s = 0.375,
                          .max_rss_bytes = 1e9,
                          .n_test = 2,
                          .test = {0.5, NAN}};
    memset(r.message, 'x', sizeof r.message - 1); // the longest
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    struct ms_wire w = decode(b);
    CHECK(!w.result.output);
    ms_wire_clear(&w);
    char output[] = "Traceback:\n  line 7\n";
    r.output = output;
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    w = decode(b);
    CHECK_STR(w.result.output, output);
    CHECK(w.type == MS_WIRE_RESULT && w.result.id == 9 && w.result.end == MS_END_CRASHED);
    CHECK(w.result.epochs == 17 && w.result.wall_s == 1.25 && w.result.cpu_s == 1.125);
    CHECK(w.result.wait_s == 0.375 && !w.result.constant);
    CHECK(w.result.max_rss_bytes == 1e9 && w.result.n_test == 2);
    CHECK(w.result.test[0] == 0.5 && isnan(w.result.test[1]));
    CHECK_STR(w.result.message, r.message);
    ms_wire_clear(&w);
    r.constant = true;
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    w = decode(b);
    CHECK(w.result.constant);
    ms_wire_clear(&w);
    b->data[2 + 8 + 1] = 2; // head, id, end
    struct ms_error err;
    CHECK_INT(ms_wire_get(b->data, b->size, &w, &err), MS_EFORMAT);
    CHECK(strstr(err.text, "a network is neither constant nor not") != NULL);
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
        CASE("type %d", (int)plain[i]);
        REQUIRE(ms_wire_put_plain(b, plain[i]) == 0);
        w = decode(b);
        CHECK(w.type == plain[i]);
        ms_wire_clear(&w);
    }
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
    int status = ms_wire_get(copy, size, &w, &err);
    if (status) {
        CHECK(status == MS_EFORMAT || status == MS_ENOMEM || status == MS_ELIMIT);
        CHECK(err.text[0] && err.code == status);
        CHECK(!w.attempts && !w.ids && !w.text && !w.file && !w.epochs.values);
        CHECK(!w.epochs.names && !w.result.output && !w.state.bytes);
    } else {
        CHECK(!w.attempts || w.n <= size / 29);
        CHECK(!w.ids || w.n <= size / 8);
        CHECK(memchr(w.result.message, 0, sizeof w.result.message) != NULL);
        CHECK(w.result.n_test <= sizeof w.result.test / sizeof *w.result.test);
    }
    ms_wire_clear(&w);
    free(copy);
    return status;
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
    uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7};
    struct ms_attempt attempts[3] = {
        {.id = 1, .trial = 2, .execution = 3, .attempt = 4, .n_point = 5, .point = point},
        {.id = 2,
         .n_point = 2,
         .point = point,
         .from_epoch = 3,
         .to_epoch = 9,
         .n_state = 7,
         .state = bytes,
         .n_limits = 2,
         .limits = point},
        {.id = 3, .to_epoch = 9, .keep = MS_KEEP_GOOD},
    };
    uint64_t ids[3] = {5, 6, 7};
    char names[] = "loss\0b";
    char output[] = "stderr";
    struct ms_epochs e = {
        .id = 1, .first_epoch = 1, .n_epochs = 2, .n_columns = 2, .values = point};
    struct ms_state s = {.id = 1, .epoch = 2, .n = 7, .bytes = bytes};
    struct ms_result r = {.id = 1, .n_test = 1, .message = "killed by signal 9 (Killed)"};
    struct ms_ready y = {.host = "h", .provenance = "p"};
    REQUIRE(ms_wire_put_assign(b, attempts, 3) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_state(b, &s) == 0);
    mutate(b);
    const struct ms_trained t = {.id = 1, .epoch = 2, .objective = 3, .n = 1, .bytes = bytes};
    REQUIRE(ms_wire_put_weights(b, &t) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_ids(b, MS_WIRE_RECALL, ids, 3) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    mutate(b);
    e.names = names;
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    mutate(b);
    r.output = output;
    REQUIRE(ms_wire_put_result(b, &r) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_ready(b, &y) == 0);
    mutate(b);
    REQUIRE(ms_wire_put_setup(b, "f", "{}") == 0);
    mutate(b);
    REQUIRE(ms_wire_put_plain(b, MS_WIRE_PING) == 0);
    mutate(b);
}

// An attempt whose fields contradict one another.
static void refuse_attempt(struct ms_buf *b, struct ms_attempt a)
{
    REQUIRE(ms_wire_put_assign(b, &a, 1) == 0);
    CHECK_INT(try_decode(b->data, b->size), MS_EFORMAT);
}

static void test_attempt_refusals(struct ms_buf *b)
{
    uint8_t bytes[1] = {0};
    refuse_attempt(b, (struct ms_attempt){.from_epoch = 5, .to_epoch = 5});
    refuse_attempt(b, (struct ms_attempt){.from_epoch = 5, .to_epoch = 4});
    refuse_attempt(b, (struct ms_attempt){.from_epoch = MS_MAX_EPOCHS + 1});
    refuse_attempt(b, (struct ms_attempt){.to_epoch = MS_MAX_EPOCHS + 1});
    refuse_attempt(b, (struct ms_attempt){.to_epoch = 4, .n_state = 1, .state = bytes});
    refuse_attempt(b, (struct ms_attempt){.n_state = 1, .state = bytes});
    refuse_attempt(b, (struct ms_attempt){.keep = MS_KEEP_ONLY}); // without test_epoch
    refuse_attempt(b, (struct ms_attempt){.keep = MS_KEEP_ONLY + 1, .test_epoch = 1});
    struct ms_attempt whole = {.id = 1};
    REQUIRE(ms_wire_put_assign(b, &whole, 1) == 0);
    for (unsigned extras = 1; extras < 256; extras++) { // fields that are not there, or not known
        CASE("extras %u", extras);
        b->data[b->size - 1] = (uint8_t)extras;
        CHECK_INT(try_decode(b->data, b->size), MS_EFORMAT);
    }
}

static void test_weight_refusals(struct ms_buf *b)
{
    uint8_t bytes[8] = {0};
    struct ms_trained t = {.id = 5, .epoch = 27, .n = 2, .bytes = bytes};
    REQUIRE(ms_wire_put_weights(b, &t) == 0);
    b->data[2 + 8 + 4 + 8] = 3; // weights
    CHECK_INT(try_decode(b->data, b->size), MS_EFORMAT);
    b->data[2 + 8 + 4 + 8] = 0;
    CHECK_INT(try_decode(b->data, b->size), MS_EFORMAT);
    t.n = MS_MAX_KEPT + 1; // refused before a byte is read
    CHECK_INT(ms_wire_put_weights(b, &t), MS_ELIMIT);
    t.n = MS_MAX_KEPT;
    t.bytes = calloc(t.n, 4);
    REQUIRE(t.bytes && ms_wire_put_weights(b, &t) == 0);
    CHECK_INT(try_decode(b->data, b->size), 0);
    free(t.bytes);
}

static void test_name_refusals(struct ms_buf *b)
{
    // Two columns; what the names are replaced by, all of 4 bytes.
    static const char wrong[][5] = {"abc\0", "\0\0\0\0", "a\0\0b", "a\0b\0", "ab\0c", "a\0\0\0"};
    char names[] = "a\0b";
    struct ms_epochs e = {
        .id = 1, .first_epoch = 1, .n_epochs = 1, .n_columns = 2, .values = odd, .names = names};
    REQUIRE(ms_wire_put_epochs(b, &e) == 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("names %zu", i);
        memcpy(b->data + b->size - 4, wrong[i], 4);
        CHECK_INT(try_decode(b->data, b->size), i == 3 ? 0 : MS_EFORMAT);
    }
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
    struct ms_epochs e = {.id = 1, .n_epochs = 1, .n_columns = 1, .values = v};
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
    test_ids(&b);
    test_epochs(&b);
    test_state(&b);
    test_weights(&b);
    test_result(&b);
    test_others(&b);
    test_mutations(&b);
    test_refusals(&b);
    test_attempt_refusals(&b);
    test_weight_refusals(&b);
    test_name_refusals(&b);
    ms_wire_buf_clear(&b);
    return check_done();
}
