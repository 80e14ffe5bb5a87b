// SPDX-License-Identifier: MIT
//
// What the reading commands share: opening a store and ranking its sweep, ending with a message,
// and the sentences and numbers of a ranking. Texts of the store are made printable here or by the
// table that shows them, as a store may come from anyone.
#include "show.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/compare.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"

int ms_show_open(struct ms_show *s, const char *path, const char *sweep, struct ms_error *err)
{
    *s = (struct ms_show){.colour = ms_text_colour(stdout), .screen = ms_text_screen(stdout)};
    int status = ms_store_open_read(path, &s->store, err);
    if (!status)
        status = ms_store_find(s->store, sweep, &s->sweep, err);
    ms_printable(s->sweep.name, '?', "");
    ms_printable(s->sweep.metric, '?', "");
    return status;
}

int ms_show_take_at(struct ms_show *s, int at, int window, struct ms_error *err)
{
    s->own.at = s->sweep.at;
    s->own.window = s->sweep.window;
    if (at < 0 && window < 0)
        return 0;
    const enum ms_at to = at < 0 ? s->sweep.at : (enum ms_at)at;
    const bool mean = to == MS_AT_BEST_MEAN || to == MS_AT_LAST_MEAN;
    const bool own = s->own.at == MS_AT_BEST_MEAN || s->own.at == MS_AT_LAST_MEAN;
    if (window >= 0 && !mean)
        return ms_fail(err, MS_EINVAL,
                       "--window: found with '%s', which takes a single epoch; allowed: with "
                       "--at best_mean, last_mean",
                       ms_sweep_at_names[to]);
    if (window > MS_MAX_WINDOW)
        return ms_fail(err, MS_EINVAL, "--window: found %d; allowed: 1 to %d", window,
                       MS_MAX_WINDOW);
    s->at_given = true;
    s->sweep.at = to;
    s->sweep.window = window >= 0 ? window : own ? s->own.window : MS_WINDOW;
    return 0;
}

int ms_show_rank(struct ms_show *s, int by, int failures, struct ms_error *err)
{
    struct ms_rank_scores scores;
    int status = s->at_given ? ms_store_scores_at(s->store, &s->sweep, false, &scores, err)
                             : ms_store_scores(s->store, s->sweep.id, &scores, err);
    if (status)
        return status;
    if (by >= 0)
        s->sweep.rule.by = (enum ms_by)by;
    if (failures >= 0)
        s->sweep.rule.failures = (enum ms_failures)failures;
    status = ms_rank(&scores, &s->sweep.rule, &s->rank, &s->n_ranks, err);
    ms_rank_scores_clear(&scores);
    return status;
}

int64_t ms_show_scored(const struct ms_show *s)
{
    int64_t n = 0;
    for (int64_t i = 0; s->rank && i < s->n_ranks; i++)
        n += s->rank[i].n > 0;
    return n;
}

void ms_show_close(struct ms_show *s)
{
    free(s->rank);
    (void)ms_store_close(s->store, NULL);
}

int ms_show_exit(const char *command, int status, const struct ms_error *err)
{
    if (status) {
        fflush(stdout);
        struct ms_error shown = *err; // what it names may be of the store
        ms_printable(shown.text, '?', "");
        fprintf(stderr, "mlpsweep %s: %s\n", command, shown.text[0] ? shown.text : "out of memory");
        return MS_EXIT_REFUSED;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "mlpsweep %s: standard output: %s\n", command, strerror(errno));
        return MS_EXIT_REFUSED;
    }
    return MS_EXIT_OK;
}

static int best_trial(struct ms_show *s, uint32_t *trial, struct ms_error *err)
{
    const int status = s->rank ? 0 : ms_show_rank(s, -1, -1, err);
    if (status)
        return status;
    if (ms_show_scored(s) == 0)
        return ms_fail(err, MS_EINVAL, "no trial of sweep '%s' has a result", s->sweep.name);
    *trial = s->rank[0].trial;
    return 0;
}

int ms_show_trial(struct ms_show *s, const char *word, uint32_t *trial, struct ms_error *err)
{
    char *end;
    errno = 0;
    if (strcmp(word, "best") == 0)
        return best_trial(s, trial, err);
    const long long number = strtoll(word, &end, 10);
    if (errno || end == word || *end || number < 0 || number > UINT32_MAX)
        return ms_fail(err, MS_EINVAL, "'%s' is neither best nor a trial's number", word);
    struct ms_trial_range range;
    const int status = ms_store_trial_range(s->store, s->sweep.id, (uint32_t)number, &range, err);
    if (status)
        return status;
    *trial = (uint32_t)number;
    if (range.there)
        return 0;
    if (range.count == 0)
        return ms_fail(err, MS_EINVAL, "no trial %lld: sweep '%s' has none yet", number,
                       s->sweep.name);
    return ms_fail(err, MS_EINVAL, "no trial %lld: sweep '%s' has %lld to %lld so far", number,
                   s->sweep.name, (long long)range.first, (long long)range.last);
}

