#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/numeric/reference/*.json: what Keras 3 and PyTorch compute, for test_reference_*.c.

    python3 -m venv v && v/bin/pip install -r requirements.txt && v/bin/python reference.py

Every trajectory is computed four times: by Keras on TensorFlow and by Keras on PyTorch, both in double
precision (reference_keras.py), from the formulas of README.md in double, and from the formulas in
float (reference_formula.py). The results of Keras on TensorFlow are stored; the script fails if another
result disagrees and no entry of EXCEPTIONS says why. Where Keras itself rounds in the middle of a double
computation, the formula is stored instead ("source": "formula"). PyTorch's own functions are compared
in reference_torch.py, the rest (metrics, callbacks, statistics) made in reference_other.py.

--cache DIR keeps each child's results, so that a changed case costs only itself. About ten minutes on
one core without it. --only SUBSTRING shows differences of some cases and writes nothing.
"""
import argparse
import fnmatch
import hashlib
import importlib.metadata
import json
import math
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ["keras", "tensorflow-cpu", "torch", "numpy", "scipy", "scikit-learn"]
AGREE = 1e-10  # two computations in double, relative to the largest number of a tensor
FLOAT = 1e-5   # the formulas in float: what a case may lose by conditioning

# (whose numbers differ, cases, why). "tensorflow": the formula is stored.
EXCEPTIONS = [
    ("tensorflow", "*/log_cosh/*", "ln 2 is rounded to float32"),
    ("tensorflow", "*leaky_relu*", "the slope is an attribute of a TensorFlow kernel, in float32"),
    ("tensorflow", "*gelu*", "sqrt(2), 0.044715 and sqrt(2/pi) are rounded to float32"),
    ("tensorflow", "*/nadam/*", "0.96 is rounded to float32"),
    ("torch", "loss/binary_crossentropy/large*", "probabilities are clipped to 1e-7: not fused with the sigmoid"),
    ("torch", "loss/categorical_crossentropy/large*", "probabilities are clipped to 1e-7: not fused with the softmax"),
    ("torch", "*hard_sigmoid*", "1/6 is rounded to float32"),
    ("torch", "*softplus*", "softplus is cut at 20"),
    ("torch", "*/log_cosh/*", "softplus is cut at 20"),
    ("torch", "points/selu", "the derivative at 0 is scale·alpha, on TensorFlow scale"),
]


def excuse(backend, name):
    for who, pattern, why in EXCEPTIONS:
        if who == backend and fnmatch.fnmatch(name, pattern):
            return why
    return None


def difference(a, b):
    """The worst difference of two results, relative to the largest number of its list."""
    if isinstance(a, dict):
        if set(a) != set(b):
            return math.inf
        return max((difference(a[k], b[k]) for k in a), default=0.0)
    if isinstance(a, list) and a and isinstance(a[0], dict):
        return max(difference(x, y) for x, y in zip(a, b)) if len(a) == len(b) else math.inf
    a, b = (v if isinstance(v, list) else [v] for v in (a, b))
    if len(a) != len(b):
        return math.inf
    scale = max((abs(v) for v in b if math.isfinite(v)), default=0.0) or 1.0
    worst = 0.0
    for x, y in zip(a, b):
        if x == y or (math.isnan(x) and math.isnan(y)):
            continue
        worst = max(worst, abs(x - y) / scale if math.isfinite(x) and math.isfinite(y) else math.inf)
    return worst


def run_keras(backend, cases, data, initial, cache):
    """name -> result of every case, by Keras on a backend, in a child process; from the cache where kept."""
    versions = [importlib.metadata.version(p) for p in PACKAGES]
    source = (HERE / "reference_keras.py").read_text()
    results, missing = {}, []
    for case in cases:
        what = json.dumps([backend, versions, source, case, data.get(case.get("data")),
                           initial.get(case.get("initial"))], sort_keys=True)
        file = cache / (hashlib.sha256(what.encode()).hexdigest()[:24] + ".json") if cache else None
        if file and file.exists():
            results[case["name"]] = json.loads(file.read_text())
        else:
            missing.append((case, file))
    for start in range(0, len(missing), 40):  # few at a time: TensorFlow forgets no graph
        part = missing[start:start + 40]
        job = json.dumps({"cases": [c for c, _ in part], "data": data, "initial": initial})
        env = dict(os.environ, KERAS_BACKEND=backend, OMP_NUM_THREADS="1")
        child = subprocess.run([sys.executable, str(HERE / "reference_keras.py")], input=job, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        if child.returncode:
            sys.exit("keras on %s: %s" % (backend, child.stderr[-3000:]))
        done = json.loads(child.stdout)
        for case, file in part:
            results[case["name"]] = done[case["name"]]
            if file and "error" not in done[case["name"]]:
                file.write_text(json.dumps(done[case["name"]]))
        print("%s: %d of %d" % (backend, start + len(part), len(missing)), file=sys.stderr)
    return results


def compact(value):
    """Numbers to 14 digits: far below every tolerance, and a fifth shorter."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        value = float("%.14g" % value)
        return int(value) if value == int(value) and abs(value) < 1e9 else value
    if isinstance(value, dict):
        return {k: compact(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [compact(v) for v in value]
    return compact(value.item())  # a NumPy scalar


def write(name, about, cases, data=None, initial=None):
    """One case on a line, so that a change shows as one line."""
    one = lambda v: json.dumps(compact(v), separators=(",", ":"), ensure_ascii=False)
    used = lambda table, key: {c[key]: table[c[key]] for c in cases if c.get(key) in (table or {})}
    lines = ['{"about":%s' % one(about)]
    for key, table in (("data", used(data, "data")), ("initial", used(initial, "initial"))):
        if table:
            rows = ",\n".join("%s:%s" % (one(k), one(v)) for k, v in table.items())
            lines.append('"%s":{\n%s}' % (key, rows))
    lines.append('"cases":[\n%s]}' % ",\n".join(one(c) for c in cases))
    path = HERE / "reference" / (name + ".json")
    path.write_text(",\n".join(lines) + "\n")
    print("%-24s %4d cases, %7d bytes" % (path.name, len(cases), path.stat().st_size), file=sys.stderr)


def check(case, results, formula, in_float):
    """Completes a case with its results; returns what is wrong with it."""
    name, wrong = case["name"], []
    case["agreement"] = {}
    for backend, table in results.items():
        got = table[name]
        if "error" in got:
            wrong.append("%s: keras on %s: %s" % (name, backend, got["error"]))
            continue
        d, why = difference(got, formula), excuse(backend, name)
        case["agreement"]["keras on " + backend] = float("%.1e" % d)
        if d > AGREE and why is None:
            wrong.append("%s: keras on %s differs from the formula by %.1e" % (name, backend, d))
        if why is not None:
            case.setdefault("exceptions", {})["keras on " + backend] = why
    d = difference(in_float, formula)
    case["agreement"]["formula in float"] = float("%.1e" % d)
    if d > FLOAT:
        wrong.append("%s: ill-conditioned: the formula in float is off by %.1e" % (name, d))
    keras = results["tensorflow"][name]
    by_formula = excuse("tensorflow", name) or "error" in keras
    case["source"] = "formula" if by_formula else "keras"
    case["expected"] = formula if by_formula else keras
    return wrong


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("--cache", type=pathlib.Path)
    args.add_argument("--only")
    args = args.parse_args()
    if args.cache:
        args.cache.mkdir(parents=True, exist_ok=True)

    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import torch
    import reference_cases as cases
    import reference_formula as formula
    import reference_torch

    data, initial = cases.make_data(), cases.make_initial()
    makers = {"optimizers": [cases.optimizer_cases], "schedules": [cases.schedule_cases, cases.rate_curves],
              "losses": [cases.loss_cases], "activations": [cases.activation_cases],
              "regularizers": [cases.regularizer_cases], "constraints": [cases.constraint_cases],
              "normalizations": [cases.normalization_cases]}
    files = {name: [c for make in parts for c in make()] for name, parts in makers.items()}
    todo = [c for part in files.values() for c in part if not args.only or args.only in c["name"]]
    results = {b: run_keras(b, todo, data, initial, args.cache) for b in ("tensorflow", "torch")}
    wrong = []
    for case in todo:
        if case["kind"] == "rate":
            double = single = formula.run_rate(case)
        elif case["kind"] == "points":
            double, single = formula.run_points(case), formula.run_points(case, torch.float32)
        else:
            double = formula.run_trajectory(case, data, initial)
            single = formula.run_trajectory(case, data, initial, torch.float32)
        wrong += check(case, results, double, single)
        if args.only:
            print(case["name"], case["agreement"])
    pytorch = reference_torch.report(data, initial)
    if wrong:
        sys.exit("\n".join(wrong))
    if args.only:
        return

    import keras
    import reference_other as other
    keras.config.set_floatx("float64")
    about = {"versions": {p: importlib.metadata.version(p) for p in PACKAGES}, "python": platform.python_version(),
             "by": "tests/numeric/reference.py", "tolerance": {"float": 1e-5, "double": 1e-9}}
    for name, part in files.items():
        write(name, about, part, data, initial)
    write("metrics", about, list(other.metric_cases()))
    write("callbacks", about, list(other.early_stopping_cases()) + list(other.plateau_cases()))
    write("initializers", about, list(other.initializer_cases()))
    write("noise", about, list(other.noise_cases()))
    write("pytorch", about, [dict(name="pytorch/%d" % i, kind="pytorch", **p) for i, p in enumerate(pytorch)])


if __name__ == "__main__":
    main()
