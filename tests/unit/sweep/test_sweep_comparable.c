// SPDX-License-Identifier: MIT
//
// Objectives whose unit is swept are refused; those that mean the same in all trials are not.
#include "problem_fixture.h"

#define REFUSAL(metric, param, val)                                                                \
    "objective.metric: found '" metric "' with a swept " param ", on which its unit depends; "     \
    "allowed: a metric that means the same in all trials, such as " val "mse, " val "mae or " val  \
    "accuracy"

int main(void)
{
    static const struct wrong_case rows[] = {
        {"\"loss\": {\"choice\": [\"hinge\", \"mse\"]}", REFUSAL("val_loss", "loss", "val_")},
        {"\"loss\": {\"choice\": [\"hinge\", \"mse\"]}, \"objective\": {\"metric\": \"loss\"}",
         REFUSAL("loss", "loss", "")},
        {"\"loss\": {\"name\": \"huber\", \"delta\": {\"choice\": [1, 2]}}",
         REFUSAL("val_loss", "loss.delta", "val_")},
        {"\"loss\": {\"choice\": [\"hinge\", \"mse\"]}, "
         "\"objective\": {\"metric\": \"val_accuracy\"}",
         ""},
        {"\"loss\": {\"choice\": [\"hinge\", \"mse\"]}, \"objective\": "
         "[{\"metric\": \"val_accuracy\"}, {\"metric\": \"val_loss\"}]",
         REFUSAL("val_loss", "loss", "val_")},
        {"\"loss\": {\"choice\": [\"mse\"]}", ""},
        {"\"class_weight\": {\"choice\": [null, [1, 2]]}", ""}, // val_loss has no weights
        {"\"class_weight\": [1, {\"choice\": [1, 2]}], \"objective\": {\"metric\": \"loss\"}",
         REFUSAL("loss", "class_weight.1", "")},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
    return check_done();
}
