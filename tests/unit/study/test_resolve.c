// SPDX-License-Identifier: MIT
//
// Rounds counted by hand, in whatever order results come and wherever a run is cut; the part of an
// equal share that resolving needs, in simulated sweeps.
#include "coordinator/study/resolve.h"

#include "check.h"
#include "tests/bench/resolve_sim.h"

static const struct ms_rank_rule best_mean = {
    .maximize = true, .by = MS_BY_MEAN, .failures = MS_FAILURES_WORST};

// The value of an execution: trials far apart by `gap`, with a spread of about 0.01.
static double value_of(double mean, uint32_t execution)
{
    static const double noise[] = {.010, -.010, .002, -.004, .008, -.006, .001, -.001};
    return mean + noise[execution % 8];
}

struct world {
    double mean[16];
    int trials, executions; // of the search
    struct ms_resolve_rule rule;
    uint32_t fails_trial, fails_execution; // this one has no value
    struct sim_scores x;
    bool pruned[4096];
};

static void end_execution(struct world *w, uint32_t trial, uint32_t execution)
{
    const struct sim any = {.k = 1};
    const bool fails = trial == w->fails_trial && execution == w->fails_execution;
    sim_add(&w->x, &any, 0, 0);
    w->x.sc.trial[w->x.sc.n - 1] = trial;
    w->x.sc.execution[w->x.sc.n - 1] = execution;
    w->x.sc.value[w->x.sc.n - 1] = fails ? NAN : value_of(w->mean[trial], execution);
}

static struct ms_resolve ask(struct world *w)
{
    struct ms_resolve r;
    struct ms_error err = {0};
    w->x.sc.pruned = w->pruned;
    REQUIRE(ms_resolve_next(&w->x.sc, &w->rule, &r, &err) == 0);
    w->x.sc.pruned = NULL;
    return r;
}

static struct world *search(int trials, const double *mean, int executions, int64_t most)
{
    struct world *w = calloc(1, sizeof *w);
    REQUIRE(w);
    w->trials = trials;
    w->executions = executions;
    w->fails_trial = UINT32_MAX;
    w->rule = (struct ms_resolve_rule){
        .rank = best_mean, .executions = executions, .most = most, .level = 0.05};
    for (int t = 0; t < trials; t++) {
        w->mean[t] = mean[t];
        for (int e = 0; e < executions; e++)
            end_execution(w, (uint32_t)t, (uint32_t)e);
    }
    return w;
}

static void forget(struct world *w)
{
    ms_rank_scores_clear(&w->x.sc);
    free(w);
}

// "1:3-5 2:3" of what is asked for.
static const char *listed(const struct ms_resolve *r, char *out, size_t size)
{
    size_t n = 0;
    *out = 0;
    for (int64_t i = 0, j; i < r->n_next; i = j) {
        for (j = i + 1; j < r->n_next && r->next[j].trial == r->next[i].trial &&
                        r->next[j].execution == r->next[j - 1].execution + 1;
             j++)
            ;
        n += (size_t)snprintf(out + n, size - n, "%s%u:%u", n ? " " : "", r->next[i].trial,
                              r->next[i].execution);
        if (j > i + 1)
            n += (size_t)snprintf(out + n, size - n, "-%u", r->next[j - 1].execution);
    }
    return out;
}

#define CHECK_ASKS(w, text)                                                                        \
    do {                                                                                           \
        char list_[1000];                                                                          \
        struct ms_resolve r_ = ask(w);                                                             \
        CHECK_STR(listed(&r_, list_, sizeof list_), text);                                         \
        ms_resolve_clear(&r_);                                                                     \
    } while (0)

// Ends all that is asked for, up to the end of resolving. Returns what is known then.
static struct ms_resolve play(struct world *w)
{
    struct ms_resolve r = ask(w);
    while (r.n_next > 0) {
        for (int64_t i = 0; i < r.n_next; i++)
            end_execution(w, r.next[i].trial, r.next[i].execution);
        ms_resolve_clear(&r);
        r = ask(w);
    }
    return r;
}

// Trials 1 and 2 are close, the others far below: round 0 leaves two, which get 3 and then 6 more.
static void test_rounds(void)
{
    const double mean[] = {.50, .905, .90, .60};
    struct world *w = search(4, mean, 3, 1000);
    CHECK_ASKS(w, "1:3-5 2:3-5");
    end_execution(w, 2, 4); // results in any order: only those missing are asked for
    CHECK_ASKS(w, "1:3-5 2:3 2:5");
    for (uint32_t e = 3; e < 6; e++)
        end_execution(w, 1, e);
    CHECK_ASKS(w, "2:3 2:5");
    end_execution(w, 2, 5);
    end_execution(w, 2, 3);
    CHECK_ASKS(w, "1:6-11 2:6-11");
    end_execution(w, 0, 77); // what else the store has changes nothing
    CHECK_ASKS(w, "1:6-11 2:6-11");
    forget(w);
}

// All means differ by less than the noise for a long time, so that N is spent. 4 trials of 2
// executions: round 1 spends 8, round 2 16; of 20 the last 12 go to all evenly.
static void test_spent(void)
{
    const double mean[] = {.9001, .9, .9002, .9003};
    struct world *w = search(4, mean, 2, 20);
    struct ms_resolve r = play(w);
    CHECK_INT(r.spent, 20);
    CHECK_INT(r.rounds, 2);
    CHECK_INT(r.n_left, 4);
    CHECK_INT(r.left[0], 3); // best first
    CHECK_INT(r.left[3], 1);
    ms_resolve_clear(&r);
    w->rule.most = 22; // more of it: the last round is as if it had been so from the start
    CHECK_ASKS(w, "2:7 3:7");
    w->rule.most = 24;
    CHECK_ASKS(w, "0:7 1:7 2:7 3:7");
    w->rule.most = 10; // less: nothing
    CHECK_ASKS(w, "");
    forget(w);
    w = search(4, mean, 2, 3); // fewer than trials: the best first
    CHECK_ASKS(w, "0:2 2:2 3:2");
    w->rule.most = 0;
    CHECK_ASKS(w, "");
    forget(w);
}

