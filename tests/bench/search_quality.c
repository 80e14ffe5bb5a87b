// SPDX-License-Identifier: MIT
//
// How good the search methods are: the regret (best value so far minus the minimum) after 30 and
// after 100 trials, its median over many seeds, on functions whose minimum is known.
//
//     search_quality [--methods tpe,gp] [--problems beale,mixed] [--seeds 50] [--lags 0,7]
//                    [--set name=value] [--against search_quality_optuna.json] [--below 0.001]
//
// --below exits 1 if the median after 100 trials is larger.
//
// --against compares with what search_quality_optuna.py measured on the same problems and exits 1
// if a method is worse than Optuna's. "Worse" is a one-sided rank test (Mann, Whitney: "On a test
// of whether one of two random variables is stochastically larger than the other", Annals of
// Mathematical Statistics 18, 1947; normal approximation with ties): the medians of two lots of 50
// seeds of the very same method differ, so that "the median is not larger" would fail half of the
// time for an equal method. A method fails if our regrets are larger at the 1 % level. The
// medians are printed in any case. TPE is compared with the better (by median) of Optuna's
// variants, GP with GP, random with random, Sobol and Latin hypercube with random too. Random must
// be the same, which has two sides: it fails at the 0.1 % level on either, about 5 % over all
// problems. Only lag 0 is compared: Optuna's trials ran one after the other. The stored file says
// how many seeds each of its lots has.
//
// The methods are called as sampler.c calls them, without its set of points: every problem has a
// continuous parameter, so that no point comes twice.
#include <cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mlpsweep/function.h"
#include "coordinator/search/sampler_internal.h"

enum { TRIALS = 100, FIRST_MARK = 30, MARKS = 2, MAX_SEEDS = 1000, MAX_DIMS = 16 };
#define LEVEL 0.01       // of a method that should be no worse
#define SAME_LEVEL 0.001 // of one that should be the same

// --- problems ----------------------------------------------------------------

struct problem {
    const char *name;
    const char *function; // NULL: mixed
    int dims;
    double lo, hi; // NAN: the function's own domain
};

static const struct problem problems[] = {
    {"beale", "beale", 2, NAN, NAN},
    {"rosenbrock", "rosenbrock", 2, NAN, NAN},
    {"rastrigin", "rastrigin", 2, NAN, NAN},
    {"ackley", "ackley", 2, NAN, NAN},
    {"branin", "branin", 2, NAN, NAN},
    {"hartmann6", "hartmann6", 6, NAN, NAN},
    {"sphere", "sphere", 2, NAN, NAN},
    {"mixed", NULL, 0, NAN, NAN},
    {"rosenbrock5", "rosenbrock", 5, NAN, NAN},
    {"rastrigin5", "rastrigin", 5, NAN, NAN},
    {"ackley5", "ackley", 5, NAN, NAN},
    {"sphere5", "sphere", 5, NAN, NAN},
    {"beale-wide", "beale", 2, -5, 5},
};
enum { N_PROBLEMS = sizeof problems / sizeof *problems };

static void die(const char *what)
{
    fprintf(stderr, "search_quality: %s\n", what);
    exit(2);
}

static int add(struct ms_space *space, struct ms_param p)
{
    struct ms_error err = {0};
    if (p.kind == MS_INT && p.step == 0)
        p.step = 1;
    p.count = ms_space_param_count(&p);
    int i = ms_space_add(space, &p, &err);
    if (i < 0)
        die(err.text);
    return i;
}

