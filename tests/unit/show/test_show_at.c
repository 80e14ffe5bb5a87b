// SPDX-License-Identifier: MIT
//
// The objective taken at other epochs than the sweep's (rank --at), of a small store whose values
// are worked out by hand.
#include "tests/unit/store/store_fixture.h"

#include "coordinator/show/show_winner.h"

static const char *path;

static void sql(const char *text)
{
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK_THAT(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", text,
               sqlite3_errmsg(db));
    sqlite3_close(db);
}

enum { EPOCHS = 4 };

// Curves of val_accuracy, in sixteenths, so that every mean is exact.
static const struct curve {
    uint32_t trial, execution;
    double value[EPOCHS];
} curves[] = {
    {0, 0, {4, 15, 6, 8}},                            // one lucky epoch
    {0, 1, {4, 5, 14, 6}},   {1, 0, {8, 10, 12, 12}}, // steady
    {1, 1, {8, 12, 10, 14}}, {1, 2, {6, 7, 2, 4}},    // confirms
};
enum { CURVES = sizeof curves / sizeof *curves };

static void fill(const char *objective)
{
    char text[1500];
    snprintf(text, sizeof text, SWEEP("at", 4, "%s"), objective);
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 2);
    put_trial(s, 1, 1, 0.1, 0, 3);
    put_trial(s, 2, 1, 0.2, 0, 1);
    for (int i = 0; i < CURVES; i++) {
        double values[EPOCHS * COLUMNS];
        for (int e = 0; e < EPOCHS; e++) {
            values[e * COLUMNS] = values[e * COLUMNS + 1] = 0.5;
            values[e * COLUMNS + 2] = curves[i].value[e] / 16;
        }
        OK(ms_store_running(s, curves[i].trial, curves[i].execution, 1, &err));
        CHECK_INT(put_epochs(s, curves[i].trial, curves[i].execution, 1, EPOCHS, values), 0);
        put_end(s, curves[i].trial, curves[i].execution, MS_END_COMPLETED, true, EPOCHS, EPOCHS,
                "");
    }
    const double lost[] = {0.5, 0.5, 0.99};
    OK(ms_store_running(s, 2, 0, 1, &err));
    CHECK_INT(put_epochs(s, 2, 0, 1, 1, lost), 0);
    put_end(s, 2, 0, MS_END_CRASHED, true, 1, 1, "");
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    sql("UPDATE execution SET purpose = 'confirm' WHERE number = 2");
}

static struct ms_rank_scores scores_at(enum ms_at at, int window, bool confirm)
{
    struct ms_store *s;
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    info.at = at;
    info.window = window;
    OK(ms_store_scores_at(s, &info, confirm, &sc, &err));
    OK(ms_store_close(s, &err));
    return sc;
}

static void test_by_hand(void)
{
    static const struct {
        enum ms_at at;
        int window;
        double wanted[CURVES - 1], confirm; // in sixteenths
    } cases[] = {
        {MS_AT_BEST, 1, {15, 14, 12, 14}, 7},
        {MS_AT_LAST, 1, {8, 6, 12, 14}, 4},
        {MS_AT_LAST_MEAN, 2, {7, 10, 12, 12}, 3},
        {MS_AT_BEST_MEAN, 2, {10.5, 10, 12, 12}, 6.5},
        {MS_AT_BEST_MEAN, 4, {8.25, 7.25, 10.5, 11}, 4.75},
        {MS_AT_LAST_MEAN, 100, {8.25, 7.25, 10.5, 11}, 4.75}, // of as many as there are
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s over %d", ms_sweep_at_names[cases[i].at], cases[i].window);
        struct ms_rank_scores sc = scores_at(cases[i].at, cases[i].window, false);
        REQUIRE(sc.n == CURVES); // the last one failed
        for (int k = 0; k < CURVES - 1; k++) {
            CHECK(sc.trial[k] == curves[k].trial && sc.execution[k] == curves[k].execution);
            CHECK(sc.value[k] == cases[i].wanted[k] / 16);
        }
        CHECK(sc.trial[CURVES - 1] == 2 && isnan(sc.value[CURVES - 1]));
        ms_rank_scores_clear(&sc);
        sc = scores_at(cases[i].at, cases[i].window, true);
        CHECK(sc.n == 1 && sc.trial[0] == 1 && sc.value[0] == cases[i].confirm / 16);
        ms_rank_scores_clear(&sc);
    }
}

