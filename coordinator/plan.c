// SPDX-License-Identifier: MIT
//
// plan: the dry run. Walks the sampler's trials, asks the cost model for each, trains a little of some
// to learn what this machine takes, and prints what the sweep will be. No store is touched.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "forecast.h"
#include "mlpsweep/cost.h"
#include "progress.h"
#include "runfile.h"
#include "sampler.h"
#include "text.h"

enum {
    SHOW = 10,       // trials printed
    WALK = 20000,    // trials walked before the rest is extrapolated …
    NUMBERS = 1 << 22 // … fewer where their points have more numbers in all
};
static const double measure_s = 2.4;     // for all measurements together
static const double measure_least_s = 0.03;
// Measured with trials that train nothing, on two cores: starting mpirun, the ranks and the trainers
// and ending them; handing an execution out and committing its end.
static const double launch_s = 0.6, execution_s = 0.0004;

struct planned {
    bool refused; // cannot be trained
    struct ms_cost cost;
    double model_s; // of one execution
    double seconds; // calibrated
};

struct plan {
    struct ms_runfile file;
    int workers, processors;
    bool no_measure, json;
    int64_t trials, walked, refused;
    struct planned *trial;  // (walked)
    double *point;          // (walked, parameters)
    struct ms_error first_refusal;

    int64_t kinds;          // of different cost
    int measured;           // of them
    double measuring_s;     // of training, all in all
    double slowdown;        // of a training when the others train beside it
    int at_once;            // how many that was measured with
    struct ms_calibration calibration;
    struct ms_error not_measured; // why, where something could not be
};

// The totals of the trials that can be trained.
struct totals {
    int64_t n;
    double flops, seconds;
    double parameters_min, parameters_max, bytes_max, seconds_min, seconds_max;
    bool test, stops_early;
};

struct wall {
    double training_s, winner_s, launch_s;
};

// "1.5 k", "2.3 M": three digits and a unit's prefix.
static char *scaled(double v, char *out, size_t size)
{
    static const char *const prefix[] = {"", " k", " M", " G", " T", " P", " E"};
    int i = 0;
    while (fabs(v) >= 1000 && i < 6) {
        v /= 1000;
        i++;
    }
    snprintf(out, size, "%.3g%s", v, prefix[i]);
    return out;
}

// "0.0123 s", "7.5 s", "12 s", "3:04".
static char *seconds_text(double s, char *out, size_t size)
{
    if (s >= 9.95)
        return ms_duration(s, out, size);
    snprintf(out, size, s < 0.995 ? "%.2g s" : "%.1f s", s);
    return out;
}

static double clock_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// --- walking the trials --------------------------------------------------------------------------

static int describe(const struct plan *p, const double *point, struct ms_config *config,
                    struct ms_dataset *data, struct ms_error *err)
{
    int status = ms_sweep_config(p->file.sweep, point, config, err);
    if (status)
        return status;
    *data = p->file.data[config->dataset];
    return ms_config_complete(config, data, err);
}

static int walk(struct plan *p, struct ms_sampler *sampler, struct ms_config *config, struct totals *t,
                struct ms_error *err)
{
    // A method that learns is asked as if nothing were known yet.
    const struct ms_history nothing = {0};
    const size_t n = (size_t)ms_sweep_space(p->file.sweep)->n;
    int64_t room = NUMBERS / ((int64_t)n + 1) < WALK ? NUMBERS / ((int64_t)n + 1) : WALK;
    room = p->trials < room ? p->trials : room;
    p->trial = calloc((size_t)room + 1, sizeof *p->trial);
    p->point = calloc(((size_t)room + 1) * (n + 1), sizeof *p->point);
    if (!p->trial || !p->point)
        return ms_fail(err, MS_ENOMEM, "no memory for %lld trials", (long long)room);
    for (; p->walked < room; p->walked++) {
        double *point = p->point + (size_t)p->walked * n;
        struct planned *trial = &p->trial[p->walked];
        struct ms_dataset data;
        struct ms_error why;
        const int got = ms_sampler_next(sampler, &nothing, point, err);
        if (got <= 0)
            return got;
        trial->refused = describe(p, point, config, &data, &why) != 0;
        if (trial->refused) {
            if (p->refused++ == 0)
                p->first_refusal = why;
            continue;
        }
        trial->cost = ms_cost_of(config, &data);
        trial->model_s = trial->seconds = ms_cost_seconds(&trial->cost);
        t->test = t->test || data.n_test > 0;
        t->stops_early = t->stops_early || config->early_stopping.monitor >= 0;
    }
    return 0;
}

