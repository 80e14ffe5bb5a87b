// SPDX-License-Identifier: MIT
//
// The function of an objective at a point: its numbers stand in params, in their order, or are
// those of the usual domain where the file has no params.
#include "sweep_internal.h"

#include <math.h>
#include <string.h>

#include "mlpsweep/function.h"
#include "walk_param.h"

int ms_sweep_function(const struct ms_sweep *s, const struct ms_function **function,
                      const double *point, double *x, struct ms_error *err)
{
    const cJSON *params = ms_sweep_member(ms_json_root(s->doc), "params");
    struct ms_walk w = ms_sweep_reader(s, point, 0);
    int n = 0;
    *function = ms_function_row(s->function);
    if (!params) {
        n = ms_function_usual_dims(*function);
        memcpy(x, point, (size_t)n * sizeof *x);
    }
    for (const cJSON *m = params ? params->child : NULL; m; m = m->next, n++) {
        int i = ms_sweep_is_param(m) ? ms_sweep_param_at(&w, m) : -1;
        x[n] = i < 0 ? m->valuedouble : ms_space_param_number(&s->space.param[i], point[i]);
    }
    for (int i = 0; i < n; i++)
        if (isnan(x[i]))
            return ms_fail(err, MS_EINVAL, "%s: the point is not one of the sweep's space",
                           s->name);
    return n;
}
