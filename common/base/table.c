// SPDX-License-Identifier: MIT
//
// Rows are reached through the stride, so that this file needs to know only the struct ms_row with
// which every row begins. Tables are short: all searches are linear.
#include "mlpsweep/table.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WORD = 64 }; // longer words have no near spelling

const struct ms_row *ms_table_row(const struct ms_table *t, int i)
{
    assert(i >= 0 && i < t->n);
    return (const struct ms_row *)((const char *)t->rows + (size_t)i * t->stride);
}

int ms_table_find(const struct ms_table *t, const char *name)
{
    for (int i = 0; i < t->n; i++)
        if (strcmp(ms_table_row(t, i)->name, name) == 0)
            return i;
    return -1;
}

struct ms_pick ms_table_default(const struct ms_table *t, int row)
{
    const struct ms_row *r = ms_table_row(t, row);
    struct ms_pick pick = {.row = row};
    for (int i = 0; i < r->n_args; i++)
        pick.arg[i] = r->args[i].def;
    for (int i = 0; r->shared && i < r->shared->n; i++)
        pick.arg[MS_MAX_OWN_ARGS + i] = r->shared_def ? r->shared_def[i] : r->shared->args[i].def;
    return pick;
}

const struct ms_arg *ms_table_row_arg(const struct ms_row *row, int i)
{
    int shared = i - MS_MAX_OWN_ARGS;
    if (shared < 0)
        return i < row->n_args ? &row->args[i] : NULL;
    return row->shared && shared < row->shared->n ? &row->shared->args[shared] : NULL;
}

int ms_table_find_arg(const struct ms_row *row, const char *name)
{
    for (int i = 0; i < MS_MAX_ARGS; i++) {
        const struct ms_arg *a = ms_table_row_arg(row, i);
        if (a && strcmp(a->name, name) == 0)
            return i;
    }
    return -1;
}

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int min3(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

// Damerau-Levenshtein distance in its restricted form (no substring is edited twice): three rows of
// the usual matrix are enough.
static int distance(const char *a, int la, const char *b, int lb)
{
    int row[3][MAX_WORD + 1];
    for (int j = 0; j <= lb; j++)
        row[0][j] = j;
    for (int i = 1; i <= la; i++) {
        int *now = row[i % 3];
        const int *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= lb; j++) {
            int differs = fold(a[i - 1]) != fold(b[j - 1]);
            now[j] = min3(before[j] + 1, now[j - 1] + 1, before[j - 1] + differs);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]) && two_before[j - 2] + 1 < now[j])
                now[j] = two_before[j - 2] + 1;
        }
    }
    return row[la % 3][lb];
}

const char *ms_nearest(const char *word, const char *const *candidates, int n)
{
    size_t length = strlen(word);
    if (length == 0 || length > MAX_WORD)
        return NULL;
    const char *best = NULL;
    int allowed = (int)length / 3 > 1 ? (int)length / 3 : 1;
    int best_distance = allowed + 1;
    for (int i = 0; i < n; i++) {
        size_t other = strlen(candidates[i]);
        if (other > MAX_WORD)
            continue;
        int d = distance(word, (int)length, candidates[i], (int)other);
        // Among equally near candidates, the first with the same initial wins: people mistype the
        // middle of a word.
        bool better_start = best && d == best_distance && fold(best[0]) != fold(word[0]) &&
                            fold(candidates[i][0]) == fold(word[0]);
        if (d < best_distance || better_start) {
            best_distance = d;
            best = candidates[i];
        }
    }
    return best;
}

char *ms_table_names(const struct ms_table *t, char *out, size_t size)
{
    static const char more[] = "…";
    size_t used = 0;
    if (size == 0)
        return out;
    out[0] = '\0';
    for (int i = 0; i < t->n; i++) {
        const char *name = ms_table_row(t, i)->name;
        size_t need = strlen(name) + (i > 0 ? 2 : 0);
        size_t reserve = i + 1 < t->n ? sizeof more + 1 : 1; // ", …" of the next round, or the NUL
        if (used + need + reserve > size) {
            snprintf(out + used, size - used, "%s", size - used >= sizeof more ? more : "");
            return out;
        }
        snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "", name);
        used += need;
    }
    return out;
}
