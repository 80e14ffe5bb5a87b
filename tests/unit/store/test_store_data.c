// SPDX-License-Identifier: MIT
//
// What was understood of data sets goes into the store and comes back as it was, so that a reader
// prints the line that the run printed; sqlite3 sees it in tables.
#include <math.h>

#include "coordinator/store/store_internal.h"
#include "store_old.h"

static void same(double a, double b)
{
    CHECK_THAT((isnan(a) && isnan(b)) || (a == b && signbit(a) == signbit(b)), "%g is not %g", a,
               b);
}

// Two data sets: of classes with a file, and of numbers.
static void describe(struct ms_data_info info[2])
{
    info[0] = (struct ms_data_info){.source = "csv",
                                    .name = "iris.csv",
                                    .task = "binary",
                                    .task_by = "its values",
                                    .target = "species",
                                    .n_inputs = 3,
                                    .n_outputs = 1,
                                    .n_rows = 12,
                                    .n_train = 8,
                                    .n_val = 2,
                                    .n_test = 2,
                                    .n_dropped = 1,
                                    .split = "random",
                                    .scaling = "standard",
                                    .target_scaling = "none",
                                    .sha256 = "abc"};
    const struct ms_data_column columns[] = {{(char[]){"petal ; \"w\""}, MS_ROLE_INPUT, "number", 1,
                                              2, -0.0, 1e300, 0.1, 0.1, 0.3, 5e-324, NULL, 0, 0},
                                             {(char[]){"colour"}, MS_ROLE_CATEGORY, "category", 2,
                                              0, NAN, NAN, NAN, NAN, 0, 1, NULL, 0, 0},
                                             {(char[]){"species"}, MS_ROLE_TARGET, "class", 1, 0,
                                              NAN, NAN, NAN, NAN, NAN, NAN, NULL, 0, 0},
                                             {(char[]){"column 4"}, MS_ROLE_IGNORED, "time", 0, 0,
                                              NAN, NAN, NAN, NAN, NAN, NAN, NULL, 0, 0}};
    const struct ms_data_class classes[] = {{(char[]){"setosa"}, 4, 1, 1}, {(char[]){""}, 4, 1, 1}};
    const struct ms_data_file files[] = {{(char[]){"/data/iris.csv"}, "training", 4551, "def"},
                                         {(char[]){"t.csv"}, "test", 0, "ghi"}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        OK(ms_data_info_column(&info[0], &columns[i], &err));
    OK(ms_data_info_level(&info[0], 1, "blue", &err));
    OK(ms_data_info_level(&info[0], 1, "", &err));
    for (size_t i = 0; i < 2; i++) {
        OK(ms_data_info_class(&info[0], &classes[i], &err));
        OK(ms_data_info_file(&info[0], &files[i], &err));
    }
    OK(ms_data_info_note(&info[0], true, &err, "iris.csv: column 4 is an index; ignore it"));
    OK(ms_data_info_note(&info[0], false, &err, "two values are classes; data.task changes it"));
    info[1] = (struct ms_data_info){.source = "synthetic",
                                    .name = "sine",
                                    .task = "regression",
                                    .n_inputs = 1,
                                    .n_outputs = 1,
                                    .n_rows = 1234567,
                                    .n_train = 1234567,
                                    .n_folds = 5,
                                    .scaling = "none",
                                    .first_index = 1};
    struct ms_data_scaling *c;
    OK(ms_data_info_scale(&info[0], false, &c, &err));
    for (int j = 0; j < 3; j++)
        c->input[j] = (struct ms_column){.fill = j ? -0.0 : NAN, .shift = 0.1, .divide = 5e-324};
    for (int f = 0; f < 2; f++) {
        OK(ms_data_info_scale(&info[1], true, &c, &err));
        c->input[0] = (struct ms_column){.fill = 1e300, .shift = f, .divide = 1};
        c->base[0] = 1.7e9 + f;
        c->target[0] = (struct ms_target){.base = -f, .shift = 1 / 3.0, .divide = 7, .kind = f};
    }
}

static void compare_scaling(const struct ms_data_info *a, const struct ms_data_info *b)
{
    REQUIRE(a->n_scales == b->n_scales);
    CHECK_INT(a->first_index, b->first_index);
    for (size_t f = 0; f < a->n_scales; f++) {
        const struct ms_data_scaling *c = &a->scale[f], *d = &b->scale[f];
        for (int j = 0; j < a->n_inputs; j++) {
            same(c->input[j].fill, d->input[j].fill);
            same(c->input[j].shift, d->input[j].shift);
            same(c->input[j].divide, d->input[j].divide);
            same(c->base[j], d->base[j]);
        }
        REQUIRE(!c->target == !d->target);
        for (int j = 0; c->target && j < a->n_outputs; j++) {
            same(c->target[j].base, d->target[j].base);
            same(c->target[j].shift, d->target[j].shift);
            same(c->target[j].divide, d->target[j].divide);
            CHECK_INT(c->target[j].kind, d->target[j].kind);
        }
    }
    CHECK(ms_data_info_scaling(a, 3) == (a->n_scales == 2 ? &a->scale[1] : &a->scale[0]));
}

static void compare(const struct ms_data_info *a, const struct ms_data_info *b)
{
    char x[MS_DATA_LINE], y[MS_DATA_LINE];
    CHECK_STR(ms_data_info_line(a, x, sizeof x), ms_data_info_line(b, y, sizeof y));
    CHECK_STR(a->source, b->source);
    CHECK_STR(a->task_by, b->task_by);
    CHECK_STR(a->sha256, b->sha256);
    CHECK(a->n_outputs == b->n_outputs && a->n_dropped == b->n_dropped);
    REQUIRE(a->n_columns == b->n_columns && a->n_classes == b->n_classes);
    REQUIRE(a->n_notes == b->n_notes && a->n_files == b->n_files);
    for (size_t i = 0; i < a->n_columns; i++) {
        const struct ms_data_column *c = &a->column[i], *d = &b->column[i];
        CHECK_STR(c->name, d->name);
        CHECK_STR(c->kind, d->kind);
        CHECK(c->role == d->role && c->width == d->width && c->n_missing == d->n_missing);
        same(c->lo, d->lo);
        same(c->hi, d->hi);
        same(c->mean, d->mean);
        same(c->fill, d->fill);
        same(c->shift, d->shift);
        same(c->divide, d->divide);
        REQUIRE(c->n_levels == d->n_levels);
        for (size_t k = 0; k < c->n_levels; k++)
            CHECK_STR(c->level[k], d->level[k]);
    }
    compare_scaling(a, b);
    for (size_t i = 0; i < a->n_classes; i++) {
        CHECK_STR(a->class[i].label, b->class[i].label);
        CHECK(a->class[i].n_train == b->class[i].n_train);
    }
    for (size_t i = 0; i < a->n_notes; i++) {
        CHECK_STR(a->note[i].text, b->note[i].text);
        CHECK(a->note[i].warning == b->note[i].warning);
    }
    for (size_t i = 0; i < a->n_files; i++) {
        CHECK_STR(a->file[i].path, b->file[i].path);
        CHECK_STR(a->file[i].part, b->file[i].part);
        CHECK_STR(a->file[i].sha256, b->file[i].sha256);
        CHECK(a->file[i].bytes == b->file[i].bytes);
    }
}

static void begin(struct ms_store *s, const struct ms_sweep *sweep, const struct ms_provenance *p)
{
    struct ms_known *known;
    int64_t n;
    OK(ms_store_begin(s, sweep, p, &known, &n, &err));
    free(known);
}

static void test_round_trip(void)
{
    const char *path = in_folder("data.sqlite");
    struct ms_data_info info[2];
    struct ms_data_sets back;
    struct ms_store *s;
    struct ms_sweep *sweep = parse(SWEEP("data", 2, MAXIMIZE));
    describe(info);
    struct ms_provenance p = provenance;
    p.data = info;
    p.n_data = 2;
    for (int run = 0; run < 2; run++) { // the second replaces what the first wrote
        OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
        begin(s, sweep, &p);
        put_trial(s, (uint32_t)run, 0, 0.001, 1, 1);
        OK(ms_store_end(s, "finished", &err));
        OK(ms_store_close(s, &err));
        CHECK_SQL(path, "SELECT count(*) || group_concat(number) FROM dataset", "20,1");
    }
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_data_sets(s, 1, &back, &err));
    REQUIRE(back.n == 2);
    for (int i = 0; i < 2; i++)
        compare(&back.item[i], &info[i]);
    ms_store_data_sets_clear(&back);
    OK(ms_store_data_sets(s, 7, &back, &err));
    CHECK_INT(back.n, 0);
    struct ms_trial_info trial;
    OK(ms_store_trial_info(s, 1, 0, &trial, &err));
    CHECK_INT(trial.dataset, 0);
    OK(ms_store_close(s, &err));
    CHECK_SQL(
        path, "SELECT line FROM dataset WHERE number = 1",
        "sine, 1,234,567 rows x 1 input, regression; 1,234,567 train in 5 folds; scaling none");
    CHECK_SQL(path, "SELECT group_concat(name || role || width, '|') FROM dataset_column",
              "petal ; \"w\"input1|colourcategory2|speciestarget1|column 4ignored0");
    CHECK_SQL(path,
              "SELECT typeof(divide) || typeof(shift) || count(*) FROM dataset_column"
              " WHERE lo IS NOT NULL",
              "realreal1");
    CHECK_SQL(path, "SELECT group_concat(severity || position) FROM dataset_note",
              "warning0,note1");
    CHECK_SQL(path, "SELECT group_concat(dataset) FROM trial", "0,0");
    CHECK_SQL(path,
              "SELECT group_concat(fold || length(inputs) || coalesce(length(targets), '-'))"
              " FROM dataset_scaling",
              "096-,03232,13232");
    // What cannot be right is refused, and not computed with.
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "UPDATE dataset_scaling SET inputs = zeroblob(95)", NULL, NULL,
                         NULL) == SQLITE_OK);
    sqlite3_close(db);
    OK(ms_store_open_read(path, &s, &err));
    CHECK_INT(ms_store_data_sets(s, 1, &back, &err), MS_EFORMAT);
    OK(ms_store_close(s, &err));
    for (int i = 0; i < 2; i++)
        ms_data_info_clear(&info[i]);
    ms_sweep_free(sweep);
}