// mixed: like the choice of an optimizer for a network. One of three optimizers, each with
// parameters of its own; a learning rate whose best value depends on the optimizer; a width that
// should follow the rate; an activation. With a = log10(rate) - r and u = units / 256 - 0.625,
//
//     f = 0.4 a² + 0.3 a u + 0.5 u² + activation + optimizer
//     activation   tanh 0.15, relu 0, sigmoid 0.4, elu 0.05
//     sgd          r = -1:   0.02 + 4 (momentum - 0.8)²
//     adam         r = -3:   0.05 (layers - 3)² + 0.02 (log10(epsilon) + 7)²
//     rmsprop      r = -2.5: 0.1 + 2 (rho - 0.9)² + 2 (momentum - 0.3)²
//
// The quadratic form is positive (0.3² < 4·0.4·0.5): the minimum is 0, with adam, rate 0.001,
// 3 layers, epsilon 1e-7, 160 units, relu.
enum { OPTIMIZER, SGD_MOMENTUM, LAYERS, EPSILON, RHO, MOMENTUM, RATE, UNITS, ACTIVATION, N_MIXED };

static void mixed_space(struct ms_space *space, cJSON *names[2])
{
    struct ms_param share = {.kind = MS_FLOAT, .hi = 1, .condition = MS_IS, .parent = OPTIMIZER};
    add(space, (struct ms_param){.name = "optimizer", .kind = MS_CHOICE, .values = names[0]});
    share.name = "sgd.momentum";
    add(space, share);
    add(space, (struct ms_param){.name = "adam.layers",
                                 .kind = MS_INT,
                                 .lo = 1,
                                 .hi = 8,
                                 .condition = MS_IS,
                                 .parent = OPTIMIZER,
                                 .parent_value = 1});
    add(space, (struct ms_param){.name = "adam.epsilon",
                                 .kind = MS_FLOAT,
                                 .log = true,
                                 .lo = 1e-9,
                                 .hi = 0.1,
                                 .condition = MS_IS,
                                 .parent = OPTIMIZER,
                                 .parent_value = 1});
    share.parent_value = 2;
    share.name = "rmsprop.rho";
    add(space, share);
    share.name = "rmsprop.momentum";
    add(space, share);
    add(space,
        (struct ms_param){.name = "rate", .kind = MS_FLOAT, .log = true, .lo = 1e-5, .hi = 1});
    add(space, (struct ms_param){.name = "units", .kind = MS_INT, .lo = 16, .hi = 256, .step = 16});
    add(space, (struct ms_param){.name = "activation", .kind = MS_CHOICE, .values = names[1]});
}

static double mixed_value(const struct ms_space *space, const double *point)
{
    static const double activation[] = {0.15, 0, 0.4, 0.05};
    double x[N_MIXED];
    for (int i = 0; i < N_MIXED; i++)
        x[i] = space->param[i].kind == MS_CHOICE
                   ? point[i]
                   : ms_space_param_number(&space->param[i], point[i]);
    double a = log10(x[RATE]), u = x[UNITS] / 256 - 0.625, f = activation[(int)x[ACTIVATION]];
    if (x[OPTIMIZER] == 0) {
        a += 1;
        f += 0.02 + 4 * pow(x[SGD_MOMENTUM] - 0.8, 2);
    } else if (x[OPTIMIZER] == 1) {
        a += 3;
        f += 0.05 * pow(x[LAYERS] - 3, 2) + 0.02 * pow(log10(x[EPSILON]) + 7, 2);
    } else {
        a += 2.5;
        f += 0.1 + 2 * pow(x[RHO] - 0.9, 2) + 2 * pow(x[MOMENTUM] - 0.3, 2);
    }
    return f + 0.4 * a * a + 0.3 * a * u + 0.5 * u * u;
}

struct task {
    struct ms_space space;
    const struct ms_function *function; // NULL: mixed
    cJSON *names[2];
};

static void task_begin(struct task *t, const struct problem *p)
{
    *t = (struct task){0};
    ms_space_init(&t->space);
    if (!p->function) {
        t->names[0] = cJSON_Parse("[\"sgd\", \"adam\", \"rmsprop\"]");
        t->names[1] = cJSON_Parse("[\"tanh\", \"relu\", \"sigmoid\", \"elu\"]");
        mixed_space(&t->space, t->names);
        return;
    }
    t->function = ms_function_row(ms_table_find(&ms_function_table, p->function));
    for (int i = 0; i < p->dims; i++) {
        char name[16];
        int b = t->function->dims ? i : 0;
        ms_function_param(i, p->dims, name, sizeof name);
        add(&t->space, (struct ms_param){.name = name,
                                         .kind = MS_FLOAT,
                                         .lo = isnan(p->lo) ? t->function->lo[b] : p->lo,
                                         .hi = isnan(p->hi) ? t->function->hi[b] : p->hi});
    }
}

