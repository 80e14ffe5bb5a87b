// SPDX-License-Identifier: MIT
//
// The marginal effect of a parameter: the mean objective of the judged trials with each of its
// values, or in each of ten parts of its range where it has more values. The spread is that of the
// trials within a value, so it has in it what all other parameters do; nothing is modelled or
// interpolated. Where a search learns, the other parameters are not the same on average at every
// value: a good value may owe its mean to good company.
#ifndef MLPSWEEP_EFFECT_H
#define MLPSWEEP_EFFECT_H

#include "judged.h"

enum { MS_EFFECT_BINS = 10, MS_EFFECT_VALUES = 12 };

struct ms_effect_bin {
    char text[64]; // "adam", "0.001 … 0.01", "not in force"
    bool inactive;
    double from, to;         // numbers of a range; equal for a single number; NAN: a name
    int64_t n;               // trials
    double mean, sd, lo, hi; // over these trials; 95 % interval of the mean, Student t
    double best;             // the best of them
};

struct ms_effect {
    int n;
    struct ms_effect_bin *bin; // in the order of the values; without those that no trial has
};

// name: of a parameter; columns of the same name make one effect.
int ms_effect_of(const struct ms_judged *j, const char *name, struct ms_effect *out,
                 struct ms_error *err) MS_MUST_CHECK;
void ms_effect_clear(struct ms_effect *e);

#endif
