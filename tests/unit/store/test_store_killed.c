// SPDX-License-Identifier: MIT
//
// A run that is killed, at a known moment or at any: the next run finds what was committed, nothing
// else.
#include "coordinator/store/store_internal.h"
#include "store_child.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

// Killed between a commit and the next: the next run finds what was committed, nothing else.
static void test_killed(enum ms_journal journal)
{
    struct ms_sweep *sweep = parse(SWEEP("killed", 2, MAXIMIZE));
    const char *path = in_folder("killed");
    int status;
    CHILD(status, {
        struct ms_store *s = open_and_begin(path, journal, sweep, NULL, NULL);
        put_trial(s, 0, 0, 0.1, 0, 3);
        put_execution(s, 0, 0, 0.75);
        OK(ms_store_running(s, 0, 1, 1, &err));
        OK(ms_store_commit(s, &err));
        put_execution(s, 0, 1, 0.5);
        put_trial(s, 1, 0, 0.2, 0, 3);
        raise(SIGKILL);
    });
    CHECK_INT(status, 128 + SIGKILL);
    struct ms_store *r;
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    OK(ms_store_open_read(path, &r, &err));
    OK(ms_store_find(r, NULL, &info, &err));
    CHECK_STR(info.state, "killed");
    OK(ms_store_scores(r, info.id, &sc, &err));
    CHECK(sc.n == 1 && sc.value[0] == 0.75);
    ms_rank_scores_clear(&sc);
    OK(ms_store_close(r, &err));

    struct ms_known *known;
    int64_t n;
    struct ms_store *s = open_and_begin(path, journal, sweep, &known, &n);
    CHECK_INT(n, 3);
    CHECK(known[0].state == MS_DONE && known[1].state == MS_WAITING &&
          known[2].state == MS_WAITING);
    CHECK_INT(known[1].attempts, 0); // interrupted, which is nobody's fault
    free(known);
    put_execution(s, 0, 1, 0.5);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT group_concat(state) FROM run", "killed,finished");
    CHECK_SQL(path, "SELECT group_concat(number || outcome) FROM attempt WHERE execution_id = 2",
              "0interrupted,1completed");
    CHECK_SQL(path, "PRAGMA integrity_check", "ok");
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

// Puts trials one after the other and reports each through fd once it is committed.
static _Noreturn void commit_for_ever(const char *path, enum ms_journal journal,
                                      const struct ms_sweep *sweep, int fd)
{
    struct ms_known *known;
    int64_t n;
    struct ms_store *s = open_and_begin(path, journal, sweep, &known, &n);
    int done = 0; // trials 0 … done - 1 are in the store
    for (int64_t i = 0; i < n; i++)
        done += known[i].state == MS_DONE;
    for (;; done++) {
        put_trial(s, (uint32_t)done, 0, 0.5, 0, 1);
        put_execution(s, (uint32_t)done, 0, done);
        OK(ms_store_commit(s, &err));
        const int count = done + 1;
        if (write(fd, &count, sizeof count) != sizeof count)
            _exit(1);
    }
}

// The number of executions in the store: those that were committed, or one more.
static int n_stored(const char *path, int committed)
{
    struct ms_store *r;
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    OK(ms_store_open_read(path, &r, &err));
    OK(ms_store_find(r, NULL, &info, &err));
    OK(ms_store_scores(r, info.id, &sc, &err));
    CHECK_THAT(sc.n >= committed && sc.n <= committed + 1, "%lld executions, %d were committed",
               (long long)sc.n, committed);
    for (int64_t i = 0; i < sc.n; i++)
        CHECK(sc.trial[i] == i && sc.value[i] == (double)i);
    const int n = (int)sc.n;
    ms_rank_scores_clear(&sc);
    OK(ms_store_close(r, &err));
    return n;
}

// Killed at any moment, also within a commit or while the file is being made: every execution whose
// commit returned is there.
static void test_killed_anywhere(enum ms_journal journal, int rounds)
{
    struct ms_sweep *sweep = parse(SWEEP("anywhere", 2, MAXIMIZE));
    const char *path = in_folder("anywhere");
    int committed = 0;
    for (int round = 0; round < rounds; round++) {
        int fd[2];
        REQUIRE(pipe(fd) == 0);
        fflush(NULL);
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) {
            close(fd[0]);
            commit_for_ever(path, journal, sweep, fd[1]);
        }
        close(fd[1]);
        int first; // however slow the disk: every fourth round gets to its first commit
        if (round % 4 == 3 && read(fd[0], &first, sizeof first) == sizeof first)
            committed = first;
        const long wait_ns = 300000L + 1700000L * (round % 13);
        nanosleep(&(struct timespec){.tv_nsec = wait_ns}, NULL);
        REQUIRE(kill(pid, SIGKILL) == 0);
        for (int count; read(fd[0], &count, sizeof count) == sizeof count;)
            committed = count;
        close(fd[0]);
        int status;
        REQUIRE(waitpid(pid, &status, 0) == pid);
        CHECK(WIFSIGNALED(status)); // it never failed by itself
        if (committed == 0)
            continue;
        committed = n_stored(path, committed);
    }
    CHECK(committed > 0);
    CHECK_SQL(path, "PRAGMA integrity_check", "ok");
    struct ms_store *s = open_and_begin(path, journal, sweep, NULL, NULL);
    OK(ms_store_close(s, &err));
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    for (int i = 0; i < 2; i++) {
        test_killed(journals[i]);
        test_killed_anywhere(journals[i], 24);
    }
    fixture_clear();
    return check_done();
}
