// SPDX-License-Identifier: MIT
//
// Which differences make data other data, and the words for them.
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mlpsweep/data_info.h"

static struct ms_error err;

// A set with columns named by single letters, and one training file.
static struct ms_data_info make(const char *columns, uint64_t rows, const char *block,
                                const char *file)
{
    struct ms_data_info i = {
        .source = "csv", .name = "d.csv", .n_inputs = (int)strlen(columns) - 1, .n_rows = rows};
    snprintf(i.sha256, sizeof i.sha256, "%s", block);
    for (const char *p = columns; *p; p++) {
        const struct ms_data_column c = {.name = (char[]){*p, '\0'}, .kind = "number"};
        CHECK_INT(ms_data_info_column(&i, &c, &err), 0);
    }
    struct ms_data_file f = {.path = (char[]){"some/where/d.csv"}, .part = "training"};
    snprintf(f.sha256, sizeof f.sha256, "%s", file);
    if (file[0])
        CHECK_INT(ms_data_info_file(&i, &f, &err), 0);
    return i;
}

static void test_words(void)
{
#define BEGAN "d.csv has changed since this sweep began: "
    static const struct {
        const char *columns, *block, *file;
        uint64_t rows;
        const char *why; // "": the same data
    } cases[] = {
        {"aby", "B", "F", 20, ""},
        {"aby", "B", "G", 20, ""}, // other bytes of the same content
        {"aby", "C", "F", 20, ""}, // packed by another version of the program
        {"bay", "B", "G", 20, ""}, // columns that are read by their names
        {"abcy", "C", "G", 20, BEGAN "4 columns (a, b, c, y), 3 then (a, b, y)"},
        {"acy", "B", "G", 20, BEGAN "3 columns (a, c, y), 3 then (a, b, y)"},
        {"aby", "C", "G", 21, BEGAN "21 rows, 20 then"},
        {"aby", "C", "G", 20, BEGAN "other values in as many rows and columns"},
        {"abcdefghijklmy", "C", "G", 20,
         BEGAN "14 columns, 3 then; new: c, d, e, f, g, h, i, j, k, l, m"},
    };
    struct ms_data_info was = make("aby", 20, "B", "F");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[500];
        CASE("case %zu", i);
        struct ms_data_info now =
            make(cases[i].columns, cases[i].rows, cases[i].block, cases[i].file);
        CHECK_INT(ms_data_info_changed(&was, &now, why, sizeof why), cases[i].why[0] != '\0');
        CHECK_STR(why, cases[i].why);
        ms_data_info_clear(&now);
    }
    ms_data_info_clear(&was);
}

// A store of before fingerprints knows nothing that could have changed; points follow from the
// sweep file.
static void test_unknown(void)
{
    char why[500];
    struct ms_data_info was = make("aby", 20, "", ""), now = make("abcy", 21, "C", "G");
    CHECK(!ms_data_info_changed(&was, &now, why, sizeof why));
    strcpy(was.sha256, "B");
    CHECK(ms_data_info_changed(&was, &now, why, sizeof why));
    strcpy(now.source, "synthetic");
    CHECK(!ms_data_info_changed(&was, &now, why, sizeof why));
    ms_data_info_clear(&was);
    ms_data_info_clear(&now);
}

// The columns of arrays have no names.
static void test_arrays(void)
{
    char why[500];
    struct ms_data_info was = make("", 20, "B", "F"), now = make("", 20, "C", "G");
    const struct ms_data_column x = {.kind = "number"},
                                stored = {.name = (char[]){""}, .kind = "number"};
    CHECK_INT(ms_data_info_column(&was, &stored, &err), 0);
    CHECK_INT(ms_data_info_column(&now, &x, &err), 0);
    CHECK(ms_data_info_changed(&was, &now, why, sizeof why));
    CHECK_STR(why, BEGAN "other values in as many rows and columns");
    now.n_inputs++;
    CHECK(ms_data_info_changed(&was, &now, why, sizeof why));
    CHECK_THAT(strstr(why, "inputs, "), "%s", why);
    ms_data_info_clear(&was);
    ms_data_info_clear(&now);
}

// Of several files the one that has changed is named.
static void test_files(void)
{
    char why[500];
    struct ms_data_info was = make("aby", 20, "B", "F"), now = make("aby", 20, "C", "F");
    struct ms_data_file f = {.path = (char[]){"val.csv"}, .part = "validation", .sha256 = "V"};
    CHECK_INT(ms_data_info_file(&was, &f, &err), 0);
    strcpy(f.sha256, "W");
    CHECK_INT(ms_data_info_file(&now, &f, &err), 0);
    CHECK(ms_data_info_changed(&was, &now, why, sizeof why));
    CHECK_STR(why, "val.csv has changed since this sweep began: other values in as many rows and "
                   "columns");
    ms_data_info_clear(&was);
    ms_data_info_clear(&now);
}

int main(void)
{
    test_words();
    test_unknown();
    test_arrays();
    test_files();
    return check_done();
}
