// SPDX-License-Identifier: MIT
//
// The decision what a target is, from facts about it and from what the sweep file says. Pure.
#include "frames_task.h"

#include "common/data/raw.h"

static const char by_values[] = "its values";

// Two classes have one output or two.
static enum ms_data_task classes_of(const struct ms_task_hint *hint,
                                    const struct ms_target_facts *f)
{
    bool one = hint->one_output && !hint->output_per_class;
    bool each = hint->output_per_class && !hint->one_output;
    if (f->n_targets > 1 || f->n_values != 2)
        return MS_MULTICLASS;
    return each || (f->label && !one) ? MS_MULTICLASS : MS_BINARY;
}

static bool few_values(const struct ms_target_facts *f)
{
    return f->n_values <= MS_AUTO_CLASSES;
}

// Something in the sweep file speaks for classes. Numbers can be classes if they repeat, and if no
// loss or output is for numbers while only a metric is for classes.
static int by_hint(const struct ms_task_hint *hint, const struct ms_target_facts *f,
                   struct ms_target_choice *out, struct ms_error *err)
{
    bool repeat = few_values(f) || (f->whole && f->n_values <= f->rows / 2);
    out->by = hint->classes;
    out->task = classes_of(hint, f);
    if (!f->text && !f->zero_one && hint->trains_numbers && !hint->trains_classes)
        return ms_fail(
            err, MS_EINVAL,
            "%s: %s is for numbers, but %s is for classes; data.task says which they are", f->what,
            hint->numbers, hint->classes);
    out->assumed = !f->text && !f->zero_one && f->n_values > f->rows / 2; // hardly any repeats
    if (f->text || repeat)
        return 0;
    return ms_fail(err, MS_EINVAL,
                   "%s: found %zu different %snumbers, but %s is for classes; allowed: "
                   "data.task \"multiclass\" if they are classes, \"regression\" with another loss "
                   "or metric if they are not",
                   f->what, f->n_values, f->whole ? "whole " : "", hint->classes);
}

// What speaks for numbers, if nothing speaks for classes; NULL: nothing.
static const char *for_numbers(const struct ms_data_spec *spec, const struct ms_task_hint *hint)
{
    if (hint->classes[0])
        return NULL;
    return spec->target_scaling > 0 ? "target_scaling" : hint->numbers[0] ? hint->numbers : NULL;
}

// Several numbers a row.
static void several(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                    const struct ms_target_facts *f, struct ms_target_choice *out)
{
    const char *numbers = for_numbers(spec, hint);
    out->task = f->one_hot && !numbers ? MS_MULTICLASS : MS_REGRESSION;
    out->by = numbers ? hint->numbers : f->one_hot && hint->classes[0] ? hint->classes : by_values;
    out->assumed = f->one_hot && out->by == by_values;
}

static int single(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                  const struct ms_target_facts *f, struct ms_target_choice *out,
                  struct ms_error *err)
{
    out->by = by_values;
    out->task = classes_of(hint, f);
    if (f->label) {
        out->by = "the source";
    } else if (hint->classes[0]) {
        return by_hint(hint, f, out, err);
    } else if (f->zero_one && hint->zero_one[0] && spec->target_scaling == 0) {
        out->by = hint->zero_one;
    } else if (for_numbers(spec, hint) && !f->text) {
        out->by = for_numbers(spec, hint);
        out->task = MS_REGRESSION;
    } else if (f->text && !few_values(f)) {
        return ms_fail(err, MS_EINVAL,
                       "%s is text with %zu different values; if they are classes, say so with "
                       "\"task\"",
                       f->what, f->n_values);
    } else if (!f->text && !(f->whole && few_values(f))) {
        out->task = MS_REGRESSION;
    } else {
        out->assumed = !f->text && !f->zero_one;
    }
    return 0;
}

static int check(const struct ms_data_spec *spec, const struct ms_target_facts *f,
                 enum ms_data_task task, struct ms_error *err)
{
    if (task == MS_REGRESSION)
        return !spec->classes[0] ? 0
                                 : ms_fail(err, MS_EINVAL,
                                           "data.classes: found beside data.task \"regression\", "
                                           "which has none; allowed: one of them");
    if (f->n_targets > 1 && (task == MS_BINARY || !f->one_hot))
        return ms_fail(err, MS_EINVAL,
                       "%s: %zu numbers a row are not the one-hot classes of a %s task", f->what,
                       f->n_targets, task == MS_BINARY ? "binary" : "multiclass");
    if (f->n_targets > 1)
        return 0;
    if (f->n_values < 2)
        return ms_fail(err, MS_EINVAL, "%s has only one value; there is nothing to distinguish",
                       f->what);
    if (task == MS_BINARY && f->n_values != 2)
        return ms_fail(err, MS_EINVAL, "%s has %zu different values; binary needs 2", f->what,
                       f->n_values);
    if (f->n_values > MS_MAX_CLASSES)
        return ms_fail(err, MS_ELIMIT, "%s has %zu different values; at most %d classes", f->what,
                       f->n_values, MS_MAX_CLASSES);
    return 0;
}

int ms_frames_task(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                   const struct ms_target_facts *facts, struct ms_target_choice *out,
                   struct ms_error *err)
{
    int status = 0;
    *out = (struct ms_target_choice){0};
    if (spec->task >= 0) {
        out->task = (enum ms_data_task)spec->task;
        out->by = "task";
    } else if (spec->classes[0]) {
        out->task = classes_of(hint, facts);
        out->by = "classes";
    } else if (facts->n_targets > 1) {
        several(spec, hint, facts, out);
    } else {
        status = single(spec, hint, facts, out, err);
    }
    return status ? status : check(spec, facts, out->task, err);
}
