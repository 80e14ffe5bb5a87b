// SPDX-License-Identifier: MIT
//
// The view of one sweep: a column per parameter, a name that SQL takes without quotes, and no clash
// with columns or views that are there.
#include "store_fixture.h"

// Begins a sweep of this name and ends it.
static void make(const char *path, const char *name, const char *params)
{
    char text[2000];
    snprintf(
        text, sizeof text,
        "{\"name\": \"%s\", \"objective\": {\"command\": [\"true\", \"{x}\"], \"metric\": \"v\","
        " \"goal\": \"minimize\"}, \"params\": {\"x\": {\"float\": [0, 1]}%s},"
        " \"search\": {\"method\": \"random\", \"max_trials\": 3}}",
        name, params);
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    const double point[4] = {0.5, 0.25, 0.125, 0};
    const struct ms_cost cost = {.parameters = NAN, .flops = NAN, .bytes = NAN};
    OK(ms_store_trial(s, 0, point, &cost, 1, &err));
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

static void test_names(void)
{
    const char *path = in_folder("names.sqlite");
    make(path, "a", "");
    make(path, "a", ""); // continued: the same view
    make(path, "A", ""); // SQL takes both for one name
    make(path, "a-b", "");
    make(path, "a.b", "");
    CHECK_SQL(path, "SELECT group_concat(name || ' ' || view_name, ', ') FROM sweep",
              "a trials_a, A trials_A_2, a-b trials_a_b, a.b trials_a_b_2");
    CHECK_SQL(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'trials%'", "4");
    CHECK_SQL(path, "SELECT x || ' ' || n FROM trials_a_b_2", "0.5 0");
}

// A parameter with the name of a column stands behind "param.".
static void test_clash(void)
{
    const char *path = in_folder("clash.sqlite");
    make(path, "c", ", \"mean\": {\"float\": [0, 1]}, \"N\": {\"float\": [0, 1]}");
    CHECK_SQL(path, "SELECT group_concat(name, ' ') FROM pragma_table_info('trials_c')",
              "trial x param.mean param.N n n_failed mean sd low95 high95 min median max wall_s "
              "weights");
    CHECK_SQL(path, "SELECT \"param.mean\" || ' ' || \"param.N\" || ' ' || n FROM trials_c",
              "0.25 0.125 0");
}

int main(void)
{
    fixture_init();
    test_names();
    test_clash();
    fixture_clear();
    return check_done();
}
