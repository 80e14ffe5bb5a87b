// SPDX-License-Identifier: MIT
//
// The reading commands, run as the program runs them, on a small store.
#include "tests/unit/store/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include "coordinator/show/commands.h"
#include "mlpsweep/utf8.h"
#include "coordinator/show/show.h"

static char out[20000], errors[4000];
static const char *path; // of the store

static void slurp(const char *name, char *to, size_t size)
{
    FILE *f = fopen(in_folder(name), "r");
    REQUIRE(f != NULL);
    to[fread(to, 1, size - 1, f)] = '\0';
    fclose(f);
}

// Runs a command in a child; its words after the name are given as one string split at blanks.
static int run(int (*command)(int, char **), const char *name, const char *words)
{
    char text[1000], *argv[20];
    int argc = 0;
    snprintf(text, sizeof text, "%s %s", name, words);
    for (char *word, *rest = text; (word = strsep(&rest, " "));)
        if (*word)
            argv[argc++] = word;
    argv[argc] = NULL;
    fflush(NULL);
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        const int o = open(in_folder("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        const int e = open(in_folder("err"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (dup2(o, 1) < 0 || dup2(e, 2) < 0)
            _exit(120);
        const int status = command(argc, argv);
        fflush(NULL);
        _exit(status);
    }
    int status;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    slurp("out", out, sizeof out);
    slurp("err", errors, sizeof errors);
    CHECK_THAT(WIFEXITED(status), "%s %s died", name, words);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define CHECK_HAS(text, part)                                                                      \
    CHECK_THAT(strstr(text, part) != NULL, "'%s' is not in\n%s", part, text)

static struct ms_store *fill(const struct ms_sweep *sweep)
{
    static const double accuracy[3][3] = {
        {0.50, 0.52, 0.51}, {0.91, 0.93, 0.92}, {0.93, 0.90, 0.915}};
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    OK(ms_store_planned(s, 20, &err));
    for (uint32_t t = 0; t < 3; t++) {
        put_trial(s, t, t % 2, 0.1 + 0.2 * t, 0, 3);
        for (uint32_t x = 0; x < 3; x++)
            put_execution(s, t, x, accuracy[t][x]);
    }
    put_trial(s, 3, 0, 0.01, 0, 1); // once
    put_execution(s, 3, 0, 0.25);
    put_trial(s, 4, 1, 0.02, 0, 1); // failed
    put_end(s, 4, 0, MS_END_CRASHED, true, 0, 2, "killed by signal 11\033[2J");
    OK(ms_store_test(s, 1, 1, 1, (const int[]){0}, (const double[]){0.125}, 1, &err));
    put_trial(s, 5, 0, 0.03, 0, 1); // runs
    OK(ms_store_running(s, 5, 0, 1, &err));
    put_trial(s, 6, 0, 0.04, 0, 2); // waits
    OK(ms_store_commit(s, &err));
    return s;
}

static void test_rank_command(void)
{
    CHECK_INT(run(ms_show_rank_command, "rank", path), 0);
    CHECK_STR(errors, "");
    CHECK_HAS(out, "commands: val_accuracy, larger is better, taken at the best epoch, ranked by "
                   "mean; 4 of 20 "
                   "trials have a result, 1 ended without one\n");
    CHECK_HAS(out,
              "rank  trial  val_accuracy   95 % interval       n  failed     optimizer  "
              "learning_rate\n"
              "   1      1  0.920 ± 0.010  0.895 … 0.945       3             adam       0.3\n"
              "   2      2  0.915 ± 0.015  0.878 … 0.952       3          =  sgd        0.5\n"
              "   3      0  0.510 ± 0.010  0.485 … 0.535       3             sgd        0.1\n"
              "   4      3  0.250                              1             sgd        0.01\n"
              "   -      4  -                             0 of 1       1     adam       0.02\n");
    CHECK_HAS(
        out,
        "\ntrial 2 cannot be told apart from trial 1 (comparisons with the best, Welch's t, 5 %); "
        "mlpsweep run SWEEP --resolve N spends more executions where they separate; trial 3 ran "
        "only once and cannot be compared\n"
        "1 of 11 executions failed: 1 crashed (killed by signal 11 [2J)\n");
    CHECK(!strstr(out, "\033")); // not a terminal
    char words[300];
    snprintf(words, sizeof words, "%s --top 1 --by worst --sweep commands", path);
    CHECK_INT(run(ms_show_rank_command, "rank", words), 0);
    CHECK_HAS(out, "ranked by worst");
    CHECK_HAS(out, "   1      1  0.920 ± 0.010  0.895 … 0.945  0.910  3");
    CHECK_HAS(out, "… 4 more");
    CHECK(!strstr(out, "\n   2 "));
    snprintf(words, sizeof words, "%s --csv", path);
    CHECK_INT(run(ms_show_rank_command, "rank", words), 0);
    CHECK_HAS(
        out,
        "rank,trial,n,n_failed,mean,sd,se,low95,high95,min,median,max,p,tied,n_constant,optimizer,"
        "learning_rate,batch_size,n_pruned,row_error,method\r\n1,1,3,0,0.92,");
    CHECK_HAS(out, ",1,0,adam,0.30000000000000004,32,0,,welch\r\n");
    CHECK_HAS(out, "\r\n,4,0,1,,,,,,,,,,0,0,adam,0.02,32,0,,\r\n");
}

static void test_show_command(void)
{
    char words[300];
    CHECK_INT(run(ms_show_trial_command, "show", path), 0); // the best
    CHECK_HAS(out, "trial 1 of commands: rank 1 of 4\nval_accuracy 0.920 ± 0.010, 95 % interval");
    CHECK_HAS(out, "  learning_rate  0.30000000000000004\n");
    CHECK_HAS(out,
              "          1  completed          0.93         1       2         1  1.5 s  1.0 MiB\n");
    CHECK_HAS(
        out,
        "on the test set\n  execution  metric  value  after epoch\n          1  loss    0.125");
    CHECK_HAS(out,
              "last epochs of execution 1\n  epoch  loss  val_loss  val_accuracy\n"
              "      1   0.7       0.8          0.93\n      2   0.5       0.6         0.805\n");
    snprintf(words, sizeof words, "%s 4", path);
    CHECK_INT(run(ms_show_trial_command, "show", words), 0);
    CHECK_HAS(out, "trial 4 of commands: no result, 1 execution failed\n");
    CHECK_HAS(out, "crashed");
    CHECK_HAS(out, "killed by signal 11 [2J\n"); // the terminal is not cleared
    snprintf(words, sizeof words, "%s 5", path);
    CHECK_INT(run(ms_show_trial_command, "show", words), 0);
    CHECK_HAS(out, "trial 5 of commands: no result yet\n");
    CHECK_HAS(out, "          0  running             -");
}

static void test_curves_command(void)
{
    char words[300];
    snprintf(words, sizeof words, "%s 3 1 --metric val_loss", path);
    CHECK_INT(run(ms_show_curves_command, "curves", words), 0);
    CHECK_STR(out, "trial\texecution\tepoch\tval_loss\n3\t0\t1\t0.8\n3\t0\t2\t0.6\n1\t0\t1\t0.8\n"
                   "1\t0\t2\t0.6\n1\t1\t1\t0.8\n1\t1\t2\t0.6\n1\t2\t1\t0.8\n1\t2\t2\t0.6\n");
    CHECK_INT(run(ms_show_curves_command, "curves", path), 0);
    CHECK(strstr(out, "trial\texecution\tepoch\tloss\tval_loss\tval_accuracy\n"
                      "0\t0\t1\t0.7\t0.8\t0.5\n") == out);
    int lines = 0;
    for (const char *p = out; *p; p++)
        lines += *p == '\n';
    CHECK_INT(lines, 1 + 10 * 2);
}

static void test_status_command(bool alive)
{
    CHECK_INT(run(ms_show_status_command, "status", path), 0);
    if (alive)
        CHECK_HAS(out, "  state       running on here (pid ");
    else
        CHECK_HAS(out, " UTC on here did not end properly; mlpsweep run continues it\n");
    // 3 that are known and 13 trials of 2 in the mean, 1.5 s each, on 2 workers: 21.75 s, less what
    // the one under way has had.
    CHECK((strstr(out, "1.5 s each; about 2") != NULL) == alive);
    CHECK_HAS(out,
              "  trials      6 of 20 begun, 5 ended\n"
              "  executions  10 done, 1 running, 2 waiting, 1 failed\n"
              "  attempts    10 completed, 1 crashed\n"
              "  failures    1 of 11 executions failed: 1 crashed (killed by signal 11 [2J)\n");
    CHECK_HAS(out, "  best        trial 1: val_accuracy 0.920 ± 0.010 (3 executions)\n"
                   "              optimizer=adam learning_rate=0.3\n");
}

static void test_refusals(void)
{
    static const struct {
        int (*command)(int, char **);
        const char *name, *words, *says; // %s: the store
    } cases[] = {
        {ms_show_rank_command, "rank", "", "no store given; usage: mlpsweep rank STORE"},
        {ms_show_rank_command, "rank", "%s extra", "extra: no such file"},
        {ms_show_status_command, "status", "%s extra", "one argument too many: 'extra'"},
        {ms_show_rank_command, "rank", "/no/such/store", "/no/such/store"},
        {ms_show_rank_command, "rank", "%s --sweep comands",
         "no sweep 'comands'; it has: commands; did you mean"},
        {ms_show_rank_command, "rank", "%s --by luck", "allowed: mean|median|worst|lower_bound"},
        {ms_show_rank_command, "rank", "%s --top -1", "--top"},
        {ms_show_trial_command, "show", "%s 77", "no trial 77: sweep 'commands' has 0 to 6"},
        {ms_show_trial_command, "show", "%s worst", "'worst' is neither best nor a trial's number"},
        {ms_show_curves_command, "curves", "%s 1 77", "no trial 77"},
        {ms_show_curves_command, "curves", "%s --metric los", "did you mean 'loss'?"},
        {ms_show_status_command, "status", "%s --verbose", "unknown option '--verbose'"},
        {ms_show_status_command, "status", "/", "is a directory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[300] = "";
        const char *mark = strstr(cases[i].words, "%s");
        snprintf(words, sizeof words, "%s%s", mark ? path : cases[i].words, mark ? mark + 2 : "");
        CASE("%s %s", cases[i].name, words);
        CHECK_INT(run(cases[i].command, cases[i].name, words), 2);
        CHECK_STR(out, "");
        CHECK_HAS(errors, cases[i].says);
        const char *end = strchr(errors, '\n');
        CHECK_THAT(end && end[1] == '\0', "more than a line: %s", errors);
    }
    CHECK_INT(run(ms_show_trial_command, "show", "--help"), 0);
    CHECK_HAS(out, "usage: mlpsweep show STORE [TRIAL]");
    CHECK_HAS(out, "--epochs N");
}

static void change_store(const char *sql)
{
    sqlite3 *db = NULL;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK_THAT(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
               sqlite3_errmsg(db));
    sqlite3_close(db);
}

// Networks that answer all rows alike are marked, wherever a trial is shown.
static void test_constant(void)
{
    change_store("UPDATE execution SET constant = 1 WHERE trial_id = 2 AND number < 2;"
                 "UPDATE execution SET constant = 1 WHERE trial_id = 4");
    char words[300];
    CHECK_INT(run(ms_show_rank_command, "rank", path), 0);
    CHECK_HAS(out, "  2 constant  adam       0.3\n");
    CHECK_HAS(out, "  =           sgd        0.5\n");
    CHECK_HAS(out, "  constant    sgd        0.01\n");
    snprintf(words, sizeof words, "%s --csv", path);
    CHECK_INT(run(ms_show_rank_command, "rank", words), 0);
    CHECK_HAS(out, ",1,2,adam,0.30000000000000004,32,0,,welch\r\n");
    CHECK_INT(run(ms_show_trial_command, "show", path), 0);
    CHECK_HAS(out, " (3 executions), 2 constant\n");
    CHECK_HAS(out, "          0  completed, constant          0.91");
    CHECK_HAS(out, "          2  completed                    0.92");
    CHECK_INT(run(ms_show_status_command, "status", path), 0);
    CHECK_HAS(out, " (3 executions), 2 constant\n");
    CHECK_SQL(path, "SELECT group_concat(n_constant) FROM trial_summary", "0,2,0,1,0,0,0");
    change_store("UPDATE execution SET constant = NULL");
}

// With several objectives show gives a trial the place that rank gives it.
static void test_fronts(void)
{
    change_store(
        "INSERT INTO objective SELECT sweep_id, 1, 'weights', 'minimize' FROM sweep;"
        "UPDATE trial SET weights = CASE number WHEN 3 THEN 5 ELSE 100 END WHERE number > 0;"
        "UPDATE trial SET weights = NULL WHERE number = 0");
    static const struct {
        int trial;
        const char *has;
    } cases[] = {{1, ": rank 1 of 4, front 1\n"},          {3, ": rank 2 of 4, front 1\n"},
                 {2, ": rank 3 of 4, front 2\n"},          {0, ": rank 4 of 4, in no front\n"},
                 {4, ": no result, 1 execution failed\n"}, {5, ": no result yet\n"}};
    char words[300];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(words, sizeof words, "%s %d", path, cases[i].trial);
        CASE("trial %d", cases[i].trial);
        CHECK_INT(run(ms_show_trial_command, "show", words), 0);
        CHECK_HAS(out, cases[i].has);
    }
    CHECK_INT(run(ms_show_trial_command, "show", path), 0);
    CHECK_HAS(out, "trial 1 of commands: rank 1 of 4, front 1\n");
    snprintf(words, sizeof words, "%s --csv", path);
    CHECK_INT(run(ms_show_rank_command, "rank", words), 0);
    CHECK(strstr(out, "\r\n1,1,") && strstr(out, "\r\n2,3,") && strstr(out, "\r\n3,2,") &&
          strstr(out, "\r\n4,0,"));
    change_store("DELETE FROM objective WHERE position = 1; UPDATE trial SET weights = 17");
}

// What marks mean, and why a metric is NaN: of networks, not of what a command prints.
static void test_notes(void)
{
    static const char legend[] =
        "constant: the network answers every row of training and validation with the same numbers";
    char words[300];
    change_store("UPDATE execution SET constant = trial_id = 3 OR execution_id = 1;"
                 "INSERT INTO epoch_metric SELECT execution_id, 'val_auc', 1, NULL FROM execution "
                 "WHERE trial_id = 2;"
                 "INSERT INTO epoch_metric SELECT execution_id, 'auc', 1, 0.5 FROM execution "
                 "WHERE trial_id = 2;"
                 "INSERT INTO test_metric (execution_id, metric, value, epoch) SELECT "
                 "execution_id, 'recall', NULL, 1 FROM execution WHERE trial_id = 2");
    CHECK_INT(run(ms_show_rank_command, "rank", path), 0);
    CHECK_HAS(out, legend);
    snprintf(words, sizeof words, "%s --top 1", path); // the marks are on other trials
    CHECK_INT(run(ms_show_rank_command, "rank", words), 0);
    CHECK(!strstr(out, legend));
    snprintf(words, sizeof words, "%s 0", path);
    CHECK_INT(run(ms_show_trial_command, "show", words), 0);
    CHECK_HAS(out, legend);
    CHECK(!strstr(out, "is nan"));

    CHECK_INT(run(ms_show_trial_command, "show", path), 0);
    CHECK(!strstr(out, legend));
    CHECK_HAS(out, "val_auc is nan: targets of one class only\n");
    CHECK_HAS(out, "recall is nan: no positive target\n");
    CHECK(!strstr(out, "\nauc is nan"));
    CHECK_INT(run(ms_show_curves_command, "curves", path), 0);
    CHECK_STR(errors, "val_auc is nan: targets of one class only\n");
    snprintf(words, sizeof words, "%s 2", path);
    CHECK_INT(run(ms_show_curves_command, "curves", words), 0); // not reported is not NaN
    CHECK_STR(errors, "");
    change_store("UPDATE trial SET weights = NULL");
    CHECK_INT(run(ms_show_curves_command, "curves", path), 0);
    CHECK_STR(errors, "");
    change_store("DELETE FROM test_metric WHERE metric = 'recall'");
    CHECK_INT(run(ms_show_trial_command, "show", path), 0);
    CHECK(!strstr(out, "is nan"));
    change_store("DELETE FROM epoch_metric WHERE metric IN ('auc', 'val_auc');"
                 "UPDATE execution SET constant = NULL; UPDATE trial SET weights = 17");
}

// What a sweep file and a program can put into a store must not steer the terminal of whoever
// looks.
static void test_hostile_store(void)
{
    change_store(
        "UPDATE param SET text = 'one'||char(27)||'[31m'||char(10)||'  state  "
        "FORGED'||char(155)||'2J'"
        "  WHERE text = 'adam';"
        "UPDATE sweep SET metric = 'val'||char(155)||'H';"
        "UPDATE run SET host = 'here'||char(155)||'H';"
        "UPDATE epoch_metric SET metric = 'val'||char(155)||char(9)||'x' WHERE metric = 'val_loss';"
        "UPDATE attempt SET output = 'first'||char(10)||char(9)||'b'||char(127, 155, 27)||'c'"
        "  WHERE outcome = 'crashed'");
    char words[300];
    snprintf(words, sizeof words, "%s 4", path);
    const struct {
        int (*command)(int, char **);
        const char *name, *words, *has;
    } cases[] = {
        {ms_show_status_command, "status", path,
         "optimizer='one [31m   state  FORGED 2J' learning_rate=0.3\n"},
        {ms_show_rank_command, "rank", path, "one [31m   state  FORGED 2J  0.3\n"},
        {ms_show_trial_command, "show", words, "\n  first\n  \tb???c\n"},
        {ms_show_trial_command, "show", path, "one [31m   state  FORGED 2J\n"},
        {ms_show_curves_command, "curves", path, "\tval??x\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s %s", cases[i].name, cases[i].words);
        CHECK_INT(run(cases[i].command, cases[i].name, cases[i].words), 0);
        CHECK_HAS(out, cases[i].has);
        for (char *p = out; (p = strpbrk(p, "\n\t"));)
            *p = ' ';
        CHECK_THAT(ms_is_printable(out, strlen(out)), "%s prints what steers a terminal",
                   cases[i].name);
    }
}

// The sentence under a ranking, for every shape a ranking can have.
static void test_verdict(void)
{
    char text[400];
    struct ms_trial_rank r[4] = {{.trial = 7, .n = 1, .p = NAN, .tied = true},
                                 {.trial = 3, .n = 1, .p = NAN, .tied = true},
                                 {.trial = 9, .n = 0, .p = NAN},
                                 {.trial = 4, .n = 0, .p = NAN}};
    CHECK_STR(ms_show_verdict(r, 0, text, sizeof text), "no execution has a result yet");
    CHECK_STR(ms_show_verdict(r + 2, 2, text, sizeof text), "no execution has a result yet");
    CHECK_STR(ms_show_verdict(r, 1, text, sizeof text), "only trial 7 has a result");
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text),
              "every trial has run only once, which cannot tell luck from merit");
    r[1].n = 3;
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text), "trial 7 has run only once, so no other");
    r[0].n = 3;
    r[1].p = 0.01;
    r[1].tied = false;
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text), "trial 7 differs from every other trial");
    r[1].p = 0.5;
    r[1].tied = true;
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text),
              "trial 3 cannot be told apart from trial 7 (");
    r[2].n = 2;
    r[2].p = 0.2;
    r[2].tied = true;
    r[3].n = 1;
    r[3].tied = true;
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text),
              "trials 3 and 9 cannot be told apart from trial 7 (");
    CHECK_HAS(text, "; trial 4 ran only once and cannot be compared");
    r[0].tied = false; // by median, say
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text),
              "trial 7 ranks first, but its mean is not the best: that is trials 3 and 9 (");
}

