// SPDX-License-Identifier: MIT
//
// Walks the sampler's trials, asks the cost model for each, has some of them trained for a moment,
// and runs the study on simulated workers that do nothing but let their time pass. So the forecast
// follows the same decisions as the run, with random results in place of real ones.
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"
#include "mlpsweep/sweep_cost.h"
#include "plan.h"
#include "coordinator/study/study.h"

enum {
    WALK = 20000,     // trials looked at before the rest is extrapolated …
    NUMBERS = 1 << 22 // … fewer where their points have more numbers in all
};
static const double measure_least_s = 0.03;
// Measured with trials that train nothing, on two cores. execution_s: a worker and the coordinator
// hand an execution out and commit its end. commit_s: the coordinator's part, which all workers
// share.
static const double execution_s = 0.0003, commit_s = 0.00015;

static size_t n_params(const struct ms_plan *p)
{
    return (size_t)ms_sweep_space(p->sweep)->n;
}

static const double *point_of(const struct ms_plan *p, int64_t trial)
{
    return p->point + (size_t)trial * n_params(p);
}

double ms_plan_share(const struct ms_plan *p)
{
    return p->walked ? (double)p->trials / (double)p->walked : 0;
}

// --- walking the trials ------------------------------------------------------

static int describe(const struct ms_plan *p, const double *point, struct ms_config *config,
                    struct ms_error *err)
{
    int status = ms_sweep_config(p->sweep, point, config, err);
    return status ? status : ms_sweep_complete(p->sweep, p->data, config, err);
}

static void look_at(struct ms_plan *p, struct ms_planned *trial, const struct ms_config *config)
{
    const bool trains = ms_sweep_kind(p->sweep) == MS_KIND_TRAIN;
    trial->cost = ms_sweep_cost(p->sweep, p->data, config);
    trial->model_s = trial->seconds = ms_sweep_seconds(p->sweep, config, &trial->cost);
    trial->epochs = config->epochs > 0 ? config->epochs : 1;
    p->tests = p->tests && trains && p->data[config->dataset].n_test > 0;
    p->stops_early = p->stops_early || (trains && config->early_stopping.monitor >= 0);
}

static int walk(struct ms_plan *p, struct ms_sampler *sampler, struct ms_config *config,
                struct ms_error *err)
{
    // A method that learns is asked as if nothing were known yet.
    const struct ms_history nothing = {0};
    const size_t n = n_params(p);
    int64_t room = NUMBERS / ((int64_t)n + 1) < WALK ? NUMBERS / ((int64_t)n + 1) : WALK;
    room = p->trials < room ? p->trials : room;
    p->trial = calloc((size_t)room + 1, sizeof *p->trial);
    p->point = calloc(((size_t)room + 1) * (n + 1), sizeof *p->point);
    if (!p->trial || !p->point)
        return ms_no_memory(err, "%lld trials", (long long)room);
    for (; p->walked < room; p->walked++) {
        double *point = p->point + (size_t)p->walked * n;
        struct ms_planned *trial = &p->trial[p->walked];
        struct ms_error why;
        const int got = ms_sampler_next(sampler, &nothing, point, err);
        if (got == 0) { // fewer than the bound
            p->trials = p->walked;
            p->counted = true;
        }
        if (got <= 0)
            return got;
        trial->refused = describe(p, point, config, &why) != 0;
        if (!trial->refused)
            look_at(p, trial, config);
        else if (p->refused++ == 0)
            p->first_refusal = why;
    }
    return 0;
}

// --- measuring ---------------------------------------------------------------

// Measures how long an execution takes, by training a little of it, at_once of them at a time.
static int measure_trial(struct ms_plan *p, ms_measure_with measure, int64_t trial,
                         struct ms_config *config, double limit_s, int at_once, double *seconds)
{
    struct ms_measured m;
    int status = describe(p, point_of(p, trial), config, &p->not_measured);
    if (status)
        return status;
    const struct ms_measurement one = {.config = config,
                                       .data = &p->data[config->dataset],
                                       .seed = ms_sweep_seed(p->sweep),
                                       .threads = ms_sweep_threads(p->sweep),
                                       .limit_s = limit_s,
                                       .at_once = at_once};
    status = measure(&one, &m, &p->not_measured);
    if (!status)
        *seconds = m.start_s + m.epoch_s * config->epochs;
    return status;
}