// --- measuring -----------------------------------------------------------------------------------

// What one execution takes, by training a little of it. at_once: so many of them at a time.
static int measure_trial(struct plan *p, ms_measure_with measure, int64_t trial, struct ms_config *config,
                         double limit_s, int at_once, double *seconds)
{
    struct ms_dataset data;
    struct ms_measured m;
    const size_t n = (size_t)ms_sweep_space(p->file.sweep)->n;
    int status = describe(p, p->point + (size_t)trial * n, config, &data, &p->not_measured);
    if (status)
        return status;
    const struct ms_measure_job job = {.config = config,
                                       .data = &data,
                                       .seed = ms_sweep_seed(p->file.sweep),
                                       .threads = ms_sweep_threads(p->file.sweep),
                                       .limit_s = limit_s,
                                       .at_once = at_once};
    status = measure(&job, &m, &p->not_measured);
    if (!status)
        *seconds = m.start_s + m.epoch_s * config->epochs;
    return status;
}

static int calibrate(struct plan *p, ms_measure_with measure, struct ms_config *config, struct ms_error *err)
{
    int64_t probe[MS_PROBES_MOST], n = 0;
    double *model_s = malloc((size_t)(p->walked + 1) * sizeof *model_s);
    int64_t *index = malloc((size_t)(p->walked + 1) * sizeof *index);
    int found = -1;
    for (int64_t i = 0; model_s && index && i < p->walked; i++)
        if (!p->trial[i].refused) {
            model_s[n] = p->trial[i].model_s;
            index[n++] = i;
        }
    if (model_s && index)
        found = ms_probes(model_s, n, probe, &p->kinds, err);
    else
        ms_fail(err, MS_ENOMEM, "no memory");
    const int beside = p->workers < p->processors ? p->workers : p->processors;
    const double begun_s = clock_s();
    for (int i = 0; i < found; i++) {
        const double left_s = measure_s - (clock_s() - begun_s);
        if (left_s < measure_least_s)
            break;
        const int64_t k = probe[i];
        const double limit_s = fmax(left_s / (found - i < 4 ? found - i + 1 : 4), measure_least_s);
        double alone_s, beside_s;
        if (measure_trial(p, measure, index[k], config, limit_s, 1, &alone_s))
            continue;
        ms_calibration_add(&p->calibration, model_s[k], alone_s);
        p->measured++;
        if (beside > 1 && p->at_once == 0 &&
            measure_trial(p, measure, index[k], config, limit_s, beside, &beside_s) == 0) {
            p->at_once = beside < MS_MEASURE_MOST ? beside : MS_MEASURE_MOST;
            p->slowdown = fmax(1, beside_s / alone_s);
        }
    }
    p->measuring_s = clock_s() - begun_s;
    free(index);
    free(model_s);
    for (int64_t i = 0; i < p->walked; i++)
        p->trial[i].seconds = ms_calibrated(&p->calibration, p->trial[i].model_s);
    return found < 0 ? MS_ENOMEM : 0;
}

// --- adding up -----------------------------------------------------------------------------------

static void add_up(const struct plan *p, struct totals *t)
{
    for (int64_t i = 0; i < p->walked; i++) {
        const struct planned *trial = &p->trial[i];
        if (trial->refused)
            continue;
        const bool first = t->n++ == 0;
        t->flops += trial->cost.flops;
        t->seconds += trial->seconds;
        if (first || trial->cost.parameters < t->parameters_min)
            t->parameters_min = trial->cost.parameters;
        if (first || trial->seconds < t->seconds_min)
            t->seconds_min = trial->seconds;
        t->parameters_max = fmax(t->parameters_max, trial->cost.parameters);
        t->seconds_max = fmax(t->seconds_max, trial->seconds);
        t->bytes_max = fmax(t->bytes_max, trial->cost.bytes);
    }
}

