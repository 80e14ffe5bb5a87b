// SPDX-License-Identifier: MIT
//
// Where a walk is: names and paths that grow and shrink alike, within their bounds.
#include "common/sweep/walk_state.h"

#include "check.h"

static void test_paths(void)
{
    struct ms_walk w = {0};
    struct ms_mark hidden = ms_sweep_walk_enter(&w, "hidden", "hidden");
    CHECK_STR(w.path, "hidden");
    struct ms_mark each = ms_sweep_walk_enter(&w, "each", "2");
    struct ms_mark units = ms_sweep_walk_enter(&w, "units", "units");
    CHECK_STR(w.path, "hidden.each.units");
    CHECK_STR(w.name, "hidden.2.units");
    ms_sweep_walk_leave(&w, units);
    CHECK_STR(w.path, "hidden.each");
    struct ms_mark unnamed = ms_sweep_walk_enter(&w, "dropout", "");
    CHECK_STR(w.path, "hidden.each.dropout");
    CHECK_STR(w.name, "hidden.2");
    ms_sweep_walk_leave(&w, unnamed);
    ms_sweep_walk_leave(&w, each);
    ms_sweep_walk_leave(&w, hidden);
    CHECK(w.path[0] == '\0' && w.name[0] == '\0');
}

// Deeper than a path is long: it is cut, and the way back still leads to where it began.
static void test_deep(void)
{
    struct ms_walk w = {0};
    struct ms_mark mark[100];
    for (int i = 0; i < 100; i++)
        mark[i] = ms_sweep_walk_enter(&w, "component", "name");
    CHECK_INT(strlen(w.path), sizeof w.path - 1);
    for (int i = 99; i >= 0; i--)
        ms_sweep_walk_leave(&w, mark[i]);
    CHECK(w.path[0] == '\0' && w.name[0] == '\0');
}

static void test_reading(void)
{
    const double point = 0;
    struct ms_walk w = {.point = &point};
    struct ms_mark mark = ms_sweep_walk_enter(&w, "hidden", "hidden");
    CHECK(w.path[0] == '\0' && w.name[0] == '\0');
    ms_sweep_walk_leave(&w, mark);
    CHECK(w.path[0] == '\0');
}

int main(void)
{
    test_paths();
    test_deep();
    test_reading();
    return check_done();
}
