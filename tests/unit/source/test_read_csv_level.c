// SPDX-License-Identifier: MIT
//
// Categorical and ignored columns, several targets, missing values.
#include "source_helpers.h"

static void put(const char *name, const char *text)
{
    tmp_write(name, text, strlen(text));
}

static struct ms_data_spec csv(const char *text, const char *target, const char *categorical,
                               const char *ignore)
{
    tmp_write("t.csv", text, strlen(text));
    struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
    snprintf(s.target, sizeof s.target, "%s", target);
    snprintf(s.categorical, sizeof s.categorical, "%s", categorical);
    snprintf(s.ignore, sizeof s.ignore, "%s", ignore);
    return s;
}

static void check_rows(const struct ms_data_spec *s, size_t rows, size_t width, const float *x)
{
    struct loaded l = load_well(s, 1);
    CHECK_INT(l.d.n_inputs, width);
    CHECK_INT((size_t)l.d.n_train + l.d.n_val + l.d.n_test, rows);
    for (size_t i = 0; i < rows * width; i++)
        CHECK_THAT(x_at(&l.d, i / width, i % width) == (double)x[i],
                   "row %zu, input %zu: %g, not %g", i / width, i % width,
                   x_at(&l.d, i / width, i % width), (double)x[i]);
    free(l.block);
}

static void test_categories(void)
{
    // Levels in order of their text, in the place of their column; "10" sorts before "9".
    struct ms_data_spec s =
        csv("n,c,a,y,d\n1,red,5,.5,9\n2,blue,6,.5,10\n3,red,7,.5,9\n", "y", "c\nd", "n");
    check_rows(&s, 3, 5, (const float[]){0, 1, 5, 0, 1, 1, 0, 6, 1, 0, 0, 1, 7, 0, 1});
    // Scaling leaves the indicators alone.
    s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                 ms_table_find(&ms_dataset_scaling_table, "minmax"));
    check_rows(&s, 3, 5, (const float[]){0, 1, 0, 0, 1, 1, 0, .5f, 1, 0, 0, 1, 1, 0, 1});
    s.scaling.row = -1;
    // A level of a dropped row is none.
    put("t.csv", "n,c,a,y,d\n1,red,,.5,9\n2,blue,6,.5,10\n3,green,7,.5,9\n");
    s.missing = MS_MISSING_DROP;
    check_rows(&s, 2, 5, (const float[]){1, 0, 6, 1, 0, 0, 1, 7, 0, 1});
    // Unknown to the training file.
    put("more.csv", "n,c,a,y,d\n2,blue,6,.5,10\n1,red,1,.5,9\n");
    snprintf(s.test_path, sizeof s.test_path, "more.csv");
    refused(&s, MS_EFORMAT, "more.csv:3: column 2 (c): no row of t.csv has the category 'red'", "");
    s.test_path[0] = '\0';
    snprintf(s.val_path, sizeof s.val_path, "more.csv");
    refused(&s, MS_EFORMAT, "more.csv:3: column 2 (c)", "'red'");
    // A column of words that is not declared is a mistake.
    s = csv("c,y\nred,1.5\n", "y", "", "");
    refused(&s, MS_EFORMAT, "column 1 (c): expected a number, found 'red'", "");
    s = csv("c,y\nred,1.5\n", "y", "d", "");
    refused(&s, MS_EINVAL, "there is no column 'd'", "");
    s = csv("color,y\nred,1.5\n", "y", "colour", "");
    refused(&s, MS_EINVAL, "did you mean 'color'?", "");
    s = csv("c,y\nred,1.5\n", "y", "c", "c");
    refused(&s, MS_EINVAL, "column 'c' is named twice", "");
    s = csv("c,y\nred,1.5\n", "y\ny", "", "");
    refused(&s, MS_EINVAL, "column 'y' is named twice", "");
    s = csv("c,y\nred,1.5\n", "y", "", "c");
    refused(&s, MS_EFORMAT, "no column besides the target", "ignored");
}

static void test_level_limit(void)
{
    size_t size = 200000, used = 0;
    char *text = malloc(size);
    REQUIRE(text);
    used += (size_t)snprintf(text, size, "c,y\n");
    for (int i = 0; i < 10001; i++)
        used += (size_t)snprintf(text + used, size - used, "w%d,.5\n", i * 7919 % 10007);
    struct ms_data_spec s = csv(text, "y", "c", "");
    refused(&s, MS_ELIMIT, "t.csv:10002: column 1 (c): more than 10000 different categories", "");
    free(text);
}

