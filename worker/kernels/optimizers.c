// SPDX-License-Identifier: MIT
//
// The optimizers as a table. A step is one flat loop over all trainable weights, as they stand in
// one block; clipping, weight decay and averages, which all optimizers share, are in
// worker/train/update.c.
#include "optimizers.h"

#include "vector.h"

enum { RATE }; // argument 0 of every row

enum { SGD_MOMENTUM = RATE + 1, SGD_NESTEROV };

MS_VECTOR
static void sgd_plain(ms_real *restrict w, const ms_real *restrict g, size_t n, ms_real rate)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= rate * g[i];
}

MS_VECTOR
static void sgd_momentum(ms_real *restrict w, const ms_real *restrict g, ms_real *restrict m,
                         size_t n, ms_real rate, ms_real momentum)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = momentum * m[i] - rate * g[i];
        w[i] += m[i];
    }
}

MS_VECTOR
static void sgd_nesterov(ms_real *restrict w, const ms_real *restrict g, ms_real *restrict m,
                         size_t n, ms_real rate, ms_real momentum)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = momentum * m[i] - rate * g[i];
        w[i] += momentum * m[i] - rate * g[i];
    }
}

static void sgd_step(const struct ms_update *u)
{
    ms_real rate = (ms_real)u->rate, momentum = (ms_real)u->arg[SGD_MOMENTUM];
    if (momentum == 0)
        sgd_plain(u->weights, u->gradients, u->n, rate);
    else if (u->arg[SGD_NESTEROV] != 0)
        sgd_nesterov(u->weights, u->gradients, u->slot[0], u->n, rate, momentum);
    else
        sgd_momentum(u->weights, u->gradients, u->slot[0], u->n, rate, momentum);
}

enum { ADAM_BETA_1 = RATE + 1, ADAM_BETA_2, ADAM_EPSILON, ADAM_AMSGRAD };

// Kingma, Ba (2015), in the form "just before section 2.1": both bias corrections in the rate.
MS_VECTOR
static void adam_plain(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0], *restrict v = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const double beta_1 = u->arg[ADAM_BETA_1], beta_2 = u->arg[ADAM_BETA_2], t = (double)u->step;
    const ms_real alpha = (ms_real)(u->rate * sqrt(1 - pow(beta_2, t)) / (1 - pow(beta_1, t)));
    const ms_real new_1 = (ms_real)(1 - beta_1), new_2 = (ms_real)(1 - beta_2);
    const ms_real epsilon = (ms_real)u->arg[ADAM_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        m[i] += (g[i] - m[i]) * new_1;
        v[i] += (g[i] * g[i] - v[i]) * new_2;
        w[i] -= m[i] * alpha / (MS_SQRT(v[i]) + epsilon);
    }
}

// Loshchilov, Hutter (2019).
MS_VECTOR
static void adam_decayed_loop(const struct ms_update *u, ms_real share)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0], *restrict v = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const double beta_1 = u->arg[ADAM_BETA_1], beta_2 = u->arg[ADAM_BETA_2], t = (double)u->step;
    const ms_real alpha = (ms_real)(u->rate * sqrt(1 - pow(beta_2, t)) / (1 - pow(beta_1, t)));
    const ms_real new_1 = (ms_real)(1 - beta_1), new_2 = (ms_real)(1 - beta_2);
    const ms_real epsilon = (ms_real)u->arg[ADAM_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        m[i] += (g[i] - m[i]) * new_1;
        v[i] += (g[i] * g[i] - v[i]) * new_2;
        w[i] -= w[i] * share;
        w[i] -= m[i] * alpha / (MS_SQRT(v[i]) + epsilon);
    }
}

static bool adam_step_decayed(const struct ms_update *u, ms_real share)
{
    if (u->arg[ADAM_AMSGRAD] != 0)
        return false;
    adam_decayed_loop(u, share);
    return true;
}

// Reddi, Kale, Kumar (2018): the largest second moment so far.
MS_VECTOR
static void amsgrad_step(const struct ms_update *u, const ms_real alpha, const ms_real new_1,
                         const ms_real new_2, const ms_real epsilon)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0], *restrict v = u->slot[1];
    ms_real *restrict largest = u->slot[2];
    const ms_real *restrict g = u->gradients;
    for (size_t i = 0; i < u->n; i++) {
        m[i] += (g[i] - m[i]) * new_1;
        v[i] += (g[i] * g[i] - v[i]) * new_2;
        largest[i] = largest[i] > v[i] ? largest[i] : v[i];
        w[i] -= m[i] * alpha / (MS_SQRT(largest[i]) + epsilon);
    }
}

