// SPDX-License-Identifier: MIT
//
// Rules that no single field knows: search methods, schedulers, learning rates, validation rows.
#include "problem_fixture.h"

static void test_methods(void)
{
    static const struct wrong_case rows[] = {
        {"\"search\": {\"method\": \"random\"}",
         "search.max_trials: missing (random search does not end by itself); allowed: an integer "
         "from 1 to 2147483647"},
        {"\"search\": {\"method\": \"random\", \"max_trials\": 2}", ""},
        {"\"learning_rate\": {\"float\": [0.1, 1]}",
         "learning_rate: found a continuous parameter in a grid; allowed: with step, points or "
         "choice, or another search method: random, *"},
        {"\"learning_rate\": {\"float\": [0.1, 1]}, \"search\": {\"method\": \"sobol\", "
         "\"max_trials\": 2}",
         ""},
        // A method that is not known has no rules.
        {"\"learning_rate\": {\"float\": [0.1, 1]}, \"search\": {\"method\": \"gird\"}",
         "search.method: found 'gird'; allowed: grid, *"},
        {"\"epochs\": {\"int\": [1, 1000000]}, \"batch_size\": {\"int\": [1, 60000]}",
         "search: found 60000000000 combinations; allowed: at most 2147483647, or max_trials"},
        {"\"epochs\": {\"int\": [1, 1000000]}, \"batch_size\": {\"int\": [1, 60000]}, \"search\": "
         "{\"max_trials\": 3}",
         ""},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

static void test_schedulers(void)
{
    static const struct wrong_case rows[] = {
        {"\"epochs\": 2, \"search\": {\"scheduler\": \"asha\"}", ""},
        {"\"search\": {\"scheduler\": \"none\"}", ""},
        {"\"search\": {\"scheduler\": \"asha\"}",
         "epochs: found none, which is 1, but search.scheduler is asha; allowed: at least 2"},
        {"\"epochs\": 1, \"search\": {\"scheduler\": \"asha\"}",
         "epochs: found 1, but search.scheduler is asha; allowed: at least 2"},
        {"\"epochs\": 4, \"search\": {\"scheduler\": {\"name\": \"asha\", \"min_epochs\": 4}}",
         "search.scheduler.min_epochs: found 4, but epochs is 4; allowed: less than that"},
        {"\"epochs\": {\"choice\": [1, 5]}, \"search\": {\"scheduler\": {\"name\": "
         "\"median_stop\", "
         "\"start_epoch\": 4}}",
         ""},
        {"\"epochs\": 9, \"search\": {\"scheduler\": \"successive_halving\", \"patience\": 3}",
         "search.patience: found with successive_halving, which starts all trials before it trains "
         "one to the end; allowed: with the \"trials\" of a bracket given, or another scheduler"},
        {"\"epochs\": 9, \"search\": {\"scheduler\": {\"name\": \"successive_halving\", "
         "\"trials\": 9}, "
         "\"patience\": 3}",
         ""},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

static void test_resolve(void)
{
    static const struct wrong_case rows[] = {
        {"\"search\": {\"resolve\": 9}, \"objective\": {\"by\": \"median\"}", ""},
        {"\"search\": {\"resolve\": 0}, \"objective\": {\"by\": \"worst\"}", ""},
        {"\"search\": {\"resolve\": 9}, \"objective\": {\"by\": \"worst\"}",
         "search.resolve: found with objective.by 'worst', by which trials with more executions "
         "lose; allowed: with mean, median, lower_bound"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

static void test_rates(void)
{
    static const struct wrong_case rows[] = {
        {"\"learning_rate\": 0.1, \"optimizer\": {\"name\": \"sgd\", \"learning_rate\": 0.1}",
         "optimizer.learning_rate: found beside learning_rate at the top level; allowed: one of "
         "them"},
        {"\"learning_rate\": {\"schedule\": \"exponential\", \"decay_steps\": 5, \"decay_rate\": "
         "0.5}, "
         "\"reduce_on_plateau\": {}",
         "reduce_on_plateau: found beside a learning-rate schedule; allowed: with a constant "
         "learning rate"},
        {"\"learning_rate\": 0.1, \"reduce_on_plateau\": {}", ""},
        {"\"learning_rate\": {\"schedule\": \"constant\"}, \"reduce_on_plateau\": {}", ""},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

static void test_validation(void)
{
    static const struct wrong_case rows[] = {
        {"\"early_stopping\": {\"monitor\": \"loss\"}", ""},
        {"\"early_stopping\": {}",
         "early_stopping.monitor: found 'val_loss', but data.validation is 0; "
         "allowed: a metric of the training rows"},
        {"\"reduce_on_plateau\": {\"monitor\": \"val_mse\"}",
         "reduce_on_plateau.monitor: found 'val_mse', but data.validation is 0; allowed: a metric "
         "of the "
         "training rows"},
    };
    CHECK_PROBLEMS("{\"data\": {\"synthetic\": \"xor\", \"validation\": 0}, \"hidden\": [], %s}",
                   rows);
}

int main(void)
{
    test_methods();
    test_schedulers();
    test_resolve();
    test_rates();
    test_validation();
    return check_done();
}