// Trials in all for each that was walked.
static double share(const struct plan *p)
{
    return p->walked ? (double)p->trials / (double)p->walked : 0;
}

// The wall time on so many workers.
static int forecast(const struct plan *p, const struct totals *t, bool learns, int workers, struct wall *out,
                    struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(p->file.sweep);
    const double slowdown = workers > 1 ? fmax(1, p->slowdown) : 1;
    double *seconds = malloc((size_t)(t->n + 1) * sizeof *seconds);
    if (!seconds)
        return ms_fail(err, MS_ENOMEM, "no memory");
    int64_t n = 0;
    for (int64_t i = 0; i < p->walked; i++)
        if (!p->trial[i].refused)
            seconds[n++] = p->trial[i].seconds * slowdown + execution_s;
    struct ms_workload work = {.seconds = seconds,
                               .n = n,
                               .executions = search->executions_per_trial,
                               .workers = workers,
                               .lag = learns ? search->lag : -1};
    *out = (struct wall){.launch_s = launch_s};
    int status = ms_makespan(&work, &out->training_s, err);
    out->training_s *= share(p);
    // Nobody knows yet who wins: a trial as dear as they are on average.
    double mean_s = n ? t->seconds / (double)n * slowdown + execution_s : 0;
    work.seconds = &mean_s;
    work.n = n > 0;
    if (!status && t->test)
        status = ms_makespan(&work, &out->winner_s, err);
    free(seconds);
    return status;
}

static double total_s(const struct wall *w)
{
    return w->training_s + w->winner_s + w->launch_s;
}

// --- printing ------------------------------------------------------------------------------------

static void print_space(const struct ms_sweep *sweep)
{
    const struct ms_space *space = ms_sweep_space(sweep);
    uint64_t n = ms_space_size(space);
    printf("  parameters   %d", space->n);
    if (n)
        printf(", %llu different trials in the space\n", (unsigned long long)n);
    else
        printf(", an infinite space\n");
    for (int i = 0; i < space->n; i++) {
        const struct ms_param *q = &space->param[i];
        char lo[256], hi[256];
        printf("    %-30s ", q->name);
        if (q->count == 0) {
            printf("%.6g … %.6g%s\n", q->lo, q->hi, q->log ? ", log" : "");
        } else if (q->count <= 8) {
            for (uint64_t k = 0; k < q->count; k++)
                printf("%s%s", k ? ", " : "", ms_param_text(q, (double)k, lo, sizeof lo));
            printf("\n");
        } else {
            printf("%s … %s (%llu values)\n", ms_param_text(q, 0, lo, sizeof lo),
                   ms_param_text(q, (double)(q->count - 1), hi, sizeof hi), (unsigned long long)q->count);
        }
    }
}

static void print_head(const struct plan *p)
{
    const struct ms_sweep *sweep = p->file.sweep;
    const struct ms_search *search = ms_sweep_search(sweep);
    char text[256];
    printf("%s: %s search, seed %llu\n", ms_sweep_name(sweep),
           ms_table_row(&ms_sampler_table, search->method.row)->name, (unsigned long long)ms_sweep_seed(sweep));
    for (int i = 0; i < p->file.n_data; i++)
        printf("  data         %s\n", ms_dataset_text(&p->file.data[i], text, sizeof text));
    print_space(sweep);
    printf("  trials       %lld × %d execution%s = %lld\n", (long long)p->trials, search->executions_per_trial,
           search->executions_per_trial == 1 ? "" : "s", (long long)p->trials * search->executions_per_trial);
}

static void print_point(struct ms_text *t, const struct ms_space *space, const double *point)
{
    char line[2048] = "", value[512];
    size_t used = 0;
    for (int i = 0; i < space->n && used < sizeof line; i++) {
        if (!ms_space_active(space, point, i))
            continue;
        const struct ms_param *q = &space->param[i];
        if (q->count == 0)
            snprintf(value, sizeof value, "%.6g", point[i]);
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s=%s", used ? " " : "", q->name,
                                 q->count ? ms_param_text(q, point[i], value, sizeof value) : value);
    }
    ms_text_cell(t, "%s", line);
}