// The files of a command belong to the run that had them.
static void test_programs(void)
{
    const char *path = in_folder("programs.sqlite");
    struct ms_store *s;
    struct ms_sweep *sweep = parse(SWEEP("programs", 2, MAXIMIZE));
    const struct ms_data_file files[] = {{(char[]){"/usr/bin/python3"}, "", 100, "abc"},
                                         {(char[]){"train.py"}, "", 200, "def"}};
    struct ms_provenance p = provenance;
    p.program = files;
    for (int run = 0; run < 2; run++) {
        p.n_program = run + 1;
        OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
        begin(s, sweep, &p);
        OK(ms_store_close(s, &err));
    }
    CHECK_SQL(path, "SELECT group_concat(run_id || path || bytes || sha256) FROM program_file",
              "1/usr/bin/python3100abc,2/usr/bin/python3100abc,2train.py200def");
    ms_sweep_free(sweep);
}

// An older store has no data sets, and says so.
static void test_older(void)
{
    struct ms_store *s = open_old();
    struct ms_data_sets back;
    struct ms_trial_info trial;
    OK(ms_store_data_sets(s, 1, &back, &err));
    CHECK_INT(back.n, 0);
    OK(ms_store_trial_info(s, 1, 0, &trial, &err));
    CHECK_INT(trial.dataset, -1);
    OK(ms_store_close(s, &err));
}

int main(void)
{
    fixture_init();
    test_round_trip();
    test_programs();
    test_older();
    fixture_clear();
    return check_done();
}
