// SPDX-License-Identifier: MIT
//
// mlpsweep completion: what a shell completes after "mlpsweep": commands, their options, the
// values of options that have few, else files. One visitor for each shell walks over the tables
// that the commands read.
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "mlpsweep/status.h"

// "a|b|c" as "a b c".
static void put_choices(const char *choices)
{
    for (const char *c = choices; *c; c++)
        putchar(*c == '|' ? ' ' : *c);
}

// A text between single quotes of a shell, without what its syntax would take for its own.
static void put_quoted(const char *text, const char *instead)
{
    for (const char *c = text; *c; c++)
        putchar(strchr("'[]:\\", *c) ? *instead : *c);
}

// --- bash ------------------------------------------------------------------------

static void bash_command(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx, (void)s;
    printf(" %s", c->name);
}

static void bash_values(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx;
    for (int i = 0; i < s->n_options; i++) {
        const struct ms_option *o = &s->options[i];
        if (o->kind == MS_OPT_FLAG)
            continue;
        printf("    %s:--%s) ", c->name, o->name);
        if (o->kind == MS_OPT_CHOICE) {
            printf("COMPREPLY=($(compgen -W '");
            put_choices(o->choices);
            printf("' -- \"$cur\")); return ;;\n");
        } else if (o->kind == MS_OPT_TEXT) {
            printf("COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
        } else {
            printf("COMPREPLY=(); return ;;\n");
        }
    }
}

static void bash_options(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx;
    printf("    %s) COMPREPLY=($(compgen -W '--help", c->name);
    for (int i = 0; i < s->n_options; i++)
        printf(" --%s", s->options[i].name);
    printf("' -- \"$cur\")) ;;\n");
}

static void bash(void)
{
    printf("# bash completion of mlpsweep: source <(mlpsweep completion bash)\n"
           "_mlpsweep() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}\n"
           "    local prev=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        COMPREPLY=($(compgen -W '");
    ms_cli_each(bash_command, NULL);
    printf(" help --help --version' -- \"$cur\"))\n"
           "        return\n"
           "    fi\n"
           "    case $command:$prev in\n");
    ms_cli_each(bash_values, NULL);
    printf("    esac\n"
           "    if [[ $cur != -* ]]; then\n"
           "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
           "        return\n"
           "    fi\n"
           "    case $command in\n");
    ms_cli_each(bash_options, NULL);
    printf("    esac\n"
           "}\n"
           "complete -o filenames -F _mlpsweep mlpsweep\n");
}

// --- zsh -------------------------------------------------------------------------

static void zsh_command(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx, (void)s;
    printf("        '%s:", c->name);
    put_quoted(c->doc, " ");
    printf("'\n");
}

static void zsh_options(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx;
    printf("    (%s) _arguments \\\n", c->name);
    for (int i = 0; i < s->n_options; i++) {
        const struct ms_option *o = &s->options[i];
        printf("        '--%s%s[", o->name, o->kind == MS_OPT_FLAG ? "" : "=");
        put_quoted(o->doc, " ");
        printf("]");
        if (o->kind == MS_OPT_CHOICE) {
            printf(":value:(");
            put_choices(o->choices);
            printf(")");
        } else if (o->kind == MS_OPT_TEXT) {
            printf(":value:_files");
        } else if (o->kind != MS_OPT_FLAG) {
            printf(":value: ");
        }
        printf("' \\\n");
    }
    printf("        '--help[help]' '*:file:_files' ;;\n");
}

static void zsh(void)
{
    printf("#compdef mlpsweep\n"
           "# zsh completion of mlpsweep: mlpsweep completion zsh > FOLDER_OF_FPATH/_mlpsweep\n"
           "_mlpsweep() {\n"
           "    local -a commands\n"
           "    local curcontext=$curcontext state line\n"
           "    commands=(\n");
    ms_cli_each(zsh_command, NULL);
    printf("    )\n"
           "    _arguments -C '1:command:->command' '*::argument:->argument'\n"
           "    case $state in\n"
           "    (command) _describe command commands; return ;;\n"
           "    esac\n"
           "    case $line[1] in\n");
    ms_cli_each(zsh_options, NULL);
    printf("    esac\n"
           "}\n"
           "if [ \"$funcstack[1]\" = _mlpsweep ]; then _mlpsweep \"$@\"; else compdef _mlpsweep "
           "mlpsweep; fi\n");
}

// --- fish ------------------------------------------------------------------------

static void fish_command(void *ctx, const struct ms_command *c, const struct ms_syntax *s)
{
    (void)ctx;
    printf("complete -c mlpsweep -f -n __fish_use_subcommand -a %s -d '", c->name);
    put_quoted(c->doc, " ");
    printf("'\n");
    for (int i = 0; i < s->n_options; i++) {
        const struct ms_option *o = &s->options[i];
        printf("complete -c mlpsweep -n '__fish_seen_subcommand_from %s' -l %s -d '", c->name,
               o->name);
        put_quoted(o->doc, " ");
        printf("'");
        if (o->kind == MS_OPT_CHOICE) {
            printf(" -xa '");
            put_choices(o->choices);
            printf("'");
        } else if (o->kind != MS_OPT_FLAG) {
            printf(o->kind == MS_OPT_TEXT ? " -r" : " -x");
        }
        printf("\n");
    }
}

static void fish(void)
{
    printf("# fish completion of mlpsweep: mlpsweep completion fish | source\n");
    ms_cli_each(fish_command, NULL);
}

// ---------------------------------------------------------------------------------

int ms_completion_command(int argc, char **argv)
{
    static const char usage[] = "usage: mlpsweep completion bash|zsh|fish\n\n"
                                "Prints a script by which the shell completes mlpsweep's words.\n";
    static const char examples[] =
        "source <(mlpsweep completion bash)          # in ~/.bashrc\n"
        "mlpsweep completion zsh > ~/.zfunc/_mlpsweep\n"
        "mlpsweep completion fish | source           # in ~/.config/fish/config.fish\n";
    static const struct {
        const char *name;
        void (*print)(void);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    enum { N_SHELLS = sizeof shells / sizeof *shells };
    const struct ms_syntax syntax = {.command = "completion",
                                     .usage = usage,
                                     .least = 1,
                                     .most = 1,
                                     .what = "shell",
                                     .examples = examples};
    const char *word;
    const int n = ms_options_read(&syntax, argc, argv, &word);
    if (n < 0)
        return -1 - n;
    for (int i = 0; i < N_SHELLS; i++)
        if (strcmp(shells[i].name, word) == 0) {
            shells[i].print();
            return fflush(stdout) || ferror(stdout) ? MS_EXIT_REFUSED : MS_EXIT_OK;
        }
    fprintf(stderr, "mlpsweep completion: found '%s'; allowed: bash, zsh, fish\n", word);
    return MS_EXIT_REFUSED;
}
