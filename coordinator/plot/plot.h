// SPDX-License-Identifier: MIT
//
// mlpsweep plot: pictures for papers, by gnuplot, and for terminals. A kind of plot is a row of the
// table in plot.c and one function that fills a figure from what the store says.
#ifndef MLPSWEEP_PLOT_H
#define MLPSWEEP_PLOT_H

#include "coordinator/insight/trial_table.h"
#include "coordinator/show/show.h"
#include "figure.h"

enum { MS_PLOT_TRIALS = 64 };

// What a plot is made from.
struct ms_plot {
    struct ms_show *show; // store, sweep
    struct ms_trial_table trials;
    struct ms_show_params labels; // of parameters, by the store's names
    // The command's options.
    uint32_t trial[MS_PLOT_TRIALS]; // --trial, in the order given
    int n_trials;                   // 0: the kind's own choice
    const char *x, *y;              // --x, --y: parameters of a pair, columns of data; NULL
    const char *metric;             // --metric; NULL: the objective
    const char *log;                // --log: "", "x", "y" or "xy"
};

struct ms_plot_kind {
    const char *name, *doc;
    int (*fill)(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
};

int ms_plot_history(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
int ms_plot_curves(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
int ms_plot_importance(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
int ms_plot_parallel(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
int ms_plot_pair(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
int ms_plot_data(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);
int ms_plot_fit(struct ms_plot *p, struct ms_figure *f, struct ms_error *err);

// mlpsweep plot: a row of the table in coordinator/cli.c.
int ms_plot_command(int argc, char **argv);

// --- what kinds share (plot_shared.c) ----------------------------------------------

// "val_accuracy (larger is better)".
void ms_plot_objective(const struct ms_plot *p, char *out, size_t size);
// What a parameter is called on an axis.
const char *ms_plot_label(const struct ms_plot *p, int param);
// Where a value stands on the axis of its parameter: its number; of a name its index among the
// names. NAN: not in force.
double ms_plot_place(const struct ms_plot *p, int64_t row, int param);
// Prepares an axis for a parameter: label, logarithm, ticks of names.
void ms_plot_param_axis(const struct ms_plot *p, struct ms_figure *f, struct ms_axis *a, int param);
// The three classes by which trials are drawn: 0 the best tenth, 1 the better half, 2 the others,
// and series of points for them (the best on top); -1: it has no result. series[k] is that of k.
enum { MS_PLOT_CLASSES = 3 };
int ms_plot_class(const struct ms_plot *p, int64_t row);
void ms_plot_classes(struct ms_figure *f, enum ms_mark mark, int series[MS_PLOT_CLASSES]);

#endif
