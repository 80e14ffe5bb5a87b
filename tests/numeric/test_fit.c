// SPDX-License-Identifier: MIT
//
// Whole trainings against a plain second implementation: fit() with scalar loops over one row at a
// time, in double. The float engine must stay within 1e-4 of it, the double one within rounding,
// and thereby both of each other.
#include "check.h"

#include "case.h"
#include "worker/train/net.h"

#include "mlpsweep/metric.h"
#include "mlpsweep/train.h"

#ifdef MS_REAL_DOUBLE
#define TOLERANCE 1e-11
#else
#define TOLERANCE 1e-4
#endif

enum { UNITS = 12, MAX_LAYERS = 4, MAX_EPOCHS = 4, SEED = 11, TRIAL = 4, EXECUTION = 2 };

// in-h-…-out with tanh, and a softmax or linear output; adam.
struct plain {
    int n, size[MAX_LAYERS + 1]; // layers, and units below and above each
    bool softmax;
    double w[MAX_LAYERS][UNITS][UNITS], b[MAX_LAYERS][UNITS];
    double gw[MAX_LAYERS][UNITS][UNITS], gb[MAX_LAYERS][UNITS];
    double mw[MAX_LAYERS][UNITS][UNITS], mb[MAX_LAYERS][UNITS];
    double vw[MAX_LAYERS][UNITS][UNITS], vb[MAX_LAYERS][UNITS];
    double a[MAX_LAYERS + 1][UNITS];
    int t;
};

