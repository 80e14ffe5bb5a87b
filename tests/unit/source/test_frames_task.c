// SPDX-License-Identifier: MIT
//
// What a target is: what the sweep file says comes before the values, and what contradicts is
// refused by name.
#include "coordinator/source/frames_task.h"

#include <string.h>

#include "check.h"

#define NOTHING                                                                                    \
    {                                                                                              \
        .numbers = ""                                                                              \
    }
#define NUMBERS                                                                                    \
    {                                                                                              \
        .numbers = "loss 'mse'"                                                                    \
    }
#define CLASSES                                                                                    \
    {                                                                                              \
        .classes = "metric 'accuracy'", .numbers = "loss 'mse'"                                    \
    }
#define MIXED                                                                                      \
    {                                                                                              \
        .classes = "metric 'accuracy'", .numbers = "loss 'mse'", .trains_numbers = true            \
    }
#define SOFTMAX                                                                                    \
    {                                                                                              \
        .classes = "output.activation 'softmax'", .output_per_class = true                         \
    }
#define SIGMOID                                                                                    \
    {                                                                                              \
        .zero_one = "output.activation 'sigmoid'", .numbers = "loss 'mse'"                         \
    }
#define CROSS                                                                                      \
    {                                                                                              \
        .classes = "loss 'binary_crossentropy'", .one_output = true                                \
    }

#define INTEGERS(n, rows_)                                                                         \
    {                                                                                              \
        .n_targets = 1, .n_values = n, .rows = rows_, .whole = true                                \
    }
#define ZERO_ONE                                                                                   \
    {                                                                                              \
        .n_targets = 1, .n_values = 2, .rows = 9, .whole = true, .zero_one = true                  \
    }
#define FLOATS(n)                                                                                  \
    {                                                                                              \
        .n_targets = 1, .n_values = n, .rows = 1000                                                \
    }
#define TEXTS(n)                                                                                   \
    {                                                                                              \
        .n_targets = 1, .n_values = n, .rows = 1000, .text = true                                  \
    }
#define LABELS(n)                                                                                  \
    {                                                                                              \
        .n_targets = 1, .n_values = n, .rows = 1000, .whole = true, .label = true                  \
    }
#define SEVERAL(hot)                                                                               \
    {                                                                                              \
        .n_targets = 3, .rows = 9, .one_hot = hot                                                  \
    }

enum { REFUSED = -1 };

