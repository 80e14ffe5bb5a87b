// SPDX-License-Identifier: MIT
//
// mlpsweep importance on a small store: its whole output, CSV and JSON, and what it says of too few
// trials.
#include "tests/unit/store/store_fixture.h"

#include <fcntl.h>

#include "coordinator/show/commands.h"
#include "coordinator/show/show_importance.h"

static char out[20000];
static const char *path;

// The exit status of a command whose words are split at blanks; what it printed is in out.
static int run(const char *words)
{
    char text[1000], *argv[20];
    int argc = 0;
    snprintf(text, sizeof text, "importance %s", words);
    for (char *word, *rest = text; (word = strsep(&rest, " "));)
        argv[argc++] = word;
    argv[argc] = NULL;
    fflush(NULL);
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        const int o = open(in_folder("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (dup2(o, 1) < 0)
            _exit(120);
        const int status = ms_show_importance_command(argc, argv);
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

// Adam is better than sgd by 0.25, the batch size does nothing.
static void fill(int n)
{
    struct ms_sweep *sweep = parse(SWEEP("what", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    for (int t = 0; t < n; t++) {
        put_trial(s, (uint32_t)t, t % 2, 0.001 * (1 + (t * 7 + 3) % 20), t / 2 % 2, 1);
        put_execution(s, (uint32_t)t, 0, 0.5 + 0.25 * (t % 2) + t / 1024.0);
    }
    put_trial(s, (uint32_t)n, 0, 0.05, 0, 1);
    put_end(s, (uint32_t)n, 0, MS_END_CRASHED, true, 0, 2, "killed");
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

static void test_text(void)
{
    char words[300];
    snprintf(words, sizeof words, "%s --top 1", path);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out,
              "what: val_accuracy, larger is better; 20 trials judged, of which the best 5 (at "
              "least 0.760742) are the top\n1 trial without a result left out\n\n"
              "parameter      importance  95 % interval  ");
    CHECK_HAS(out, "\noptimizer ");
    CHECK_HAS(out, "█");
    // 0.5 + t/1024 over t = 0, 2, … 18 has mean 0.5088; of odd t it is 0.7598.
    CHECK_HAS(out, "\n… 2 more; --top 0 shows all\n\npair ");
    CHECK_HAS(out, "conditional PED-ANOVA");
    snprintf(words, sizeof words, "%s --top 0", path);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "\n\noptimizer  mean ± sd                        best  trials\n"
                   "sgd        0.5088 ± 0.0059                0.5176      10\n"
                   "adam       0.7598 ± 0.0059  ████████████  0.7686      10\n"
                   "\n");
    CHECK_INT(run(path), 0);
    CHECK_HAS(out, "\nbatch_size  mean ± sd");
    snprintf(words, sizeof words, "%s --sweep other", path);
    CHECK_INT(run(words), 2);
}

static void test_documents(void)
{
    char words[300];
    snprintf(words, sizeof words, "%s --csv", path);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "what,parameter,with,value,n,importance,mean,sd,low95,high95,best,p\r\n"
                   "importance,");
    CHECK_HAS(out, "\r\nimportance,optimizer,,,20,0.");
    CHECK_HAS(out, "\r\neffect,optimizer,,adam,10,,0.759765625,");
    CHECK_HAS(out, "\r\npair,optimizer,batch_size,,20,");
    snprintf(words, sizeof words, "%s --json", path);
    CHECK_INT(run(words), 0);
    CHECK_HAS(out, "\"n_top\": 5");
    CHECK_HAS(out, "\"parameter\": \"optimizer\", \"importance\": 0.");
    CHECK_HAS(out, "{\"value\": \"adam\", \"from\": null, \"to\": null, \"n\": 10, \"mean\": "
                   "0.759765625, ");
}

static void test_few(void)
{
    path = in_folder("few.sqlite");
    fill(9);
    CHECK_INT(run(path), 0);
    CHECK_HAS(out,
              "9 trials judged\n1 trial without a result left out\ntoo few trials to say which "
              "parameters mattered: 10 are the least\n\noptimizer  mean ± sd");
    CHECK(!strstr(out, "pair"));
}

int main(void)
{
    fixture_init();
    char what[300];
    snprintf(what, sizeof what, "%s", in_folder("what.sqlite"));
    path = what;
    fill(20);
    test_text();
    test_documents();
    test_few();
    fixture_clear();
    return check_done();
}
