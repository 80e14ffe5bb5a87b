// SPDX-License-Identifier: MIT
//
// The state of the processor in which trainings run, and its description for the store.
#include "check.h"

#include <float.h>

#include "mlpsweep/train.h"

static void test_denormals(void)
{
    volatile float tiny = FLT_MIN, half = 0.5f;
    volatile float kept = tiny * half; // before: gradual underflow
    CHECK(kept > 0);
    ms_train_prepare(1);
    volatile float flushed = tiny * half;
    CHECK(flushed == 0); // results are flushed
    volatile float read = kept * 2;
    CHECK(read == 0); // operands are, too
    volatile double small = DBL_MIN, flushed_double = small * 0.5;
    CHECK(flushed_double == 0);
}

static void test_provenance(void)
{
    char text[512], cut[12];
    ms_train_prepare(1);
    CHECK(ms_train_provenance(text, sizeof text) == text);
    CHECK_THAT(strncmp(text, "OpenBLAS ", 9) == 0 && strstr(text, ", 1 thread; vectors: "), "'%s'",
               text);
    ms_train_prepare(0); // fewer than one thread is one
    CHECK(strstr(ms_train_provenance(text, sizeof text), ", 1 thread; ") != NULL);
    ms_train_provenance(cut, sizeof cut);
    CHECK(strlen(cut) == sizeof cut - 1 && strncmp(cut, text, sizeof cut - 1) == 0);
}

int main(void)
{
#if defined(__x86_64__) || defined(__aarch64__)
    test_denormals();
#endif
    test_provenance();
    return check_done();
}
