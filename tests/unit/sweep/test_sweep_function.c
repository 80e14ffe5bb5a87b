// SPDX-License-Identifier: MIT
//
// The function of a sweep and the numbers that it takes at a point.
#include "sweep_fixture.h"

#include "mlpsweep/function.h"

static void test_function(void)
{
    struct ms_sweep *s = parse_text("{\"objective\": {\"function\": \"branin\"},"
                                    " \"search\": {\"method\": \"random\", \"max_trials\": 2}}");
    const struct ms_function *f;
    const struct ms_data_spec *specs;
    struct ms_error err;
    struct ms_config config;
    double x[MS_MAX_FUNCTION_DIMS], point[3] = {-5, 15, 0};
    CHECK_INT(ms_sweep_kind(s), MS_KIND_FUNCTION);
    const struct ms_objective *o = ms_sweep_objective(s);
    CHECK(o->metric == -1 && !o->maximize);
    CHECK_STR(o->name, "value");
    CHECK_INT(ms_sweep_data(s, &specs), 0);
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 2); // the usual domain: [-5, 10] × [0, 15]
    CHECK(space->param[0].lo == -5 && space->param[0].hi == 10 && space->param[0].count == 0);
    CHECK(space->param[1].lo == 0 && space->param[1].hi == 15);
    CHECK_STR(space->param[0].name, "x");
    REQUIRE(ms_sweep_function(s, &f, point, x, &err) == 2);
    CHECK(x[0] == -5 && x[1] == 15);
    CHECK_STR(f->row.name, "branin");
    REQUIRE(ms_sweep_config(s, point, &config, &err) == 0);
    CHECK_INT(config.dataset, -1);
    point[1] = NAN;
    CHECK(ms_sweep_function(s, &f, point, x, &err) == MS_EINVAL);
    ms_sweep_free(s);

    // As many as are given, fixed ones among them, in the order of the file.
    s = parse_text(
        "{\"objective\": {\"function\": \"sphere\", \"goal\": \"maximize\", \"metric\": \"value\"},"
        " \"params\": {\"b\": {\"int\": [3, 5]}, \"a\": 0.5, \"c\": {\"choice\": [7, 2.5]}}}");
    CHECK(ms_sweep_objective(s)->maximize);
    CHECK_INT(ms_sweep_space(s)->n, 2);
    CHECK_INT(ms_space_size(ms_sweep_space(s)), 6);
    CHECK_STR(ms_sweep_space(s)->param[0].name, "b");
    double second[] = {2, 1};
    REQUIRE(ms_sweep_function(s, &f, second, x, &err) == 3);
    CHECK(x[0] == 5 && x[1] == 0.5 && x[2] == 2.5);
    CHECK_NEAR(f->value(x, 3), 25 + 0.25 + 6.25, 0);
    ms_sweep_free(s);
}

int main(void)
{
    test_function();
    return check_done();
}
