// SPDX-License-Identifier: MIT
//
// Training step by step, rates and activations against the numbers that Keras 3 and PyTorch gave
// (reference/*.json, explained in README.md): every optimizer, schedule, loss, activation,
// regularizer, constraint and normalization. A case that does not run fails, and so does a row of a
// table that has no case.
#include "reference.h"

#include "mlpsweep/train.h"
#include "worker/train/arena.h"
#include "worker/train/net.h"
#include "worker/kernels/optimizers.h"
#include "worker/kernels/schedules.h"

enum { BATCH = 8, MAX_VALUES = 8192 };

static struct reference_tally tally;
static double values[MAX_VALUES];

// --- trajectories ------------------------------------------------------------

struct run {
    const char *name;
    struct ms_config config;
    struct ms_net net;
    struct ms_arena *arena;
    ms_real *average; // of the weights; NULL: not kept
    ms_real *slot[MS_MAX_SLOTS];
    const cJSON *batches;
    uint64_t step; // made
};

static void lay_out(struct run *r, int inputs, int outputs, struct ms_carve *carve)
{
    ms_net_lay_out(&r->net, &r->config, inputs, outputs, BATCH, carve);
    const struct ms_optimizer *o = ms_optimizer_row(r->config.optimizer.row);
    for (int i = 0; i < o->slots; i++)
        if (ms_optimizer_needs(o, i, r->config.optimizer.arg))
            r->slot[i] = ms_arena_carve_take(carve, r->net.n_weights, sizeof *r->slot[i]);
    if (r->config.optimizer.arg[MS_USE_EMA] > 0)
        r->average = ms_arena_carve_take(carve, r->net.n_weights, sizeof *r->average);
}

static void flatten(const cJSON *rows, int n_rows, int n, ms_real *out /* (n_rows, n) */)
{
    for (int i = 0; i < n_rows; i++)
        for (int j = 0; j < n; j++) {
            const cJSON *row = cJSON_GetArrayItem(rows, i);
            out[i * n + j] = (ms_real)cJSON_GetArrayItem(row, j)->valuedouble;
        }
}

// The name of a segment in the files.
static const char *const role_names[] = {
    [MS_KERNEL] = "kernel",
    [MS_BIAS] = "bias",
    [MS_GAMMA] = "gamma",
    [MS_BETA] = "beta",
    [MS_MOVING_MEAN] = "moving_mean",
    [MS_MOVING_VARIANCE] = "moving_variance",
};

