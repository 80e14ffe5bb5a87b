// SPDX-License-Identifier: MIT
//
// The value of an expression at a point, in three-valued logic: 1, 0, or -1 where a name has no
// value.
#include "expression_fixture.h"

static const struct {
    const char *text;
    int sgd, adam;
} cases[] = {
    {"batch_size == 32", 1, 0},
    {"batch_size != 32", 0, 1},
    {"batch_size < 128 and batch_size <= 32 and batch_size > 31 and batch_size >= 32", 1, 0},
    {"`lr-rate` * 4 == 1", 1, 0},
    {"`lr-rate` + 1 - 0.5 == 2 * 0.625 - 0.5", 1, 0},
    {"optimizer == 'sgd'", 1, 0},
    {"optimizer != \"sgd\"", 0, 1},
    {"'adam' == optimizer", 0, 1},
    {"optimizer == 3", 0, 0},
    {"opt.momentum == 0.3", 1, -1},
    {"opt.momentum > 0.5", 0, -1},
    {"not opt.momentum > 0.5", 1, -1},
    {"opt.momentum > 0.5 or batch_size > 100", 0, 1},
    {"opt.momentum > 0.5 and batch_size < 100", 0, 0},
    {"opt.momentum > 0.5 or batch_size < 100", 1, -1},
    {"opt.momentum < 0.5 and batch_size > 100", 0, -1},
    {"batch_size > 100 and opt.momentum < 0.5", 0, -1},
    {"opt.momentum + 1 > 0 or nesterov", 1, -1},
    {"nesterov", 1, 0},
    {"not nesterov", 0, 1},
    {"nesterov == true", 1, 0},
    {"nesterov != (batch_size == 32)", 0, 0},
    {"not not nesterov", 1, 0},
    {"not nesterov or nesterov", 1, 1},
    {"nesterov or not nesterov and false", 1, 0}, // and binds more strongly
    {"(nesterov or true) and false", 0, 0},
    {"2 + 3 * 4 == 14 and (2 + 3) * 4 == 20", 1, 1},
    {"10 - 4 - 3 == 3 and 24 / 4 / 2 == 3", 1, 1}, // from the left
    {"-2 * -3 == 6 and - -2 == 2 and 1 - -1 == 2", 1, 1},
    {"7 % 4 == 3 and -7 % 4 == 1 and 7 % -4 == -1 and -8 % 4 == 0", 1, 1},
    {"batch_size % 3 == 2", 1, 1},
    {"1 / 0 > 0", -1, -1},
    {"1 / (batch_size - 32) > 0", -1, 1},
    {"1 % 0 == 0 or true", 1, 1},
    {"epochs == 5", 1, 1},
    {"1e-3 < .5 and 1E+2 == 100. and 0.1 + 0.2 != 0.3", 1, 1},
    {"\tnesterov\n", 1, 0},
    {"notable == 1 or true", -2, -2},
};

static void test_values(void)
{
    // 32, 0.25, sgd with momentum 0.3, nesterov; and adam, where there is no momentum.
    const double sgd[N] = {1, 0.25, 0, 3, 1}, adam[N] = {3, 0.75, 1, NAN, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ms_expression *e;
        struct ms_error err = {0};
        if (ms_expression_new(cases[i].text, &space, &names, &e, &err)) {
            CHECK_THAT(cases[i].sgd == -2, "%s: %s", cases[i].text, err.text);
            continue;
        }
        int a = ms_expression_holds(e, sgd), b = ms_expression_holds(e, adam);
        CHECK_THAT(a == cases[i].sgd && b == cases[i].adam, "%s: %d and %d", cases[i].text, a, b);
        ms_expression_free(e);
    }
    // null is unknown.
    const double null[N] = {0, 0, 3, NAN, 0};
    struct ms_expression *e;
    struct ms_error err;
    REQUIRE(ms_expression_new("optimizer == 'sgd'", &space, &names, &e, &err) == 0);
    CHECK(ms_expression_holds(e, null) == -1);
    ms_expression_free(e);
}

int main(void)
{
    make_space();
    test_values();
    return clear_space();
}