static void test_missing(void)
{
    static const char text[] = "a,c,b,y\n1,u,2,.5\n,v,4,.5\n5,?,n/a,.5\n7,v,NaN,\n";
    struct ms_data_spec s = csv(text, "y", "c", "");
    refused(&s, MS_EFORMAT, "t.csv:3: column 1 (a): missing value", "");
    s.missing = MS_MISSING_DROP;
    check_rows(&s, 1, 3, (const float[]){1, 1, 2});
    s.missing = MS_MISSING_MEAN;
    refused(&s, MS_EFORMAT, "t.csv:5: column 4 (y): missing value", "only dropped");
    put("t.csv", "a,c,b,y\n1,u,2,.5\n,v,4,.5\n5,?,n/a,.5\n\n");
    check_rows(&s, 3, 4, (const float[]){1, 1, 0, 2, 3, 0, 1, 4, 5, .5f, .5f, 3});
    // Means of the training rows alone.
    put("t.csv", "a,y\n1,.5\n3,.5\n,.5\n1000,.5\n,.5\n");
    s = csv("a,y\n1,.5\n3,.5\n,.5\n1000,.5\n,.5\n", "y", "", "");
    s.missing = MS_MISSING_MEAN;
    s.validation = 0.4;
    check_rows(&s, 5, 1, (const float[]){1, 3, 2, 1000, 2});
    // Standard scaling sees the means where values are missing.
    s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                 ms_table_find(&ms_dataset_scaling_table, "standard"));
    float sd = (float)sqrt(2.0 / 3);
    struct loaded l = load_well(&s, 1);
    CHECK_NEAR(x_at(&l.d, 0, 0), -1 / (double)sd, 1e-6);
    CHECK_NEAR(x_at(&l.d, 2, 0), 0, 0);
    CHECK_NEAR(x_at(&l.d, 3, 0), 998 / (double)sd, 1e-6);
    free(l.block);
    s.split = MS_SPLIT_LAST;
    put("t.csv", "a,y\n,.5\n,.5\n,.5\n1000,.5\n,.5\n");
    refused(&s, MS_EINVAL, "input column 1 has no value in the training rows", "");
    s = csv("a,y\n,.5\n,.5\n", "y", "", "");
    s.missing = MS_MISSING_DROP;
    refused(&s, MS_EFORMAT, "no rows without missing values", "");
    // In a column that is left out nothing is missed.
    s = csv("a,b,y\n1,,.5\n2,oops,.25\n", "y", "", "b");
    check_rows(&s, 2, 1, (const float[]){1, 2});
}

static void test_several_targets(void)
{
    struct ms_data_spec s =
        csv("a,y,b,z\n1,2,3,4\n5,6,7,8\n", "z\ny", "", ""); // in the order named
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && l.d.n_outputs == 2 && l.d.n_inputs == 2);
    const float y[] = {4, 2, 8, 6}, x[] = {1, 3, 5, 7};
    CHECK(memcmp(l.d.y, y, sizeof y) == 0 && memcmp(l.d.x, x, sizeof x) == 0);
    free(l.block);
    s.task = MS_MULTICLASS;
    refused(&s, MS_EINVAL, "2 numbers a row are not the one-hot classes", "");
    s = csv("a,y,z\n1,2,3\n5,6,x\n", "z\ny", "", "");
    refused(&s, MS_EFORMAT, "t.csv:3: column 3 (z): expected a number, found 'x'", "");
    s = csv("a,y,z\n1,1e99,3\n5,6,7\n", "z\ny", "", "");
    refused(&s, MS_EFORMAT, "t.csv:2: column 2 (y)", "float's range");
}

// Mutated files with every feature on: refused, or a set that can be read whole.
static void test_mutations(void)
{
    static const char text[] = "id,c,a,y,z\n1,red,5,1,2\n2,\"bl,ue\",,3,4\n3,?,7,5,6\n4,red,8,7,"
                               "9\n5,x,9,1,1\n6,red,0,1,2\n";
    size_t n = strlen(text);
    uint32_t r = 7;
    int loaded_well = 0;
    for (int k = 0; k < 6000; k++) {
        char copy[200];
        memcpy(copy, text, n + 1);
        for (int j = 0; j <= k % 3; j++) {
            static const char bytes[] = ",\n\"\r?0a.-e;\xff";
            r = r * 1664525u + 1013904223u;
            copy[(r >> 8) % n] = k % 2 ? bytes[(r >> 24) % (sizeof bytes - 1)] : (char)(r >> 24);
        }
        tmp_write("t.csv", copy, n);
        struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
        snprintf(s.target, sizeof s.target, "y\nz");
        snprintf(s.categorical, sizeof s.categorical, "c");
        snprintf(s.ignore, sizeof s.ignore, "id");
        s.missing = k % 5 ? MS_MISSING_DROP : MS_MISSING_MEAN;
        s.folds = k % 7 == 0 ? 2 : 0;
        struct loaded l = load(&s, 1);
        for (size_t i = 0; !l.status && i < (size_t)l.d.n_train + l.d.n_val; i++)
            loaded_well += x_at(&l.d, i, 0) != 0.123 && y_at(&l.d, i, 1) != 0.123;
        free(l.block);
    }
    CHECK_THAT(loaded_well > 1000, "%d rows loaded", loaded_well);
}

int main(void)
{
    tmp_make();
    test_categories();
    test_level_limit();
    test_missing();
    test_several_targets();
    test_mutations();
    tmp_remove();
    return check_done();
}
