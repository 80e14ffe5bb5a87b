// SPDX-License-Identifier: MIT
//
// The study, driven without workers: results are made up from the point and handed in in an order
// drawn at random. What it decides must not depend on that order, must be what the papers say, and
// must look at no more than the sweep's lag allows.
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/rng.h"
#include "coordinator/study/study_internal.h"

enum { MAX_TRIALS = 512, MAX_EXECUTIONS = 4, MAX_PARTS = 16 };

// What became of an execution.
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

static double plain(double x, uint32_t trial, uint32_t execution, int epoch)
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

struct under_way {
    struct ms_study_step step;
};

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

static struct outcome *run(const struct world *w)
{
    struct outcome *o = calloc(1, sizeof *o);
    struct ms_sweep *sweep = parse(w->search, w->epochs);
    struct ms_error err = {0};
    struct ms_sampler *sampler = NULL;
    struct ms_study *s = NULL;
    static struct under_way held[1000];
    static double curve[2000];
    static int asked[MAX_TRIALS];
    struct ms_rng rng = ms_rng_at(w->seed, 0, 0, MS_STREAM_SAMPLER);
    int n = 0;
    REQUIRE(o && ms_sampler_new(sweep, &sampler, &err) == 0);
    REQUIRE(ms_study_new(sweep, sampler, &s, &err) == 0);
    for (int t = 0; t < MAX_TRIALS; t++)
        for (int e = 0; e < MAX_EXECUTIONS; e++)
            o->course[t][e].pruned_at = -1;
    for (uint64_t draw = 0;; draw++) {
        struct ms_study_step p;
        bool waits = n >= w->workers;
        if (!waits) {
            REQUIRE(ms_study_next(s, &p, &err) == 0);
            waits = p.kind == MS_STUDY_WAITS;
            if (p.kind == MS_STUDY_ENDED)
                break;
        }
        if (waits) {
            REQUIRE(n > 0); // else it waits for nothing
            int i = w->seed ? (int)(ms_rng_uniform(&rng, draw) * n) : 0;
            struct ms_study_result r =
                result_of(w, o, &held[i].step, asked[held[i].step.trial], curve);
            memmove(held + i, held + i + 1, (size_t)(--n - i) * sizeof *held);
            REQUIRE(ms_study_result(s, &r, &err) == 0);
            o->stopped[r.trial] |= r.end == MS_END_PRUNED;
            o->results++;
            continue;
        }
        double point[4] = {0};
        switch (p.kind) {
        case MS_STUDY_TRIAL:
            check_history(s, o, p.trial);
            REQUIRE(p.trial < MAX_TRIALS);
            if (ms_study_open(s, NULL, point, &err) == 1) {
                o->x[p.trial] = point[0];
                asked[p.trial] = epochs_at(sweep, point);
                bool bad = w->impossible && p.trial % w->impossible == 1;
                REQUIRE(ms_study_describe(s, p.trial, bad ? 0 : asked[p.trial], &err) == 0);
                o->trials++;
            }
            break;
        case MS_STUDY_TRAIN:
            note_part(o, &p);
            o->executions += p.from_epoch == 0;
            held[n++].step = p;
            break;
        default:
            CHECK(p.kind == MS_STUDY_PRUNE);
            o->course[p.trial][p.execution].pruned_at = p.from_epoch;
        }
    }
    CHECK_INT(n, 0);
    snprintf(o->why, sizeof o->why, "%s", ms_study_why_ended(s) ? ms_study_why_ended(s) : "");
    ms_study_free(s);
    ms_sampler_free(sampler);
    ms_sweep_free(sweep);
    return o;
}

// The same in any order of results, with any number of workers.
static void check_orders(struct world w)
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

// --- brackets ----------------------------------------------------------------

static int trained_to(const struct outcome *o, uint32_t trial)
{
    const struct course *c = &o->course[trial][0];
    return c->n_parts ? c->part[c->n_parts - 1].to : -1;
}

