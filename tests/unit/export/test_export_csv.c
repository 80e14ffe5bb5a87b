// SPDX-License-Identifier: MIT
//
// mlpsweep export as CSV: whole tables, counted by hand from the values that were put into the
// store, and what the command refuses. Numbers are sums of powers of two where they can be, so that
// their digits are exact.
#include "export_fixture.h"

// The line of a table that begins so, without what changes from run to run: fields from the n-th
// on.
static const char *line_of(const char *begin, int n)
{
    static char line[1000];
    char pattern[100];
    snprintf(pattern, sizeof pattern, "\n%s", begin);
    const char *at = strstr(out, pattern);
    snprintf(line, sizeof line, "%.*s", at ? (int)strcspn(at + 1, "\n") : 4, at ? at + 1 : "none");
    char *p = line;
    for (int i = 0; p && i < n; i++)
        p = strchr(p + (i > 0), ',');
    if (p)
        *p = '\0';
    return line;
}

static void test_trials(void)
{
    CHECK_INT(run_export(path), 0);
    CHECK_STR(errors, "");
    CHECK(strncmp(out,
                  "trial,rank,tied,state,optimizer,learning_rate,batch_size,n,n_failed,n_pruned,"
                  "n_constant,mean,sd,se,low95,high95,min,median,max,wall_s,weights,flops,"
                  "memory_bytes,dataset,created_at,ended_at\n",
                  180) == 0);
    // mean 0.625, sd 0.125; t of 2 degrees of freedom is 4.302652729911275 (SciPy)
    CHECK_STR(line_of("0,", 13), "0,1,1,completed,adam,0.0625,32,3,0,0,0,0.625,0.125");
    double se, lo, hi, rest[3];
    REQUIRE(sscanf(strstr(out, ",0.125,") + 7, "%lf,%lf,%lf,%lf,%lf,%lf", &se, &lo, &hi, &rest[0],
                   &rest[1], &rest[2]) == 6);
    CHECK_NEAR(se, 0.125 / sqrt(3), 1e-15);
    CHECK_NEAR(hi - lo, 2 * 4.302652729911275 * 0.125 / sqrt(3), 1e-9);
    CHECK(rest[0] == 0.5 && rest[1] == 0.625 && rest[2] == 0.75);
    CHECK_HAS(out, ",4.5,17,1000000,4096,0,20"); // three times 1.5 s; then the date
    CHECK_STR(line_of("1,", 19), "1,2,1,completed,sgd,0.001,128,1,0,0,0,0.25,,,,,0.25,0.25,0.25");
    CHECK_STR(line_of("2,", 19), "2,,,crashed,adam,0.02,32,0,1,0,0,,,,,,,,");
    CHECK_STR(line_of("3,", 19), "3,,,running,sgd,0.03,32,0,0,0,0,,,,,,,,");
    CHECK_STR(line_of("4,", 19), "4,,,waiting,sgd,0.04,32,0,0,0,0,,,,,,,,");
}

static void test_executions(void)
{
    char words[300];
    snprintf(words, sizeof words, "%s --table executions", path);
    CHECK_INT(run_export(words), 0);
    CHECK(strncmp(out,
                  "trial,execution,purpose,state,outcome,objective,best_epoch,epochs,attempts,"
                  "constant,wall_s,max_rss_bytes,host,started_at,ended_at\n",
                  120) == 0);
    CHECK_STR(line_of("0,1,", 13), "0,1,search,done,completed,0.5,1,2,1,0,1.5,1048576,node1");
    CHECK_STR(line_of("2,0,", 13), "2,0,search,failed,crashed,,,0,1,0,1.5,1048576,node1");
    CHECK_STR(line_of("3,0,", 12), "3,0,search,running,,,,,1,0,,");
    CHECK_STR(line_of("4,0,", 15), "4,0,search,waiting,,,,,0,0,,,,,");
}

static void test_epochs(void)
{
    char words[300];
    snprintf(words, sizeof words, "%s --table epochs --format csv -o -", path);
    CHECK_INT(run_export(words), 0);
    CHECK_STR(out, "trial,execution,epoch,loss,val_loss,val_accuracy\n"
                   "0,0,1,0.7,0.8,0.75\n0,0,2,0.5,0.6,0.625\n"
                   "0,1,1,0.7,0.8,0.5\n0,1,2,0.5,0.6,0.375\n"
                   "0,2,1,0.7,0.8,0.625\n0,2,2,0.5,0.6,0.5\n"
                   "1,0,1,0.7,0.8,0.25\n1,0,2,0.5,0.6,0.125\n");
}

static void test_files(void)
{
    char words[300], wanted[300];
    snprintf(words, sizeof words, "%s -o t.csv", path);
    CHECK_INT(run_export(words), 0);
    CHECK_STR(out, "t.csv: 5 trials of sweep 'export' as csv\n");
    slurp("t.csv", out, sizeof out);
    CHECK_STR(line_of("1,", 6), "1,2,1,completed,sgd,0.001");
    CHECK_INT(run_export(words), 2);
    CHECK_STR(errors, "mlpsweep export: t.csv: is there already; --force replaces it\n");
    snprintf(words, sizeof words, "%s --table epochs -o t.csv --force", path);
    CHECK_INT(run_export(words), 0);
    slurp("t.csv", out, sizeof out);
    CHECK_HAS(out, "trial,execution,epoch,loss");

    snprintf(words, sizeof words, "%s --table all", path);
    CHECK_INT(run_export(words), 2);
    CHECK_STR(errors, "mlpsweep export: --table all: writes a folder; name it with -o\n");
    snprintf(words, sizeof words, "%s --table all -o tables", path);
    CHECK_INT(run_export(words), 0);
    slurp("tables/epochs.csv", out, sizeof out);
    CHECK_HAS(out, "\n1,0,2,0.5,0.6,0.125\n");
    slurp("tables/executions.csv", out, sizeof out);
    CHECK_STR(line_of("4,0,", 4), "4,0,search,waiting");
    slurp("tables/trials.csv", out, sizeof out);
    CHECK_STR(line_of("4,", 4), "4,,,waiting");

    snprintf(words, sizeof words, "%s -o %s --force", path, path);
    CHECK_INT(run_export(words), 2);
    snprintf(wanted, sizeof wanted, "mlpsweep export: %s: is the store itself\n", path);
    CHECK_STR(errors, wanted);
    snprintf(words, sizeof words, "%s --sweep other -o x.csv", path);
    CHECK_INT(run_export(words), 2);
    CHECK(access(in_folder("x.csv"), F_OK) != 0); // nothing was written
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("export.db"));
    struct ms_sweep *sweep = parse(SWEEP("export", 2, MAXIMIZE));
    struct ms_store *s = fill_store(sweep);
    test_trials(); // while the run has it open
    test_executions();
    test_epochs();
    OK(ms_store_close(s, &err));
    test_files();
    ms_sweep_free(sweep);
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", in_folder("tables"));
    CHECK_INT(system(command), 0);
    fixture_clear();
    return check_done();
}
