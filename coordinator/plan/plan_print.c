// SPDX-License-Identifier: MIT
//
// The command plan, a dry run, and its output. The numbers are made in plan.c; nothing is decided
// here except how they are put, so that --json and the text report the same.
#include "plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/options.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/stages.h"
#include "coordinator/show/progress.h"
#include "coordinator/run/runfile.h"
#include "coordinator/show/show.h"
#include "coordinator/show/show_data.h"
#include "coordinator/show/text.h"

enum { SHOW = 10 }; // trials printed
static const double measure_s = 2.4, measure_stage_least_s = 0.4;
// Measured on two cores: starting mpirun, the ranks and the trainers, and ending them.
static const double launch_s = 0.6;

struct options {
    int workers;
    bool no_measure, json;
    struct ms_plan_machine machine;
    double gflops;          // measured on it; 0: not
    struct ms_cluster here; // its memory
};

struct sums { // over the stages
    int stages;
    bool unknown; // a command's time
    bool at_most;
    int measured;
    int64_t kinds;
    double trials, executions, flops, bytes_most, one_s, many_s, winner_s;
    int64_t resolve, confirm; // executions more, at most
};

// "0.012 s", "7.5 s", "12 s", "3:04 min".
static char *seconds_text(double s, char *out, size_t size)
{
    if (s >= 9.95)
        return ms_progress_duration(s, out, size);
    snprintf(out, size, s < 0.995 ? "%.2g s" : "%.1f s", s);
    return out;
}

static bool trains(const struct ms_plan *p)
{
    return ms_sweep_kind(p->sweep) == MS_KIND_TRAIN;
}

// --- the search --------------------------------------------------------------

// A parameter's value in a line. An empty text is shown as "", and no text breaks the line or
// steers a terminal.
static const char *value_text(const struct ms_param *p, double v, char *out, size_t size)
{
    if (p->count == 0)
        snprintf(out, size, "%.6g", v);
    else if (!*ms_space_param_text(p, v, out, size))
        snprintf(out, size, "\"\"");
    return ms_printable(out, ' ', "");
}

// The values of a parameter, as one line.
static const char *values_text(const struct ms_param *q, char *out, size_t size)
{
    char lo[256], hi[256];
    size_t used = 0;
    if (q->count == 0) {
        snprintf(out, size, "%.6g … %.6g%s", q->lo, q->hi, q->log ? ", log" : "");
    } else if (q->count > 8) {
        snprintf(out, size, "%s … %s (%llu values%s)", value_text(q, 0, lo, sizeof lo),
                 value_text(q, (double)(q->count - 1), hi, sizeof hi), (unsigned long long)q->count,
                 q->log ? ", log" : "");
    } else {
        for (uint64_t k = 0; k < q->count && used < size; k++)
            used += (size_t)snprintf(
                out + used, size - used, "%s%s", k ? ", " : "",
                ms_text_short(value_text(q, (double)k, lo, sizeof lo), hi, sizeof hi));
    }
    return out;
}

static void print_space(const struct ms_sweep *sweep)
{
    enum { NAMES = 35 };
    const int screen = ms_text_screen(stdout);
    const struct ms_space *space = ms_sweep_space(sweep);
    uint64_t n = ms_space_size(space);
    printf("  parameters   %d", space->n);
    if (n)
        printf(", %llu different trial%s in the space\n", (unsigned long long)n, n == 1 ? "" : "s");
    else
        printf(", an infinite space\n");
    for (int i = 0; i < space->n; i++) {
        const struct ms_param *q = &space->param[i];
        char values[2200];
        const int width = 4 + ms_text_width(q->name), at = width < NAMES ? NAMES : width + 1;
        printf("    %s%*s", q->name, at - width, "");
        ms_text_wrap(stdout, values_text(q, values, sizeof values), at, screen);
        printf("\n");
    }
}

// The executions behind the search. How many resolving takes depends on results, and so they are in
// no forecast.
static void print_more(int64_t resolve, int64_t confirm)
{
    if (resolve <= 0 && confirm <= 0)
        return;
    printf("               and at most ");
    if (resolve > 0)
        printf("%lld to resolve", (long long)resolve);
    if (confirm > 0)
        printf("%s%lld to confirm the winner", resolve > 0 ? " and " : "", (long long)confirm);
    printf(", which the time leaves out\n");
}

