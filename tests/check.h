// SPDX-License-Identifier: MIT
//
// Used by every C test. CHECK goes on after a failure and counts it; a test's main ends with
// `return check_done();`. Exit status 77 means skipped (ctest shows it as such).
#ifndef MLPSWEEP_TESTS_CHECK_H
#define MLPSWEEP_TESTS_CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_count, check_failed;
static char check_title[200]; // what a failure is told with; "" outside of all cases

__attribute__((format(printf, 1, 2))) static inline int check_title_begin(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(check_title, sizeof check_title, format, args);
    va_end(args);
    return 0;
}

static inline void check_title_end(const int *unused)
{
    (void)unused;
    check_title[0] = 0;
}

// CASE("row %d", i); at the head of a loop's body: a check that fails before the body's end says
// so.
#define CASE(...)                                                                                  \
    int case_ __attribute__((cleanup(check_title_end))) = check_title_begin(__VA_ARGS__)

#define CHECK_THAT(ok, ...)                                                                        \
    do {                                                                                           \
        check_count++;                                                                             \
        if (!(ok)) {                                                                               \
            check_failed++;                                                                        \
            if (check_title[0])                                                                    \
                fprintf(stderr, "case %s:\n", check_title);                                        \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fputc('\n', stderr);                                                                   \
        }                                                                                          \
    } while (0)

#define CHECK(condition) CHECK_THAT((condition), "failed: %s", #condition)

// Stops the test: what follows would make no sense (a NULL pointer, say).
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        int met_ = (condition) ? 1 : 0;                                                            \
        CHECK_THAT(met_, "failed: %s", #condition);                                                \
        if (!met_)                                                                                 \
            exit(1);                                                                               \
    } while (0)

#define CHECK_INT(found, wanted)                                                                   \
    do {                                                                                           \
        long long found_ = (long long)(found), wanted_ = (long long)(wanted);                      \
        CHECK_THAT(found_ == wanted_, "%s is %lld, not %lld", #found, found_, wanted_);            \
    } while (0)

#define CHECK_STR(found, wanted)                                                                   \
    do {                                                                                           \
        const char *found_ = (found), *wanted_ = (wanted);                                         \
        CHECK_THAT(strcmp(found_, wanted_) == 0, "%s is\n  '%s', not\n  '%s'", #found, found_,     \
                   wanted_);                                                                       \
    } while (0)

// |found - wanted| <= tolerance · max(1, |wanted|); NAN equals NAN.
#define CHECK_NEAR(found, wanted, tolerance)                                                       \
    do {                                                                                           \
        double found_ = (found), wanted_ = (wanted), tol_ = (tolerance);                           \
        double scale_ = fabs(wanted_) > 1 ? fabs(wanted_) : 1;                                     \
        int ok_ = (isnan(found_) && isnan(wanted_)) || found_ == wanted_ ||                        \
                  fabs(found_ - wanted_) <= tol_ * scale_;                                         \
        CHECK_THAT(ok_, "%s is %.17g, not %.17g (off by %.3g)", #found, found_, wanted_,           \
                   found_ - wanted_);                                                              \
    } while (0)

static inline int check_done(void)
{
    printf("%d checks, %d failed\n", check_count, check_failed);
    return check_failed ? 1 : 0;
}

#endif