// Measures the trials of probe, the most informative first, until the time is up.
static void measure_trials(struct ms_plan *p, ms_measure_with measure, const int64_t *probe, int n,
                           struct ms_config *config)
{
    const int processors = (int)sysconf(_SC_NPROCESSORS_ONLN);
    const int beside = p->workers < processors ? p->workers : processors;
    const double begun_s = ms_now_s();
    for (int i = 0; i < n; i++) {
        const double left_s = p->measure_s - (ms_now_s() - begun_s);
        if (left_s < measure_least_s)
            break;
        const double share_s = left_s / (n - i < 4 ? n - i + 1 : 4);
        const double limit_s = fmax(share_s, measure_least_s);
        double alone_s, beside_s;
        if (measure_trial(p, measure, probe[i], config, limit_s, 1, &alone_s))
            continue;
        ms_forecast_calibration_add(&p->calibration, p->trial[probe[i]].model_s, alone_s);
        p->measured++;
        if (beside > 1 && p->at_once == 0 &&
            measure_trial(p, measure, probe[i], config, limit_s, beside, &beside_s) == 0) {
            p->at_once = beside < MS_MEASURE_MOST ? beside : MS_MEASURE_MOST;
            p->slowdown = fmax(1, beside_s / alone_s);
        }
    }
    p->measuring_s = ms_now_s() - begun_s;
}

static int calibrate(struct ms_plan *p, ms_measure_with measure, struct ms_config *config,
                     struct ms_error *err)
{
    int64_t probe[MS_PROBES_MOST], n = 0;
    double *model_s = malloc((size_t)(p->walked + 1) * sizeof *model_s);
    int64_t *index = malloc((size_t)(p->walked + 1) * sizeof *index);
    int found = MS_ENOMEM;
    for (int64_t i = 0; model_s && index && i < p->walked; i++)
        if (!p->trial[i].refused) {
            model_s[n] = p->trial[i].model_s;
            index[n++] = i;
        }
    if (model_s && index)
        found = ms_forecast_probes(model_s, n, probe, &p->kinds, err);
    else
        ms_no_memory(err, "the costs of %lld trials", (long long)p->walked);
    for (int i = 0; i < found; i++)
        probe[i] = index[probe[i]];
    free(index);
    free(model_s);
    if (found < 0)
        return found;
    measure_trials(p, measure, probe, found, config);
    for (int64_t i = 0; i < p->walked; i++)
        p->trial[i].seconds = ms_forecast_calibrated(&p->calibration, p->trial[i].model_s);
    return 0;
}

// --- adding up ---------------------------------------------------------------

static void add_up(struct ms_plan *p)
{
    const int executions = ms_sweep_search(p->sweep)->executions_per_trial;
    for (int64_t i = 0; i < p->walked; i++) {
        const struct ms_planned *trial = &p->trial[i];
        if (trial->refused)
            continue;
        const bool first = p->n++ == 0;
        p->flops += trial->cost.flops;
        p->seconds += trial->seconds;
        p->epochs_most += (double)trial->epochs * executions * ms_plan_share(p);
        if (first || trial->cost.parameters < p->parameters_min)
            p->parameters_min = trial->cost.parameters;
        if (first || trial->seconds < p->seconds_min)
            p->seconds_min = trial->seconds;
        p->parameters_max = fmax(p->parameters_max, trial->cost.parameters);
        p->seconds_max = fmax(p->seconds_max, trial->seconds);
        p->bytes_max = fmax(p->bytes_max, trial->cost.bytes);
        p->too_large += p->worker_bytes > 0 && trial->cost.bytes > p->worker_bytes;
    }
}

// --- the search, simulated ---------------------------------------------------

struct running {
    double end_s;
    struct ms_study_result result;
};

struct simulation {
    const struct ms_plan *p;
    struct ms_study *study;
    struct ms_rng luck;
    int workers;
    double slowdown, now_s;
    struct running *running; // (workers)
    int n_running;
    double *seconds, *curve; // (n) of every part so far
    int64_t n;
    size_t room;
    int n_curve;
    double epochs, last_s;
    int64_t trials; // opened
};

// The value of a trial: random, and so bad that no target is met.
static double value_of(const struct simulation *m, uint32_t trial)
{
    const double v = 1e9 * (1 + ms_rng_uniform(&m->luck, trial));
    return ms_sweep_objective(m->p->sweep)->maximize ? -v : v;
}