static void task_end(struct task *t)
{
    ms_space_clear(&t->space);
    cJSON_Delete(t->names[0]);
    cJSON_Delete(t->names[1]);
}

static double regret(const struct task *t, const double *point)
{
    if (!t->function)
        return mixed_value(&t->space, point);
    return t->function->value(point, t->space.n) - t->function->minimum;
}

// --- search ------------------------------------------------------------------

static int random_propose(void *state, const struct ms_proposal *p, double *point,
                          struct ms_error *err)
{
    (void)state;
    (void)err;
    ms_sampler_random_point(p->space, &p->rng, (uint64_t)p->draw * MS_MAX_PARAMS, point);
    return 0;
}

static const struct ms_sampler_ops random_search = {.propose = random_propose};

static const struct method {
    const char *name; // of ms_search_sampler_table
    const struct ms_sampler_ops *ops;
} methods[] = {
    {"random", &random_search},   {"latin_hypercube", &ms_sampler_lhs},
    {"sobol", &ms_sampler_sobol}, {"tpe", &ms_sampler_tpe},
    {"gp", &ms_sampler_gp},       {"evolution", &ms_sampler_evolution},
};
enum { N_METHODS = sizeof methods / sizeof *methods };

struct setting { // --set
    const char *name;
    double value;
};

static struct ms_pick pick(const struct method *m, const struct setting *set, int n_set)
{
    int row = ms_table_find(&ms_search_sampler_table, m->name);
    if (row < 0)
        die(m->name);
    struct ms_pick out = ms_table_default(&ms_search_sampler_table, row);
    for (int i = 0; i < n_set; i++) {
        int at = ms_table_find_arg(ms_table_row(&ms_search_sampler_table, row), set[i].name);
        if (at >= 0)
            out.arg[at] = set[i].value;
    }
    int strata = ms_table_find_arg(ms_table_row(&ms_search_sampler_table, row), "strata");
    if (strata >= 0 && out.arg[strata] == 0)
        out.arg[strata] = TRIALS;
    return out;
}

// One sweep of TRIALS trials; the regret at each mark into out.
static void search(const struct task *t, const struct method *m, const struct ms_pick *settings,
                   uint64_t seed, int lag, double out[MARKS])
{
    static double points[TRIALS][MAX_DIMS];
    static struct ms_observation seen[TRIALS];
    struct ms_error err = {0};
    void *state = NULL;
    double best = INFINITY;
    if (m->ops->start && m->ops->start(&t->space, settings->arg, &state, &err))
        die(err.text);
    for (int k = 0; k < TRIALS; k++) {
        struct ms_history history = {.n = k - lag > 0 ? k - lag : 0, .item = seen};
        struct ms_proposal p = {.space = &t->space,
                                .arg = settings->arg,
                                .seed = seed,
                                .trial = k,
                                .history = m->ops->learns ? &history : NULL,
                                .rng = ms_rng_at(seed, (uint32_t)k, 0, MS_STREAM_SAMPLER)};
        if (m->ops->propose(state, &p, points[k], &err))
            die(err.text);
        double r = regret(t, points[k]);
        seen[k] = (struct ms_observation){(uint32_t)k, 1, r, points[k], false};
        best = fmin(best, r);
        if (k + 1 == FIRST_MARK)
            out[0] = best;
    }
    out[1] = best;
    if (m->ops->clear && state)
        m->ops->clear(state);
}

// --- statistics --------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *sorted, int n)
{
    return n ? (sorted[(n - 1) / 2] + sorted[n / 2]) / 2 : NAN;
}

