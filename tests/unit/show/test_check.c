// SPDX-License-Identifier: MIT
//
// mlpsweep check: exit status, and what goes to which stream.
#include "check.h"

#include <unistd.h>

#include "coordinator/show/commands.h"
#include "mlpsweep/status.h"
#include "mlpsweep/table.h"

static char out[100000], err[20000];

// Everything that a stream was given, read from the file that stood in for it.
static void collect(FILE *stream, int saved, FILE *file, char *to, size_t size)
{
    fflush(stream);
    REQUIRE(dup2(saved, fileno(stream)) >= 0);
    close(saved);
    rewind(file);
    to[fread(to, 1, size - 1, file)] = '\0';
    fclose(file);
}

static int run(int argc, char **argv)
{
    FILE *out_file = tmpfile(), *err_file = tmpfile();
    REQUIRE(out_file && err_file);
    fflush(stdout);
    fflush(stderr);
    int saved_out = dup(1), saved_err = dup(2);
    REQUIRE(saved_out >= 0 && saved_err >= 0);
    REQUIRE(dup2(fileno(out_file), 1) >= 0 && dup2(fileno(err_file), 2) >= 0);
    int status = ms_show_check_command(argc, argv);
    collect(stdout, saved_out, out_file, out, sizeof out);
    collect(stderr, saved_err, err_file, err, sizeof err);
    return status;
}

#define RUN(...) run((int)(sizeof(char *[]){__VA_ARGS__} / sizeof(char *)), (char *[]){__VA_ARGS__})

int main(void)
{
    char good[] = "tests/unit/sweep/kerastuner-slides.json";
    char wrong[] = "tests/wrong/several_lines_in_order.json",
         missing[] = "tests/wrong/no such.json";
    char check[] = "check", option[] = "--fast", end[] = "--";
    char fields[] = "--fields";
    REQUIRE(chdir(MS_SOURCE_DIR) == 0);

    CHECK_INT(RUN(check, good), MS_EXIT_OK);
    CHECK_STR(out,
              "tests/unit/sweep/kerastuner-slides.json: ok: 16 parameters, 60 trials (random), "
              "3 executions each\n");
    CHECK_STR(err, "");

    CHECK_INT(RUN(check, wrong, good), MS_EXIT_REFUSED);
    CHECK(strncmp(err, "tests/wrong/several_lines_in_order.json:2: epochs: found 0; ", 58) == 0);
    int lines = 0;
    for (const char *p = err; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    CHECK_INT(lines, 7);
    CHECK(strstr(out, "kerastuner-slides.json: ok: ")); // the other file is told all the same

    CHECK_INT(RUN(check, missing), MS_EXIT_REFUSED);
    CHECK_STR(err, "tests/wrong/no such.json: No such file or directory\n");
    CHECK_INT(RUN(check), MS_EXIT_REFUSED);
    CHECK(strstr(err, "no sweep file given"));
    CHECK_INT(RUN(check, option), MS_EXIT_REFUSED);
    CHECK(strstr(err, "unknown option '--fast'"));
    CHECK_INT(RUN(check, end, option), MS_EXIT_REFUSED);
    CHECK_STR(err, "--fast: No such file or directory\n");

    // All that the tables know is told: every optimizer's name, at least.
    CHECK_INT(RUN(check, fields), MS_EXIT_OK);
    CHECK_STR(err, "");
    CHECK(strstr(out, "\nbatch_size") && strstr(out, "default 32") &&
          strstr(out, "    kernel_initializer"));
    for (int i = 0; i < ms_optimizer_table.n; i++) {
        char name[80];
        snprintf(name, sizeof name, "\n  %s ", ms_table_row(&ms_optimizer_table, i)->name);
        CHECK_THAT(strstr(out, name), "there is no%s", name + 2);
    }
    // Of what adamw shares with the others its own default; what cannot be swept; a metric's
    // arguments.
    const char *adamw = strstr(out, "\n  adamw "), *adamax = strstr(out, "\n  adamax ");
    REQUIRE(adamw && adamax);
    const char *decay = strstr(adamw, "\n    weight_decay ");
    CHECK(decay && decay < adamax && strstr(decay, "default 0.004"));
    const char *metrics = strstr(out, "\nmetrics "), *next = strstr(out, "\nearly_stopping ");
    REQUIRE(metrics && next);
    const char *fixed = strstr(metrics, "cannot be a");
    CHECK(fixed && fixed < next);
    CHECK(strstr(out, "\nmetric: a name, or {\"name\": name, argument: value, …}\n"));
    for (const char *p = out, *q; (q = strchr(p, '\n')) != NULL; p = q + 1)
        CHECK_THAT(q - p <= 130, "a long line: %.60s", p);
    return check_done();
}
