// SPDX-License-Identifier: MIT
//
// One line of svmlight text at a time, token by token. Numbers are those of Python's float(), which
// scikit-learn uses, except that hexadecimal and underscores are refused.
#include "svmlight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mlpsweep/memory.h"

void ms_svmlight_clear(struct ms_svmlight_line *l)
{
    free(l->index);
    free(l->value);
    *l = (struct ms_svmlight_line){0};
}

// Ends the token at *next with a NUL and moves on; NULL: there is none.
static char *take_token(char **next)
{
    static const char blanks[] = " \t\r\n\v\f";
    char *token = *next + strspn(*next, blanks);
    char *end = token + strcspn(token, blanks);
    *next = *end ? end + 1 : end;
    *end = '\0';
    return *token ? token : NULL;
}

static bool read_number(const char *s, locale_t c, double *out)
{
    static const char *const words[] = {"nan", "inf", "infinity"};
    const char *unsigned_part = s + (*s == '-' || *s == '+');
    bool word = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        word = word || strcasecmp(unsigned_part, words[i]) == 0;
    if (!word && s[strspn(s, "+-0123456789.eE")] != '\0')
        return false;
    char *end;
    *out = strtod_l(s, &end, c);
    return end != s && *end == '\0';
}

static int read_label(struct ms_svmlight_line *l, const char *token, locale_t c,
                      struct ms_error *err)
{
    if (read_number(token, c, &l->label))
        return 0;
    if (strchr(token, ','))
        return ms_fail(err, MS_EFORMAT,
                       "found the labels '%.60s'; allowed: one label, as rows of several are not "
                       "read (a CSV file can have a target column of 0 and 1 for each label)",
                       token);
    return ms_fail(err, MS_EFORMAT, "expected a number as label, found '%.60s'%s", token,
                   strchr(token, ':') ? "; the label comes before the features" : "");
}

static int read_feature(struct ms_svmlight_line *l, char *token, locale_t c, struct ms_error *err)
{
    char *colon = strchr(token, ':');
    size_t digits = strspn(token, "0123456789");
    double value;
    if (!colon || digits == 0 || token + digits != colon)
        return ms_fail(err, MS_EFORMAT, "expected index:value, found '%.60s'", token);
    unsigned long long index = strtoull(token, NULL, 10);
    if (digits > 10 || index > MS_SVMLIGHT_INDEX)
        return ms_fail(err, MS_ELIMIT, "found index %.*s; allowed: at most %d",
                       (int)(digits < 60 ? digits : 60), token, MS_SVMLIGHT_INDEX);
    if (!read_number(colon + 1, c, &value))
        return ms_fail(err, MS_EFORMAT, "index %llu: expected a number, found '%.60s'", index,
                       colon + 1);
    if (l->n > 0 && index <= l->index[l->n - 1])
        return ms_fail(err, MS_EFORMAT, "found index %llu behind %u; allowed: indices that rise",
                       index, l->index[l->n - 1]);
    const struct ms_column_array arrays[] = {{&l->index, sizeof *l->index},
                                             {&l->value, sizeof *l->value}};
    int status = ms_grow_columns(arrays, 2, &l->room, l->n + 1, "a row of features", err);
    if (status)
        return status;
    l->index[l->n] = (uint32_t)index;
    l->value[l->n++] = value;
    return 0;
}

int ms_svmlight_parse(struct ms_svmlight_line *l, char *text, locale_t c, struct ms_error *err)
{
    char *next = text, *token;
    text[strcspn(text, "#")] = '\0';
    l->n = 0;
    l->qid = false;
    token = take_token(&next);
    l->empty = !token;
    int status = token ? read_label(l, token, c, err) : 0;
    for (bool first = true; token && !status && (token = take_token(&next)); first = false) {
        if (first && strncmp(token, "qid:", 4) == 0)
            l->qid = true;
        else
            status = read_feature(l, token, c, err);
    }
    return status;
}
