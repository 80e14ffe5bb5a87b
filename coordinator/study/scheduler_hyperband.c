// SPDX-License-Identifier: MIT
//
// Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar 2018, "Hyperband: a novel bandit-based
// approach to hyperparameter optimization", JMLR 18(185), algorithm 1). With R epochs at most and
// s_max = floor(log_eta(R / min_epochs)), brackets s = s_max … 0 follow one another: bracket s
// begins n = floor((s_max + 1) / (s + 1))·eta^s trials at R·eta^-s epochs and lets the best floor(n
// / eta) go on, eta times as far. The number n is that of the paper's table 1 (81, 27, 9, 6, 5 for
// R = 81, eta = 3) and of its authors' program; algorithm 1 rounds otherwise. After bracket 0 comes
// bracket s_max again, as long as there are trials.
#include "scheduler.h"

#include <math.h>

enum { ETA, MIN_EPOCHS };

static void bracket(const double *arg, int max_epochs, int64_t max_trials, int64_t b,
                    struct ms_bracket_plan *out)
{
    const double eta = arg[ETA], least = fmin(arg[MIN_EPOCHS], max_epochs);
    int s_max = 0;
    for (double e = least * eta; e <= max_epochs * (1 + 1e-12) && s_max < MS_MAX_RUNGS - 1;
         e *= eta)
        s_max++;
    const int s = s_max - (int)(b % (s_max + 1));
    double n = floor((double)(s_max + 1) / (s + 1)) * ceil(pow(eta, s) * (1 - 1e-12));
    out->trials = n < (double)max_trials ? (int64_t)n : max_trials;
    out->eta = eta;
    out->n_rungs = 0;
    for (int i = 0; i <= s; i++) {
        int e = (int)fmax(least, round(max_epochs * pow(eta, i - s)));
        if (i == s)
            e = max_epochs;
        if (out->n_rungs == 0 || e > out->epochs[out->n_rungs - 1])
            out->epochs[out->n_rungs++] = e;
    }
}

const struct ms_scheduler_ops ms_scheduler_hyperband = {.bracket = bracket};
