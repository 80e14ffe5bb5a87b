// SPDX-License-Identifier: MIT
//
// Dates and times of ISO 8601, as seconds.
#ifndef MLPSWEEP_CSV_DATE_H
#define MLPSWEEP_CSV_DATE_H

enum ms_csv_date {
    MS_CSV_NO_DATE,
    MS_CSV_DATE,       // "2024-01-31", "2024/01/31", with a time behind "T" or a blank or without
    MS_CSV_TIME,       // "09:30", "09:30:15.25"
    MS_CSV_OTHER_DATE, // looks like a date in another order: "31.01.2024", "1/31/24"
};

// What a text without blanks around it is. *seconds: of a date since 1970-01-01 00:00 UTC in the
// Gregorian calendar, years 1 to 9999, where a date without an offset ("Z", "+02:00") is UTC; of a
// time since midnight. A day has 86,400 seconds.
enum ms_csv_date ms_csv_date_read(const char *text, double *seconds);

#endif
