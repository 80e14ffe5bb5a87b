// SPDX-License-Identifier: MIT
//
// How a ranking over several sweeps looks: the sweeps, the fields in which their files differ, a
// table with a column for the sweep, and the verdict.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"
#include "show_several.h"

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void print_wrapped(const struct ms_show_several *s, const char *text)
{
    ms_text_wrap(stdout, text, 0, s->show[0].screen);
    printf("\n");
}

static void print_head(const struct ms_show_several *s)
{
    const struct ms_sweep_info *a = &s->show[0].sweep;
    char text[2000] = "";
    ms_words_append(text, sizeof text, "%d sweeps: %s, %s, ranked by %s", s->n, a->metric,
                    a->rule.maximize ? "larger is better" : "smaller is better",
                    ms_sweep_by_names[a->rule.by]);
    print_wrapped(s, text);
    for (int i = 0; i < s->n; i++) {
        int64_t scored = 0, ended = 0;
        for (int64_t k = 0; k < s->n_ranks; k++) {
            const bool here = s->of[s->rank[k].trial] == i;
            ended += here;
            scored += here && s->rank[k].n > 0;
        }
        printf("  %d  %s of %s: %lld trial%s with a result", i + 1, s->show[i].sweep.name,
               s->path[i], (long long)scored, scored == 1 ? "" : "s");
        if (ended > scored)
            printf(", %lld ended without one", (long long)(ended - scored));
        printf("\n");
    }
}

// The fields in which they differ, and whether that makes values incomparable.
static int print_differences(const struct ms_show_several *s)
{
    bool data = false;
    if (s->n_differences == 0) {
        printf("their files have the same fields\n");
        return 0;
    }
    struct ms_text *t = ms_text_new(s->n + 1);
    if (!t)
        return MS_ENOMEM;
    ms_text_column(t, 0, MS_LEFT, "differs in");
    for (int i = 0; i < s->n; i++) {
        char title[16];
        snprintf(title, sizeof title, "%d", i + 1);
        ms_text_column(t, i + 1, MS_LEFT, title);
    }
    for (int k = 0; k < s->n_differences; k++) {
        const struct ms_show_difference *d = &s->difference[k];
        ms_text_cell(t, "%s", d->path);
        for (int i = 0; i < s->n; i++)
            ms_text_cell(t, "%.60s%s", d->text[i] ? d->text[i] : "-",
                         d->text[i] && strlen(d->text[i]) > 60 ? " …" : "");
        data = data || starts(d->path, "data") || starts(d->path, "content") ||
               starts(d->path, "objective");
    }
    printf("\n");
    const int status = ms_text_print(t, stdout, s->show[0].colour, "  ");
    ms_text_free(t);
    if (data) {
        printf("\n");
        print_wrapped(s,
                      "warning: data or objective differ, so that a better value may mean easier "
                      "rows and no better trial; values can be compared only if they were taken "
                      "on the same validation rows");
    }
    return status;
}

static int print_table(struct ms_show_several *s, int64_t top, struct ms_error *err)
{
    static const char *const titles[] = {"rank", "sweep",  "trial", "",          "95 % interval",
                                         "n",    "failed", "",      "parameters"};
    struct ms_show_params params[MS_SHOW_SEVERAL] = {0};
    struct ms_text *t = ms_text_new(9);
    int status = t ? 0 : ms_no_memory(err, "the table of trials");
    for (int i = 0; t && i < 9; i++)
        ms_text_column(t, i, i == 3 || i == 4 || i > 6 ? MS_LEFT : MS_RIGHT,
                       i == 3 ? s->show[0].sweep.metric : titles[i]);
    for (int i = 0; !status && i < s->n; i++)
        status = ms_show_params(&s->show[i], &params[i], err);
    const struct ms_digits d = ms_show_rank_digits(s->rank, top);
    for (int64_t k = 0; !status && k < top; k++) {
        const struct ms_trial_rank *r = &s->rank[k];
        const int of = s->of[r->trial];
        char a[160], line[4000], **value;
        status = ms_show_row(&s->show[of], &params[of], s->number[r->trial], &value, err);
        if (status)
            break;
        ms_show_place_cell(t, r, k);
        ms_text_cell(t, "%d", of + 1);
        ms_text_cell(t, "%u", s->number[r->trial]);
        ms_text_cell(t, "%s", ms_show_mean_text(r, d, a, sizeof a));
        ms_show_interval_cell(t, r, d);
        ms_text_cell(t, "%d", r->n);
        ms_text_cell(t, r->n_failed ? "%d" : "%.0d", r->n_failed);
        ms_text_cell(t, "%s", ms_show_mark(r, k));
        ms_text_cell(t, "%s", ms_show_line(&params[of], value, line, sizeof line));
        ms_show_row_free(&params[of], value);
    }
    if (!status) {
        ms_text_fit(t, s->show[0].screen);
        status = ms_text_print(t, stdout, s->show[0].colour, "");
    }
    ms_text_free(t);
    for (int i = 0; i < s->n; i++)
        ms_show_params_clear(&params[i]);
    return status;
}