static void start(struct plain *p, const struct ms_config *c, const struct ms_dataset *d)
{
    *p = (struct plain){.n = c->n_hidden + 1, .softmax = d->task == MS_MULTICLASS};
    p->size[0] = d->n_inputs;
    for (int l = 0; l < c->n_hidden; l++)
        p->size[l + 1] = c->hidden[l].units;
    p->size[p->n] = d->n_outputs;

    struct ms_arena *arena = ms_arena_new();
    struct ms_carve carve = {0};
    struct ms_net net;
    struct ms_error err;
    void *block;
    ms_net_lay_out(&net, c, d->n_inputs, d->n_outputs, 1, &carve);
    REQUIRE(arena && ms_arena_reserve(arena, carve.used, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    ms_net_lay_out(&net, c, d->n_inputs, d->n_outputs, 1, &carve);
    struct ms_rng init = ms_rng_at(SEED, TRIAL, EXECUTION, MS_STREAM_INIT);
    ms_net_start(&net, &init);
    for (int g = 0; g < net.n_segments; g++) {
        const struct ms_segment *s = &net.segments[g];
        for (int k = 0; k < s->rows; k++)
            for (int j = 0; j < s->cols; j++) {
                double w = net.weights[s->offset + (size_t)(k * s->cols + j)];
                if (s->role == MS_KERNEL)
                    p->w[s->layer][k][j] = w;
                else
                    p->b[s->layer][j] = w;
            }
    }
    ms_arena_free(arena);
}

// Loss of one row; with gradient: adds its gradient, times share.
static double row(struct plain *p, const float *x, const float *t, double share, bool gradient,
                  bool *right)
{
    for (int k = 0; k < p->size[0]; k++)
        p->a[0][k] = (double)x[k];
    for (int l = 0; l < p->n; l++)
        for (int j = 0; j < p->size[l + 1]; j++) {
            double z = p->b[l][j];
            for (int k = 0; k < p->size[l]; k++)
                z += p->w[l][k][j] * p->a[l][k];
            p->a[l + 1][j] = l + 1 < p->n ? tanh(z) : z;
        }
    double *y = p->a[p->n], d[UNITS], loss = 0, sum = 0;
    int outputs = p->size[p->n], top = 0, top_t = 0;
    for (int j = 0; j < outputs && p->softmax; j++)
        sum += y[j] = exp(y[j]);
    for (int j = 0; j < outputs; j++) {
        y[j] = p->softmax ? y[j] / sum : y[j];
        loss += p->softmax ? -(double)t[j] * log(y[j]) : pow(y[j] - (double)t[j], 2) / outputs;
        d[j] = (p->softmax ? 1 : 2.0 / outputs) * (y[j] - (double)t[j]) * share;
        top = y[j] > y[top] ? j : top;
        top_t = t[j] > t[top_t] ? j : top_t;
    }
    *right = top == top_t;
    for (int l = p->n - 1; l >= 0 && gradient; l--) {
        double below[UNITS] = {0};
        for (int j = 0; j < p->size[l + 1]; j++) {
            p->gb[l][j] += d[j];
            for (int k = 0; k < p->size[l]; k++) {
                p->gw[l][k][j] += p->a[l][k] * d[j];
                below[k] += p->w[l][k][j] * d[j] * (1 - p->a[l][k] * p->a[l][k]);
            }
        }
        memcpy(d, below, sizeof d);
    }
    return loss;
}

static void adam(struct plain *p, double *w, double *m, double *v, double *g)
{
    double alpha = 0.01 * sqrt(1 - pow(0.999, p->t)) / (1 - pow(0.9, p->t));
    *m = 0.9 * *m + 0.1 * *g;
    *v = 0.999 * *v + 0.001 * *g * *g;
    *w -= alpha * *m / (sqrt(*v) + 1e-7);
    *g = 0;
}

static void update(struct plain *p)
{
    p->t++;
    for (int l = 0; l < p->n; l++)
        for (int j = 0; j < UNITS; j++) {
            adam(p, &p->b[l][j], &p->mb[l][j], &p->vb[l][j], &p->gb[l][j]);
            for (int k = 0; k < UNITS; k++)
                adam(p, &p->w[l][k][j], &p->mw[l][k][j], &p->vw[l][k][j], &p->gw[l][k][j]);
        }
}

// One epoch: values as ms_config_metric_columns orders them for {loss, accuracy}, softmax nets, or
// {loss}.
static void plain_epoch(struct plain *p, const struct ms_config *c, const struct ms_dataset *d,
                        int epoch, double values[4])
{
    uint32_t order[512];
    REQUIRE(d->n_train <= 512);
    struct ms_rng shuffle = ms_rng_at(SEED, TRIAL, EXECUTION, MS_STREAM_SHUFFLE);
    ms_rng_permutation(&shuffle, (uint32_t)epoch, order, d->n_train);
    double loss[2] = {0}, right[2] = {0};
    const float *x = d->x;
    bool hit;
    for (uint32_t first = 0; first < d->n_train; first += (uint32_t)c->batch_size) {
        uint32_t end = first + (uint32_t)c->batch_size;
        end = end > d->n_train ? d->n_train : end;
        for (uint32_t i = first; i < end; i++) {
            loss[0] +=
                row(p, x + order[i] * (uint32_t)d->n_inputs,
                    d->y + order[i] * (uint32_t)d->n_outputs, 1.0 / (end - first), true, &hit);
            right[0] += hit;
        }
        update(p);
    }
    for (uint32_t i = d->n_train; i < d->n_train + d->n_val; i++) {
        loss[1] += row(p, x + i * (uint32_t)d->n_inputs, d->y + i * (uint32_t)d->n_outputs, 0,
                       false, &hit);
        right[1] += hit;
    }
    values[0] = loss[0] / d->n_train;
    values[1] = loss[1] / d->n_val;
    values[2] = right[0] / d->n_train;
    values[3] = right[1] / d->n_val;
}

struct log {
    int epochs, n;
    double values[MAX_EPOCHS][MS_MAX_METRICS];
};

static bool record(void *ctx, int epoch, const double *values, int n)
{
    struct log *log = ctx;
    CHECK_INT(epoch, log->epochs + 1);
    memcpy(log->values[log->epochs++], values, (size_t)n * sizeof *values);
    log->n = n;
    return false;
}

static void compare(const struct ms_config *c, const struct ms_dataset *d, const char *what)
{
    static struct plain p;
    struct log log = {0};
    struct ms_arena *arena = ms_arena_new();
    const struct ms_training training = {
        .config = c, .data = d, .seed = SEED, .trial = TRIAL, .execution = EXECUTION};
    struct ms_train_result result;
    struct ms_error err;
    REQUIRE(arena && ms_train(&training, arena, record, &log, &result, &err) == 0);
    CHECK_INT(result.outcome, MS_OUTCOME_COMPLETED);
    CHECK_INT(log.epochs, c->epochs);
    CHECK_INT(log.n, 2 * c->n_metrics);
    start(&p, c, d);
    for (int e = 0; e < c->epochs; e++) {
        double wanted[4];
        plain_epoch(&p, c, d, e + 1, wanted);
        for (int i = 0; i < log.n; i++) {
            double off = fabs(log.values[e][i] - wanted[i]);
            // in float a row within rounding of a tie may count as the other class
            double allowed =
                i >= 2 ? TOLERANCE + (TOLERANCE > 1e-6 ? 1.0 / d->n_val : 0) : TOLERANCE;
            CHECK_THAT(off <= allowed, "%s, epoch %d, column %d: %.9g, not %.9g", what, e + 1, i,
                       log.values[e][i], wanted[i]);
        }
    }
    ms_arena_free(arena);
}

int main(void)
{
    ms_train_prepare(1);
    struct ms_config c = case_config("linear", "mse", "adam");
    c.optimizer.arg[0] = 0.01;
    c.epochs = MAX_EPOCHS;
    c.batch_size = 32; // 137 rows: four batches and one of 9
    struct ms_dataset d = case_data(MS_REGRESSION, 3, 2, 137, 45, 0);
    compare(&c, &d, "no hidden layer");
    case_hidden(&c, 9, "tanh");
    case_hidden(&c, 12, "tanh");
    compare(&c, &d, "regression");
    c.batch_size = 1000;
    compare(&c, &d, "one batch");
    c.batch_size = 1;
    c.epochs = 1;
    compare(&c, &d, "batches of one row");
    case_data_free(&d);

    d = case_data(MS_MULTICLASS, 5, 4, 300, 70, 0);
    struct ms_config m = case_config("softmax", "categorical_crossentropy", "adam");
    m.optimizer.arg[0] = 0.01;
    m.epochs = MAX_EPOCHS;
    m.batch_size = 50;
    m.n_metrics = 2;
    m.metrics[1] = case_row(&ms_metric_table, "accuracy");
    case_hidden(&m, 11, "tanh");
    case_hidden(&m, 5, "tanh");
    case_hidden(&m, 8, "tanh");
    compare(&m, &d, "classes");
    case_data_free(&d);
    return check_done();
}
