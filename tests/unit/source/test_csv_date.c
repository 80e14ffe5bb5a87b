// SPDX-License-Identifier: MIT
//
// Dates and times as seconds. Expected values are Python's:
// datetime.fromisoformat(…).replace(tzinfo=timezone.utc).timestamp(), with (d - epoch).days * 86400
// for years that timestamp() refuses.
#include "check.h"

#include "coordinator/source/csv_date.h"

static void test_read(void)
{
    static const struct {
        const char *text;
        enum ms_csv_date kind;
        double seconds;
    } good[] = {
        {"1970-01-01", MS_CSV_DATE, 0},
        {"2024-01-31", MS_CSV_DATE, 1706659200},
        {"2024/01/31", MS_CSV_DATE, 1706659200},
        {"1969-12-31", MS_CSV_DATE, -86400},
        {"2000-02-29", MS_CSV_DATE, 951782400},
        {"2000-03-01", MS_CSV_DATE, 951868800},
        {"1900-03-01", MS_CSV_DATE, -2203891200},
        {"2100-03-01", MS_CSV_DATE, 4107542400},
        {"0001-01-01", MS_CSV_DATE, -62135596800},
        {"9999-12-31", MS_CSV_DATE, 253402214400},
        {"2024-01-31T12:34", MS_CSV_DATE, 1706704440},
        {"2024-01-31 12:34:56", MS_CSV_DATE, 1706704496},
        {"2024-01-31t12:34:56.5", MS_CSV_DATE, 1706704496.5},
        {"2024-01-31T12:34:56.123456", MS_CSV_DATE, 1706704496.123456},
        {"2024-01-31T12:34:56.1234567891", MS_CSV_DATE, 1706704496.123456789},
        {"2024-01-31T12:34:56Z", MS_CSV_DATE, 1706704496},
        {"2024-01-31T12:34:56+02:00", MS_CSV_DATE, 1706697296},
        {"2024-01-31 12:34:56 -0530", MS_CSV_DATE, 1706724296},
        {"2024-01-31T12:34+01", MS_CSV_DATE, 1706700840},
        {"1969-12-31T23:59:59.25", MS_CSV_DATE, -0.75},
        {"00:00", MS_CSV_TIME, 0},
        {"09:30", MS_CSV_TIME, 34200},
        {"23:59:59.999", MS_CSV_TIME, 86399.999},
        {"31.01.2024", MS_CSV_OTHER_DATE, 0},
        {"1/31/24", MS_CSV_OTHER_DATE, 0},
        {"31-01-2024", MS_CSV_OTHER_DATE, 0},
        {"31.01.2024 10:00", MS_CSV_OTHER_DATE, 0},
        {"2023-02-29", MS_CSV_OTHER_DATE, 0}, // there is no such day
        {"1900-02-29", MS_CSV_OTHER_DATE, 0},
        {"2024-13-01", MS_CSV_OTHER_DATE, 0},
        {"2024-00-01", MS_CSV_OTHER_DATE, 0},
        {"2024-01-00", MS_CSV_OTHER_DATE, 0},
        {"2024-01/31", MS_CSV_NO_DATE, 0},
        {"2024-01-31T24:00", MS_CSV_OTHER_DATE, 0},
        {"24:00", MS_CSV_NO_DATE, 0},
        {"12:60", MS_CSV_NO_DATE, 0},
        {"12:30:60", MS_CSV_NO_DATE, 0},
        {"12:30:", MS_CSV_NO_DATE, 0},
        {"12:30:15.", MS_CSV_NO_DATE, 0},
        {"1:30", MS_CSV_NO_DATE, 0},
        {"12:30Z", MS_CSV_NO_DATE, 0},
        {"2024", MS_CSV_NO_DATE, 0},
        {"2024-01", MS_CSV_NO_DATE, 0},
        {"1.2.3.4", MS_CSV_NO_DATE, 0},
        {"123.45.6", MS_CSV_NO_DATE, 0},
        {"-2024-01-31", MS_CSV_NO_DATE, 0},
        {"", MS_CSV_NO_DATE, 0},
        {"a", MS_CSV_NO_DATE, 0},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CASE("'%s'", good[i].text);
        double seconds = 0;
        CHECK_INT(ms_csv_date_read(good[i].text, &seconds), good[i].kind);
        if (good[i].kind == MS_CSV_DATE || good[i].kind == MS_CSV_TIME)
            CHECK_THAT(seconds == good[i].seconds, "%.17g, not %.17g", seconds, good[i].seconds);
    }
}

// Every day from 1600 to 2400 is one day after the day before it.
static void test_calendar(void)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    double last = 0, seconds = 0;
    int wrong = 0;
    for (int y = 1600; y < 2400; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1;
                 d <= lengths[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 || y % 400 == 0)); d++) {
                char text[40];
                snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
                wrong += ms_csv_date_read(text, &seconds) != MS_CSV_DATE;
                wrong += (y > 1600 || m > 1 || d > 1) && seconds - last != 86400;
                last = seconds;
            }
    CHECK_INT(wrong, 0);
    CHECK(seconds == 13569379200.0); // 2399-12-31
}

int main(void)
{
    test_read();
    test_calendar();
    return check_done();
}