// --- what a ranking says -----------------------------------------------------

// Trials that have a result and stand behind the others for another reason than their values.
struct behind {
    int64_t pruned, failed;
};

static void say_behind(const struct behind *b, char *out, size_t size)
{
    const struct {
        int64_t n;
        const char *what;
    } kinds[] = {{b->failed, "with failed executions"}, {b->pruned, "that the scheduler stopped"}};
    for (int i = 0; i < 2; i++)
        if (kinds[i].n > 0)
            ms_words_append(out, size, "; %lld trial%s %s %s below them", (long long)kinds[i].n,
                            kinds[i].n > 1 ? "s" : "", kinds[i].what,
                            kinds[i].n > 1 ? "rank" : "ranks");
}

// What the only trial that is compared has and the others have not.
static const char *only_it(const struct behind *b)
{
    if (b->failed && b->pruned)
        return "was trained to the end without failed executions";
    return b->failed   ? "has no failed execution"
           : b->pruned ? "was trained to the end"
                       : "has a result";
}

const char *ms_show_behind(const struct ms_trial_rank *r, int64_t n, char *out, size_t size)
{
    struct behind b = {0};
    out[0] = '\0';
    for (int64_t i = 0; i < n && r[i].n > 0; i++) {
        const struct ms_worth first = ms_rank_worth(&r[0]), w = ms_rank_worth(&r[i]);
        if (!ms_worth_comparable(&w, &first))
            *(w.pruned && !first.pruned ? &b.pruned : &b.failed) += 1;
    }
    say_behind(&b, out, size);
    return out;
}

const char *ms_show_verdict(const struct ms_trial_rank *r, int64_t n, char *out, size_t size)
{
    int64_t scored = 0, n_tied = 0, n_single = 0;
    struct behind behind = {0};
    uint32_t *tied = malloc((size_t)(n > 0 ? n : 1) * sizeof *tied);
    uint32_t *single = malloc((size_t)(n > 0 ? n : 1) * sizeof *single);
    char list[200];
    out[0] = '\0';
    for (int64_t i = 0; tied && single && i < n && r[i].n > 0; i++) {
        const struct ms_worth first = ms_rank_worth(&r[0]), w = ms_rank_worth(&r[i]);
        if (!ms_worth_comparable(&w, &first)) {
            *(w.pruned && !first.pruned ? &behind.pruned : &behind.failed) += 1;
            continue;
        }
        scored++;
        if (r[i].n < 2)
            single[n_single++] = r[i].trial;
        else if (i > 0 && r[i].tied && !isnan(r[i].p))
            tied[n_tied++] = r[i].trial;
    }
    const char *test = n > 0 ? ms_best_set_names[r[0].method].name : "";
    if (scored == 0)
        snprintf(out, size, "no execution has a result yet");
    else if (scored == 1)
        snprintf(out, size, "only trial %u %s", r[0].trial, only_it(&behind));
    else if (n_single == scored)
        snprintf(out, size,
                 "every trial has run only once, which cannot tell luck from merit; raise "
                 "executions_per_trial to find out");
    else if (r[0].n < 2)
        snprintf(out, size,
                 "trial %u has run only once, so no other can be compared with it; raise "
                 "executions_per_trial to find out",
                 r[0].trial);
    else if (!r[0].tied) // the first by another key than the mean
        snprintf(out, size,
                 "trial %u ranks first, but its mean is not the best: that is trial%s %s (%s)",
                 r[0].trial, n_tied > 1 ? "s" : "", ms_text_list(tied, n_tied, list, sizeof list),
                 test);
    else if (n_tied > 0)
        snprintf(out, size,
                 "trial%s %s cannot be told apart from trial %u (%s, 5 %%); mlpsweep run SWEEP "
                 "--resolve N spends more executions where they separate",
                 n_tied > 1 ? "s" : "", ms_text_list(tied, n_tied, list, sizeof list), r[0].trial,
                 test);
    else
        snprintf(out, size,
                 "trial %u differs from every other trial that ran more than once (%s, 5 %%)",
                 r[0].trial, test);
    say_behind(&behind, out, size);
    if (scored > 1 && r[0].n > 1 && n_single > 0)
        ms_words_append(out, size, "; trial%s %s ran only once and cannot be compared",
                        n_single > 1 ? "s" : "", ms_text_list(single, n_single, list, sizeof list));
    free(tied);
    free(single);
    return out;
}