// Li et al. 2018, table 1: R = 81, eta = 3.
static void test_table_1(void)
{
    static const int n[5][5] = {{81, 27, 9, 3, 1}, {27, 9, 3, 1}, {9, 3, 1}, {6, 2}, {5}};
    static const int r[5][5] = {{1, 3, 9, 27, 81}, {3, 9, 27, 81}, {9, 27, 81}, {27, 81}, {81}};
    const double arg[MS_MAX_ARGS] = {3, 1};
    for (int b = 0; b < 10; b++) {
        struct ms_bracket_plan p;
        ms_scheduler_hyperband.bracket(arg, 81, 1 << 30, b, &p);
        CHECK_INT(p.n_rungs, 5 - b % 5);
        int64_t left = p.trials;
        for (int i = 0; i < p.n_rungs; i++, left = ms_scheduler_rung_keep(left, p.eta)) {
            CHECK_INT(left, n[b % 5][i]);
            CHECK_INT(p.epochs[i], r[b % 5][i]);
        }
    }
    struct world w = {
        .search = "\"method\": \"random\", \"max_trials\": 128, \"scheduler\": \"hyperband\"",
        .epochs = "81",
        .workers = 7,
        .loss = plain};
    struct outcome *o = run(&w);
    CHECK_INT(o->trials, 128);
    for (int b = 0, first = 0; b < 5; first += n[b++][0])
        for (int i = 0; i < 5 - b; i++) {
            int reached = 0;
            for (int t = first; t < first + n[b][0]; t++)
                reached += o->course[t][0].n_parts > i;
            CHECK_THAT(reached == n[b][i], "bracket %d, rung %d: %d trials, not %d", b, i, reached,
                       n[b][i]);
        }
    free(o);
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The best third goes on, the others do not: a loss whose order is that of |x - 0.3|.
static void test_promotion(void)
{
    struct world w = {.search =
                          "\"method\": \"random\", \"max_trials\": 27, \"executions_per_trial\": 2,"
                          "\"scheduler\": \"successive_halving\"",
                      .epochs = "10",
                      .workers = 3,
                      .loss = plain};
    struct outcome *o = run(&w);
    double d[27];
    for (int t = 0; t < 27; t++)
        d[t] = fabs(o->x[t] - 0.3);
    double sorted[27];
    memcpy(sorted, d, sizeof d);
    qsort(sorted, 27, sizeof *sorted, by_number);
    for (uint32_t t = 0; t < 27; t++)
        for (int e = 0; e < 2; e++) {
            const struct course *c = &o->course[t][e];
            int wanted = d[t] <= sorted[0] ? 0 : d[t] <= sorted[2] ? 9 : d[t] <= sorted[8] ? 3 : 1;
            CHECK_INT(trained_to(o, t), wanted);
            CHECK_INT(c->part[c->n_parts - 1].to, wanted);
            CHECK_INT(c->pruned_at, wanted ? wanted : -1);
        }
    free(o);
    check_orders(w);
    // A cut bracket still trains one to the end; the same trials with more of them are the same.
    w.search = "\"method\": \"random\", \"max_trials\": 2, \"scheduler\": \"successive_halving\"";
    o = run(&w);
    CHECK_INT((trained_to(o, 0) == 0) + (trained_to(o, 1) == 0), 1);
    free(o);
}

static double all_equal(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)trial;
    (void)execution;
    return 1.0 / epoch;
}

static double not_numbers(double x, uint32_t trial, uint32_t execution, int epoch)
{
    return trial % 2 ? NAN : plain(x, trial, execution, epoch);
}

// Crashes, divergence, early stopping.
static enum ms_end mishaps(uint32_t trial, uint32_t execution, int *epochs)
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

static enum ms_end all_crash(uint32_t trial, uint32_t execution, int *epochs)
{
    (void)trial;
    (void)execution;
    *epochs = 0;
    return MS_END_CRASHED;
}

