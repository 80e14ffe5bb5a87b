// SPDX-License-Identifier: MIT
//
// Damaged files: whatever the bytes, a file has problems, or a sweep that can be read at its
// points.
#include "sweep_fixture.h"

#include <stdint.h>

#include "mlpsweep/rng.h"

// Whatever the bytes: no crash, either problems or a sweep that every one of its points can be read
// at.
static int try_text(const char *text, size_t len, uint64_t seed)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    char *exact = malloc(len ? len : 1); // a sanitizer sees every byte too far
    REQUIRE(exact);
    memcpy(exact, text, len);
    int status = ms_sweep_parse("fuzz.json", exact, len, &s, &p);
    CHECK((status == 0) == (s != NULL) && (status == 0) == (p.n == 0));
    for (uint32_t k = 0; s && k < 3; k++) {
        static double point[MS_MAX_PARAMS];
        static struct ms_config config;
        struct ms_error err = {0};
        struct ms_rng rng = ms_rng_at(seed, k, 0, MS_STREAM_SAMPLER);
        for (int i = 0; i < ms_sweep_space(s)->n; i++)
            point[i] = ms_rng_uniform(&rng, (uint64_t)i);
        ms_space_from_unit(ms_sweep_space(s), point, point);
        CHECK_THAT(ms_sweep_config(s, point, &config, &err) == 0, "accepted, but: %s", err.text);
    }
    ms_sweep_free(s);
    ms_sweep_problems_clear(&p);
    free(exact);
    return status == 0;
}

static void test_damaged(const char *path, int mutations)
{
    static const char bytes[] = "{}[]\",:0123456789-.eEtfn\\/ \n\xff\xc3";
    size_t len;
    int accepted = 0;
    uint64_t counter = 0;
    struct ms_rng rng = ms_rng_at(99, 0, 0, MS_STREAM_SAMPLER);
    char *text = read_file(path, &len), *copy = malloc(len + 8);
    REQUIRE(copy);
    CHECK(try_text(text, len, 1));
    size_t end = len; // what follows the last brace may be cut without harm
    while (end > 0 && text[end - 1] != '}')
        end--;
    for (size_t cut = 0; cut < end; cut++)
        CHECK_THAT(!try_text(text, cut, cut), "%s: accepted when cut at %zu", path, cut);
    for (int i = 0; i < mutations; i++) {
        size_t n = len;
        memcpy(copy, text, len);
        for (uint64_t k = ms_rng_below(&rng, &counter, 3) + 1; k > 0; k--) {
            size_t at = (size_t)ms_rng_below(&rng, &counter, n);
            char b = bytes[ms_rng_below(&rng, &counter, sizeof bytes - 1)];
            switch (ms_rng_below(&rng, &counter, 3)) {
            case 0:
                copy[at] = b;
                break;
            case 1:
                memmove(copy + at, copy + at + 1, n - at - 1);
                n--;
                break;
            default:
                memmove(copy + at + 1, copy + at, n - at);
                copy[at] = b;
                n++;
            }
        }
        accepted += try_text(copy, n, (uint64_t)i);
    }
    // Some must survive, or the mutations test the JSON scanner alone.
    CHECK_THAT(accepted > mutations / 50, "only %d of %d accepted", accepted, mutations);
    free(copy);
    free(text);
}

int main(void)
{
    test_damaged(UNIT "kerastuner-slides.json", 3000);
    test_damaged(UNIT "everything.json", 6000);
    return check_done();
}
