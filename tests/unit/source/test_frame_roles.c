// SPDX-License-Identifier: MIT
//
// Roles of columns by name; a later file's columns in any order, more or fewer.
#include "coordinator/source/frame.h"

#include <string.h>

#include "check.h"

static struct ms_error err;
static struct ms_data_info info;

// A table of the names in a text, "a,b,c".
static struct ms_frame frame_of(const char *path, const char *names)
{
    struct ms_frame f = {.named = true, .header = 1};
    char copy[200], *next = copy;
    snprintf(f.path, sizeof f.path, "%s", path);
    snprintf(copy, sizeof copy, "%s", names);
    while (next) {
        const char *name = strsep(&next, ",");
        REQUIRE(ms_frame_add(&f, name, MS_FRAME_F64, 1, &err) != NULL);
    }
    return f;
}

// One letter a column: i, c, t, - (ignored), and a target's place.
static void check_roles(const struct ms_frame *f, const char *roles)
{
    char found[100] = "";
    for (size_t i = 0; i < f->n_columns; i++) {
        const struct ms_frame_column *c = &f->column[i];
        size_t n = strlen(found);
        snprintf(found + n, sizeof found - n, "%c", "ict-"[c->role]);
        if (c->role == MS_ROLE_TARGET)
            snprintf(found + n + 1, sizeof found - n - 1, "%d", c->target);
        CHECK((c->role == MS_ROLE_IGNORED) == (c->type == MS_FRAME_LEFT));
    }
    CHECK_STR(found, roles);
}

static void test_training(void)
{
    static const struct {
        const char *columns, *target, *ignore, *categorical, *roles, *message;
    } cases[] = {
        {"id,x,y,d,y1,c", "y1\ny", "id", "c\nd", "-it1ct0c", NULL},
        {"a,y,yy,", "y", "", "", "it0ii", NULL},
        {"a,y", "z", "", "", NULL, "t.csv:1: there is no column 'z'"},
        {"size,price", "prise", "", "", NULL,
         "t.csv:1: there is no column 'prise', did you mean 'price'?"},
        {"a,y,y", "y", "", "", NULL, "t.csv:1: two columns are called 'y'"},
        {"a,y", "y\ny", "", "", NULL, "column 'y' is named twice"},
        {"a,y", "y", "a", "a", NULL, "column 'a' is named twice"},
        {"y", "y", "", "", NULL, "t.csv:1: no column besides the target 'y'"},
        {"a,y", "y", "a", "", NULL, "no column besides the target 'y' and the ignored ones"},
        {"a,y", "", "", "", NULL, "0 targets"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("columns %s, target %s", cases[i].columns, cases[i].target);
        struct ms_data_spec *spec = calloc(1, sizeof *spec);
        REQUIRE(spec != NULL);
        snprintf(spec->target, sizeof spec->target, "%s", cases[i].target);
        snprintf(spec->ignore, sizeof spec->ignore, "%s", cases[i].ignore);
        snprintf(spec->categorical, sizeof spec->categorical, "%s", cases[i].categorical);
        struct ms_frame_request q = {.spec = spec, .info = &info};
        struct ms_frame f = frame_of("t.csv", cases[i].columns);
        int status = ms_frame_roles(&q, &f, &err);
        CHECK((status == 0) == (cases[i].message == NULL));
        if (status)
            CHECK_THAT(strstr(err.text, cases[i].message), "'%s'", err.text);
        else
            check_roles(&f, cases[i].roles);
        ms_frame_clear(&f);
        free(spec);
    }
}

static void test_later(void)
{
    static struct ms_data_spec spec = {.target = "y", .ignore = "id", .categorical = "color"};
    static const struct {
        const char *columns, *roles, *message, *note;
    } cases[] = {
        {"id,color,a,b,a,y", "-ciiit0", NULL, NULL},
        {"y,a,b,color,a", "t0iici", NULL, NULL},
        {"y,a,new,b,color,a,id,z", "t0i-ici--", NULL,
         "v.csv has columns that t.csv lacks, ignored: 'new', 'z'"},
        {"y,a,b,color", NULL, "v.csv:1: there is no column 'a', which t.csv has", NULL},
        {"colour,a,b,a,y", NULL,
         "v.csv:1: there is no column 'color', which t.csv has, did you mean 'colour'?", NULL},
        {"color,a,b,a", NULL, "there is no column 'y', which t.csv has", NULL},
    };
    struct ms_frame_request q = {.spec = &spec, .info = &info};
    struct ms_frame training = frame_of("t.csv", "id,color,a,b,a,y");
    REQUIRE(ms_frame_roles(&q, &training, &err) == 0);
    q.part = MS_PART_VALIDATION;
    q.training = &training;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("columns %s", cases[i].columns);
        struct ms_frame f =
            frame_of("some/where/v.csv" + (cases[i].message ? 11 : 0), cases[i].columns);
        int status = ms_frame_roles(&q, &f, &err);
        CHECK((status == 0) == (cases[i].message == NULL));
        if (status)
            CHECK_THAT(strstr(err.text, cases[i].message), "'%s'", err.text);
        else
            check_roles(&f, cases[i].roles);
        CHECK_INT(info.n_notes, cases[i].note != NULL);
        if (cases[i].note && info.n_notes)
            CHECK_STR(info.note[0].text, cases[i].note);
        ms_data_info_clear(&info);
        ms_frame_clear(&f);
    }
    ms_frame_clear(&training);
}

// The k-th column of a name goes with the k-th of that name; arrays go by place.
static void test_match(void)
{
    struct ms_frame a = frame_of("a", "x,y,x,z,w"), b = frame_of("b", "z,x,y,x,v");
    size_t place[5];
    REQUIRE(ms_frame_match(&a, &b, place, &err) == 0);
    const size_t wanted[] = {1, 2, 3, 0, SIZE_MAX};
    for (size_t i = 0; i < 5; i++)
        CHECK_INT(place[i], wanted[i]);
    a.named = false;
    b.n_columns--;
    REQUIRE(ms_frame_match(&a, &b, place, &err) == 0);
    for (size_t i = 0; i < 5; i++)
        CHECK_INT(place[i], i < 4 ? i : SIZE_MAX);
    b.n_columns++;
    ms_frame_clear(&a);
    ms_frame_clear(&b);
}

int main(void)
{
    test_training();
    test_later();
    test_match();
    return check_done();
}