static const struct {
    const char *title;
    int task; // data.task
    struct ms_task_hint hint;
    struct ms_target_facts facts;
    int wanted;
    const char *by; // or words of the refusal
    bool assumed;
} cases[] = {
    // Nothing is said.
    {"0 and 1", -1, NOTHING, ZERO_ONE, MS_BINARY, "its values", false},
    {"1 and 2", -1, NOTHING, INTEGERS(2, 9), MS_BINARY, "its values", true},
    {"few integers", -1, NOTHING, INTEGERS(16, 16), MS_MULTICLASS, "its values", true},
    {"20 integers", -1, NOTHING, INTEGERS(20, 99), MS_MULTICLASS, "its values", true},
    {"21 integers", -1, NOTHING, INTEGERS(21, 99), MS_REGRESSION, "its values", false},
    {"floats", -1, NOTHING, FLOATS(3), MS_REGRESSION, "its values", false},
    {"two texts", -1, NOTHING, TEXTS(2), MS_BINARY, "its values", false},
    {"20 texts", -1, NOTHING, TEXTS(20), MS_MULTICLASS, "its values", false},
    {"21 texts", -1, NOTHING, TEXTS(21), REFUSED, "t: target 'y' is text with 21", false},
    {"47 labels", -1, NOTHING, LABELS(47), MS_MULTICLASS, "the source", false},
    {"two labels", -1, NOTHING, LABELS(2), MS_MULTICLASS, "the source", false},
    {"one-hot rows", -1, NOTHING, SEVERAL(true), MS_MULTICLASS, "its values", true},
    {"several numbers", -1, NOTHING, SEVERAL(false), MS_REGRESSION, "its values", false},
    {"one value", -1, NOTHING, INTEGERS(1, 9), REFUSED, "has only one value", false},
    // The loss speaks for numbers.
    {"few integers, mse", -1, NUMBERS, INTEGERS(16, 16), MS_REGRESSION, "loss 'mse'", false},
    {"0 and 1, mse", -1, NUMBERS, ZERO_ONE, MS_REGRESSION, "loss 'mse'", false},
    {"one value, mse", -1, NUMBERS, INTEGERS(1, 9), MS_REGRESSION, "loss 'mse'", false},
    {"texts, mse", -1, NUMBERS, TEXTS(3), MS_MULTICLASS, "its values", false},
    {"labels, mse", -1, NUMBERS, LABELS(10), MS_MULTICLASS, "the source", false},
    {"one-hot rows, mse", -1, NUMBERS, SEVERAL(true), MS_REGRESSION, "loss 'mse'", false},
    // A sigmoid goes with both, and decides for 0 and 1 only.
    {"0 and 1, sigmoid", -1, SIGMOID, ZERO_ONE, MS_BINARY, "output.activation 'sigmoid'", false},
    {"few integers, sigmoid", -1, SIGMOID, INTEGERS(5, 9), MS_REGRESSION, "loss 'mse'", false},
    // Classes weigh more.
    {"few integers, accuracy", -1, CLASSES, INTEGERS(5, 50), MS_MULTICLASS, "metric 'accuracy'",
     false},
    {"16 integers of 16, accuracy", -1, CLASSES, INTEGERS(16, 16), MS_MULTICLASS,
     "metric 'accuracy'", true},
    // … but a metric alone does not where the loss is for numbers.
    {"16 integers, mse and accuracy", -1, MIXED, INTEGERS(16, 99), REFUSED,
     "t: target 'y': loss 'mse' is for numbers, but metric 'accuracy' is for classes; data.task",
     false},
    {"3 floats, mse and accuracy", -1, MIXED, FLOATS(3), REFUSED, "loss 'mse' is for numbers",
     false},
    {"0 and 1, mse and accuracy", -1, MIXED, ZERO_ONE, MS_BINARY, "metric 'accuracy'", false},
    {"texts, mse and accuracy", -1, MIXED, TEXTS(3), MS_MULTICLASS, "metric 'accuracy'", false},
    {"one-hot rows, mse and accuracy", -1, MIXED, SEVERAL(true), MS_MULTICLASS, "metric 'accuracy'",
     false},
    {"47 integers, softmax", -1, SOFTMAX, INTEGERS(47, 1000), MS_MULTICLASS,
     "output.activation 'softmax'", false},
    {"two integers, softmax", -1, SOFTMAX, INTEGERS(2, 9), MS_MULTICLASS,
     "output.activation 'softmax'", false},
    {"two texts, softmax", -1, SOFTMAX, TEXTS(2), MS_MULTICLASS, "output.activation 'softmax'",
     false},
    {"two labels, crossentropy", -1, CROSS, LABELS(2), MS_BINARY, "the source", false},
    {"100 texts, accuracy", -1, CLASSES, TEXTS(100), MS_MULTICLASS, "metric 'accuracy'", false},
    {"one-hot rows, accuracy", -1, CLASSES, SEVERAL(true), MS_MULTICLASS, "metric 'accuracy'",
     false},
    {"shares, softmax", -1, SOFTMAX, SEVERAL(false), MS_REGRESSION, "its values", false},
    {"many floats, crossentropy", -1, CROSS, FLOATS(900), REFUSED,
     "t: target 'y': found 900 different numbers, but loss 'binary_crossentropy' is for classes; "
     "allowed: data.task",
     false},
    {"as many integers as rows, crossentropy", -1, CROSS, INTEGERS(900, 1000), REFUSED,
     "900 different whole numbers", false},
    // The file says it.
    {"task regression", MS_REGRESSION, SOFTMAX, INTEGERS(3, 9), MS_REGRESSION, "task", false},
    {"task multiclass", MS_MULTICLASS, NUMBERS, INTEGERS(30, 30), MS_MULTICLASS, "task", false},
    {"task multiclass of two", MS_MULTICLASS, NOTHING, TEXTS(2), MS_MULTICLASS, "task", false},
    {"task binary of three", MS_BINARY, NOTHING, INTEGERS(3, 9), REFUSED,
     "3 different values; binary needs 2", false},
    {"task multiclass of numbers", MS_MULTICLASS, NOTHING, SEVERAL(false), REFUSED,
     "3 numbers a row are not the one-hot classes of a multiclass task", false},
    {"task binary of several", MS_BINARY, NOTHING, SEVERAL(true), REFUSED, "of a binary task",
     false},
    {"too many classes", MS_MULTICLASS, NOTHING, INTEGERS(70000, 90000), REFUSED,
     "at most 65536 classes", false},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s", cases[i].title);
        static struct ms_data_spec spec;
        struct ms_target_facts facts = cases[i].facts;
        struct ms_target_choice choice;
        struct ms_error err = {0};
        spec.task = cases[i].task;
        snprintf(facts.what, sizeof facts.what, "t: target 'y'");
        int status = ms_frames_task(&spec, &cases[i].hint, &facts, &choice, &err);
        CHECK_THAT((status != 0) == (cases[i].wanted == REFUSED), "status %d: %s", status,
                   err.text);
        if (status) {
            CHECK_THAT(strstr(err.text, cases[i].by), "'%s'", err.text);
            continue;
        }
        CHECK_INT(choice.task, cases[i].wanted);
        CHECK_STR(choice.by, cases[i].by);
        CHECK_INT(choice.assumed, cases[i].assumed);
    }
}

