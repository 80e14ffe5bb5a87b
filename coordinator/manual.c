// SPDX-License-Identifier: MIT
//
// mlpsweep manual: the manual page mlpsweep(1), in the macros of man(7). Its commands, options and
// examples are what --help prints, from the same tables; only the sections around them are written
// here.
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "mlpsweep/status.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

// Text in which nothing is taken for a request or an escape of roff.
static void put(const char *text, size_t n)
{
    bool begins = true;
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        if (begins && (c == '.' || c == '\''))
            fputs("\\&", stdout);
        begins = c == '\n';
        if (c == '\\')
            fputs("\\e", stdout);
        else if (c == '-')
            fputs("\\-", stdout);
        else
            putchar(c);
    }
}

static void put_text(const char *text)
{
    put(text, strlen(text));
}

static void put_code(const char *text, size_t n)
{
    printf(".PP\n.EX\n");
    put(text, n);
    printf(".EE\n");
}

// "usage: mlpsweep rank …\n      …\n\nWhat it does.\n\n…": the lines of usage as they are, the
// rest as paragraphs.
static void put_usage(const char *usage)
{
    static const char lead[] = "usage: ";
    const char *rest = strstr(usage, "\n\n");
    const size_t n = rest ? (size_t)(rest - usage) + 1 : strlen(usage);
    printf(".EX\n");
    for (const char *at = usage, *end = usage + n; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop + 1 : end;
        for (size_t k = 0; k < sizeof lead - 1 && at < stop && (*at == lead[k] || *at == ' '); k++)
            at++;
        put(at, (size_t)(stop - at));
        at = stop;
    }
    printf(".EE\n");
    while (rest) {
        rest += 2;
        const char *next = strstr(rest, "\n\n");
        size_t length = next ? (size_t)(next - rest) : strlen(rest);
        while (length > 0 && rest[length - 1] == '\n')
            length--;
        if (length > 0) {
            printf(".PP\n");
            put(rest, length);
            printf("\n");
        }
        rest = next;
    }
}

static void put_option(const struct ms_option *o)
{
    const char *value = ms_options_value(o);
    printf(".TP\n.B \\-\\-");
    put_text(o->name);
    if (*value) {
        printf(" \\fI");
        put_text(value);
        printf("\\fR");
    }
    printf("\n");
    put_text(o->doc);
    printf("\n");
}

static void put_command(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx;
    printf(".SS mlpsweep %s\n", c->name);
    put_usage(s->usage);
    for (int i = 0; i < s->n_options; i++)
        put_option(&s->options[i]);
    if (s->examples) {
        printf(".PP\nExamples:\n");
        put_code(s->examples, strlen(s->examples));
    }
}

static void put_head(void)
{
    printf(".TH MLPSWEEP 1 2026-11-28 \"mlpsweep %s\" \"User Commands\"\n", MS_VERSION);
    printf(".SH NAME\nmlpsweep \\- hyperparameter sweeps of multi\\-layer perceptrons\n"
           ".SH SYNOPSIS\n.B mlpsweep\n.I command\n[\\fIargument\\fR ...]\n"
           ".SH DESCRIPTION\n"
           "A sweep is a JSON file: a training configuration in which any value may be replaced by "
           "a parameter.\n"
           ".B mlpsweep run\n"
           "trains the network of every trial as often as the file asks, on all processors of this "
           "machine or, under\n"
           ".BR mpirun (1)\nor\n.BR srun (1),\n"
           "on those of a cluster, and commits every number to a store, an SQLite file.\n"
           "The other commands look at sweep files and stores.\n");
}

static void put_foot(void)
{
    printf(".SH EXIT STATUS\n"
           ".TP\n.B 0\nfinished\n.TP\n.B 1\nfinished with failures\n.TP\n.B 2\nrefused\n"
           ".TP\n.B 3\ninterrupted but resumable by the same command\n"
           ".SH ENVIRONMENT\n"
           ".TP\n.B NO_COLOR\nif set, nothing is coloured; see https://no\\-color.org\n"
           ".TP\n.B OPENBLAS_CORETYPE\nthe set of OpenBLAS's kernels that workers take\n"
           ".TP\n.B TMPDIR\nwhere the data of a run lie while it goes on\n"
           ".SH FILES\n"
           ".TP\n.IB name .db\nthe store of the sweep of that name, unless \\-\\-store says "
           "otherwise\n"
           ".TP\n.IB name .db.lock\nthere while a run writes to the store\n"
           ".SH SEE ALSO\n.BR sqlite3 (1),\n.BR mpirun (1)\n");
}

int ms_manual_command(int argc, char **argv)
{
    static const char usage[] =
        "usage: mlpsweep manual\n\n"
        "Prints the manual page of all commands, for man -l - or a folder of MANPATH.\n";
    static const char examples[] = "mlpsweep manual | man -l -\n";
    const struct ms_syntax syntax = {
        .command = "manual", .usage = usage, .what = "nothing", .examples = examples};
    const int n = ms_options_read(&syntax, argc, argv, NULL);
    if (n < 0)
        return -1 - n;
    put_head();
    printf(".SH COMMANDS\n");
    ms_cli_each(put_command, NULL);
    put_foot();
    return fflush(stdout) || ferror(stdout) ? MS_EXIT_REFUSED : MS_EXIT_OK;
}
