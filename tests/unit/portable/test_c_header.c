// SPDX-License-Identifier: MIT
//
// What of a user's texts ends up in a header. Its values, and that compilers take it without a
// warning, are compared by tests/export/compare.py.
#include "check.h"

#include "coordinator/portable/c_header.h"
#include "made_model.h"

static char *header(const struct made *how)
{
    struct ms_model m;
    struct ms_error err;
    char *text;
    size_t n;
    made_model(how, &m);
    FILE *stream = open_memstream(&text, &n);
    REQUIRE(stream && ms_portable_c_header(&m, stream, &err) == 0);
    REQUIRE(fclose(stream) == 0);
    ms_model_clear(&m);
    return text;
}

static void names(void)
{
    char *text = header(&(struct made){.name = "7 times */ /* that"});
    CHECK(strstr(text, "#ifndef M_7_TIMES_______THAT_H\n") != NULL);
    CHECK(strstr(text, "static inline void m_7_times_______that_predict(const double values[4],"));
    CHECK(strstr(text, "sweep 7 times * _ / _ that"));
    CHECK(strstr(text, "7 times */") == NULL);
    CHECK(strstr(text, "M_7_TIMES_______THAT_AT_KM_H = 1"));
    free(text);
}

static void words(void)
{
    char text[200];
    FILE *file = fmemopen(text, sizeof text, "w");
    REQUIRE(file);
    ms_portable_c_literal(file, "a\"b\\c?\?=\n\xC3\xB6");
    fputc('|', file);
    ms_portable_c_remark(file, "a*/b/*c\\\n");
    fputc('|', file);
    ms_portable_c_double(file, 0.1);
    fclose(file);
    CHECK_STR(text, "\"a\\\"b\\\\c\\?\\?=\\012\\303\\266\"|a* _b/ _c__|0.1");
}

static void only_what_it_needs(void)
{
    char *text = header(&(struct made){.name = "t", .activation = "relu"});
    CHECK(!strstr(text, "softmax") && !strstr(text, "normalization") && !strstr(text, "_category"));
    CHECK(!strstr(text, "t_class(") && !strstr(text, "t_classes"));
    free(text);
    text = header(&(struct made){.name = "t",
                                 .activation = "softmax",
                                 .normalization = "layer_normalization",
                                 .task = MS_BINARY,
                                 .columns = MADE_CATEGORIES});
    CHECK(strstr(text, "t_softmax(y, 7)") && strstr(text, "t_layer_normalization(y, 7, 0.003"));
    CHECK(strstr(text, "\"gr\\303\\266\\303\\237er\""));
    CHECK(strstr(text, "return outputs[0] > 0.5 ? 1 : 0;"));
    free(text);
}

int main(void)
{
    names();
    words();
    only_what_it_needs();
    return check_done();
}
