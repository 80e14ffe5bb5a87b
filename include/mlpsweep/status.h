// SPDX-License-Identifier: MIT
//
// One status, one message.
//
// Every function that can fail returns 0 or one of the negative codes below and fills a struct
// ms_error that the caller owns. The message is made where the fault is found, because the reason
// is known only there. Messages are lower case, without a full stop. Only main() exits.
#ifndef MLPSWEEP_STATUS_H
#define MLPSWEEP_STATUS_H

#include <stdarg.h>
#include <stddef.h>

#define MS_MUST_CHECK __attribute__((warn_unused_result))
#define MS_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum ms_code {
    MS_OK = 0,
    MS_EINVAL = -1,   // what the user asked for is wrong (exit status 2)
    MS_EFORMAT = -2,  // a file or a message has the wrong format
    MS_EIO = -3,      // the operating system refused to read or write
    MS_ENOMEM = -4,   // out of memory
    MS_ELIMIT = -5,   // a stated limit of mlpsweep is exceeded
    MS_EBUSY = -6,    // a reader holds the store; nothing is lost, try again later
    MS_ESTATE = -7,   // the store or a peer contradicts what this process knows
    MS_ECOMM = -8,    // MPI reported an error
    MS_ESTOPPED = -9, // stopped on request; everything reported so far is kept
};

// The exit statuses of the program.
enum ms_exit {
    MS_EXIT_OK = 0,            // finished
    MS_EXIT_FAILED_TRIALS = 1, // finished, with failed trials
    MS_EXIT_REFUSED = 2,       // nothing was started
    MS_EXIT_INTERRUPTED = 3    // the same command resumes it
};

struct ms_error {
    int code;        // one of enum ms_code
    char text[1000]; // one line, NUL-terminated, truncated if too long
};

// Fills err (which may be NULL) and returns code, so that failing is one line:
//     return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
int ms_fail(struct ms_error *err, int code, const char *fmt, ...) MS_PRINTF(3, 4);

#ifdef __clang_analyzer__
// The analyzer reads one file at a time; without this it follows paths on which failing returns 0.
#define ms_fail(err, code, ...) (ms_fail(err, code, __VA_ARGS__), (code))
#endif

// Puts "prefix: " before the message already in err and returns err's code. For callers that know
// the context of a fault better than the function that found it.
int ms_fail_in(struct ms_error *err, const char *fmt, ...) MS_PRINTF(2, 3);

#endif
