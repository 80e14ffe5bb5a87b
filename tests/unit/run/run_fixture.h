// SPDX-License-Identifier: MIT
//
// A small sweep with its data set and a store, for tests of what a run does with trials that have
// ended.
#ifndef RUN_FIXTURE_H
#define RUN_FIXTURE_H

#include "coordinator/source/source.h"
#include "coordinator/run/winner.h"
#include "tests/unit/store/store_fixture.h"

enum { EXECUTIONS = 3 };

static struct ms_dataset data;
static struct ms_sweep *sweep;

static inline struct ms_run begin(const char *name)
{
    return (struct ms_run){.sweep = sweep,
                           .data = &data,
                           .store =
                               open_and_begin(in_folder(name), MS_JOURNAL_AUTO, sweep, NULL, NULL)};
}

static inline void put(struct ms_store *s, uint32_t trial, double a, double b, double c)
{
    put_trial(s, trial, trial % 2, 0.001 * (trial + 1), 1, EXECUTIONS);
    put_execution(s, trial, 0, a);
    put_execution(s, trial, 1, b);
    put_execution(s, trial, 2, c);
}

static void *block; // of the data

// text: of the sweep.
static inline void run_init(const char *text)
{
    const struct ms_data_spec *spec;
    size_t size;
    fixture_init();
    sweep = parse(text);
    REQUIRE(ms_sweep_data(sweep, &spec) == 1);
    OK(ms_source_load(spec, NULL, ".", 1, &block, &size, NULL, &err));
    OK(ms_dataset_view(block, size, &data, &err));
}

static inline void run_clear(void)
{
    ms_sweep_free(sweep);
    free(block);
    fixture_clear();
}

#endif
