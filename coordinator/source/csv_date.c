// SPDX-License-Identifier: MIT
//
// Dates as seconds, by formula: the calendar repeats itself every 400 years, or 146,097 days;
// within them, days are counted from 1 March, so that a leap day is the last of its year.
#include "csv_date.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Exactly n digits; moves on.
static bool digits(const char **s, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)**s))
            return false;
        *out = 10 * *out + (*(*s)++ - '0');
    }
    return true;
}

static bool one_of(const char **s, const char *set, char *found)
{
    if (!**s || !strchr(set, **s))
        return false;
    *found = *(*s)++;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

// Days since 1970-01-01.
static int64_t days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);                                      // begins in March
    int64_t d = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1; // since 1 March
    return 365 * y + y / 4 - y / 100 + y / 400 + d - 719468; // 1970-01-01 is day 719,468
}

static bool date(const char **s, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    char sign, again;
    if (!digits(s, 4, &year) || !one_of(s, "-/", &sign) || !digits(s, 2, &month) ||
        !one_of(s, "-/", &again) || sign != again || !digits(s, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1] + (month == 2 && is_leap(year)))
        return false;
    *days = days_of(year, month, day);
    return true;
}

// Hours and minutes, seconds or not, a fraction of them or not, as whole / unit seconds.
static bool time_of(const char **s, int64_t *whole, int64_t *unit)
{
    int hour, minute, second = 0;
    char sign;
    *unit = 1;
    if (!digits(s, 2, &hour) || !one_of(s, ":", &sign) || !digits(s, 2, &minute))
        return false;
    if (one_of(s, ":", &sign) && !digits(s, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *whole = (int64_t)hour * 3600 + minute * 60 + second;
    if (!one_of(s, ".", &sign))
        return true;
    const char *first = *s;
    for (; isdigit((unsigned char)**s); ++*s)
        if (*unit < 1000000000) { // to the nanosecond
            *whole = 10 * *whole + (**s - '0');
            *unit *= 10;
        }
    return *s > first;
}

// "Z", "+02:00", "+0200", "+02", or nothing: seconds to take away.
static bool offset(const char **s, int64_t *seconds)
{
    int hour, minute = 0;
    char sign;
    *seconds = 0;
    if (one_of(s, "Zz", &sign) || !**s)
        return true;
    if (!one_of(s, "+-", &sign) || !digits(s, 2, &hour))
        return false;
    if (**s == ':')
        ++*s;
    if (**s && !digits(s, 2, &minute))
        return false;
    *seconds = (sign == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
    return hour < 24 && minute < 60;
}

// Three groups of digits with one sign between them.
static bool looks_like_date(const char *s)
{
    int groups = 0;
    char sign = 0, found;
    for (;;) {
        size_t n = strspn(s, "0123456789");
        if (n < 1 || n > 4 || n == 3)
            return false;
        s += n;
        if (++groups == 3)
            return *s == '\0' || *s == ' ' || *s == 'T';
        if (!one_of(&s, "./-", &found) || (sign && sign != found))
            return false;
        sign = found;
    }
}

enum ms_csv_date ms_csv_date_read(const char *text, double *seconds)
{
    const char *s = text;
    int64_t days = 0, whole = 0, unit = 1, shift = 0;
    char sign;
    if (!isdigit((unsigned char)*s))
        return MS_CSV_NO_DATE;
    if (time_of(&s, &whole, &unit) && *s == '\0') {
        *seconds = (double)whole / (double)unit;
        return MS_CSV_TIME;
    }
    s = text;
    whole = 0;
    unit = 1;
    bool good = date(&s, &days);
    if (good && one_of(&s, "Tt ", &sign))
        good = time_of(&s, &whole, &unit) && (*s != ' ' || *++s) && offset(&s, &shift);
    if (!good || *s)
        return looks_like_date(text) ? MS_CSV_OTHER_DATE : MS_CSV_NO_DATE;
    // The whole is below 2^63 for every date and nanosecond of 292 years around 1970; beyond them
    // the fraction is added to the seconds.
    int64_t day_seconds = days * 86400 - shift;
    if (unit <= 1000000)
        *seconds = (double)(day_seconds * unit + whole) / (double)unit;
    else
        *seconds = (double)day_seconds + (double)whole / (double)unit;
    return MS_CSV_DATE;
}
