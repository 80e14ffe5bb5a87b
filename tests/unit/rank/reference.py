# SPDX-License-Identifier: MIT
"""Prints the reference values of test_moderate.c, test_best_set.c, test_interval.c and test_stats.c.

They come from SciPy and NumPy alone: polygamma, least squares by numpy.linalg.lstsq, root finding by
scipy.optimize.brentq, integrals by scipy.integrate.quad, scipy.stats' t and binomial test. The moderation
without care is limma's fitFDist() and squeezeVar() (limma 3.58, files fitFDist.R, squeezeVar.R), written down
from their documentation, with a cubic as the design.

    python3 tests/unit/rank/reference.py
"""
import numpy as np
from scipy import integrate, optimize, special, stats

VARIANCE = [4e-4, 1e-5, 2.5e-4, 9e-4, 1.6e-3, 3e-5, 6e-4, 2.2e-3, 1.1e-3, 5e-3, 7e-4, 1e-2]
DF = [2, 2, 2, 2, 4, 2, 1, 2, 2, 2, 4, 2]


def numbers(name, values):
    print(f"{name}:\n    " + ", ".join(f"{v:.15g}" for v in np.atleast_1d(values)))


def moderate(s2, d, x, terms, careful):
    s2, d, x = map(np.asarray, (s2, np.asarray(d, float), x))
    k = len(s2)
    e = np.log(s2) - special.digamma(d / 2) + np.log(d / 2)
    own = special.polygamma(1, d / 2)
    w = 1 / own
    design = np.vander(x, terms, increasing=True)
    root = np.sqrt(w)
    c = np.linalg.lstsq(design * root[:, None], e * root, rcond=None)[0]
    trend = design @ c
    hat = design * root[:, None]
    hat = np.diag(hat @ np.linalg.inv(hat.T @ hat) @ hat.T)
    mean = np.sum(w * (e - trend) ** 2) / (k - terms)
    if careful:
        excess = np.mean(special.polygamma(3, d / 2) / own ** 2)
        mean *= 1 + np.sqrt((2 + excess) / (k - terms))
    v = max((mean - 1) / w.mean(), 0)
    spread = v + (hat * (v + own) if careful else np.zeros(k))
    out, df = np.empty(k), np.empty(k)
    for i in range(k):
        if spread[i] == 0:
            out[i], df[i] = np.exp(trend[i]), d.sum()
            continue
        half = optimize.brentq(lambda z: special.polygamma(1, z) - spread[i], 1e-4, 1e8, xtol=1e-15, rtol=1e-15)
        s0 = np.exp(trend[i] + special.digamma(half) - np.log(half))
        out[i], df[i] = (2 * half * s0 + d[i] * s2[i]) / (2 * half + d[i]), min(2 * half + d[i], d.sum())
    return v, out, df


def fit_f_dist(s2, d):
    """limma's fitFDist without a covariate and with equal df: s0² and d0."""
    z = np.log(s2)
    e = z - special.digamma(d / 2) + np.log(d / 2)
    evar = np.var(e, ddof=1) - special.polygamma(1, d / 2)
    d0 = 2 * optimize.brentq(lambda q: special.polygamma(1, q) - evar, 1e-4, 1e8, xtol=1e-15, rtol=1e-15)
    return np.exp(e.mean() + special.digamma(d0 / 2) - np.log(d0 / 2)), d0


def maximum_p(c, loading):
    def integrand(u):
        return stats.norm.pdf(u) * -np.expm1(sum(stats.norm.logcdf((c + a * u) / np.sqrt(1 - a * a)) for a in loading))
    return integrate.quad(integrand, -12, 12, epsabs=1e-12, epsrel=1e-12, limit=400)[0]


