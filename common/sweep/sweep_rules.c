// SPDX-License-Identifier: MIT
//
// Rules of a sweep file that no single field knows.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "sweep_internal.h"

static const struct ms_search_row *search_row(int row)
{
    return (const struct ms_search_row *)ms_table_row(&ms_search_sampler_table, row);
}

// "random, …": the methods that can draw from a continuous parameter.
static const char *drawing_methods(char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < ms_search_sampler_table.n && used < size; i++)
        if (!search_row(i)->needs_finite && !search_row(i)->is_path) {
            int n = snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                             search_row(i)->row.name);
            used += n > 0 ? (size_t)n : 0;
        }
    return out;
}

// A path has two ends, and stops at no other place.
static void path_rules(const struct ms_values *v, const cJSON *search, struct ms_walk *w)
{
    const cJSON *first = ms_sweep_member(search, "try_first");
    const int n = cJSON_IsArray(first) ? cJSON_GetArraySize(first) : 0;
    if (n != 2)
        ms_sweep_problem(w, first ? first : search,
                         "search.try_first: found %d trial%s; allowed: two, where the path of "
                         "method ablation begins and where it ends",
                         n, n == 1 ? "" : "s");
    static const char *const stops[] = {"target", "patience"};
    for (int k = 0; k < 2; k++)
        if (ms_sweep_member(search, stops[k]))
            ms_sweep_problem(w, ms_sweep_member(search, stops[k]),
                             "search.%s: found with method ablation, which always goes to the "
                             "end of its path; allowed: not given",
                             stops[k]);
    if (v->search.scheduler.row > 0)
        ms_sweep_problem(w, ms_sweep_member(search, "scheduler"),
                         "search.scheduler: found with method ablation, whose trials are all "
                         "compared; allowed: none");
}

static void method_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *search = ms_sweep_member(root, "search");
    const struct ms_search_row *method = search_row(v->search.method.row);
    char methods[256], allowed[128];
    if (method->needs_max_trials && !ms_sweep_member(search, "max_trials")) {
        const struct ms_field f = {.type = MS_F_LONG, .lo = 1, .hi = (double)MS_MAX_TRIALS};
        ms_sweep_problem(w, search,
                         "search.max_trials: missing (%s search does not end by itself); "
                         "allowed: %s",
                         method->row.name, ms_field_allowed(&f, allowed, sizeof allowed));
    }
    if (method->is_path)
        path_rules(v, search, w);
    if (!method->needs_finite)
        return;
    bool finite = true;
    for (int i = 0; i < s->space.n; i++) {
        const struct ms_param *p = &s->space.param[i];
        // In the data a continuous parameter is wrong with every method, and told where it stands.
        if (p->count > 0 || (s->kind == MS_KIND_TRAIN && strncmp(p->name, "data.", 5) == 0))
            continue;
        bool repeated = false; // in "each": said once
        for (int j = 0; j < i && !repeated; j++)
            repeated = s->place[j].node == s->place[i].node;
        if (!repeated)
            ms_sweep_problem(
                w, s->place[i].node,
                "%s: found a continuous parameter in a %s; allowed: with step, points or "
                "choice, or another search method: %s",
                p->name, method->row.name, drawing_methods(methods, sizeof methods));
        finite = false;
    }
    uint64_t size = w->found == 0 ? ms_space_size(&s->space) : 1;
    if (finite && v->search.max_trials == 0 && (size == 0 || size > MS_MAX_TRIALS))
        ms_sweep_problem(w, search ? search : root,
                         "search: found %s%" PRIu64
                         " combinations; allowed: at most %lld, or max_trials",
                         size ? "" : "more than ", size ? size : UINT64_C(1) << 62, MS_MAX_TRIALS);
}

// A scheduler that could never decide anything.
static void scheduler_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *search = ms_sweep_member(root, "search");
    const cJSON *at = ms_sweep_member(search, "scheduler"),
                *epochs = ms_sweep_member(root, "epochs");
    const struct ms_row *row = ms_table_row(&ms_search_scheduler_table, v->search.scheduler.row);
    const double most = ms_sweep_most_epochs(s);
    if (s->kind == MS_KIND_FUNCTION) {
        ms_sweep_problem(w, at,
                         "search.scheduler: found %s, but a function has no epochs; allowed: none",
                         row->name);
        return;
    }
    if (most < 2) {
        ms_sweep_problem(w, epochs ? epochs : at,
                         "epochs: found %s, but search.scheduler is %s; allowed: at least 2",
                         epochs     ? "1"
                         : most > 0 ? "none, which is 1"
                                    : "none",
                         row->name);
        return;
    }
    const int trials = ms_table_find_arg(row, "trials");
    if (trials >= 0 && v->search.scheduler.arg[trials] == 0 && v->search.patience > 0)
        ms_sweep_problem(
            w, ms_sweep_member(search, "patience"),
            "search.patience: found with %s, which starts all trials "
            "before it trains one to the end; allowed: with the \"trials\" of a bracket given, or "
            "another scheduler",
            row->name);
    static const char *const firsts[] = {"min_epochs", "start_epoch"};
    for (int k = 0; k < 2; k++) {
        int i = ms_table_find_arg(row, firsts[k]);
        if (i >= 0 && v->search.scheduler.arg[i] >= most)
            ms_sweep_problem(
                w, ms_sweep_member(at, firsts[k]) ? ms_sweep_member(at, firsts[k]) : at,
                "search.scheduler.%s: found %.0f, but epochs is %.0f; allowed: less than that",
                firsts[k], v->search.scheduler.arg[i], most);
    }
}

