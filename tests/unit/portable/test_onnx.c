// SPDX-License-Identifier: MIT
//
// The operators of graphs and what they declare, read back field by field. That they compute the
// right thing is for onnx.checker and onnxruntime to say: tests/export/compare.py.
#include "check.h"

#include <stdint.h>

#include "coordinator/portable/models.h"
#include "made_model.h"

struct slice {
    const unsigned char *at, *end;
};

static uint64_t varint(struct slice *s)
{
    uint64_t value = 0;
    for (int shift = 0; s->at < s->end; shift += 7) {
        value |= (uint64_t)(*s->at & 127) << shift;
        if (!(*s->at++ & 128))
            break;
    }
    return value;
}

// The next field; its number, or 0 at the end. A varint's value, or a slice of bytes.
static int next(struct slice *s, uint64_t *value, struct slice *bytes)
{
    if (s->at >= s->end)
        return 0;
    const uint64_t key = varint(s);
    *bytes = (struct slice){0};
    *value = 0;
    if ((key & 7) == 0) {
        *value = varint(s);
    } else {
        const uint64_t n = (key & 7) == 5 ? 4 : varint(s);
        REQUIRE(n <= (uint64_t)(s->end - s->at));
        *bytes = (struct slice){s->at, s->at + n};
        s->at += n;
    }
    return (int)(key >> 3);
}

static void add_word(char *out, size_t size, struct slice text)
{
    const size_t n = strlen(out);
    snprintf(out + n, size - n, "%s%.*s", n ? " " : "", (int)(text.end - text.at),
             (const char *)text.at);
}

// The texts of a field of a field of the graph: operators of nodes, names of inputs.
static void graph_words(struct slice graph, int of, int text_field, char *out, size_t size)
{
    uint64_t value;
    struct slice inner, text;
    out[0] = '\0';
    for (int field; (field = next(&graph, &value, &inner)) != 0;)
        while (field == of && (field = next(&inner, &value, &text)) != 0) {
            if (field == text_field)
                add_word(out, size, text);
            field = of;
        }
}

struct read {
    uint64_t ir;
    char operators[1000], inputs[300], outputs[100], domains[100];
};

static struct read read_back(const struct made *how)
{
    struct ms_model m;
    struct ms_error err;
    char *bytes;
    size_t n;
    uint64_t value;
    struct read r = {0};
    struct slice field, inner;
    made_model(how, &m);
    FILE *stream = open_memstream(&bytes, &n);
    REQUIRE(stream && ms_portable_onnx(&m, stream, &err) == 0);
    REQUIRE(fclose(stream) == 0);
    struct slice all = {(unsigned char *)bytes, (unsigned char *)bytes + n};
    for (int number; (number = next(&all, &value, &field)) != 0;) {
        if (number == 1)
            r.ir = value;
        if (number == 8 && next(&field, &value, &inner) == 1) {
            add_word(r.domains, sizeof r.domains, inner);
            CHECK_INT(next(&field, &value, &inner), 2);
            CHECK_INT(value, r.domains[0] ? 3 : 17);
        }
        if (number == 7) {
            graph_words(field, 1, 4, r.operators, sizeof r.operators);
            graph_words(field, 11, 1, r.inputs, sizeof r.inputs);
            graph_words(field, 12, 1, r.outputs, sizeof r.outputs);
        }
    }
    free(bytes);
    ms_model_clear(&m);
    return r;
}

static void plain(void)
{
    const struct read r = read_back(&(struct made){.name = "plain", .activation = "relu"});
    CHECK_INT(r.ir, 8);
    CHECK_STR(r.domains, "");
    CHECK_STR(r.inputs, "x");
    CHECK_STR(r.outputs, "prediction");
    CHECK_STR(r.operators, "IsNaN Where Gemm Relu Gemm Relu Gemm Identity");
}

static void with_categories(void)
{
    const struct read r = read_back(&(struct made){.name = "mixed",
                                                   .output = "softmax",
                                                   .task = MS_MULTICLASS,
                                                   .n_outputs = 3,
                                                   .columns = MADE_MIXED,
                                                   .scaling = MADE_MINMAX});
    CHECK_STR(r.domains, "ai.onnx.ml");
    CHECK_STR(r.inputs, "x colour x_"); // the column "x" gives way to the matrix
    CHECK_STR(r.outputs, "probabilities");
    CHECK_STR(r.operators, "IsNaN Sub Div Where OneHotEncoder MatMul OneHotEncoder MatMul Concat "
                           "Gemm Softmax Identity");
}

static void in_more_than_floats(void)
{
    struct read r = read_back(&(struct made){.name = "dates", .columns = MADE_DATES});
    CHECK_STR(r.operators, "IsNaN Sub Div Cast Where Gemm Identity");
    r = read_back(&(struct made){.name = "far", .scaling = MADE_FAR});
    CHECK_STR(r.operators, "IsNaN Sub Sub Div Where Gemm Identity");
    r = read_back(&(struct made){.name = "base", .target = "base"});
    CHECK_STR(r.operators, "IsNaN Where Gemm Cast Mul Add Identity");
    r = read_back(&(struct made){.name = "log1p", .target = "log1p"});
    CHECK_STR(r.operators, "IsNaN Where Gemm Mul Add Exp Sub Identity");
}

int main(void)
{
    plain();
    with_categories();
    in_more_than_floats();
    return check_done();
}
