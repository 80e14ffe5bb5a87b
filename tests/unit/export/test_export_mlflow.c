// SPDX-License-Identifier: MIT
//
// mlpsweep export as MLflow's folder, file by file. tests/tools opens such folders with MLflow
// itself.
#include "export_fixture.h"

// What is in the only file that a pattern of the shell names.
static const char *in_file(const char *pattern)
{
    char command[500];
    snprintf(command, sizeof command, "cat %s/mlruns/%s > %s/cat 2>&1", folder, pattern, folder);
    CHECK_THAT(system(command) == 0, "no file %s", pattern);
    slurp("cat", out, sizeof out);
    return out;
}

// The folder of the run of that name.
static const char *run_of(const char *name)
{
    static char found[300];
    char command[500];
    snprintf(command, sizeof command,
             "cd %s/mlruns && grep -lx '%s' */*/tags/mlflow.runName | sed 's,/tags.*,,' > %s/found",
             folder, name, folder);
    CHECK_THAT(system(command) == 0, "no run %s", name);
    slurp("found", found, sizeof found);
    found[strcspn(found, "\n")] = '\0';
    return found;
}

static const char *of_run(const char *run, const char *file)
{
    char name[500];
    snprintf(name, sizeof name, "%s/%s", run_of(run), file);
    return in_file(name);
}

static void test_runs(void)
{
    CHECK_HAS(in_file("*/meta.yaml"), "name: \"export\"\n");
    CHECK_HAS(out, "artifact_location: \"file:///tmp/mlpsweep-store-");
    CHECK_HAS(of_run("trial 0", "meta.yaml"), "status: 3\n");
    CHECK_HAS(out, "run_name: 'trial 0'\n");
    CHECK_STR(of_run("trial 0", "params/optimizer"), "adam");
    CHECK_STR(of_run("trial 0", "params/learning_rate"), "0.0625");
    CHECK_HAS(of_run("trial 0", "metrics/val_accuracy"), " 0.625 0\n");
    CHECK_HAS(of_run("trial 0", "metrics/sd"), " 0.125 0\n");
    CHECK_HAS(of_run("trial 0", "metrics/rank"), " 1 0\n");
    CHECK_STR(of_run("trial 0", "tags/state"), "completed");
    long long first, second;
    double values[2];
    int steps[2];
    of_run("trial 0 execution 1", "metrics/val_accuracy");
    CHECK_INT(sscanf(out, "%lld %lf %d\n%lld %lf %d", &first, &values[0], &steps[0], &second,
                     &values[1], &steps[1]),
              6);
    CHECK(values[0] == 0.5 && values[1] == 0.375 && steps[0] == 1 && steps[1] == 2);
    CHECK(first > 1600000000000 && first <= second); // milliseconds
    CHECK_HAS(of_run("trial 0 execution 1", "metrics/objective"), " 0.5 1\n");
    char parent[300];
    snprintf(parent, sizeof parent, "%s", strchr(run_of("trial 0"), '/') + 1);
    CHECK_STR(of_run("trial 0 execution 1", "tags/mlflow.parentRunId"), parent);
    CHECK_HAS(of_run("trial 2", "meta.yaml"), "status: 4\n");
    CHECK_STR(of_run("trial 2", "tags/state"), "crashed");
    CHECK_HAS(of_run("trial 3", "meta.yaml"), "end_time: null\n");
    CHECK_HAS(out, "status: 1\n");
    CHECK_HAS(of_run("trial 4", "meta.yaml"), "status: 2\n");
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("export.db"));
    struct ms_sweep *sweep = parse(SWEEP("export", 2, MAXIMIZE));
    struct ms_store *s = fill_store(sweep);
    char words[300], command[400];
    snprintf(words, sizeof words, "%s --format mlflow -o mlruns", path);
    CHECK_INT(run_export(words), 0);
    CHECK_STR(errors, "");
    test_runs();
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    snprintf(command, sizeof command, "rm -rf %s/mlruns", folder);
    CHECK_INT(system(command), 0);
    fixture_clear();
    return check_done();
}