static int keep_seconds(struct simulation *m, double s, struct ms_error *err)
{
    int status =
        ms_grow(&m->seconds, &m->room, (size_t)m->n + 1, sizeof *m->seconds, "the executions", err);
    if (!status)
        m->seconds[m->n++] = s;
    return status;
}

// A worker takes a part of an execution. It ends early at the first epoch whose limit is better
// than the trial's value.
static int begin(struct simulation *m, const struct ms_study_step *step, struct ms_error *err)
{
    const struct ms_planned *trial = &m->p->trial[step->trial];
    const double value = value_of(m, step->trial);
    const bool maximize = ms_sweep_objective(m->p->sweep)->maximize;
    int last =
        step->to_epoch > 0 && step->to_epoch < trial->epochs ? step->to_epoch : trial->epochs;
    enum ms_end end = last < trial->epochs ? MS_END_PAUSED : MS_END_COMPLETED;
    for (int e = step->from_epoch + 1; e < last && e <= step->n_limits; e++) {
        const double limit = step->limits[e - 1];
        if (!isnan(limit) && (maximize ? value < limit : value > limit)) {
            last = e;
            end = MS_END_PRUNED;
        }
    }
    const int epochs = last - step->from_epoch;
    const double s = trial->seconds * m->slowdown * epochs / trial->epochs + execution_s;
    m->running[m->n_running++] = (struct running){
        .end_s = m->now_s + s,
        .result = {.trial = step->trial,
                   .execution = step->execution,
                   .end = end,
                   .epochs = last,
                   .value = value},
    };
    m->epochs += epochs;
    return keep_seconds(m, s, err);
}

static const double *curve_of(struct simulation *m, const struct ms_study_result *r)
{
    if (r->epochs > m->n_curve) {
        double *more = realloc(m->curve, (size_t)r->epochs * sizeof *more);
        if (!more)
            return NULL;
        m->curve = more;
        m->n_curve = r->epochs;
    }
    for (int i = 0; i < r->epochs; i++)
        m->curve[i] = r->value;
    return m->curve;
}

// Ends the execution that is the first to be done.
static int end_first(struct simulation *m, struct ms_error *err)
{
    int first = 0;
    for (int i = 1; i < m->n_running; i++)
        if (m->running[i].end_s < m->running[first].end_s)
            first = i;
    struct ms_study_result r = m->running[first].result;
    m->now_s = m->running[first].end_s;
    m->last_s = fmax(m->last_s, m->now_s);
    m->running[first] = m->running[--m->n_running];
    if (ms_study_wants_curve(m->study)) {
        r.curve = curve_of(m, &r);
        r.n_curve = r.epochs;
        if (!r.curve)
            return ms_no_memory(err, "%d epochs", r.epochs);
    }
    return ms_study_result(m->study, &r, err);
}

// Opens the trial: 1, or 0 when it is not among those that were looked at.
static int open_trial(struct simulation *m, const struct ms_study_step *step, double *point,
                      struct ms_error *err)
{
    if (step->trial >= m->p->walked)
        return 0;
    int status = ms_study_open(m->study, point_of(m->p, step->trial), point, err);
    if (status < 0)
        return status;
    const struct ms_planned *trial = &m->p->trial[step->trial];
    m->trials++;
    status = ms_study_describe(m->study, step->trial, trial->refused ? 0 : trial->epochs, err);
    return status ? status : 1;
}

static int run_study(struct simulation *m, double *point, struct ms_error *err)
{
    bool more = true;
    while (more || m->n_running > 0) {
        struct ms_study_step step = {.kind = MS_STUDY_WAITS};
        int status = 0;
        if (more && m->n_running < m->workers)
            status = ms_study_next(m->study, &step, err);
        if (!status && step.kind == MS_STUDY_TRIAL) {
            status = open_trial(m, &step, point, err);
            more = status > 0;
            status = status > 0 ? 0 : status;
        } else if (!status && step.kind == MS_STUDY_TRAIN) {
            status = begin(m, &step, err);
        } else if (!status && step.kind == MS_STUDY_ENDED) {
            more = false;
        } else if (!status && step.kind == MS_STUDY_WAITS) {
            if (m->n_running == 0)
                return ms_fail(err, MS_ESTATE,
                               "the search waits for a result, but no execution is running");
            status = end_first(m, err);
        }
        if (status)
            return status;
    }
    return 0;
}

