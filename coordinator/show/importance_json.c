// SPDX-License-Identifier: MIT
//
// mlpsweep importance for programs: JSON and CSV, with every digit.
#include "show_importance.h"

#include <math.h>

#include "mlpsweep/json.h"
#include "show_json.h"

static void put_effect(struct ms_json_out *o, const struct ms_effect *e)
{
    ms_json_out_open(o, "effect", '[');
    for (int k = 0; k < e->n; k++) {
        const struct ms_effect_bin *b = &e->bin[k];
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "value", b->inactive ? NULL : b->text);
        ms_json_out_number(o, "from", b->from);
        ms_json_out_number(o, "to", b->to);
        ms_json_out_int(o, "n", b->n);
        ms_json_out_number(o, "mean", b->mean);
        ms_json_out_number(o, "sd", b->sd);
        ms_json_out_number(o, "low95", b->lo);
        ms_json_out_number(o, "high95", b->hi);
        ms_json_out_number(o, "best", b->best);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_path(struct ms_json_out *o, const struct ms_trial_table *t,
                     const struct ms_ablation *path)
{
    if (!path) {
        ms_json_out_null(o, "path");
        return;
    }
    ms_json_out_open(o, "path", '[');
    for (int k = 0; k < path->n; k++) {
        const struct ms_ablation_step *x = &path->step[k];
        char text[600];
        ms_json_out_open(o, NULL, '{');
        ms_json_out_int(o, "trial", t->row[x->row].trial);
        ms_json_out_text(o, "parameter", x->param < 0 ? NULL : t->param[x->param].name);
        ms_json_out_text(o, "change", k ? ms_ablation_change(t, path, k, text, sizeof text) : NULL);
        ms_json_out_number(o, "mean", t->rank[x->row].mean);
        ms_json_out_number(o, "gain", x->gain);
        ms_json_out_number(o, "low95", x->lo);
        ms_json_out_number(o, "high95", x->hi);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

void ms_show_json_importance(struct ms_show *s, const struct ms_importance *m,
                             const struct ms_ablation *path)
{
    struct ms_json_out o = {.file = stdout, .lines = 2};
    ms_json_out_open(&o, NULL, '{');
    ms_show_json_sweep(&o, &s->sweep);
    ms_json_out_int(&o, "n", m->judged.n);
    ms_json_out_int(&o, "n_top", m->n_top);
    ms_json_out_number(&o, "worst_top", m->n_top ? m->worst_top : NAN);
    ms_json_out_int(&o, "n_stopped", m->judged.n_stopped);
    ms_json_out_int(&o, "n_without_result", m->judged.n_without);
    ms_json_out_int(&o, "replicates", m->replicates);
    ms_json_out_open(&o, "parameters", '[');
    for (int k = 0; k < m->n; k++) {
        const struct ms_importance_param *p = &m->item[k];
        ms_json_out_open(&o, NULL, '{');
        ms_json_out_text(&o, "parameter", p->name);
        ms_json_out_number(&o, "importance", p->share);
        ms_json_out_number(&o, "low95", p->lo);
        ms_json_out_number(&o, "high95", p->hi);
        ms_json_out_int(&o, "n", p->n);
        put_effect(&o, &p->effect);
        ms_json_out_close(&o);
    }
    ms_json_out_close(&o);
    ms_json_out_open(&o, "pairs", '[');
    for (int k = 0; k < m->pairs.n; k++) {
        const struct ms_pair *p = &m->pairs.item[k];
        ms_json_out_open(&o, NULL, '{');
        ms_json_out_text(&o, "parameter", p->a);
        ms_json_out_text(&o, "with", p->b);
        ms_json_out_int(&o, "n", p->n);
        ms_json_out_number(&o, "interaction", p->share);
        ms_json_out_number(&o, "p", p->p);
        ms_json_out_close(&o);
    }
    ms_json_out_close(&o);
    put_path(&o, m->judged.table, path);
    ms_json_out_close(&o);
}

// A row of the table; columns that a kind of row does not have are empty.
struct csv_row {
    const char *what, *parameter, *with, *value;
    int64_t n;
    double importance, mean, sd, lo, hi, best, p;
};

static void put_row(const struct csv_row *r)
{
    const double numbers[] = {r->importance, r->mean, r->sd, r->lo, r->hi, r->best, r->p};
    const char *const texts[] = {r->what, r->parameter, r->with, r->value};
    char text[40];
    for (int k = 0; k < 4; k++)
        ms_text_csv(stdout, texts[k] ? texts[k] : "", k == 0);
    printf(",%lld", (long long)r->n);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        ms_text_csv(stdout, isnan(numbers[k]) ? "" : ms_number_text(numbers[k], text, sizeof text),
                    false);
    printf("\r\n");
}

void ms_show_csv_importance(const struct ms_importance *m)
{
    printf("what,parameter,with,value,n,importance,mean,sd,low95,high95,best,p\r\n");
    for (int k = 0; k < m->n; k++) {
        const struct ms_importance_param *p = &m->item[k];
        put_row(&(struct csv_row){"importance", p->name, NULL, NULL, p->n, p->share, NAN, NAN,
                                  p->lo, p->hi, NAN, NAN});
    }
    for (int k = 0; k < m->n; k++)
        for (int i = 0; i < m->item[k].effect.n; i++) {
            const struct ms_effect_bin *b = &m->item[k].effect.bin[i];
            put_row(&(struct csv_row){"effect", m->item[k].name, NULL, b->inactive ? NULL : b->text,
                                      b->n, NAN, b->mean, b->sd, b->lo, b->hi, b->best, NAN});
        }
    for (int k = 0; k < m->pairs.n; k++) {
        const struct ms_pair *p = &m->pairs.item[k];
        put_row(&(struct csv_row){"pair", p->a, p->b, NULL, p->n, p->share, NAN, NAN, NAN, NAN, NAN,
                                  p->p});
    }
}
