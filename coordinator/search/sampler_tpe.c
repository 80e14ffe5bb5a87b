// SPDX-License-Identifier: MIT
//
// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kégl: "Algorithms for
// hyper-parameter optimization", NIPS 2011), multivariate (Falkner, Klein, Hutter: "BOHB: Robust
// and efficient hyperparameter optimization at scale", ICML 2018). Its components follow Watanabe's
// findings ("Tree-structured Parzen estimator: understanding its algorithm components and their
// roles for better empirical performance", 2023, arXiv 2304.11127) and
// tests/bench/search_quality.c.
//
// Observations are split into the good ones, the best ceil(gamma · n) and at most 25, and the bad
// ones. l(x) is the density of the good points, g(x) that of the bad ones (sampler_tpe.h). The
// proposal is the point with the largest l(x) / g(x) among n_ei_candidates points drawn from l: the
// larger that ratio, the larger the expected improvement.
//
// Differences from Optuna's TPE, whose defaults are gamma 0.1, equal weights and bandwidths of
// 1 / (kernels + 1) and more:
//
//   - Good points weigh by rank r, log(good + 1) - log(r), as in CMA-ES (Hansen: "The CMA
//     evolution strategy: a tutorial", 2016, arXiv 1604.00772).
//
//   - The smallest bandwidth of l is 1/n, at most 0.1. It goes to 0 with the number of all
//     observations, not of good ones, so that the search closes in on a minimum.
//
//   - There are 12 candidates instead of 24: fewer are less greedy, which mixed spaces need and
//     others tolerate.
//
//   - The first n_startup_trials are one Latin hypercube instead of random points.
//
// Conditional parameters ("tree-structured"): parameters with the same parent and condition form a
// block. Blocks are proposed one after the other, parents first; a block that its parent's value
// makes inactive is left out. A block's split and densities come from the observations in which it
// is active, so that the search keeps learning about one optimizer while another one leads. A block
// with fewer than two values is random. Without multivariate every parameter is a block.
//
// Failed trials and values that are not finite are as bad as possible: they count for g, but
// neither for l nor for n. The same holds for a trial that median_stop ended and for one that
// failed at any rung, whatever values they had. If trials are trained in parts, the model uses, as
// in BOHB, the values after the same number of epochs: the largest number that enough trials
// (n_startup_trials, and at least three more than there are parameters) have reached without
// failing or being stopped, else the number that most have reached. If epochs is itself a
// parameter, every trial counts with its last value.
//
// A model holds at most MOST_BAD bad points; of more, evenly spaced ones. A proposal takes O(n) for
// n observations, and nothing is kept between proposals.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "sampler_internal.h"
#include "sampler_tpe.h"

enum { STARTUP, CANDIDATES, MULTIVARIATE, GAMMA }; // arguments of the row
enum { MOST_GOOD = 25, MOST_BAD = 1000 };

// In a finite space all points under l may be taken. After GREEDY_DRAWS refused proposals one draw
// from l is proposed, after MODEL_DRAWS a random point.
enum { GREEDY_DRAWS = 8, MODEL_DRAWS = 100 };

// Parameters that are always active together.
struct block {
    int dims;
    int *param;                // (dims) indices; within tpe.param
    struct ms_parzen_dim *dim; // (dims) within tpe.dim
};

struct tpe {
    int n_blocks;
    struct block *block;
    int *param;
    struct ms_parzen_dim *dim;
    bool epochs_vary; // "epochs" is a parameter
};

// An observation for a block's model.
struct scored {
    double value; // INFINITY: failed or stopped
    const double *point;
};

// --- blocks ------------------------------------------------------------------

static void clear(void *state)
{
    struct tpe *t = state;
    if (!t)
        return;
    free(t->block);
    free(t->param);
    free(t->dim);
    free(t);
}

static bool together(const struct ms_param *a, const struct ms_param *b)
{
    if (a->condition != b->condition)
        return false;
    return a->condition == MS_ALWAYS ||
           (a->parent == b->parent && a->parent_value == b->parent_value);
}

