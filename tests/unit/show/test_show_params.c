// SPDX-License-Identifier: MIT
//
// The parameters of a sweep as columns and as a line: labels, what varies, the values of a trial.
#include "tests/unit/store/store_fixture.h"

#include "coordinator/show/show.h"

// Parameters of layers stand together; constant ones are left out.
static void test_line(void)
{
    struct ms_show_param item[] = {
        {"hidden.layers", "layers", true},       {"hidden.1.units", "1.units", false},
        {"hidden.1.dropout", "dropout", false},  {"hidden.2.units", "2.units", true},
        {"batch_size", "batch_size", false},     {"optimizer.momentum", "optimizer.momentum", true},
        {"learning_rate", "learning_rate", true}};
    const struct ms_show_params p = {7, item};
    char layers[] = "2", one[] = "64", drop[] = "0.1", two[] = "32", batch[] = "8";
    char rate[] = "0.00012345678912345";
    char *value[] = {layers, one, drop, two, batch, NULL, rate};
    char text[200], small[10];
    CHECK_STR(ms_show_line(&p, value, text, sizeof text),
              "layers=2 units=64,32 learning_rate=0.000123457");
    CHECK_STR(ms_show_line(&p, value, small, sizeof small), "layers=2 ");
    value[3] = NULL;
    CHECK_STR(ms_show_line(&p, value, text, sizeof text),
              "layers=2 units=64 learning_rate=0.000123457");
}

// A label is the shortest name that is not another parameter's.
static void test_labels(void)
{
    const char *path = in_folder("labels.sqlite");
    struct ms_sweep *sweep =
        parse("{\"name\": \"labels\", \"data\": {\"synthetic\": \"xor\"},"
              " \"hidden\": {\"layers\": 2, \"each\": {\"units\": {\"choice\": [4, 8]}}},"
              " \"optimizer\": {\"choice\": [\"adam\", {\"name\": \"sgd\", \"momentum\":"
              " {\"choice\": [0.5, 0.9]}}]}, \"epochs\": 2,"
              " \"search\": {\"method\": \"random\", \"max_trials\": 3}}");
    const struct ms_space *space = ms_sweep_space(sweep);
    REQUIRE(space->n == 4);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    const struct ms_cost cost = {.parameters = 17};
    double point[2][4] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
    for (int t = 0; t < 2; t++) {
        for (int i = 0; i < 4; i++) // the same, but for the optimizer and the first layer
            if (strcmp(space->param[i].name, "optimizer") == 0 ||
                strcmp(space->param[i].name, "hidden.1.units") == 0)
                point[t][i] = t;
            else if (strcmp(space->param[i].name, "optimizer.momentum") == 0)
                point[t][i] = t ? 1 : NAN;
        OK(ms_store_trial(s, (uint32_t)t, point[t], &cost, 1, &err));
    }
    struct ms_show show = {.store = s, .sweep = {.id = 1}};
    struct ms_show_params p;
    OK(ms_show_params(&show, &p, &err));
    static const struct ms_show_param wanted[] = {
        {(char *)"hidden.1.units", (char *)"1.units", true},
        {(char *)"hidden.2.units", (char *)"2.units", false},
        {(char *)"optimizer", (char *)"optimizer", true},
        {(char *)"optimizer.momentum", (char *)"optimizer.momentum", true}, // not in force in one
    };
    REQUIRE(p.n == 4);
    for (int i = 0; i < 4; i++) {
        CHECK_STR(p.item[i].name, wanted[i].name);
        CHECK_STR(p.item[i].label, wanted[i].label);
        CHECK_INT(p.item[i].varies, wanted[i].varies);
    }
    char **row, line[200];
    OK(ms_show_row(&show, &p, 0, &row, &err));
    CHECK(row[3] == NULL);
    CHECK_STR(ms_show_line(&p, row, line, sizeof line), "units=4,4 optimizer=adam");
    ms_show_row_free(&p, row);
    OK(ms_show_row(&show, &p, 1, &row, &err));
    CHECK_STR(ms_show_line(&p, row, line, sizeof line),
              "units=8,4 optimizer=sgd optimizer.momentum=0.9");
    ms_show_row_free(&p, row);
    ms_show_params_clear(&p);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    test_line();
    test_labels();
    fixture_clear();
    return check_done();
}
