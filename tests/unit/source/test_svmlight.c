// SPDX-License-Identifier: MIT
//
// A line of svmlight text: what it holds, and what is refused. What scikit-learn 1.9.1's
// load_svmlight_file refuses is refused here; the lines were read by both.
#include "coordinator/source/svmlight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static locale_t c_locale;

// "label; index:value …", or the refusal.
static const char *parsed(const char *text, char out[1200])
{
    struct ms_svmlight_line l = {0};
    struct ms_error err = {0};
    char *copy = strdup(text); // exactly as long, so that a sanitizer sees every byte too far
    REQUIRE(copy);
    const int status = ms_svmlight_parse(&l, copy, c_locale, &err);
    if (status || l.empty)
        snprintf(out, 1200, "%s", status ? err.text : "empty");
    else
        snprintf(out, 1200, "%g;%s", l.label, l.qid ? " qid" : "");
    for (size_t i = 0; !status && i < l.n; i++)
        snprintf(out + strlen(out), 1200 - strlen(out), " %u:%g", l.index[i], l.value[i]);
    ms_svmlight_clear(&l);
    free(copy);
    return out;
}

static void test_lines(void)
{
    static const char *const rows[][2] = {
        {"1 1:0.5 3:-2", "1; 1:0.5 3:-2"},
        {"-1", "-1;"},
        {"+1\t1:1e-3   7:+4 \r", "1; 1:0.001 7:4"},
        {"2.5 0:1 2147483647:1", "2.5; 0:1 2147483647:1"},
        {"1 1:2 # a comment 5:6", "1; 1:2"},
        {"1 1:2# glued", "1; 1:2"},
        {"# all of it", "empty"},
        {"  \t\r", "empty"},
        {"", "empty"},
        {"3 qid:7 1:2", "3; qid 1:2"},
        {"1 1:nan 2:-inf 3:Infinity", "1; 1:nan 2:-inf 3:inf"},
        {"1 007:1", "1; 7:1"},
        {"1,2 1:1",
         "found the labels '1,2'; allowed: one label, as rows of several are not read (a CSV "
         "file can have a target column of 0 and 1 for each label)"},
        {"cat 1:1", "expected a number as label, found 'cat'"},
        {"1:1 2:1", "expected a number as label, found '1:1'; the label comes before the features"},
        {"1 1:2 qid:7", "expected index:value, found 'qid:7'"},
        {"1 2", "expected index:value, found '2'"},
        {"1 :2", "expected index:value, found ':2'"},
        {"1 -1:2", "expected index:value, found '-1:2'"},
        {"1 1.0:2", "expected index:value, found '1.0:2'"},
        {"1 1:", "index 1: expected a number, found ''"},
        {"1 1:2:3", "index 1: expected a number, found '2:3'"},
        {"1 1:0x10", "index 1: expected a number, found '0x10'"},
        {"1 1:1 1:2", "found index 1 behind 1; allowed: indices that rise"},
        {"1 2:1 1:2", "found index 1 behind 2; allowed: indices that rise"},
        {"1 2147483648:1", "found index 2147483648; allowed: at most 2147483647"},
        {"1 99999999999999999999:1",
         "found index 99999999999999999999; allowed: at most 2147483647"},
    };
    char out[1200];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i][0]);
        CHECK_STR(parsed(rows[i][0], out), rows[i][1]);
    }
}

// Lines of any length, one after the other.
static void test_growth(void)
{
    enum { N = 5000 };
    static char text[N * 12];
    struct ms_svmlight_line l = {0};
    struct ms_error err = {0};
    for (int round = 0; round < 2; round++) {
        int n = snprintf(text, sizeof text, "1");
        for (int i = 1; i <= N / (round + 1); i++)
            n += snprintf(text + n, sizeof text - (size_t)n, " %d:1", i);
        CHECK_INT(ms_svmlight_parse(&l, text, c_locale, &err), 0);
        CHECK_INT(l.n, N / (round + 1));
        CHECK_INT(l.index[l.n - 1], N / (round + 1));
    }
    ms_svmlight_clear(&l);
}

int main(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    REQUIRE(c_locale);
    test_lines();
    test_growth();
    freelocale(c_locale);
    return check_done();
}
