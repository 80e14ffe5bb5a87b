// SPDX-License-Identifier: MIT
//
// The engine against numbers that Keras 3 and PyTorch gave: reference/*.json, made by reference.py;
// README.md says what they mean. A case that does not run fails, and so does a row of a table that
// has no case.
#include "reference.h"
#include "reference_statistics.h"

#include "mlpsweep/train.h"
#include "worker/train/arena.h"
#include "worker/train/callbacks.h"
#include "worker/kernels/initializers.h"
#include "worker/kernels/metrics.h"
#include "worker/train/net.h"
#include "worker/kernels/optimizers.h"
#include "worker/kernels/schedules.h"

enum { BATCH = 8, MAX_BATCHES = 8, MAX_VALUES = 8192 };

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

// --- rates, activations, metrics ---------------------------------------------

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

// {"hidden": [{"units": 8, key: value}]}
static cJSON *one_layer(const char *key, const cJSON *value)
{
    cJSON *config = cJSON_CreateObject(), *layer = cJSON_CreateObject();
    cJSON_AddNumberToObject(layer, "units", 8);
    cJSON_AddItemToObject(layer, key, cJSON_Duplicate(value, true));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(config, "hidden"), layer);
    cJSON *doc = reference_sweep(config);
    cJSON_Delete(config);
    return doc;
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
    if (!reference_config(c, one_layer("activation", get(get(c, "config"), "activation")), &config))
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

static const cJSON *find_case(const cJSON *doc, const char *name)
{
    const cJSON *c;
    cJSON_ArrayForEach(c, get(doc, "cases")) if (strcmp(reference_name(c), name) == 0) return c;
    return NULL;
}

static void metric(const cJSON *doc, const cJSON *c)
{
    enum { LD = 16, UNITS = 8, STATE = 4096 };
    const cJSON *spec = get(c, "config"), *set = find_case(doc, get(c, "data")->valuestring), *rows;
    cJSON *sweep = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(sweep, "metrics"), cJSON_Duplicate(spec, true));
    struct ms_config config;
    bool ok = reference_config(c, reference_sweep(sweep), &config);
    cJSON_Delete(sweep);
    if (!ok)
        return;
    const char *name = (cJSON_IsString(spec) ? spec : get(spec, "name"))->valuestring;
    int row = ms_table_find(&ms_metric_table, name), at = 0;
    while (at < config.n_metrics && config.metrics[at] != row)
        at++;
    CHECK_THAT(at < config.n_metrics, "%s: not read", reference_name(c));
    if (at == config.n_metrics)
        return;
    ran(&tally, c);
    const struct ms_metric *m = ms_metric_row(row);
    int units = whole(set, "outputs"), done = 0;
    static _Alignas(64) ms_real y[UNITS * LD], t[UNITS * LD];
    static double state[STATE];
    NEED(units <= UNITS && ms_metric_state(row, units) <= STATE);
    memset(state, 0, sizeof state);
    cJSON_ArrayForEach(rows, get(set, "batches"))
    {
        int n = (int)rows->valuedouble;
        for (int i = 0; i < LD; i++)
            for (int j = 0; j < units; j++) {
                int from = (done + (i < n ? i : n - 1)) * units + j;
                y[j * LD + i] =
                    (ms_real)cJSON_GetArrayItem(get(set, "prediction"), from)->valuedouble;
                t[j * LD + i] = (ms_real)cJSON_GetArrayItem(get(set, "y"), from)->valuedouble;
            }
        m->update(
            state,
            &(struct ms_metric_batch){
                .y = y, .t = t, .units = units, .rows = n, .ld = LD, .arg = config.metric_arg[at]});
        done += n;
    }
    double wanted = number(get(c, "value"));
    compare_one(reference_name(c), "value", m->result(state), wanted, fmax(fabs(wanted), 1e-3));
}

// --- statistics --------------------------------------------------------------