static void adam_step(const struct ms_update *u)
{
    if (u->arg[ADAM_AMSGRAD] == 0) {
        adam_plain(u);
        return;
    }
    const double beta_1 = u->arg[ADAM_BETA_1], beta_2 = u->arg[ADAM_BETA_2], t = (double)u->step;
    amsgrad_step(u, (ms_real)(u->rate * sqrt(1 - pow(beta_2, t)) / (1 - pow(beta_1, t))),
                 (ms_real)(1 - beta_1), (ms_real)(1 - beta_2), (ms_real)u->arg[ADAM_EPSILON]);
}

static bool adam_needs(int slot, const double *arg)
{
    return slot < 2 || arg[ADAM_AMSGRAD] != 0;
}

// Kingma, Ba (2015), section 7.1.
MS_VECTOR
static void adamax_step(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0], *restrict norm = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const double beta_1 = u->arg[ADAM_BETA_1];
    const ms_real alpha = (ms_real)(u->rate / (1 - pow(beta_1, (double)u->step)));
    const ms_real new_1 = (ms_real)(1 - beta_1), beta_2 = (ms_real)u->arg[ADAM_BETA_2];
    const ms_real epsilon = (ms_real)u->arg[ADAM_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        ms_real old = beta_2 * norm[i], size = g[i] < 0 ? -g[i] : g[i];
        m[i] += (g[i] - m[i]) * new_1;
        norm[i] = size > old || size != size ? size : old; // NaN stays NaN
        w[i] -= alpha * m[i] / (norm[i] + epsilon);
    }
}

// Nadam's momentum of step t and the product of those up to t. The product's logarithm without the
// powers of beta_1 is the sum over i <= t of ln(1 - q^i / 2) = -sum over k of (q^i / 2)^k / k:
// summed over i first, it is a geometric series for each k, and nothing has to be kept between
// steps.
#define NADAM_DECAY 0.96

static double nadam_momentum(double beta_1, double t)
{
    return beta_1 * (1 - 0.5 * pow(NADAM_DECAY, t));
}

static double nadam_product(double beta_1, double t)
{
    double sum = 0, half = 1, once = 1, all = 1, last = pow(NADAM_DECAY, t);
    for (int k = 1; k <= 60; k++) { // 2^-60 is negligible beside 1
        half *= 0.5;
        once *= NADAM_DECAY;
        all *= last;
        sum -= half / k * once * (1 - all) / (1 - once);
    }
    return pow(beta_1, t) * exp(sum);
}

struct nadam {
    ms_real rate, old, now; // shares of the mean and of the gradient in the step
    ms_real new_1, new_2, correction, epsilon;
};

MS_VECTOR
static void nadam_loop(const struct ms_update *u, const struct nadam *c)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0], *restrict v = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const ms_real rate = c->rate, old = c->old, now = c->now, epsilon = c->epsilon;
    const ms_real new_1 = c->new_1, new_2 = c->new_2, correction = c->correction;
    for (size_t i = 0; i < u->n; i++) {
        m[i] += (g[i] - m[i]) * new_1;
        v[i] += (g[i] * g[i] - v[i]) * new_2;
        ms_real mean = old * m[i] + now * g[i];
        w[i] -= mean * rate / (MS_SQRT(v[i] * correction) + epsilon);
    }
}

// Dozat (2016).
static void nadam_step(const struct ms_update *u)
{
    const double beta_1 = u->arg[ADAM_BETA_1], beta_2 = u->arg[ADAM_BETA_2], t = (double)u->step;
    const double now = nadam_momentum(beta_1, t), next = nadam_momentum(beta_1, t + 1);
    const double product = nadam_product(beta_1, t);
    nadam_loop(u, &(struct nadam){
                      .rate = (ms_real)u->rate,
                      .old = (ms_real)(next / (1 - product * next)),
                      .now = (ms_real)((1 - now) / (1 - product)),
                      .new_1 = (ms_real)(1 - beta_1),
                      .new_2 = (ms_real)(1 - beta_2),
                      .correction = (ms_real)(1 / (1 - pow(beta_2, t))),
                      .epsilon = (ms_real)u->arg[ADAM_EPSILON],
                  });
}

enum { RMSPROP_RHO = RATE + 1, RMSPROP_MOMENTUM, RMSPROP_EPSILON, RMSPROP_CENTERED };
enum { MEAN_SQUARE, STEP, MEAN }; // rmsprop's slots