const char *ms_show_failures(const struct ms_store_failures *f, const struct ms_store_counts *c,
                             bool complete, char *out, size_t size)
{
    const bool none = complete && c->done == 0 && c->running + c->waiting == 0;
    const long long ended = (long long)c->done + c->failed;
    out[0] = '\0';
    if (c->failed == 0)
        return out;
    if (none)
        ms_words_append(out, size, "no trial has a result: ");
    else
        ms_words_append(out, size, "%lld of %lld executions failed", (long long)c->failed, ended);
    for (int i = 0; i < f->n; i++) {
        const struct ms_store_failure *x = &f->item[i];
        if (none || f->n > 1 || strcmp(x->word, "failed") != 0)
            ms_words_append(out, size, "%s%s%lld %s",
                            i      ? ", "
                            : none ? ""
                                   : ": ",
                            none && f->n == 1 && ended > 1 ? "all " : "", (long long)x->count,
                            x->word);
        if (*x->message)
            ms_words_append(out, size, " (%s%s)", x->with_message < x->count ? "most often: " : "",
                            x->message);
    }
    return out;
}

int ms_show_failures_of(struct ms_show *s, char *out, size_t size, struct ms_error *err)
{
    struct ms_store_counts c;
    struct ms_store_failures f;
    int status = ms_store_counts(s->store, s->sweep.id, &c, err);
    if (!status)
        status = ms_store_failures(s->store, s->sweep.id, &f, err);
    if (status)
        return status;
    ms_show_failures(&f, &c, strcmp(s->sweep.state, "finished") == 0, out, size);
    ms_printable(out, ' ', "");
    return 0;
}

const char *ms_show_constant(const struct ms_trial_rank *r, char *out, size_t size)
{
    out[0] = '\0';
    if (r->n_constant > 0 && r->n_constant < r->n + r->n_failed)
        ms_words_append(out, size, "%d ", r->n_constant);
    if (r->n_constant > 0)
        ms_words_append(out, size, "constant");
    return out;
}

struct ms_digits ms_show_rank_digits(const struct ms_trial_rank *r, int64_t n)
{
    double largest = 0, *sd = malloc((size_t)(n > 0 ? n : 1) * sizeof *sd);
    int64_t n_sd = 0;
    for (int64_t i = 0; i < n && r[i].n > 0; i++) {
        largest = fmax(largest, fmax(fabs(r[i].min), fabs(r[i].max)));
        if (sd && r[i].sd > 0)
            sd[n_sd++] = r[i].sd;
    }
    if (sd)
        qsort(sd, (size_t)n_sd, sizeof *sd, ms_compare_double);
    const double resolution = n_sd > 0 ? fmax(sd[n_sd / 2], largest * 1e-6) : 0;
    free(sd);
    return ms_text_digits(resolution, largest);
}

const char *ms_show_mean_text(const struct ms_trial_rank *r, struct ms_digits d, char *out,
                              size_t size)
{
    char mean[64], sd[64];
    ms_text_number(d, r->mean, mean, sizeof mean);
    if (isnan(r->sd))
        snprintf(out, size, "%s", mean);
    else
        snprintf(out, size, "%s ± %s", mean, ms_text_number(d, r->sd, sd, sizeof sd));
    return out;
}

void ms_show_place_cell(struct ms_text *t, const struct ms_trial_rank *r, int64_t place)
{
    ms_text_style(t, place == 0 ? MS_BOLD : r->n == 0 ? MS_DIM : MS_PLAIN);
    if (r->n > 0)
        ms_text_cell(t, "%lld", (long long)place + 1);
    else
        ms_text_cell(t, "-");
}

void ms_show_interval_cell(struct ms_text *t, const struct ms_trial_rank *r, struct ms_digits d)
{
    char lo[64], hi[64];
    if (isnan(r->lo))
        ms_text_cell(t, "%s", "");
    else
        ms_text_cell(t, "%s … %s", ms_text_number(d, r->lo, lo, sizeof lo),
                     ms_text_number(d, r->hi, hi, sizeof hi));
}

const char *ms_show_mark(const struct ms_trial_rank *r, int64_t place)
{
    return r->n_pruned ? "pruned" : place > 0 && r->tied && !isnan(r->p) ? "=" : "";
}

struct ms_option ms_show_sweep_option(const char **name)
{
    return (struct ms_option){.name = "sweep",
                              .kind = MS_OPT_TEXT,
                              .to = name,
                              .choices = "NAME",
                              .doc = "which sweep of the store (default: the one that ran last)"};
}
