// SPDX-License-Identifier: MIT
//
// The sweep file of an ablation: what it keeps of the sweep, and that its two points are the ones
// asked for, to the last bit.
#include "check.h"
#include "mlpsweep/sweep.h"

static struct ms_sweep *parse(const char *text)
{
    struct ms_sweep *s = NULL;
    struct ms_sweep_problems problems = {0};
    const int status = ms_sweep_parse("test.json", text, strlen(text), &s, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%d: %s\n", problems.item[i].line, problems.item[i].text);
    ms_sweep_problems_clear(&problems);
    REQUIRE(status == 0);
    return s;
}

static const char text[] =
    "{\"name\": \"base\", \"seed\": 7, // a comment\n"
    " \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": {\"int\": [1, 64]}}],\n"
    " \"optimizer\": {\"choice\": [{\"name\": \"sgd\", \"momentum\": {\"float\": [0, 0.9]}}, "
    "\"adam\"]},\n"
    " \"learning_rate\": {\"float\": [0.0001, 1], \"log\": true},\n"
    " \"batch_size\": {\"choice\": [16, 32]}, \"epochs\": 3,\n"
    " \"search\": {\"method\": \"random\", \"max_trials\": 9, \"executions_per_trial\": 4,\n"
    "   \"target\": 0.1, \"max_seconds\": 5}, \"objective\": {\"metric\": \"val_loss\"}}";

int main(void)
{
    struct ms_sweep *s = parse(text);
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 5);
    CHECK(!ms_sweep_is_ablation(s));
    // units, optimizer, momentum, rate, batch
    const double from[] = {3, 1, NAN, nextafter(0.001, 1), 0};
    const double to[] = {63, 0, 1 / 3.0, nextafter(0.3, 0), 1};
    char *file = ms_sweep_ablation_text(s, "base-ablation", from, to);
    REQUIRE(file != NULL);
    struct ms_sweep *path = parse(file);
    CHECK(ms_sweep_is_ablation(path));
    CHECK_STR(ms_sweep_name(path), "base-ablation");
    CHECK_INT(ms_sweep_seed(path), 7);
    const struct ms_search *search = ms_sweep_search(path);
    CHECK(search->executions_per_trial == 4 && search->max_seconds == 5 && isnan(search->target));
    const double *ends;
    REQUIRE(ms_sweep_try_first(path, &ends) == 2);
    CHECK(ms_space_point_equal(ms_sweep_space(path), ends, from));
    CHECK(ms_space_point_equal(ms_sweep_space(path), ends + 5, to));
    CHECK_INT(ms_sweep_ablation_trials(path), 4 * 5 / 2 + 1);
    ms_sweep_free(path);
    free(file);
    ms_sweep_free(s);
    return check_done();
}
