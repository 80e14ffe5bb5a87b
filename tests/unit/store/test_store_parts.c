// SPDX-License-Identifier: MIT
//
// Executions in parts: states of paused executions, pruned ones, and the seconds that count.
#include "store_fixture.h"

#include "coordinator/rank/rank.h"

static void pause_at(struct ms_store *s, uint32_t trial, uint32_t execution, uint32_t epoch)
{
    const struct ms_attempt job = {.trial = trial, .execution = execution};
    const struct ms_result r = {.end = MS_END_PAUSED, .epochs = epoch};
    OK(ms_store_running(s, trial, execution, 1, &err));
    OK(ms_store_attempt(s, &job, &r, 1, "node1", false, 4, NULL, &err));
}

static const double part_epochs[4][COLUMNS] = {
    {3, 0.1, 0.3}, {2, 0.2, 0.6}, {1, 0.3, 0.5}, {1, 0.4, 0.7}};

// A checkpoint replaces the one before; the newest alone is found.
static void put_checkpoints(struct ms_store *s)
{
    uint8_t state[100];
    memset(state, 7, sizeof state);
    OK(ms_store_checkpoint(s, 0, 0, &(struct ms_state){.epoch = 1, .n = 100, .bytes = state},
                           &err));
    state[99] = 8;
    OK(ms_store_checkpoint(s, 0, 0, &(struct ms_state){.epoch = 2, .n = 100, .bytes = state},
                           &err));
    OK(ms_store_checkpoint(s, 0, 1, &(struct ms_state){.epoch = 2, .n = 1, .bytes = state}, &err));
    for (uint32_t e = 0; e < 3; e++)
        pause_at(s, 0, e, 2);
    uint8_t *bytes;
    uint32_t size;
    OK(ms_store_checkpoint_at(s, 0, 0, 1, &bytes, &size, &err));
    CHECK(!bytes && size == 0); // replaced
    OK(ms_store_checkpoint_at(s, 0, 0, 2, &bytes, &size, &err));
    CHECK(size == 100 && bytes && memcmp(bytes, state, 100) == 0);
    free(bytes);
}

// Three executions pause; of those the run is killed with one that went on, and has pruned another.
static void run_and_kill(const char *path, const struct ms_sweep *sweep)
{
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 1, 0.01, 0, 3);
    for (uint32_t e = 0; e < 3; e++)
        CHECK_INT(put_epochs(s, 0, e, 1, 2, part_epochs[0]), 0);
    put_checkpoints(s);
    // The first goes on, half an epoch further when the run is killed; the second is pruned.
    CHECK_INT(put_epochs(s, 0, 0, 3, 1, part_epochs[2]), 0);
    CHECK_INT(put_epochs(s, 0, 1, 3, 1, part_epochs[2]), 0);
    bool has_value;
    OK(ms_store_prune(s, 0, 1, 2, 4, &has_value, &err));
    CHECK(has_value);
    OK(ms_store_prune(s, 0, 1, 1, 4, &has_value, &err)); // done: nothing
    CHECK(!has_value);
    double value, *curve;
    int length;
    OK(ms_store_curve(s, 0, 0, 2, &value, &curve, &length, &err));
    CHECK(length == 2 && value == 0.6 && curve[0] == 0.3 && curve[1] == 0.6);
    free(curve);
    OK(ms_store_curve(s, 0, 0, 1, &value, &curve, &length, &err));
    CHECK(length == 1 && value == 0.3);
    free(curve);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path,
              "SELECT state || outcome || objective || best_epoch || epochs || epochs_asked FROM "
              "execution"
              " WHERE number = 1",
              "donepruned0.6224");
    CHECK_SQL(path, "SELECT group_concat(execution_id || ' ' || epoch) FROM checkpoint", "1 2");
}