MS_VECTOR
static void rmsprop_plain(ms_real *restrict w, const ms_real *restrict g, ms_real *restrict v,
                          size_t n, ms_real rate, const ms_real rho[2], ms_real epsilon)
{
    for (size_t i = 0; i < n; i++) {
        v[i] = rho[0] * v[i] + rho[1] * (g[i] * g[i]);
        w[i] -= rate * g[i] / MS_SQRT(v[i] + epsilon);
    }
}

MS_VECTOR
static void rmsprop_momentum(const struct ms_update *u, ms_real rate, const ms_real rho[2],
                             ms_real epsilon)
{
    ms_real *restrict w = u->weights, *restrict v = u->slot[MEAN_SQUARE],
                      *restrict m = u->slot[STEP];
    const ms_real *restrict g = u->gradients;
    const ms_real momentum = (ms_real)u->arg[RMSPROP_MOMENTUM];
    for (size_t i = 0; i < u->n; i++) {
        v[i] = rho[0] * v[i] + rho[1] * (g[i] * g[i]);
        m[i] = momentum * m[i] + rate * g[i] / MS_SQRT(v[i] + epsilon);
        w[i] -= m[i];
    }
}

MS_VECTOR
static void rmsprop_centered(const struct ms_update *u, ms_real rate, const ms_real rho[2],
                             ms_real epsilon)
{
    ms_real *restrict w = u->weights, *restrict v = u->slot[MEAN_SQUARE];
    ms_real *restrict a = u->slot[MEAN];
    const ms_real *restrict g = u->gradients;
    for (size_t i = 0; i < u->n; i++) {
        v[i] = rho[0] * v[i] + rho[1] * (g[i] * g[i]);
        a[i] = rho[0] * a[i] + rho[1] * g[i];
        w[i] -= rate * g[i] / MS_SQRT(v[i] - a[i] * a[i] + epsilon);
    }
}

MS_VECTOR
static void rmsprop_centered_momentum(const struct ms_update *u, ms_real rate, const ms_real rho[2],
                                      ms_real epsilon)
{
    ms_real *restrict w = u->weights, *restrict v = u->slot[MEAN_SQUARE];
    ms_real *restrict a = u->slot[MEAN], *restrict m = u->slot[STEP];
    const ms_real *restrict g = u->gradients;
    const ms_real momentum = (ms_real)u->arg[RMSPROP_MOMENTUM];
    for (size_t i = 0; i < u->n; i++) {
        v[i] = rho[0] * v[i] + rho[1] * (g[i] * g[i]);
        a[i] = rho[0] * a[i] + rho[1] * g[i];
        m[i] = momentum * m[i] + rate * g[i] / MS_SQRT(v[i] - a[i] * a[i] + epsilon);
        w[i] -= m[i];
    }
}

static void rmsprop_step(const struct ms_update *u)
{
    const ms_real rho[2] = {(ms_real)u->arg[RMSPROP_RHO], (ms_real)(1 - u->arg[RMSPROP_RHO])};
    ms_real rate = (ms_real)u->rate, epsilon = (ms_real)u->arg[RMSPROP_EPSILON];
    bool momentum = u->arg[RMSPROP_MOMENTUM] > 0;
    if (u->arg[RMSPROP_CENTERED] != 0 && momentum)
        rmsprop_centered_momentum(u, rate, rho, epsilon);
    else if (u->arg[RMSPROP_CENTERED] != 0)
        rmsprop_centered(u, rate, rho, epsilon);
    else if (momentum)
        rmsprop_momentum(u, rate, rho, epsilon);
    else
        rmsprop_plain(u->weights, u->gradients, u->slot[MEAN_SQUARE], u->n, rate, rho, epsilon);
}

static bool rmsprop_needs(int slot, const double *arg)
{
    return slot == MEAN_SQUARE || (slot == STEP && arg[RMSPROP_MOMENTUM] > 0) ||
           (slot == MEAN && arg[RMSPROP_CENTERED] != 0);
}

enum { ADAGRAD_START = RATE + 1, ADAGRAD_EPSILON };

MS_VECTOR
static void adagrad_step(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict sum = u->slot[0];
    const ms_real *restrict g = u->gradients;
    const ms_real rate = (ms_real)u->rate, epsilon = (ms_real)u->arg[ADAGRAD_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        sum[i] += g[i] * g[i];
        w[i] -= rate * g[i] / MS_SQRT(sum[i] + epsilon);
    }
}

