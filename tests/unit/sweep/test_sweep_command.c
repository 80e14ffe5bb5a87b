// SPDX-License-Identifier: MIT
//
// The arguments of a command at a point: placeholders, what is left out, and what is too long.
#include "sweep_fixture.h"

// The arguments at a point, with a bar between.
static const char *arguments(const struct ms_sweep *s, const double *point)
{
    static char joined[2000];
    const struct ms_command_ids ids = {12, 3, 4000000000u, 9};
    struct ms_error err;
    char **argv;
    REQUIRE(ms_sweep_command(s, point, &ids, &argv, &err) == 0);
    joined[0] = '\0';
    for (char **a = argv; *a; a++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s",
                 a == argv ? "" : "|", *a);
    free(argv);
    return joined;
}

static void test_command(void)
{
    struct ms_sweep *s =
        parse_text("{\"objective\": {\"command\": [\"./{program}\", \"{lr}\", "
                   "\"{opt}:{opt.name}\", \"-m{opt.m}\","
                   " \"{{lr}} }{flag}\", \"{trial} {execution} {seed} {epochs}\", "
                   "\"\", \"{deep.in.it} {list}\", \"{plain}\"],"
                   " \"metric\": \"val_accuracy\"}, \"epochs\": 7,"
                   " \"params\": {\"program\": \"x y\", \"lr\": {\"float\": [0.001, "
                   "0.1], \"log\": true, \"points\": 3},"
                   " \"opt\": {\"choice\": [{\"name\": \"sgd\", \"m\": {\"float\": [0, "
                   "1]}}, {\"name\": \"adam\"}]},"
                   " \"flag\": {\"bool\": null}, \"deep\": {\"in\": {\"it\": {\"int\": "
                   "[1, 2]}}}, \"list\": [1, {\"a\": 0.5}],"
                   " \"plain\": {\"choice\": [\"{lr}\", null, 1e-7]}},"
                   " \"search\": {\"method\": \"random\", \"max_trials\": 5}}");
    CHECK_INT(ms_sweep_kind(s), MS_KIND_COMMAND);
    const struct ms_objective *o = ms_sweep_objective(s);
    CHECK_STR(o->name, "val_accuracy");
    CHECK(o->maximize && o->metric == -1); // a name that is known has its own goal
    static const char *const names[] = {"lr", "opt", "opt.m", "flag", "deep.in.it", "plain"};
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 6);
    for (int i = 0; i < 6; i++)
        CHECK_STR(space->param[i].name, names[i]);
    const double sgd[] = {1, 0, 0.25, 1, 1, 0}, adam[] = {0, 1, NAN, 0, 0, 2},
                 null[] = {2, 1, NAN, 0, 0, 1};
    CHECK_STR(arguments(s, sgd),
              "./x y|0.01|sgd:sgd|-m0.25|{lr} }true|12 3 4000000000 9||2 [1,{\"a\":0.5}]|{lr}");
    CHECK_STR(arguments(s, adam),
              "./x y|0.001|adam:adam|{lr} }false|12 3 4000000000 9||1 [1,{\"a\":0.5}]|1e-07");
    CHECK_STR(arguments(s, null),
              "./x y|0.1|adam:adam|{lr} }false|12 3 4000000000 9||1 [1,{\"a\":0.5}]|null");
    struct ms_config config;
    struct ms_error err;
    REQUIRE(ms_sweep_config(s, sgd, &config, &err) == 0);
    CHECK_INT(config.epochs, 7);
    char *params = ms_sweep_resolved(s, "params", adam);
    REQUIRE(params);
    CHECK_STR(params,
              "{\"deep\":{\"in\":{\"it\":1}},\"flag\":false,\"list\":[1,{\"a\":0.5}],\"lr\":0.001,"
              "\"opt\":{\"name\":\"adam\"},\"plain\":1e-07,\"program\":\"x y\"}");
    free(params);
    ms_sweep_free(s);
}

