// SPDX-License-Identifier: MIT
//
// Densities on a grid and their Pearson divergence. The kernels of a density of numbers have one
// width, so their masses on the grid are one table by distance; only the part that the edges cut
// off differs.
#include "ped_anova.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

static const double floor_of_densities = 1e-12; // Optuna's
enum { LEAST_IN_FORCE = 2 };

// --- cells -------------------------------------------------------------------

struct grid {
    int cells;
    bool ordered, log;
    double lo, hi; // in the logarithm with log
};

static struct grid numbers(int cells, bool log_scale, double lo, double hi)
{
    return (struct grid){.cells = lo < hi ? cells : 0,
                         .ordered = true,
                         .log = log_scale,
                         .lo = log_scale ? log(lo) : lo,
                         .hi = log_scale ? log(hi) : hi};
}

static int at_most(double cells)
{
    return cells < MS_PED_CELLS ? (int)cells : MS_PED_CELLS;
}

static struct grid grid_of_param(const struct ms_param *p)
{
    if (p->kind == MS_CHOICE || p->kind == MS_BOOL)
        return (struct grid){.cells = p->count > 1 ? (int)p->count : 0};
    if (p->count == 0)
        return numbers(MS_PED_CELLS, p->log, p->lo, p->hi);
    if (p->kind == MS_INT && p->log && p->step <= 1)
        return numbers(at_most(ceil(log(p->hi - p->lo + 1) / log(2)) + 1), true, p->lo, p->hi);
    return numbers(at_most((double)p->count), false, 0, (double)p->count - 1); // by index
}

static struct grid grid_of_texts(const struct ms_judged *j, int param)
{
    const struct ms_table_param *p = &j->table->param[param];
    double lo = INFINITY, hi = -INFINITY;
    bool named = p->n_levels <= MS_PED_CELLS;
    for (int64_t i = 0; !named && i < j->n; i++) {
        const double v = j->table->value[j->row[i] * j->table->n_params + param];
        const double x = ms_trial_table_number(j->table, j->row[i], param);
        named = !isnan(v) && isnan(x);
        lo = fmin(lo, x);
        hi = fmax(hi, x);
    }
    return named ? (struct grid){.cells = p->n_levels > 1 && p->n_levels < INT16_MAX
                                              ? (int)p->n_levels
                                              : 0}
                 : numbers(MS_PED_CELLS, false, lo, hi);
}

// The number by which a value has its place on an ordered grid.
static double place_of(const struct ms_judged *j, int64_t row, int param, double v)
{
    const struct ms_param *p = j->table->param[param].param;
    if (!p || (p->kind == MS_INT && p->log && p->step <= 1))
        return ms_trial_table_number(j->table, row, param);
    return v; // the number of a continuous parameter, the index of others
}

static int16_t cell_of(const struct grid *g, double x)
{
    const double at = ((g->log ? log(x) : x) - g->lo) / ((g->hi - g->lo) / (g->cells - 1));
    const double cell = ceil(at - 0.5); // a tie goes to the lower cell
    return (int16_t)fmin(fmax(cell, 0), g->cells - 1);
}

int ms_ped_column_of(const struct ms_judged *j, int param, struct ms_ped_column *out,
                     struct ms_error *err)
{
    const struct ms_table_param *p = &j->table->param[param];
    const struct grid g = p->param ? grid_of_param(p->param) : grid_of_texts(j, param);
    *out = (struct ms_ped_column){.cells = g.cells, .ordered = g.ordered};
    out->cell = malloc((size_t)(j->n + 1) * sizeof *out->cell);
    if (!out->cell)
        return ms_no_memory(err, "the values of %lld trials", (long long)j->n);
    bool any = false;
    for (int64_t i = 0; i < j->n; i++) {
        const double v = j->table->value[j->row[i] * j->table->n_params + param];
        out->cell[i] = -1;
        if (isnan(v) || g.cells == 0)
            continue;
        out->cell[i] = g.ordered ? cell_of(&g, place_of(j, j->row[i], param, v)) : (int16_t)v;
        any = true;
    }
    if (!any)
        out->cells = 0;
    return 0;
}

// --- densities ---------------------------------------------------------------