static struct ms_parzen_dim dim_of(const struct ms_param *p)
{
    if (p->kind == MS_CHOICE || p->kind == MS_BOOL)
        return (struct ms_parzen_dim){.choices = (int)p->count};
    if (p->kind == MS_INT && p->log && p->step == 1)
        return (struct ms_parzen_dim){.uneven = p};
    return (struct ms_parzen_dim){.cell = ms_space_param_share(p, 0)};
}

// Blocks in the order of their first parameters, so that parents come before children.
static void make_blocks(struct tpe *t, const struct ms_space *space, bool multivariate)
{
    bool taken[MS_MAX_PARAMS] = {false};
    int used = 0;
    for (int i = 0; i < space->n; i++) {
        if (taken[i])
            continue;
        struct block *b = &t->block[t->n_blocks++];
        *b = (struct block){.param = t->param + used, .dim = t->dim + used};
        for (int j = i; j < (multivariate ? space->n : i + 1); j++) {
            if (taken[j] || !together(&space->param[i], &space->param[j]))
                continue;
            taken[j] = true;
            b->param[b->dims] = j;
            b->dim[b->dims++] = dim_of(&space->param[j]);
        }
        used += b->dims;
    }
}

static int start(const struct ms_space *space, const double *arg, void **state,
                 struct ms_error *err)
{
    size_t n = (size_t)space->n + 1;
    struct tpe *t = calloc(1, sizeof *t);
    if (!t)
        return ms_no_memory(err, "the search");
    t->block = calloc(n, sizeof *t->block);
    t->param = calloc(n, sizeof *t->param);
    t->dim = calloc(n, sizeof *t->dim);
    if (!t->block || !t->param || !t->dim) {
        clear(t);
        return ms_no_memory(err, "the search of %d parameters", space->n);
    }
    make_blocks(t, space, arg[MULTIVARIATE] != 0);
    for (int i = 0; i < space->n; i++)
        t->epochs_vary |= strcmp(space->param[i].name, "epochs") == 0;
    *state = t;
    return 0;
}

// --- observations ------------------------------------------------------------

// True if the history has a later observation of the same trial.
static bool surpassed(const struct ms_history *h, int64_t i)
{
    return i + 1 < h->n && h->item[i + 1].trial == h->item[i].trial &&
           h->item[i + 1].epochs >= h->item[i].epochs;
}

// Fills seen with the observations to learn from, in the order of the history, and returns their
// number; *known: how many have a value. A stopped trial, which was worse than others, is always
// among the bad ones.
static int64_t choose(const struct tpe *t, const struct ms_proposal *p, struct scored *seen,
                      int *epochs, int64_t *known)
{
    const struct ms_history *h = p->history;
    int64_t n = 0, enough = p->space->n + 3;
    if (enough < (int64_t)p->arg[STARTUP])
        enough = (int64_t)p->arg[STARTUP];
    const bool levels = h->parts && !t->epochs_vary;
    const int at = levels ? ms_sampler_history_level(h, enough, epochs) : 0;
    *known = 0;
    for (int64_t i = 0; i < h->n; i++) {
        const struct ms_observation *o = &h->item[i];
        bool failed = isnan(o->value);
        bool other = t->epochs_vary ? surpassed(h, i) : levels && o->epochs != at;
        if (!failed && (other || ms_sampler_history_fails_later(h, i)))
            continue;
        *known += !failed;
        seen[n++] =
            (struct scored){isfinite(o->value) && !o->stopped ? o->value : INFINITY, o->point};
    }
    return n;
}

// Fills out with the observations in which the block is active, in their order. Returns their
// number.
static int active_in(const struct block *b, const struct scored *seen, int64_t n,
                     struct scored *out)
{
    int active = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(seen[i].point[b->param[0]]))
            out[active++] = seen[i];
    return active;
}

// Moves the best `good` of n to the front, sorted; among equal ones the earlier is better. The
// others keep their order.
static void best_first(struct scored *seen, int n, int good)
{
    for (int i = 1; i < n; i++) {
        int at = i < good ? i : good;
        while (at > 0 && seen[i].value < seen[at - 1].value)
            at--;
        if (at >= good)
            continue;
        // The last of the good ones makes room and takes the place of i.
        struct scored in = seen[i];
        int last = i < good ? i : good - 1;
        seen[i] = seen[last];
        memmove(&seen[at + 1], &seen[at], (size_t)(last - at) * sizeof *seen);
        seen[at] = in;
    }
}

