# SPDX-License-Identifier: MIT
"""Simulated sweeps: does the set of trials that may be the best hold the truly best one, and how large is it?

    python tests/bench/ties.py --program build/tests/bench_ties           the whole grid, 1,000 sweeps a cell
    python tests/bench/ties.py --program build/tests/bench_ties --quick   a minute's part of it

The decision is the program's own (tests/bench/ties.c). Welch's test against the best with Holm's correction, the
set that it replaced, is computed beside it with SciPy. Needs numpy and scipy (requirements.txt); exit 77 without.

Noise of an execution is normal with the standard deviation 1 · exp(s · normal) of its trial, s = 0, .5, 1. Kinds:

    wide       true means half-normal below 0, spread 10
    narrow     the same, spread 10/3
    ties       wide; a tenth of the trials, at least 2, are truly the best
    equal      all true means are equal: nothing can be told apart
    demo       means fall and noise grows over two orders from the best to the worst, as in sweeps/demo.json
    noisy      noise grows so, means do not fall more than in wide: bad trials often come first
    folds      wide, executions are folds whose effects have the standard deviation 3
    failed     wide; 15 % of the executions fail, and are left out: trials have unequal n
    worst      wide; 5 % fail, and count: the best among the trials without failures is looked for
    rows100, rows1000   accuracies near 1, binomial over so many validation rows; s = 0: all .99

Coverage: the mean share of the truly best trials that are in the set. A cell fails where it is below .95 by more than
2.6 standard errors. Where means differ (wide, ties, demo, folds, failed) and n = 3, k >= 30 the mean set must be at most
half of Welch and Holm's; elsewhere it must not be larger by more than half a trial. Two kinds of cells are exempt from
the second: where Welch and Holm miss 95 % themselves or take two executions that agree for certainty (rows, n = 2 or 3), and
where all trials are the best (equal; rows, s = 0).
"""
import argparse
import subprocess
import sys
import time

try:
    import numpy as np
    from scipy import stats
except ImportError:
    print("ties.py needs numpy and scipy")
    sys.exit(77)

SEPARATE = ("wide", "ties", "demo", "folds", "failed")
KINDS = SEPARATE + ("narrow", "equal", "noisy", "worst", "rows100", "rows1000")
TRIALS = (10, 12, 15, 20, 25, 30, 60, 100, 200, 1000)
# Name, k, n, kind, s, and the mean sizes of Welch and Holm's set and of a simulated max-t with one prior for all
# variances, 100 sweeps each.
ROWS = (("60 trials x 3, wide", 60, 3, "wide", 0.7, 45.9, 14.8), ("60 x 3, narrow", 60, 3, "narrow", 0.7, 57.9, 32.1),
        ("60 x 5, wide", 60, 5, "wide", 0.7, 24.4, 11.0), ("200 x 3, wide", 200, 3, "wide", 0.7, 184, 51))


