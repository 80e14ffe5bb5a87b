// SPDX-License-Identifier: MIT
//
// Warnings of columns that look like mistakes, and none of columns that only nearly do.
#include "frames_fixture.h"

static void test_looks(void)
{
    static const struct {
        const char *text, *ignore, *warning; // NULL: none
    } cases[] = {
        {",a,y\n0,1,3\n1,4,7\n", "",
         "column 'column 1' has no name in the header and is an input (pandas writes its index "
         "so); \"ignore\": \"column 1\" leaves it out"},
        {",a,y\n0,1,3\n1,4,7\n", "column 1", NULL},
        {"i,a,y\n0,1,.5\n1,4,.7\n2,9,.6\n", "",
         "column 'i' is an input and counts the rows; \"ignore\": \"i\" leaves it out"},
        {"i,a,y\n1,1,.5\n2,4,.7\n3,9,.6\n", "", "column 'i' is an input and counts the rows"},
        {"i,a,y\n1,1,.5\n2,4,.7\n", "", NULL}, // too few to tell
        {"i,a,y\n1,1,.5\n2,4,.7\n4,9,.6\n", "", NULL},
        {"i,a,y\n2,1,.5\n3,4,.7\n4,9,.6\n", "", NULL},
        {"a,b,y\n5,1,5\n7,4,7\n6,9,6\n", "", "column 'a' is an input and equals the target"},
        {"c,b,y\nu,1,u\nv,4,v\nu,9,u\n", "", "column 'c' is an input and equals the target"},
        {"c,b,y\nu,1,u\nv,4,v\nu,9,v\n", "", NULL},
        {"a,b,y\n5,1,.5\n5,4,.7\n", "", "column 'a' has the same value in every row"},
        {"c,b,y\nu,1,.5\nu,4,.7\n", "", "column 'c' has the same value in every row"},
        {"a,b,y\n5,1,.5\n5,4,.7\n", "a", NULL},
        {"a,b,y\n5,1,.5\n", "", NULL},
        {"a,b,d,y\n5,1,2,.5\n5,1,3,.7\n", "",
         "columns 'a', 'b' have the same value in every row; \"ignore\": [\"a\", \"b\"] leaves "
         "them "
         "out"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s", cases[i].text);
        struct ms_data_spec s =
            frames_spec("y", cases[i].text[0] == 'c' ? "c" : "", cases[i].ignore);
        frames_load_well(&s, cases[i].text, NULL, NULL);
        size_t warnings = 0;
        for (size_t k = 0; k < frames_info.n_notes; k++)
            warnings += frames_info.note[k].warning;
        CHECK_INT(warnings, cases[i].warning != NULL);
        if (cases[i].warning)
            CHECK_THAT(frames_noted(true, cases[i].warning), "lacks '%s'", cases[i].warning);
    }
}

int main(void)
{
    test_looks();
    return frames_done();
}