static int simulate(struct ms_plan *p, int workers, struct ms_wall *out, struct ms_error *err)
{
    const int most = ms_sweep_search(p->sweep)->executions_per_trial;
    const double executions = (double)p->walked * (most > 1 ? most : 1);
    struct simulation m = {.p = p, .luck = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER)};
    m.workers = executions < workers ? (int)fmax(executions, 1) : workers;
    m.slowdown = workers > 1 ? fmax(1, p->slowdown) : 1;
    m.running = calloc((size_t)m.workers, sizeof *m.running);
    double *point = calloc(n_params(p) + 1, sizeof *point);
    struct ms_sampler *sampler = NULL;
    int status = m.running && point ? ms_sampler_new(p->sweep, &sampler, err)
                                    : ms_no_memory(err, "%d workers", m.workers);
    if (!status)
        status = ms_study_new(p->sweep, sampler, &m.study, err);
    if (!status)
        status = run_study(&m, point, err);
    if (!status) {
        p->looks = ms_study_looks(m.study);
        out->training_s = m.last_s;
        if (!p->looks) // then dispatch hands out the longest first
            status = ms_forecast_makespan(m.seconds, m.n, workers, &out->training_s, err);
        const double all = m.trials < p->walked ? 1 : ms_plan_share(p);
        out->executions = (int64_t)((double)m.n * all);
        // The coordinator proposes and commits while the workers train.
        out->training_s =
            fmax(out->training_s * all, (double)out->executions * commit_s + p->proposing_s);
        out->epochs = m.epochs * all;
    }
    ms_study_free(m.study);
    ms_sampler_free(sampler);
    free(m.running);
    free(m.seconds);
    free(m.curve);
    free(point);
    return status;
}

// Forecasts the wall time on a number of workers.
static int forecast(struct ms_plan *p, int workers, struct ms_wall *out, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(p->sweep);
    *out = (struct ms_wall){0};
    int status = p->n > 0 ? simulate(p, workers, out, err) : 0;
    if (search->max_wall_seconds > 0)
        out->training_s = fmin(out->training_s, search->max_wall_seconds);
    if (status || !p->tests || p->n == 0)
        return status;
    // The winner is not known yet: a trial of average cost stands for it.
    const int executions = search->executions_per_trial,
              rounds = (executions + workers - 1) / workers;
    const double slowdown = workers > 1 ? fmax(1, p->slowdown) : 1;
    out->winner_s = rounds * (p->seconds / (double)p->n * slowdown + execution_s);
    return 0;
}

// Looks one by one, among at most a thousand, for the trial with as many dearer ones as cheaper.
const double *ms_plan_middling(const struct ms_plan *p)
{
    const int64_t n = p->walked < 1000 ? p->walked : 1000;
    int64_t best = -1, best_off = INT64_MAX;
    for (int64_t i = 0; i < n; i++) {
        int64_t off = 0; // dearer less cheaper
        for (int64_t k = 0; k < n && !p->trial[i].refused; k++)
            if (!p->trial[k].refused)
                off += (p->trial[k].seconds > p->trial[i].seconds) -
                       (p->trial[k].seconds < p->trial[i].seconds);
        off = off < 0 ? -off : off;
        if (!p->trial[i].refused && off < best_off) {
            best = i;
            best_off = off;
        }
    }
    return best < 0 ? NULL : point_of(p, best);
}

int ms_plan_make(struct ms_plan *p, ms_measure_with measure, struct ms_error *err)
{
    struct ms_sampler *sampler;
    int status = ms_sampler_new(p->sweep, &sampler, err);
    if (status)
        return status;
    p->learns = ms_sampler_learns(sampler);
    p->trials = ms_sampler_trials(sampler);
    p->counted = ms_sampler_counted(sampler);
    struct ms_config *config = malloc(sizeof *config);
    status = config ? walk(p, sampler, config, err) : ms_no_memory(err, "a configuration");
    ms_sampler_free(sampler);
    if (!status && measure && ms_sweep_kind(p->sweep) == MS_KIND_TRAIN)
        status = calibrate(p, measure, config, err);
    free(config);
    if (!status && measure)
        status = ms_plan_proposing(p, err);
    if (status)
        return status;
    add_up(p);
    status = forecast(p, 1, &p->one, err);
    return status ? status : forecast(p, p->workers, &p->many, err);
}

void ms_plan_clear(struct ms_plan *p)
{
    free(p->trial);
    free(p->point);
    p->trial = NULL;
    p->point = NULL;
}
