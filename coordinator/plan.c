// SPDX-License-Identifier: MIT
//
// plan: the dry run. Walks the sampler's trials, asks the cost model for each, prints what the sweep
// will be. Nothing is trained, no store is touched.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "mlpsweep/cost.h"
#include "progress.h"
#include "runfile.h"
#include "sampler.h"

enum { SHOW = 10, WALK = 100000 }; // trials printed; trials walked before the rest is extrapolated

struct plan {
    struct ms_runfile file;
    int workers;
    int64_t trials, walked, refused;
    double seconds, flops; // of one execution of each walked trial
    double parameters_min, parameters_max, bytes_max, seconds_min, seconds_max;
    struct ms_error first_refusal;
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
        const struct ms_param *p = &space->param[i];
        char lo[256], hi[256];
        printf("    %-30s ", p->name);
        if (p->count == 0) {
            printf("%.6g … %.6g%s\n", p->lo, p->hi, p->log ? ", log" : "");
        } else if (p->count <= 8) {
            for (uint64_t k = 0; k < p->count; k++)
                printf("%s%s", k ? ", " : "", ms_param_text(p, (double)k, lo, sizeof lo));
            printf("\n");
        } else {
            printf("%s … %s (%llu values)\n", ms_param_text(p, 0, lo, sizeof lo),
                   ms_param_text(p, (double)(p->count - 1), hi, sizeof hi), (unsigned long long)p->count);
        }
    }
}

static void print_trial(const struct ms_sweep *sweep, int64_t number, const double *point,
                        const struct ms_cost *cost)
{
    char flops[32], parameters[32], text[512];
    const struct ms_space *space = ms_sweep_space(sweep);
    printf("  %5lld  %8s weights  %8sFLOP ", (long long)number,
           scaled(cost->parameters, parameters, sizeof parameters), scaled(cost->flops, flops, sizeof flops));
    for (int i = 0; i < space->n; i++)
        if (ms_space_active(space, point, i))
            printf(" %s=%s", space->param[i].name, ms_param_text(&space->param[i], point[i], text, sizeof text));
    printf("\n");
}

static void add_cost(struct plan *p, const struct ms_cost *c)
{
    double seconds = ms_cost_seconds(c);
    bool first = p->walked == p->refused;
    p->seconds += seconds;
    p->flops += c->flops;
    if (first || c->parameters < p->parameters_min)
        p->parameters_min = c->parameters;
    if (first || seconds < p->seconds_min)
        p->seconds_min = seconds;
    p->parameters_max = fmax(p->parameters_max, c->parameters);
    p->seconds_max = fmax(p->seconds_max, seconds);
    p->bytes_max = fmax(p->bytes_max, c->bytes);
}

static int walk(struct plan *p, struct ms_sampler *sampler, double *point, struct ms_config *config,
                struct ms_error *err)
{
    int got;
    printf("  first trials\n");
    while (p->walked < WALK && (got = ms_sampler_next(sampler, NULL, point, err)) != 0) {
        if (got < 0)
            return got;
        struct ms_error why;
        int status = ms_sweep_config(p->file.sweep, point, config, &why);
        const struct ms_dataset *data = status ? NULL : &p->file.data[config->dataset];
        if (!status)
            status = ms_config_complete(config, data, &why);
        if (status) {
            if (p->refused++ == 0)
                p->first_refusal = why;
        } else {
            struct ms_cost cost = ms_cost_of(config, data);
            add_cost(p, &cost);
            if (p->walked < SHOW)
                print_trial(p->file.sweep, p->walked, point, &cost);
        }
        p->walked++;
    }
    return 0;
}

