// SPDX-License-Identifier: MIT
//
// mlpsweep plot: the table of kinds, the options, and the choice between a file that gnuplot draws
// and the terminal.
#include "plot.h"

#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "gnuplot.h"
#include "mlpsweep/outfile.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"

enum { COLUMNS = 80, ROWS = 24 };

static const struct ms_plot_kind kinds[] = {
    {"curves", "a metric by epoch: the best five trials, or those of --trial", ms_plot_curves},
    {"history", "the trials in their order, and the best so far", ms_plot_history},
    {"parallel", "parallel coordinates: a line for each trial", ms_plot_parallel},
    {"importance", "which parameters mattered, with intervals", ms_plot_importance},
    {"pair", "trials over two parameters, the most important or those of --x and --y",
     ms_plot_pair},
    {"data", "the rows of the data over two inputs, by class", ms_plot_data},
    {"fit", "what a kept network answers over two inputs, with the rows", ms_plot_fit},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static const char usage[] =
    "usage: mlpsweep plot STORE KIND [-o FILE.svg|.png|.pdf] [--text] [--trial N,M,…]\n"
    "                     [--metric NAME] [--x NAME] [--y NAME] [--log x|y|xy] [--sweep NAME]\n"
    "\n"
    "Draws a picture of a sweep: into a file, by gnuplot (package gnuplot-nox), or without -o "
    "with\n"
    "the characters of the terminal. Colours can be told apart by colour-blind readers, and "
    "series\n"
    "without colours. KIND is one of\n";

static const char examples[] =
    "mlpsweep plot results.db history                       # in the terminal\n"
    "mlpsweep plot results.db curves --trial 3,7 -o curves.svg\n"
    "mlpsweep plot results.db pair --x learning_rate --y batch_size -o pair.pdf\n"
    "mlpsweep plot results.db fit --trial best -o fit.png   # needs keep_best in the sweep file\n";

struct arguments {
    const char *sweep, *output, *trials, *metric, *x, *y;
    int log;
    bool text, force;
};

static int find_kind(const char *word, struct ms_error *err)
{
    const char *names[N_KINDS];
    char all[200] = "";
    for (int k = 0; k < N_KINDS; k++) {
        if (strcmp(kinds[k].name, word) == 0)
            return k;
        names[k] = kinds[k].name;
        ms_words_append(all, sizeof all, "%s%s", k ? ", " : "", names[k]);
    }
    const char *near = ms_nearest(word, names, N_KINDS);
    return ms_fail(err, MS_EINVAL, "'%s' is no kind of plot; allowed: %s%s%s%s", word, all,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// "3,7" or "best".
static int read_trials(struct ms_plot *p, const char *list, struct ms_error *err)
{
    char *copy = list ? strdup(list) : NULL, *rest = copy;
    int status = 0;
    for (char *word; !status && copy && (word = strsep(&rest, ","));) {
        if (p->n_trials == MS_PLOT_TRIALS)
            status = ms_fail(err, MS_EINVAL, "--trial: at most %d", MS_PLOT_TRIALS);
        else if (strcmp(word, "best") == 0 && p->trials.n_scored > 0)
            p->trial[p->n_trials++] = p->trials.row[p->trials.ranked[0]].trial;
        else if ((status = ms_show_trial(p->show, word, &p->trial[p->n_trials], err)) == 0)
            p->n_trials++;
        if (!status && ms_trial_table_row(&p->trials, p->trial[p->n_trials - 1]) < 0)
            status = ms_fail(err, MS_EINVAL, "no trial %s", word);
    }
    free(copy);
    return status;
}

static int draw_file(const struct ms_figure *f, const char *output, bool force,
                     struct ms_error *err)
{
    struct ms_outfile o;
    const int picture = ms_gnuplot_picture(output);
    if (picture < 0)
        return ms_fail(err, MS_EINVAL,
                       "-o %s: its ending is none of those that are drawn: .svg, .png, .pdf",
                       output);
    int status = ms_outfile_open(&o, output, force, err);
    if (status)
        return status;
    status = ms_gnuplot_draw(f, (enum ms_picture)picture, o.temporary, err);
    return ms_outfile_end(&o, status, err);
}

// Names of a store may hold anything that would steer a terminal.
static void make_printable(struct ms_figure *f)
{
    ms_printable(f->title, '?', "");
    ms_printable(f->x.label, '?', "");
    ms_printable(f->y.label, '?', "");
    ms_printable(f->below, '?', "");
    for (int i = 0; i < f->n_series; i++)
        ms_printable(f->series[i].name, '?', "");
    for (int i = 0; i < f->x.n_ticks; i++)
        ms_printable(f->x.tick[i].text, '?', "");
    for (int i = 0; i < f->y.n_ticks; i++)
        ms_printable(f->y.tick[i].text, '?', "");
}

static int draw(struct ms_plot *p, const struct ms_plot_kind *kind, const struct arguments *a,
                struct ms_error *err)
{
    struct ms_figure f;
    ms_figure_init(&f);
    int status = kind->fill(p, &f, err);
    f.x.log = f.x.log || (a->log >= 0 && a->log != 1);
    f.y.log = f.y.log || a->log > 0;
    if (!status && f.status)
        status = ms_fail(err, MS_ENOMEM, "out of memory for a figure");
    make_printable(&f);
    if (!status && a->output && !a->text)
        status = draw_file(&f, a->output, a->force, err);
    else if (!status)
        status = ms_canvas_draw(&f, p->show->screen ? p->show->screen : COLUMNS, ROWS,
                                p->show->colour, stdout, err);
    if (!status && (a->text || !a->output) && *f.below)
        printf("%s\n", f.below);
    ms_figure_clear(&f);
    return status;
}

static int plot(struct ms_show *s, const char *word, const struct arguments *a,
                struct ms_error *err)
{
    struct ms_plot p = {.show = s, .x = a->x, .y = a->y, .metric = a->metric};
    const int kind = find_kind(word, err);
    if (kind < 0)
        return kind;
    if (a->text && a->output)
        return ms_fail(err, MS_EINVAL,
                       "--text draws in the terminal, -o in a file: give one of them");
    int status = ms_trial_table_read(s->store, &s->sweep, &p.trials, err);
    if (!status)
        status = ms_show_params(s, &p.labels, err);
    if (!status)
        status = read_trials(&p, a->trials, err);
    if (!status)
        status = draw(&p, &kinds[kind], a, err);
    ms_show_params_clear(&p.labels);
    ms_trial_table_clear(&p.trials);
    return status;
}

int ms_plot_command(int argc, char **argv)
{
    static char help[2400];
    struct arguments a = {.log = -1};
    const char *words[2];
    snprintf(help, sizeof help, "%s", usage);
    for (int k = 0; k < N_KINDS; k++)
        ms_words_append(help, sizeof help, "  %-11s %s\n", kinds[k].name, kinds[k].doc);
    const struct ms_option options[] = {
        {.name = "output",
         .kind = MS_OPT_TEXT,
         .to = &a.output,
         .choices = "FILE",
         .doc = "the picture to write; its ending says which: .svg, .png or .pdf"},
        {.name = "text",
         .kind = MS_OPT_FLAG,
         .to = &a.text,
         .doc = "draw in the terminal (the default without -o)"},
        {.name = "trial",
         .kind = MS_OPT_TEXT,
         .to = &a.trials,
         .choices = "N,M,…",
         .doc = "of curves: these trials; of fit: this one; best is the first of the ranking"},
        {.name = "metric",
         .kind = MS_OPT_TEXT,
         .to = &a.metric,
         .choices = "NAME",
         .doc = "of curves: this metric (default: the objective)"},
        {.name = "x",
         .kind = MS_OPT_TEXT,
         .to = &a.x,
         .choices = "NAME",
         .doc = "of pair: a parameter; of data and fit: an input"},
        {.name = "y", .kind = MS_OPT_TEXT, .to = &a.y, .choices = "NAME", .doc = "the other one"},
        {.name = "log",
         .kind = MS_OPT_CHOICE,
         .to = &a.log,
         .choices = "x|y|xy",
         .doc = "logarithmic axes"},
        ms_show_sweep_option(&a.sweep),
        {.name = "force",
         .kind = MS_OPT_FLAG,
         .to = &a.force,
         .doc = "replace FILE if it is there"},
    };
    const struct ms_syntax syntax = {"plot", help, options, 9, 2, 2, "store and kind", examples};
    const int n = ms_options_read(&syntax, argc, argv, words);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int status = ms_show_open(&s, words[0], a.sweep, &err);
    if (!status)
        status = plot(&s, words[1], &a, &err);
    ms_show_close(&s);
    return ms_show_exit("plot", status, &err);
}
