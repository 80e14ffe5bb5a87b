// SPDX-License-Identifier: MIT
//
// Of equal values the first counts, as Keras's EarlyStopping has it. A value that is not finite is
// none: it never is the best, and as the last one it leaves nothing.
#include "mlpsweep/at.h"

#include <math.h>

bool ms_at_next(struct ms_at_watch *w, int epoch, double value)
{
    const bool finite = isfinite(value);
    if (w->at == MS_AT_LAST) {
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