// An argument of its own is left out where its value is empty or null, if it says so by '?'.
static void test_optional(void)
{
    struct ms_sweep *s = parse_text("{\"objective\": {\"command\": [\"p\", \"{amp?}\", \"{amp}\", "
                                    "\"{o.x?}\", \"{q??}\", \"{on?}\", "
                                    "\"{seed?}\", \"end\"], \"metric\": \"loss\"}, \"params\": "
                                    "{\"amp\": {\"choice\": [\"--amp\", \"\", "
                                    "null]}, \"o\": {\"choice\": [1, {\"x\": \"\"}, {\"x\": \"a "
                                    "b\"}]}, \"q?\": {\"choice\": [\"\", "
                                    "\"q\"]}, \"on\": {\"bool\": null}}}");
    static const struct {
        double point[4];
        const char *wanted;
    } rows[] = {
        {{0, 0, 0, 0}, "p|--amp|--amp|false|4000000000|end"},
        {{1, 1, 1, 1}, "p||q|true|4000000000|end"},
        {{2, 2, 1, 1}, "p|null|a b|q|true|4000000000|end"},
    };
    for (int i = 0; i < 3; i++)
        CHECK_STR(arguments(s, rows[i].point), rows[i].wanted);
    ms_sweep_free(s);
}

// Integers have every digit, however large: doubles hold none of these but the first and the last,
// which %g would write as 2e+15 and 1e+20.
static void test_integers(void)
{
    static const char *const digits[] = {"2000000000000000",
                                         "9007199254740993",
                                         "-9223372036854775808",
                                         "18446744073709551615",
                                         "123456789012345678901234567",
                                         "100000000000000000000"};
    struct ms_sweep *s = parse_text(
        "{\"objective\": {\"command\": [\"p\", \"{n}\"], \"metric\": \"loss\"}, \"params\": "
        "{\"n\": "
        "{\"choice\": [2000000000000000, 9007199254740993, -9223372036854775808, "
        "18446744073709551615, 123456789012345678901234567, 100000000000000000000]}, \"fixed\": "
        "9007199254740993, \"range\": {\"int\": [9007199254740990, 9007199254740992]}, \"real\": "
        "1e19}}");
    for (int i = 0; i < 6; i++) {
        char wanted[300];
        const double point[2] = {i, 2};
        snprintf(wanted, sizeof wanted, "p|%s", digits[i]);
        CHECK_STR(arguments(s, point), wanted);
        char *params = ms_sweep_resolved(s, "params", point);
        snprintf(wanted, sizeof wanted,
                 "{\"fixed\":9007199254740993,\"n\":%s,\"range\":9007199254740992,\"real\":1e+19}",
                 digits[i]);
        CHECK_STR(params, wanted);
        free(params);
    }
    ms_sweep_free(s);
}

// A long text is passed whole, one that is too long is refused and not cut.
static void test_long(void)
{
    static char text[300000], value[70000];
    for (int size = 60000; size < 70000; size += 9000) {
        memset(value, 'v', (size_t)size);
        value[size] = '\0';
        snprintf(text, sizeof text,
                 "{\"objective\": {\"command\": [\"p\", \"a{t}\"], \"metric\": \"loss\"},"
                 " \"params\": {\"t\": {\"choice\": [\"%s\", 1]}}}",
                 value);
        struct ms_sweep *s = parse_text(text);
        struct ms_error err;
        const double point[] = {0};
        const struct ms_command_ids ids = {0};
        char **argv;
        int status = ms_sweep_command(s, point, &ids, &argv, &err);
        if (size < 65536)
            CHECK(status == 0 && strlen(argv[1]) == (size_t)size + 1 && argv[1][size] == 'v');
        else
            CHECK(status == MS_ELIMIT && argv == NULL);
        free(argv);
        ms_sweep_free(s);
    }
}

// As many parameters as there may be, the last of them named.
static void test_many(void)
{
    static char text[MS_MAX_PARAMS * 40];
    int n = snprintf(text, sizeof text,
                     "{\"objective\": {\"command\": [\"p\", \"{p%d}{o.x}\"], \"metric\": \"loss\"},"
                     " \"params\": {\"o\": {\"choice\": [1, {\"x\": \"y\"}]}",
                     MS_MAX_PARAMS - 2);
    for (int i = 0; i + 1 < MS_MAX_PARAMS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, ", \"p%d\": {\"int\": [1, 1]}", i);
    snprintf(text + n, sizeof text - (size_t)n, "}}");
    struct ms_sweep *s = parse_text(text);
    double point[MS_MAX_PARAMS] = {1};
    CHECK_STR(arguments(s, point), "p|1y");
    ms_sweep_free(s);
}

int main(void)
{
    test_command();
    test_optional();
    test_integers();
    test_long();
    test_many();
    return check_done();
}
