#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints what test_pairs.c knows: the interaction of each pair of a study's parameters by NumPy's
least squares and SciPy's F, on the study that the test makes, too.

    build/oracles/bin/python tests/unit/insight/pairs.py
"""
import itertools

import numpy
from scipy import stats

state = 11


def draw():
    global state
    state = (1664525 * state + 1013904223) % 2**32
    return state / 2**32


rows = []
for _ in range(120):
    a, b, c, noise = draw(), draw(), draw(), draw()
    a, c = min(int(a * 3), 2), min(int(c * 2), 1)
    y = b * (1, 0, -1)[a] + 0.25 * c + 0.5 * noise
    rows.append((a, b, numpy.nan if a == 2 else c, y))
data = numpy.array(rows)
rank = stats.rankdata(data[:, 3])
for i, j in itertools.combinations(range(3), 2):
    both = ~numpy.isnan(data[:, i]) & ~numpy.isnan(data[:, j])
    n = both.sum()
    wanted = max(w for w in (2, 3, 4) if w == 2 or 3 * w * w <= n)
    labels = []
    for k in (i, j):
        x = data[both, k]
        edges = numpy.unique([numpy.sort(x)[(n * c - 1) // wanted] for c in range(1, wanted)] + [x.max()])
        labels.append(numpy.searchsorted(edges, x))
    y = rank[both] - rank[both].mean()
    one = [numpy.equal.outer(lab, numpy.unique(lab)).astype(float) for lab in labels]
    cells = numpy.einsum("na,nb->nab", *one).reshape(n, -1)
    cells = cells[:, cells.any(axis=0)]

    def fit(m):
        solution = numpy.linalg.lstsq(m, y, rcond=None)
        return ((y - m @ solution[0]) ** 2).sum(), solution[2]

    (rss0, rank0), (rss1, rank1) = fit(numpy.hstack(one)), fit(cells)
    df, rest, total = rank1 - rank0, n - rank1, (y**2).sum()
    f = (rss0 - rss1) / df / (rss1 / rest)
    share = max(0, (rss0 - rss1 - df * rss1 / rest) / total)
    print(f"{{{i}, {j}, {n}, {float(share)!r}, {float(stats.f.sf(f, df, rest))!r}}},")
