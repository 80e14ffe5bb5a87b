// SPDX-License-Identifier: MIT
//
// Levels of categorical columns: sorted, of the training rows that are left, and what happens to
// those that only a later part has.
#include "frames_fixture.h"

static void test_levels(void)
{
    struct ms_data_spec s = frames_spec("y", "c\nd", "");
    s.task = MS_REGRESSION;
    frames_load_well(&s, "c,a,y,d\nred,5,.5,9\nblue,6,.5,10\nred,7,.5,9\n", "d,c,a,y\n10,red,1,2\n",
                     NULL);
    CHECK_STR(frames_rows(), // "10" sorts before "9"
              "0 1 5 0 1 > 0.5; 1 0 6 1 0 > 0.5; 0 1 7 0 1 > 0.5; 0 1 1 1 0 > 2");
    CHECK(memcmp(frames_raw.indicator, "\1\1\0\1\1", 5) == 0);
}

static void test_unseen(void)
{
    struct ms_data_spec s = frames_spec("y", "c", "");
    static const char training[] = "c,a,y\nred,5,.5\nblue,6,.25\n";
    static const char later[] = "a,c,y\n1,red,2\n2,green,3\n3,black,3\n";
    frames_refused(&s, training, later,
                   "v.csv:3: column 2 (c): no row of t.csv has the category "
                   "'green'");
    s.unseen = MS_UNSEEN_IGNORE;
    frames_load_well(&s, training, later, NULL);
    CHECK_STR(frames_rows(), "0 1 5 > 0.5; 1 0 6 > 0.25; 0 1 1 > 2; 0 0 2 > 3; 0 0 3 > 3");
    CHECK(frames_noted(false, "v.csv: 2 rows of column 'c' have a category that no training row "
                              "has"));
    // Rows of the training file teach nothing about a level that was dropped with them.
    s.missing = MS_MISSING_DROP;
    frames_load_well(&s, "c,a,y\nred,5,.5\ngreen,,.5\nblue,6,.25\n", later, NULL);
    CHECK_STR(frames_rows(), "0 1 5 > 0.5; 1 0 6 > 0.25; 0 1 1 > 2; 0 0 2 > 3; 0 0 3 > 3");
}

static void test_limit(void)
{
    struct ms_data_spec s = frames_spec("y", "c", "");
    struct ms_frames f = {.spec = &s, .info = &frames_info};
    struct ms_levels l;
    struct ms_frame_labels labels = {0};
    struct ms_frame_column *c = ms_frame_add(&f.part[0], "c", MS_FRAME_TEXT, 1, &frames_err);
    uint32_t *value = malloc(sizeof *value * (MS_MAX_LEVELS + 1));
    REQUIRE(c && value);
    c->value = value;
    c->role = MS_ROLE_CATEGORY;
    f.part[0].rows = MS_MAX_LEVELS + 1;
    for (uint32_t i = 0; i <= MS_MAX_LEVELS; i++) {
        char word[16];
        snprintf(word, sizeof word, "w%u", i);
        REQUIRE(ms_frame_label(&labels, c, word, &value[i], &frames_err) == 0);
    }
    snprintf(f.part[0].path, sizeof f.part[0].path, "t.csv");
    CHECK_INT(ms_frames_levels(&f, 0, &l, &frames_err), MS_ELIMIT);
    CHECK_THAT(strstr(frames_err.text, "t.csv: row 10000, column c: more than 10000 different"),
               "%s", frames_err.text);
    ms_frames_levels_clear(&l);
    ms_frame_labels_clear(&labels);
    ms_frame_clear(&f.part[0]);
}

int main(void)
{
    test_levels();
    test_unseen();
    test_limit();
    return frames_done();
}
