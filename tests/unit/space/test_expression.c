// SPDX-License-Identifier: MIT
#include "common/space/expression.h"

#include <cJSON.h>

#include "check.h"
#include "mlpsweep/sweep.h"

enum { BATCH, RATE, OPTIMIZER, MOMENTUM, NESTEROV, N };

static struct ms_space space;
static cJSON *choices;

static void make_space(void)
{
    struct ms_error err;
    choices = cJSON_Parse("[{\"name\": \"sgd\"}, \"adam\", 3, null]");
    REQUIRE(choices != NULL);
    char names[N][16] = {"batch_size", "lr-rate", "optimizer", "opt.momentum", "nesterov"};
    const struct ms_param params[N] = {
        [BATCH] = {.name = names[0],
                   .kind = MS_INT,
                   .lo = 16,
                   .hi = 128,
                   .step = 2,
                   .log = true,
                   .count = 4},
        [RATE] = {.name = names[1], .kind = MS_FLOAT, .lo = 0, .hi = 1},
        [OPTIMIZER] = {.name = names[2], .kind = MS_CHOICE, .values = choices, .count = 4},
        [MOMENTUM] = {.name = names[3],
                      .kind = MS_FLOAT,
                      .lo = 0,
                      .hi = 1,
                      .step = 0.1,
                      .count = 11,
                      .condition = MS_IS,
                      .parent = OPTIMIZER,
                      .parent_value = 0},
        [NESTEROV] = {.name = names[4], .kind = MS_BOOL, .count = 2},
    };
    ms_space_init(&space);
    for (int i = 0; i < N; i++)
        REQUIRE(ms_space_add(&space, &params[i], &err) == i);
}

static int find(void *ctx, const char *text, struct ms_expr_name *name, struct ms_error *err)
{
    (void)ctx;
    for (int i = 0; i < N; i++)
        if (strcmp(space.param[i].name, text) == 0) {
            struct ms_expr_case c = {.param = i};
            return ms_expression_add_case(name, &c, err);
        }
    struct ms_expr_case c = {.param = -1, .constant = {MS_EXPR_NUMBER, 5, NULL}};
    return strcmp(text, "epochs") == 0 ? ms_expression_add_case(name, &c, err) : 0;
}

static const char *nearest(void *ctx, const char *text)
{
    (void)ctx;
    return strncmp(text, "batch", 5) == 0 ? "batch_size" : NULL;
}

static const struct ms_expr_names names = {.find = find, .nearest = nearest};

static void test_values(void)
{
    // 32, 0.25, sgd with momentum 0.3, nesterov; and adam, where there is no momentum.
    const double sgd[N] = {1, 0.25, 0, 3, 1}, adam[N] = {3, 0.75, 1, NAN, 0};
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

// Names in a sweep file: parameters, constants, inside alternatives and layers.
static void test_names_of_a_sweep(void)
{
    static const struct {
        const char *require;
        int allowed; // of 3 · (1 + 3) combinations: layers, sgd or adam with 3 rates
    } cases[] = {
        {"hidden.layers < 3", 8},
        {"hidden.1.units == 4 or hidden.layers == 3", 12},
        {"hidden.3.units != 4", 8}, // unknown allows
        {"hidden.same.activation == 'relu'", 12},
        {"hidden.2.units > 4", 4}, // only where there is no second layer
        {"hidden.2.activation == 'relu' and hidden.2.units == 4", 12},
        {"hidden.1.activation == 'relu'", 12},
        {"optimizer == 'sgd'", 3},
        {"optimizer.name == 'sgd'", 3},
        {"optimizer.learning_rate > 0.05", 6}, // sgd's own, and one of adam's
        {"optimizer.momentum == 0.9", 12},     // with adam unknown
        {"epochs == 5 and early_stopping.patience < epochs", 12},
        {"loss == 'mse'", 12},
    };
    const char *text = "{\"data\": {\"synthetic\": \"prod\"}, \"hidden\": {\"layers\": {\"int\": "
                       "[1, 3]}, \"same\": {\"activation\": "
                       "\"relu\"}, \"each\": {\"units\": 4}}, \"loss\": \"mse\", \"epochs\": 5, "
                       "\"early_stopping\": {\"patience\": 2}, "
                       "\"optimizer\": {\"choice\": [{\"name\": \"sgd\", \"learning_rate\": 0.1, "
                       "\"momentum\": 0.9, \"nesterov\": "
                       "{\"choice\": [true]}}, {\"name\": \"adam\", \"learning_rate\": "
                       "{\"choice\": [0.001, 0.01, 0.1]}}]}, "
                       "\"require\": [\"%s\"]}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[2048];
        struct ms_sweep *s;
        struct ms_sweep_problems problems;
        double point[16];
        int n = 0, all = 0;
        snprintf(file, sizeof file, text, cases[i].require);
        int status = ms_sweep_parse("t.json", file, strlen(file), &s, &problems);
        CHECK_THAT(status == 0, "%s: %s", cases[i].require,
                   problems.n ? problems.item[0].text : "?");
        ms_sweep_problems_clear(&problems);
        if (status)
            continue;
        for (bool more = ms_space_first(ms_sweep_space(s), point); more;
             more = ms_space_next(ms_sweep_space(s), point)) {
            n += ms_sweep_feasible(s, point);
            all++;
        }
        CHECK_INT(all, 12);
        CHECK_THAT(n == cases[i].allowed, "%s: %d of %d", cases[i].require, n, all);
        ms_sweep_free(s);
    }
}

int main(void)
{
    make_space();
    test_values();
    test_errors();
    test_limits();
    test_names_of_a_sweep();
    ms_space_clear(&space);
    cJSON_Delete(choices);
    return check_done();
}
