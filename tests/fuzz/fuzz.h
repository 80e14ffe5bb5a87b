// SPDX-License-Identifier: MIT
//
// Used by every fuzz target. A target, fuzz_WHAT.c, is one function that reads any bytes and must
// neither crash nor break a promise. It is built twice:
//
//     replay_WHAT   with replay.c, in the ordinary suite: reads the corpus and mutations of it,
//                   needs no clang
//
//     fuzz_WHAT     with libFuzzer, if MLPSWEEP_FUZZ is on (cmake --preset fuzz): ctest -L
//                   fuzz-long runs each target for ten minutes; new inputs stay in the build
//                   folder's fuzz/WHAT
//
// The corpus is corpus/WHAT (make_corpus.py makes the files that are not text); that of JSON and
// of sweep files is tests/wrong and sweeps/. Whoever mends a crash leaves its input there, or a
// test beside the code that was wrong.
#ifndef MLPSWEEP_TESTS_FUZZ_H
#define MLPSWEEP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// One input. Always returns 0.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A promise that holds for every input.
#define PROMISE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

// Readers take paths: the bytes as a file that lives in memory. slot: 0 or 1, for two at a time.
// The path is always the same one.
static inline const char *fuzz_file(int slot, const uint8_t *data, size_t size)
{
    static int fd[2] = {-1, -1};
    static char path[2][40];
    if (fd[slot] < 0) {
        fd[slot] = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path[slot], sizeof path[slot], "/proc/self/fd/%d", fd[slot]);
    }
    PROMISE(fd[slot] >= 0 && ftruncate(fd[slot], 0) == 0);
    PROMISE(pwrite(fd[slot], data, size, 0) == (ssize_t)size);
    return path[slot];
}

#endif