static void print_verdict(const struct ms_show_several *s)
{
    int64_t tied[MS_SHOW_SEVERAL] = {0}, all = 0;
    char text[2000] = "";
    if (s->n_ranks == 0 || s->rank[0].n == 0) {
        printf("\nno execution has a result yet\n");
        return;
    }
    const struct ms_trial_rank *first = &s->rank[0];
    const int of = s->of[first->trial];
    for (int64_t k = 1; k < s->n_ranks; k++)
        if (s->rank[k].tied && !isnan(s->rank[k].p)) {
            tied[s->of[s->rank[k].trial]]++;
            all++;
        }
    ms_words_append(text, sizeof text, "trial %u of sweep %d (%s) is first",
                    s->number[first->trial], of + 1, s->show[of].sweep.name);
    if (first->method == MS_SET_NONE)
        ms_words_append(text, sizeof text, "; too few trials ran more than once to compare any");
    else if (all == 0)
        ms_words_append(text, sizeof text, ", and differs from every other that can be compared");
    else
        ms_words_append(text, sizeof text,
                        "; %lld other%s cannot be told apart from it:", (long long)all,
                        all == 1 ? "" : "s");
    for (int i = 0, n = 0; all > 0 && i < s->n; i++)
        if (tied[i] > 0)
            ms_words_append(text, sizeof text, "%s %lld of sweep %d", n++ ? "," : "",
                            (long long)tied[i], i + 1);
    if (*ms_best_set_names[first->method].name)
        ms_words_append(text, sizeof text, " (%s, 5 %%)", ms_best_set_names[first->method].name);
    char behind[200];
    ms_words_append(text, sizeof text, "%s",
                    ms_show_behind(s->rank, s->n_ranks, behind, sizeof behind));
    printf("\n");
    print_wrapped(s, text);
}

static void csv_number(double v)
{
    char text[40];
    ms_text_csv(stdout, isnan(v) ? "" : ms_number_text(v, text, sizeof text), false);
}

static int print_csv(struct ms_show_several *s, int64_t top, struct ms_error *err)
{
    struct ms_show_params params[MS_SHOW_SEVERAL] = {0};
    int status = 0;
    printf("rank,store,sweep,trial,n,n_failed,n_pruned,n_constant,mean,sd,se,low95,high95,min,"
           "median,max,p,tied,method,parameters\r\n");
    for (int i = 0; !status && i < s->n; i++)
        status = ms_show_params(&s->show[i], &params[i], err);
    for (int64_t k = 0; !status && k < top; k++) {
        const struct ms_trial_rank *r = &s->rank[k];
        const int of = s->of[r->trial];
        const double v[] = {r->mean, r->sd, r->se, r->lo, r->hi, r->min, r->median, r->max, r->p};
        char line[4000], **value;
        status = ms_show_row(&s->show[of], &params[of], s->number[r->trial], &value, err);
        if (status)
            break;
        if (r->n > 0)
            printf("%lld", (long long)k + 1);
        ms_text_csv(stdout, s->path[of], false);
        ms_text_csv(stdout, s->show[of].sweep.name, false);
        printf(",%u,%d,%d,%d,%d", s->number[r->trial], r->n, r->n_failed, r->n_pruned,
               r->n_constant);
        for (size_t i = 0; i < sizeof v / sizeof *v; i++)
            csv_number(v[i]);
        printf(",%d", r->tied);
        ms_text_csv(stdout, ms_best_set_names[r->method].word, false);
        ms_text_csv(stdout, ms_show_line(&params[of], value, line, sizeof line), false);
        printf("\r\n");
        ms_show_row_free(&params[of], value);
    }
    for (int i = 0; i < s->n; i++)
        ms_show_params_clear(&params[i]);
    return status;
}

int ms_show_several_print(struct ms_show_several *s, int64_t top, bool csv, struct ms_error *err)
{
    const int64_t shown = top > 0 && top < s->n_ranks ? top : s->n_ranks;
    if (csv)
        return print_csv(s, shown, err);
    print_head(s);
    if (print_differences(s))
        return ms_no_memory(err, "the table of differences");
    printf("\n");
    const int status = s->n_ranks > 0 ? print_table(s, shown, err) : 0;
    if (status)
        return status;
    if (shown < s->n_ranks)
        printf("… %lld more; --top 0 shows all\n", (long long)(s->n_ranks - shown));
    print_verdict(s);
    return 0;
}
