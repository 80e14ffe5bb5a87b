// SPDX-License-Identifier: MIT
//
// One block of memory per call holds everything; candidates and scores are arrays of CANDIDATES
// rows. Each random number has its own counter, by candidate, use and parameter, so that the choice
// does not depend on the order in which numbers are drawn.
#include "acquisition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "minimize.h"

enum {
    CANDIDATES = 1024, // in all; NEAR_EACH of them around each of the best trials
    NEAR_EACH = 96,
    STARTS = 5,      // candidates that are improved
    ROUNDS = 6,      // of continuous, then discrete improvement
    VALUES = 50,     // evaluations per continuous improvement
    EXHAUSTIVE = 16, // up to this many values of a parameter are all tried; more, in doubling steps
};

#define APART 0.02 // of the unit cube: nearer candidates lead to the same maximum

struct search {
    const struct ms_acquisition *a;
    int n, d;
    double *codes;                   // (CANDIDATES, n)
    double *features;                // (CANDIDATES, d)
    double *mean, *variance, *score; // (CANDIDATES)
    double *x, *lo, *hi;             // (n) the numbers being improved, and their bounds
    double *u;                       // (2, n)
    double *at, *other;              // (n) codes
    double *d_mean, *d_variance;     // (d)
    int *place;                      // (n) parameter of x[i]
    int *order;                      // (CANDIDATES)
};

// --- candidates --------------------------------------------------------------

// Uniform in [0, 1), a function of (candidate, use, parameter).
static double draw(const struct search *s, int candidate, int use, int i)
{
    uint64_t at = ((uint64_t)candidate * 4 + (uint64_t)use) * MS_MAX_PARAMS + (uint64_t)i;
    return ms_rng_uniform(&s->a->rng, s->a->first + at);
}

// Makes a neighbour of a code: every number moves by a normal deviate, and every discrete parameter
// changes with a probability that changes about one of them. Parameters that become active are
// random.
static void neighbour(struct search *s, int candidate, const double *code, double *out)
{
    const struct ms_gp_code *c = s->a->code;
    double *u = s->u, *spare = s->u + s->n;
    double width = pow(10, -1 - 4 * draw(s, candidate, 3, 0));
    for (int i = 0; i < s->n; i++)
        spare[i] = draw(s, candidate, 0, i);
    ms_gp_to_unit(c, code, spare, u);
    for (int i = 0; i < s->n; i++) {
        double chance = draw(s, candidate, 1, i), move = draw(s, candidate, 2, i);
        if (c->kind[i] == MS_GP_NUMBER) // Box-Muller
            u[i] += width * sqrt(-2 * log(1 - chance)) * cos(2 * M_PI * move);
        else if (chance * s->n < 1)
            u[i] = move;
    }
    ms_gp_from_unit(c, u, out);
}

static void make_candidates(struct search *s)
{
    const struct ms_acquisition *a = s->a;
    for (int k = 0; k < CANDIDATES; k++) {
        double *code = s->codes + (size_t)k * (size_t)s->n;
        int near = k / NEAR_EACH;
        if (near < a->n_near && near < CANDIDATES / 2 / NEAR_EACH) {
            neighbour(s, k, a->near + (size_t)near * (size_t)s->n, code);
        } else {
            for (int i = 0; i < s->n; i++)
                code[i] = draw(s, k, 0, i);
            ms_gp_from_unit(a->code, code, code);
        }
        ms_gp_features(a->code, code, s->features + (size_t)k * (size_t)s->d);
    }
}

static double score_of(const struct ms_acquisition *a, double mean, double variance)
{
    return variance > 1e-18 ? ms_gp_log_ei(a->best, mean, sqrt(variance), NULL, NULL) : -INFINITY;
}

static int score_all(struct search *s, int m, struct ms_error *err)
{
    int status = ms_gp_predict(s->a->gp, m, s->features, s->mean, s->variance, err);
    for (int k = 0; k < m && !status; k++)
        s->score[k] = score_of(s->a, s->mean[k], s->variance[k]);
    return status;
}

