// SPDX-License-Identifier: MIT
//
// What is known of a sweep's progress, gathered once and told in three ways: as the text and as
// the JSON of `status`, and as its live view.
#ifndef MLPSWEEP_SHOW_FACTS_H
#define MLPSWEEP_SHOW_FACTS_H

#include "show.h"

struct ms_show_facts {
    struct ms_run_info run; // the latest; all zero: it was never run
    bool alive;             // a run writes at this moment
    struct ms_store_counts counts;
    struct ms_store_outcomes outcomes;
    struct ms_store_failures failures;
    double per_s, each_s; // executions a second in this run, seconds of each; NAN: none has ended
    double left_s;        // until the end of the sweep; NAN: it does not run, or not known
    double waiting;       // share of the workers' time that they waited; NAN: not known
};

// Nothing in it is owned.
int ms_show_facts(struct ms_show *s, struct ms_show_facts *out, struct ms_error *err) MS_MUST_CHECK;

// "running on host (pid 7) with 2 workers for 3 s", "finished at … after …". Returns out.
const char *ms_show_state(const struct ms_show *s, const struct ms_show_facts *f, char *out,
                          size_t size);
// "0.5 executions/s in this run, 2.3 s each; about 40 s to go"; "": nothing is known. Returns out.
const char *ms_show_speed(const struct ms_show_facts *f, char *out, size_t size);

#endif
