// SPDX-License-Identifier: MIT
//
// Every optimizer over several steps, with each of its arguments and with those that all of them
// share, against Keras 3's formulas, written out once more for a single weight in double. A new row
// without a reference here fails.
#include "check.h"

#include "case.h"
#include "worker/train/net.h"
#include "worker/kernels/optimizers.h"

#ifdef MS_REAL_DOUBLE
#define TOLERANCE 1e-13
#else
#define TOLERANCE 2e-6
#endif

enum { WEIGHTS = 37, STEPS = 7 }; // a number that leaves a tail in any vector loop

// A weight with everything an optimizer may keep of it.
struct weight {
    double w, a, b, c, average;
};

// Arguments by their place after learning_rate.
static void sgd(struct weight *x, double g, double lr, int t, const double *arg)
{
    double momentum = arg[1], nesterov = arg[2];
    (void)t;
    x->a = x->a * momentum - g * lr;
    x->w += nesterov != 0 ? x->a * momentum - g * lr : x->a;
}

static void adam(struct weight *x, double g, double lr, int t, const double *arg)
{
    double alpha = lr * sqrt(1 - pow(arg[2], t)) / (1 - pow(arg[1], t));
    x->a += (g - x->a) * (1 - arg[1]);
    x->b += (g * g - x->b) * (1 - arg[2]);
    x->c = fmax(x->c, x->b);
    x->w -= x->a * alpha / (sqrt(arg[4] != 0 ? x->c : x->b) + arg[3]);
}

static void adamax(struct weight *x, double g, double lr, int t, const double *arg)
{
    x->a = arg[1] * x->a + (1 - arg[1]) * g;
    x->b = fmax(arg[2] * x->b, fabs(g));
    x->w -= lr / (1 - pow(arg[1], t)) * x->a / (x->b + arg[3]);
}

static double nadam_mu(const double *arg, int t)
{
    return arg[1] * (1 - 0.5 * pow(0.96, t));
}

static void nadam(struct weight *x, double g, double lr, int t, const double *arg)
{
    double mu = nadam_mu(arg, t), next = nadam_mu(arg, t + 1);
    x->c = (t == 1 ? 1 : x->c) * mu; // the product of all mu
    x->a = arg[1] * x->a + (1 - arg[1]) * g;
    x->b = arg[2] * x->b + (1 - arg[2]) * g * g;
    double mean = next * x->a / (1 - x->c * next) + (1 - mu) * g / (1 - x->c);
    x->w -= lr * mean / (sqrt(x->b / (1 - pow(arg[2], t))) + arg[3]);
}

static void rmsprop(struct weight *x, double g, double lr, int t, const double *arg)
{
    (void)t;
    x->a = arg[1] * x->a + (1 - arg[1]) * g * g;
    x->c = arg[1] * x->c + (1 - arg[1]) * g;
    double variance = x->a - (arg[4] != 0 ? x->c * x->c : 0);
    double increment = lr * g / sqrt(variance + arg[3]);
    x->b = arg[2] * x->b + increment;
    x->w -= x->b;
}

static void adagrad(struct weight *x, double g, double lr, int t, const double *arg)
{
    if (t == 1)
        x->a = arg[1];
    x->a += g * g;
    x->w -= lr * g / sqrt(x->a + arg[2]);
}

static void adadelta(struct weight *x, double g, double lr, int t, const double *arg)
{
    (void)t;
    x->a = arg[1] * x->a + (1 - arg[1]) * g * g;
    double delta = sqrt((x->b + arg[2]) / (x->a + arg[2])) * g;
    x->b = arg[1] * x->b + (1 - arg[1]) * delta * delta;
    x->w -= lr * delta;
}

static void lion(struct weight *x, double g, double lr, int t, const double *arg)
{
    (void)t;
    double c = arg[1] * x->a + (1 - arg[1]) * g;
    x->w -= lr * (c > 0 ? 1 : c < 0 ? -1 : 0);
    x->a = arg[2] * x->a + (1 - arg[2]) * g;
}

