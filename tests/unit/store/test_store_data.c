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
    const struct ms_data_column columns[] = {
        {(char[]){"petal ; \"w\""}, MS_ROLE_INPUT, "number", 1, 2, -0.0, 1e300, 0.1, 0.1, 0.3,
         5e-324},
        {(char[]){"colour"}, MS_ROLE_CATEGORY, "category", 2, 0, NAN, NAN, NAN, NAN, 0, 1},
        {(char[]){"species"}, MS_ROLE_TARGET, "class", 1, 0, NAN, NAN, NAN, NAN, NAN, NAN},
        {(char[]){"column 4"}, MS_ROLE_IGNORED, "time", 0, 0, NAN, NAN, NAN, NAN, NAN, NAN}};
    const struct ms_data_class classes[] = {{(char[]){"setosa"}, 4, 1, 1}, {(char[]){""}, 4, 1, 1}};
    const struct ms_data_file files[] = {{(char[]){"/data/iris.csv"}, "training", 4551, "def"},
                                         {(char[]){"t.csv"}, "test", 0, "ghi"}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        OK(ms_data_info_column(&info[0], &columns[i], &err));
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
                                    .scaling = "none"};
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
    }
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
