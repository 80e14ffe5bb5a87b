// SPDX-License-Identifier: MIT
//
// The importance of the parameters and the pairs that act together, as `mlpsweep importance`
// computes them, with the sentences that say what they are.
#include <math.h>

#include "coordinator/insight/importance.h"
#include "mlpsweep/words.h"
#include "report_internal.h"

enum { TRIALS_MOST = 100000, PAIRS = 3 }; // more trials would take a minute

static void write_text(struct ms_json_out *o, const struct ms_importance *m)
{
    char text[900], n[32], top[32];
    snprintf(text, sizeof text,
             "Which of them decide whether a trial is among the best %s of %s (conditional "
             "PED-ANOVA); shares sum up to 100 %%, lines are 95 %% intervals of a bootstrap. "
             "Parameters whose interval begins at 0 are pale.",
             ms_words_count(m->n_top, top, sizeof top), ms_words_count(m->judged.n, n, sizeof n));
    if (m->judged.n_stopped + m->judged.n_without > 0)
        ms_words_append(text, sizeof text,
                        " Trials that were stopped or have no result (%s) are left out.",
                        ms_words_count(m->judged.n_stopped + m->judged.n_without, n, sizeof n));
    ms_json_out_text(o, "text", text);
}

static void write_pairs(struct ms_json_out *o, const struct ms_importance *m)
{
    char text[900] = "";
    for (int i = 0, said = 0; i < m->pairs.n && said < PAIRS; i++) {
        const struct ms_pair *p = &m->pairs.item[i];
        if (isnan(p->p) || p->p >= 0.05 || p->share < 0.01)
            continue;
        ms_words_append(text, sizeof text, "%s%s with %s (%.0f %% of the variance of ranks)",
                        said++ ? "; " : "Acting together: ", p->a, p->b, 100 * p->share);
    }
    if (*text)
        ms_words_append(text, sizeof text, ".");
    ms_json_out_text(o, "pairs", *text ? text : NULL);
}

int ms_report_write_importance(struct ms_json_out *o, struct ms_report_sweep *s,
                               struct ms_error *err)
{
    struct ms_importance m;
    const uint64_t seed = s->table.sweep ? ms_sweep_seed(s->table.sweep) : 0;
    if (s->table.n > TRIALS_MOST || s->table.n_params == 0) {
        ms_json_out_null(o, "importance");
        return 0;
    }
    const int status = ms_importance_of(&s->table, seed, &m, err);
    if (status)
        return status;
    if (m.n_top > 0) {
        ms_json_out_open(o, "importance", '{');
        write_text(o, &m);
        write_pairs(o, &m);
        ms_json_out_open(o, "items", '[');
        for (int i = 0; i < m.n; i++) {
            ms_json_out_open(o, NULL, '{');
            ms_json_out_text(o, "name", m.item[i].name);
            ms_json_out_number(o, "share", m.item[i].share);
            ms_json_out_number(o, "lo", m.item[i].lo);
            ms_json_out_number(o, "hi", m.item[i].hi);
            ms_json_out_close(o);
        }
        ms_json_out_close(o);
        ms_json_out_close(o);
    } else {
        ms_json_out_null(o, "importance");
    }
    ms_importance_clear(&m);
    return 0;
}
