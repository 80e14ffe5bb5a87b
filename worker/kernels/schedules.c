// SPDX-License-Identifier: MIT
//
// The schedules as a table. A rate is a function of the step alone; nothing is kept between steps,
// so that a training can go on anywhere.
#include "schedules.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

static double constant(const struct ms_schedule_at *at, const double *arg)
{
    (void)arg;
    return at->base;
}

enum { INITIAL }; // argument 0 of every row except piecewise_constant

enum { DECAY_STEPS = INITIAL + 1, DECAY_RATE, STAIRCASE }; // of both decays

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

enum { POLYNOMIAL_END = DECAY_STEPS + 1, POLYNOMIAL_POWER, POLYNOMIAL_CYCLE };

static double polynomial(const struct ms_schedule_at *at, const double *arg)
{
    double s = (double)at->step, steps = arg[DECAY_STEPS];
    if (arg[POLYNOMIAL_CYCLE] != 0)
        steps *= fmax(1, ceil(s / steps));
    double left = 1 - fmin(s, steps) / steps;
    return (arg[INITIAL] - arg[POLYNOMIAL_END]) * pow(left, arg[POLYNOMIAL_POWER]) +
           arg[POLYNOMIAL_END];
}

enum { PIECEWISE_BOUNDARIES, PIECEWISE_VALUES };

// The step at a boundary still has the value before it.
static double piecewise_constant(const struct ms_schedule_at *at, const double *arg)
{
    const double *boundaries = at->list + (size_t)arg[PIECEWISE_BOUNDARIES];
    const double *values = at->list + (size_t)arg[PIECEWISE_VALUES];
    int passed = 0;
    for (int i = 1; i <= (int)boundaries[0]; i++)
        passed += (double)at->step > boundaries[i];
    return values[1 + passed];
}

enum { COSINE_ALPHA = DECAY_STEPS + 1 };

static double cosine(const struct ms_schedule_at *at, const double *arg)
{
    double p = fmin((double)at->step, arg[DECAY_STEPS]) / arg[DECAY_STEPS];
    double alpha = arg[COSINE_ALPHA];
    return arg[INITIAL] * ((1 - alpha) * 0.5 * (1 + cos(pi * p)) + alpha);
}

enum { RESTARTS_T_MUL = DECAY_STEPS + 1, RESTARTS_M_MUL, RESTARTS_ALPHA };

// The start of period i, in units of the first period.
static double restart(double i, double t_mul)
{
    return t_mul == 1 ? i : (pow(t_mul, i) - 1) / (t_mul - 1);
}

// Keras finds the period by a logarithm; at the first step of a period its rounding may give the
// period before or after.
static double cosine_restarts(const struct ms_schedule_at *at, const double *arg)
{
    double t_mul = arg[RESTARTS_T_MUL], alpha = arg[RESTARTS_ALPHA];
    double p = (double)at->step / arg[DECAY_STEPS];
    double i = floor(t_mul == 1 ? p : log1p(p * (t_mul - 1)) / log(t_mul));
    if (p < restart(i, t_mul))
        i--;
    else if (p >= restart(i + 1, t_mul))
        i++;
    double done = (p - restart(i, t_mul)) / pow(t_mul, i);
    double wave = 0.5 * pow(arg[RESTARTS_M_MUL], i) * (1 + cos(pi * done));
    return arg[INITIAL] * ((1 - alpha) * wave + alpha);
}

enum { EPOCH_K = INITIAL + 1 };

static double exponential_epoch(const struct ms_schedule_at *at, const double *arg)
{
    return arg[INITIAL] * exp(-arg[EPOCH_K] * (double)(at->step / at->steps_per_epoch));
}

double ms_schedule_rate(const struct ms_pick *schedule, const struct ms_schedule_at *at)
{
    const struct ms_schedule *row = ms_schedule_row(schedule->row);
    const double *arg = schedule->arg;
    double steps = arg[MS_WARMUP_STEPS], done = (double)at->step;
    if (steps == 0)
        return row->rate(at, arg);
    struct ms_schedule_at after = *at;
    after.step = done < steps ? 0 : at->step - (uint64_t)steps;
    double rate = row->rate(&after, arg), from = arg[MS_WARMUP_FROM];
    return done < steps ? from + (rate - from) * done / steps : rate;
}

// clang-format off
#define INITIAL_ARG                                                                                \
    {"initial", MS_ARG_OPTIONAL, NAN, 0, INFINITY, false, true,                                    \
     "learning rate at the first step; the optimizer's default if not given"}
#define STEPS_ARG(name, doc) {name, MS_ARG_REAL, NAN, 0, INFINITY, true, true, doc}
#define FLAG_ARG(name, doc) {name, MS_ARG_BOOL, 0, 0, 1, false, false, doc}
#define DECAY_ARGS                                                                                 \
    {INITIAL_ARG, STEPS_ARG("decay_steps", "steps over which decay_rate applies"),                 \
     {"decay_rate", MS_ARG_REAL, NAN, 0, INFINITY, false, true, "decay over decay_steps steps"},    \
     FLAG_ARG("staircase", "change only at multiples of decay_steps")}
