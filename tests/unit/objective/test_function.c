// SPDX-License-Identifier: MIT
//
// A function as an objective: one epoch with its value, nothing for a later part.
#include "check.h"

#include "worker/objective/evaluate.h"

static int messages;
static double value;

static void take_epochs(void *ctx, const struct ms_epochs *e)
{
    CHECK(ctx == &messages);
    messages++;
    CHECK(e->id == 5 && e->first_epoch == 1 && e->n_epochs == 1 && e->n_columns == 1);
    CHECK_STR(e->names, "value");
    value = e->values[0];
}

int main(void)
{
    static const char text[] = "{\"objective\": {\"function\": \"sphere\"},"
                               " \"params\": {\"x1\": {\"float\": [-5, 5]}, \"x2\": 3},"
                               " \"search\": {\"method\": \"random\", \"max_trials\": 2}}";
    struct ms_sweep *sweep;
    struct ms_sweep_problems problems = {0};
    struct ms_error err = {0};
    int status = ms_sweep_parse("f.json", text, strlen(text), &sweep, &problems);
    CHECK_THAT(status == 0, "%s", problems.n ? problems.item[0].text : "?");
    REQUIRE(status == 0);
    double point[2] = {0};
    REQUIRE(ms_sweep_space(sweep)->n == 1);
    point[0] = 2;
    struct ms_attempt attempt = {.id = 5, .n_point = 1, .point = point};
    const struct ms_outlet to = {.ctx = &messages, .fd = -1, .epochs = take_epochs};
    struct ms_result r = {.id = 5};
    CHECK_THAT(ms_objective_evaluate_function(sweep, &attempt, &to, &r, &err) == 0, "%s", err.text);
    CHECK(r.end == MS_END_COMPLETED && r.epochs == 1 && messages == 1);
    CHECK(value == 2 * 2 + 3 * 3);
    attempt.from_epoch = 1; // its epoch has been reported
    CHECK_INT(ms_objective_evaluate_function(sweep, &attempt, &to, &r, &err), 0);
    CHECK(r.end == MS_END_COMPLETED && messages == 1);
    ms_sweep_free(sweep);
    return check_done();
}
