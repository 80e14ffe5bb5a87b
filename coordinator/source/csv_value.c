// SPDX-License-Identifier: MIT
//
// Fields as values. A number of at most 15 digits or so, times or by a power of ten up to 10^22, is
// exact in both parts, so that one multiplication or division rounds it rightly (Clinger, "How to
// read floating point numbers accurately", 1990); strtod reads the others.
#include "csv_value.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv.h"
#include "mlpsweep/memory.h"

void ms_csv_value_clear(struct ms_csv_value *v)
{
    if (v->c)
        freelocale(v->c);
    free(v->scratch);
    *v = (struct ms_csv_value){0};
}

int ms_csv_value_init(struct ms_csv_value *v, const struct ms_data_spec *spec, struct ms_error *err)
{
    double number;
    *v = (struct ms_csv_value){.decimal = ms_data_decimal(spec),
                               .thousands = spec->thousands,
                               .dates = spec->dates == MS_DATES_SECONDS};
    v->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    v->scratch = malloc(MS_CSV_FIELD + 1);
    if (!v->c || !v->scratch)
        return ms_no_memory(err, "the reader of %s", spec->path);
    if (!spec->missing_values[0])
        return 0;
    memcpy(v->missing, spec->missing_values, sizeof v->missing);
    v->n_missing = strlen(v->missing) + 1;
    for (size_t i = 0; i < v->n_missing; i++)
        if (v->missing[i] == '\n')
            v->missing[i] = '\0';
    for (size_t i = 0; i < v->n_missing; i += strlen(v->missing + i) + 1)
        v->missing_numbers = v->missing_numbers || ms_csv_value_number(v, v->missing + i, &number);
    return 0;
}

// ---- numbers -----------------------------------------------------------------------------------

// A number in parts: (-1)^negative · digits · 10^power; exact: all digits are in `digits`.
struct parts {
    bool negative, exact;
    uint64_t digits;
    int power;
};

static void digit(struct parts *p, char ch, int step)
{
    if (p->digits < UINT64_C(1000000000000000000)) {
        p->digits = 10 * p->digits + (uint64_t)(ch - '0');
        p->power += step;
    } else {
        p->exact = false;
    }
}

// Bytes of a thousands separator at s; a blank may also be one that keeps lines whole (U+00A0,
// U+202F).
static size_t separator(const struct ms_csv_value *v, const char *s)
{
    if (v->thousands == '\0' || *s == '\0')
        return 0;
    if (*s == v->thousands)
        return 1;
    if (v->thousands != ' ')
        return 0;
    return strncmp(s, "\xC2\xA0", 2) == 0 ? 2 : strncmp(s, "\xE2\x80\xAF", 3) == 0 ? 3 : 0;
}

// The digits before the decimal sign; NULL: groups are not of three.
static const char *whole_part(const struct ms_csv_value *v, const char *s, struct parts *p,
                              char **copy)
{
    int run = 0;
    bool grouped = false;
    for (;;) {
        size_t n = separator(v, s);
        if (isdigit((unsigned char)*s)) {
            digit(p, *s, 0);
            *(*copy)++ = *s++;
            run++;
        } else if (n > 0 && isdigit((unsigned char)s[n])) {
            if (run == 0 || run > 3 || (grouped && run != 3))
                return NULL;
            grouped = true;
            run = 0;
            s += n;
        } else {
            return grouped && run != 3 ? NULL : s;
        }
    }
}

static const char *exponent(const char *s, struct parts *p, char **copy)
{
    int value = 0;
    *(*copy)++ = *s++;
    bool negative = *s == '-';
    if (*s == '-' || *s == '+')
        *(*copy)++ = *s++;
    if (!isdigit((unsigned char)*s))
        return NULL;
    for (; isdigit((unsigned char)*s); *(*copy)++ = *s++)
        value = value < 100000 ? 10 * value + (*s - '0') : value;
    p->power += negative ? -value : value;
    return s;
}

// Cuts a number into its parts, and copies it without what strtod does not know.
static bool cut(const struct ms_csv_value *v, const char *s, struct parts *p)
{
    char *copy = v->scratch;
    *p = (struct parts){.exact = true};
    s += strspn(s, " \t");
    p->negative = *s == '-';
    if (*s == '-' || *s == '+')
        *copy++ = *s++;
    const char *first = s;
    s = whole_part(v, s, p, &copy);
    if (!s)
        return false;
    bool any = s > first;
    if (*s == v->decimal) {
        s++;
        *copy++ = '.';
        for (; isdigit((unsigned char)*s); any = true) {
            digit(p, *s, -1);
            *copy++ = *s++;
        }
    }
    if (any && (*s == 'e' || *s == 'E'))
        s = exponent(s, p, &copy);
    if (!any || !s)
        return false;
    *copy = '\0';
    return s[strspn(s, " \t")] == '\0';
}

bool ms_csv_value_number(const struct ms_csv_value *v, const char *text, double *out)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { LARGEST = 22 }; // the largest power of ten that a double holds exactly
    struct parts p;
    if (!cut(v, text, &p))
        return false;
    if (!p.exact || p.digits > (UINT64_C(1) << 53) || p.power > LARGEST || p.power < -LARGEST) {
        *out = strtod_l(v->scratch, NULL, v->c);
        return true;
    }
    double x = (double)p.digits;
    x = p.power < 0 ? x / tens[-p.power] : x * tens[p.power];
    *out = p.negative ? -x : x;
    return true;
}

// ---- words -------------------------------------------------------------------------------------

static bool own_word(const struct ms_csv_value *v, const char *text)
{
    double number, word;
    bool is_number = v->missing_numbers && ms_csv_value_number(v, text, &number);
    for (size_t i = 0; i < v->n_missing; i += strlen(v->missing + i) + 1) {
        if (strcmp(text, v->missing + i) == 0)
            return true;
        if (is_number && ms_csv_value_number(v, v->missing + i, &word) && word == number)
            return true;
    }
    return false;
}

// The words of pandas' read_csv (pandas/_libs/parsers.pyx, STR_NA_VALUES), and those that this
// program takes in any case. "none" is not among the latter: it is a good name for a class.
bool ms_csv_value_missing(const struct ms_csv_value *v, const char *text)
{
    static const char *const exact[] = {"#N/A",     "#N/A N/A", "#NA",  "-1.#IND",
                                        "-1.#QNAN", "-NaN",     "-nan", "1.#IND",
                                        "1.#QNAN",  "<NA>",     "None"};
    static const char *const any_case[] = {"na", "n/a", "nan", "null", "?"};
    text += strspn(text, " \t");
    if (!*text || own_word(v, text))
        return true;
    if (!strchr("#-1<NnN?", *text))
        return false;
    for (size_t i = 0; i < sizeof any_case / sizeof *any_case; i++)
        if (strcasecmp(text, any_case[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (strcmp(text, exact[i]) == 0)
            return true;
    return false;
}

bool ms_csv_value_boolean(const char *text, int *pair, double *out)
{
    static const char *const words[] = {"false", "true", "no", "yes"};
    for (int i = 0; i < 4; i++)
        if (strcasecmp(text, words[i]) == 0) {
            *pair = i / 2;
            *out = i % 2;
            return true;
        }
    return false;
}
