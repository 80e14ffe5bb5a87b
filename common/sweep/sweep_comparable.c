// SPDX-License-Identifier: MIT
//
// A ranking compares numbers of one meaning. "loss" and "val_loss" change theirs with what is
// minimised: if that is swept, they rank trials by their units, and the file is refused.
#include <string.h>

#include "mlpsweep/metric.h"
#include "sweep_internal.h"

static const struct {
    const char *name; // of the field; its arguments are names below it: "loss.delta"
    bool validation;  // val_loss changes, too
} units[] = {
    {"loss", true},
    {"data.target_scaling", true},
    {"class_weight", false},
};

// The first parameter that changes the meaning of a loss, or NULL.
static const struct ms_param *changes(const struct ms_sweep *s, bool validation)
{
    for (int i = 0; i < s->space.n; i++)
        for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
            const char *name = s->space.param[i].name;
            size_t n = strlen(units[k].name);
            bool below = strncmp(name, units[k].name, n) == 0 && (!name[n] || name[n] == '.');
            if (below && s->space.param[i].count != 1 && (units[k].validation || !validation))
                return &s->space.param[i];
        }
    return NULL;
}

void ms_sweep_comparable_rules(const struct ms_sweep *s, struct ms_walk *w)
{
    const cJSON *root = ms_json_root(s->doc), *list = ms_sweep_member(root, "objective");
    for (int i = 0; i < s->goals.n && s->kind == MS_KIND_TRAIN; i++) {
        int id = s->goals.item[i].metric;
        const struct ms_param *p = id >= 0 && id < 2 ? changes(s, id == 1) : NULL;
        const cJSON *goal = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, i) : list;
        const cJSON *metric = ms_sweep_member(goal, "metric");
        const char *val = id == 1 ? "val_" : "";
        if (p)
            ms_sweep_problem(w,
                             metric ? metric
                             : goal ? goal
                                    : root,
                             "objective.metric: found '%s' with a swept %s, on which its unit "
                             "depends; allowed: a metric that means the same in all trials, such "
                             "as %smse, %smae or %saccuracy",
                             s->goals.item[i].name, p->name, val, val, val);
    }
}
