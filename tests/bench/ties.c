// SPDX-License-Identifier: MIT
//
// The program's own ranking as a filter, for tests/bench/ties.py. Input: sweeps, one after the
// other, larger is better: a line "executions rows folds worst" (rows: validation rows of an
// accuracy, 0: no accuracy; worst: failed executions count against their trial), then for each
// execution a line "trial execution value", nan: it failed. Output: for each sweep a line with the
// method's number and the trials that may be the best.
#include <stdio.h>
#include <stdlib.h>

#include "coordinator/rank/rank.h"
#include "mlpsweep/memory.h"

static int read_scores(struct ms_rank_scores *s, size_t *room, int64_t n, struct ms_error *err)
{
    const struct ms_column_array columns[] = {{&s->trial, sizeof *s->trial},
                                              {&s->execution, sizeof *s->execution},
                                              {&s->value, sizeof *s->value}};
    const int status = ms_grow_columns(columns, 3, room, (size_t)n + 1, "the scores", err);
    for (s->n = 0; !status && s->n < n; s->n++)
        if (scanf("%u %u %lf", &s->trial[s->n], &s->execution[s->n], &s->value[s->n]) != 3)
            return ms_fail(err, MS_EFORMAT, "expected trial, execution and value");
    return status;
}

int main(void)
{
    struct ms_rank_scores s = {0};
    struct ms_error err = {0};
    size_t room = 0;
    long long n, rows;
    int folds, worst, status = 0;
    while (!status && scanf("%lld %lld %d %d", &n, &rows, &folds, &worst) == 4) {
        const struct ms_rank_rule rule = {.maximize = true,
                                          .failures =
                                              worst ? MS_FAILURES_WORST : MS_FAILURES_IGNORE,
                                          .bounds = {0, rows > 0, rows},
                                          .folds = folds};
        struct ms_trial_rank *r = NULL;
        int64_t k = 0;
        status = read_scores(&s, &room, n, &err);
        if (!status)
            status = ms_rank(&s, &rule, &r, &k, &err);
        if (status)
            break;
        printf("%d", k > 0 ? (int)r[0].method : 0);
        for (int64_t i = 0; i < k; i++)
            if (r[i].tied)
                printf(" %u", r[i].trial);
        printf("\n");
        free(r);
    }
    ms_rank_scores_clear(&s);
    if (status)
        fprintf(stderr, "ties: %s\n", err.text);
    return status != 0;
}
