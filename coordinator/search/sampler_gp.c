// SPDX-License-Identifier: MIT
//
// Gaussian process with expected improvement (Jones, Schonlau, Welch: "Efficient global
// optimization of expensive black-box functions", J. Global Optimization 13, 1998). The first
// n_startup_trials trials are points of a scrambled Sobol sequence. Then
//
//     targets            warped and standardized values                       gp_history.h
//     features           the space as the kernel sees it                      gp_code.h
//     hyperparameters    the maximum a posteriori of the likelihood, which    gp.h
//                        also chooses among the warps of the values
//     pending trials     proposed trials whose results this one may not know yet get the mean
//                        that the process expects there, so that the next proposal goes elsewhere
//                        ("kriging believer": Ginsbourger, Le Riche, Carraro 2010)
//     proposal           the largest log expected improvement below the smallest mean of the
//                        process at the trials so far, which with noise is not the
//                        luckiest one                                     acquisition.h
//
// At most MAX_ROWS observations are used (the better half, and the newest) and FIT_ROWS of them for
// the hyperparameters, so that a proposal's time stays bounded as a sweep grows. Only the points
// themselves are carried from one proposal to the next: a continued store continues as if it had
// never stopped.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "acquisition.h"
#include "gp_history.h"
#include "mlpsweep/memory.h"
#include "sampler_internal.h"
#include "sobol.h"

enum {
    MAX_ROWS = 400,
    FIT_ROWS = 200,
    N_RECENT = 128, // proposals remembered: the most pending trials that are seen
    N_NEAR = 5,     // best trials around which candidates are drawn
    ARG_STARTUP = 0,
    ARG_DETERMINISTIC = 1,
};

// All trials share one scrambling. Its streams belong to trial numbers past the last (2^31 - 1),
// and beside those of sampler_design.c.
#define SCRAMBLE_TRIAL ((UINT32_C(1) << 31) + 64 * MS_MAX_PARAMS)

struct recent {
    int64_t trial; // -1: none
    double *point; // (space->n)
};

struct state {
    struct ms_gp_code code;
    struct ms_gp *gp;
    int n, d;                       // parameters, features
    bool epochs_vary;               // epochs are a parameter
    struct recent recent[N_RECENT]; // of trial t in slot t % N_RECENT
    double *points;                 // (N_RECENT, n)
    double *codes;                  // (MAX_ROWS + N_RECENT, n)
    double *x;                      // (MAX_ROWS + N_RECENT, d)
    double *value, *target;         // (MAX_ROWS + N_RECENT)
    double *mean, *variance;        // (MAX_ROWS + N_RECENT)
    double *theta, *trial_theta;    // (d + 2); the second one for the warp that is being tried
    double *code_out, *scratch;     // (n)
    double *near;                   // (N_NEAR, n)
    double *block;                  // owns all of these
};

static void clear(void *state)
{
    struct state *s = state;
    ms_gp_code_clear(&s->code);
    ms_gp_free(s->gp);
    free(s->block);
    free(s);
}

static int start(const struct ms_space *space, const double *arg, void **state,
                 struct ms_error *err)
{
    (void)arg;
    struct state *s = calloc(1, sizeof *s);
    if (!s)
        return ms_no_memory(err, "a Gaussian process");
    int status = ms_gp_code_init(&s->code, space, err);
    s->n = space->n;
    for (int i = 0; i < space->n; i++)
        s->epochs_vary |= strcmp(space->param[i].name, "epochs") == 0;
    s->d = s->code.n_features;
    size_t n = (size_t)s->n, d = (size_t)s->d, rows = MAX_ROWS + N_RECENT;
    if (!status)
        status = ms_gp_new(s->d, s->code.category, (int)rows, &s->gp, err);
    s->block = calloc(N_RECENT * n + rows * (n + d + 4) + 2 * (d + 2) + (2 + N_NEAR) * n,
                      sizeof *s->block);
    if (!status && !s->block)
        status = ms_no_memory(err, "a Gaussian process of %d parameters", s->n);
    if (status) {
        clear(s);
        return status;
    }
    s->points = s->block;
    s->codes = s->points + N_RECENT * n;
    s->x = s->codes + rows * n;
    s->value = s->x + rows * d;
    s->target = s->value + rows;
    s->mean = s->target + rows;
    s->variance = s->mean + rows;
    s->theta = s->variance + rows;
    s->trial_theta = s->theta + d + 2;
    s->code_out = s->trial_theta + d + 2;
    s->scratch = s->code_out + n;
    s->near = s->scratch + n;
    for (size_t i = 0; i < N_RECENT; i++)
        s->recent[i] = (struct recent){-1, s->points + i * n};
    *state = s;
    return 0;
}

