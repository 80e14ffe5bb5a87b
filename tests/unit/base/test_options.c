// SPDX-License-Identifier: MIT
//
// Command lines: every spelling that is accepted, and for every one that is refused the sentence
// that names the option, what was found and what is allowed.
#include "mlpsweep/options.h"

#include <stdbool.h>
#include <unistd.h>

#include "check.h"
#include "mlpsweep/status.h"

static const char *text, *output;
static int number, choice;
static double seconds;
static bool flag;

static const struct ms_option options[] = {
    {"store", MS_OPT_TEXT, &text, "FILE", 0, "where results go"},
    {"workers", MS_OPT_INT, &number, NULL, 1, "how many"},
    {"lost", MS_OPT_SECONDS, &seconds, NULL, 0.5, "patience"},
    {"order", MS_OPT_CHOICE, &choice, "longest|first|last", 0, "which first"},
    {"retry", MS_OPT_FLAG, &flag, NULL, 0, "again"},
    {"output", MS_OPT_TEXT, &output, "PATH", 0, "what to write"},
};
static const struct ms_syntax syntax = {"test", "usage: mlpsweep test FILE\nmore", options, 6, 1, 2,
                                        "file", "mlpsweep test a    # so\n"};

static char said[4096]; // on stdout and stderr

// Reads a command line of words with blanks between them.
static int read_line(const char *line, const char **words)
{
    static char copy[512];
    char *argv[20] = {"test"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
        argv[argc++] = w;
    text = output = NULL;
    number = choice = -1;
    seconds = -1;
    flag = false;
    fflush(NULL);
    FILE *f = tmpfile();
    REQUIRE(f);
    const int out = dup(1), err = dup(2);
    dup2(fileno(f), 1);
    dup2(fileno(f), 2);
    const int n = ms_options_read(&syntax, argc, argv, words);
    fflush(NULL);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    rewind(f);
    said[fread(said, 1, sizeof said - 1, f)] = '\0';
    fclose(f);
    return n;
}

static void test_accepted(void)
{
    const char *words[2];
    CHECK_INT(read_line("a.json --store x.db --workers=4 --lost 0.5 --order last --retry", words),
              1);
    CHECK_STR(words[0], "a.json");
    CHECK_STR(text, "x.db");
    CHECK(number == 4 && seconds == 0.5 && choice == 2 && flag);
    CHECK_STR(said, "");
    CHECK_INT(read_line("a b", words), 2);
    CHECK(number == -1 && choice == -1 && seconds == -1 && !flag && !text);
    CHECK_INT(read_line("-- --retry", words), 1); // a file of an unlucky name
    CHECK_STR(words[0], "--retry");
    CHECK(!flag);
    CHECK_INT(read_line("- --store=", words), 1); // a lone dash is a word; a text may be empty
    CHECK_STR(words[0], "-");
    CHECK_STR(text, "");
    CHECK_INT(read_line("a --store --retry", words), 1); // the next word is the value
    CHECK_STR(text, "--retry");
    CHECK_INT(read_line("a --workers 1 --workers 2", words), 1); // the last one wins
    CHECK_INT(number, 2);
    CHECK_INT(read_line("a -o x --retry", words), 1);
    CHECK_STR(output, "x");
    CHECK_INT(read_line("a --output=y", words), 1);
    CHECK_STR(output, "y");
}

static void refused(const char *line, const char *message)
{
    const char *words[2];
    CHECK_INT(read_line(line, words), -1 - MS_EXIT_REFUSED);
    char wanted[512];
    snprintf(wanted, sizeof wanted, "mlpsweep test: %s\n", message);
    CHECK_STR(said, wanted);
}

static void test_refused(void)
{
    refused("", "no file given; usage: mlpsweep test FILE");
    refused("a b c", "one argument too many: 'c'");
    refused("a --workers 0", "--workers: found '0'; allowed: a whole number from 1");
    refused("a --workers 1.5", "--workers: found '1.5'; allowed: a whole number from 1");
    refused("a --workers=", "--workers: found ''; allowed: a whole number from 1");
    refused("a --workers 99999999999999999999",
            "--workers: found '99999999999999999999'; allowed: a whole number from 1");
    refused("a --lost 0.4", "--lost: found '0.4'; allowed: seconds from 0.5");
    refused("a --lost inf", "--lost: found 'inf'; allowed: seconds from 0.5");
    refused("a --lost nan", "--lost: found 'nan'; allowed: seconds from 0.5");
    refused("a --lost 5s", "--lost: found '5s'; allowed: seconds from 0.5");
    refused("a --order lon", "--order: found 'lon'; allowed: longest|first|last");
    refused("a --order longest|first",
            "--order: found 'longest|first'; allowed: longest|first|last");
    refused("a --retry=yes", "--retry takes no value");
    refused("a --store", "--store: its value is missing");
    refused("a -o", "--output: its value is missing");
    const char *all = "allowed: --help, --store, --workers, --lost, --order, --retry, --output";
    char message[300];
    snprintf(message, sizeof message, "unknown option '--stor'; %s; did you mean '--store'?", all);
    refused("a --stor x", message);
    snprintf(message, sizeof message, "unknown option '-x'; %s", all);
    refused("a -x", message);
    snprintf(message, sizeof message, "unknown option '--=x'; %s", all);
    refused("a --=x", message);
}

// The help wins over whatever is wrong beside it, but not behind "--".
static void test_help(void)
{
    const char *words[2];
    for (int i = 0; i < 2; i++) {
        CASE("%s", i ? "-h" : "--help");
        CHECK_INT(read_line(i ? "-h" : "--bad --help", words), -1 - MS_EXIT_OK);
        CHECK(strncmp(said, "usage: mlpsweep test FILE\nmore\n", 31) == 0);
        CHECK(strstr(said, "  --store FILE\n      where results go\n"));
        CHECK(strstr(said, "  -o, --output PATH\n"));
        CHECK(strstr(said, "  --workers N\n") && strstr(said, "  --lost SECONDS\n"));
        CHECK(strstr(said, "\nexamples:\nmlpsweep test a    # so\n"));
        CHECK(strstr(said, "  --order longest|first|last\n") && strstr(said, "  --retry\n"));
    }
    CHECK_INT(read_line("-- --help", words), 1);
}

static int heard;

static void hear(void *ctx, const struct ms_syntax *s)
{
    heard++;
    CHECK(ctx == &heard);
    CHECK_STR(s->command, "test");
}

// A listener gets the syntax, and the words are not read.
static void test_listen(void)
{
    const char *words[2];
    ms_options_listen(hear, &heard);
    CHECK_INT(read_line("--bad", words), -1 - MS_EXIT_OK);
    CHECK_INT(heard, 1);
    ms_options_listen(NULL, NULL);
    CHECK_INT(read_line("a", words), 1);
    CHECK_INT(heard, 1);
}

int main(void)
{
    test_accepted();
    test_refused();
    test_help();
    test_listen();
    return check_done();
}
