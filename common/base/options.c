// SPDX-License-Identifier: MIT
//
// One pass over the words. Whatever is wrong with a command line becomes one line on stderr: the
// option, what was found, what is allowed, and the nearest spelling.
#include "mlpsweep/options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/status.h"
#include "mlpsweep/table.h"

// The index of word in "a|b|c", or -1.
static int choice_index(const char *choices, const char *word)
{
    int i = 0;
    size_t n = strlen(word);
    for (const char *c = choices; c; i++) {
        const char *end = strchr(c, '|');
        size_t len = end ? (size_t)(end - c) : strlen(c);
        if (len == n && memcmp(c, word, n) == 0)
            return i;
        c = end ? end + 1 : NULL;
    }
    return -1;
}

static int take(const struct ms_option *o, const char *value, struct ms_error *err)
{
    char *end = NULL;
    errno = 0;
    switch (o->kind) {
    case MS_OPT_TEXT:
        *(const char **)o->to = value;
        return 0;
    case MS_OPT_INT: {
        long v = strtol(value, &end, 10);
        if (errno || end == value || *end || (double)v < o->lo || v > 1000000000L)
            return ms_fail(err, MS_EINVAL, "--%s: found '%s'; allowed: a whole number from %g",
                           o->name, value, o->lo);
        *(int *)o->to = (int)v;
        return 0;
    }
    case MS_OPT_SECONDS: {
        double v = strtod(value, &end);
        if (errno || end == value || *end || !isfinite(v) || v < o->lo)
            return ms_fail(err, MS_EINVAL, "--%s: found '%s'; allowed: seconds from %g", o->name,
                           value, o->lo);
        *(double *)o->to = v;
        return 0;
    }
    case MS_OPT_CHOICE: {
        int v = choice_index(o->choices, value);
        if (v < 0)
            return ms_fail(err, MS_EINVAL, "--%s: found '%s'; allowed: %s", o->name, value,
                           o->choices);
        *(int *)o->to = v;
        return 0;
    }
    case MS_OPT_FLAG:
        break;
    }
    *(bool *)o->to = true;
    return 0;
}

static const struct ms_option *find_option(const struct ms_option *options, int n, const char *name,
                                           size_t len)
{
    for (int i = 0; i < n; i++)
        if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0)
            return &options[i];
    return NULL;
}

static int unknown_option(const struct ms_syntax *s, const char *arg, struct ms_error *err)
{
    const char *names[32];
    char all[512] = "--help";
    const int n = s->n_options < 32 ? s->n_options : 32;
    for (int i = 0; i < n; i++) {
        names[i] = s->options[i].name;
        const size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, ", --%s", names[i]);
    }
    const char *near = ms_nearest(arg + strspn(arg, "-"), names, n);
    return ms_fail(err, MS_EINVAL, "unknown option '%s'; allowed: %s%s%s%s", arg, all,
                   near ? "; did you mean '--" : "", near ? near : "", near ? "'?" : "");
}

// The option at argv[*at], and its value, which may be the next word.
static int take_option(const struct ms_syntax *s, int argc, char **argv, int *at,
                       struct ms_error *err)
{
    const char *arg = strcmp(argv[*at], "-o") == 0 ? "--output" : argv[*at];
    const char *equals = strchr(arg, '=');
    if (arg[1] != '-')
        return unknown_option(s, arg, err);
    const size_t len = equals ? (size_t)(equals - arg - 2) : strlen(arg + 2);
    const struct ms_option *o = find_option(s->options, s->n_options, arg + 2, len);
    if (!o)
        return unknown_option(s, argv[*at], err);
    const char *value = equals ? equals + 1 : NULL;
    if (o->kind == MS_OPT_FLAG && value)
        return ms_fail(err, MS_EINVAL, "--%s takes no value", o->name);
    if (o->kind != MS_OPT_FLAG && !value) {
        if (++*at == argc)
            return ms_fail(err, MS_EINVAL, "--%s: its value is missing", o->name);
        value = argv[*at];
    }
    return take(o, value, err);
}

static int read_arguments(const struct ms_syntax *s, int argc, char **argv, const char **words,
                          struct ms_error *err)
{
    int n = 0;
    bool options = true;
    for (int i = 1; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1]) {
            const int status = take_option(s, argc, argv, &i, err);
            if (status)
                return status;
        } else if (n == s->most) {
            return ms_fail(err, MS_EINVAL, "one argument too many: '%s'", argv[i]);
        } else {
            words[n++] = argv[i];
        }
    }
    return n;
}

const char *ms_options_value(const struct ms_option *o)
{
    static const char *const values[] = {
        [MS_OPT_TEXT] = "TEXT", [MS_OPT_INT] = "N", [MS_OPT_SECONDS] = "SECONDS"};
    return o->kind == MS_OPT_FLAG ? "" : o->choices ? o->choices : values[o->kind];
}

static void print_help(const struct ms_syntax *s)
{
    printf("%s\n", s->usage);
    for (int i = 0; i < s->n_options; i++) {
        const struct ms_option *o = &s->options[i];
        const char *value = ms_options_value(o);
        printf("  %s--%s%s%s\n      %s\n", strcmp(o->name, "output") ? "" : "-o, ", o->name,
               *value ? " " : "", value, o->doc);
    }
    printf("  --help\n      this text\n");
    if (s->examples)
        printf("\nexamples:\n%s", s->examples);
}

static ms_options_hear listener;
static void *listener_ctx;

void ms_options_listen(ms_options_hear hear, void *ctx)
{
    listener = hear;
    listener_ctx = ctx;
}

int ms_options_read(const struct ms_syntax *s, int argc, char **argv, const char **words)
{
    struct ms_error err;
    if (listener) {
        listener(listener_ctx, s);
        return -1 - MS_EXIT_OK;
    }
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(s);
            return -1 - MS_EXIT_OK;
        }
    const int n = read_arguments(s, argc, argv, words, &err);
    if (n >= s->least)
        return n;
    if (n < 0)
        fprintf(stderr, "mlpsweep %s: %s\n", s->command, err.text);
    else
        fprintf(stderr, "mlpsweep %s: no %s given; %.*s\n", s->command, s->what,
                (int)strcspn(s->usage, "\n"), s->usage);
    return -1 - MS_EXIT_REFUSED;
}
