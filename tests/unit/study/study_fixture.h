// SPDX-License-Identifier: MIT
//
// The study, driven without workers: results are made up from the point and handed in in an order
// drawn at random. Each program includes it once.
#ifndef MLPSWEEP_TESTS_STUDY_FIXTURE_H
#define MLPSWEEP_TESTS_STUDY_FIXTURE_H

#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/rng.h"
#include "coordinator/study/study_internal.h"

enum { MAX_TRIALS = 512, MAX_EXECUTIONS = 4, MAX_PARTS = 16 };

// The course of an execution.
struct course {
    int n_parts;
    struct {
        int from, to;
    } part[MAX_PARTS];
    int pruned_at; // -1: not
};

struct outcome {
    uint32_t trials;
    double x[MAX_TRIALS];
    struct course course[MAX_TRIALS][MAX_EXECUTIONS];
    int64_t executions, results;
    bool stopped[MAX_TRIALS]; // an execution was, by its limits
    char why[100];
};

// How a test's world behaves.
struct world {
    const char *search;
    const char *epochs; // of the file
    uint32_t seed;      // of the order; 0: first come, first served
    int workers;        // parts under way at most
    double (*loss)(double x, uint32_t trial, uint32_t execution, int epoch);
    enum ms_end (*end)(uint32_t trial, uint32_t execution, int *epochs); // NULL: all complete
    uint32_t impossible; // trials k with k % impossible == 1 cannot be trained; 0: all can
};

static inline double plain(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)trial;
    return (x - 0.3) * (x - 0.3) + 0.001 * execution + 1.0 / epoch;
}

