// SPDX-License-Identifier: MIT
//
// What is refused of a file with stages before anything is started, whoever wins.
#include "stages_fixture.h"

#include "problem_fixture.h"

// The only problem of a file.
static void refuse(const char *text, int line, const char *wanted)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    CHECK_INT(ms_sweep_parse("s.json", text, strlen(text), &s, &p), MS_EINVAL);
    CHECK(!s);
    CHECK_THAT(p.n == 1, "%d problems of\n%s", p.n, text);
    for (int i = 0; i < p.n; i++) {
        CHECK_INT(p.item[i].line, line);
        CHECK_STR(p.item[i].text, wanted);
    }
    ms_sweep_problems_clear(&p);
}

// Every winner that there can be is tried when the file is checked, not after hours of work.
static void test_any_winner(void)
{
    refuse(
        "{" HEAD "\"hidden\": [{\"units\": 4}], \"stages\": [\n"
        "{\"optimizer\": {\"choice\": [\"adam\", \"adagrad\"]}},\n"
        "{\"epochs\": 2},\n"
        "{\"optimizer\": {\n\"beta_2\": 0.9}}]}",
        5,
        "stages.3.optimizer: found unknown key 'beta_2' of adagrad; allowed: name, learning_rate, "
        "initial_accumulator_value, epsilon, weight_decay, clipnorm, clipvalue, global_clipnorm, "
        "use_ema, "
        "ema_momentum, ema_overwrite_frequency (where stage 1 chooses optimizer=adagrad)");
}

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"[]", "stages: found an empty array; allowed: an array of 1 to 64 objects"},
        {"3", "stages: found 3; allowed: an array of 1 to 64 objects"},
        {"[{}, 3]", "stages.2: found 3; allowed: an object with what the stage changes"},
        {"[{\"data\": {\"synthetic\": \"or\"}}, {}]",
         "stages.1.data: found in a stage; allowed: at the top level, the same for all stages"},
        {"[{\"seed\": 3}, {}]",
         "stages.1.seed: found in a stage; allowed: at the top level, the same for all stages"},
        {"[{\"epochs\": 0}, {}]",
         "stages.1.epochs: found 0; allowed: an integer from 1 to 1000000"},
        {"[{\"epochs\": 2}, {}]", ""},
    };
    CHECK_PROBLEMS("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"stages\": %s}", rows);
}

int main(void)
{
    test_any_winner();
    test_problems();
    return check_done();
}
