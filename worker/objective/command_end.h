// SPDX-License-Identifier: MIT
//
// How a command's attempt ended: from its exit status, its stderr and its epochs to a result.
#ifndef MLPSWEEP_WORKER_COMMAND_END_H
#define MLPSWEEP_WORKER_COMMAND_END_H

#include <stddef.h>

#include "command_lines.h"
#include "program.h"

enum { MS_COMMAND_TAIL = 65536 }; // bytes of stderr that are kept

// The end of what it wrote to stderr: a ring. Begins as zeros.
struct ms_command_errors {
    char tail[MS_COMMAND_TAIL];
    size_t n; // bytes written; the last MS_COMMAND_TAIL of them are there
};

void ms_command_errors_take(struct ms_command_errors *e, const char *text, size_t size);

// The kept text from its first whole line on, as valid UTF-8, malloc'ed. NULL: there is none, or no
// memory.
char *ms_command_errors_text(const struct ms_command_errors *e);

// Why the command was stopped.
enum ms_command_why {
    MS_COMMAND_BY_ITSELF, // it was not
    MS_COMMAND_WHY_CANCELLED,
    MS_COMMAND_WHY_TIMEOUT,
    MS_COMMAND_WHY_ENOUGH, // all epochs wanted are there
    MS_COMMAND_WHY_PRUNED,
};

struct ms_command_ended {
    enum ms_command_why why;
    int ended; // as ms_program_ended returned it
    struct ms_program_end end;
    const char *program, *dir; // for messages: argv[0], and where it ran
    double max_s;              // for messages: search.max_seconds
};

// Fills r->end, epochs, cpu_s, max_rss_bytes and message; r->output is there already.
void ms_command_end_conclude(const struct ms_command_lines *l, const struct ms_command_ended *e,
                             struct ms_result *r);

#endif