static const struct {
    const char *name;
    void (*step)(struct weight *x, double g, double lr, int t, const double *arg);
    double defaults[MS_MAX_OWN_ARGS], weight_decay; // Keras's
} references[] = {
    {"sgd", sgd, {0.01, 0, 0}, 0},
    {"adam", adam, {0.001, 0.9, 0.999, 1e-7, 0}, 0},
    {"adamw", adam, {0.001, 0.9, 0.999, 1e-7, 0}, 0.004},
    {"adamax", adamax, {0.001, 0.9, 0.999, 1e-7}, 0},
    {"nadam", nadam, {0.001, 0.9, 0.999, 1e-7}, 0},
    {"rmsprop", rmsprop, {0.001, 0.9, 0, 1e-7, 0}, 0},
    {"adagrad", adagrad, {0.001, 0.1, 1e-7}, 0},
    {"adadelta", adadelta, {0.001, 0.95, 1e-7}, 0},
    {"lion", lion, {0.001, 0.9, 0.99}, 0},
};

enum { N_REFERENCES = sizeof references / sizeof *references };

static const struct ms_segment segments[] = {
    {.role = MS_KERNEL, .offset = 0, .rows = 4, .cols = 5},
    {.role = MS_BIAS, .offset = 20, .rows = 1, .cols = WEIGHTS - 20},
};

static double norm(const double *g, size_t first, size_t n)
{
    double sum = 0;
    for (size_t i = first; i < first + n; i++)
        sum += g[i] * g[i];
    return sqrt(sum);
}

static void clip(double *g, const double *arg)
{
    double value = arg[MS_CLIPVALUE], global = norm(g, 0, WEIGHTS);
    for (int s = 0; s < 2; s++) {
        size_t n = (size_t)(segments[s].rows * segments[s].cols), first = segments[s].offset;
        double own = norm(g, first, n);
        for (size_t i = first; i < first + n; i++) {
            if (value > 0)
                g[i] = fmin(fmax(g[i], -value), value);
            if (arg[MS_CLIPNORM] > 0)
                g[i] = g[i] * arg[MS_CLIPNORM] / fmax(own, arg[MS_CLIPNORM]);
            if (arg[MS_GLOBAL_CLIPNORM] > 0)
                g[i] =
                    g[i] * arg[MS_GLOBAL_CLIPNORM] * fmin(1 / global, 1 / arg[MS_GLOBAL_CLIPNORM]);
        }
    }
}

static void reference_step(int reference, struct weight *x, double *g, double lr, int t,
                           const double *arg)
{
    clip(g, arg);
    for (int i = 0; i < WEIGHTS; i++) {
        x[i].w -= x[i].w * arg[MS_WEIGHT_DECAY] * lr;
        references[reference].step(&x[i], g[i], lr, t, arg);
        double m = t == 1 ? 0 : arg[MS_EMA_MOMENTUM];
        x[i].average = m * x[i].average + (1 - m) * x[i].w;
        if (arg[MS_USE_EMA] != 0 && arg[MS_EMA_OVERWRITE_FREQUENCY] != 0 &&
            t % (int)arg[MS_EMA_OVERWRITE_FREQUENCY] == 0)
            x[i].w = x[i].average;
    }
}

