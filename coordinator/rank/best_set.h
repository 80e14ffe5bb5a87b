// SPDX-License-Identifier: MIT
//
// The set of trials that may be the best: comparisons with the best. A trial leaves when some other
// is better beyond what chance explains. The truly best trial stays with a probability of at least
// 1 - alpha, although the data choose which trials it is compared with.
//
// S. S. Gupta, Technometrics 7 (1965), subset selection; J. C. Hsu, Ann. Statist. 12 (1984),
// multiple comparisons with the best. Two means are compared by Welch's t with Satterthwaite's
// degrees of freedom.
#ifndef MLPSWEEP_BEST_SET_H
#define MLPSWEEP_BEST_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/status.h"

// How variances are estimated, and so how the set is named.
enum ms_set_method {
    MS_SET_NONE,      // nothing to compare: fewer than two trials with two values
    MS_SET_EXACT,     // no trial has any spread: means are compared as they are
    MS_SET_WELCH,     // each trial's own variance
    MS_SET_MODERATED, // drawn towards a trend over all trials (moderate.h)
};
enum { MS_N_SET_METHODS = MS_SET_MODERATED + 1 };

// word: in a table; name: in a sentence, "comparisons with the best, …"; source: the papers. Empty
// of MS_SET_NONE.
struct ms_set_name {
    const char *word, *name, *source;
};
extern const struct ms_set_name ms_best_set_names[MS_N_SET_METHODS];

struct ms_set_trial {
    double mean;     // larger is better
    double variance; // of one value about its trial's mean
    double df;       // its degrees of freedom, above 0
    int64_t n;       // values behind the mean, 2 or more
    double p;        // out: alpha times the factor that would just let it stay; 1 at most
    bool in;         // out: it may be the best (p > alpha)
};

// k trials in a fixed order, so that the same scores give the same bits. method: out. O(k log k),
// beside at most 256 comparisons for each trial. Returns 0 or MS_ENOMEM.
int ms_best_set(struct ms_set_trial *t, int64_t k, double alpha,
                enum ms_set_method *method) MS_MUST_CHECK;

#endif