static double adagrad_start(int slot, const double *arg)
{
    (void)slot;
    return arg[ADAGRAD_START];
}

enum { ADADELTA_RHO = RATE + 1, ADADELTA_EPSILON };

// Zeiler (2012).
MS_VECTOR
static void adadelta_step(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict squares = u->slot[0], *restrict steps = u->slot[1];
    const ms_real *restrict g = u->gradients;
    const ms_real old = (ms_real)u->arg[ADADELTA_RHO], now = (ms_real)(1 - u->arg[ADADELTA_RHO]);
    const ms_real rate = (ms_real)u->rate, epsilon = (ms_real)u->arg[ADADELTA_EPSILON];
    for (size_t i = 0; i < u->n; i++) {
        squares[i] = old * squares[i] + now * (g[i] * g[i]);
        ms_real step = g[i] * MS_SQRT(steps[i] + epsilon) / MS_SQRT(squares[i] + epsilon);
        steps[i] = old * steps[i] + now * (step * step);
        w[i] -= rate * step;
    }
}

enum { LION_BETA_1 = RATE + 1, LION_BETA_2 };

// Chen et al. (2023): the step's size is the rate, whatever the gradient's.
MS_VECTOR
static void lion_step(const struct ms_update *u)
{
    ms_real *restrict w = u->weights, *restrict m = u->slot[0];
    const ms_real *restrict g = u->gradients;
    const ms_real rate = (ms_real)u->rate;
    const ms_real old_1 = (ms_real)u->arg[LION_BETA_1], new_1 = (ms_real)(1 - u->arg[LION_BETA_1]);
    const ms_real old_2 = (ms_real)u->arg[LION_BETA_2], new_2 = (ms_real)(1 - u->arg[LION_BETA_2]);
    for (size_t i = 0; i < u->n; i++) {
        ms_real c = m[i] * old_1 + g[i] * new_1;
        ms_real sign = c > 0 ? 1 : c < 0 ? -1 : c; // NaN stays NaN
        w[i] -= rate * sign;
        m[i] = m[i] * old_2 + g[i] * new_2;
    }
}

static bool sgd_needs(int slot, const double *arg)
{
    return slot == 0 && arg[SGD_MOMENTUM] != 0;
}

// --- the table ---------------------------------------------------------------

// clang-format off
#define RATE_ARG(def)                                                                              \
    {"learning_rate", MS_ARG_REAL, def, 0, INFINITY, false, true, "step size"}
#define BETA_ARG(name, def, doc) {name, MS_ARG_REAL, def, 0, 1, false, true, doc}
#define BETA_ARGS                                                                                  \
    BETA_ARG("beta_1", 0.9, "decay of the first moment"),                                          \
    BETA_ARG("beta_2", 0.999, "decay of the second moment")
#define EPSILON_ARG                                                                                \
    {"epsilon", MS_ARG_REAL, 1e-7, 0, INFINITY, false, true, "keeps the divisor from zero"}
#define SHARE_ARG(name, def, doc) {name, MS_ARG_REAL, def, 0, 1, false, false, doc}
#define FLAG_ARG(name, doc) {name, MS_ARG_BOOL, 0, 0, 1, false, false, doc}
#define OFF_ARG(name, doc) {name, MS_ARG_OFF, 0, 0, INFINITY, false, true, doc}
// clang-format on

static const struct ms_rule common_rules[] = {
    {MS_RULE_ONE_OF, {"clipnorm", "clipvalue", "global_clipnorm"}},
    {MS_RULE_BESIDE, {"ema_momentum", "use_ema"}},
    {MS_RULE_BESIDE, {"ema_overwrite_frequency", "use_ema"}},
    {MS_RULE_END, {NULL}},
};

// In the order of MS_WEIGHT_DECAY …
static const struct ms_shared common = {
    .n = 7,
    .args = {OFF_ARG("weight_decay", "share of every weight, times the rate, lost in every step"),
             OFF_ARG("clipnorm", "largest norm of each kernel's and each bias's gradient"),
             OFF_ARG("clipvalue", "largest absolute value of a gradient"),
             OFF_ARG("global_clipnorm", "largest norm of all gradients together"),
             FLAG_ARG("use_ema", "average the weights over the steps; the training ends with the "
                                 "average, which training and validation do not see"),
             SHARE_ARG("ema_momentum", 0.99, "share of the old average in the new one"),
             {"ema_overwrite_frequency", MS_ARG_INT, 0, 0, 1e9, false, false,
              "steps after which the average replaces the weights; 0: never"}},
    .rules = common_rules,
};

