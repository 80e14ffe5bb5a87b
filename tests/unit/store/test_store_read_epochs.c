// SPDX-License-Identifier: MIT
//
// Epochs as a table: rows of one epoch become one row, a metric that was not reported is told from
// one that was NaN, and the last epochs are those of the best execution.
#include "store_old.h"

static const char *path;

static void fill(void)
{
    struct ms_sweep *sweep = parse(SWEEP("epochs", 3, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 1, 3);
    static const double good[] = {0.5, 0.6, 0.8, NAN, 0.5, 0.9, 0.3, INFINITY, 0.7};
    OK(ms_store_running(s, 0, 1, 1, &err));
    put_epochs(s, 0, 1, 1, 3, good);
    put_end(s, 0, 1, MS_END_COMPLETED, true, 3, 3, "");
    put_execution(s, 0, 0, 0.6); // two epochs, worse
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    sqlite3 *db; // execution 0 reported no val_loss in its second epoch
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db,
                         "DELETE FROM epoch_metric WHERE metric = 'val_loss' AND epoch = 2 AND"
                         " execution_id = 1",
                         NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static void test_table(struct ms_store *s)
{
    struct ms_store_names m;
    struct ms_epoch_table t;
    OK(ms_store_metrics(s, 1, &m, &err));
    REQUIRE(m.n == 3); // loss first, then by name
    CHECK_STR(m.name[0], "loss");
    CHECK_STR(m.name[1], "val_loss");
    CHECK_STR(m.name[2], "val_accuracy");
    OK(ms_store_epoch_table(s, 1, 0, &m, &t, &err));
    REQUIRE(t.n == 5 && t.n_metrics == 3);
    static const int64_t execution[] = {0, 0, 1, 1, 1}, epoch[] = {1, 2, 1, 2, 3};
    for (int i = 0; i < 5; i++) {
        CASE("row %d", i);
        CHECK_INT(t.execution[i], execution[i]);
        CHECK_INT(t.epoch[i], epoch[i]);
        CHECK_INT(t.has[3 * i + 1], i != 1);
        CHECK(t.has[3 * i] && t.has[3 * i + 2]);
    }
    CHECK(t.value[0] == 0.7 && t.value[2] == 0.6);
    CHECK(isnan(t.value[3 * 3]) && t.has[3 * 3]); // NaN, and reported
    CHECK(isnan(t.value[3 * 1 + 1]));             // not reported
    CHECK(isinf(t.value[3 * 4 + 1]) && t.value[3 * 4 + 2] == 0.7);
    ms_store_epoch_table_clear(&t);
    OK(ms_store_epoch_table(s, 1, 7, &m, &t, &err)); // no such trial
    CHECK_INT(t.n, 0);
    ms_store_names_clear(&m);
    OK(ms_store_epoch_table(s, 1, 0, &m, &t, &err)); // no metric asked for
    CHECK_INT(t.n, 0);
}

static void test_last(struct ms_store *s)
{
    struct ms_last_epochs l;
    OK(ms_store_last_epochs(s, 1, true, 2, &l, &err));
    CHECK_INT(l.number, 1); // 0.9 beats 0.6
    REQUIRE(l.table.n == 2 && l.metrics.n == 3);
    CHECK(l.table.epoch[0] == 2 && l.table.epoch[1] == 3 && l.table.execution[0] == 1);
    CHECK(isnan(l.table.value[0]) && l.table.value[2] == 0.9);
    ms_store_last_epochs_clear(&l);
    OK(ms_store_last_epochs(s, 1, false, 10, &l, &err));
    CHECK(l.number == 0 && l.table.n == 2);
    ms_store_last_epochs_clear(&l);
    OK(ms_store_last_epochs(s, 9, true, 2, &l, &err));
    CHECK(l.number == -1 && l.table.n == 0);
}

int main(void)
{
    fixture_init();
    char name[200];
    snprintf(name, sizeof name, "%s", in_folder("epochs.sqlite"));
    path = name;
    fill();
    struct ms_store *s;
    OK(ms_store_open_read(path, &s, &err));
    test_table(s);
    test_last(s);
    OK(ms_store_close(s, &err));
    fixture_clear();
    return check_done();
}
