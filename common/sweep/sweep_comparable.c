// SPDX-License-Identifier: MIT
//
// A ranking compares numbers of one meaning. "loss" and "val_loss" change theirs with what is
// minimised: if that is swept, they rank trials by their units, and the file is refused.
#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "sweep_internal.h"

static const struct {
    const char *name; // of the field; its arguments are names below it: "loss.delta"
    bool validation;  // val_loss changes, too
} units[] = {
    {"loss", true},
    {"class_weight", false},
};

// A data section as compact JSON says how its targets are scaled; "" where it does not.
static void target_scaling(const char *section, char *out, size_t size)
{
    cJSON *data = cJSON_Parse(section);
    char *text = cJSON_PrintUnformatted(ms_sweep_member(data, "target_scaling"));
    snprintf(out, size, "%s", text && strcmp(text, "\"none\"") != 0 ? text : "");
    cJSON_free(text);
    cJSON_Delete(data);
}

// True if two of the data sections scale targets differently: "data" itself may be a choice.
static bool scales_differ(const struct ms_sweep *s)
{
    char first[128], other[128];
    for (int i = 0; i < s->n_specs; i++) {
        target_scaling(s->spec[i].canonical, i ? other : first, sizeof first);
        if (i && strcmp(first, other) != 0)
            return true;
    }
    return false;
}

// The name of the first parameter that changes the meaning of a loss, or NULL.
static const char *changes(const struct ms_sweep *s, bool validation)
{
    for (int i = 0; i < s->space.n; i++)
        for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
            const char *name = s->space.param[i].name;
            size_t n = strlen(units[k].name);
            bool below = strncmp(name, units[k].name, n) == 0 && (!name[n] || name[n] == '.');
            if (below && s->space.param[i].count != 1 && (units[k].validation || !validation))
                return name;
        }
    return scales_differ(s) ? "data.target_scaling" : NULL;
}

void ms_sweep_comparable_rules(const struct ms_sweep *s, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *list = ms_sweep_member(root, "objective");
    for (int i = 0; i < s->goals.n && s->kind == MS_KIND_TRAIN; i++) {
        int id = s->goals.item[i].metric;
        const char *by = id >= 0 && id < 2 ? changes(s, id == 1) : NULL;
        const cJSON *goal = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, i) : list;
        const cJSON *metric = ms_sweep_member(goal, "metric");
        const char *val = id == 1 ? "val_" : "";
        if (by)
            ms_sweep_problem(w,
                             metric ? metric
                             : goal ? goal
                                    : root,
                             "objective.metric: found '%s' with a swept %s, on which its unit "
                             "depends; allowed: a metric that means the same in all trials, such "
                             "as %smse, %smae or %saccuracy",
                             s->goals.item[i].name, by, val, val, val);
    }
}
