// SPDX-License-Identifier: MIT
//
// Every activation of the table has a spelling in every language, and steps in ONNX. Their values
// are compared by tests/export/compare.py.
#include "check.h"

#include "coordinator/portable/onnx_graph.h"
#include "coordinator/portable/spellings.h"

static void put(const struct ms_pick *p, enum ms_spelling s, char *out, size_t size)
{
    FILE *file = fmemopen(out, size, "w");
    REQUIRE(file);
    ms_spellings_put(file, p, s);
    fclose(file);
}

static void every_row(void)
{
    for (int row = 0; row < ms_activation_table.n; row++)
        for (int variant = 0; variant < 2; variant++) {
            struct ms_pick p = ms_table_default(&ms_activation_table, row);
            const struct ms_row *r = ms_table_row(&ms_activation_table, row);
            struct ms_onnx_graph g = {.now = "x"};
            struct ms_error err;
            CASE("%s", r->name);
            if (r->n_args && r->args[0].type == MS_ARG_BOOL)
                p.arg[0] = variant;
            for (int s = 0; s < MS_SPELLINGS; s++)
                CHECK(ms_spellings_of(&p, (enum ms_spelling)s) != NULL);
            CHECK_INT(ms_onnx_activations_step(&g, &p, "output", &err), 0);
            CHECK_INT(g.pb.status, 0);
            ms_protobuf_clear(&g.pb);
        }
}

static void arguments(void)
{
    char text[200];
    struct ms_pick p =
        ms_table_default(&ms_activation_table, ms_table_find(&ms_activation_table, "leaky_relu"));
    p.arg[0] = 0.01;
    put(&p, MS_SPELLING_C, text, sizeof text);
    CHECK_STR(text, "z > 0 ? z : 0.01 * z");
    put(&p, MS_SPELLING_TORCH, text, sizeof text);
    CHECK_STR(text, "F.leaky_relu(x, 0.01)");
    p = ms_table_default(&ms_activation_table, ms_table_find(&ms_activation_table, "gelu"));
    CHECK_STR(ms_spellings_of(&p, MS_SPELLING_KERAS), "ops.gelu(x, approximate=False)");
    p.arg[0] = 1;
    CHECK_STR(ms_spellings_of(&p, MS_SPELLING_KERAS), "ops.gelu(x, approximate=True)");
}

int main(void)
{
    every_row();
    arguments();
    return check_done();
}