// --- models ------------------------------------------------------------------

struct model {
    struct ms_parzen good, bad; // l and g
};

static void model_clear(struct model *m)
{
    ms_sampler_tpe_parzen_clear(&m->good);
    ms_sampler_tpe_parzen_clear(&m->bad);
}

static void to_unit(const struct ms_space *space, const struct block *b, const double *point,
                    double *x)
{
    for (int j = 0; j < b->dims; j++) {
        int i = b->param[j];
        x[j] =
            b->dim[j].choices > 0 ? point[i] : ms_space_param_to_unit(&space->param[i], point[i]);
    }
}

// Weights by rank; their mean is 1.
static void rank_weights(int n, double *weights)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += weights[i] = log((n + 1) / (i + 1.0));
    for (int i = 0; i < n; i++)
        weights[i] *= n / sum;
}

// Makes the model from the n observations of a block, of which `known` >= 2 have a value, and
// reorders them. x: (MOST_GOOD + MOST_BAD, dims) scratch.
static int model_init(struct model *m, const struct ms_proposal *p, const struct block *b,
                      struct scored *seen, int n, int known, double *x, struct ms_error *err)
{
    double weights[MOST_GOOD], share = ceil(p->arg[GAMMA] * known);
    int good = share < MOST_GOOD ? (int)share : MOST_GOOD, bad = 0, rest = n - good;
    size_t d = (size_t)b->dims;
    *m = (struct model){0};
    best_first(seen, n, good);
    for (int i = 0; i < good; i++)
        to_unit(p->space, b, seen[i].point, x + (size_t)i * d);
    rank_weights(good, weights);
    double narrow = fmin(0.1, 1.0 / n);
    int status =
        ms_sampler_tpe_parzen_init(&m->good, b->dim, b->dims, x, weights, good, narrow, err);
    if (status)
        return status;
    int keep = rest < MOST_BAD ? rest : MOST_BAD;
    for (int64_t i = 0; i < rest; i++)
        if (i * keep / rest != (i + 1) * keep / rest)
            to_unit(p->space, b, seen[good + i].point, x + (size_t)bad++ * d);
    // g is as wide as Optuna's, because only l must close in.
    status = ms_sampler_tpe_parzen_init(&m->bad, b->dim, b->dims, x, NULL, bad,
                                        1 / fmin(100, bad + 2), err);
    if (status)
        model_clear(m);
    return status;
}

// Fills best with the best of so many candidates; other: (dims) scratch.
static void candidate(const struct model *m, int64_t candidates, struct ms_parzen_draw *draw,
                      double *best, double *other)
{
    size_t size = (size_t)m->good.dims * sizeof *best;
    double most = -INFINITY;
    for (int64_t i = 0; i < candidates; i++) {
        ms_sampler_tpe_parzen_sample(&m->good, draw, other);
        double ratio = ms_sampler_tpe_parzen_log_density(&m->good, other) -
                       ms_sampler_tpe_parzen_log_density(&m->bad, other);
        if (i == 0 || ratio > most) {
            most = ratio;
            memcpy(best, other, size);
        }
    }
}

// --- proposals ---------------------------------------------------------------

struct room {
    struct scored *seen, *of_block; // (history->n)
    int *epochs;                    // (history->n)
    double *unit;                   // (space->n) proposed, in [0, 1]
    double *x;                      // (MOST_GOOD + MOST_BAD + 2, space->n)
    uint32_t *order;                // (n_startup_trials)
};

static void room_clear(struct room *r)
{
    free(r->seen);
    free(r->of_block);
    free(r->epochs);
    free(r->unit);
    free(r->x);
    free(r->order);
}

