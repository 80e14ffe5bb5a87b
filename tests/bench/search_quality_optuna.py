# SPDX-License-Identifier: MIT
"""The regrets of Optuna's samplers on the problems of search_quality.c.

    python search_quality_optuna.py [--seeds 50] [--samplers tpe,gp] [--problems beale,mixed] [-o FILE]

Writes, per sampler and problem, the regret (best value so far minus the minimum) after 30 and after
100 trials of every seed, in the order of the seeds, into search_quality_optuna.json beside this file,
with which search_quality --against compares. Results in that file are kept: a sampler and problem with
fewer than --seeds seeds is continued, so that the slow ones (gp: 10 s a run and more) can be measured
in pieces.
Trials run one after the other; seeds are 1, 2, …; nothing but the seed, and for TPE the options
named below, differs from Optuna's defaults. Needs optuna; torch and scipy for gp and qmc.
"""

import argparse
import json
import math
import os
import platform
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

import optuna

HERE = os.path.dirname(os.path.abspath(__file__))
MARKS = (30, 100)


def beale(x):
    x, y = x
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def rastrigin(x):
    return 10 * len(x) + sum(v * v - 10 * math.cos(2 * math.pi * v) for v in x)


def ackley(x):
    n = len(x)
    return (
        -20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / n))
        - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / n)
        + 20
        + math.e
    )


def branin(x):
    x, y = x
    bend = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return bend * bend + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(x):
    alpha = (1, 1.2, 3, 3.2)
    a = (
        (10, 3, 17, 3.5, 1.7, 8),
        (0.05, 10, 17, 0.1, 8, 14),
        (3, 3.5, 1.7, 10, 17, 8),
        (17, 8, 0.05, 10, 0.1, 14),
    )
    p = (
        (0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886),
        (0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991),
        (0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650),
        (0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381),
    )
    return -sum(
        alpha[i] * math.exp(-sum(a[i][j] * (x[j] - p[i][j]) ** 2 for j in range(6)))
        for i in range(4)
    )


def sphere(x):
    return sum(v * v for v in x)


def box(function, lo, hi, dims):
    """An objective of `dims` numbers between lo and hi (numbers, or one per dimension)."""
    lo = lo if isinstance(lo, tuple) else (lo,) * dims
    hi = hi if isinstance(hi, tuple) else (hi,) * dims

    def objective(trial):
        return function([trial.suggest_float(f"x{i}", lo[i], hi[i]) for i in range(dims)])

    return objective


def mixed(trial):
    """See mixed() in search_quality.c, which says what it is."""
    optimizer = trial.suggest_categorical("optimizer", ["sgd", "adam", "rmsprop"])
    if optimizer == "sgd":
        momentum = trial.suggest_float("sgd.momentum", 0, 1)
    elif optimizer == "adam":
        layers = trial.suggest_int("adam.layers", 1, 8)
        epsilon = trial.suggest_float("adam.epsilon", 1e-9, 1e-1, log=True)
    else:
        rho = trial.suggest_float("rmsprop.rho", 0, 1)
        momentum = trial.suggest_float("rmsprop.momentum", 0, 1)
    rate = math.log10(trial.suggest_float("rate", 1e-5, 1, log=True))
    units = trial.suggest_int("units", 16, 256, step=16) / 256 - 0.625
    activation = trial.suggest_categorical("activation", ["tanh", "relu", "sigmoid", "elu"])
    value = {"tanh": 0.15, "relu": 0, "sigmoid": 0.4, "elu": 0.05}[activation]
    if optimizer == "sgd":
        a = rate + 1
        value += 0.02 + 4 * (momentum - 0.8) ** 2
    elif optimizer == "adam":
        a = rate + 3
        value += 0.05 * (layers - 3) ** 2 + 0.02 * (math.log10(epsilon) + 7) ** 2
    else:
        a = rate + 2.5
        value += 0.1 + 2 * (rho - 0.9) ** 2 + 2 * (momentum - 0.3) ** 2
    return value + 0.4 * a * a + 0.3 * a * units + 0.5 * units * units