static void test_ties_and_failures(void)
{
    struct world w = {.search = "\"method\": \"random\", \"max_trials\": 9, \"scheduler\":"
                                "{\"name\": \"successive_halving\", \"min_epochs\": 2}",
                      .epochs = "6",
                      .workers = 4,
                      .loss = all_equal};
    struct outcome *o = run(&w);
    for (uint32_t t = 0; t < 9; t++)
        CHECK_INT(o->course[t][0].n_parts, t < 3 ? 2 : 1); // ties by number
    free(o);
    w.end = all_crash;
    o = run(&w);
    for (uint32_t t = 0; t < 9; t++)
        CHECK_INT(o->course[t][0].n_parts, 1);
    free(o);
    w.end = NULL;
    w.loss = not_numbers;
    o = run(&w);
    int went_on = 0;
    for (uint32_t t = 0; t < 9; t++) {
        CHECK(o->course[t][0].n_parts == 1 || t % 2 == 0);
        went_on += o->course[t][0].n_parts == 2;
    }
    CHECK_INT(went_on, 3);
    free(o);
    static const char *const searches[] = {
        "\"method\": \"random\", \"max_trials\": 60, \"executions_per_trial\": 2, \"scheduler\": "
        "\"hyperband\"",
        "\"method\": \"random\", \"max_trials\": 40, \"executions_per_trial\": 3, \"scheduler\":"
        "{\"name\": \"successive_halving\", \"eta\": 2.5, \"trials\": 12}",
        "\"method\": \"random\", \"max_trials\": 40, \"executions_per_trial\": 2, \"scheduler\":"
        "{\"name\": \"median_stop\", \"min_trials\": 3}",
        "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3},"
        " \"max_trials\": 60, \"executions_per_trial\": 2",
        "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3}, "
        "\"lag\": 3,"
        " \"max_trials\": 90, \"scheduler\": \"hyperband\"",
        "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3}, "
        "\"lag\": 0,"
        " \"max_trials\": 60, \"scheduler\": \"median_stop\", \"patience\": 20",
        "\"method\": \"tpe\", \"max_trials\": 60, \"executions_per_trial\": 2, \"scheduler\": "
        "\"median_stop\"",
        "\"method\": \"random\", \"max_trials\": 90, \"scheduler\": \"hyperband\", \"patience\": "
        "10",
        "\"method\": \"random\", \"max_trials\": 90, \"executions_per_trial\": 2, \"target\": "
        "0.051, \"lag\": 4",
        "\"method\": \"random\", \"max_trials\": 90, \"scheduler\": \"hyperband\", \"target\": "
        "0.12",
        "\"method\": \"random\", \"max_trials\": 40, \"target\": 0.2, \"scheduler\":"
        "{\"name\": \"successive_halving\", \"trials\": 12}, \"lag\": 2",
    };
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++)
        for (int k = 0; k < 6; k++)
            check_orders((struct world){.search = searches[i],
                                        .epochs = k % 2 ? "{\"choice\": [5, 20, 12]}" : "20",
                                        .workers = 1 + k,
                                        .loss = k % 3 == 2 ? not_numbers : plain,
                                        .end = k > 2 ? mishaps : NULL,
                                        .impossible = k == 5 ? 4 : 0});
}

// --- what looks at results ---------------------------------------------------

// With lag 7, trial k is proposed when trials 0 … k-8 have ended, and eight can be under way.
static void test_lag(void)
{
    struct ms_sweep *sweep = parse("\"method\": {\"name\": \"evolution\", \"population_size\": 8, "
                                   "\"sample_size\": 3}, \"max_trials\": 30",
                                   "3");
    struct ms_error err = {0};
    struct ms_sampler *sampler = NULL;
    struct ms_study *s = NULL;
    REQUIRE(ms_sampler_new(sweep, &sampler, &err) == 0 &&
            ms_study_new(sweep, sampler, &s, &err) == 0);
    struct ms_study_step p;
    double point[4];
    int given = 0;
    for (;;) {
        REQUIRE(ms_study_next(s, &p, &err) == 0);
        if (p.kind == MS_STUDY_WAITS)
            break;
        if (p.kind == MS_STUDY_TRIAL)
            REQUIRE(ms_study_open(s, NULL, point, &err) == 1 &&
                    ms_study_describe(s, p.trial, 3, &err) == 0);
        given += p.kind == MS_STUDY_TRAIN;
    }
    CHECK_INT(given, 8);
    struct ms_study_result r = {.trial = 3, .end = MS_END_COMPLETED, .epochs = 3, .value = 1};
    REQUIRE(ms_study_result(s, &r, &err) == 0);
    REQUIRE(ms_study_next(s, &p, &err) == 0);
    CHECK(p.kind == MS_STUDY_WAITS); // it is trial 0 that is waited for
    r.trial = 0;
    REQUIRE(ms_study_result(s, &r, &err) == 0);
    REQUIRE(ms_study_next(s, &p, &err) == 0);
    CHECK(p.kind == MS_STUDY_TRIAL && p.trial == 8);
    CHECK_INT(s->n_seen, 1); // trial 3 is there, but trial 8 does not see it
    CHECK_INT(ms_study_result(s, &r, &err), MS_ESTATE); // twice
    ms_study_free(s);
    ms_sampler_free(sampler);
    ms_sweep_free(sweep);
}