static int room_init(struct room *r, const struct ms_proposal *p, struct ms_error *err)
{
    size_t n = (size_t)p->history->n + 1, width = (size_t)p->space->n + 1;
    size_t points = n < MOST_GOOD + MOST_BAD ? n : MOST_GOOD + MOST_BAD;
    *r = (struct room){
        .seen = malloc(n * sizeof *r->seen),
        .of_block = malloc(n * sizeof *r->of_block),
        .epochs = malloc(n * sizeof *r->epochs),
        .unit = malloc(width * sizeof *r->unit),
        .x = malloc((points + 2) * width * sizeof *r->x),
        .order = malloc(((size_t)p->arg[STARTUP] + 1) * sizeof *r->order),
    };
    if (r->seen && r->of_block && r->epochs && r->unit && r->x && r->order)
        return 0;
    room_clear(r);
    return ms_no_memory(err, "a model of %lld trials", (long long)p->history->n);
}

// Fills unit with uniform numbers. The first n_startup_trials form a Latin hypercube: the order of
// parameter i's strata comes from the stream of "trial i, execution 1", which no trial uses.
static void random_unit(const struct ms_proposal *p, struct room *r)
{
    int64_t strata = (int64_t)p->arg[STARTUP];
    uint64_t first = (uint64_t)p->draw << 32;
    bool design = p->trial < strata && p->draw == 0;
    for (int i = 0; i < p->space->n; i++) {
        r->unit[i] = ms_rng_uniform(&p->rng, first + (uint64_t)i);
        if (!design)
            continue;
        struct ms_rng rng = ms_rng_at(p->seed, (uint32_t)i, 1, MS_STREAM_SAMPLER);
        ms_rng_permutation(&rng, 0, r->order, (uint32_t)strata);
        r->unit[i] = (r->order[p->trial] + r->unit[i]) / (double)strata;
    }
}

// Draws the block's unit numbers from its model; if too little is known they stay random.
static int learn(const struct ms_proposal *p, const struct block *b, int64_t n, struct room *r,
                 struct ms_parzen_draw *draw, struct ms_error *err)
{
    struct model m;
    int active = active_in(b, r->seen, n, r->of_block), known = 0;
    for (int i = 0; i < active; i++)
        known += isfinite(r->of_block[i].value);
    if (known < 2)
        return 0;
    int status = model_init(&m, p, b, r->of_block, active, known, r->x, err);
    if (status)
        return status;
    double *best = r->x, *other = r->x + b->dims; // the densities have copied x
    candidate(&m, p->draw < GREEDY_DRAWS ? (int64_t)p->arg[CANDIDATES] : 1, draw, best, other);
    for (int j = 0; j < b->dims; j++)
        r->unit[b->param[j]] =
            b->dim[j].choices > 0 ? (best[j] + 0.5) / b->dim[j].choices : best[j];
    model_clear(&m);
    return 0;
}

// Sets the block's parameters to the values of their unit numbers.
static void place(const struct ms_space *space, const struct block *b, const double *unit,
                  double *point)
{
    for (int j = 0; j < b->dims; j++) {
        struct ms_param alone = space->param[b->param[j]];
        alone.condition = MS_ALWAYS;
        ms_space_from_unit(&(struct ms_space){.n = 1, .param = &alone}, &unit[b->param[j]],
                           &point[b->param[j]]);
    }
}

static int propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    const struct tpe *t = state;
    struct room r;
    struct ms_parzen_draw draw = {&p->rng, ((uint64_t)p->draw << 32) + MS_MAX_PARAMS};
    int64_t known;
    int status = room_init(&r, p, err);
    if (status)
        return status;
    random_unit(p, &r);
    int64_t n = choose(t, p, r.seen, r.epochs, &known);
    bool learns = known >= (int64_t)p->arg[STARTUP] && p->draw < MODEL_DRAWS;
    for (int k = 0; k < t->n_blocks && !status; k++) {
        const struct block *b = &t->block[k];
        for (int j = 0; j < b->dims; j++)
            point[b->param[j]] = NAN;
        if (!ms_space_active(p->space, point, b->param[0]))
            continue;
        if (learns)
            status = learn(p, b, n, &r, &draw, err);
        place(p->space, b, r.unit, point);
    }
    room_clear(&r);
    return status;
}

const struct ms_sampler_ops ms_sampler_tpe = {
    .learns = true, .start = start, .clear = clear, .propose = propose};