// Steps of a row with the given arguments beside the reference's. Slots that the row says it does
// not need are not there.
static void compare(int row, int reference, const double *arg, const char *what)
{
    const struct ms_optimizer *o = ms_optimizer_row(row);
    _Alignas(64) ms_real w[WEIGHTS], g[WEIGHTS], average[WEIGHTS], slots[MS_MAX_SLOTS][64];
    struct weight wanted[WEIGHTS] = {0};
    struct ms_rng rng = ms_rng_at(3, 0, 0, MS_STREAM_DATA);
    for (int i = 0; i < WEIGHTS; i++)
        wanted[i].w = w[i] = (ms_real)(float)ms_rng_normal(&rng, (uint64_t)i);

    struct ms_update u = {.weights = w,
                          .gradients = g,
                          .n = WEIGHTS,
                          .arg = arg,
                          .segments = segments,
                          .n_segments = 2};
    u.average = arg[MS_USE_EMA] != 0 ? average : NULL;
    for (int s = 0; s < o->slots; s++) {
        u.slot[s] = ms_optimizer_needs(o, s, arg) ? slots[s] : NULL;
        for (int i = 0; i < WEIGHTS; i++)
            slots[s][i] = o->slot_start ? (ms_real)o->slot_start(s, arg) : 0;
    }
    for (int t = 1; t <= STEPS; t++) {
        double gradient[WEIGHTS], worst = 0;
        u.step = (uint64_t)t;
        u.rate = 0.05 / t; // not the base rate, which a step must not read
        for (int i = 0; i < WEIGHTS; i++) {
            uint64_t counter = (uint64_t)(1000 * t + i);
            g[i] = i % 9 == 4 ? 0 : (ms_real)(float)ms_rng_normal(&rng, counter);
            gradient[i] = (double)g[i];
        }
        reference_step(reference, wanted, gradient, u.rate, t, arg);
        ms_update_optimizer(o, &u);
        for (int i = 0; i < WEIGHTS; i++) {
            worst = fmax(worst, fabs(w[i] - wanted[i].w));
            if (u.average)
                worst = fmax(worst, fabs(average[i] - wanted[i].average));
        }
        CHECK_THAT(worst < TOLERANCE, "%s, step %d: off by %.3g", what, t, worst);
    }
}

// A gradient that is not a number must show in the weight, and only there.
static void check_nan(int row, const double *arg, const char *name)
{
    const struct ms_optimizer *o = ms_optimizer_row(row);
    _Alignas(64) ms_real w[WEIGHTS], g[WEIGHTS], slots[MS_MAX_SLOTS][64] = {{0}};
    struct ms_update u = {.weights = w, .gradients = g, .n = WEIGHTS, .arg = arg, .rate = 0.1};
    for (int s = 0; s < o->slots; s++)
        u.slot[s] = slots[s];
    for (int i = 0; i < WEIGHTS; i++)
        w[i] = 1;
    for (u.step = 1; u.step <= 3; u.step++) {
        for (int i = 0; i < WEIGHTS; i++)
            g[i] = i == 5 && u.step == 1 ? (ms_real)NAN : 1;
        ms_update_optimizer(o, &u);
        int wrong = 0;
        for (int i = 0; i < WEIGHTS; i++)
            wrong += isnan(w[i]) != (i == 5);
        CHECK_THAT(wrong == 0, "%s: %d weights wrong after a gradient NaN", name, wrong);
    }
}

static void check_row(int row, int reference)
{
    const struct ms_row *r = ms_table_row(&ms_optimizer_table, row);
    const struct ms_pick defaults = ms_table_default(&ms_optimizer_table, row);
    char what[100];
    CHECK_STR(r->args[0].name, "learning_rate");
    for (int i = 0; i < r->n_args; i++)
        CHECK_THAT(defaults.arg[i] == references[reference].defaults[i], "%s's %s is %g by default",
                   r->name, r->args[i].name, defaults.arg[i]);
    CHECK_NEAR(defaults.arg[MS_WEIGHT_DECAY], references[reference].weight_decay, 0);
    CHECK_NEAR(defaults.arg[MS_EMA_MOMENTUM], 0.99, 0);
    compare(row, reference, defaults.arg, r->name);
    check_nan(row, defaults.arg, r->name);
    // every argument away from its default, one after the other, alone and each on top of the last
    struct ms_pick all = defaults;
    for (int i = 1; i < r->n_args; i++) {
        struct ms_pick one = defaults;
        double value = r->args[i].type == MS_ARG_BOOL ? 1
                       : defaults.arg[i] == 0         ? 0.8
                                                      : 0.7 * defaults.arg[i];
        one.arg[i] = all.arg[i] = value;
        snprintf(what, sizeof what, "%s with %s %g", r->name, r->args[i].name, value);
        compare(row, reference, one.arg, what);
        compare(row, reference, all.arg, what);
        check_nan(row, all.arg, what);
    }
    static const struct {
        int arg[3];
        double value[3];
    } shared[] = {
        {{MS_WEIGHT_DECAY}, {0.3}},
        {{MS_CLIPVALUE}, {0.4}},
        {{MS_CLIPNORM}, {3}}, // below the norm of one of the variables in some steps only
        {{MS_GLOBAL_CLIPNORM}, {5}},
        {{MS_USE_EMA, MS_EMA_MOMENTUM}, {1, 0.7}},
        {{MS_USE_EMA, MS_EMA_MOMENTUM, MS_EMA_OVERWRITE_FREQUENCY}, {1, 0.6, 3}},
    };
    for (size_t k = 0; k < sizeof shared / sizeof *shared; k++) {
        struct ms_pick one = defaults, both = all;
        for (int i = 0; i < 3 && shared[k].arg[i]; i++)
            one.arg[shared[k].arg[i]] = both.arg[shared[k].arg[i]] = shared[k].value[i];
        snprintf(what, sizeof what, "%s with %s", r->name,
                 ms_table_row_arg(r, shared[k].arg[0])->name);
        compare(row, reference, one.arg, what);
        compare(row, reference, both.arg, what);
    }
}