static int print_trials(const struct plan *p, bool learns, struct ms_error *err)
{
    static const char *const titles[] = {"trial", "weights", "FLOP", "memory", "one execution", ""};
    enum { COLUMNS = sizeof titles / sizeof *titles };
    const struct ms_space *space = ms_sweep_space(p->file.sweep);
    struct ms_text *t = ms_text_new(COLUMNS);
    if (!t)
        return ms_fail(err, MS_ENOMEM, "no memory");
    for (int i = 0; i < COLUMNS; i++)
        ms_text_column(t, i, i + 1 < COLUMNS ? MS_RIGHT : MS_LEFT, titles[i]);
    char a[64];
    for (int64_t i = 0; i < p->walked && i < SHOW; i++) {
        const struct planned *trial = &p->trial[i];
        ms_text_cell(t, "%lld", (long long)i);
        ms_text_cell(t, "%s", trial->refused ? "-" : scaled(trial->cost.parameters, a, sizeof a));
        ms_text_cell(t, "%s", trial->refused ? "-" : scaled(trial->cost.flops, a, sizeof a));
        ms_text_cell(t, "%s", trial->refused ? "-" : ms_text_bytes(trial->cost.bytes, a, sizeof a));
        ms_text_cell(t, "%s", trial->refused ? "refused" : seconds_text(trial->seconds, a, sizeof a));
        print_point(t, space, p->point + (size_t)i * (size_t)space->n);
    }
    printf("  the first of them%s\n", learns ? ", as long as nothing is learnt" : "");
    int status = ms_text_print(t, stdout, false, "    ");
    ms_text_free(t);
    return status ? ms_fail(err, status, "no memory") : 0;
}

static void print_basis(const struct plan *p)
{
    if (p->measured == 0) {
        printf("  time         by the cost model, which is within a factor of 3 on most machines; nothing was measured");
        printf("%s%s\n", p->not_measured.text[0] ? ": " : "", p->not_measured.text);
        return;
    }
    printf("  time         measured here in %.1f s: %d of %lld kinds of trial%s\n", p->measuring_s, p->measured,
           (long long)p->kinds, p->measured < p->kinds ? ", the others by the cost model between them" : "");
    if (p->at_once > 1 && p->slowdown > 1.02)
        printf("               %d at once slow one another down by a factor of %.2f\n", p->at_once, p->slowdown);
}

static void print_totals(const struct plan *p, const struct totals *t, const struct wall *one,
                         const struct wall *many)
{
    const int executions = ms_sweep_search(p->file.sweep)->executions_per_trial;
    const double all = share(p) * executions;
    char a[64], b[64], c[64];
    printf("  weights      %s to %s a network\n", scaled(t->parameters_min, a, sizeof a),
           scaled(t->parameters_max, b, sizeof b));
    printf("  memory       %s a worker at most, beside the data\n", ms_text_bytes(t->bytes_max, a, sizeof a));
    printf("  computing    %sFLOP in all\n", scaled(t->flops * all, a, sizeof a));
    print_basis(p);
    printf("               %s an execution on average, %s to %s\n",
           seconds_text(t->n ? t->seconds / (double)t->n : 0, a, sizeof a),
           seconds_text(t->seconds_min, b, sizeof b), seconds_text(t->seconds_max, c, sizeof c));
    if (one->winner_s > 0)
        printf("               with the winner's %d execution%s again for the test set, at most %s\n", executions,
               executions == 1 ? "" : "s", seconds_text(one->winner_s, a, sizeof a));
    printf("               %s%s on 1 worker", t->stops_early ? "at most " : "",
           seconds_text(total_s(one), a, sizeof a));
    if (p->workers > 1)
        printf(", %s on %d with a processor each", seconds_text(total_s(many), a, sizeof a), p->workers);
    printf("; %s of it to start\n", seconds_text(one->launch_s, a, sizeof a));
    if (t->stops_early)
        printf("               early stopping may end executions sooner\n");
    if (p->walked < p->trials)
        printf("               (from the first %lld trials)\n", (long long)p->walked);
    if (p->refused)
        printf("  cannot train %lld of these trials; the first: %s\n", (long long)p->refused,
               p->first_refusal.text);
}