// With failures the trial stands behind, and the sentence says so.
static void test_verdict_failures(void)
{
    char text[400];
    struct ms_trial_rank r[4] = {{.trial = 7, .n = 3, .p = NAN, .tied = true},
                                 {.trial = 3, .n = 3, .p = 0.01},
                                 {.trial = 9, .n = 1, .n_failed = 2, .failed = 2.0 / 3, .p = NAN},
                                 {.trial = 4, .n = 3, .n_pruned = 1, .p = NAN}};
    CHECK_HAS(ms_show_verdict(r, 3, text, sizeof text),
              "5 %); 1 trial with failed executions ranks below them");
    CHECK(!strstr(text, "trial 9")); // it is not compared
    CHECK_STR(
        ms_show_behind(r, 4, text, sizeof text),
        "; 1 trial with failed executions ranks below them; 1 trial that the scheduler stopped "
        "ranks below them");
    CHECK_STR(ms_show_behind(r, 2, text, sizeof text), "");
    r[1] = r[2];
    CHECK_HAS(ms_show_verdict(r, 3, text, sizeof text),
              "only trial 7 has no failed execution; 2 trials with failed executions rank below");
    CHECK_HAS(ms_show_verdict(r, 4, text, sizeof text),
              "only trial 7 was trained to the end without failed executions; 2 trials with failed "
              "executions rank below them; 1 trial that the scheduler stopped ranks below them");
    r[0] = r[2]; // all have some: they are compared with one another
    CHECK_HAS(ms_show_verdict(r, 2, text, sizeof text), "every trial has run only once");
}

