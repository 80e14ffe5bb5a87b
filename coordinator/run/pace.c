// SPDX-License-Identifier: MIT
//
// A ring of ratios beside the same ratios in order: the oldest leaves both, the new one enters
// both. At 63 of them moving a few numbers is cheaper than any cleverer structure.
#include "pace.h"

#include <math.h>
#include <string.h>

static void drop_oldest(struct ms_pace *p)
{
    int i = 0;
    while (p->sorted[i] != p->ratio[p->at])
        i++;
    memmove(p->sorted + i, p->sorted + i + 1, (size_t)(p->n - 1 - i) * sizeof *p->sorted);
    p->n--;
}

void ms_pace_add(struct ms_pace *p, double measured_s, double expected_s)
{
    const double ratio = measured_s / expected_s;
    if (!isfinite(ratio) || ratio <= 0)
        return;
    if (p->n == MS_PACE_MOST)
        drop_oldest(p);
    int i = p->n++;
    for (; i > 0 && p->sorted[i - 1] > ratio; i--)
        p->sorted[i] = p->sorted[i - 1];
    p->sorted[i] = ratio;
    p->ratio[p->at] = ratio;
    p->at = (p->at + 1) % MS_PACE_MOST;
}

double ms_pace_ratio(const struct ms_pace *p)
{
    return p->n ? p->sorted[p->n / 2] : 1;
}