static void print_head(const struct ms_plan *p)
{
    const struct ms_search *search = ms_sweep_search(p->sweep);
    const int executions = search->executions_per_trial;
    printf("%s: %s search", ms_sweep_name(p->sweep),
           ms_table_row(&ms_search_sampler_table, search->method.row)->name);
    if (search->scheduler.row > 0)
        printf(" under %s", ms_table_row(&ms_search_scheduler_table, search->scheduler.row)->name);
    printf(", seed %llu\n", (unsigned long long)ms_sweep_seed(p->sweep));
    print_space(p->sweep);
    printf("  trials       %s%lld × %d execution%s = %lld\n", p->counted ? "" : "at most ",
           (long long)p->trials, executions, executions == 1 ? "" : "s",
           (long long)p->trials * executions);
    print_more(search->resolve, search->confirm);
}

static void print_point(struct ms_text *t, const struct ms_space *space, const double *point)
{
    enum { VALUE_SIZE = 512 };
    char line[2048] = "";
    char(*value)[VALUE_SIZE] = malloc(((size_t)space->n + 1) * sizeof *value);
    struct ms_text_param *p = malloc(((size_t)space->n + 1) * sizeof *p);
    int n = 0;
    for (int i = 0; value && p && i < space->n; i++) {
        const char *name = space->param[i].name;
        if (!ms_space_active(space, point, i))
            continue;
        value_text(&space->param[i], point[i], value[n], sizeof *value);
        p[n] = (struct ms_text_param){name, name, value[n], true};
        n++;
    }
    if (value && p)
        ms_text_params(p, n, line, sizeof line);
    free(value);
    free(p);
    ms_text_cell(t, "%s", line);
}

static void trial_cells(struct ms_text *t, const struct ms_plan *p, int64_t i)
{
    const struct ms_planned *trial = &p->trial[i];
    char a[64];
    ms_text_cell(t, "%lld", (long long)i);
    if (trial->refused || !trains(p)) {
        for (int k = 0; k < 3; k++)
            ms_text_cell(t, "%s", "");
        ms_text_cell(t, "%s", trial->refused ? "refused" : "");
        return;
    }
    ms_text_cell(t, "%s", ms_text_scaled(trial->cost.parameters, a, sizeof a));
    ms_text_cell(t, "%s", ms_text_scaled(trial->cost.flops, a, sizeof a));
    ms_text_cell(t, "%s", ms_text_bytes(trial->cost.bytes, a, sizeof a));
    ms_text_cell(t, "%s", seconds_text(trial->seconds, a, sizeof a));
}

static int print_trials(const struct ms_plan *p, struct ms_error *err)
{
    static const char *const titles[] = {"trial", "weights", "FLOP", "memory", "one execution", ""};
    enum { COLUMNS = sizeof titles / sizeof *titles };
    const struct ms_space *space = ms_sweep_space(p->sweep);
    struct ms_text *t = ms_text_new(COLUMNS);
    if (!t)
        return ms_no_memory(err, "a table");
    for (int i = 0; i < COLUMNS; i++)
        ms_text_column(t, i, i + 1 < COLUMNS ? MS_RIGHT : MS_LEFT, titles[i]);
    for (int64_t i = 0; i < p->walked && i < SHOW; i++) {
        trial_cells(t, p, i);
        print_point(t, space, p->point + (size_t)i * (size_t)space->n);
    }
    printf("  the first trials%s\n", p->learns ? ", proposed before anything is learned" : "");
    ms_text_fit(t, ms_text_screen(stdout));
    int status = ms_text_print(t, stdout, false, "    ");
    ms_text_free(t);
    return status ? ms_no_memory(err, "a table") : 0;
}

// --- the time ----------------------------------------------------------------

static bool at_most(const struct ms_plan *p)
{
    const struct ms_search *search = ms_sweep_search(p->sweep);
    return p->stops_early || !isnan(search->target) || search->patience > 0;
}

