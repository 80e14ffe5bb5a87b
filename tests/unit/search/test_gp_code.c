// SPDX-License-Identifier: MIT
//
// How a Gaussian process sees a space: kinds of parameters, points and their codes there and back,
// features in their range, inactive parameters in the middle or apart.
#include "coordinator/search/gp_code.h"

#include "check.h"
#include "coordinator/search/sampler_internal.h"
#include "mixed_space.h"

static struct ms_error err;

static void test_there_and_back(void)
{
    cJSON *owned;
    struct ms_space s = mixed_space(&owned);
    struct ms_gp_code c;
    REQUIRE(ms_gp_code_init(&c, &s, &err) == 0);
    static const enum ms_gp_kind kinds[] = {MS_GP_CATEGORY, MS_GP_NUMBER,  MS_GP_NUMBER,
                                            MS_GP_ORDERED,  MS_GP_ORDERED, MS_GP_ORDERED,
                                            MS_GP_CATEGORY, MS_GP_FIXED};
    for (int i = 0; i < s.n; i++)
        CHECK_INT(c.kind[i], kinds[i]);
    CHECK_INT(c.n_features, 7);
    double point[MAX_N], code[MAX_N], back[MAX_N], scratch[MAX_N], feature[MAX_N];
    struct ms_rng rng = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER);
    for (int k = 0; k < 200; k++) {
        ms_sampler_random_point(&s, &rng, (uint64_t)k * MAX_N, point);
        ms_gp_encode(&c, point, code);
        ms_gp_decode(&c, code, scratch, back);
        ms_gp_features(&c, code, feature);
        for (int i = 0; i < s.n; i++)
            CHECK_NEAR(back[i], point[i], 1e-12);
        for (int f = 0; f < c.n_features; f++)
            CHECK(feature[f] >= (c.category[f] ? -1 : 0) && (c.category[f] || feature[f] <= 1));
        CHECK(isnan(point[2]) ? feature[2] == 0.5 : feature[2] == code[2]);
    }
    ms_gp_code_clear(&c);
    ms_space_clear(&s);
    cJSON_Delete(owned);
}

// Uniforms become the code of the point that the space itself makes of them, and come back as the
// middle of each value's share; what is inactive comes back as the spare.
static void test_units(void)
{
    cJSON *owned;
    struct ms_space s = mixed_space(&owned);
    struct ms_gp_code c;
    REQUIRE(ms_gp_code_init(&c, &s, &err) == 0);
    const struct ms_rng rng = ms_rng_at(2, 0, 0, MS_STREAM_SAMPLER);
    for (int k = 0; k < 200; k++) {
        CASE("draw %d", k);
        double u[MAX_N], code[MAX_N], point[MAX_N], wanted[MAX_N], back[MAX_N], spare[MAX_N];
        for (int i = 0; i < s.n; i++) {
            u[i] = ms_rng_uniform(&rng, (uint64_t)(k * MAX_N + i));
            spare[i] = 0.125 + i;
        }
        ms_gp_from_unit(&c, u, code);
        ms_gp_decode(&c, code, back, point);
        ms_space_from_unit(&s, u, wanted);
        ms_gp_to_unit(&c, code, spare, back);
        for (int i = 0; i < s.n; i++) {
            CHECK_NEAR(point[i], wanted[i], 1e-9);
            const double count = (double)s.param[i].count;
            CHECK_NEAR(back[i],
                       isnan(code[i]) ? spare[i]
                       : count == 0   ? u[i]
                                      : (floor(u[i] * count) + 0.5) / count,
                       1e-15);
        }
        ms_gp_from_unit(&c, u, u); // in place
        for (int i = 0; i < s.n; i++)
            CHECK_NEAR(u[i], code[i], 0);
    }
    // Both ends of every range are values.
    double u[MAX_N], code[MAX_N];
    for (int end = 0; end < 2; end++) {
        for (int i = 0; i < s.n; i++)
            u[i] = end;
        ms_gp_from_unit(&c, u, code);
        for (int i = 0; i < s.n; i++)
            if (!isnan(code[i]) && s.param[i].count > 0)
                CHECK_NEAR(code[i], end ? (double)s.param[i].count - 1 : 0, 0);
    }
    ms_gp_code_clear(&c);
    ms_space_clear(&s);
    cJSON_Delete(owned);
}

// Numbers in a choice are ordered only if they rise or fall all the way, and are more than two.
static void test_order(void)
{
    static const struct {
        const char *values;
        int count;
        enum ms_gp_kind kind;
    } rows[] = {
        {"[1,2,3]", 3, MS_GP_ORDERED},     {"[9,4,-1,-2]", 4, MS_GP_ORDERED},
        {"[1,2]", 2, MS_GP_CATEGORY},      {"[1,3,2]", 3, MS_GP_CATEGORY},
        {"[1,1,2]", 3, MS_GP_CATEGORY},    {"[1,2,\"3\"]", 3, MS_GP_CATEGORY},
        {"[null,1,2]", 3, MS_GP_CATEGORY}, {"[5]", 1, MS_GP_FIXED},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        CASE("%s", rows[r].values);
        struct ms_space s;
        struct ms_gp_code c;
        cJSON *values = cJSON_Parse(rows[r].values);
        ms_space_init(&s);
        space_add(&s, (struct ms_param){.name = "x",
                                        .kind = MS_CHOICE,
                                        .values = values,
                                        .count = (uint64_t)rows[r].count});
        REQUIRE(ms_gp_code_init(&c, &s, &err) == 0);
        CHECK_INT(c.kind[0], rows[r].kind);
        CHECK_INT(c.n_features, rows[r].kind != MS_GP_FIXED);
        ms_gp_code_clear(&c);
        ms_space_clear(&s);
        cJSON_Delete(values);
    }
}

int main(void)
{
    test_there_and_back();
    test_units();
    test_order();
    return check_done();
}
