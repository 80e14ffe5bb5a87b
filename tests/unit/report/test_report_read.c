// SPDX-License-Identifier: MIT
//
// The choice of what a page shows of too many trials, by its rules: the first half are the first
// places, the others stand evenly over the rest and include the last.
#include "check.h"

#include "coordinator/report/report_internal.h"

int main(void)
{
    bool chosen[1000];
    CHECK(ms_report_choose(7, 7, chosen) == 7);
    for (int i = 0; i < 7; i++)
        CHECK(chosen[i]);
    CHECK(ms_report_choose(0, 5, chosen) == 0);

    // By hand: 5 first, then of places 5 … 24 the last of each of 5 shares of 4.
    static const int others[] = {8, 12, 16, 20, 24};
    CHECK(ms_report_choose(25, 10, chosen) == 10);
    for (int i = 0; i < 25; i++) {
        CASE("place %d", i);
        bool wanted = i < 5;
        for (int k = 0; k < 5; k++)
            wanted = wanted || i == others[k];
        CHECK(chosen[i] == wanted);
    }
    for (int n = 1; n <= 1000; n += 37)
        for (int most = 2; most < n; most += 13) {
            CASE("%d of %d", most, n);
            int count = 0;
            CHECK(ms_report_choose(n, most, chosen) == most);
            for (int i = 0; i < n; i++)
                count += chosen[i];
            CHECK(count == most && chosen[0] && chosen[n - 1]);
        }
    return check_done();
}