static void print_basis(const struct ms_plan *p)
{
    if (p->measured == 0) {
        printf("  time         by the cost model, fitted on another machine; nothing was "
               "measured%s%s\n",
               p->not_measured.text[0] ? ": " : "", p->not_measured.text);
        return;
    }
    printf("  time         measured here in %.1f s: %d of %lld kind%s of trial%s\n", p->measuring_s,
           p->measured, (long long)p->kinds, p->kinds == 1 ? "" : "s",
           p->measured < p->kinds ? ", those between them by the cost model" : "");
    if (p->at_once > 1 && p->slowdown > 1.02)
        printf("               %d at once slow one another down by a factor of %.2f\n", p->at_once,
               p->slowdown);
}

static void print_wall(double one_s, double many_s, int workers, bool most)
{
    char a[64];
    printf("               %s%s on 1 worker", most ? "at most " : "",
           seconds_text(one_s, a, sizeof a));
    if (workers > 1)
        printf(", %s on %d with a processor each", seconds_text(many_s, a, sizeof a), workers);
    printf("; starting takes %s of it\n", seconds_text(launch_s, a, sizeof a));
}

// FLOPs of the whole sweep, over the epochs that the scheduler is expected to train.
static double flops_in_all(const struct ms_plan *p)
{
    const double trained = p->epochs_most > 0 ? p->many.epochs / p->epochs_most : 1;
    return p->flops * ms_plan_share(p) * ms_sweep_search(p->sweep)->executions_per_trial * trained;
}

static void print_wrapped(const char *title, const char *text)
{
    enum { AT = 15 };
    printf("  %-*s", AT - 2, title);
    ms_text_wrap(stdout, text, AT, ms_text_screen(stdout));
    printf("\n");
}

static void print_machine(const struct options *o, const struct ms_plan *p)
{
    char text[600], a[64];
    print_wrapped("machine", ms_plan_machine_text(&o->machine, o->gflops, text, sizeof text));
    if (*ms_plan_machine_warning(&o->machine, o->gflops, text, sizeof text))
        print_wrapped("warning", text);
    if (p->too_large == 0)
        return;
    snprintf(text, sizeof text,
             "%lld of these trials need%s more memory than a worker has here: %s "
             "(%s)",
             (long long)p->too_large, p->too_large == 1 ? "s" : "",
             ms_text_bytes(o->here.worker_bytes, a, sizeof a), o->here.memory);
    print_wrapped("infeasible", text);
}

static void print_costs(const struct options *o, const struct ms_plan *p)
{
    char a[64], b[64], c[64];
    ms_text_scaled(p->parameters_min, a, sizeof a);
    ms_text_scaled(p->parameters_max, b, sizeof b);
    printf("  weights      %s%s%s per network\n", a, strcmp(a, b) ? " to " : "",
           strcmp(a, b) ? b : "");
    printf("  memory       at most %s per worker, besides the data\n",
           ms_text_bytes(p->bytes_max, a, sizeof a));
    print_machine(o, p);
    printf("  computing    %sFLOP in total\n", ms_text_scaled(flops_in_all(p), a, sizeof a));
    print_basis(p);
    seconds_text(p->n ? p->seconds / (double)p->n : 0, a, sizeof a);
    seconds_text(p->seconds_min, b, sizeof b);
    seconds_text(p->seconds_max, c, sizeof c);
    if (strcmp(b, c) == 0)
        printf("               %s per execution\n", a);
    else
        printf("               %s per execution on average, %s to %s\n", a, b, c);
}

static void print_command(const struct ms_plan *p)
{
    char a[64], b[64];
    printf("  time         only the command knows; at a second per epoch: %s on 1 worker, %s "
           "on %d\n",
           seconds_text(p->one.training_s, a, sizeof a),
           seconds_text(p->many.training_s, b, sizeof b), p->workers);
}