static void start(struct run *r, const cJSON *data, const cJSON *initial)
{
    int inputs = whole(data, "inputs"), outputs = whole(data, "outputs");
    r->batches = get(data, "batches");
    struct ms_carve carve = {0};
    lay_out(r, inputs, outputs, &carve);
    void *block;
    struct ms_error err;
    r->arena = ms_arena_new();
    NEED(r->arena && ms_arena_reserve(r->arena, carve.used, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    lay_out(r, inputs, outputs, &carve);

    struct ms_rng init = ms_rng_at(0, 0, 0, MS_STREAM_INIT);
    ms_net_start(&r->net, &init);
    for (int i = 0; i < r->net.n_segments; i++) {
        const struct ms_segment *s = &r->net.segments[i];
        const cJSON *from = get(cJSON_GetArrayItem(initial, s->layer), role_names[s->role]);
        ms_real *w = r->net.weights + s->offset;
        if (!from) // normalizations start where they always do
            continue;
        if (s->role == MS_KERNEL)
            flatten(from, s->rows, s->cols, w);
        for (int j = 0; j < s->cols && s->role == MS_BIAS; j++)
            w[j] = (ms_real)cJSON_GetArrayItem(from, j)->valuedouble;
    }
    const struct ms_optimizer *o = ms_optimizer_row(r->config.optimizer.row);
    for (int k = 0; k < o->slots && o->slot_start; k++)
        for (size_t i = 0; r->slot[k] && i < r->net.n_weights; i++)
            r->slot[k][i] = (ms_real)o->slot_start(k, r->config.optimizer.arg);
}

static struct ms_pass fill(struct run *r, int batch, bool training)
{
    const struct ms_pass p = {
        .rows = BATCH, .ld = ms_net_ld(BATCH), .training = training, .step = r->step};
    const cJSON *b = cJSON_GetArrayItem(r->batches, batch);
    ms_real rows[BATCH * 16];
    NEED(r->net.n_inputs <= 16 && r->net.n_outputs <= 16);
    struct {
        const char *key;
        ms_real *to;
        int n;
    } sides[] = {{"x", r->net.x, r->net.n_inputs}, {"y", r->net.t, r->net.n_outputs}};
    for (int s = 0; s < 2; s++) {
        flatten(get(b, sides[s].key), BATCH, sides[s].n, rows);
        for (int j = 0; j < sides[s].n; j++)
            for (int i = 0; i < p.ld; i++)
                sides[s].to[j * p.ld + i] = rows[(i < BATCH ? i : BATCH - 1) * sides[s].n + j];
    }
    return p;
}

static double rate_now(const struct ms_config *c, uint64_t step, uint64_t steps_per_epoch)
{
    const struct ms_schedule_at at = {
        .base = c->optimizer.arg[0],
        .step = step,
        .steps_per_epoch = steps_per_epoch,
        .epochs = 1000,
        .list = c->list,
    };
    return ms_schedule_rate(&c->learning_rate, &at);
}

// One batch, as train.c trains it. Returns its loss.
static double step(struct run *r, double *rate)
{
    int n_batches = cJSON_GetArraySize(r->batches);
    struct ms_pass p = fill(r, (int)(r->step % (uint64_t)n_batches), true);
    ms_net_forward(&r->net, &p);
    double loss = ms_net_loss(&r->net, &p, true);
    ms_net_backward(&r->net, &p);
    *rate = rate_now(&r->config, r->step, (uint64_t)n_batches);
    struct ms_update u = {
        .weights = r->net.weights,
        .gradients = r->net.gradients,
        .n = r->net.n_weights,
        .step = ++r->step,
        .rate = *rate,
        .arg = r->config.optimizer.arg,
        .average = r->average,
        .segments = r->net.segments,
        .n_segments = r->net.n_trained,
    };
    memcpy(u.slot, r->slot, sizeof u.slot);
    ms_update_optimizer(ms_optimizer_row(r->config.optimizer.row), &u);
    ms_net_constrain(&r->net);
    return loss;
}

static void compare_weights(const struct run *r, const char *when, const cJSON *layers)
{
    int there = 0;
    const cJSON *layer;
    cJSON_ArrayForEach(layer, layers) there += cJSON_GetArraySize(layer);
    CHECK_THAT(there == r->net.n_segments, "%s: %d segments, not %d", r->name, r->net.n_segments,
               there);
    for (int i = 0; i < r->net.n_segments; i++) {
        const struct ms_segment *s = &r->net.segments[i];
        char what[NAME];
        snprintf(what, sizeof what, "%s, layer %d, %s", when, s->layer, role_names[s->role]);
        int n = s->rows * s->cols;
        NEED(n <= MAX_VALUES);
        for (int j = 0; j < n; j++)
            values[j] = (double)r->net.weights[s->offset + (size_t)j];
        compare_all(r->name, what, values, n,
                    get(cJSON_GetArrayItem(layers, s->layer), role_names[s->role]));
    }
}

static void compare_prediction(struct run *r, const cJSON *wanted)
{
    struct ms_pass p = fill(r, 0, false);
    ms_net_forward(&r->net, &p);
    for (int i = 0; i < BATCH; i++)
        for (int j = 0; j < r->net.n_outputs; j++)
            values[i * r->net.n_outputs + j] = (double)r->net.y[j * p.ld + i];
    compare_all(r->name, "prediction", values, BATCH * r->net.n_outputs, wanted);
}

static void trajectory(const cJSON *doc, const cJSON *c)
{
    struct run r = {.name = reference_name(c)};
    if (!reference_config(c, reference_sweep(get(c, "config")), &r.config))
        return;
    ran(&tally, c);
    const cJSON *expected = get(c, "expected"), *at;
    start(&r, get(get(doc, "data"), get(c, "data")->valuestring),
          get(get(doc, "initial"), get(c, "initial")->valuestring));
    cJSON_ArrayForEach(at, get(expected, "at"))
    {
        double loss = NAN, rate = NAN;
        while (r.step < (uint64_t)whole(at, "step"))
            loss = step(&r, &rate);
        char what[NAME];
        double wanted = number(get(at, "loss"));
        snprintf(what, sizeof what, "step %d, loss", whole(at, "step"));
        compare_one(r.name, what, loss, wanted, fabs(wanted));
        compare_one(r.name, "rate", rate, number(get(at, "learning_rate")),
                    number(get(at, "learning_rate")));
        snprintf(what, sizeof what, "step %d", whole(at, "step"));
        compare_weights(&r, what, get(at, "layers"));
    }
    const cJSON *averaged = get(expected, "averaged");
    CHECK_THAT(!averaged == !r.average, "%s: the average is kept, or expected, alone", r.name);
    if (averaged && r.average) { // fit() ends with the average, and predicts with it
        memcpy(r.net.weights, r.average, r.net.n_weights * sizeof *r.average);
        compare_weights(&r, "average", averaged);
    }
    compare_prediction(&r, get(expected, "predict"));
    ms_arena_free(r.arena);
}

// --- rates and activations alone ---------------------------------------------

static void rate(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, reference_sweep(get(c, "config")), &config))
        return;
    ran(&tally, c);
    int i = 0;
    const cJSON *at;
    cJSON_ArrayForEach(at, get(c, "at"))
    {
        char what[NAME];
        double wanted = number(cJSON_GetArrayItem(get(get(c, "expected"), "rate"), i++));
        snprintf(what, sizeof what, "rate after %.0f steps", at->valuedouble);
        compare_one(
            reference_name(c), what,
            rate_now(&config, (uint64_t)at->valuedouble, (uint64_t)whole(c, "batches_per_epoch")),
            wanted, fabs(wanted));
    }
}

