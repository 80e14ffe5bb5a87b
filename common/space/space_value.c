// SPDX-License-Identifier: MIT
//
// The values of one parameter. A value on a grid is computed from its index alone, never by adding
// steps, and is the double nearest to the decimal number that a person would write:
//
//     linear step     lo + i·step, rounded to the decimals that lo and step are written with
//                     (0, 0.1, 0.2, 0.3: 3·0.1 is 0.30000000000000004 in doubles)
//     log step        lo·step^i; of integers exact
//     log integers    lo + i, without a step: the integer i has the share of [0, 1) that lies
//     between
//                     the logarithms of lo + i - 0.5 and lo + i + 0.5 (as Optuna's suggest_int with
//                     log)
//     points          even or geometric between lo and hi, rounded to 15 significant digits, lo and
//                     hi themselves exact
//
// Rounding to 15 digits also removes the last bit in which the pow() and exp() of two C libraries
// may differ.
#include "mlpsweep/space.h"

#include <cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"

// The distance, relative to the number of steps, that hi may be off the grid and still count as on
// it.
#define NEAR 1e-9

static double rounded(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.15g", x);
    return strtod(text, NULL);
}

// The number of decimals that x is written with: 0.25 has 2, 1e-3 has 3, 100 has 0.
static int decimals(double x)
{
    char text[32];
    int count = 0;
    ms_number_text(x, text, sizeof text);
    const char *point = strchr(text, '.'), *e = strchr(text, 'e');
    if (point)
        count = (int)((e ? e : text + strlen(text)) - point) - 1;
    if (e)
        count -= (int)strtol(e + 1, NULL, 10);
    return count > 0 ? count : 0;
}

static double linear(double lo, double step, double i)
{
    double x = lo + i * step;
    int digits = decimals(lo) > decimals(step) ? decimals(lo) : decimals(step);
    char text[400];
    if (digits == 0 || digits > 300)
        return x;
    snprintf(text, sizeof text, "%.*f", digits, x);
    return strtod(text, NULL);
}

// Steps from lo to hi, not rounded.
static double steps(const struct ms_param *p)
{
    return p->log ? log(p->hi / p->lo) / log(p->step) : (p->hi - p->lo) / p->step;
}

// True if every value is the one before times the step.
static bool multiplies(const struct ms_param *p)
{
    return p->log && p->step > 1;
}

// True for the integers from lo to hi by their logarithms.
static bool log_integers(const struct ms_param *p)
{
    return p->kind == MS_INT && p->log && p->step == 1;
}

uint64_t ms_space_param_count(const struct ms_param *p)
{
    if (p->kind == MS_BOOL)
        return 2;
    if (p->kind == MS_CHOICE)
        return (uint64_t)cJSON_GetArraySize(p->values);
    if (p->lo == p->hi)
        return 1;
    if (p->step == 0)
        return 0;
    if (p->kind == MS_INT) {
        uint64_t n = 0;
        if (!multiplies(p))
            return (uint64_t)((int64_t)(p->hi - p->lo) / (int64_t)p->step) + 1;
        for (double x = p->lo; x <= p->hi; x *= p->step)
            n++;
        return n;
    }
    double n = steps(p), whole = nearbyint(n);
    if (fabs(n - whole) > NEAR * fmax(1, whole))
        whole = floor(n);
    return whole < 0x1p62 ? (uint64_t)whole + 1 : 1ull << 62;
}

// One of `count` values without a step: "points".
static double point_value(const struct ms_param *p, double i)
{
    double share = i / (double)(p->count - 1);
    return rounded(p->log ? p->lo * pow(p->hi / p->lo, share) : p->lo + (p->hi - p->lo) * share);
}

static double float_value(const struct ms_param *p, double i)
{
    bool last = i + 1 >= (double)p->count;
    if (i <= 0)
        return p->lo;
    if (p->step == 0)
        return last ? p->hi : point_value(p, i);
    if (last && fabs(steps(p) - i) <= NEAR * fmax(1, i))
        return p->hi;
    return p->log ? rounded(p->lo * pow(p->step, i)) : linear(p->lo, p->step, i);
}

static double int_value(const struct ms_param *p, double i)
{
    if (!multiplies(p))
        return p->lo + i * p->step;
    double x = p->lo;
    for (double k = 0; k < i; k++)
        x *= p->step;
    return x;
}

double ms_space_param_number(const struct ms_param *p, double v)
{
    switch (p->kind) {
    case MS_CHOICE: {
        const cJSON *value = cJSON_GetArrayItem(p->values, (int)v);
        return cJSON_IsNumber(value) ? value->valuedouble : NAN;
    }
    case MS_INT:
        return int_value(p, v);
    case MS_FLOAT:
        return p->count == 0 ? v : float_value(p, v);
    case MS_BOOL:
        break;
    }
    return v;
}