// The probability that the rank sum of a is at least this large if a and b have the same
// distribution: small where a tends to be larger.
static double larger(const double *a, int na, const double *b, int nb)
{
    double all[2 * MAX_SEEDS], u = 0, ties = 0, n = na + nb;
    for (int i = 0; i < na; i++)
        for (int j = 0; j < nb; j++)
            u += a[i] > b[j] ? 1 : a[i] == b[j] ? 0.5 : 0;
    memcpy(all, a, (size_t)na * sizeof *all);
    memcpy(all + na, b, (size_t)nb * sizeof *all);
    qsort(all, (size_t)(na + nb), sizeof *all, by_value);
    for (int i = 0, j; i < na + nb; i = j) {
        for (j = i + 1; j < na + nb && all[j] == all[i]; j++)
            ;
        ties += pow(j - i, 3) - (j - i);
    }
    double variance = na * (double)nb / 12 * (n + 1 - ties / (n * (n - 1)));
    if (variance <= 0)
        return 1;
    return 0.5 * erfc((u - 0.5 - na * (double)nb / 2) / sqrt(2 * variance));
}

// --- Optuna's ----------------------------------------------------------------

// The methods of Optuna that ours is compared with, up to NULL.
static const struct rival {
    const char *method;
    const char *optuna[4];
    bool same; // not only no worse: the same distribution
} rivals[] = {
    {"random", {"random"}, true}, {"latin_hypercube", {"random"}, false},
    {"sobol", {"random"}, false}, {"tpe", {"tpe", "tpe-group", "tpe-univariate"}, false},
    {"gp", {"gp"}, false},
};
enum { N_RIVALS = sizeof rivals / sizeof *rivals };

static int stored(const cJSON *optuna, const char *sampler, const char *problem, int mark,
                  double *out)
{
    const cJSON *entry = cJSON_GetObjectItem(cJSON_GetObjectItem(optuna, "regrets"), sampler);
    entry = cJSON_GetObjectItem(entry, problem);
    const cJSON *list = cJSON_GetObjectItem(entry, mark == 0 ? "30" : "100"), *item;
    int n = 0;
    cJSON_ArrayForEach(item, list)
    {
        if (n < MAX_SEEDS)
            out[n++] = item->valuedouble;
    }
    qsort(out, (size_t)n, sizeof *out, by_value);
    return n;
}

// Compares ours (sorted) with the best of the rivals; prints; returns whether it is worse.
static bool compare(const cJSON *optuna, const char *method, const char *problem, int mark,
                    const double *ours, int n)
{
    const struct rival *rival = NULL;
    double theirs[MAX_SEEDS], best[MAX_SEEDS];
    int n_best = 0;
    for (int i = 0; i < N_RIVALS; i++)
        if (strcmp(rivals[i].method, method) == 0)
            rival = &rivals[i];
    for (int i = 0; rival && i < 4 && rival->optuna[i]; i++) {
        int m = stored(optuna, rival->optuna[i], problem, mark, theirs);
        if (m > 0 && (n_best == 0 || median(theirs, m) < median(best, n_best))) {
            memcpy(best, theirs, (size_t)m * sizeof *best);
            n_best = m;
        }
    }
    if (n_best == 0) {
        printf("  %10s %8s", "-", "");
        return false;
    }
    double p = larger(ours, n, best, n_best);
    double other = larger(best, n_best, ours, n);
    bool worse = rival->same ? p < SAME_LEVEL || other < SAME_LEVEL : p < LEVEL;
    printf("  %10.3g p %-6.2g", median(best, n_best), p);
    printf("%s", worse ? rival->same ? "DIFFERS " : "WORSE " : "");
    return worse;
}

// --- main --------------------------------------------------------------------

struct options {
    const char *methods, *problems, *lags, *against; // NULL: all, none
    int seeds;
    double below;
    struct setting set[16];
    int n_set;
};

// true if the comma-separated list has the word; NULL has every word.
static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, word, n) == 0 && (at[n] == ',' || at[n] == '\0'))
            return true;
    return !list;
}