static struct ms_sweep *parse(const char *search, const char *epochs)
{
    char text[2000];
    snprintf(text, sizeof text,
             "{\"name\": \"t\", \"seed\": 5, \"data\": {\"synthetic\": \"xor\"}, \"hidden\": "
             "[{\"units\": 4}],"
             " \"learning_rate\": {\"float\": [0.001, 1]}, \"epochs\": %s, \"search\": {%s},"
             " \"objective\": {\"metric\": \"val_loss\"}}",
             epochs, search);
    struct ms_sweep *s = NULL;
    struct ms_sweep_problems problems = {0};
    const int status = ms_sweep_parse("t.json", text, strlen(text), &s, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%s\n", problems.item[i].text);
    ms_sweep_problems_clear(&problems);
    REQUIRE(status == 0);
    return s;
}

// No trial sees what it must not: history, trial by trial.
static void check_history(const struct ms_study *s, const struct outcome *known, uint32_t k)
{
    const int64_t visible = (int64_t)k - s->search->lag;
    int64_t last = -1, seen = 0;
    CHECK(ms_study_history(s).parts == (s->scheduler->bracket != NULL));
    for (int64_t i = 0; i < s->n_seen; i++) {
        const struct ms_observation *o = &s->seen[i];
        CHECK_THAT((int64_t)o->trial < visible, "trial %u sees trial %u, lag %d", k, o->trial,
                   s->search->lag);
        CHECK((int64_t)o->trial >= last);
        CHECK_INT(o->stopped, known->stopped[o->trial]); // a crash is no stop
        seen += (int64_t)o->trial != last;
        last = o->trial;
    }
    if (s->learns)
        CHECK_INT(seen, visible > 0 ? visible : 0);
}

static struct ms_study_result result_of(const struct world *w, const struct outcome *o,
                                        const struct ms_study_step *p, int asked, double *curve)
{
    struct ms_study_result r = {
        .trial = p->trial, .execution = p->execution, .value = NAN, .curve = curve};
    r.end = p->to_epoch ? MS_END_PAUSED : MS_END_COMPLETED;
    r.epochs = p->to_epoch ? p->to_epoch : asked;
    if (w->end) {
        int epochs = r.epochs;
        enum ms_end end = w->end(p->trial, p->execution, &epochs);
        if (end != MS_END_COMPLETED && epochs <= r.epochs) {
            r.end = end;
            r.epochs = epochs;
        }
    }
    for (int e = 1; e <= r.epochs; e++) {
        curve[e - 1] = w->loss(o->x[p->trial], p->trial, p->execution, e);
        r.n_curve = e;
        if (!(r.value <= curve[e - 1]))
            r.value = curve[e - 1];
        if (e <= p->n_limits && e > p->from_epoch && r.value > p->limits[e - 1]) {
            r.end = MS_END_PRUNED;
            r.epochs = e;
            break;
        }
    }
    return r;
}

static void note_part(struct outcome *o, const struct ms_study_step *p)
{
    struct course *c = &o->course[p->trial][p->execution];
    REQUIRE(c->n_parts < MAX_PARTS);
    CHECK_INT(p->from_epoch, c->n_parts ? c->part[c->n_parts - 1].to : 0);
    c->part[c->n_parts].from = p->from_epoch;
    c->part[c->n_parts++].to = p->to_epoch;
}

static int epochs_at(const struct ms_sweep *sweep, const double *point)
{
    struct ms_config *config = malloc(sizeof *config);
    REQUIRE(config && ms_sweep_config(sweep, point, config, NULL) == 0);
    const int epochs = config->epochs;
    free(config);
    return epochs;
}

// A study on its way: parts that are held by workers, and what trials were asked for.
struct play {
    const struct world *w;
    struct ms_sweep *sweep;
    struct ms_study *study;
    struct outcome *o;
    struct ms_study_step held[1000];
    int n_held;
    int asked[MAX_TRIALS];
    double curve[2000];
};

// Part i of those held ends.
static void end_part(struct play *p, int i)
{
    struct ms_error err = {0};
    struct ms_study_result r =
        result_of(p->w, p->o, &p->held[i], p->asked[p->held[i].trial], p->curve);
    memmove(p->held + i, p->held + i + 1, (size_t)(--p->n_held - i) * sizeof *p->held);
    REQUIRE(ms_study_result(p->study, &r, &err) == 0);
    p->o->stopped[r.trial] |= r.end == MS_END_PRUNED;
    p->o->results++;
}

static void open_trial(struct play *p, uint32_t trial)
{
    struct ms_error err = {0};
    double point[4] = {0};
    check_history(p->study, p->o, trial);
    REQUIRE(trial < MAX_TRIALS);
    if (ms_study_open(p->study, NULL, point, &err) != 1)
        return;
    p->o->x[trial] = point[0];
    p->asked[trial] = epochs_at(p->sweep, point);
    bool bad = p->w->impossible && trial % p->w->impossible == 1;
    REQUIRE(ms_study_describe(p->study, trial, bad ? 0 : p->asked[trial], &err) == 0);
    p->o->trials++;
}

static void take_step(struct play *p, const struct ms_study_step *step)
{
    switch (step->kind) {
    case MS_STUDY_TRIAL:
        open_trial(p, step->trial);
        break;
    case MS_STUDY_TRAIN:
        note_part(p->o, step);
        p->o->executions += step->from_epoch == 0;
        p->held[p->n_held++] = *step;
        break;
    default:
        CHECK(step->kind == MS_STUDY_PRUNE);
        p->o->course[step->trial][step->execution].pruned_at = step->from_epoch;
    }
}

static inline struct outcome *run(const struct world *w)
{
    static struct play p;
    struct ms_error err = {0};
    struct ms_sampler *sampler = NULL;
    struct ms_rng rng = ms_rng_at(w->seed, 0, 0, MS_STREAM_SAMPLER);
    struct outcome *o = calloc(1, sizeof *o);
    memset(&p, 0, sizeof p);
    p.w = w;
    p.o = o;
    p.sweep = parse(w->search, w->epochs);
    REQUIRE(o && ms_sampler_new(p.sweep, &sampler, &err) == 0);
    REQUIRE(ms_study_new(p.sweep, sampler, &p.study, &err) == 0);
    for (int t = 0; t < MAX_TRIALS; t++)
        for (int e = 0; e < MAX_EXECUTIONS; e++)
            o->course[t][e].pruned_at = -1;
    for (uint64_t draw = 0;; draw++) {
        struct ms_study_step step;
        bool waits = p.n_held >= w->workers;
        if (!waits) {
            REQUIRE(ms_study_next(p.study, &step, &err) == 0);
            waits = step.kind == MS_STUDY_WAITS;
            if (step.kind == MS_STUDY_ENDED)
                break;
        }
        if (!waits) {
            take_step(&p, &step);
            continue;
        }
        REQUIRE(p.n_held > 0); // else it waits for nothing
        end_part(&p, w->seed ? (int)(ms_rng_uniform(&rng, draw) * p.n_held) : 0);
    }
    CHECK_INT(p.n_held, 0);
    const char *why = ms_study_why_ended(p.study);
    snprintf(o->why, sizeof o->why, "%s", why ? why : "");
    ms_study_free(p.study);
    ms_sampler_free(sampler);
    ms_sweep_free(p.sweep);
    return o;
}

// The same in any order of results, with any number of workers.
static inline void check_orders(struct world w)
{
    struct outcome *first = run(&w);
    for (uint32_t seed = 1; seed <= 20; seed++) {
        w.seed = seed;
        w.workers = seed % 3 == 0 ? 100 : (int)seed;
        struct outcome *other = run(&w);
        CHECK_THAT(memcmp(first, other, sizeof *first) == 0, "%s: order %u decides otherwise",
                   w.search, seed);
        free(other);
    }
    free(first);
}

static inline int trained_to(const struct outcome *o, uint32_t trial)
{
    const struct course *c = &o->course[trial][0];
    return c->n_parts ? c->part[c->n_parts - 1].to : -1;
}

static inline double not_numbers(double x, uint32_t trial, uint32_t execution, int epoch)
{
    return trial % 2 ? NAN : plain(x, trial, execution, epoch);
}

// Crashes, divergence, early stopping.
static inline enum ms_end mishaps(uint32_t trial, uint32_t execution, int *epochs)
{
    if (trial % 5 == 1 || (trial % 5 == 4 && execution == 1)) {
        *epochs = 0;
        return MS_END_CRASHED;
    }
    if (trial % 5 == 2 && execution == 1) {
        *epochs = 2;
        return MS_END_DIVERGED;
    }
    if (trial % 5 == 3) {
        *epochs = 1 + (int)(trial % 4);
        return MS_END_STOPPED;
    }
    return MS_END_COMPLETED;
}

static inline double falling(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)execution;
    (void)epoch;
    return 100.0 - (trial < 10 ? trial : 10);
}

#endif
