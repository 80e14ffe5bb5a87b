// SPDX-License-Identifier: MIT
//
// The views, asked as a user asks: through the sqlite3 program where there is one, and compared
// with what rank.c says of the same numbers.
#include "coordinator/store/store_internal.h"
#include "store_fixture.h"

#include "coordinator/rank/rank.h"

// Trial 0: three executions; 1: one; 2: two, one of them diverged without a number; 3: failed only.
static void fill(const char *path, const char *text)
{
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 3);
    put_execution(s, 0, 0, 0.80);
    put_execution(s, 0, 1, 0.90);
    put_execution(s, 0, 2, 0.82);
    put_trial(s, 1, 1, 0.001, 1, 2);
    put_execution(s, 1, 0, 0.85);
    put_trial(s, 2, 1, 0.05, 0, 4);
    put_execution(s, 2, 0, 0.30);
    const double nan_row[COLUMNS] = {NAN, NAN, NAN};
    CHECK_INT(put_epochs(s, 2, 1, 1, 1, nan_row), 0);
    put_end(s, 2, 1, MS_END_DIVERGED, true, 1, 2, "the loss was not finite");
    put_execution(s, 2, 2, 0.40);
    put_execution(s, 2, 3, 0.10);
    put_trial(s, 3, NAN, 0.05, 0, 1);
    put_end(s, 3, 0, MS_END_CRASHED, false, 0, 2, "killed by signal 11");
    put_end(s, 3, 0, MS_END_ERROR, true, 0, 2, "out of memory");
    put_trial(s, 4, 0, 0.05, 0, 1); // waits
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

// What `sqlite3 FILE SQL` prints.
static const char *cli(const char *path, const char *sql)
{
    static char out[4000];
    char command[2000];
    snprintf(command, sizeof command, "sqlite3 '%s' \"%s\" 2>&1", path, sql);
    FILE *p = popen(command, "r");
    REQUIRE(p != NULL);
    const size_t n = fread(out, 1, sizeof out - 1, p);
    out[n] = '\0';
    pclose(p);
    return out;
}

static void test_with_program(const char *path)
{
    if (system("sqlite3 -version >/dev/null 2>&1") != 0) {
        fprintf(stderr, "no sqlite3 program: its part is skipped\n");
        return;
    }
    CHECK_STR(cli(path, "SELECT rank, trial, n, round(mean, 6), round(sd, 6), best, parameters"
                        " FROM leaderboard"),
              "1|1|1|0.85||0.85|optimizer=adam learning_rate=0.001 batch_size=128\n"
              "2|0|3|0.84|0.052915|0.9|optimizer=sgd learning_rate=0.1 batch_size=32\n"
              "3|2|3|0.266667|0.152753|0.4|optimizer=adam learning_rate=0.05 batch_size=32\n");
    CHECK_STR(
        cli(path,
            "SELECT trial, n, n_failed, round(median, 4), min, max, wall_s FROM trial_summary"),
        "0|3|0|0.82|0.8|0.9|4.5\n1|1|0|0.85|0.85|0.85|1.5\n2|3|1|0.3|0.1|0.4|6.0\n"
        "3|0|1||||3.0\n4|0|0||||\n");
    CHECK_STR(cli(path, "SELECT execution, epoch, loss, val_loss, accuracy, val_accuracy FROM"
                        " learning_curve WHERE trial = 2 AND execution < 2"),
              "0|1|0.7|0.8||0.3\n0|2|0.5|0.6||0.175\n1|1||||\n");
    CHECK_STR(
        cli(path,
            "SELECT trial, execution, attempt, outcome, message, execution_state FROM failures"),
        "2|1|0|diverged|the loss was not finite|done\n3|0|0|crashed|killed by signal 11|failed\n"
        "3|0|1|error|out of memory|failed\n");
    CHECK_STR(
        cli(path, "SELECT trial, optimizer, learning_rate, batch_size, n FROM trials_views"),
        "0|sgd|0.1|32|3\n1|adam|0.001|128|1\n2|adam|0.05|32|3\n3||0.05|32|0\n4|sgd|0.05|32|0\n");
    CHECK(strstr(cli(path, ".schema attempt"), "-- processor time of the trainer") != NULL);
}

