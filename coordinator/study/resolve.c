// SPDX-License-Identifier: MIT
//
// The rounds are played from the first one on at every call. Only the trials that are left are
// ranked again, so that a call costs little more than one ranking of the sweep.
#include "resolve.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

struct score {
    uint32_t trial, execution;
    bool pruned;
    double value;
};

// A trial that is left: its scores, and how many executions count so far.
struct left {
    const struct score *score;
    int64_t n;
    uint32_t bound;
};

struct rounds {
    const struct ms_resolve_rule *rule;
    struct score *score; // by trial, execution
    struct left *left;
    int64_t n_left;
    struct ms_rank_scores part; // of the trials that are left: what is ranked
};

static int by_execution(const void *x, const void *y)
{
    const struct score *a = x, *b = y;
    if (a->trial != b->trial)
        return a->trial < b->trial ? -1 : 1;
    return (a->execution > b->execution) - (a->execution < b->execution);
}

static void clear_rounds(struct rounds *s)
{
    free(s->score);
    free(s->left);
    ms_rank_scores_clear(&s->part);
}

static int begin(const struct ms_rank_scores *sc, struct rounds *s, struct ms_error *err)
{
    const size_t room = sc->n > 0 ? (size_t)sc->n : 1;
    s->score = malloc(room * sizeof *s->score);
    s->left = malloc(room * sizeof *s->left);
    s->part = (struct ms_rank_scores){.trial = malloc(room * sizeof *s->part.trial),
                                      .execution = malloc(room * sizeof *s->part.execution),
                                      .value = malloc(room * sizeof *s->part.value),
                                      .pruned = malloc(room * sizeof *s->part.pruned)};
    if (!s->score || !s->left || !s->part.trial || !s->part.execution || !s->part.value ||
        !s->part.pruned)
        return ms_no_memory(err, "the scores of %lld executions", (long long)sc->n);
    for (int64_t i = 0; i < sc->n; i++)
        s->score[i] = (struct score){.trial = sc->trial[i],
                                     .execution = sc->execution[i],
                                     .pruned = sc->pruned && sc->pruned[i],
                                     .value = sc->value[i]};
    qsort(s->score, (size_t)sc->n, sizeof *s->score, by_execution);
    for (int64_t i = 0, end; i < sc->n; i = end) {
        for (end = i + 1; end < sc->n && s->score[end].trial == s->score[i].trial; end++)
            ;
        s->left[s->n_left++] = (struct left){
            .score = &s->score[i], .n = end - i, .bound = (uint32_t)s->rule->executions};
    }
    return 0;
}

// --- screening ---------------------------------------------------------------

// The executions that count, of the trials that are left.
static void gather(struct rounds *s)
{
    struct ms_rank_scores *p = &s->part;
    p->n = 0;
    for (int64_t i = 0; i < s->n_left; i++)
        for (int64_t j = 0; j < s->left[i].n; j++) {
            const struct score *x = &s->left[i].score[j];
            if (x->execution >= s->left[i].bound)
                break;
            p->trial[p->n] = x->trial;
            p->execution[p->n] = x->execution;
            p->pruned[p->n] = x->pruned;
            p->value[p->n++] = x->value;
        }
}

static int by_trial(const void *key, const void *element)
{
    const uint32_t trial = *(const uint32_t *)key,
                   of = ((const struct left *)element)->score->trial;
    return (trial > of) - (trial < of);
}

static int by_first_score(const void *x, const void *y)
{
    const struct left *a = x, *b = y;
    return (a->score > b->score) - (a->score < b->score);
}

// Keeps the trials of r, in this order, that may be the best.
static int keep(struct rounds *s, const struct ms_trial_rank *r, int64_t n, struct ms_error *err)
{
    struct left *kept = malloc(((size_t)n + 1) * sizeof *kept);
    if (!kept)
        return ms_no_memory(err, "the trials that are left");
    qsort(s->left, (size_t)s->n_left, sizeof *s->left, by_first_score);
    int64_t n_kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (r[i].tied)
            kept[n_kept++] = *(const struct left *)bsearch(&r[i].trial, s->left, (size_t)s->n_left,
                                                           sizeof *s->left, by_trial);
    free(s->left);
    s->left = kept;
    s->n_left = n_kept;
    return 0;
}

