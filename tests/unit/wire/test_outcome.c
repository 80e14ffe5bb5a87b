// SPDX-License-Identifier: MIT
//
// The table of outcomes: each value of the enum has its row, and each decision that reads the table
// is what it has always been. The expected answers stand here one by one, so that a change of a row
// shows which decisions it changes.
#include "mlpsweep/outcome.h"

#include "check.h"

static const struct wanted {
    enum ms_end end;
    const char *name;
    bool retried, counts, itself;
    bool uses_up;  // one of the execution's attempts
    bool noted;    // the run reports it (coordinator_in.c)
    bool final;    // the execution is done with it (store_put.c)
    bool failures; // it is in the view "failures"
    bool shown;    // `show` lists it among the attempts that did not complete
} wanted[] = {
    // clang-format off
    //                                  retried counts itself uses_up noted  final  failures shown
    {MS_END_COMPLETED,   "completed",     false, true,  true,  false, false, true,  false, false},
    {MS_END_STOPPED,     "early_stopped", false, true,  true,  false, false, true,  false, false},
    {MS_END_DIVERGED,    "diverged",      false, true,  true,  false, false, true,  true,  true},
    {MS_END_CANCELLED,   "cancelled",     false, false, false, false, false, false, false, true},
    {MS_END_ERROR,       "error",         false, false, false, true,  true,  false, true,  true},
    {MS_END_CRASHED,     "crashed",       true,  false, false, true,  true,  false, true,  true},
    {MS_END_TIMEOUT,     "timeout",       true,  false, false, true,  true,  false, true,  true},
    {MS_END_LOST,        "lost",          true,  false, false, true,  true,  false, true,  true},
    {MS_END_INTERRUPTED, "interrupted",   true,  false, false, false, true,  false, false, true},
    {MS_END_PAUSED,      "paused",        false, true,  false, false, false, false, false, false},
    {MS_END_PRUNED,      "pruned",        false, true,  false, false, false, true,  false, false},
    {MS_END_UNDEFINED,   "undefined",     false, true,  true,  false, false, true,  true,  true},
    // clang-format on
};

static void test_decisions(void)
{
    CHECK_INT(sizeof wanted / sizeof *wanted, MS_N_ENDS);
    for (int i = 0; i < MS_N_ENDS; i++) {
        const struct wanted *w = &wanted[i];
        const struct ms_outcome_row *o = ms_outcome_of(i);
        CASE("%s", w->name);
        CHECK_INT(w->end, i);
        CHECK_STR(o->name, w->name);
        CHECK(o->word && *o->word);
        CHECK_INT(o->retried, w->retried);
        CHECK_INT(o->counts, w->counts);
        CHECK_INT(o->itself, w->itself);
        CHECK_INT(ms_outcome_uses_up(i), w->uses_up);
        CHECK_INT(ms_outcome_uses_up(i) || o->retried, w->noted);
        CHECK_INT(o->counts && i != MS_END_PAUSED, w->final);
        CHECK_INT(o->failure, w->failures);
        CHECK_INT(o->failure || !o->counts, w->shown);
    }
}

static void test_find(void)
{
    for (int i = 0; i < MS_N_ENDS; i++) {
        CASE("end %d", i);
        CHECK_INT(ms_outcome_find(ms_outcome_of(i)->name), i);
    }
    CHECK_INT(ms_outcome_find("stopped early"), -1); // people's word
    CHECK_INT(ms_outcome_find(""), -1);
    CHECK_INT(ms_outcome_find(NULL), -1);
    const int beyond[] = {-1, MS_N_ENDS, 99};
    for (int i = 0; i < 3; i++) {
        const struct ms_outcome_row *o = ms_outcome_of(beyond[i]);
        CHECK_STR(o->name, "unknown");
        CHECK(!o->failure && !o->retried && !o->counts && !o->itself);
    }
}

int main(void)
{
    test_decisions();
    test_find();
    return check_done();
}