static void print_totals(const struct options *o, const struct ms_plan *p)
{
    const struct ms_search *search = ms_sweep_search(p->sweep);
    const int executions = search->executions_per_trial;
    char a[64];
    if (trains(p))
        print_costs(o, p);
    else if (ms_sweep_kind(p->sweep) == MS_KIND_COMMAND)
        print_command(p);
    else
        printf("  time         the function takes none; recording its values does\n");
    if (p->proposing_s > 0.1)
        printf("               %s for the method's proposals, while the workers train\n",
               seconds_text(p->proposing_s, a, sizeof a));
    if (search->scheduler.row > 0)
        printf("               %.0f of at most %.0f epochs, if chance decided which trials go on\n",
               p->many.epochs, p->epochs_most);
    if (p->one.winner_s > 0)
        printf("               including at most %s to repeat the winner's %d execution%s for the "
               "test set\n",
               seconds_text(p->one.winner_s, a, sizeof a), executions, executions == 1 ? "" : "s");
    if (ms_sweep_kind(p->sweep) != MS_KIND_COMMAND)
        print_wall(p->one.training_s + p->one.winner_s + launch_s,
                   p->many.training_s + p->many.winner_s + launch_s, p->workers, at_most(p));
    if (p->stops_early)
        printf("               early stopping may end executions sooner\n");
    if (p->walked < p->trials)
        printf("               (extrapolated from the first %lld trials)\n", (long long)p->walked);
    if (p->refused)
        printf("  cannot train %lld of these trials; the first: %s\n", (long long)p->refused,
               p->first_refusal.text);
}

static void print_json(const struct sums *s, int workers)
{
    printf("{\"stages\": %d, \"trials\": %.0f, \"executions\": %.0f, \"flops\": %.6g, "
           "\"memory_bytes\": %.0f, \"resolve_most\": %lld, \"confirm_most\": %lld, "
           "\"kinds\": %lld, \"measured\": %d, \"workers\": %d, \"launch_s\": %.6g, \"winner_s\": "
           "%.6g, ",
           s->stages, s->trials, s->executions, s->flops, s->bytes_most, (long long)s->resolve,
           (long long)s->confirm, (long long)s->kinds, s->measured, workers, launch_s, s->winner_s);
    if (s->unknown)
        printf("\"one_worker_s\": null, \"wall_s\": null, \"at_most\": false}\n");
    else
        printf("\"one_worker_s\": %.6g, \"wall_s\": %.6g, \"at_most\": %s}\n", s->one_s, s->many_s,
               s->at_most ? "true" : "false");
}

// --- the command -------------------------------------------------------------

static void add_stage(struct sums *s, const struct ms_plan *p)
{
    const struct ms_search *search = ms_sweep_search(p->sweep);
    const int executions = search->executions_per_trial;
    s->resolve += search->resolve;
    s->confirm += search->confirm;
    s->unknown = s->unknown || ms_sweep_kind(p->sweep) == MS_KIND_COMMAND;
    s->at_most = s->at_most || at_most(p);
    s->measured += p->measured;
    s->kinds += p->kinds;
    s->trials += (double)p->trials;
    s->executions += (double)p->trials * executions;
    s->flops += flops_in_all(p);
    s->bytes_most = fmax(s->bytes_most, p->bytes_max);
    s->winner_s += p->many.winner_s;
    s->one_s += p->one.training_s + p->one.winner_s;
    s->many_s += p->many.training_s + p->many.winner_s;
}

static int print_plan(const struct options *o, const struct ms_plan *p, struct ms_error *err)
{
    print_head(p);
    int status = print_trials(p, err);
    if (!status)
        print_totals(o, p);
    return status;
}

