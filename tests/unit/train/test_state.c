// SPDX-License-Identifier: MIT
//
// States as bytes: the layout that state.h promises, every bit back again, and nothing changed by a
// state that is refused. Whole trainings in parts: tests/numeric/test_train_parts.c.
#include "check.h"

#include "worker/train/state.h"

enum { N_0 = 5, N_1 = 3 };

static ms_real block_0[N_0] = {(ms_real)1.5, -0.0f, (ms_real)NAN, (ms_real)INFINITY,
                               (ms_real)1e-38},
               block_1[N_1] = {2, 3, 4};
static struct ms_error err;

static struct ms_state_of filled(void)
{
    return (struct ms_state_of){
        .seed = 0x1122334455667788u,
        .trial = 3,
        .execution = 2,
        .fingerprint = 0xabcdef01u,
        .epoch = 9,
        .step = 1ull << 40,
        .rate = 0.1,
        .best = -2.5,
        .any_best = true,
        .early = {.best = 0.25, .any = true, .wait = 4, .cooldown = 0},
        .plateau = {.best = NAN, .any = true, .wait = 1, .cooldown = 7},
        .n_blocks = 2,
        .block = {{block_0, N_0}, {block_1, N_1}},
    };
}

// A state that says what must come, with everything else unknown.
static struct ms_state_of expecting(ms_real *to_0, ms_real *to_1)
{
    struct ms_state_of s = filled(), e = {.n_blocks = 2, .block = {{to_0, N_0}, {to_1, N_1}}};
    e.seed = s.seed;
    e.trial = s.trial;
    e.execution = s.execution;
    e.fingerprint = s.fingerprint;
    e.epoch = s.epoch;
    return e;
}

static void test_layout(void)
{
    uint8_t *bytes;
    size_t size;
    const struct ms_state_of s = filled();
    REQUIRE(ms_state_write(&s, 1 << 20, &bytes, &size, &err) == 0);
    CHECK(memcmp(bytes,
                 "MSTS\1\0\0\0\4\0\0\0\x88\x77\x66\x55\x44\x33\x22\x11\3\0\0\0\2\0\0\0"
                 "\x01\xef\xcd\xab\x09\0\0\0\0\0\0\0\0\1\0\0",
                 44) == 0);
    CHECK_INT(size, 44 + 2 * 8 + 4 + 2 * 20 + 4 + 2 * 8 + (N_0 + N_1) * sizeof(ms_real) + 4);
    free(bytes);
    CHECK_INT(ms_state_write(&s, size, &bytes, &size, &err), 0); // as long as allowed
    free(bytes);
    CHECK_INT(ms_state_write(&s, size - 1, &bytes, &size, &err), MS_ELIMIT);
    CHECK(bytes == NULL);
}

static void test_round_trip(void)
{
    uint8_t *bytes;
    size_t size;
    ms_real to_0[N_0], to_1[N_1];
    const struct ms_state_of s = filled();
    struct ms_state_of e = expecting(to_0, to_1);
    REQUIRE(ms_state_write(&s, 1 << 20, &bytes, &size, &err) == 0);
    CHECK_THAT(ms_state_read(&e, bytes, size, &err) == 0, "%s", err.text);
    CHECK(e.step == s.step && e.rate == s.rate && e.best == s.best && e.any_best);
    CHECK(e.early.best == 0.25 && e.early.any && e.early.wait == 4 && e.early.cooldown == 0);
    CHECK(isnan(e.plateau.best) && e.plateau.wait == 1 && e.plateau.cooldown == 7);
    CHECK(memcmp(to_0, block_0, sizeof to_0) == 0 && memcmp(to_1, block_1, sizeof to_1) == 0);
    free(bytes);
}

static void refuse(const struct ms_state_of *as, const uint8_t *bytes, size_t size, const char *why)
{
    ms_real to_0[N_0] = {7, 7, 7, 7, 7}, to_1[N_1] = {7, 7, 7};
    struct ms_state_of e = *as;
    for (int i = 0; i < e.n_blocks; i++)
        e.block[i].data = i ? to_1 : to_0;
    const struct ms_state_of before = e;
    int status = ms_state_read(&e, bytes, size, &err);
    CHECK_THAT(status == MS_EFORMAT && strstr(err.text, why), "%d, '%s', not '%s'", status,
               err.text, why);
    CHECK(memcmp(&before, &e, sizeof e) == 0);
    for (int i = 0; i < N_0; i++)
        CHECK(to_0[i] == 7);
}

static void test_refusals(void)
{
    uint8_t *bytes;
    size_t size;
    ms_real to_0[N_0], to_1[N_1];
    const struct ms_state_of s = filled(), as = expecting(to_0, to_1);
    REQUIRE(ms_state_write(&s, 1 << 20, &bytes, &size, &err) == 0);
    for (size_t n = 0; n < size; n++)
        refuse(&as, bytes, n, n < 128 ? "cut off" : "damaged or cut off");
    for (size_t i = 0; i < size; i++)
        for (int bit = 0; bit < 8; bit += 7) {
            bytes[i] ^= (uint8_t)(1u << bit);
            refuse(&as, bytes, size, "");
            bytes[i] ^= (uint8_t)(1u << bit);
        }
    struct ms_state_of other = as;
    other.trial++;
    refuse(&other, bytes, size, "is of trial 3, execution 2, not of trial 4, execution 2");
    other = as;
    other.seed++;
    refuse(&other, bytes, size, "its sweep has another seed");
    other = as;
    other.epoch--;
    refuse(&other, bytes, size, "is of epoch 9, not of epoch 8");
    other = as;
    other.fingerprint++;
    refuse(&other, bytes, size, "is of another configuration");
    other = as;
    other.block[1].n--;
    refuse(&other, bytes, size, "does not fit the network");
    other = as;
    other.block[0].n--, other.block[1].n++; // as many numbers, but others
    refuse(&other, bytes, size, "does not fit the network");
    other = as;
    other.n_blocks = 1;
    refuse(&other, bytes, size, "does not fit the network");
    free(bytes);
}

int main(void)
{
    test_layout();
    test_round_trip();
    test_refusals();
    return check_done();
}
