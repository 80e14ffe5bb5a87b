// SPDX-License-Identifier: MIT
//
// What rank says of the winner beside its score, of a small store: confirmation, validation rows,
// the test set.
#include "tests/unit/store/store_fixture.h"

#include "coordinator/show/show_winner.h"

static char out[20000];
static const char *path;

static void sql(const char *text)
{
    sqlite3 *db;
    char *message = NULL;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK_THAT(sqlite3_exec(db, text, NULL, NULL, &message) == SQLITE_OK, "%s", message);
    sqlite3_free(message);
    sqlite3_close(db);
}

// Trial 1 wins with 0.90 and 0.94; two more executions, 0.85 and 0.87, confirm it.
static void fill(void)
{
    struct ms_sweep *sweep = parse(SWEEP("winner", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    static const double accuracy[2][4] = {{0.5, 0.52}, {0.90, 0.94, 0.85, 0.87}};
    for (uint32_t t = 0; t < 2; t++) {
        put_trial(s, t, t, 0.1, 0, t ? 4 : 2);
        for (uint32_t x = 0; x < (t ? 4 : 2); x++)
            put_execution(s, t, x, accuracy[t][x]);
    }
    const int ids[] = {0, ms_metric_id("accuracy") / 2}; // rows of the table of metrics
    OK(ms_store_test(s, 1, 0, 1, ids, (const double[]){0.3, 0.88}, 2, &err));
    OK(ms_store_test(s, 1, 1, 1, ids, (const double[]){0.4, 0.9}, 2, &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    sql("UPDATE execution SET purpose = 'confirm' WHERE number > 1");
}

static struct ms_show_winner find(struct ms_show *s)
{
    struct ms_show_winner w;
    OK(ms_show_open(s, path, NULL, &err));
    OK(ms_show_rank(s, -1, -1, &err));
    OK(ms_show_winner(s, &w, &err));
    return w;
}

// What is printed, in out.
static void print(const struct ms_show *s, const struct ms_show_winner *w)
{
    fflush(stdout);
    const int keep = dup(1);
    FILE *f = freopen(in_folder("out"), "w+", stdout);
    REQUIRE(f != NULL && keep >= 0);
    ms_show_winner_print(s, w);
    fflush(stdout);
    rewind(stdout);
    out[fread(out, 1, sizeof out - 1, stdout)] = '\0';
    REQUIRE(dup2(keep, 1) == 1);
    close(keep);
}

#define CHECK_HAS(text, part)                                                                      \
    CHECK_THAT(strstr(text, part) != NULL, "'%s' is not in\n%s", part, text)

static void test_facts(void)
{
    struct ms_show s;
    struct ms_show_winner w = find(&s);
    CHECK(w.trial == 1 && s.rank[0].n == 2 && w.network);
    CHECK_NEAR(s.rank[0].mean, 0.92, 1e-12);
    CHECK(w.confirmed.n == 2);
    CHECK_NEAR(w.confirmed.mean, 0.86, 1e-12);
    CHECK(w.tested.n == 2);
    CHECK_NEAR(w.tested.mean, 0.89, 1e-12);
    CHECK_STR(w.test_metric, "accuracy");
    CHECK(w.rows == 0 && isnan(w.row_error)); // the store does not know its data
    print(&s, &w);
    CHECK_HAS(out, "method: comparisons with the best, Welch's t, at 5 % for all trials together "
                   "(Hsu, Ann. Statist. 12, 1984; Welch, Biometrika 34, 1947)\n");
    CHECK_HAS(out, "the score of trial 1 is biased upward, because it was chosen for it, and "
                   "because it is taken at the best epoch\n");
    CHECK_HAS(out, "confirmed: val_accuracy 0.860 ± 0.014 (2 executions), fresh executions of "
                   "trial 1 alone\n");
    CHECK_HAS(out, "test: accuracy 0.890 ± 0.014 (2 executions) of trial 1\n");
    CHECK(!strstr(out, "validation:"));
    ms_show_close(&s);
}

static void test_rows(void)
{
    sql("INSERT INTO dataset (sweep_id, number, line, source, name, task, task_by, target,"
        " n_inputs, n_outputs, rows, train, validation, test, dropped, folds, split, scaling,"
        " target_scaling, sha256) VALUES (1, 0, '', 'csv', 'a.csv', 'binary', 'loss', 'y', 2, 1,"
        " 500, 300, 200, 0, 0, 0, 'random', 'none', 'none', '')");
    struct ms_show s;
    struct ms_show_winner w = find(&s);
    CHECK(w.rows == 200);
    CHECK_NEAR(w.row_error, sqrt(0.92 * 0.08 / 200), 1e-12);
    CHECK(s.rank[0].hi < 1);
    print(&s, &w);
    CHECK_HAS(out, "validation: 200 rows leave val_accuracy an error of ± 0.019, √(p(1-p)/N), ");
    ms_show_close(&s);
    sql("UPDATE dataset SET folds = 5"); // every execution has rows of its own
    w = find(&s);
    CHECK(w.rows == 200 && s.sweep.rule.folds == 5);
    ms_show_close(&s);
}

// A trial alone is chosen from nothing, and the last epoch is no maximum.
static void test_unbiased(void)
{
    sql("UPDATE execution SET purpose = 'search'; UPDATE sweep SET at = 'last'");
    struct ms_show s;
    struct ms_show_winner w = find(&s);
    print(&s, &w);
    CHECK_HAS(out, "the score of trial 1 is biased upward, because it was chosen for it; "
                   "search.confirm runs fresh executions, by which nothing was chosen\n");
    CHECK(!strstr(out, "confirmed:"));
    ms_show_close(&s);
    sql("UPDATE sweep SET at = 'best_mean', at_window = 3");
    w = find(&s);
    print(&s, &w);
    CHECK_HAS(out, "for it, and because it is taken at the best mean over epochs; search.confirm");
    ms_show_close(&s);
    sql("UPDATE sweep SET at = 'last'");
    sql("DELETE FROM trial WHERE number = 0");
    w = find(&s);
    print(&s, &w);
    CHECK(!strstr(out, "biased") && !strstr(out, "method:"));
    ms_show_close(&s);
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("winner.db"));
    fill();
    test_facts();
    test_rows();
    test_unbiased();
    fixture_clear();
    return check_done();
}
