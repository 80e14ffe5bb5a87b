// SPDX-License-Identifier: MIT
//
// The choice of a command by its name, and what is printed when there is none.
#include "coordinator/cli.h"

#include <unistd.h>

#include "check.h"
#include "mlpsweep/status.h"

static int runs, run_argc;
static char run_argv[4][64];

static int fake(int argc, char **argv)
{
    runs++;
    run_argc = argc;
    for (int i = 0; i < argc && i < 4; i++)
        snprintf(run_argv[i], sizeof run_argv[i], "%s", argv[i]);
    return 42;
}

static const struct ms_linked linked[] = {
    {"run", fake}, {"plan", fake}, {"refit", fake}, {"predict", fake}};

static char out[8192], text_err[8192], help[8192];

static void catch_stream(int fd, FILE *f, int *old)
{
    fflush(NULL);
    *old = dup(fd);
    REQUIRE(f && *old >= 0 && dup2(fileno(f), fd) >= 0);
}

static void release(int fd, FILE *f, int old, char *text, size_t size)
{
    fflush(NULL);
    REQUIRE(dup2(old, fd) >= 0);
    close(old);
    rewind(f);
    text[fread(text, 1, size - 1, f)] = 0;
    fclose(f);
}

// The exit status of `mlpsweep a b`, with what it printed in out and text_err.
static int cli(const char *a, const char *b, int n_linked)
{
    char words[3][64];
    const char *const given[] = {"mlpsweep", a, b};
    char *argv[4] = {NULL};
    int argc = 0, old_out, old_err;
    for (; argc < 3 && given[argc]; argc++) {
        snprintf(words[argc], sizeof words[argc], "%s", given[argc]);
        argv[argc] = words[argc];
    }
    FILE *o = tmpfile(), *e = tmpfile();
    catch_stream(STDOUT_FILENO, o, &old_out);
    catch_stream(STDERR_FILENO, e, &old_err);
    runs = 0;
    const int status = ms_cli(argc, argv, linked, n_linked);
    release(STDERR_FILENO, e, old_err, text_err, sizeof text_err);
    release(STDOUT_FILENO, o, old_out, out, sizeof out);
    return status;
}

static void test_help(void)
{
    CHECK_INT(cli("--help", NULL, 2), MS_EXIT_OK);
    CHECK(strstr(out, "\n  run ") && strstr(out, "\n  rank ") && strstr(out, "\n  plan "));
    CHECK_STR(text_err, "");
    snprintf(help, sizeof help, "%s", out);
    CHECK_INT(cli("-h", NULL, 2), MS_EXIT_OK);
    CHECK_STR(out, help);
    CHECK_INT(cli("help", NULL, 2), MS_EXIT_OK);
    CHECK_STR(out, help);
    CHECK_INT(cli(NULL, NULL, 2), MS_EXIT_REFUSED); // no command: the same, as an error
    CHECK_STR(text_err, help);
    CHECK_STR(out, "");
    CHECK_INT(cli("--version", NULL, 2), MS_EXIT_OK);
    CHECK(strncmp(out, "mlpsweep ", 9) == 0);
}

static void test_command(void)
{
    CHECK_INT(cli("run", "a.json", 2), 42);
    CHECK(runs == 1 && run_argc == 2);
    CHECK_STR(run_argv[0], "run");
    CHECK_STR(run_argv[1], "a.json");
    CHECK_INT(cli("help", "plan", 2), 42); // help plan: plan --help
    CHECK(runs == 1 && run_argc == 2);
    CHECK_STR(run_argv[0], "plan");
    CHECK_STR(run_argv[1], "--help");
    CHECK_INT(cli("rank", "--help", 2), MS_EXIT_OK); // one of a room
    CHECK(runs == 0 && strstr(out, "usage: mlpsweep rank "));
}

static void test_refusals(void)
{
    CHECK_INT(cli("statsu", NULL, 4), MS_EXIT_REFUSED);
    CHECK(strncmp(text_err, "mlpsweep: unknown command 'statsu'; allowed: run, check, ", 56) == 0);
    CHECK(strstr(text_err, "; did you mean 'status'?\n"));
    for (const char *row = strstr(text_err, "allowed: ") + 9;
         *row && *row != ';';) { // all have help
        char line[40];
        const size_t n = strcspn(row, ",;");
        snprintf(line, sizeof line, "\n  %.*s ", (int)n, row);
        CHECK_THAT(strstr(help, line), "the help has no row for '%s'", line);
        row += n + strspn(row + n, ", ");
    }
    CHECK_INT(cli("optimize-everything", NULL, 2), MS_EXIT_REFUSED);
    CHECK(strstr(text_err, "allowed: ") && !strstr(text_err, "did you mean"));
    CHECK_INT(cli("plan", "a.json", 1), MS_EXIT_REFUSED);
    CHECK_STR(text_err, "mlpsweep: this program was built without 'plan'\n");
    CHECK_INT(cli("statsu", NULL, 4), MS_EXIT_REFUSED);
}

static int visited;

static void visit(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    visited++;
    CHECK(ctx == &visited);
    CHECK_STR(s->command, c->name);
    CHECK_THAT(s->examples && *s->examples, "%s has no examples", c->name);
    CHECK_THAT(strncmp(s->usage, "usage: mlpsweep ", 16) == 0, "%s", s->usage);
    for (int i = 0; i < s->n_options; i++)
        CHECK_THAT(s->options[i].doc && *s->options[i].doc, "%s: --%s", c->name,
                   s->options[i].name);
}

// Every command that is here shows its syntax, and nothing is run.
static void test_each(void)
{
    int rows = 0;
    for (const char *c = strstr(text_err, "allowed: "); c; c = strchr(c + 1, ','))
        rows++;
    runs = 0;
    ms_cli_each(visit, &visited);
    CHECK_INT(visited + runs, rows); // linked ones are fakes, which read no options
}

int main(void)
{
    test_help();
    test_command();
    test_refusals();
    test_each();
    return check_done();
}