// The next run finds how far each came, and ends them all.
static void continue_to_the_end(const char *path, const struct ms_sweep *sweep)
{
    struct ms_known *known;
    int64_t n;
    uint8_t *bytes;
    uint32_t size;
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK_INT(n, 3);
    CHECK(known[0].state == MS_WAITING && known[0].reached == 2);
    CHECK(known[1].state == MS_DONE && known[1].end == MS_END_PRUNED && known[1].trained == 2);
    free(known);
    double point[3];
    CHECK_INT(ms_store_point(s, 0, point, &err), 1);
    CHECK(point[0] == 1 && point[1] == 0.01 && point[2] == 0);
    CHECK_INT(ms_store_point(s, 1, point, &err), 0);
    OK(ms_store_checkpoint_at(s, 0, 0, 2, &bytes, &size, &err));
    CHECK_INT(size, 100);
    free(bytes);
    put_end(s, 0, 0, MS_END_COMPLETED, true, 4, 4, "");
    put_end(s, 0, 2, MS_END_PRUNED, true, 2, 4, "");
    CHECK_INT(put_epochs(s, 0, 1, 4, 1, part_epochs[3]), 0);
    OK(ms_store_reopen(s, 0, 1, &err));
    put_end(s, 0, 1, MS_END_COMPLETED, true, 4, 4, "");
    // A trial that was trained to its end stands before a pruned one that had been better.
    put_trial(s, 1, 1, 0.02, 0, 1);
    CHECK_INT(put_epochs(s, 1, 0, 1, 1, part_epochs[1]), 0);
    put_end(s, 1, 0, MS_END_COMPLETED, true, 4, 4, "");
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT count(*) FROM checkpoint", "0");
    CHECK_SQL(path,
              "SELECT group_concat(number || outcome || objective, ' ') FROM execution WHERE "
              "trial_id = 1",
              "0completed0.6 1completed0.7 2pruned0.6");
    CHECK_SQL(path, "SELECT group_concat(trial, ' ') FROM leaderboard", "1 0");
    CHECK_SQL(path, "SELECT group_concat(n_pruned, ' ') FROM trial_summary", "1 0");
}

static void check_ranking(const char *path)
{
    struct ms_store *s;
    int64_t n;
    OK(ms_store_open_read(path, &s, &err));
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    struct ms_trial_rank *rank;
    OK(ms_store_find(s, NULL, &info, &err));
    OK(ms_store_scores(s, info.id, &sc, &err));
    OK(ms_rank(&sc, &info.rule, &rank, &n, &err));
    CHECK(n == 2 && rank[0].trial == 1 && rank[1].trial == 0 && rank[1].n_pruned == 1 &&
          !rank[1].tied);
    free(rank);
    ms_rank_scores_clear(&sc);
    OK(ms_store_close(s, &err));
}

static void test_parts(void)
{
    const char *path = in_folder("parts.sqlite");
    struct ms_sweep *sweep =
        parse(SWEEP("parts", 4, "\"metric\": \"val_accuracy\", \"goal\": \"maximize\""));
    run_and_kill(path, sweep);
    continue_to_the_end(path, sweep);
    check_ranking(path);
    ms_sweep_free(sweep);
}

// An execution that diverged keeps its best epoch as a result, and its seconds count as every
// other's: a trial without them would be in no front.
static void test_seconds(void)
{
    const char *path = in_folder("seconds.sqlite");
    struct ms_sweep *sweep =
        parse(SWEEP("seconds", 4, "\"metric\": \"val_accuracy\", \"goal\": \"maximize\""));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    const double epoch[COLUMNS] = {0.1, 0.2, 0.6};
    put_trial(s, 0, 1, 0.01, 0, 2);
    for (uint32_t x = 0; x < 2; x++)
        CHECK_INT(put_epochs(s, 0, x, 1, 1, epoch), 0);
    put_end(s, 0, 0, MS_END_DIVERGED, true, 2, 4, "epoch 2: loss is not finite");
    put_end(s, 0, 1, MS_END_DIVERGED, true, 2, 4, "epoch 2: loss is not finite");
    OK(ms_store_close(s, &err));
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "INSERT INTO objective VALUES (1, 1, 'seconds', 'minimize')", NULL,
                         NULL, NULL) == 0);
    sqlite3_close(db);
    CHECK_SQL(path, "SELECT group_concat(metric || ' ' || value, ', ') FROM trial_goal",
              "val_accuracy 0.6, seconds 1.5");
    CHECK_SQL(path, "SELECT count(*) FROM pareto", "1");
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    test_seconds();
    test_parts();
    fixture_clear();
    return check_done();
}
