// SPDX-License-Identifier: MIT
#include "schedules.h"

#include <math.h>

static double constant(const struct ms_schedule_at *at, const double *arg)
{
    (void)arg;
    return at->base;
}

enum { INITIAL, DECAY_STEPS, DECAY_RATE, STAIRCASE }; // of both decays

static double decays(const struct ms_schedule_at *at, const double *arg)
{
    double p = (double)at->step / arg[DECAY_STEPS];
    return arg[STAIRCASE] != 0 ? floor(p) : p;
}

static double exponential(const struct ms_schedule_at *at, const double *arg)
{
    return arg[INITIAL] * pow(arg[DECAY_RATE], decays(at, arg));
}

static double inverse_time(const struct ms_schedule_at *at, const double *arg)
{
    return arg[INITIAL] / (1 + arg[DECAY_RATE] * decays(at, arg));
}

#define DECAY_ARGS                                                                                 \
    {                                                                                              \
        {                                                                                          \
            "initial", MS_ARG_REAL, NAN,  0,                                                       \
            INFINITY,  false,       true, "learning rate at the first step"},                      \
            {"decay_steps", MS_ARG_REAL, NAN,  0,                                                  \
             INFINITY,      true,        true, "steps that decay_rate is for"},                    \
            {"decay_rate", MS_ARG_REAL, NAN,  0,                                                   \
             INFINITY,     false,       true, "what decay_steps steps change"},                    \
            {"staircase", MS_ARG_BOOL, 0,     0,                                                   \
             1,           false,       false, "whole multiples of decay_steps only"},              \
    }

static const struct ms_schedule rows[] = {
    {.row = {.name = "constant", .doc = "the optimizer's learning_rate"}, .rate = constant},
    {.row = {.name = "exponential",
             .doc = "initial * decay_rate^(step / decay_steps)",
             .n_args = 4,
             .args = DECAY_ARGS},
     .rate = exponential},
    {.row = {.name = "inverse_time",
             .doc = "initial / (1 + decay_rate * step / decay_steps)",
             .n_args = 4,
             .args = DECAY_ARGS},
     .rate = inverse_time},
};

const struct ms_table ms_schedule_table = {"schedule", sizeof rows / sizeof *rows, rows,
                                           sizeof *rows};

const struct ms_schedule *ms_schedule_row(int i)
{
    return &rows[i];
}
