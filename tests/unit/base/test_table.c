// SPDX-License-Identifier: MIT
//
// Rows, defaults and arguments of a table, names cut to a buffer, and the nearest spelling of a
// word.
#include "check.h"
#include "mlpsweep/table.h"

struct fruit {
    struct ms_row row;
    int calories;
};

static const struct fruit fruits[] = {
    {{.name = "apple",
      .n_args = 2,
      .args = {{.name = "size", .def = 3}, {.name = "age", .def = NAN}}},
     52},
    {{.name = "pear"}, 57},
    {{.name = "banana"}, 89},
};
static const struct ms_table table = {"fruit", 3, fruits, sizeof fruits[0]};

static void test_rows(void)
{
    CHECK_STR(ms_table_row(&table, 2)->name, "banana");
    CHECK_INT(((const struct fruit *)ms_table_row(&table, 1))->calories, 57);
    CHECK_INT(ms_table_find(&table, "pear"), 1);
    CHECK_INT(ms_table_find(&table, "Pear"), -1);
    CHECK_INT(ms_table_find(&table, ""), -1);
    struct ms_pick p = ms_table_default(&table, 0);
    CHECK_INT(p.row, 0);
    CHECK_NEAR(p.arg[0], 3, 0);
    CHECK(isnan(p.arg[1]));
}

static void nearest(const char *word, const char *wanted)
{
    static const char *const names[] = {"sgd",      "adam", "rmsprop", "adagrad",
                                        "momentum", "or",   "xor"};
    const char *found = ms_nearest(word, names, 7);
    CHECK_THAT(wanted ? found && strcmp(found, wanted) == 0 : !found, "%s: found %s, not %s", word,
               found ? found : "nothing", wanted ? wanted : "nothing");
}

static void test_nearest(void)
{
    nearest("adamm", "adam");      // insertion
    nearest("adm", "adam");        // deletion
    nearest("adan", "adam");       // substitution
    nearest("adma", "adam");       // two neighbours exchanged: one change, not two
    nearest("ADAM", "adam");       // case folded
    nearest("rmsporp", "rmsprop"); // exchanged in the middle
    nearest("momentmu", "momentum");
    nearest("momtn", NULL);        // 3 changes in 5 letters are more than a third
    nearest("mmntum", "momentum"); // 2 of 6
    nearest("mmntm", NULL);        // 3 of 5
    nearest("adagard", "adagrad");
    nearest("lbfgs", NULL);
    nearest("", NULL);
    nearest("xr", "xor"); // or is as near, xor begins alike
    char longest[200];
    memset(longest, 'a', sizeof longest);
    longest[199] = '\0';
    nearest(longest, NULL);
    CHECK(ms_nearest("sgd", NULL, 0) == NULL);
}

static void test_names(void)
{
    char out[64];
    CHECK_STR(ms_table_names(&table, out, sizeof out), "apple, pear, banana");
    CHECK_STR(ms_table_names(&table, out, sizeof "apple, pear, banana"), "apple, pear, banana");
    for (size_t size = 1; size < sizeof "apple, pear, banana"; size++) {
        CASE("size %zu", size);
        memset(out, 'x', sizeof out);
        ms_table_names(&table, out, size);
        CHECK_THAT(strlen(out) < size && out[size] == 'x', "size %zu", size);
        CHECK_THAT(size < 4 || strstr(out, "…"), "size %zu: '%s' does not say that it is cut", size,
                   out);
    }
}

// Rules speak of arguments that are there.
static void check_rules(const struct ms_table *t, const struct ms_row *r,
                        const struct ms_rule *rule)
{
    for (; rule && rule->kind != MS_RULE_END; rule++)
        for (int i = 0; i < 4 && rule->names[i]; i++)
            CHECK_THAT(ms_table_find_arg(r, rule->names[i]) >= 0, "%s %s: a rule of '%s'", t->what,
                       r->name, rule->names[i]);
}

// What every table must be for the parser to work with it.
static void check_table(const struct ms_table *t)
{
    CHECK(t->n > 0);
    for (int i = 0; i < t->n; i++) {
        const struct ms_row *r = ms_table_row(t, i);
        CASE("%s %s", t->what, r->name);
        CHECK_THAT(r->name && r->name[0] && r->doc && r->doc[0], "%s %d has no name or doc",
                   t->what, i);
        CHECK_THAT(ms_table_find(t, r->name) == i, "%s %s is there twice", t->what, r->name);
        CHECK_THAT(r->n_args >= 0 && r->n_args <= MS_MAX_OWN_ARGS, "%s %s: n_args", t->what,
                   r->name);
        check_rules(t, r, r->rules);
        check_rules(t, r, r->shared ? r->shared->rules : NULL);
        for (int k = 0; k < MS_MAX_ARGS; k++) {
            const struct ms_arg *a = ms_table_row_arg(r, k);
            if (!a)
                continue;
            CHECK_THAT(ms_table_find_arg(r, a->name) == k, "%s %s: two arguments %s", t->what,
                       r->name, a->name);
            CHECK_THAT(a->name && a->doc && a->name[0], "%s %s: argument %d has no name or doc",
                       t->what, r->name, k);
            CHECK_THAT(a->lo <= a->hi, "%s %s %s: bounds", t->what, r->name, a->name);
            CHECK_THAT(isnan(a->def) || ((a->lo_open ? a->def > a->lo : a->def >= a->lo) &&
                                         (a->hi_open ? a->def < a->hi : a->def <= a->hi)),
                       "%s %s %s: the default is out of bounds", t->what, r->name, a->name);
        }
    }
}

int main(void)
{
    test_rows();
    test_nearest();
    test_names();
    const struct ms_table *const tables[] = {
        &ms_activation_table,
        &ms_loss_table,
        &ms_metric_table,
        &ms_optimizer_table,
        &ms_schedule_table,
        &ms_initializer_table,
        &ms_dataset_synthetic_table,
        &ms_dataset_scaling_table,
        &ms_search_sampler_table,
        &ms_regularizer_table,
        &ms_constraint_table,
        &ms_normalization_table,
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        check_table(tables[i]);
    // What the sweep file's parser builds upon.
    CHECK_STR(ms_table_row(&ms_schedule_table, 0)->name, "constant");
    CHECK_STR(ms_table_row(&ms_metric_table, 0)->name, "loss");
    for (int i = 0; i < ms_optimizer_table.n; i++) {
        CASE("%s", ms_table_row(&ms_optimizer_table, i)->name);
        CHECK_STR(ms_table_row(&ms_optimizer_table, i)->args[0].name, "learning_rate");
    }
    return check_done();
}
