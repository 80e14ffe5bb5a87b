// SPDX-License-Identifier: MIT
//
// A command from start to end: its environment and folder, a stop from outside, a part. No check
// depends on how fast the machine is.
#include "check.h"

#include <stddef.h>
#include <unistd.h>

#include "worker/objective/evaluate.h"

static struct {
    uint32_t epochs, first;
    double last;
    int asked;
    bool cancel;
} seen;

static void take_epochs(void *ctx, const struct ms_epochs *e)
{
    (void)ctx;
    if (seen.epochs == 0)
        seen.first = e->first_epoch;
    seen.epochs += e->n_epochs;
    seen.last = e->values[e->n_epochs * e->n_columns - 1];
}

static bool asked(void *ctx)
{
    (void)ctx;
    seen.asked++;
    return seen.cancel && seen.epochs > 0; // once it is known to run
}

static const struct ms_outlet outlet = {.fd = -1, .epochs = take_epochs, .cancelled = asked};
static char dir[] = "/tmp/mlpsweep-test-XXXXXX";

// Runs a shell script, which stands in JSON, with {{ and }} for braces; the sweep's file lies in
// dir.
static struct ms_result run_script(const char *script, const char *more, struct ms_attempt attempt)
{
    static char text[4096], file[128];
    double point[1] = {3};
    struct ms_sweep *sweep;
    struct ms_sweep_problems problems = {0};
    struct ms_error err = {0};
    snprintf(file, sizeof file, "%s/sweep.json", dir);
    snprintf(text, sizeof text,
             "{\"seed\": 11, \"objective\": {\"command\": [\"sh\", \"-c\", \"%s\"],"
             " \"metric\": \"loss\", \"goal\": \"minimize\"},"
             " \"params\": {\"x\": {\"float\": [0, 9]}},"
             " \"search\": {\"method\": \"random\", \"max_trials\": 2}%s}",
             script, more);
    int status = ms_sweep_parse(file, text, strlen(text), &sweep, &problems);
    CHECK_THAT(status == 0, "%s", problems.n ? problems.item[0].text : "?");
    REQUIRE(status == 0);
    attempt.n_point = 1;
    attempt.point = point;
    memset(&seen, 0, offsetof(__typeof__(seen), cancel));
    struct ms_result r = {.id = attempt.id};
    status = ms_objective_evaluate_command(sweep, &attempt, &outlet, &r, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    ms_sweep_free(sweep);
    return r;
}

static void forget(struct ms_result *r)
{
    free(r->output);
    r->output = NULL;
}

#define PRINT(value) "echo '{{\\\"loss\\\": " value "}}'; "

static void test_environment(void)
{
    struct ms_result r =
        run_script("cat word >&2; echo $MLPSWEEP_TRIAL $MLPSWEEP_EXECUTION $MLPSWEEP_EPOCHS "
                   "$MLPSWEEP_PARAMS >&2;"
                   " echo '{{\\\"loss\\\":' $MLPSWEEP_SEED '}}'",
                   ", \"epochs\": 4", (struct ms_attempt){.trial = 8, .execution = 2});
    CHECK_THAT(r.end == MS_END_COMPLETED, "%d: %s", r.end, r.message);
    REQUIRE(r.output);
    CHECK_STR(r.output, "beside the sweep\n8 2 4 {\"x\":3}\n");
    CHECK(seen.epochs == 1 && seen.last == (double)ms_command_seed(11, 8, 2));
    CHECK(r.epochs == 1 && r.max_rss_bytes > 0);
    forget(&r);
}

// Seeds are functions of the attempt's place alone, and fit 32 bits.
static void test_seeds(void)
{
    CHECK(ms_command_seed(1, 2, 3) == ms_command_seed(1, 2, 3));
    uint64_t some[] = {ms_command_seed(1, 2, 3), ms_command_seed(2, 2, 3), ms_command_seed(1, 3, 3),
                       ms_command_seed(1, 2, 4), ms_command_seed(1, 3, 2)};
    for (int i = 0; i < 5; i++) {
        CHECK(some[i] < 1ull << 32);
        for (int k = 0; k < i; k++)
            CHECK(some[i] != some[k]);
    }
}

static void test_stops(void)
{
    seen.cancel = true; // prints, then never ends by itself
    struct ms_result r = run_script(PRINT("1") "sleep 1000", "", (struct ms_attempt){.id = 1});
    CHECK(r.end == MS_END_CANCELLED && seen.epochs == 1 && seen.asked > 0);
    forget(&r);
    seen.cancel = false;
    double limits[] = {NAN, 2};
    r = run_script(PRINT("5") PRINT("3") "sleep 1000", "",
                   (struct ms_attempt){.n_limits = 2, .limits = limits});
    CHECK(r.end == MS_END_PRUNED && r.epochs == 2 && seen.epochs == 2);
    forget(&r);
}

static void test_parts(void)
{
    // Runs from the start, reports from epoch 2 on, and is stopped at the first sign of epoch 4.
    struct ms_result r =
        run_script(PRINT("9") PRINT("8") PRINT("7") PRINT("6") "sleep 1000", ", \"epochs\": 9",
                   (struct ms_attempt){.from_epoch = 1, .to_epoch = 3});
    CHECK(r.end == MS_END_PAUSED && r.epochs == 3);
    CHECK(seen.epochs == 2 && seen.first == 2 && seen.last == 7);
    forget(&r);
}

static void test_failures(void)
{
    struct ms_result r = run_script("echo why >&2; exit 4", "", (struct ms_attempt){0});
    CHECK_INT(r.end, MS_END_ERROR);
    CHECK_STR(r.message, "exit status 4: why");
    forget(&r);
    r = run_script("printf '{{\\\"loss\\\": 2}}'", "", (struct ms_attempt){0}); // no line end
    CHECK(r.end == MS_END_COMPLETED && seen.last == 2 && !r.output);
    forget(&r);
}

int main(void)
{
    char path[64];
    REQUIRE(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/word", dir);
    FILE *f = fopen(path, "w");
    REQUIRE(f && fputs("beside the sweep\n", f) >= 0 && fclose(f) == 0);
    test_environment();
    test_seeds();
    test_stops();
    test_parts();
    test_failures();
    unlink(path);
    rmdir(dir);
    return check_done();
}