static void took(void *state, int64_t trial, const double *point)
{
    struct state *s = state;
    struct recent *r = &s->recent[trial % N_RECENT];
    r->trial = trial;
    memcpy(r->point, point, (size_t)s->n * sizeof *point);
}

static void put_row(struct state *s, int row, const double *point)
{
    double *code = s->codes + (size_t)row * (size_t)s->n;
    ms_gp_encode(&s->code, point, code);
    ms_gp_features(&s->code, code, s->x + (size_t)row * (size_t)s->d);
}

// Fills the rows of at most `most` observations: codes, x, value. Returns their number, or < 0.
static int load(struct state *s, const struct ms_history *history, int most, int *work,
                struct ms_error *err)
{
    int n = ms_gp_pick(history, s->epochs_vary, s->d + 2, most, work, err);
    for (int i = 0; i < n; i++) {
        const struct ms_observation *o = &history->item[work[i]];
        put_row(s, i, o->point);
        s->value[i] = o->value;
    }
    return n;
}

// Finds theta and warp with the largest posterior density of the n values.
static int fit(struct state *s, int n, bool fixed_noise, int *work, enum ms_gp_warp *warp,
               struct ms_error *err)
{
    double best = INFINITY;
    for (enum ms_gp_warp w = 0; w < MS_GP_WARPS; w++) {
        double loss = ms_gp_targets(n, s->value, w, s->target, work);
        ms_gp_data(s->gp, n, s->x, s->target);
        int status = ms_gp_fit(s->gp, fixed_noise, s->trial_theta, err);
        if (status)
            return status;
        loss += ms_gp_loss(s->gp, s->trial_theta, NULL);
        loss += ms_gp_prior_loss(s->d, s->trial_theta, NULL);
        if (w == 0 || loss < best) {
            best = loss;
            *warp = w;
            memcpy(s->theta, s->trial_theta, (size_t)(s->d + 2) * sizeof *s->theta);
        }
    }
    return 0;
}

// Appends the proposals that the history does not know, each with the mean expected there. Returns
// the number of rows, or < 0.
static int append_pending(struct state *s, const struct ms_history *history, int n,
                          struct ms_error *err)
{
    bool known[N_RECENT] = {false};
    for (int64_t i = 0; i < history->n; i++) {
        const struct recent *r = &s->recent[history->item[i].trial % N_RECENT];
        if (r->trial == (int64_t)history->item[i].trial)
            known[history->item[i].trial % N_RECENT] = true;
    }
    int rows = n;
    for (int i = 0; i < N_RECENT; i++)
        if (s->recent[i].trial >= 0 && !known[i])
            put_row(s, rows++, s->recent[i].point);
    if (rows == n)
        return n;
    int status = ms_gp_predict(s->gp, rows - n, s->x + (size_t)n * (size_t)s->d, s->target + n,
                               s->variance, err);
    if (!status) {
        ms_gp_data(s->gp, rows, s->x, s->target);
        status = ms_gp_condition(s->gp, s->theta, err);
    }
    return status ? status : rows;
}

// Fills near with the codes of the rows with the smallest means, best first; *best is the smallest.
static int find_near(struct state *s, int rows, double *best)
{
    int n = 0;
    for (; n < N_NEAR && n < rows; n++) {
        int top = -1;
        for (int i = 0; i < rows; i++)
            if (!isnan(s->mean[i]) && (top < 0 || s->mean[i] < s->mean[top]))
                top = i;
        if (top < 0)
            break;
        if (n == 0)
            *best = s->mean[top];
        memcpy(s->near + (size_t)n * (size_t)s->n, s->codes + (size_t)top * (size_t)s->n,
               (size_t)s->n * sizeof *s->near);
        s->mean[top] = NAN; // taken
    }
    return n;
}