static void initializer(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, one_layer("kernel_initializer", get(c, "config")), &config))
        return;
    ran(&tally, c);
    const struct ms_pick *pick = &config.hidden[0].kernel_initializer;
    int rows = whole(c, "inputs"), cols = whole(c, "units"), n = rows * cols;
    ms_real *w = calloc((size_t)n, sizeof *w);
    double *v = calloc((size_t)n, sizeof *v);
    NEED(w && v);
    struct ms_rng rng = ms_rng_at(4, 0, 0, MS_STREAM_INIT);
    const struct ms_init init = {.weights = w,
                                 .rows = rows,
                                 .cols = cols,
                                 .fan_in = rows,
                                 .fan_out = cols,
                                 .rng = &rng,
                                 .arg = pick->arg};
    ms_initializer_row(pick->row)->fill(&init);
    for (int i = 0; i < n; i++)
        v[i] = (double)w[i];
    if (strcmp(get(c, "distribution")->valuestring, "orthogonal") == 0)
        compare_orthogonal(c, v, rows, cols);
    else
        compare_moments(c, v, n);
    compare_bounds(c, v, n);
    free(w);
    free(v);
}

// Identity layers around the noise; n draws over several steps.
static void noise(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    enum { UNITS = 8, ROWS = 512, STEPS = 10 };
    const cJSON *what = get(c, "config")->child;
    struct run r = {.name = reference_name(c)};
    if (!reference_config(c, one_layer(what->string, what), &r.config))
        return;
    ran(&tally, c);
    struct ms_carve carve = {0};
    ms_net_lay_out(&r.net, &r.config, UNITS, UNITS, ROWS, &carve);
    void *block;
    struct ms_error err;
    r.arena = ms_arena_new();
    NEED(r.arena && ms_arena_reserve(r.arena, carve.used, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    ms_net_lay_out(&r.net, &r.config, UNITS, UNITS, ROWS, &carve);
    for (int i = 0; i < r.net.n_segments; i++)
        for (int j = 0; r.net.segments[i].role == MS_KERNEL && j < UNITS; j++)
            r.net.weights[r.net.segments[i].offset + (size_t)(j * UNITS + j)] = 1;
    struct ms_rng rng = ms_rng_at(9, 0, 0, MS_STREAM_DROPOUT);
    struct ms_pass p = {.rows = ROWS, .ld = ms_net_ld(ROWS), .dropout = &rng};
    for (int i = 0; i < UNITS * p.ld; i++)
        r.net.x[i] = 2;
    bool ratio = strcmp(get(c, "of")->valuestring, "ratio") == 0;
    double *v = calloc((size_t)UNITS * ROWS * STEPS, sizeof *v);
    NEED(v != NULL);
    int n = 0, strangers = 0, changed = 0;
    for (int pass = 0; pass <= STEPS; pass++) { // the last one in inference mode
        p.training = pass < STEPS;
        p.step = (uint64_t)pass;
        ms_net_forward(&r.net, &p);
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < UNITS; j++) {
                double y = (double)r.net.y[j * p.ld + i], drawn = ratio ? y / 2 : y - 2;
                bool known = !cJSON_IsArray(get(c, "values"));
                const cJSON *may;
                cJSON_ArrayForEach(may, get(c, "values")) known |= fabs(drawn - number(may)) < 1e-6;
                strangers += p.training && !known;
                changed += !p.training && y != 2;
                if (p.training)
                    v[n++] = drawn;
            }
    }
    CHECK_THAT(strangers == 0, "%s: %d outputs that cannot be", r.name, strangers);
    CHECK_THAT(changed == 0, "%s: %d outputs changed in inference mode", r.name, changed);
    compare_moments(c, v, n);
    free(v);
    ms_arena_free(r.arena);
}

// --- callbacks ---------------------------------------------------------------

static void early_stopping(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, reference_sweep(get(c, "config")), &config))
        return;
    ran(&tally, c);
    const struct ms_early_stopping *es = &config.early_stopping;
    struct ms_watch watch = {0};
    enum ms_callbacks_verdict verdict = MS_GO_ON;
    int epoch = 0, best = 0;
    const cJSON *v;
    cJSON_ArrayForEach(v, get(c, "values"))
    {
        verdict = ms_callbacks_early_stop(&watch, es, ++epoch, number(v));
        best = verdict == MS_IMPROVED ? epoch : best;
        if (verdict == MS_STOP)
            break;
    }
    CHECK_THAT(epoch == whole(c, "epochs"), "%s: %d epochs", reference_name(c), epoch);
    CHECK_THAT((verdict == MS_STOP) == cJSON_IsTrue(get(c, "stopped")), "%s: stopped",
               reference_name(c));
    int weights = es->restore_best && best ? best : epoch;
    CHECK_THAT(weights == whole(c, "weights_of_epoch"), "%s: weights of epoch %d",
               reference_name(c), weights);
}