// How many executions failed, in which ways, and the commonest reason.
static void test_failures(void)
{
    char text[600];
    struct ms_store_counts c = {.done = 6};
    struct ms_store_failures f = {0};
    CHECK_STR(ms_show_failures(&f, &c, true, text, sizeof text), "");
    c.failed = 2;
    f = (struct ms_store_failures){
        .n = 1, .item = {{"diverged", "the loss was not finite in epoch 1", 2, 2}}};
    CHECK_STR(ms_show_failures(&f, &c, true, text, sizeof text),
              "2 of 8 executions failed: 2 diverged (the loss was not finite in epoch 1)");
    c.done = 0;
    CHECK_STR(ms_show_failures(&f, &c, true, text, sizeof text),
              "no trial has a result: all 2 diverged (the loss was not finite in epoch 1)");
    CHECK_HAS(ms_show_failures(&f, &c, false, text, sizeof text), "2 of 2 executions failed");
    c.waiting = 1; // it may still have one
    CHECK_HAS(ms_show_failures(&f, &c, true, text, sizeof text), "2 of 2 executions failed");
    c.waiting = 0;
    c.failed = 5;
    f.item[0].count = 3;
    f.item[f.n++] = (struct ms_store_failure){"failed", "infeasible", 1, 1};
    f.item[f.n++] = (struct ms_store_failure){"pruned", "", 1, 1};
    CHECK_STR(ms_show_failures(&f, &c, true, text, sizeof text),
              "no trial has a result: 3 diverged (most often: the loss was not finite in epoch 1), "
              "1 failed (infeasible), 1 pruned");
    c = (struct ms_store_counts){.done = 1, .failed = 1};
    f = (struct ms_store_failures){.n = 1, .item = {{"failed", "infeasible", 1, 1}}};
    CHECK_STR(ms_show_failures(&f, &c, true, text, sizeof text),
              "1 of 2 executions failed (infeasible)");
    c.done = 0;
    CHECK_STR(ms_show_failures(&f, &c, true, text, sizeof text),
              "no trial has a result: 1 failed (infeasible)");
}

int main(void)
{
    fixture_init();
    char name[100];
    snprintf(name, sizeof name, "%s", in_folder("store"));
    path = name;
    test_verdict();
    test_verdict_failures();
    test_failures();
    struct ms_sweep *sweep = parse(SWEEP("commands", 2, MAXIMIZE));
    fflush(NULL);
    int go[2];
    REQUIRE(pipe(go) == 0);
    const pid_t writer = fork(); // a run that is alive while the commands read
    REQUIRE(writer >= 0);
    if (writer == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(go[0]);
        (void)fill(sweep);
        if (write(go[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(go[1]);
    char ready;
    REQUIRE(read(go[0], &ready, 1) == 1);
    test_rank_command();
    test_show_command();
    test_curves_command();
    test_status_command(true);
    test_refusals();
    REQUIRE(kill(writer, SIGKILL) == 0 && waitpid(writer, NULL, 0) == writer);
    test_status_command(false);
    test_rank_command();
    test_constant();
    test_notes();
    test_fronts();
    test_hostile_store();
    ms_sweep_free(sweep);
    fixture_clear();
    return check_done();
}