def best_set(mean, variance, df, n, moderated, maximum):
    """p of every trial, larger is better; all pairs are looked at. Loadings are at most 0.98 (stats.h)."""
    mean, variance, df, n = (np.asarray(a, float) for a in (mean, variance, df, n))
    k = len(mean)
    s2, f = np.maximum(variance, 1e-5 * np.median(variance)), df
    if moderated:
        rank = stats.rankdata(-mean)
        _, s2, f = moderate(s2, df, 2 * (rank - 0.5) / k - 1, 4, True)
    v = s2 / n

    def tails(among):
        out = np.ones(k)
        for i in among:
            for j in among:
                if mean[j] > mean[i]:
                    t = (mean[j] - mean[i]) / np.sqrt(v[i] + v[j])
                    nu = (v[i] + v[j]) ** 2 / (v[i] ** 2 / f[i] + v[j] ** 2 / f[j])
                    out[i] = min(out[i], stats.t.sf(t, nu))
        return out

    p = np.minimum(1, tails(range(k)) * (k - 1) / 0.1)
    left, before = [i for i in range(k) if p[i] > 0.05], k + 1
    while 1 < len(left) < before:
        second, before = tails(left), len(left)
        for i in left:
            q = min(1, second[i] * (len(left) - 1))
            if maximum and q > 1e-3 and second[i] < 0.5:
                q = min(q, maximum_p(stats.norm.isf(second[i]),
                                     [min(np.sqrt(v[i] / (v[i] + v[j])), 0.98) for j in left if j != i]))
            p[i] = min(p[i], q / (0.8 if not moderated else 0.85 if maximum else 0.9))
        if moderated:
            break
        left = [i for i in left if p[i] > 0.05]
    return np.minimum(p, 1)


def main():
    for order in range(4):
        numbers(f"polygamma {order} at 0.25, 0.5, 1, 2.5, 19.5, 400",
                special.polygamma(order, np.array([0.25, 0.5, 1, 2.5, 19.5, 400])))
    numbers("trigamma inverse of 1e8, 30, 4, 1, 0.02, 1e-7",
            [optimize.brentq(lambda q: special.polygamma(1, q) - y, 1e-6, 1e9, xtol=1e-16, rtol=1e-15)
             for y in (1e8, 30, 4, 1, 0.02, 1e-7)])
    place = 2 * (np.arange(12) + 0.5) / 12 - 1
    for terms in (1, 4):
        for careful in (False, True):
            v, out, df = moderate(VARIANCE, DF, place, terms, careful)
            numbers(f"terms {terms}, careful {careful}: V, moderated, df", np.concatenate([[v], out, df]))
    s0, d0 = fit_f_dist(np.array(VARIANCE), 2.0)
    numbers("limma, df 2 each: d0 s0^2, moderated", np.concatenate(
        [[d0, s0], (d0 * s0 + 2 * np.array(VARIANCE)) / (d0 + 2)]))
    for c, loading in ((2.5, [0.7071067811865476] * 9), (3.0, [0.1, 0.3, 0.5, 0.7, 0.9, 0.95]), (1.2, [0.98, 0.5, 0]),
                       (-0.5, [0.6] * 3), (4.5, [0.8] * 60)):
        numbers(f"maximum of {c} with {len(loading)}", maximum_p(c, loading))
    for hits, rows in ((89, 91), (91, 91), (0, 50), (700, 1000)):
        ci = stats.binomtest(hits, rows).proportion_ci(method="wilson")
        numbers(f"wilson {hits} of {rows}", [ci.low, ci.high])
    for a, b in (((0.91, 0.93, 0.92), (0.80, 0.90, 0.82)), ((0.91, 0.92, 0.93), (0.88, 0.89, 0.905)),
                 ((0.91, 0.93, 0.92), (0.93, 0.90, 0.915)), ((0.91, 0.93, 0.92), (0.50, 0.52, 0.51))):
        numbers(f"Welch, one-sided, {a} above {b}", stats.ttest_ind(a, b, equal_var=False, alternative="greater").pvalue)
    numbers("set of 6", best_set([0.92, 0.915, 0.9, 0.88, 0.84, 0.5], [1e-4, 2.25e-4, 4e-5, 3e-3, 1e-4, 1e-4],
                                 [2, 2, 2, 4, 2, 2], [3, 3, 3, 5, 3, 3], False, True))
    for k in (40, 64):
        i = np.arange(k)
        p = best_set(-0.01 * i ** 1.3, 1e-4 * (1 + i % 7) * (1 + i / 10), np.full(k, 2), np.full(k, 3), True, k >= 60)
        numbers(f"set of {k}: p of 0, 2, 4, 5, 6, 8, 10; how many are in", list(p[[0, 2, 4, 5, 6, 8, 10]]) + [np.sum(p > 0.05)])


if __name__ == "__main__":
    main()