static void reduce_on_plateau(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, reference_sweep(get(c, "config")), &config))
        return;
    ran(&tally, c);
    struct ms_watch watch = {0};
    double rate = config.optimizer.arg[0];
    int i = 0;
    const cJSON *v;
    cJSON_ArrayForEach(v, get(c, "values"))
    {
        char what[NAME];
        double wanted = number(cJSON_GetArrayItem(get(c, "rate_after_epoch"), i++));
        snprintf(what, sizeof what, "rate after epoch %d", i);
        rate = ms_callbacks_reduce_on_plateau(&watch, &config.reduce_on_plateau, number(v), rate);
        compare_one(reference_name(c), what, rate, wanted, wanted);
    }
}

static const struct {
    const char *kind;
    void (*run)(const cJSON *doc, const cJSON *c);
} kinds[] = {
    {"optimizer", trajectory},
    {"schedule", trajectory},
    {"loss", trajectory},
    {"activation", trajectory},
    {"regularizer", trajectory},
    {"constraint", trajectory},
    {"normalization", trajectory},
    {"rate", rate},
    {"points", points},
    {"metric", metric},
    {"metric_data", NULL}, // of other cases
    {"initializer", initializer},
    {"noise", noise},
    {"early_stopping", early_stopping},
    {"reduce_on_plateau", reduce_on_plateau},
};

static void run_case(const cJSON *doc, const cJSON *c)
{
    size_t i = 0, n = sizeof kinds / sizeof *kinds;
    while (i < n && strcmp(kinds[i].kind, get(c, "kind")->valuestring) != 0)
        i++;
    CHECK_THAT(i < n, "%s: no such kind", reference_name(c));
    if (i == n || !kinds[i].run)
        return;
    int before = tally.ran;
    kinds[i].run(doc, c);
    CHECK_THAT(tally.ran == before + 1, "%s: did not run", reference_name(c));
}

static void run_file(const char *name)
{
    cJSON *doc = reference_load(name);
    const cJSON *c;
    cJSON_ArrayForEach(c, get(doc, "cases")) run_case(doc, c);
    cJSON_Delete(doc);
}

// Rows that need no case: "none", and the loss, which every trajectory compares.
static const struct {
    const struct ms_table *table;
    const char *except;
} tables[] = {
    {&ms_optimizer_table, NULL},
    {&ms_schedule_table, NULL},
    {&ms_loss_table, NULL},
    {&ms_activation_table, NULL},
    {&ms_initializer_table, NULL},
    {&ms_metric_table, "loss"},
    {&ms_regularizer_table, "none"},
    {&ms_constraint_table, "none"},
    {&ms_normalization_table, "none"},
};

int main(void)
{
    static const char *const files[] = {
        "optimizers",     "schedules", "losses",       "activations", "regularizers", "constraints",
        "normalizations", "metrics",   "initializers", "noise",       "callbacks"};
    ms_train_prepare(1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        run_file(files[i]);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        reference_covered(&tally, tables[i].table, tables[i].except);
    printf("%d cases ran\n", tally.ran);
    return check_done();
}
