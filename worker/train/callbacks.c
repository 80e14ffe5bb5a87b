// SPDX-License-Identifier: MIT
//
// Both callbacks share one rule of improvement; it is Keras's, so min_delta is taken without its
// sign, and a NaN improves only on nothing.
#include "callbacks.h"

#include <math.h>

static bool improves(struct ms_watch *w, bool maximize, double min_delta, double value)
{
    double delta = fabs(min_delta);
    bool better = !w->any || (maximize ? value - delta > w->best : value + delta < w->best);
    if (better) {
        w->any = true;
        w->best = value;
        w->wait = 0;
    }
    return better;
}

enum ms_callbacks_verdict ms_callbacks_early_stop(struct ms_watch *w,
                                                  const struct ms_early_stopping *es, int epoch,
                                                  double value)
{
    if (epoch <= es->start_from_epoch)
        return MS_GO_ON;
    if (improves(w, es->maximize, es->min_delta, value))
        return MS_IMPROVED;
    w->wait++;
    return w->wait >= es->patience ? MS_STOP : MS_GO_ON;
}

double ms_callbacks_reduce_on_plateau(struct ms_watch *w, const struct ms_reduce_on_plateau *r,
                                      double value, double rate)
{
    if (w->cooldown > 0) {
        w->cooldown--;
        w->wait = 0;
    }
    if (improves(w, r->maximize, r->min_delta, value) || w->cooldown > 0)
        return rate;
    w->wait++;
    if (w->wait < r->patience || !(rate > r->min_lr))
        return rate;
    w->cooldown = r->cooldown;
    w->wait = 0;
    return fmax(rate * r->factor, r->min_lr);
}