// The trials that are told from the best leave, as do those that cannot be compared with it, for
// failures; trials that a scheduler stopped take no part.
static int screen(struct rounds *s, double at, struct ms_error *err)
{
    struct ms_trial_rank *r = NULL;
    int64_t n = 0, n_comparable = 0;
    struct ms_rank_rule rule = s->rule->rank;
    rule.level = at;
    gather(s);
    int status = ms_rank(&s->part, &rule, &r, &n, err);
    if (status)
        return status;
    for (int64_t i = 0; i < n; i++) {
        const struct ms_worth first = ms_rank_worth(&r[0]), w = ms_rank_worth(&r[i]);
        if (!w.pruned && ms_worth_comparable(&first, &w))
            r[n_comparable++] = r[i]; // they are the first
    }
    status = keep(s, r, n_comparable, err);
    free(r);
    return status;
}

// --- rounds ------------------------------------------------------------------

// The shares of a round: `each` for every trial, and one more turn for the first `more` of them.
struct shares {
    int64_t each, more, turn;
    bool last;
};

static struct shares share(const struct rounds *s, int64_t spent)
{
    const int64_t turn = s->rule->folds > 1 ? s->rule->folds : 1, rest = s->rule->most - spent;
    const int64_t has = s->left[0].bound;
    struct shares h = {.each = (has + turn - 1) / turn * turn, .turn = turn};
    if (has + h.each > MS_MAX_EXECUTIONS)
        return (struct shares){.last = true, .turn = turn};
    if (h.each * s->n_left <= rest)
        return h;
    h.last = true;
    h.each = rest / s->n_left / turn * turn;
    h.more = (rest - h.each * s->n_left) / turn;
    return h;
}

// Asks for executions [from, left->bound) of the trial that the scores do not have.
static int ask(const struct left *left, uint32_t from, struct ms_resolve *out, struct ms_error *err)
{
    int64_t j = 0;
    for (uint32_t e = from; e < left->bound; e++) {
        while (j < left->n && left->score[j].execution < e)
            j++;
        if (j < left->n && left->score[j].execution == e)
            continue;
        int status = ms_grow(&out->next, &out->room, (size_t)out->n_next + 1, sizeof *out->next,
                             "the executions that separate trials", err);
        if (status)
            return status;
        out->next[out->n_next++] = (struct ms_resolve_item){left->score->trial, e};
    }
    return 0;
}

// Gives the trials that are left their share of the next round. False: there is nothing to give.
static bool give(struct rounds *s, struct ms_resolve *out, bool *last, int *status,
                 struct ms_error *err)
{
    if (s->n_left <= 1 || *last)
        return false;
    const struct shares h = share(s, out->spent);
    const int64_t before = out->spent;
    *last = h.last;
    for (int64_t i = 0; i < s->n_left && !*status; i++) {
        const int64_t n = h.each + (i < h.more ? h.turn : 0);
        const uint32_t from = s->left[i].bound;
        s->left[i].bound += (uint32_t)n;
        out->spent += n;
        *status = ask(&s->left[i], from, out, err);
    }
    out->rounds += out->spent > before;
    return out->spent > before && !*status;
}

static int take_left(const struct rounds *s, struct ms_resolve *out, struct ms_error *err)
{
    out->left = malloc(((size_t)s->n_left + 1) * sizeof *out->left);
    if (!out->left)
        return ms_no_memory(err, "the trials that are left");
    out->n_left = s->n_left;
    for (int64_t i = 0; i < s->n_left; i++)
        out->left[i] = s->left[i].score->trial;
    return 0;
}

static int by_item(const void *x, const void *y)
{
    const struct ms_resolve_item *a = x, *b = y;
    if (a->trial != b->trial)
        return a->trial < b->trial ? -1 : 1;
    return (a->execution > b->execution) - (a->execution < b->execution);
}

void ms_resolve_clear(struct ms_resolve *r)
{
    free(r->next);
    free(r->left);
    *r = (struct ms_resolve){0};
}

int ms_resolve_next(const struct ms_rank_scores *scores, const struct ms_resolve_rule *rule,
                    struct ms_resolve *out, struct ms_error *err)
{
    struct rounds s = {.rule = rule};
    bool last = false;
    *out = (struct ms_resolve){0};
    int status = begin(scores, &s, err);
    if (!status)
        status = screen(&s, rule->level / 2, err);
    for (double part = .3; !status && give(&s, out, &last, &status, err) && out->n_next == 0;
         part *= .7)
        status = screen(&s, rule->level / 2 * part, err);
    if (!status)
        status = take_left(&s, out, err);
    if (!status && out->n_next > 0)
        qsort(out->next, (size_t)out->n_next, sizeof *out->next, by_item);
    clear_rounds(&s);
    if (status)
        ms_resolve_clear(out);
    return status;
}
