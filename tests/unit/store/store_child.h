// SPDX-License-Identifier: MIT
//
// What tests of stores in trouble share.
#ifndef MLPSWEEP_TESTS_STORE_CHILD_H
#define MLPSWEEP_TESTS_STORE_CHILD_H

#include "store_fixture.h"

static const enum ms_journal journals[] = {MS_JOURNAL_WAL, MS_JOURNAL_DELETE};

// Runs statements in a child; status is its exit status, or 128 + signal.
#define CHILD(status, ...)                                                                         \
    do {                                                                                           \
        fflush(NULL);                                                                              \
        const pid_t pid_ = fork();                                                                 \
        REQUIRE(pid_ >= 0);                                                                        \
        if (pid_ == 0) {                                                                           \
            check_failed = 0;                                                                      \
            __VA_ARGS__;                                                                           \
            _exit(check_failed ? 99 : 0);                                                          \
        }                                                                                          \
        int raw_;                                                                                  \
        REQUIRE(waitpid(pid_, &raw_, 0) == pid_);                                                  \
        (status) = WIFSIGNALED(raw_) ? 128 + WTERMSIG(raw_) : WEXITSTATUS(raw_);                   \
    } while (0)

static inline void refuse(const char *path, int code, const char *says)
{
    struct ms_store *s = NULL;
    err = (struct ms_error){0};
    CHECK_INT(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err), code);
    CHECK_THAT(s == NULL && strstr(err.text, says), "'%s' does not say '%s'", err.text, says);
    CHECK(!strchr(err.text, '\n'));
}

#endif