static void print_totals(const struct plan *p)
{
    int executions = ms_sweep_search(p->file.sweep)->executions_per_trial;
    double trained = (double)(p->walked - p->refused);
    double all = p->walked ? (double)p->trials / (double)p->walked * executions : 0;
    double total = p->seconds * all;
    char a[64], b[64];
    // The longest execution is a lower bound, however many workers there are.
    double wall = fmax(total / p->workers, p->seconds_max);
    printf("  weights      %s to %s a network\n", scaled(p->parameters_min, a, sizeof a),
           scaled(p->parameters_max, b, sizeof b));
    printf("  memory       %sB a worker at most, beside the data\n", scaled(p->bytes_max, a, sizeof a));
    printf("  computing    %sFLOP in all\n", scaled(p->flops * all, a, sizeof a));
    printf("  time         %.3g s an execution on average, %.3g to %.3g s\n",
           trained > 0 ? p->seconds / trained : 0, p->seconds_min, p->seconds_max);
    printf("               %s on one worker, %s on %d\n", ms_duration(total, a, sizeof a),
           ms_duration(wall, b, sizeof b), p->workers);
    if (p->walked < p->trials)
        printf("               (from the first %lld trials)\n", (long long)p->walked);
    if (p->refused)
        printf("  cannot train %lld of these trials; the first: %s\n", (long long)p->refused,
               p->first_refusal.text);
}

static int print_plan(struct plan *p, struct ms_error *err)
{
    const struct ms_sweep *sweep = p->file.sweep;
    const struct ms_search *search = ms_sweep_search(sweep);
    struct ms_sampler *sampler;
    char text[256];
    int status = ms_sampler_new(sweep, &sampler, err);
    if (status)
        return status;
    p->trials = ms_sampler_trials(sampler);
    printf("%s: %s search, seed %llu\n", ms_sweep_name(sweep),
           ms_table_row(&ms_sampler_table, search->method.row)->name, (unsigned long long)ms_sweep_seed(sweep));
    for (int i = 0; i < p->file.n_data; i++)
        printf("  data         %s\n", ms_dataset_text(&p->file.data[i], text, sizeof text));
    print_space(sweep);
    printf("  trials       %s%lld × %d execution%s = %lld\n",
           ms_sampler_counted(sampler) ? "" : "at most ", (long long)p->trials, search->executions_per_trial,
           search->executions_per_trial == 1 ? "" : "s", (long long)p->trials * search->executions_per_trial);
    double *point = calloc((size_t)ms_sweep_space(sweep)->n + 1, sizeof *point);
    struct ms_config *config = malloc(sizeof *config);
    status = point && config ? walk(p, sampler, point, config, err) : ms_fail(err, MS_ENOMEM, "no memory");
    if (!status)
        print_totals(p);
    free(config);
    free(point);
    ms_sampler_free(sampler);
    return status;
}

int ms_cmd_plan(int argc, char **argv)
{
    struct plan p = {0};
    struct ms_error err = {0};
    bool help = false;
    const char *path;
    const struct ms_option options[] = {
        {"workers", MS_OPT_INT, &p.workers, NULL, 1, "forecast for so many workers; default: one a processor"},
        {"help", MS_OPT_FLAG, &help, NULL, 0, "this text"},
    };
    int n = ms_options(argc, argv, options, 2, &path, 1, &err);
    if (n >= 0 && help) {
        ms_options_help("mlpsweep plan SWEEP: what a sweep will be, without training anything\n", options, 2);
        return MS_EXIT_OK;
    }
    if (n == 0)
        n = ms_fail(&err, MS_EINVAL, "plan: the sweep file is missing: mlpsweep plan SWEEP");
    if (p.workers == 0)
        p.workers = (int)sysconf(_SC_NPROCESSORS_ONLN);
    int status = n < 0 ? n : ms_runfile_load(&p.file, path, &err);
    if (!status)
        status = print_plan(&p, &err);
    if (status)
        fprintf(stderr, "%s%s\n", p.file.n_problems ? "" : "mlpsweep: ", err.text);
    ms_runfile_clear(&p.file);
    return status ? MS_EXIT_REFUSED : MS_EXIT_OK;
}