// Nadam's product of momenta far from the start, where a reference that multiplies must agree.
static void check_late_nadam(void)
{
    int row = case_row(&ms_optimizer_table, "nadam");
    struct ms_pick pick = ms_table_default(&ms_optimizer_table, row);
    pick.arg[1] = 0.999;
    double product = 1;
    for (int t = 1; t <= 2000; t++) {
        product *= nadam_mu(pick.arg, t);
        if (t % 100 != 0 && t > 3)
            continue;
        ms_real w = 0, g = 1, m = 0, v = 0;
        const struct ms_update u = {.weights = &w,
                                    .gradients = &g,
                                    .slot = {&m, &v},
                                    .n = 1,
                                    .step = (uint64_t)t,
                                    .rate = 1,
                                    .arg = pick.arg};
        ms_update_optimizer(ms_optimizer_row(row), &u);
        double next = nadam_mu(pick.arg, t + 1);
        double mean =
            next * 0.001 / (1 - product * next) + (1 - nadam_mu(pick.arg, t)) / (1 - product);
        double wanted = -mean / (sqrt(0.001 / (1 - pow(0.999, t))) + pick.arg[3]);
        CHECK_NEAR((double)w / wanted, 1, 20 * TOLERANCE);
    }
}

static void check_blocks(void)
{
    static const struct {
        const char *name;
        int arg, blocks; // arg: what is set to 1
    } cases[] = {
        {"sgd", 0, 0},     {"sgd", 1, 1},           {"sgd", MS_USE_EMA, 1}, {"adam", 0, 2},
        {"adam", 4, 3},    {"adam", MS_USE_EMA, 3}, {"rmsprop", 0, 1},      {"rmsprop", 2, 2},
        {"rmsprop", 4, 2}, {"lion", 0, 1},          {"adagrad", 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ms_pick pick = case_pick(&ms_optimizer_table, cases[i].name);
        pick.arg[cases[i].arg] = 1;
        CHECK_THAT(ms_optimizer_blocks(&pick) == cases[i].blocks, "%s, argument %d: %d blocks",
                   cases[i].name, cases[i].arg, ms_optimizer_blocks(&pick));
    }
}

int main(void)
{
    for (int row = 0; row < ms_optimizer_table.n; row++) {
        const char *name = ms_table_row(&ms_optimizer_table, row)->name;
        int reference = 0;
        while (reference < N_REFERENCES && strcmp(references[reference].name, name))
            reference++;
        CHECK_THAT(reference < N_REFERENCES, "%s has no reference", name);
        if (reference < N_REFERENCES)
            check_row(row, reference);
    }
    check_late_nadam();
    check_blocks();
    return check_done();
}