// The sweep's own kind of epoch gives the bits that the run has stored.
static void test_same_bits(void)
{
    struct ms_store *s;
    struct ms_sweep_info info;
    struct ms_rank_scores stored, taken;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    OK(ms_store_scores(s, info.id, &stored, &err));
    OK(ms_store_scores_at(s, &info, false, &taken, &err));
    REQUIRE(stored.n == taken.n && stored.n == CURVES);
    CHECK(memcmp(stored.trial, taken.trial, sizeof *stored.trial * CURVES) == 0);
    for (int i = 0; i < CURVES; i++)
        CHECK(isnan(stored.value[i]) ? isnan(taken.value[i]) : stored.value[i] == taken.value[i]);
    ms_rank_scores_clear(&stored);
    ms_rank_scores_clear(&taken);
    OK(ms_store_close(s, &err));
}

// By the last epoch another trial wins, and what confirms it is of its last epoch, too.
static void test_ranking(void)
{
    struct ms_show s;
    struct ms_show_winner w;
    OK(ms_show_open(&s, path, NULL, &err));
    OK(ms_show_take_at(&s, -1, -1, &err));
    CHECK(!s.at_given);
    OK(ms_show_rank(&s, -1, -1, &err));
    CHECK(s.rank[0].trial == 0 && s.rank[0].mean == 14.5 / 16);
    ms_show_close(&s);
    OK(ms_show_open(&s, path, NULL, &err));
    OK(ms_show_take_at(&s, MS_AT_LAST, -1, &err));
    CHECK(s.at_given && s.own.at == MS_AT_BEST);
    OK(ms_show_rank(&s, -1, -1, &err));
    CHECK(s.rank[0].trial == 1 && s.rank[0].mean == 13. / 16);
    CHECK(s.rank[2].trial == 2 && s.rank[2].n == 0 && s.rank[2].n_failed == 1);
    OK(ms_show_winner(&s, &w, &err));
    CHECK(w.trial == 1 && w.confirmed.n == 1 && w.confirmed.mean == 4. / 16);
    ms_show_close(&s);
}

static void test_window(void)
{
    struct ms_show s;
    OK(ms_show_open(&s, path, NULL, &err));
    CHECK_INT(ms_show_take_at(&s, -1, 3, &err), MS_EINVAL);
    CHECK_STR(err.text, "--window: found with 'best', which takes a single epoch; allowed: with "
                        "--at best_mean, last_mean");
    CHECK_INT(ms_show_take_at(&s, MS_AT_LAST_MEAN, 101, &err), MS_EINVAL);
    CHECK_STR(err.text, "--window: found 101; allowed: 1 to 100");
    CHECK(!s.at_given && s.sweep.at == MS_AT_BEST);
    OK(ms_show_take_at(&s, MS_AT_LAST_MEAN, -1, &err));
    CHECK_INT(s.sweep.window, 5);
    ms_show_close(&s);
}

// Of a sweep by means: its window is the default, and --window alone changes it.
static void test_of_means(void)
{
    struct ms_show s;
    path = strdup(in_folder("means.db"));
    fill(MAXIMIZE ", \"at\": \"best_mean\", \"window\": 3");
    test_same_bits();
    OK(ms_show_open(&s, path, NULL, &err));
    OK(ms_show_take_at(&s, MS_AT_LAST_MEAN, -1, &err));
    CHECK_INT(s.sweep.window, 3);
    ms_show_close(&s);
    OK(ms_show_open(&s, path, NULL, &err));
    OK(ms_show_take_at(&s, -1, 2, &err));
    CHECK(s.at_given && s.sweep.at == MS_AT_BEST_MEAN && s.sweep.window == 2);
    ms_show_close(&s);
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("best.db"));
    fill(MAXIMIZE);
    test_by_hand();
    test_same_bits();
    test_ranking();
    test_window();
    test_of_means();
    fixture_clear();
    return check_done();
}