// The worst of more executions is worse: trials that are given more of them could only lose.
static void resolve_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *search = ms_sweep_member(ms_json_root(s->doc), "search");
    if (v->search.resolve > 0 && v->objective.by == MS_BY_WORST)
        ms_sweep_problem(w, ms_sweep_member(search, "resolve"),
                         "search.resolve: found with objective.by 'worst', by which trials with "
                         "more executions lose; allowed: with %s, %s, %s",
                         ms_sweep_by_names[MS_BY_MEAN], ms_sweep_by_names[MS_BY_MEDIAN],
                         ms_sweep_by_names[MS_BY_LOWER_BOUND]);
}

static void window_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *objective = ms_sweep_first_objective(ms_json_root(s->doc));
    const cJSON *window = ms_sweep_member(objective, "window");
    if (window && w->found == 0 && (v->objective.at == MS_AT_BEST || v->objective.at == MS_AT_LAST))
        ms_sweep_problem(w, window,
                         "objective.window: found with objective.at '%s', which takes a single "
                         "epoch; allowed: with best_mean, last_mean",
                         ms_sweep_at_names[v->objective.at]);
}

void ms_sweep_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc);
    if (w->rate_in && ms_sweep_member(root, "learning_rate"))
        ms_sweep_problem(w, w->rate_in,
                         "optimizer.learning_rate: found beside learning_rate at the top "
                         "level; allowed: one of them");
    const cJSON *plateau = ms_sweep_member(root, "reduce_on_plateau");
    if (w->schedule_in && plateau && !cJSON_IsNull(plateau))
        ms_sweep_problem(w, plateau,
                         "reduce_on_plateau: found beside a learning-rate schedule; allowed: "
                         "with a constant learning rate");
    const cJSON *method = ms_sweep_member(ms_sweep_member(root, "search"), "method"),
                *name = ms_sweep_member(method, "name");
    name = name ? name : method;
    // An unknown method was reported: rules of the default one would be no help.
    if (!method ||
        (cJSON_IsString(name) && ms_table_find(&ms_search_sampler_table, name->valuestring) >= 0))
        method_rules(s, v, w);
    if (v->search.scheduler.row > 0 && w->found == 0)
        scheduler_rules(s, v, w);
    resolve_rules(s, v, w);
    window_rules(s, v, w);
}

// Fields that need validation rows, where some data section has none.
void ms_sweep_data_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *objective = ms_sweep_first_objective(root);
    const struct {
        const char *section;
        int monitor;
    } watchers[] = {{"early_stopping", v->monitor}, {"reduce_on_plateau", v->plateau}};
    char name[64];
    bool without = false;
    for (int i = 0; i < s->n_specs; i++) {
        without = without || !ms_data_validates(&s->spec[i]);
        if (s->spec[i].folds != s->spec[0].folds)
            ms_sweep_problem(w, ms_sweep_member(root, "data"),
                             "data.folds: found %d and %d; allowed: the same for all trials",
                             s->spec[0].folds, s->spec[i].folds);
    }
    if (!without)
        return;
    if (v->objective.metric >= 0 && v->objective.metric % 2 == 1)
        ms_sweep_problem(
            w, ms_sweep_member(objective, "metric"),
            "objective.metric: found '%s', but data.validation is 0; allowed: a metric of "
            "the training rows",
            ms_metric_name(v->objective.metric, name, sizeof name));
    ms_sweep_goals_data_rules(v, root, w);
    for (int i = 0; i < 2; i++) {
        const cJSON *section = ms_sweep_member(root, watchers[i].section);
        const cJSON *monitor = ms_sweep_member(section, "monitor");
        if (watchers[i].monitor >= 0 && watchers[i].monitor % 2 == 1)
            ms_sweep_problem(
                w, monitor ? monitor : section,
                "%s.monitor: found '%s', but data.validation is 0; allowed: a metric of the "
                "training rows",
                watchers[i].section, ms_metric_name(watchers[i].monitor, name, sizeof name));
    }
}