# name -> (objective, minimum); the order is that of search_quality.c
PROBLEMS = {
    "beale": (box(beale, -4.5, 4.5, 2), 0),
    "rosenbrock": (box(rosenbrock, -5, 10, 2), 0),
    "rastrigin": (box(rastrigin, -5.12, 5.12, 2), 0),
    "ackley": (box(ackley, -32.768, 32.768, 2), 0),
    "branin": (box(branin, (-5, 0), (10, 15), 2), 0.39788735772973816),
    "hartmann6": (box(hartmann6, 0, 1, 6), -3.322368011415515),
    "sphere": (box(sphere, -5.12, 5.12, 2), 0),
    "mixed": (mixed, 0),
    "rosenbrock5": (box(rosenbrock, -5, 10, 5), 0),
    "rastrigin5": (box(rastrigin, -5.12, 5.12, 5), 0),
    "ackley5": (box(ackley, -32.768, 32.768, 5), 0),
    "sphere5": (box(sphere, -5.12, 5.12, 5), 0),
    "beale-wide": (box(beale, -5, 5, 2), 0),
}

SAMPLERS = {
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "qmc": lambda seed: optuna.samplers.QMCSampler(seed=seed, scramble=True),
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "tpe-group": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True),
    "tpe-univariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False),
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
}


def run(sampler, problem, seed):
    objective, minimum = PROBLEMS[problem]
    study = optuna.create_study(sampler=SAMPLERS[sampler](seed))
    study.optimize(objective, n_trials=max(MARKS))
    values = [t.value for t in study.get_trials(deepcopy=False)]
    return [min(values[:mark]) - minimum for mark in MARKS]


def versions():
    from importlib import metadata

    found = {"python": platform.python_version(), "optuna": optuna.__version__}
    for package in ("numpy", "scipy", "torch"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            pass
    return found


def write(path, sampler, problem, regrets):
    """One line per sampler and problem, so that the file can be read and compared."""
    try:
        with open(path) as f:
            data = json.load(f)
    except FileNotFoundError:
        data = {}
    data["versions"] = versions()
    entry = {"seeds": len(regrets)}
    for i, mark in enumerate(MARKS):
        entry[str(mark)] = [float(f"{r[i]:.5g}") for r in regrets]
    data.setdefault("regrets", {}).setdefault(sampler, {})[problem] = entry
    regret_lines = ",\n".join(
        f'  "{s}": {{\n'
        + ",\n".join(
            f'   "{p}": {json.dumps(data["regrets"][s][p])}'
            for p in PROBLEMS
            if p in data["regrets"][s]
        )
        + "}"
        for s in SAMPLERS
        if s in data["regrets"]
    )
    text = f'{{"versions": {json.dumps(data["versions"])},\n "regrets": {{\n{regret_lines}}}}}\n'
    with open(path + ".new", "w") as f:
        f.write(text)
    os.replace(path + ".new", path)


def read(path, sampler, problem):
    """The regrets that are there already, seed by seed."""
    try:
        with open(path) as f:
            entry = json.load(f)["regrets"][sampler][problem]
    except (FileNotFoundError, KeyError):
        return []
    return [list(r) for r in zip(*(entry[str(mark)] for mark in MARKS))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--samplers", default=",".join(SAMPLERS))
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--seconds", type=float, default=math.inf, help="stop after this many seconds")
    parser.add_argument("-o", default=os.path.join(HERE, "search_quality_optuna.json"))
    args = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    try:
        import torch

        torch.set_num_threads(1)
    except ImportError:
        pass
    begin = time.monotonic()
    regrets = {}
    # Seed after seed over all problems: whenever it stops, every problem has the same number of seeds.
    for seed in range(1, args.seeds + 1):
        for sampler in args.samplers.split(","):
            for problem in args.problems.split(","):
                if time.monotonic() - begin > args.seconds:
                    return
                if (sampler, problem) not in regrets:
                    regrets[sampler, problem] = read(args.o, sampler, problem)
                seen = regrets[sampler, problem]
                if len(seen) >= seed:
                    continue
                seen.append(run(sampler, problem, seed))
                write(args.o, sampler, problem, seen)
        print(f"seed {seed}: {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