// rank.c and the views are two programs for one definition.
static void test_views_agree(const char *path, struct ms_rank_rule rule)
{
    struct ms_store *s;
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    struct ms_trial_rank *r;
    int64_t n;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    CHECK(info.rule.maximize == rule.maximize && info.rule.by == rule.by &&
          info.rule.failures == rule.failures);
    OK(ms_store_scores(s, info.id, &sc, &err));
    OK(ms_rank(&sc, &info.rule, &r, &n, &err));
    sqlite3_stmt *q;
    REQUIRE(
        sqlite3_prepare_v2(s->db,
                           "SELECT l.trial, l.n, u.n_failed, l.mean, l.sd, u.se, l.low95, l.high95,"
                           " u.min, u.median, u.max FROM leaderboard AS l JOIN trial_summary AS u"
                           " USING (trial) ORDER BY rank",
                           -1, &q, NULL) == SQLITE_OK);
    int64_t i = 0;
    for (; sqlite3_step(q) == SQLITE_ROW; i++) {
        REQUIRE(i < n);
        const double values[] = {r[i].mean, r[i].sd,  r[i].se,     r[i].lo,
                                 r[i].hi,   r[i].min, r[i].median, r[i].max};
        CHECK_INT(sqlite3_column_int(q, 0), r[i].trial);
        CHECK_INT(sqlite3_column_int(q, 1), r[i].n);
        CHECK_INT(sqlite3_column_int(q, 2), r[i].n_failed);
        for (int k = 0; k < 8; k++) {
            const bool null = sqlite3_column_type(q, 3 + k) == SQLITE_NULL;
            CHECK_NEAR(null ? NAN : sqlite3_column_double(q, 3 + k), values[k], 1e-12);
        }
    }
    CHECK_INT(i, 3); // of four trials, one has no result
    CHECK_INT(n, 4);
    sqlite3_finalize(q);
    free(r);
    ms_rank_scores_clear(&sc);
    OK(ms_store_close(s, &err));
}

// An execution that confirms a winner is in no view that ranks, and in none of the scores.
static void test_confirming(const char *path)
{
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    const char *const sql = "UPDATE execution SET purpose = 'confirm' WHERE number = 1;"
                            " UPDATE execution SET purpose = 'resolve' WHERE number = 2";
    REQUIRE(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    CHECK_SQL(path,
              "SELECT n || ' ' || n_failed || ' ' || round(mean, 6) || ' ' || max || ' ' ||"
              " wall_s FROM trial_summary WHERE trial = 0",
              "2 0 0.81 0.82 3.0");
    CHECK_SQL(path, "SELECT n || ' ' || n_failed FROM trial_summary WHERE trial = 2", "3 0");
    CHECK_SQL(path, "SELECT best FROM leaderboard WHERE trial = 0", "0.82");
    CHECK_SQL(path, "SELECT round(value, 6) FROM trial_goal WHERE trial = 0", "0.81");
    CHECK_SQL(path, "SELECT n FROM trials_views WHERE trial = 0", "2");
    struct ms_store *s;
    struct ms_sweep_info info;
    struct ms_rank_scores scores;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    OK(ms_store_scores(s, info.id, &scores, &err));
    CHECK_INT(scores.n, 7);
    for (int64_t i = 0; i < scores.n; i++)
        CHECK(scores.execution[i] != 1);
    ms_rank_scores_clear(&scores);
    OK(ms_store_close(s, &err));
}

int main(void)
{
    static const char *const by[] = {"mean", "median", "worst", "lower_bound"};
    fixture_init();
    fill(in_folder("views"), SWEEP("views", 2, MAXIMIZE));
    test_with_program(in_folder("views"));
    for (int i = 0; i < 16; i++) {
        const struct ms_rank_rule rule = {.maximize = i / 4 % 2 == 0,
                                          .by = (enum ms_by)(i % 4),
                                          .failures = (enum ms_failures)(i / 8)};
        char text[2000], name[32];
        snprintf(text, sizeof text,
                 SWEEP("agree", 2,
                       "\"metric\": \"val_accuracy\", \"goal\": \"%s\", \"by\": \"%s\","
                       " \"failed_executions\": \"%s\""),
                 rule.maximize ? "maximize" : "minimize", by[i % 4], i / 8 ? "ignore" : "worst");
        snprintf(name, sizeof name, "agree%d", i);
        CASE("%s", text);
        fill(in_folder(name), text);
        test_views_agree(in_folder(name), rule);
    }
    // Trial 2, of whose four executions one diverged, has the least values.
    CHECK_SQL(in_folder("agree4"), "SELECT group_concat(trial || ':' || n_failed) FROM leaderboard",
              "0:0,1:0,2:1");
    CHECK_SQL(in_folder("agree12"),
              "SELECT group_concat(trial || ':' || n_failed) FROM leaderboard", "2:1,0:0,1:0");
    CASE("confirming");
    fill(in_folder("confirm"),
         SWEEP("views", 2, "\"metric\": \"val_accuracy\", \"goal\": \"maximize\""));
    test_confirming(in_folder("confirm"));
    fixture_clear();
    return check_done();
}
