#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes ped_anova_known.h: what Optuna 5.0.0's PedAnovaImportanceEvaluator says of the studies that
test_ped_anova.c makes, too. Both draw their trials from the same generator, so that only Optuna's
answers are stored.

    build/oracles/bin/python tests/unit/insight/ped_anova.py > tests/unit/insight/ped_anova_known.h
"""
import math
import sys
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import PedAnovaImportanceEvaluator

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


class Draw:
    """x ← 1664525 x + 1013904223 mod 2³², as a number in [0, 1)."""

    def __init__(self, seed):
        self.x = seed

    def __call__(self):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return self.x / 2**32


def index(u, n):
    return min(int(u * n), n - 1)


def plain(u):
    p = {"x": -10 + 20 * u(), "y": -10 + 20 * u()}
    d = {"x": FloatDistribution(-10, 10), "y": FloatDistribution(-10, 10)}
    return p, d, p["x"] + p["y"] / 1000


def mixed(u):
    rate, momentum = u(), u()
    batch, units, width, deep, part, many, flag = (u() for _ in range(7))
    p = {
        "rate": 1e-5 * math.exp(rate * math.log(1e5)),
        "momentum": 0.95 * momentum,
        "batch": [32, 64, 128][index(batch, 3)],
        "units": 8 + 8 * index(units, 8),
        "width": 1 + index(width * width * width, 1000),
        "deep": 1 + index(deep, 3),
        "part": round(0.05 * index(part, 21), 10),
        "many": index(many, 99),
        "flag": [False, True][index(flag, 2)],
    }
    d = {
        "rate": FloatDistribution(1e-5, 1, log=True),
        "momentum": FloatDistribution(0, 0.95),
        "batch": CategoricalDistribution([32, 64, 128]),
        "units": IntDistribution(8, 64, step=8),
        "width": IntDistribution(1, 1000, log=True),
        "deep": IntDistribution(1, 3),
        "part": FloatDistribution(0, 1, step=0.05),
        "many": IntDistribution(0, 98),
        "flag": CategoricalDistribution([False, True]),
    }
    value = (rate - 0.7) * (rate - 0.7) + 0.25 * momentum * units + 0.125 * index(batch, 3) + 0.0625 * u()
    return p, d, value


def conditional(u):
    name, momentum, beta, layers, first, second = (u() for _ in range(6))
    p = {"optimizer": ["sgd", "adam"][index(name, 2)], "layers": 1 + index(layers, 2), "first": 4 + index(first, 29)}
    d = {
        "optimizer": CategoricalDistribution(["sgd", "adam"]),
        "layers": IntDistribution(1, 2),
        "first": IntDistribution(4, 32),
    }
    value = first * first / 4
    if p["optimizer"] == "sgd":
        p["momentum"], d["momentum"] = momentum, FloatDistribution(0, 1)
        value += (momentum - 0.9) * (momentum - 0.9)
    else:
        p["beta"], d["beta"] = 0.5 + beta / 2, FloatDistribution(0.5, 1)
        value += 0.5 + beta / 8
    if p["layers"] == 2:
        p["second"], d["second"] = 4 + index(second, 29), IntDistribution(4, 32)
        value += second / 16
    return p, d, value


def ties(u):
    a, b = u(), u()
    p = {"a": index(a, 5), "b": b, "fixed": 3}
    d = {"a": IntDistribution(0, 4), "b": FloatDistribution(0, 1), "fixed": IntDistribution(3, 3)}
    return p, d, float(index(a, 5) + index(b, 2))


STUDIES = [(plain, 100, 1, "minimize"), (mixed, 400, 2, "minimize"), (conditional, 250, 3, "minimize"),
           (ties, 60, 4, "maximize"), (mixed, 50, 5, "maximize")]

print("// SPDX-License-Identifier: MIT")
print("//")
print(f"// Made by ped_anova.py with optuna {optuna.__version__}: raw importances, before they are made to sum up")
print("// to 1.")
print("static const struct known known[] = {")
for number, (make, n, seed, direction) in enumerate(STUDIES):
    study = optuna.create_study(direction=direction)
    u = Draw(seed)
    for _ in range(n):
        params, distributions, value = make(u)
        study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=value))
    for name, value in sorted(PedAnovaImportanceEvaluator().evaluate(study).items()):
        print(f'    {{{number}, "{name}", {value!r}}},')
print("};")
sys.exit(0)