// The medians, by hand.
static void test_median(void)
{
    const double arg[MS_MAX_ARGS] = {2, 2, 3}; // start_epoch, interval, min_trials
    struct ms_median *m = NULL;
    struct ms_error err = {0};
    double limit[10];
    REQUIRE(ms_scheduler_median_new(arg, 7, &m, &err) == 0);
    const double a[] = {9, 5, 4, 3, 3, 3, 3}, b[] = {9, 7, 6, 6}, c[] = {9, 1, NAN};
    REQUIRE(ms_scheduler_median_add(m, a, 7, true, &err) == 0 &&
            ms_scheduler_median_add(m, b, 4, true, &err) == 0);
    CHECK_INT(ms_scheduler_median_limits(m, limit, 6), 0); // too few
    REQUIRE(ms_scheduler_median_add(m, c, 3, false, &err) == 0);
    CHECK_INT(ms_scheduler_median_limits(m, limit, 6),
              2); // c was stopped at 3: two are left at 4 and 6
    CHECK(limit[1] == 5 && isnan(limit[0]) && isnan(limit[3]) && isnan(limit[5]));
    REQUIRE(ms_scheduler_median_add(m, a, 7, true, &err) == 0);
    CHECK_INT(ms_scheduler_median_limits(m, limit, 6), 6);
    CHECK(limit[1] == 5 && limit[3] == 3 && limit[5] == 3 && isnan(limit[2]) && isnan(limit[4]));
    CHECK_INT(ms_scheduler_median_limits(m, limit, 3), 2);
    ms_scheduler_median_free(m);
}

static double falling(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)execution;
    (void)epoch;
    return 100.0 - (trial < 10 ? trial : 10);
}

static void test_budgets(void)
{
    struct world w = {.search =
                          "\"method\": \"random\", \"max_trials\": 50, \"executions_per_trial\": 3,"
                          "\"max_executions\": 11",
                      .epochs = "2",
                      .workers = 4,
                      .loss = plain};
    struct outcome *o = run(&w);
    CHECK_INT(o->executions, 11);
    CHECK_INT(o->trials, 4);
    CHECK_STR(o->why, "max_executions is reached");
    free(o);
    // Trial 5 is good enough: trials 0 … 5 must have been looked at, so trial 6 + lag is not begun.
    w.loss = falling;
    w.search = "\"method\": \"random\", \"max_trials\": 50, \"target\": 95, \"lag\": 3";
    o = run(&w);
    CHECK_INT(o->trials, 9);
    CHECK_STR(o->why, "the target is reached");
    free(o);
    // Trial 10 is the best; 11 … 14 are not better: four in vain.
    w.search = "\"method\": \"random\", \"max_trials\": 50, \"patience\": 4, \"lag\": 0";
    o = run(&w);
    CHECK_INT(o->trials, 15);
    free(o);
    w.search = "\"method\": \"random\", \"max_trials\": 50, \"patience\": 40, \"lag\": 0";
    o = run(&w);
    CHECK_INT(o->trials, 50);
    CHECK_STR(o->why, "");
    free(o);
}

// Better with every epoch, and equal otherwise.
static double by_epoch(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)execution;
    return 50 - epoch + 1e-6 * trial;
}

