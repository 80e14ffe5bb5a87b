// SPDX-License-Identifier: MIT
//
// Trials and their parameters, read back; which parameters vary, and which are not in force.
#include "store_old.h"

static void test_trials(struct ms_store *s)
{
    struct ms_trial_range r;
    OK(ms_store_trial_range(s, 1, 3, &r, &err));
    CHECK(r.count == 6 && r.first == 0 && r.last == 5 && r.there);
    OK(ms_store_trial_range(s, 1, 6, &r, &err));
    CHECK(r.count == 6 && !r.there);
    OK(ms_store_trial_range(s, 2, 0, &r, &err)); // no such sweep
    CHECK(r.count == 0 && !r.there);
    struct ms_trial_numbers t;
    OK(ms_store_trial_numbers(s, 1, &t, &err));
    REQUIRE(t.n == 6);
    for (uint32_t i = 0; i < 6; i++)
        CHECK_INT(t.trial[i], i);
    ms_store_trial_numbers_clear(&t);
    struct ms_trial_info info;
    OK(ms_store_trial_info(s, 1, 4, &info, &err));
    CHECK(info.id == 5 && info.weights == 0); // a command has no weights
    CHECK_INT(ms_store_trial_info(s, 1, 6, &info, &err), MS_ESTATE);
}

static void test_params(void)
{
    const char *path = in_folder("params.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("params", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    struct ms_param_names p;
    OK(ms_store_param_names(s, 1, &p, &err));
    CHECK_INT(p.n, 0); // no trial yet
    ms_store_param_names_clear(&p);
    put_trial(s, 0, 0, 0.001, 1, 1);
    put_trial(s, 1, 0, 0.1, NAN, 1);
    OK(ms_store_param_names(s, 1, &p, &err));
    REQUIRE(p.n == 3);
    static const struct {
        const char *name;
        bool varies;
    } wanted[] = {{"optimizer", false}, {"learning_rate", true}, {"batch_size", true}};
    for (int i = 0; i < 3; i++) {
        CHECK_STR(p.item[i].name, wanted[i].name);
        CHECK_INT(p.item[i].varies, wanted[i].varies); // in force in one of two: it varies
    }
    ms_store_param_names_clear(&p);
    struct ms_param_values v;
    OK(ms_store_param_values(s, 1, 1, &v, &err));
    REQUIRE(v.n == 2);
    CHECK_STR(v.item[0].name, "optimizer");
    CHECK_STR(v.item[0].text, "sgd");
    CHECK_STR(v.item[1].name, "learning_rate");
    CHECK_STR(v.item[1].text, "0.1");
    ms_store_param_values_clear(&v);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    struct ms_store *s = open_old();
    test_trials(s);
    OK(ms_store_close(s, &err));
    test_params();
    fixture_clear();
    return check_done();
}
