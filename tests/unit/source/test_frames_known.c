// SPDX-License-Identifier: MIT
//
// Rows that come after training meet what info keeps of the training rows: the same inputs, targets
// where they are known, and the reason where they are not. All by hand.
#include "source_helpers.h"

#include "coordinator/source/later.h"

static const char training[] = "x,colour,y\n1.5,red,no\n2.5,blue,yes\n0.5,red,no\n";

static struct ms_data_spec table(const char *name)
{
    struct ms_data_spec s = spec_of(MS_CSV, name);
    snprintf(s.target, sizeof s.target, "y");
    snprintf(s.categorical, sizeof s.categorical, "colour");
    return s;
}

static struct ms_data_info known_as(const struct ms_data_spec *s)
{
    struct ms_data_info was = {0};
    struct ms_error err;
    void *block;
    size_t size;
    REQUIRE(ms_source_load(s, NULL, tmp_dir, 1, &block, &size, &was, &err) == 0);
    free(block);
    return was;
}

// Reads text as later rows of the table.
static int later(const struct ms_data_info *was, const char *text, bool as_trained,
                 struct ms_later *out, struct ms_error *err)
{
    struct ms_data_spec s = table("new.csv");
    struct ms_data_info info = {0};
    const struct ms_later_request q = {
        .spec = &s, .was = was, .as_trained = as_trained, .dir = tmp_dir};
    tmp_write("new.csv", text, strlen(text));
    int status = ms_later_read(&q, out, &info, err);
    ms_data_info_clear(&info);
    return status;
}

static void check_rows(const struct ms_data_info *was)
{
    // blue and red are inputs 1 and 2, in the order of their names; yes is class 1.
    static const double x[] = {7, 1, 0, -1, 0, 1};
    struct ms_later l;
    struct ms_error err;
    REQUIRE(later(was, "z,y,colour,x\n9,yes,blue,7\n9,no,red,-1\n", false, &l, &err) == 0);
    CHECK(l.raw.n_rows == 2 && l.raw.n_inputs == 3 && l.raw.task == MS_BINARY);
    CHECK(l.raw.x_type == MS_RAW_F64 && memcmp(l.raw.x, x, sizeof x) == 0);
    REQUIRE(l.raw.y != NULL);
    CHECK(l.raw.y[0] == 1 && l.raw.y[1] == 0 && !l.no_target[0] && !l.hole);
    ms_later_clear(&l);
}

static void check_targets(const struct ms_data_info *was)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"x,colour\n1,red\n", "has no target 'y'"},
        {"x,colour,y\n1,red,no\n1,red,\n", "new.csv:3: column 3 (y): no class stands there"},
        {"x,colour,y\n1,red,maybe\n",
         "new.csv:2: column 3 (y): no row of t.csv has the class 'maybe'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%zu", i);
        struct ms_later l;
        struct ms_error err;
        REQUIRE(later(was, cases[i].text, false, &l, &err) == 0);
        CHECK(l.raw.y == NULL && l.raw.n_inputs == 3);
        CHECK_THAT(strstr(l.no_target, cases[i].why) != NULL, "'%s'", l.no_target);
        ms_later_clear(&l);
        CHECK(later(was, cases[i].text, true, &l, &err) == MS_EFORMAT);
    }
}

static void check_refused(const struct ms_data_info *was)
{
    static const char *const cases[][2] = {
        {"colour,y\nred,no\n", "there is no column 'x', which t.csv has"},
        {"x,colour,y\n1,green,no\n", "no row of t.csv has the category 'green'; --unseen ignore"},
        {"x,colour,y\nwide,red,no\n", "expected a number, found 'wide', as in training"},
        {"x,colour,y\n,red,no\n", "new.csv:2: column 1 (x): missing value"},
        {"1,2,3\n4,5,6\n", "the first line looks like data"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%zu", i);
        struct ms_later l;
        struct ms_error err;
        CHECK(later(was, cases[i][0], false, &l, &err) == MS_EFORMAT);
        CHECK_THAT(strstr(err.text, cases[i][1]) != NULL, "'%s'", err.text);
        CHECK(!l.raw.x && !l.raw.y);
    }
}

// Arrays go by place, and indices begin where those of training did.
static void check_svmlight(void)
{
    static const char zero[] = "1 0:5 2:7\n2 1:1\n", rows[] = "2 2:3\n", wide[] = "2 3:3\n";
    struct ms_data_spec s = spec_of(MS_SVMLIGHT, "t.svm");
    tmp_write("t.svm", zero, strlen(zero));
    struct ms_data_info was = known_as(&s), info = {0};
    struct ms_later l;
    struct ms_error err;
    const struct ms_later_request q = {.spec = &s, .was = &was, .dir = tmp_dir};
    CHECK_INT(was.first_index, 0);
    snprintf(s.path, sizeof s.path, "new.svm");
    tmp_write("new.svm", rows, strlen(rows));
    REQUIRE(ms_later_read(&q, &l, &info, &err) == 0);
    const double *x = l.raw.x;
    CHECK(l.raw.n_inputs == 3 && x[0] == 0 && x[1] == 0 && x[2] == 3);
    CHECK(l.raw.y && l.raw.y[0] == 1);
    ms_later_clear(&l);
    tmp_write("new.svm", wide, strlen(wide));
    CHECK(ms_later_read(&q, &l, &info, &err) == MS_EFORMAT);
    ms_data_info_clear(&info);
    ms_data_info_clear(&was);
}

// One-hot columns are classes by their names, in any order.
static void check_one_hot(void)
{
    static const char hot[] = "x,k0,k1,k2\n1,0,1,0\n2,1,0,0\n3,0,0,1\n",
                      rows[] = "k2,x,k1,k0\n1,5,0,0\n";
    struct ms_data_spec s = spec_of(MS_CSV, "hot.csv");
    snprintf(s.target, sizeof s.target, "k0\nk1\nk2");
    tmp_write("hot.csv", hot, strlen(hot));
    struct ms_data_info was = known_as(&s), info = {0};
    struct ms_later l;
    struct ms_error err;
    const struct ms_later_request q = {.spec = &s, .was = &was, .dir = tmp_dir};
    tmp_write("hot.csv", rows, strlen(rows));
    REQUIRE(ms_later_read(&q, &l, &info, &err) == 0);
    CHECK_STR(l.no_target, "");
    CHECK(l.raw.task == MS_MULTICLASS && l.raw.n_classes == 3 && l.raw.y && l.raw.y[0] == 2);
    ms_later_clear(&l);
    ms_data_info_clear(&info);
    ms_data_info_clear(&was);
}

int main(void)
{
    tmp_make();
    struct ms_data_spec s = table("t.csv");
    tmp_write("t.csv", training, strlen(training));
    struct ms_data_info was = known_as(&s);
    CHECK(was.n_columns == 3 && was.column[1].n_levels == 2);
    CHECK_STR(was.column[1].level[0], "blue");
    check_rows(&was);
    check_targets(&was);
    check_refused(&was);
    check_svmlight();
    check_one_hot();
    ms_data_info_clear(&was);
    tmp_remove();
    return check_done();
}