// Target and patience where trials get better rung by rung.
static void test_budgets_of_rungs(void)
{
    struct world w = {.search = "\"method\": \"random\", \"max_trials\": 27, \"target\": 47.5,"
                                "\"scheduler\": \"successive_halving\"",
                      .epochs = "27",
                      .workers = 4,
                      .loss = by_epoch};
    struct outcome *o = run(&w);
    int parts[4] = {
        0}; // to 1, 3, 9 and 27 epochs: of the nine that are good enough after 3 one goes on
    for (uint32_t i = 0; i < o->trials; i++)
        for (int k = 0; k < o->course[i][0].n_parts; k++)
            parts[k]++;
    CHECK(o->trials == 27 && parts[0] == 27 && parts[1] == 9 && parts[2] == 1 && parts[3] == 1);
    free(o);
    w.search =
        "\"method\": \"random\", \"max_trials\": 500, \"target\": 40, \"scheduler\": \"asha\"";
    o = run(&w);
    CHECK_STR(o->why, "the target is reached");
    CHECK_THAT(o->trials > 9 && o->trials < 100, "%u trials", o->trials);
    free(o);
    // The last rung is reached after some 27 trials at the earliest, and is better than what was
    // before.
    w.search =
        "\"method\": \"random\", \"max_trials\": 500, \"patience\": 30, \"scheduler\": \"asha\"";
    o = run(&w);
    CHECK_THAT(o->trials > 50 && o->trials < 120, "%u trials", o->trials);
    free(o);
}

// Nobody waits without need: all trials at once, without lag.
static void test_no_waiting(void)
{
    struct world w = {
        .search = "\"method\": \"random\", \"max_trials\": 500, \"executions_per_trial\": 2",
        .epochs = "2",
        .workers = 1000,
        .loss = plain};
    struct outcome *o = run(&w);
    CHECK_INT(o->executions, 1000);
    free(o);
}

// --- asha --------------------------------------------------------------------

// Whatever the order: every trial promoted was, at some time, among the best third; the last rung
// is reached; no trial is lost.
static void test_asha(void)
{
    for (uint32_t seed = 0; seed < 30; seed++) {
        struct world w = {
            .search = "\"method\": \"random\", \"max_trials\": 81, \"executions_per_trial\": 2,"
                      "\"scheduler\": \"asha\"",
            .epochs = "27",
            .seed = seed,
            .workers = 1 + (int)seed % 9,
            .loss = plain,
            .end = seed % 2 ? mishaps : NULL,
            .impossible = seed % 4 == 3 ? 6 : 0};
        struct outcome *o = run(&w);
        int at[4] = {0};
        CHECK_INT(o->trials, 81);
        for (uint32_t t = 0; t < o->trials; t++)
            for (int i = 0; i < o->course[t][0].n_parts; i++)
                at[i]++;
        CHECK_THAT(at[1] <= 27 + 9 && at[1] >= 15 && at[2] <= 14 && at[2] >= 4 && at[3] >= 1,
                   "seed %u: %d, %d, %d, %d trials in the rungs", seed, at[0], at[1], at[2], at[3]);
        for (uint32_t t = 0; t < o->trials; t++)
            for (int e = 0; e < 2; e++) {
                const struct course *c = &o->course[t][e];
                const int to = c->n_parts ? c->part[c->n_parts - 1].to : 0;
                if (!w.end)
                    CHECK(c->n_parts == 0 || (to == 0) == (c->pruned_at < 0));
            }
        free(o);
    }
}

// Too few trials for any to reach the top: one does at last, the only one that is not pruned.
static void test_asha_of_few(void)
{
    for (uint32_t trials = 1; trials <= 8; trials++) {
        char search[128];
        snprintf(search, sizeof search,
                 "\"method\": \"random\", \"max_trials\": %u, \"scheduler\": \"asha\"", trials);
        struct world w = {
            .search = search, .epochs = "27", .seed = trials, .workers = 3, .loss = falling};
        struct outcome *o = run(&w);
        CHECK_INT(o->trials, (int)trials);
        for (uint32_t t = 0; t < o->trials; t++) {
            const struct course *c = &o->course[t][0];
            const bool best = t == trials - 1; // falling: the later the better
            CHECK_INT(c->n_parts > 0 && c->part[c->n_parts - 1].to == 0, best);
            CHECK_INT(c->pruned_at < 0, best);
        }
        free(o);
    }
}

int main(void)
{
    test_table_1();
    test_promotion();
    test_ties_and_failures();
    test_lag();
    test_median();
    test_budgets();
    test_budgets_of_rungs();
    test_no_waiting();
    test_asha();
    test_asha_of_few();
    return check_done();
}