// With folds every trial is asked for whole turns of them, also in the round that is cut.
static void test_folds(void)
{
    const double mean[] = {.9001, .9, .9002};
    struct world *w = search(3, mean, 3, 100);
    w->rule.folds = 3;
    CHECK_ASKS(w, "0:3-5 1:3-5 2:3-5");
    w->rule.most = 8; // two turns of 3, and 2 that make none
    CHECK_ASKS(w, "0:3-5 2:3-5");
    w->rule.folds = 5;
    w->rule.most = 100;
    CHECK_ASKS(w, "0:3-7 1:3-7 2:3-7");
    forget(w);
}

// One execution has no spread, so that nothing can be told: all take part.
static void test_one_execution(void)
{
    const double mean[] = {.1, .9, .5};
    struct world *w = search(3, mean, 1, 100);
    CHECK_ASKS(w, "0:1 1:1 2:1");
    struct ms_resolve r = play(w);
    CHECK_INT(r.n_left, 1);
    CHECK_INT(r.left[0], 1);
    ms_resolve_clear(&r);
    forget(w);
}

static void test_failures_and_pruned(void)
{
    const double mean[] = {.9001, .9, .9002};
    struct world *w = search(3, mean, 2, 100);
    w->fails_trial = 2;
    w->fails_execution = 3;
    struct ms_resolve r = ask(w);
    for (int64_t i = 0; i < r.n_next; i++)
        end_execution(w, r.next[i].trial, r.next[i].execution);
    ms_resolve_clear(&r);
    CHECK_ASKS(w, "0:4-7 1:4-7"); // a failure puts its trial behind
    w->rule.rank.failures = MS_FAILURES_IGNORE;
    CHECK_ASKS(w, "0:4-7 1:4-7 2:4-7");
    forget(w);
    w = search(3, mean, 2, 100);
    w->pruned[4] = true; // of trial 2
    CHECK_ASKS(w, "0:2-3 1:2-3");
    w->pruned[0] = w->pruned[2] = true; // the best of what was stopped is still no winner to seek
    CHECK_ASKS(w, "");
    forget(w);
    w = search(1, mean, 3, 100);
    CHECK_ASKS(w, "");
    r = ask(w);
    CHECK_INT(r.n_left, 1);
    ms_resolve_clear(&r);
    forget(w);
    w = search(0, mean, 3, 100);
    CHECK_ASKS(w, "");
    forget(w);
}

// The goal is to minimise: the smaller is the better.
static void test_minimize(void)
{
    const double mean[] = {.50, .905, .90, .505};
    struct world *w = search(4, mean, 3, 1000);
    w->rule.rank.maximize = false;
    CHECK_ASKS(w, "0:3-5 3:3-5");
    forget(w);
}

// executions_per_trial grows from 2 to 5 after resolving: what resolving had run is the search's
// now, and the rounds are those of a sweep that had 5 from the start.
static void test_grown(void)
{
    const double mean[] = {.9001, .9, .2};
    struct world *w = search(3, mean, 2, 8), *from_start = search(3, mean, 5, 8);
    struct ms_resolve r = play(w), s;
    CHECK_INT(r.spent, 8);
    ms_resolve_clear(&r);
    w->rule.executions = 5;
    for (uint32_t t = 0; t < 3; t++)
        for (uint32_t e = t < 2 ? 6 : 2; e < 5; e++)
            end_execution(w, t, e);
    char a[200], b[200];
    r = ask(w);
    s = ask(from_start);
    CHECK_INT(r.spent, s.spent);
    CHECK_INT(r.n_left, s.n_left);
    CHECK_STR(listed(&s, b, sizeof b), "0:5-8 1:5-8");
    CHECK_STR(listed(&r, a, sizeof a), "0:6-8 1:6-8"); // 5 is there
    ms_resolve_clear(&r);
    ms_resolve_clear(&s);
    forget(w);
    forget(from_start);
}

// Few executions where they separate do what an equal share for all trials needs many for: one
// trial is left after at most 60 % of them, in the median. tests/bench/resolve.c has more of it.
static void test_cheaper_than_equal(void)
{
    enum { SWEEPS = 15 };
    const struct sim rows[] = {{.k = 20, .n = 3, .spread = 0.1, .noise = 0.003, .het = 0.7},
                               {.k = 30, .n = 3, .spread = 0.1, .noise = 0.003, .het = 0.7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%d trials", rows[i].k);
        int cheaper = 0, right = 0;
        for (int seed = 0; seed < SWEEPS; seed++) {
            struct sim s = rows[i];
            struct sim_result r = {0};
            struct ms_error err = {0};
            s.seed = 1000 + (uint64_t)seed;
            s.most = (int64_t)100 * s.k;
            REQUIRE(sim_resolve(&s, &r, &err) == 0);
            REQUIRE(sim_equal(&s, &r, &err) == 0);
            cheaper += r.done && (double)r.resolved <= 0.6 * (double)r.equal;
            right += r.right;
        }
        CHECK(2 * cheaper > SWEEPS);
        CHECK(right >= SWEEPS - 1);
    }
}

int main(void)
{
    test_rounds();
    test_spent();
    test_folds();
    test_one_execution();
    test_failures_and_pruned();
    test_minimize();
    test_grown();
    test_cheaper_than_equal();
    return check_done();
}