// --- improvement -------------------------------------------------------------

static double negative_log_ei(const double *x, double *gradient, void *context)
{
    struct search *s = context;
    const struct ms_gp_code *c = s->a->code;
    double mean, variance, by_mean, by_sd;
    for (int i = 0; s->place[i] >= 0; i++)
        s->at[s->place[i]] = x[i];
    ms_gp_features(c, s->at, s->features);
    ms_gp_predict_gradient(s->a->gp, s->features, &mean, &variance, s->d_mean, s->d_variance);
    if (!(variance > 1e-18))
        return INFINITY;
    double sd = sqrt(variance), value = ms_gp_log_ei(s->a->best, mean, sd, &by_mean, &by_sd);
    for (int i = 0; s->place[i] >= 0; i++) {
        int f = c->feature[s->place[i]];
        gradient[i] = -(by_mean * s->d_mean[f] + by_sd * s->d_variance[f] / (2 * sd));
    }
    return isfinite(value) ? -value : INFINITY;
}

// Improves the active numbers of code; *score is its score before and after.
static int improve_numbers(struct search *s, double *code, double *score, struct ms_error *err)
{
    int n = 0;
    for (int i = 0; i < s->n; i++)
        if (s->a->code->kind[i] == MS_GP_NUMBER && !isnan(code[i])) {
            s->x[n] = code[i];
            s->lo[n] = 0;
            s->hi[n] = 1;
            s->place[n++] = i;
        }
    s->place[n] = -1;
    if (n == 0)
        return 0;
    memcpy(s->at, code, (size_t)s->n * sizeof *code);
    double value;
    struct ms_minimize problem = {.n = n,
                                  .lo = s->lo,
                                  .hi = s->hi,
                                  .max_values = VALUES,
                                  .tolerance = 1e-5,
                                  .function = negative_log_ei,
                                  .context = s};
    int status = ms_minimize(&problem, s->x, &value, err);
    if (status || !(-value > *score))
        return status;
    for (int i = 0; i < n; i++)
        code[s->place[i]] = s->x[i];
    *score = -value;
    return 0;
}

// Makes out from code with another index for parameter i. Parameters that become active start in
// the middle, where inactive ones stand.
static void other_value(struct search *s, const double *code, int i, double index, double *out)
{
    double *u = s->u, *spare = s->u + s->n;
    for (int j = 0; j < s->n; j++)
        spare[j] = 0.5;
    ms_gp_to_unit(s->a->code, code, spare, u);
    u[i] = ms_space_param_to_unit(&s->a->code->space->param[i], index);
    ms_gp_from_unit(s->a->code, u, out);
}

// Takes the best other value of one discrete parameter if it is better.
static int improve_discrete(struct search *s, int i, double *code, double *score,
                            struct ms_error *err)
{
    double count = (double)s->a->code->space->param[i].count, tries[2 * 64];
    int n = 0;
    if (count <= EXHAUSTIVE || s->a->code->kind[i] == MS_GP_CATEGORY) {
        for (double v = 0; v < count && n < 2 * 64; v++)
            if (v != code[i])
                tries[n++] = v;
    } else {
        for (double step = 1; step < count && n + 2 <= 2 * 64; step *= 2) {
            if (code[i] >= step)
                tries[n++] = code[i] - step;
            if (code[i] + step < count)
                tries[n++] = code[i] + step;
        }
    }
    for (int k = 0; k < n; k++) {
        other_value(s, code, i, tries[k], s->other);
        ms_gp_features(s->a->code, s->other, s->features + (size_t)k * (size_t)s->d);
    }
    int status = n > 0 ? score_all(s, n, err) : 0, top = -1;
    for (int k = 0; k < n && !status; k++)
        if (s->score[k] > (top < 0 ? *score : s->score[top]))
            top = k;
    if (status || top < 0)
        return status;
    *score = s->score[top];
    other_value(s, code, i, tries[top], s->other);
    memcpy(code, s->other, (size_t)s->n * sizeof *code);
    return 0;
}