static int learn(struct state *s, const struct ms_proposal *p, int *work, struct ms_error *err)
{
    const struct ms_history *history = p->history;
    int n = load(s, history, FIT_ROWS, work, err);
    if (n < 2)
        return n;
    enum ms_gp_warp warp = 0;
    int status = fit(s, n, p->arg[ARG_DETERMINISTIC] != 0, work, &warp, err);
    if (!status && history->n > FIT_ROWS) {
        n = load(s, history, MAX_ROWS, work, err);
        status = n < 0 ? n : 0;
    }
    if (!status) {
        ms_gp_targets(n, s->value, warp, s->target, work);
        ms_gp_data(s->gp, n, s->x, s->target);
        status = ms_gp_condition(s->gp, s->theta, err);
    }
    return status ? status : append_pending(s, history, n, err);
}

struct question {
    struct state *state;
    const struct ms_proposal *proposal;
    double *point;
};

static bool is_free(const double *code, void *context)
{
    const struct question *q = context;
    ms_gp_decode(&q->state->code, code, q->state->scratch, q->point);
    return !q->proposal->is_free || q->proposal->is_free(q->proposal->sampler, q->point);
}

static int propose_by(struct state *s, const struct ms_proposal *p, int rows, double *point,
                      struct ms_error *err)
{
    double best = 0;
    bool found;
    struct question question = {s, p, point};
    int status = ms_gp_predict(s->gp, rows, s->x, s->mean, s->variance, err);
    if (status)
        return status;
    int n_near = find_near(s, rows, &best);
    struct ms_acquisition a = {.code = &s->code,
                               .gp = s->gp,
                               .best = best,
                               .near = s->near,
                               .n_near = n_near,
                               .rng = p->rng,
                               .first = (uint64_t)p->draw << 32,
                               .refine = p->draw == 0,
                               .allows = is_free,
                               .context = &question};
    status = ms_acquisition_maximize(&a, s->code_out, &found, err);
    if (status)
        return status;
    if (found)
        ms_gp_decode(&s->code, s->code_out, s->scratch, point);
    else // no candidate is free: sampler.c continues with random points
        ms_sampler_random_point(p->space, &p->rng, ((uint64_t)p->draw << 32) + (1u << 31), point);
    return 0;
}

// Trial k is point k of a scrambled Sobol sequence, so that learning starts from the whole space.
static void sobol_point(struct state *s, const struct ms_proposal *p, double *point)
{
    for (int i = 0; i < s->n; i++) {
        uint32_t v[MS_SOBOL_BITS];
        int dimension = i % MS_SOBOL_DIMENSIONS;
        struct ms_rng scramble =
            ms_rng_at(p->seed, SCRAMBLE_TRIAL + (uint32_t)i, 0, MS_STREAM_SAMPLER);
        ms_sobol_directions(dimension, v);
        uint32_t x = ms_sobol_owen_scramble(&scramble, 0, ms_sobol(v, (uint32_t)p->trial));
        s->scratch[i] = (x + ms_rng_uniform(&p->rng, (uint64_t)i)) / 4294967296.0;
    }
    ms_space_from_unit(p->space, s->scratch, point);
}

static int propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    struct state *s = state;
    int rows = 0;
    if (p->trial >= (int64_t)p->arg[ARG_STARTUP] && p->draw < 4 && s->d > 0) {
        int *work = calloc((size_t)p->history->n + MAX_ROWS + 1, sizeof *work);
        if (!work)
            return ms_no_memory(err, "%lld observations", (long long)p->history->n);
        rows = learn(s, p, work, err);
        free(work);
        if (rows < 0)
            return rows;
    }
    if (rows < 2) {
        if (p->draw == 0)
            sobol_point(s, p, point);
        else
            ms_sampler_random_point(p->space, &p->rng, (uint64_t)p->draw << 32, point);
        return 0;
    }
    return propose_by(s, p, rows, point, err);
}

const struct ms_sampler_ops ms_sampler_gp = {
    .learns = true,
    .start = start,
    .clear = clear,
    .propose = propose,
    .took = took,
};
