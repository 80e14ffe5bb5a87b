// SPDX-License-Identifier: MIT
//
// Every optimizer over several steps against Keras 3's formulas, written out once more for a single
// weight in double. A new row without a reference here fails.
#include "check.h"

#include "case.h"
#include "worker/optimizers.h"

#ifdef MS_REAL_DOUBLE
#define TOLERANCE 1e-13
#else
#define TOLERANCE 2e-6
#endif

enum { WEIGHTS = 37, STEPS = 7 }; // a number that leaves a tail in any vector loop

// A weight with everything an optimizer may keep of it.
struct weight {
    double w, a, b;
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
    x->w -= x->a * alpha / (sqrt(x->b) + arg[3]);
}

static void rmsprop(struct weight *x, double g, double lr, int t, const double *arg)
{
    (void)t;
    x->a = arg[1] * x->a + (1 - arg[1]) * g * g;
    double increment = lr * g / sqrt(x->a + arg[3]);
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

static const struct {
    const char *name;
    void (*step)(struct weight *x, double g, double lr, int t, const double *arg);
    double defaults[MS_MAX_ARGS]; // Keras's
} references[] = {
    {"sgd", sgd, {0.01, 0, 0}},
    {"adam", adam, {0.001, 0.9, 0.999, 1e-7}},
    {"rmsprop", rmsprop, {0.001, 0.9, 0, 1e-7}},
    {"adagrad", adagrad, {0.001, 0.1, 1e-7}},
};

enum { N_REFERENCES = sizeof references / sizeof *references };

// Steps of a row with the given arguments beside the reference's.
static void compare(int row, int reference, const double *arg, const char *what)
{
    const struct ms_optimizer *o = ms_optimizer_row(row);
    _Alignas(64) ms_real w[WEIGHTS], g[WEIGHTS], slots[MS_MAX_SLOTS][64];
    struct weight wanted[WEIGHTS] = {0};
    struct ms_rng rng = ms_rng_at(3, 0, 0, MS_STREAM_DATA);
    for (int i = 0; i < WEIGHTS; i++)
        wanted[i].w = w[i] = (ms_real)(float)ms_rng_normal(&rng, (uint64_t)i);
    for (int s = 0; s < o->slots; s++)
        for (int i = 0; i < WEIGHTS; i++)
            slots[s][i] = o->slot_start ? (ms_real)o->slot_start(s, arg) : 0;

    struct ms_update u = {.weights = w, .gradients = g, .n = WEIGHTS, .arg = arg};
    for (int s = 0; s < o->slots; s++)
        u.slot[s] = slots[s];
    for (int t = 1; t <= STEPS; t++) {
        u.step = (uint64_t)t;
        u.rate = 0.05 / t; // not the base rate, which a step must not read
        for (int i = 0; i < WEIGHTS; i++) {
            uint64_t counter = (uint64_t)(1000 * t + i);
            g[i] = i % 9 == 4 ? 0 : (ms_real)(float)ms_rng_normal(&rng, counter);
            references[reference].step(&wanted[i], (double)g[i], u.rate, t, arg);
        }
        o->step(&u);
        double worst = 0;
        for (int i = 0; i < WEIGHTS; i++)
            worst = fmax(worst, fabs(w[i] - wanted[i].w));
        CHECK_THAT(worst < TOLERANCE, "%s, step %d: off by %.3g", what, t, worst);
    }
}

int main(void)
{
    for (int row = 0; row < ms_optimizer_table.n; row++) {
        const struct ms_row *r = ms_table_row(&ms_optimizer_table, row);
        int reference = 0;
        while (reference < N_REFERENCES && strcmp(references[reference].name, r->name))
            reference++;
        CHECK_THAT(reference < N_REFERENCES, "%s has no reference", r->name);
        if (reference == N_REFERENCES)
            continue;
        CHECK_STR(r->args[0].name, "learning_rate");
        struct ms_pick pick = ms_table_default(&ms_optimizer_table, row);
        for (int i = 0; i < r->n_args; i++)
            CHECK_THAT(pick.arg[i] == references[reference].defaults[i], "%s's %s is %g by default",
                       r->name, r->args[i].name, pick.arg[i]);
        compare(row, reference, pick.arg, r->name);
        // every argument away from its default, one after the other, each on top of the last
        for (int i = 1; i < r->n_args; i++) {
            char what[100];
            pick.arg[i] = r->args[i].type == MS_ARG_BOOL ? 1
                          : pick.arg[i] == 0             ? 0.8
                                                         : 0.7 * pick.arg[i];
            snprintf(what, sizeof what, "%s with %s %g", r->name, r->args[i].name, pick.arg[i]);
            compare(row, reference, pick.arg, what);
        }
    }
    return check_done();
}