static int improve(struct search *s, double *code, double *score, struct ms_error *err)
{
    for (int round = 0; round < ROUNDS; round++) {
        int status = improve_numbers(s, code, score, err);
        double before = *score;
        for (int i = 0; i < s->n && !status; i++)
            if (s->a->code->kind[i] >= MS_GP_ORDERED && !isnan(code[i]))
                status = improve_discrete(s, i, code, score, err);
        if (status || *score == before)
            return status;
    }
    return 0;
}

// --- choice ------------------------------------------------------------------

static bool allowed(const struct search *s, const double *code)
{
    return !s->a->allows || s->a->allows(code, s->a->context);
}

static bool apart(const struct search *s, const double *a, const double *b)
{
    for (int i = 0; i < s->n; i++) {
        if (isnan(a[i]) != isnan(b[i]))
            return true;
        double far = s->a->code->kind[i] == MS_GP_NUMBER ? APART : 0;
        if (!isnan(a[i]) && fabs(a[i] - b[i]) > far)
            return true;
    }
    return false;
}

// Fills order with the allowed candidates that are apart, best first, at most want of them.
static int pick_starts(struct search *s, int want, double *scores)
{
    int n = 0;
    while (n < want) {
        int top = -1;
        for (int k = 0; k < CANDIDATES; k++)
            if (!isnan(s->score[k]) && (top < 0 || s->score[k] > s->score[top]))
                top = k;
        if (top < 0)
            break;
        const double *code = s->codes + (size_t)top * (size_t)s->n;
        bool new_place = true;
        for (int i = 0; i < n && new_place; i++)
            new_place = apart(s, code, s->codes + (size_t)s->order[i] * (size_t)s->n);
        if (new_place && allowed(s, code)) {
            scores[n] = s->score[top];
            s->order[n++] = top;
        }
        s->score[top] = NAN; // looked at
    }
    return n;
}

static int choose(struct search *s, double *code, bool *found, struct ms_error *err)
{
    double scores[STARTS], best = -INFINITY;
    make_candidates(s);
    int status = score_all(s, CANDIDATES, err);
    if (status)
        return status;
    int n = pick_starts(s, s->a->refine ? STARTS : 1, scores);
    for (int k = 0; k < n && !status; k++) {
        double *start = s->codes + (size_t)s->order[k] * (size_t)s->n;
        if (!*found || scores[k] > best) {
            best = scores[k];
            *found = true;
            memcpy(code, start, (size_t)s->n * sizeof *code);
        }
        if (!s->a->refine)
            break;
        double score = scores[k];
        status = improve(s, start, &score, err);
        if (!status && score > best && allowed(s, start)) {
            best = score;
            memcpy(code, start, (size_t)s->n * sizeof *code);
        }
    }
    return status;
}

int ms_acquisition_maximize(const struct ms_acquisition *a, double *code, bool *found,
                            struct ms_error *err)
{
    struct search s = {.a = a, .n = a->code->space->n, .d = a->code->n_features};
    size_t n = (size_t)s.n, d = (size_t)s.d;
    double *block = calloc(CANDIDATES * (n + d + 3) + 7 * n + 2 * d + 1, sizeof *block);
    s.place = calloc(n + 1 + CANDIDATES, sizeof *s.place);
    *found = false;
    if (!block || !s.place) {
        free(block);
        free(s.place);
        return ms_no_memory(err, "%d candidates of the search", CANDIDATES);
    }
    s.order = s.place + n + 1;
    s.codes = block;
    s.features = s.codes + CANDIDATES * n;
    s.mean = s.features + CANDIDATES * d;
    s.variance = s.mean + CANDIDATES;
    s.score = s.variance + CANDIDATES;
    s.x = s.score + CANDIDATES;
    s.lo = s.x + n;
    s.hi = s.lo + n;
    s.u = s.hi + n;
    s.at = s.u + 2 * n;
    s.other = s.at + n;
    s.d_mean = s.other + n;
    s.d_variance = s.d_mean + d;
    int status = choose(&s, code, found, err);
    free(block);
    free(s.place);
    return status;
}