#define ALPHA_ARG                                                                                  \
    {"alpha", MS_ARG_REAL, 0, 0, 1, false, false, "lowest rate, as a share of initial"}
// clang-format on

static const struct ms_rule warmup_rules[] = {
    {MS_RULE_BESIDE, {"warmup_from", "warmup_steps"}},
    {MS_RULE_END, {NULL}},
};
static const struct ms_shared warmup = {
    .n = 2,
    .args = {{"warmup_steps", MS_ARG_INT, 0, 0, 1e9, false, false,
              "steps before the schedule begins, in which the rate rises to its first value"},
             {"warmup_from", MS_ARG_REAL, 0, 0, INFINITY, false, true,
              "rate that the warm-up begins with"}},
    .rules = warmup_rules,
};

static const struct ms_rule piecewise_rules[] = {
    {MS_RULE_ONE_MORE, {"values", "boundaries"}},
    {MS_RULE_RISING, {"boundaries"}},
    {MS_RULE_END, {NULL}},
};

static const struct ms_schedule rows[] = {
    {.row = {.name = "constant",
             .doc = "one rate",
             .n_args = 1,
             .args = {INITIAL_ARG},
             .shared = &warmup},
     .rate = constant},
    {.row = {.name = "exponential",
             .also = "exponential_decay",
             .doc = "initial * decay_rate^(step / decay_steps)",
             .n_args = 4,
             .args = DECAY_ARGS,
             .shared = &warmup},
     .rate = exponential},
    {.row = {.name = "inverse_time",
             .also = "inverse_time_decay",
             .doc = "initial / (1 + decay_rate * step / decay_steps); with decay_steps 1 the decay "
                    "that Keras's SGD once had",
             .n_args = 4,
             .args = DECAY_ARGS,
             .shared = &warmup},
     .rate = inverse_time},
    {.row = {.name = "polynomial",
             .also = "polynomial_decay",
             .doc = "(initial - end) * (1 - step / decay_steps)^power + end",
             .n_args = 5,
             .args = {INITIAL_ARG,
                      STEPS_ARG("decay_steps", "steps until end is reached"),
                      {"end", MS_ARG_REAL, 0.0001, 0, INFINITY, false, true, "the last rate"},
                      {"power", MS_ARG_REAL, 1, 0, INFINITY, false, true, "1: a straight line"},
                      FLAG_ARG("cycle", "begin again, with longer decay_steps, at the end")},
             .shared = &warmup},
     .rate = polynomial},
    {.row = {.name = "piecewise_constant",
             .also = "piecewise piecewise_constant_decay",
             .doc = "values[0] up to step boundaries[0], then values[1] up to boundaries[1], …",
             .n_args = 2,
             .args = {{"boundaries", MS_ARG_LIST, NAN, 0, INFINITY, false, true,
                       "the last step of every value except the last"},
                      {"values", MS_ARG_LIST, NAN, 0, INFINITY, false, true,
                       "the rates, one more than boundaries"}},
             .rules = piecewise_rules,
             .shared = &warmup},
     .rate = piecewise_constant},
    {.row = {.name = "cosine",
             .also = "cosine_decay",
             .doc = "half a cosine wave from initial down to alpha * initial in decay_steps steps",
             .n_args = 3,
             .args = {INITIAL_ARG, STEPS_ARG("decay_steps", "steps until the lowest rate"),
                      ALPHA_ARG},
             .shared = &warmup},
     .rate = cosine},
    {.row = {.name = "cosine_restarts",
             .also = "cosine_decay_restarts",
             .doc =
                 "cosine that begins again, each time t_mul times as long and m_mul times as high",
             .n_args = 5,
             .args = {INITIAL_ARG,
                      STEPS_ARG("first_decay_steps", "steps of the first wave"),
                      {"t_mul", MS_ARG_REAL, 2, 1, INFINITY, false, true,
                       "how much longer each wave is than the one before"},
                      {"m_mul", MS_ARG_REAL, 1, 0, INFINITY, false, true,
                       "how much higher each wave is than the one before"},
                      ALPHA_ARG},
             .shared = &warmup},
     .rate = cosine_restarts},
    {.row = {.name = "exponential_epoch",
             .doc = "initial * e^(-k * epoch), epochs from 0",
             .n_args = 2,
             .args = {INITIAL_ARG,
                      {"k", MS_ARG_REAL, NAN, 0, INFINITY, false, true, "decay of one epoch"}},
             .shared = &warmup},
     .rate = exponential_epoch},
};

const struct ms_table ms_schedule_table = {"schedule", sizeof rows / sizeof *rows, rows,
                                           sizeof *rows};

const struct ms_schedule *ms_schedule_row(int i)
{
    return &rows[i];
}
