// SPDX-License-Identifier: MIT
//
// From text to program: the errors of a text with their places, precedence, and bounds on what is
// read.
#include "expression_fixture.h"

static void test_errors(void)
{
    static const char *const cases[][2] = {
        {"bath_size > 3", "at character 1: found 'bath_size'; allowed: the name of a parameter"},
        {"true and batch > 3",
         "at character 10: found 'batch'; allowed: the name of a parameter or of a "
         "value in the file; did you mean 'batch_size'?"},
        {"optimizer == 'adma'",
         "at character 14: found 'adma'; allowed: sgd, adam; did you mean 'adam'?"},
        {"'sdg' != optimizer",
         "at character 1: found 'sdg'; allowed: sgd, adam; did you mean 'sgd'?"},
        {"batch_size == 'x'",
         "at character 15: found a text; allowed: a number, as on the other side of =="},
        {"batch_size > 'x'", "at character 14: found a text; allowed: a number, for >"},
        {"nesterov > 0", "at character 1: found true or false; allowed: a number, for >"},
        {"nesterov + 1 > 0", "at character 1: found true or false; allowed: a number, for +"},
        {"batch_size", "at character 1: found a number; allowed: true or false, for a condition"},
        {"batch_size and nesterov",
         "at character 1: found a number; allowed: true or false, for and"},
        {"not batch_size", "at character 5: found a number; allowed: true or false, for not"},
        {"-nesterov > 1", "at character 2: found true or false; allowed: a number, for -"},
        {"1 < batch_size < 100",
         "at character 16: found a second comparison; allowed: a < b and b < c"},
        {"batch_size = 3",
         "at character 12: found '='; allowed: an operator or the end; did you mean '=='?"},
        {"nesterov && true", "did you mean 'and'?"},
        {"nesterov || true", "did you mean 'or'?"},
        {"!nesterov", "at character 1: found '!'; allowed: a name, a number, a text in quotes or "
                      "(; did you mean "
                      "'not'?"},
        {"", "at character 1: found the end"},
        {"(nesterov", "at character 10: found the end; allowed: ) or an operator"},
        {"nesterov)", "at character 9: found ')'; allowed: an operator or the end"},
        {"batch_size > ", "found the end; allowed: a name"},
        {"or nesterov", "at character 1: found 'or'; allowed: a value"},
        {"optimizer == 'sgd", "at character 14: found ' without its partner"},
        {"batch_size > 1.2.3", "found '1.2.3'; allowed: a number"},
        {"batch_size > 0x10", "found '0x10'; allowed: a number"},
        {"batch_size > 1e999", "found '1e999'; allowed: a number"},
        {"batch_size > é", "at character 14: found 'é'"},
        {"nesterov nesterov", "at character 10: found 'nesterov'; allowed: an operator or the end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ms_expression *e;
        struct ms_error err = {0};
        int status = ms_expression_new(cases[i][0], &space, &names, &e, &err);
        CHECK_THAT(status == MS_EINVAL && strstr(err.text, cases[i][1]) && !e,
                   "%s\n  '%s', not\n  '%s'", cases[i][0], err.text, cases[i][1]);
        ms_expression_free(e);
    }
}

static void repeat(char *out, size_t size, const char *piece, int n, const char *end)
{
    size_t used = 0;
    for (int i = 0; i < n; i++)
        used += (size_t)snprintf(out + used, size - used, "%s", piece);
    REQUIRE(used + strlen(end) < size);
    snprintf(out + used, size - used, "%s", end);
}

// Sizes are bounded, whatever is written.
static void test_limits(void)
{
    static char text[4 * MS_MAX_EXPRESSION];
    struct ms_expression *e;
    struct ms_error err;
    const struct {
        const char *piece, *end;
        int n;
    } cases[] = {{"(", "nesterov", 65},     {"not ", "nesterov", 65}, {"-", "1 > 0", 65},
                 {"true or ", "true", 300}, {"1 + (", "1", 64},       {"true ", "", 1000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%d times '%s'", cases[i].n, cases[i].piece);
        repeat(text, sizeof text, cases[i].piece, cases[i].n, cases[i].end);
        CHECK(ms_expression_new(text, &space, &names, &e, &err) == MS_EINVAL);
    }
    // Within them all is well.
    char inside[128];
    repeat(inside, sizeof inside, ")", 60, "");
    repeat(text, sizeof text, "(", 60, "nesterov");
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s", inside);
    CHECK(ms_expression_new(text, &space, &names, &e, &err) == 0);
    ms_expression_free(e);
    // Every beginning of an expression, and every one with a character lost, is refused or
    // accepted, and nothing else (the sanitizers watch).
    const char *whole =
        "not (optimizer == 'sgd' and `lr-rate` >= 1e-3 * -2) or batch_size % 3 != 2";
    for (size_t n = 0; n <= strlen(whole); n++)
        for (int lose = 0; lose < 2; lose++) {
            snprintf(text, sizeof text, "%.*s%s", (int)n, whole,
                     lose && whole[n] ? whole + n + 1 : "");
            if (ms_expression_new(text, &space, &names, &e, &err) == 0)
                ms_expression_free(e);
        }
}

// A text without parentheses means the same as one with all of them.
static void test_precedence(void)
{
    static const char *const pairs[][2] = {
        {"nesterov or false and false", "nesterov or (false and false)"},
        {"not nesterov and false", "(not nesterov) and false"},
        {"not batch_size < 32", "not (batch_size < 32)"},
        {"batch_size + 2 * 3 == 22", "(batch_size + (2 * 3)) == 22"},
        {"batch_size - 2 - 3 == 11", "((batch_size - 2) - 3) == 11"},
        {"batch_size / 4 / 2 == 2", "((batch_size / 4) / 2) == 2"},
        {"-batch_size + 20 == 4", "((-batch_size) + 20) == 4"},
        {"-7 % 4 == 1", "((-7) % 4) == 1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int batch = 0; batch < 4; batch++)
            for (int nesterov = 0; nesterov < 2; nesterov++) {
                CASE("%s at %d, %d", pairs[i][0], batch, nesterov);
                const double point[N] = {batch, 0.5, 1, NAN, nesterov};
                int value[2];
                for (int k = 0; k < 2; k++) {
                    struct ms_expression *e;
                    struct ms_error err = {0};
                    REQUIRE(ms_expression_new(pairs[i][k], &space, &names, &e, &err) == 0);
                    value[k] = ms_expression_holds(e, point);
                    ms_expression_free(e);
                }
                CHECK_INT(value[0], value[1]);
            }
}

int main(void)
{
    make_space();
    test_errors();
    test_limits();
    test_precedence();
    return clear_space();
}