// Relative above 1e-2, absolute below: 1 - tanh² of a float is known to an epsilon of 1, no better.
static void compare_points(const cJSON *c, const char *key, const ms_real *found, int units,
                           int rows, int ld)
{
    const cJSON *wanted = get(get(c, "expected"), key);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < units; j++) {
            double v = number(cJSON_GetArrayItem(wanted, i * units + j));
            char what[NAME];
            snprintf(what, sizeof what, "%s of point %d.%d", key, i, j);
            compare_one(reference_name(c), what, (double)found[j * ld + i], v, fmax(fabs(v), 1e-2));
        }
}

static void points(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    enum { LD = 64, UNITS = 4 };
    struct ms_config config;
    if (!reference_config(c, reference_one_layer("activation", get(get(c, "config"), "activation")),
                          &config))
        return;
    ran(&tally, c);
    const struct ms_pick *pick = &config.hidden[0].activation;
    const struct ms_activation *f = ms_activation_row(pick->row);
    const cJSON *x = get(c, "x");
    int rows = cJSON_GetArraySize(x);
    int units = cJSON_IsArray(x->child) ? cJSON_GetArraySize(x->child) : 1;
    NEED(rows <= LD && units <= UNITS);
    static _Alignas(64) ms_real z[UNITS * LD], a[UNITS * LD], d[UNITS * LD];
    for (int i = 0; i < LD; i++)
        for (int j = 0; j < units; j++) {
            const cJSON *v = cJSON_GetArrayItem(x, i < rows ? i : rows - 1);
            z[j * LD + i] = (ms_real)(units > 1 ? cJSON_GetArrayItem(v, j) : v)->valuedouble;
            d[j * LD + i] = (ms_real)(j + 1);
        }
    memcpy(a, z, sizeof a);
    f->forward(a, units, LD, pick->arg);
    compare_points(c, "y", a, units, rows, LD);
    f->backward(d, a, f->keeps_input ? z : NULL, units, LD, pick->arg);
    compare_points(c, "dy", d, units, rows, LD);
}

static const struct reference_kind kinds[] = {
    {"optimizer", trajectory},
    {"schedule", trajectory},
    {"loss", trajectory},
    {"activation", trajectory},
    {"regularizer", trajectory},
    {"constraint", trajectory},
    {"normalization", trajectory},
    {"rate", rate},
    {"points", points},
};

// Rows that need no case: "none".
static const struct {
    const struct ms_table *table;
    const char *except;
} tables[] = {
    {&ms_optimizer_table, NULL},
    {&ms_schedule_table, NULL},
    {&ms_loss_table, NULL},
    {&ms_activation_table, NULL},
    {&ms_regularizer_table, "none"},
    {&ms_constraint_table, "none"},
    {&ms_normalization_table, "none"},
};

int main(void)
{
    static const char *const files[] = {"optimizers",    "schedules",    "losses",
                                        "activations",   "regularizers", "constraints",
                                        "normalizations"};
    ms_train_prepare(1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        reference_run_file(&tally, files[i], kinds, sizeof kinds / sizeof *kinds);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        reference_covered(&tally, tables[i].table, tables[i].except);
    printf("%d cases ran\n", tally.ran);
    return check_done();
}