// Plans stage after stage, each from a stand-in for the winner of the one before.
static int plan_stages(const struct options *o, const struct ms_runfile *file,
                       ms_measure_with measure, struct sums *sums, struct ms_error *err)
{
    struct ms_sweep *made = NULL, *next = NULL;
    const struct ms_sweep *first = file->sweep, *sweep = first;
    struct ms_plan p = {0};
    int status = 0;
    sums->stages = ms_sweep_stages(first);
    for (int i = 0; i < sums->stages && !status; i++) {
        p = (struct ms_plan){.sweep = sweep,
                             .data = file->data,
                             .tests = i + 1 == sums->stages,
                             .workers = o->workers,
                             .measure_s = fmax(measure_s / sums->stages, measure_stage_least_s),
                             .worker_bytes = o->here.worker_bytes,
                             .slowdown = p.slowdown,
                             .at_once = p.at_once};
        status = ms_plan_make(&p, o->no_measure ? NULL : measure, err);
        if (!status && !o->json) {
            printf("%s", i ? "\n" : "");
            status = print_plan(o, &p, err);
        }
        if (!status)
            add_stage(sums, &p);
        if (!status && i + 1 < sums->stages) {
            const double *winner = ms_plan_middling(&p);
            status = winner ? ms_sweep_stage(first, i + 1, sweep, winner, &next, err)
                            : ms_fail(err, MS_EINVAL, "no trial of stage %d can be trained", i + 1);
            if (!status) {
                ms_sweep_free(made);
                sweep = made = next;
            }
        }
        ms_plan_clear(&p);
    }
    ms_sweep_free(made);
    return status;
}

static int plan(const struct options *o, const struct ms_runfile *file, ms_measure_with measure,
                struct ms_error *err)
{
    struct sums sums = {0};
    if (o->json)
        ms_show_data_warnings(file->info, file->n_info, ms_show_data_print, stderr);
    else
        ms_show_data(file->info, file->n_info, true, ms_show_data_print, stdout);
    int status = plan_stages(o, file, measure, &sums, err);
    sums.one_s += launch_s;
    sums.many_s += launch_s;
    if (!status && o->json) {
        print_json(&sums, o->workers);
    } else if (!status && sums.stages > 1) {
        printf("\nall %d stages: %.0f executions; the winner of each is assumed to be of median "
               "cost\n",
               sums.stages, sums.executions);
        print_more(sums.resolve, sums.confirm);
        if (!sums.unknown)
            print_wall(sums.one_s, sums.many_s, o->workers, sums.at_most);
    }
    return status;
}

static const char examples[] = "mlpsweep plan sweep.json\n";

static const char usage[] =
    "usage: mlpsweep plan SWEEP [--workers N] [--no-measure] [--json]\n\n"
    "Describes a sweep before it runs: its trials, their weights, FLOPs, memory and time. No "
    "store\n"
    "is touched. To forecast the time it trains some trials for a moment, about three seconds in\n"
    "all. The forecast is for workers with a processor each, on machines like this one.\n";

int ms_plan_command(int argc, char **argv, ms_measure_with measure, ms_plan_settle settle)
{
    struct options o = {0};
    struct ms_runfile file = {0};
    struct ms_error err = {0};
    const char *path;
    const struct ms_option options[] = {
        {"workers", MS_OPT_INT, &o.workers, NULL, 1,
         "forecast for N workers; default: one per processor"},
        {"no-measure", MS_OPT_FLAG, &o.no_measure, NULL, 0,
         "train nothing; use the cost model alone, which was fitted on another machine"},
        {"json", MS_OPT_FLAG, &o.json, NULL, 0,
         "print the totals as one JSON object, times in seconds"},
    };
    const struct ms_syntax syntax = {"plan", usage, options,      sizeof options / sizeof *options,
                                     1,      1,     "sweep file", examples};
    const int n = ms_options_read(&syntax, argc, argv, &path);
    if (n < 0)
        return -1 - n;
    if (o.workers == 0)
        o.workers = (int)sysconf(_SC_NPROCESSORS_ONLN);
    const struct ms_memory memory = ms_machine_memory("");
    ms_plan_machine_memory(&memory, o.workers, (int)sysconf(_SC_NPROCESSORS_ONLN), &o.here);
    int status = settle(&o.machine, &err);
    if (!status && !o.no_measure)
        o.gflops = o.machine.gflops();
    if (!status)
        status = ms_runfile_load(&file, path, &err);
    if (!status)
        status = plan(&o, &file, measure, &err);
    if (status)
        fprintf(stderr, "%s%s\n", file.n_problems ? "" : "mlpsweep: ", err.text);
    ms_runfile_clear(&file);
    return status ? MS_EXIT_REFUSED : MS_EXIT_OK;
}