// data.classes says that there are classes.
static void test_classes(void)
{
    static struct ms_data_spec spec = {.task = -1, .classes = "1\n2"};
    static const struct ms_task_hint mse = NUMBERS;
    struct ms_target_facts facts = INTEGERS(2, 9);
    struct ms_target_choice choice;
    struct ms_error err = {0};
    CHECK_INT(ms_frames_task(&spec, &mse, &facts, &choice, &err), 0);
    CHECK(choice.task == MS_BINARY && !choice.assumed);
    CHECK_STR(choice.by, "classes");
    spec.task = MS_REGRESSION;
    CHECK(ms_frames_task(&spec, &mse, &facts, &choice, &err) != 0);
    CHECK_THAT(strstr(err.text, "data.classes: found beside data.task \"regression\""), "%s",
               err.text);
}

// Only numbers are scaled.
static void test_target_scaling(void)
{
    static struct ms_data_spec spec = {.task = -1, .target_scaling = 1};
    static const struct ms_task_hint nothing, sigmoid = SIGMOID, accuracy = CLASSES;
    const struct ms_target_facts few = INTEGERS(3, 9), zero_one = ZERO_ONE, hot = SEVERAL(true);
    struct ms_target_choice choice;
    struct ms_error err = {0};
    CHECK_INT(ms_frames_task(&spec, &nothing, &few, &choice, &err), 0);
    CHECK_INT(choice.task, MS_REGRESSION);
    CHECK_STR(choice.by, "target_scaling");
    CHECK(ms_frames_task(&spec, &sigmoid, &zero_one, &choice, &err) == 0 &&
          choice.task == MS_REGRESSION);
    CHECK(ms_frames_task(&spec, &nothing, &hot, &choice, &err) == 0 &&
          choice.task == MS_REGRESSION);
    CHECK(ms_frames_task(&spec, &accuracy, &few, &choice, &err) == 0 &&
          choice.task == MS_MULTICLASS);
}

int main(void)
{
    test_cases();
    test_classes();
    test_target_scaling();
    return check_done();
}