static double phi(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

// The first cell whose cumulated count is at least (above: greater than) `share`.
static int quantile_cell(const int64_t *counts, int cells, int64_t share, bool above)
{
    int64_t sum = 0;
    int last = 0;
    for (int x = 0; x < cells; x++) {
        if (counts[x] == 0)
            continue;
        sum += counts[x];
        last = x;
        if (above ? sum > share : sum >= share)
            return x;
    }
    return last;
}

static double width_of(const int64_t *counts, int cells, int64_t n)
{
    double mean = 0, square = 0;
    for (int x = 0; x < cells; x++)
        mean += (double)counts[x] * x / (double)n;
    for (int x = 0; x < cells; x++)
        square += (double)counts[x] * (x - mean) * (x - mean);
    const double sigma = sqrt(square / (n > 1 ? (double)n - 1 : 1));
    const double iqr =
        quantile_cell(counts, cells, n * 3 / 4, true) - quantile_cell(counts, cells, n / 4, false);
    return fmax(1.059 * fmin(iqr / 1.34, sigma) * pow((double)n, -0.2), 0.5 / 1.64);
}

// Adds a normal around mu, cut to the grid, to the density.
static void add_prior(double *density, int cells, double weight)
{
    const double mu = (cells - 1) / 2.0, sigma = cells;
    const double all = phi((cells - 0.5 - mu) / sigma) - phi((-0.5 - mu) / sigma);
    for (int x = 0; x < cells; x++)
        density[x] += weight * (phi((x + 0.5 - mu) / sigma) - phi((x - 0.5 - mu) / sigma)) / all;
}

static void density_of_numbers(const int64_t *counts, int cells, int64_t n, double *density)
{
    double mass[MS_PED_CELLS]; // of a cell by its distance from the kernel's
    const double sigma = width_of(counts, cells, n), total = (double)n + 1;
    for (int d = 0; d < cells; d++)
        mass[d] = phi((0.5 - d) / sigma) - phi((-0.5 - d) / sigma); // of the lower tail: exact
    for (int k = 0; k < cells; k++) {
        if (counts[k] == 0)
            continue;
        const double all = phi((cells - 0.5 - k) / sigma) - phi((-0.5 - k) / sigma);
        const double weight = (double)counts[k] / total / all;
        for (int x = 0; x < cells; x++)
            density[x] += weight * mass[abs(x - k)];
    }
    add_prior(density, cells, 1 / total);
}

static void density_of_names(const int64_t *counts, int cells, int64_t n, double *density)
{
    int occupied = 0;
    for (int k = 0; k < cells; k++)
        occupied += counts[k] > 0;
    const double base = 1.0 / (occupied + 1), sum = cells * base + 1, total = (double)n + 1;
    const double common = (double)n / total * base / sum + 1 / total / cells;
    for (int k = 0; k < cells; k++)
        density[k] = common + (double)counts[k] / total / sum;
}

static void density_of(const struct ms_ped_column *c, const int64_t *counts, double *density)
{
    int64_t n = 0;
    for (int x = 0; x < c->cells; x++) {
        n += counts[x];
        density[x] = 0;
    }
    if (c->ordered)
        density_of_numbers(counts, c->cells, n, density);
    else
        density_of_names(counts, c->cells, n, density);
}

double ms_ped_divergence(const struct ms_ped_column *c, const int64_t *top, const int64_t *all)
{
    double d = 0;
    double *p = malloc((size_t)c->cells * 2 * sizeof *p);
    if (!p)
        return NAN;
    double *q = p + c->cells;
    density_of(c, top, p);
    density_of(c, all, q);
    for (int x = 0; x < c->cells; x++) {
        const double px = p[x] + floor_of_densities, qx = q[x] + floor_of_densities;
        d += qx * (px / qx - 1) * (px / qx - 1);
    }
    free(p);
    return d;
}

double ms_ped_importance(const struct ms_ped_column *c, int64_t n, int64_t n_top,
                         const uint32_t *times)
{
    int64_t *top = c->cells ? calloc((size_t)c->cells * 2, sizeof *top) : NULL;
    int64_t in_top = 0, in_all = 0, all_top = 0, all = 0;
    if (!top)
        return c->cells ? NAN : 0;
    int64_t *counts = top + c->cells;
    for (int64_t i = 0; i < n; i++) {
        const int64_t w = times ? times[i] : 1;
        all += w;
        all_top += i < n_top ? w : 0;
        if (c->cell[i] < 0)
            continue;
        in_all += w;
        counts[c->cell[i]] += w;
        if (i < n_top) {
            in_top += w;
            top[c->cell[i]] += w;
        }
    }
    double importance = 0;
    if (in_top > 0 && in_all >= LEAST_IN_FORCE) {
        const double alpha = (double)in_top / (double)all_top;
        const double beta = (double)in_all / (double)all;
        importance = alpha * alpha / beta * ms_ped_divergence(c, top, counts);
    }
    free(top);
    return importance;
}
