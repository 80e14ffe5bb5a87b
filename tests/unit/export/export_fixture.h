// SPDX-License-Identifier: MIT
//
// What the tests of exports share: a small store, and the command run as the program runs it.
#ifndef EXPORT_FIXTURE_H
#define EXPORT_FIXTURE_H

#include "tests/unit/store/store_fixture.h"

#include <fcntl.h>

#include "coordinator/export/export.h"

static char out[40000], errors[4000];
static const char *path; // of the store

static void slurp(const char *name, char *to, size_t size)
{
    FILE *f = fopen(in_folder(name), "r");
    REQUIRE(f != NULL);
    to[fread(to, 1, size - 1, f)] = '\0';
    fclose(f);
}

// Runs mlpsweep export in a child, in the test's folder; its words are given as one string split at
// blanks.
static int run_export(const char *words)
{
    char text[1000], *argv[20];
    int argc = 0;
    snprintf(text, sizeof text, "export %s", words);
    for (char *word, *rest = text; (word = strsep(&rest, " "));)
        if (*word)
            argv[argc++] = word;
    argv[argc] = NULL;
    fflush(NULL);
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        const int o = open(in_folder("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        const int e = open(in_folder("err"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (chdir(folder) != 0 || dup2(o, 1) < 0 || dup2(e, 2) < 0)
            _exit(120);
        const int status = ms_export_command(argc, argv);
        fflush(NULL);
        _exit(status);
    }
    int status;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    slurp("out", out, sizeof out);
    slurp("err", errors, sizeof errors);
    CHECK_THAT(WIFEXITED(status), "export %s died", words);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define CHECK_HAS(text, part)                                                                      \
    CHECK_THAT(strstr(text, part) != NULL, "'%s' is not in\n%s", part, text)

// Trial 0 has three executions, 1 one, 2 failed, 3 runs, 4 waits.
static inline struct ms_store *fill_store(const struct ms_sweep *sweep)
{
    static const double accuracy[3] = {0.75, 0.5, 0.625};
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 1, 0.0625, 0, 3);
    for (uint32_t x = 0; x < 3; x++)
        put_execution(s, 0, x, accuracy[x]);
    put_trial(s, 1, 0, 0.001, 1, 1);
    put_execution(s, 1, 0, 0.25);
    put_trial(s, 2, 1, 0.02, 0, 1);
    put_end(s, 2, 0, MS_END_CRASHED, true, 0, 2, "killed by signal 11");
    put_trial(s, 3, 0, 0.03, 0, 1);
    OK(ms_store_running(s, 3, 0, 1, &err));
    put_trial(s, 4, 0, 0.04, 0, 1);
    OK(ms_store_commit(s, &err));
    return s;
}

#endif