static bool measure(const struct options *o, const cJSON *optuna, const struct method *m,
                    const struct problem *p, int lag)
{
    static double regrets[MARKS][MAX_SEEDS];
    struct ms_pick settings = pick(m, o->set, o->n_set);
    struct task task;
    bool worse = false;
    struct timespec from, to;
    task_begin(&task, p);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int s = 0; s < o->seeds; s++) {
        double out[MARKS];
        search(&task, m, &settings, (uint64_t)s + 1, lag, out);
        for (int mark = 0; mark < MARKS; mark++)
            regrets[mark][s] = out[mark];
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    task_end(&task);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    printf("%-15s %-12s %3d", m->name, p->name, lag);
    for (int mark = 0; mark < MARKS; mark++) {
        qsort(regrets[mark], (size_t)o->seeds, sizeof(double), by_value);
        printf("  %10.3g", median(regrets[mark], o->seeds));
        if (optuna && lag == 0)
            worse |= compare(optuna, m->name, p->name, mark, regrets[mark], o->seeds);
    }
    printf("  %8.3f ms\n", seconds * 1e3 / o->seeds / TRIALS);
    if (median(regrets[1], o->seeds) > o->below) {
        printf("the median after %d trials is above %g\n", TRIALS, o->below);
        return true;
    }
    return worse;
}

static cJSON *read_json(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = f && fseek(f, 0, SEEK_END) == 0 ? malloc((size_t)ftell(f) + 1) : NULL;
    if (!text)
        die(path);
    size_t n = (size_t)ftell(f);
    rewind(f);
    text[fread(text, 1, n, f)] = '\0';
    fclose(f);
    cJSON *json = cJSON_Parse(text);
    free(text);
    if (!json)
        die("not JSON");
    return json;
}

static void parse(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 >= argc)
            die("every option takes a value; see the head of search_quality.c");
        const char *value = argv[i + 1];
        char *equals;
        if (strcmp(argv[i], "--methods") == 0)
            o->methods = value;
        else if (strcmp(argv[i], "--problems") == 0)
            o->problems = value;
        else if (strcmp(argv[i], "--lags") == 0)
            o->lags = value;
        else if (strcmp(argv[i], "--against") == 0)
            o->against = value;
        else if (strcmp(argv[i], "--below") == 0)
            o->below = strtod(value, NULL);
        else if (strcmp(argv[i], "--seeds") == 0)
            o->seeds = (int)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--set") == 0 && (equals = strchr(argv[i + 1], '=')) &&
                 o->n_set < 16) {
            *equals = '\0';
            o->set[o->n_set++] = (struct setting){value, strtod(equals + 1, NULL)};
        } else {
            die(argv[i]);
        }
    }
    if (o->seeds < 1 || o->seeds > MAX_SEEDS)
        die("--seeds takes 1 … 1000");
}

int main(int argc, char **argv)
{
    struct options o = {.seeds = 50, .lags = "0,7", .below = INFINITY};
    parse(&o, argc, argv);
    cJSON *optuna = o.against ? read_json(o.against) : NULL;
    int worse = 0;
    printf("# median regret of %d seeds after %d and after %d trials", o.seeds, FIRST_MARK, TRIALS);
    printf("%s; time per proposal\n",
           optuna ? ", each with Optuna's and how probable so bad a result is for an equal method"
                  : "");
    for (int m = 0; m < N_METHODS; m++)
        for (int p = 0; p < N_PROBLEMS; p++)
            for (const char *lag = o.lags; lag;
                 lag = strchr(lag, ',') ? strchr(lag, ',') + 1 : NULL)
                if (listed(o.methods, methods[m].name) && listed(o.problems, problems[p].name))
                    worse +=
                        measure(&o, optuna, &methods[m], &problems[p], (int)strtol(lag, NULL, 10));
    cJSON_Delete(optuna);
    if (worse)
        printf("%d of them not as asked\n", worse);
    return worse ? 1 : 0;
}
