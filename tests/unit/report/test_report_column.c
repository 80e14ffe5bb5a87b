// SPDX-License-Identifier: MIT
//
// Columns as base64. Expected texts: Python's base64.b64encode(struct.pack("<…", …)).
#include "check.h"

#include "coordinator/report/report_internal.h"

// The column as it stands in the document, without its quotes.
static void column(enum ms_report_kind kind, const double *value, size_t n, char *out, size_t size)
{
    struct ms_error err = {0};
    char *text = NULL;
    size_t length = 0;
    struct ms_json_out o = {.file = open_memstream(&text, &length)};
    REQUIRE(o.file);
    ms_json_out_open(&o, NULL, '[');
    REQUIRE(ms_report_column(&o, NULL, kind, value, n, &err) == 0);
    ms_json_out_close(&o);
    fclose(o.file);
    REQUIRE(strlen(text) > 5);
    snprintf(out, size, "%.*s", (int)strlen(text) - 5, text + 2);
    free(text);
}

int main(void)
{
    static const struct {
        enum ms_report_kind kind;
        size_t n;
        double value[4];
        const char *text;
    } cases[] = {
        {MS_REPORT_F4, 3, {0.5, NAN, -1e30}, "f4:AAAAPwAAwH/K8knx"},
        {MS_REPORT_F8, 2, {0.1, -0.0}, "f8:mpmZmZmZuT8AAAAAAAAAgA=="},
        {MS_REPORT_U1, 4, {0, NAN, 7, 254}, "u1:AP8H/g=="},
        {MS_REPORT_U2, 3, {1, NAN, 300}, "u2:AQD//ywB"},
        {MS_REPORT_U4, 2, {4e9, NAN}, "u4:AChr7v////8="},
        // The same everywhere: the value, as JavaScript's Number reads it.
        {MS_REPORT_F4, 3, {0.25, 0.25, 0.25}, "k:0.25"},
        {MS_REPORT_F8, 2, {NAN, NAN}, "k:NaN"},
        {MS_REPORT_F8, 2, {-INFINITY, -INFINITY}, "k:-Infinity"},
        {MS_REPORT_U2, 2, {NAN, NAN}, "k:65535"},
        {MS_REPORT_U1, 1, {3}, "k:3"},
        {MS_REPORT_F4, 0, {0}, "f4:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s", cases[i].text);
        char text[100];
        column(cases[i].kind, cases[i].value, cases[i].n, text, sizeof text);
        CHECK_THAT(strcmp(text, cases[i].text) == 0, "found %s", text);
    }
    return check_done();
}
