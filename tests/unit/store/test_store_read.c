// SPDX-License-Identifier: MIT
//
// Sweeps and their scores, read back from a store that a program of an earlier version wrote.
#include "store_old.h"

static void test_find(struct ms_store *s)
{
    struct ms_sweep_info info;
    OK(ms_store_find(s, NULL, &info, &err));
    CHECK_INT(info.id, 1);
    CHECK_STR(info.name, "old");
    CHECK_STR(info.state, "finished");
    CHECK_STR(info.metric, "val_loss");
    CHECK(!info.rule.maximize && info.at == MS_AT_BEST && info.rule.by == MS_BY_MEAN);
    CHECK_INT(info.trials_planned, 6);
    OK(ms_store_find(s, "old", &info, &err));
    CHECK_INT(ms_store_find(s, "odl", &info, &err), MS_EINVAL);
    CHECK(strstr(err.text, "no sweep 'odl'; it has: old; did you mean 'old'?") != NULL);
}

static void test_sweeps(struct ms_store *s)
{
    struct ms_store_names names;
    OK(ms_store_sweeps(s, &names, &err));
    REQUIRE(names.n == 1);
    CHECK_STR(names.name[0], "old");
    ms_store_names_clear(&names);
    CHECK(names.n == 0 && !names.name);
}

static void test_scores(struct ms_store *s)
{
    static const double value[] = {2.52281853403377e-05, 8.93111377093898e-05,
                                   9.40038079892648e-05, NAN,
                                   0.00378865303626672,  3.19086000050258e-05};
    struct ms_rank_scores sc;
    OK(ms_store_scores(s, 1, &sc, &err));
    REQUIRE(sc.n == 6);
    for (int i = 0; i < 6; i++) {
        CASE("trial %d", i);
        CHECK_INT(sc.trial[i], i);
        CHECK_INT(sc.execution[i], 0);
        CHECK_INT(sc.pruned[i], i == 1 || i == 2);
        CHECK(isnan(value[i]) ? isnan(sc.value[i]) : fabs(sc.value[i] / value[i] - 1) < 1e-12);
    }
    ms_rank_scores_clear(&sc);
    OK(ms_store_scores(s, 99, &sc, &err)); // no such sweep
    CHECK_INT(sc.n, 0);
    ms_rank_scores_clear(&sc);
}

// A run that says it is running, and is not alive, was killed. objective.by is read by its name.
static void test_killed(void)
{
    struct ms_sweep_info info;
    const char *path = old_store(4);
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db,
                         "UPDATE run SET state = 'running'; UPDATE sweep SET rank_by ="
                         " 'lower_bound', at = 'last'",
                         NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    struct ms_store *s;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    CHECK_STR(info.state, "killed");
    CHECK(info.rule.by == MS_BY_LOWER_BOUND && info.at == MS_AT_LAST);
    OK(ms_store_close(s, &err));
}

int main(void)
{
    fixture_init();
    struct ms_store *s = open_old();
    test_find(s);
    test_sweeps(s);
    test_scores(s);
    OK(ms_store_close(s, &err));
    test_killed();
    fixture_clear();
    return check_done();
}