static const double adamw_common[MS_MAX_SHARED_ARGS] = {
    [MS_WEIGHT_DECAY - MS_MAX_OWN_ARGS] = 0.004,
    [MS_EMA_MOMENTUM - MS_MAX_OWN_ARGS] = 0.99,
};

// clang-format off
#define ROW(called, what, n, ...)                                                                  \
    .row = {.name = called, .doc = what, .n_args = n, .args = {__VA_ARGS__}, .shared = &common}
// clang-format on

static const struct ms_optimizer rows[] = {
    {ROW("sgd", "gradient descent, with momentum if asked", 3, RATE_ARG(0.01),
         SHARE_ARG("momentum", 0, "share of the last step kept"),
         FLAG_ARG("nesterov", "Nesterov momentum")),
     .slots = 1, .step = sgd_step, .needs_slot = sgd_needs},
    {ROW("adam", "adaptive moment estimation (Kingma, Ba 2015)", 5, RATE_ARG(0.001), BETA_ARGS,
         EPSILON_ARG, FLAG_ARG("amsgrad", "divide by the largest second moment so far")),
     .slots = 3, .step = adam_step, .step_decayed = adam_step_decayed, .needs_slot = adam_needs},
    {ROW("rmsprop", "gradient over the root of its mean square (Hinton 2012)", 5, RATE_ARG(0.001),
         SHARE_ARG("rho", 0.9, "decay of the mean square"),
         SHARE_ARG("momentum", 0, "share of the last step kept"), EPSILON_ARG,
         FLAG_ARG("centered", "divide by the root of the variance, not of the mean square")),
     .slots = 3, .step = rmsprop_step, .needs_slot = rmsprop_needs},
    {ROW("adagrad", "gradient over the root of its summed squares (Duchi et al. 2011)", 3,
         RATE_ARG(0.001),
         {"initial_accumulator_value", MS_ARG_REAL, 0.1, 0, INFINITY, false, true,
          "the sum before the first step"},
         EPSILON_ARG),
     .slots = 1, .step = adagrad_step, .slot_start = adagrad_start},
    {.row = {.name = "adamw",
             .doc = "adam with weight decay (Loshchilov, Hutter 2019)",
             .n_args = 5,
             .args = {RATE_ARG(0.001), BETA_ARGS, EPSILON_ARG,
                      FLAG_ARG("amsgrad", "divide by the largest second moment so far")},
             .shared = &common,
             .shared_def = adamw_common},
     .slots = 3,
     .step = adam_step,
     .step_decayed = adam_step_decayed,
     .needs_slot = adam_needs},
    {ROW("adamax", "adam with the infinity norm (Kingma, Ba 2015)", 4, RATE_ARG(0.001), BETA_ARGS,
         EPSILON_ARG),
     .slots = 2, .step = adamax_step},
    {ROW("nadam", "adam with Nesterov momentum (Dozat 2016)", 4, RATE_ARG(0.001), BETA_ARGS,
         EPSILON_ARG),
     .slots = 2, .step = nadam_step},
    {ROW("adadelta", "steps as large as earlier steps were for such gradients (Zeiler 2012)", 3,
         RATE_ARG(0.001), SHARE_ARG("rho", 0.95, "decay of both mean squares"), EPSILON_ARG),
     .slots = 2, .step = adadelta_step},
    {ROW("lion", "the sign of a mean gradient (Chen et al. 2023)", 3, RATE_ARG(0.001),
         BETA_ARG("beta_1", 0.9, "share of the old mean in the step"),
         BETA_ARG("beta_2", 0.99, "decay of the mean")),
     .slots = 1, .step = lion_step},
};

const struct ms_table ms_optimizer_table = {"optimizer", sizeof rows / sizeof *rows, rows,
                                            sizeof *rows};

const struct ms_optimizer *ms_optimizer_row(int i)
{
    return &rows[i];
}

bool ms_optimizer_needs(const struct ms_optimizer *o, int slot, const double *arg)
{
    return slot < o->slots && (!o->needs_slot || o->needs_slot(slot, arg));
}

int ms_optimizer_blocks(const struct ms_pick *optimizer)
{
    const struct ms_optimizer *o = ms_optimizer_row(optimizer->row);
    int n = optimizer->arg[MS_USE_EMA] != 0;
    for (int i = 0; i < o->slots; i++)
        n += ms_optimizer_needs(o, i, optimizer->arg);
    return n;
}
