// SPDX-License-Identifier: MIT
//
// mlpsweep rank over several sweeps: two stores, and two sweeps of one store.
#include "tests/unit/store/store_fixture.h"

#include <fcntl.h>

#include "coordinator/show/commands.h"
#include "coordinator/show/show_several.h"

static char out[20000];
static char a[200], b[200]; // stores

static int run(const char *words)
{
    char text[1000], *argv[20];
    int argc = 0;
    snprintf(text, sizeof text, "rank %s", words);
    for (char *word, *rest = text; (word = strsep(&rest, " "));)
        argv[argc++] = word;
    argv[argc] = NULL;
    fflush(NULL);
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        const int o = open(in_folder("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (dup2(o, 1) < 0 || dup2(o, 2) < 0)
            _exit(120);
        const int status = ms_show_rank_command(argc, argv);
        fflush(NULL);
        _exit(status);
    }
    int status;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    FILE *f = fopen(in_folder("out"), "r");
    REQUIRE(f != NULL);
    out[fread(out, 1, sizeof out - 1, f)] = '\0';
    fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define CHECK_HAS(text, part)                                                                      \
    CHECK_THAT(strstr(text, part) != NULL, "'%s' is not in\n%s", part, text)

// A sweep of two trials, three executions each, around best and best - 0.2; a third has failed.
static void fill(const char *path, const char *text, double best)
{
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    for (uint32_t t = 0; t < 2; t++) {
        put_trial(s, t, t, 0.1, 0, 3);
        for (uint32_t x = 0; x < 3; x++)
            put_execution(s, t, x, best - 0.2 * t + 0.01 * x);
    }
    put_trial(s, 2, 0, 0.05, 0, 1);
    put_end(s, 2, 0, MS_END_CRASHED, true, 0, 2, "killed");
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

static void test_stores(void)
{
    char words[500];
    snprintf(words, sizeof words, "%s %s", a, b);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "2 sweeps: val_accuracy, larger is better, ranked by mean\n  1  one of ");
    CHECK_HAS(out, "a.db: 2 trials with a result, 1 ended without one\n  2  two of ");
    CHECK_HAS(out, "  differs in  1  2\n  epochs      2  3\n\nrank  sweep  trial  val_accuracy");
    CHECK_HAS(out, "\n   1      2      0  0.810 ± 0.010  ");
    CHECK_HAS(out, "\n   2      1      0  0.800 ± 0.010  ");
    CHECK_HAS(out, "\n   -      1      2  -  ");
    CHECK_HAS(out,
              "\ntrial 0 of sweep 2 (two) is first; 1 other cannot be told apart from it: 1 of "
              "sweep 1 (comparisons with the best, Welch's t, 5 %)\n");
    CHECK(!strstr(out, "warning"));
    strcat(words, " --csv");
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "rank,store,sweep,trial,n,");
    CHECK_HAS(out, "a.db,one,0,3,0,0,0,0.8,");
    CHECK_HAS(out, "b.db,two,2,0,1,0,0,,,,,,,,,,0,,");
}

static void test_sweeps_of_one(void)
{
    char words[500];
    fill(b, SWEEP("three", 2, MAXIMIZE), 0.5);
    snprintf(words, sizeof words, "%s --sweep two,three --top 1", b);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "2 sweeps: ");
    CHECK_HAS(out, "\n   1      1      0  ");
    CHECK_HAS(out, "… 5 more; --top 0 shows all\n");
    CHECK_HAS(out, "(two) is first, and differs from every other that can be compared (");
    snprintf(words, sizeof words, "%s --sweep two,there", b);
    CHECK_INT(run(words), 2);
    CHECK_HAS(out, "no sweep 'there'; it has: two, three; did you mean 'three'?");
    snprintf(words, sizeof words, "%s %s --json", a, b);
    CHECK_INT(run(words), 2);
    CHECK_HAS(out, "--json shows one sweep; --csv shows several");
}

// Other metrics are refused, other data are named.
static void test_incomparable(void)
{
    char words[500];
    fill(b, SWEEP("loss", 2, "\"metric\": \"val_loss\", \"goal\": \"minimize\""), 0.5);
    snprintf(words, sizeof words, "%s %s", a, b);
    CHECK_INT(run(words), 2);
    CHECK_HAS(out, "values of 'val_accuracy' (one) and 'val_loss' (loss) cannot be compared");
    sqlite3 *db;
    REQUIRE(sqlite3_open(a, &db) == SQLITE_OK);
    static const char put[] =
        "INSERT INTO dataset (sweep_id, number, line, source, name, task, task_by, target,"
        " n_inputs, n_outputs, rows, train, validation, test, dropped, folds, split, scaling,"
        " target_scaling, sha256) VALUES (1, 0, '', 'csv', 'a.csv', 'binary', 'loss', 'y', 2, 1,"
        " 500, 300, 200, 0, 0, 0, 'random', 'none', 'none', '0123456789abcdef')";
    CHECK(sqlite3_exec(db, put, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    snprintf(words, sizeof words, "%s %s --sweep one,two", a, b);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "content of the data  0123456789ab  -\n");
    CHECK_HAS(out, "\nwarning: data or objective differ");
}

int main(void)
{
    fixture_init();
    snprintf(a, sizeof a, "%s", in_folder("a.db"));
    snprintf(b, sizeof b, "%s", in_folder("b.db"));
    fill(a, SWEEP("one", 2, MAXIMIZE), 0.79);
    fill(b, SWEEP("two", 3, MAXIMIZE), 0.80);
    test_stores();
    test_sweeps_of_one();
    test_incomparable();
    fixture_clear();
    return check_done();
}