def simulate(kind, sweeps, k, n, s, rng):
    """True means (sweeps, k); values (sweeps, k, n), nan: failed; validation rows, folds, whether failures count."""
    shape = (sweeps, k)
    if kind.startswith("rows"):
        rows = int(kind[4:])
        mean = np.full(shape, 0.99) if s == 0 else 1 - (0.01 if s == 0.5 else 0.002) - np.abs(
            rng.normal(0, 0.005 if s == 0.5 else 0.03, shape))
        return mean, rng.binomial(rows, mean[:, :, None], shape + (n,)) / rows, rows, 0, False
    mean = -np.abs(rng.normal(0, {"narrow": 10 / 3, "equal": 0}.get(kind, 10), shape))
    noise = np.exp(rng.normal(0, s, shape))
    place = stats.rankdata(-mean, axis=1) / k
    if kind == "ties":
        mean[:, :max(2, k // 10)] = mean.max(axis=1)[:, None]
    if kind == "noisy":
        noise *= 0.2 * np.exp(5 * place)
    if kind == "demo":
        mean = -10 * (np.exp(5.5 * place) - 1) * rng.uniform(0.5, 1.5, shape)
        noise *= np.exp(5 * place)
    value = mean[:, :, None] + noise[:, :, None] * rng.normal(size=shape + (n,))
    if kind == "folds":
        value += rng.normal(0, 3, (sweeps, 1, n))
    if kind in ("failed", "worst"):
        gone = rng.random(value.shape) < (0.15 if kind == "failed" else 0.05)
        gone[(~gone).sum(axis=2) < 2] = False
        value[gone] = np.nan
    return mean, value, 0, n if kind == "folds" else 0, kind == "worst"


def ask(program, value, rows, folds, worst):
    """The program's sets (sweeps, k)."""
    sweeps, k, n = value.shape
    where = [f"{i} {x} " for i in range(k) for x in range(n)]
    text = []
    for v in value.reshape(sweeps, -1):
        text.append(f"{k * n} {rows} {folds} {int(worst)}\n")
        text.extend(f"{w}{x!r}\n" for w, x in zip(where, v.tolist()))
    done = subprocess.run([program], input="".join(text), capture_output=True, text=True, check=True)
    held = np.zeros((sweeps, k), bool)
    for row, line in zip(held, done.stdout.splitlines(), strict=True):
        row[[int(t) for t in line.split()[1:]]] = True
    return held


def welch_holm(value, comparable):
    sweeps, k, _ = value.shape
    n = np.isfinite(value).sum(axis=2)
    mean = np.where(comparable, np.nanmean(value, axis=2), -np.inf)
    v = np.nanvar(value, axis=2, ddof=1) / n
    at = np.arange(sweeps), mean.argmax(axis=1)
    with np.errstate(all="ignore"):
        total = v + v[at][:, None]
        lead = mean[at][:, None] - mean
        t = np.where(total > 0, lead / np.sqrt(total), np.where(lead > 0, np.inf, 0))
        df = total ** 2 / (v ** 2 / (n - 1) + (v[at] ** 2 / (n[at] - 1))[:, None])
    p = 2 * stats.t.sf(t, np.where(np.isfinite(df), df, 1))
    p[at] = 2
    p[~comparable] = 3  # they are no tests
    order = np.argsort(p, axis=1, kind="stable")
    left = comparable.sum(axis=1)[:, None] - 1 - np.arange(k)
    out = np.logical_and.accumulate(np.take_along_axis(p, order, axis=1) <= 0.05 / np.maximum(left, 1), axis=1)
    held = np.empty((sweeps, k), bool)
    np.put_along_axis(held, order, ~out, axis=1)
    return held & comparable


def cell(program, kind, sweeps, k, n, s):
    rng = np.random.default_rng([k, n, int(10 * s), KINDS.index(kind)])
    mean, value, rows, folds, worst = simulate(kind, sweeps, k, n, s, rng)
    comparable = np.isfinite(value).all(axis=2) if worst else np.ones(mean.shape, bool)
    true = np.where(comparable, mean, -np.inf)
    best = true == true.max(axis=1)[:, None]
    result = []
    for held in (welch_holm(value, comparable), ask(program, value, rows, folds, worst)):
        share = (held & best).sum(axis=1) / best.sum(axis=1)
        result += [share.mean(), share.std() / sweeps ** 0.5, held.sum(axis=1).mean()]
    return result


def judge(kind, k, n, s, wh, wh_se, wh_size, got, se, size):
    problems = []
    if got + 2.6 * se < 0.95:
        problems.append("COVERAGE")
    if kind in SEPARATE and n == 3 and k >= 30 and size > wh_size / 2:
        problems.append("MORE THAN HALF")
    same = kind == "equal" or (kind.startswith("rows") and s == 0)  # all are the best, and belong into the set
    exempt = same or wh + 2.6 * wh_se < 0.95 or (kind.startswith("rows") and n <= 3)
    if size > wh_size + 0.5 and not exempt:
        problems.append("LARGER")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--quick", action="store_true", help="some cells, 60 sweeps each")
    parser.add_argument("--sweeps", type=int, default=1000, help="a cell; of 200 trials a third of it, of 1,000 a tenth")
    parser.add_argument("--trials", type=int, nargs="+", default=TRIALS)
    parser.add_argument("--executions", type=int, nargs="+", default=(2, 3, 5, 10))
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    parser.add_argument("--spreads", type=float, nargs="+", default=(0, 0.5, 1))
    a = parser.parse_args()
    cells = [(kind, k, n, s) for k in a.trials for n in a.executions for kind in a.kinds for s in a.spreads]
    if a.quick:
        a.sweeps = 60
        cells = [(kind, k, n, s) for k, n in ((10, 3), (30, 3), (60, 2), (60, 3)) for kind in ("wide", "equal", "demo", "rows100")
                 for s in (0, 1)] + [("folds", 30, 5, 0.5), ("failed", 60, 3, 0.5), ("worst", 30, 3, 0.5), ("noisy", 60, 3, 0.5)]
    began, failed, least = time.time(), 0, (2, "")
    print("   k  n  kind      s  Welch + Holm      now")
    for kind, k, n, s in cells:
        sweeps = max(a.sweeps // (10 if k >= 1000 else 3 if k >= 200 else 1), 20)
        wh, wh_se, wh_size, got, se, size = cell(a.program, kind, sweeps, k, n, s)
        problems = judge(kind, k, n, s, wh, wh_se, wh_size, got, se, size)
        failed += bool(problems)
        least = min(least, (got, f"{kind}, k {k}, n {n}, s {s:g}"))
        print(f"{k:4} {n:2}  {kind:8} {s:3g}  {wh:.3f} {wh_size:6.1f}  {got:.3f} ±{se:.3f} {size:6.1f}  {' '.join(problems)}", flush=True)
    print(f"{len(cells)} cells, {failed} failed; least coverage {least[0]:.3f} ({least[1]}); {time.time() - began:.0f} s")
    print("\nrows known from 100 sweeps each: Welch + Holm, max-t with one prior; the same now")
    for name, k, n, kind, s, wh_known, known in ROWS:
        wh, _, wh_size, got, se, size = cell(a.program, kind, min(a.sweeps, 300), k, n, s)
        bad = abs(wh_size / wh_known - 1) > 0.1 or size > 1.15 * known or got + 2.6 * se < 0.95
        failed += int(bad)
        print(f"{name:20} {wh_known:6} {known:5}   {wh:.2f} {wh_size:6.1f}   {got:.2f} {size:5.1f}  {'DIFFERS' if bad else ''}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