static void print_json(const struct plan *p, const struct totals *t, const struct wall *one,
                       const struct wall *many)
{
    const int executions = ms_sweep_search(p->file.sweep)->executions_per_trial;
    printf("{\"trials\": %lld, \"executions\": %lld, \"flops\": %.6g, \"memory_bytes\": %.0f, "
           "\"kinds\": %lld, \"measured\": %d, \"workers\": %d, \"one_worker_s\": %.6g, \"wall_s\": %.6g, "
           "\"launch_s\": %.6g, \"winner_s\": %.6g, \"at_most\": %s}\n",
           (long long)p->trials, (long long)p->trials * executions, t->flops * share(p) * executions,
           t->bytes_max, (long long)p->kinds, p->measured, p->workers, total_s(one), total_s(many),
           many->launch_s, many->winner_s, t->stops_early ? "true" : "false");
}

static int make_plan(struct plan *p, ms_measure_with measure, struct ms_error *err)
{
    struct ms_sampler *sampler;
    struct totals t = {0};
    struct wall one, many;
    int status = ms_sampler_new(p->file.sweep, &sampler, err);
    if (status)
        return status;
    const bool learns = ms_sampler_learns(sampler);
    p->trials = ms_sampler_trials(sampler);
    struct ms_config *config = malloc(sizeof *config);
    status = config ? walk(p, sampler, config, &t, err) : ms_fail(err, MS_ENOMEM, "no memory");
    ms_sampler_free(sampler);
    if (!status && !p->no_measure)
        status = calibrate(p, measure, config, err);
    free(config);
    if (!status) {
        add_up(p, &t);
        status = forecast(p, &t, learns, 1, &one, err);
    }
    if (!status)
        status = forecast(p, &t, learns, p->workers, &many, err);
    if (status)
        return status;
    if (p->json) {
        print_json(p, &t, &one, &many);
        return 0;
    }
    print_head(p);
    status = print_trials(p, learns, err);
    if (!status)
        print_totals(p, &t, &one, &many);
    return status;
}

static const char usage[] =
    "mlpsweep plan SWEEP: what a sweep will be, without a store and without training it\n\n"
    "  The forecast of the time trains some trials for a moment, about three seconds in all, and is of\n"
    "  workers with a processor each, as this machine has them.\n";

int ms_cmd_plan(int argc, char **argv, ms_measure_with measure)
{
    struct plan p = {.processors = (int)sysconf(_SC_NPROCESSORS_ONLN)};
    struct ms_error err = {0};
    bool help = false;
    const char *path;
    const struct ms_option options[] = {
        {"workers", MS_OPT_INT, &p.workers, NULL, 1, "forecast for so many workers; default: one a processor"},
        {"no-measure", MS_OPT_FLAG, &p.no_measure, NULL, 0,
         "train nothing: the cost model alone, as for another machine"},
        {"json", MS_OPT_FLAG, &p.json, NULL, 0, "the totals as one JSON object; seconds"},
        {"help", MS_OPT_FLAG, &help, NULL, 0, "this text"},
    };
    enum { N_OPTIONS = sizeof options / sizeof *options };
    int n = ms_options(argc, argv, options, N_OPTIONS, &path, 1, &err);
    if (n >= 0 && help) {
        ms_options_help(usage, options, N_OPTIONS);
        return MS_EXIT_OK;
    }
    if (n == 0)
        n = ms_fail(&err, MS_EINVAL, "plan: the sweep file is missing: mlpsweep plan SWEEP");
    if (p.workers == 0)
        p.workers = p.processors;
    int status = n < 0 ? n : ms_runfile_load(&p.file, path, &err);
    if (!status)
        status = make_plan(&p, measure, &err);
    if (status)
        fprintf(stderr, "%s%s\n", p.file.n_problems ? "" : "mlpsweep: ", err.text);
    free(p.trial);
    free(p.point);
    ms_runfile_clear(&p.file);
    return status ? MS_EXIT_REFUSED : MS_EXIT_OK;
}