double ms_space_param_most(const struct ms_param *p)
{
    double most = NAN;
    if (p->count == 0)
        return most;
    for (uint64_t v = p->kind == MS_CHOICE ? 0 : p->count - 1; v < p->count; v++)
        most = fmax(most, ms_space_param_number(p, (double)v));
    return most;
}

// --- text --------------------------------------------------------------------

static const char *string_member(const cJSON *object, const char *key)
{
    for (const cJSON *m = cJSON_IsObject(object) ? object->child : NULL; m; m = m->next)
        if (strcmp(m->string, key) == 0)
            return cJSON_GetStringValue(m);
    return NULL;
}

// The name that an object (or string) of a choice goes by, or NULL.
static const char *short_name(const cJSON *value)
{
    const char *name = cJSON_IsString(value) ? value->valuestring : string_member(value, "name");
    return name ? name : string_member(value, "schedule");
}

static bool tells_apart(const cJSON *values, const cJSON *value)
{
    const char *mine = short_name(value);
    for (const cJSON *other = mine ? values->child : NULL; other; other = other->next) {
        const char *name = short_name(other);
        if (other != value && name && strcmp(name, mine) == 0)
            return false;
    }
    return mine != NULL;
}

static void choice_text(const struct ms_param *p, double v, char *out, size_t size)
{
    const cJSON *value = cJSON_GetArrayItem(p->values, (int)v);
    if (cJSON_IsString(value) || (value && tells_apart(p->values, value))) {
        snprintf(out, size, "%s", short_name(value));
        return;
    }
    char *text = value ? ms_json_compact(value, false) : NULL;
    snprintf(out, size, "%s", text ? text : "?");
    free(text);
}

const char *ms_space_param_text(const struct ms_param *p, double v, char *out, size_t size)
{
    if (isnan(v))
        snprintf(out, size, "%s", "");
    else if (p->kind == MS_CHOICE)
        choice_text(p, v, out, size);
    else if (p->kind == MS_BOOL)
        snprintf(out, size, "%s", v != 0 ? "true" : "false");
    else
        ms_number_text(ms_space_param_number(p, v), out, size);
    return out;
}

// True for a number of a choice that SQLite holds as an integer.
static bool is_integer(const cJSON *v)
{
    errno = 0;
    if (v->valuestring) // beyond 2^53: its digits
        return strtoll(v->valuestring, NULL, 10) && errno == 0;
    return v->valuedouble == floor(v->valuedouble) && fabs(v->valuedouble) < 0x1p53;
}

char ms_space_param_type(const struct ms_param *p, double v)
{
    if (p->kind != MS_CHOICE)
        return p->kind == MS_INT ? 'i' : p->kind == MS_FLOAT ? 'r' : 'b';
    const cJSON *value = cJSON_GetArrayItem(p->values, (int)v);
    if (cJSON_IsBool(value))
        return 'b';
    if (!cJSON_IsNumber(value))
        return 't';
    // 1 beside 0.5 is a real number that happens to be whole.
    for (const cJSON *other = p->values->child; other; other = other->next)
        if (cJSON_IsNumber(other) && !is_integer(other))
            return 'r';
    return 'i';
}

// --- in [0, 1] ---------------------------------------------------------------

// The logarithm of a ratio of log integers as a part of [0, 1].
static double log_share(const struct ms_param *p, double from, double to)
{
    return log(to / from) / log((p->hi + 0.5) / (p->lo - 0.5));
}

double ms_space_param_from_unit(const struct ms_param *p, double x)
{
    if (log_integers(p)) {
        double low = p->lo - 0.5, number = rounded(low * pow((p->hi + 0.5) / low, x));
        return fmin(fmax(nearbyint(number), p->lo), p->hi) - p->lo;
    }
    if (p->count > 0) {
        // Below count for every x below 1; 1 itself is forgiven.
        double index = floor(x * (double)p->count);
        return index < (double)p->count ? index : (double)p->count - 1;
    }
    double number = p->log ? rounded(p->lo * pow(p->hi / p->lo, x)) : p->lo + (p->hi - p->lo) * x;
    return fmin(fmax(number, p->lo), p->hi);
}

double ms_space_param_to_unit(const struct ms_param *p, double v)
{
    if (log_integers(p))
        return log_share(p, p->lo - 0.5, p->lo + v);
    if (p->count > 0)
        return (v + 0.5) / (double)p->count;
    double u = p->log ? log(v / p->lo) / log(p->hi / p->lo) : (v - p->lo) / (p->hi - p->lo);
    return fmin(fmax(u, 0), 1);
}

double ms_space_param_share(const struct ms_param *p, double v)
{
    if (log_integers(p))
        return log_share(p, p->lo + v - 0.5, p->lo + v + 0.5);
    return p->count > 0 ? 1 / (double)p->count : 0;
}
