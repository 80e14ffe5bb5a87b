// SPDX-License-Identifier: MIT
//
// Every row of the table of scalings against values worked out by hand: fitted to training rows
// alone, used on all.
#include "unit/source/source_helpers.h"

// Columns: ordinary, constant (in the training rows), large with a small spread. The last row is
// the test set and must not count.
static const char *const text = "a,b,c,y\n"
                                "1,0.1,1000001,0.5\n"
                                "2,0.1,1000002,1\n"
                                "4,0.1,1000003,2\n"
                                "5,0.1,1000006,3\n"
                                "100,0.5,0,4.5\n";

static struct loaded load_scaled(const char *name)
{
    tmp_write("t.csv", text, strlen(text));
    struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
    s.target[0] = 'y';
    s.test = 0.2;
    s.scaling =
        ms_table_default(&ms_dataset_scaling_table, ms_table_find(&ms_dataset_scaling_table, name));
    if (!strcmp(name, "divide_by"))
        s.scaling.arg[0] = 8;
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.n_train, 4);
    CHECK_INT(l.d.n_test, 1);
    return l;
}

// Every row of the table on the same data. scikit-learn's StandardScaler: mean 3, sd sqrt(2.5);
// mean 1000003, sd sqrt(3.5).
#define A 1.5811388300841898
#define C 1.8708286933869707
static const struct {
    const char *name;
    double rows[5][3];
} scaled[] = {
    {"none",
     {{1, 0.1, 1000001}, {2, 0.1, 1000002}, {4, 0.1, 1000003}, {5, 0.1, 1000006}, {100, 0.5, 0}}},
    {"divide_by",
     {{0.125, 0.0125, 1000001 / 8.0},
      {0.25, 0.0125, 1000002 / 8.0},
      {0.5, 0.0125, 1000003 / 8.0},
      {0.625, 0.0125, 1000006 / 8.0},
      {12.5, 0.0625, 0}}},
    {"minmax", {{0, 0, 0}, {0.25, 0, 0.2}, {0.75, 0, 0.4}, {1, 0, 1}, {24.75, 0.4, -200000.2}}},
    {"standard",
     {{-2 / A, 0, -2 / C},
      {-1 / A, 0, -1 / C},
      {1 / A, 0, 0},
      {2 / A, 0, 3 / C},
      {97 / A, 0.4, -1000003 / C}}},
};

static void check_row(const char *name)
{
    size_t k = 0, n = sizeof scaled / sizeof *scaled;
    while (k < n && strcmp(scaled[k].name, name) != 0)
        k++;
    CHECK_THAT(k < n, "what scaling '%s' makes is not compared with anything", name);
    if (k == n)
        return;
    struct loaded l = load_scaled(name);
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 3; j++)
            CHECK_NEAR(x_at(&l.d, i, j), scaled[k].rows[i][j], 1e-6);
    }
    CHECK(y_at(&l.d, 4, 0) == 4.5); // targets stay
    free(l.block);
}

int main(void)
{
    tmp_make();
    for (int i = 0; i < ms_dataset_scaling_table.n; i++) {
        CASE("%s", ms_table_row(&ms_dataset_scaling_table, i)->name);
        check_row(ms_table_row(&ms_dataset_scaling_table, i)->name);
    }
    const struct ms_row *row = ms_table_row(&ms_dataset_scaling_table,
                                            ms_table_find(&ms_dataset_scaling_table, "divide_by"));
    CHECK_STR(row->args[0].name, "value");
    CHECK(row->args[0].def == 255 && row->args[0].lo_open);
    tmp_remove();
    return check_done();
}
