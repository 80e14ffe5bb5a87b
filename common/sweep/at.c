// SPDX-License-Identifier: MIT
//
// Of equal values the first counts, as Keras's EarlyStopping has it. A value that is not finite is
// none: it never is the best, and as the last one it leaves nothing.
#include "mlpsweep/at.h"

#include <math.h>

// The mean of the last epochs, of as many as there are where they are fewer than a window; NAN if
// one of them has no finite value.
static double mean_of_last(struct ms_at_watch *w, double value)
{
    w->last[w->n++ % w->window] = value;
    const int filled = w->n < w->window ? w->n : w->window;
    double sum = 0;
    for (int i = w->n - filled; i < w->n; i++)
        sum += w->last[i % w->window];
    return sum / filled;
}

bool ms_at_next(struct ms_at_watch *w, int epoch, double value)
{
    const bool means = w->at == MS_AT_BEST_MEAN || w->at == MS_AT_LAST_MEAN;
    if (means)
        value = mean_of_last(w, value);
    if (means && w->n <= w->window) // until a window is full its beginning is all there is
        w->epoch = 0;
    const bool finite = isfinite(value);
    if (w->at == MS_AT_LAST || w->at == MS_AT_LAST_MEAN) {
        w->epoch = finite ? epoch : 0;
        w->value = value;
        return finite;
    }
    if (!finite || (w->epoch > 0 && !(w->maximize ? value > w->value : value < w->value)))
        return false;
    w->epoch = epoch;
    w->value = value;
    return true;
}
