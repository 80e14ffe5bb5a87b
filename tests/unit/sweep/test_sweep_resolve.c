// SPDX-License-Identifier: MIT
//
// Sections of a file at a point, with a value in place of every parameter.
#include "sweep_fixture.h"

static int index_of(const struct ms_space *space, const char *name)
{
    for (int i = 0; i < space->n; i++)
        if (strcmp(space->param[i].name, name) == 0)
            return i;
    CHECK_THAT(0, "no parameter %s", name);
    exit(1);
}

static void test_resolved(void)
{
    struct ms_sweep *s = parse_text(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": {\"layers\": {\"int\": [1, 3]},"
        "\"same\": {\"activation\": {\"choice\": [\"relu\", \"tanh\"]}},"
        "\"each\": {\"units\": {\"int\": [1, 9]}}}, \"shuffle\": {\"bool\": null}}");
    const struct ms_space *space = ms_sweep_space(s);
    double point[6];
    REQUIRE(space->n == 6);
    CHECK(ms_space_first(space, point));
    point[index_of(space, "hidden.layers")] = 1;
    point[index_of(space, "hidden.same.activation")] = 1;
    point[index_of(space, "hidden.1.units")] = 4;
    point[index_of(space, "hidden.2.units")] = 7;
    char *hidden = ms_sweep_resolved(s, "hidden", point),
         *shuffle = ms_sweep_resolved(s, "shuffle", point);
    REQUIRE(hidden && shuffle);
    CHECK_STR(hidden,
              "[{\"activation\":\"tanh\",\"units\":5},{\"activation\":\"tanh\",\"units\":8}]");
    CHECK_STR(shuffle, "false");
    CHECK(ms_sweep_resolved(s, "nothing", point) == NULL);
    free(hidden);
    free(shuffle);
    ms_sweep_free(s);
}

int main(void)
{
    test_resolved();
    return check_done();
}
