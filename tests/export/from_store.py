#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole way: sweeps are run, their best networks exported, and the exports answer the rows of a file
as `mlpsweep predict` does, to 1e-5 of the answers' size.

    from_store.py PROGRAM PYTHON

The C header is compiled and always compared. The Python module and ONNX need the packages of
requirements.txt in PYTHON, and are left out, by name, where it lacks them.
"""
import csv
import datetime
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROWS = 1000
TOLERANCE = 1e-5
NEVER = "never seen"

# Every way of scaling and every head, on a table with missing values, categories and dates.
DATA = {"csv": "rows.csv", "categorical": ["colour"], "dates": "seconds", "missing": "mean"}
NETWORK = {"activation": {"choice": ["gelu", "selu", "softplus"]},
           "normalization": {"choice": ["batch_normalization", "layer_normalization", "none"]},
           "units": {"int": [4, 12]}}
SWEEPS = {
    "price": {"data": {"target": "price", "ignore": ["kind", "sold"], "scaling": "standard",
                       "target_scaling": "standard"}, "objective": {"metric": "val_loss"}},
    "log-price": {"data": {"target": "price", "ignore": ["kind", "sold"], "scaling": "standard",
                           "target_scaling": "log"}, "objective": {"metric": "val_mae"}},
    "kind": {"data": {"target": "kind", "ignore": ["price", "sold"], "scaling": "minmax"},
             "objective": {"metric": "val_accuracy"}},
    "sold": {"data": {"target": "sold", "ignore": ["price", "kind"], "scaling": "standard", "folds": 3},
             "objective": {"metric": "val_accuracy"}},
}

failures = []


def check(what, ok):
    print(f"{'ok  ' if ok else 'FAIL'}  {what}")
    if not ok:
        failures.append(what)


def close(what, found, wanted):
    size = max(1.0, *(abs(w) for w in wanted))
    worst = max((abs(f - w) / size for f, w in zip(found, wanted)), default=float("inf"))
    check(f"{what}: {len(found)} answers, off by {worst:.2g}",
          len(found) == len(wanted) and worst <= TOLERANCE)


def make_rows(path):
    """A table in which price, kind and sold depend on the rest."""
    draw = random.Random(12)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area", "colour", "built", "rooms", "price", "kind", "sold"])
        for _ in range(ROWS):
            area, rooms = draw.uniform(30, 200), draw.randint(1, 6)
            colour = draw.choice(["red", "green", "deep, \"blue\""])
            price = 2000 * area + 8000 * rooms + len(colour) * 900 + draw.gauss(0, 4000)
            kind = "house" if area > 140 else "flat" if colour == "red" else "loft"
            writer.writerow(["" if draw.random() < 0.05 else round(area, 2),
                             "" if draw.random() < 0.05 else colour,
                             f"{draw.randint(1950, 2020)}-{draw.randint(1, 12):02}-11", rooms,
                             round(price, 1), kind, "yes" if price > 250000 else "no"])


def program(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"mlpsweep {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def predictions(store, *options):
    """What mlpsweep predict says of all rows: classes, or None; and numbers, row by row."""
    table = list(csv.reader(program("predict", store, "--data", "rows.csv", *options).splitlines()))
    head, rows = table[0], table[1:]
    numbers = [i for i, name in enumerate(head) if name.startswith("p(")]
    if not numbers:
        return None, [[float(row[1])] for row in rows]
    return [row[1] for row in rows], [[float(row[i]) for i in numbers] for row in rows]


def c_number(text, kind, column, name):
    if text == "":
        return "NAN"
    if kind == "category":
        return f"{name}_category({column}, {json.dumps(text)})"
    if kind == "date":
        date = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
        return f"{date.timestamp():.1f}"
    return repr(float(text))


def compare_header(name, rows, classes, wanted):
    """Compiles the rows with the header, and runs them."""
    ident = name.replace("-", "_")
    columns = [("area", "number"), ("colour", "category"), ("built", "date"), ("rooms", "number")]
    lines = []
    for row in rows:
        values = ", ".join(c_number(row[column], kind, i, ident)
                           for i, (column, kind) in enumerate(columns))
        lines.append(f"    answer((const double[]){{{values}}});")
    label = f'puts({ident}_classes[{ident}_class(y)]);' if classes else 'puts("");'
    pathlib.Path(f"{name}.c").write_text(
        f'#include <stdio.h>\n#include "{name}.h"\nstatic void answer(const double *x)\n{{\n'
        f"    double y[{ident.upper()}_N_OUTPUTS];\n    {ident}_predict(x, y);\n"
        f'    for (int j = 0; j < {ident.upper()}_N_OUTPUTS; j++)\n        printf("%.17g,", y[j]);\n'
        f"    {label}\n}}\nint main(void)\n{{\n" + "\n".join(lines) + "\n    return 0;\n}\n")
    subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", f"{name}.c", "-o", name,
                    "-lm"], check=True)
    found = list(csv.reader(subprocess.run([f"./{name}"], check=True, capture_output=True,
                                           text=True).stdout.splitlines()))
    numbers = [[float(x) for x in row[:-1]] for row in found]
    if classes and len(numbers[0]) == 1:
        numbers = [[1 - p, p] for [p] in numbers]
    close(f"{name}: C header", sum(numbers, []), sum(wanted, []))
    if classes:
        check(f"{name}: C header's classes", [row[-1] for row in found] == classes)


def compare_python(name, rows, classes, wanted):
    """The module in NumPy, PyTorch and Keras, and ONNX; in the interpreter that has them."""
    import importlib.util
    import numpy as np
    sys.path.insert(0, ".")
    module = importlib.import_module(name.replace("-", "_"))
    columns = {column: [row[column] or None for row in rows] for column in module.COLUMNS}
    for column in ("area", "rooms"):
        columns[column] = [None if v is None else float(v) for v in columns[column]]
    flat = sum(wanted, [])
    close(f"{name}: NumPy", (module.predict_proba(columns) if classes
                             else module.predict(columns)).ravel().tolist(), flat)
    if classes:
        check(f"{name}: NumPy's classes", list(module.predict(columns)) == classes)
    inputs = module.encode(columns)
    def both(y):
        y = np.asarray(y)
        return (np.concatenate([1 - y, y], 1) if classes and y.shape[1] == 1 else y).ravel().tolist()
    if importlib.util.find_spec("torch"):
        import torch
        close(f"{name}: PyTorch", both(module.torch_module()(torch.tensor(inputs)).detach()), flat)
    if importlib.util.find_spec("keras"):
        close(f"{name}: Keras", both(module.keras_model().predict_on_batch(inputs)), flat)
    if importlib.util.find_spec("onnxruntime"):
        import onnxruntime
        session = onnxruntime.InferenceSession(f"{name}.onnx", providers=["CPUExecutionProvider"])
        plain = [module.seconds(columns["built"]) if c == "built" else np.array(columns[c], float)
                 for c in module.COLUMNS if c != "colour"]
        feed = {"x": np.stack(plain, 1), "colour": np.array([v or "" for v in columns["colour"]], object)}
        close(f"{name}: onnxruntime", both(session.run(None, feed)[0]), flat)


def oracles(folder):
    """What runs inside PYTHON, in the folder of the exports."""
    os.chdir(folder)
    cases = json.loads(pathlib.Path("cases.json").read_text())
    with open("rows.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, (classes, wanted) in cases.items():
        compare_python(name, rows, classes, wanted)


def main(python):
    make_rows("rows.csv")
    with open("rows.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    cases = {}
    for name, sweep in SWEEPS.items():
        whole = {"name": name, "seed": 3, "hidden": {"layers": {"int": [1, 2]}, "same": NETWORK},
                 "epochs": 4, "batch_size": 32, "keep_best": 2,
                 "search": {"method": "random", "max_trials": 8, "executions_per_trial": 2}, **sweep,
                 "data": {**DATA, **sweep["data"]}}
        pathlib.Path(f"{name}.json").write_text(json.dumps(whole))
        program("run", f"{name}.json", "--workers", "1", "--progress", "plain")
        classes, wanted = cases[name] = predictions(f"{name}.db")
        check(f"{name}: the answers differ", len({tuple(w) for w in wanted}) > ROWS / 2)
        for form, ending in (("safetensors", "safetensors"), ("onnx", "onnx"), ("c", "h")):
            program("export", f"{name}.db", "--format", form)
            check(f"{name}: writes {form}", pathlib.Path(f"{name}.{ending}").exists())
        if shutil.which("cc"):
            compare_header(name, rows, classes, wanted)
    program("refit", "kind.db")
    classes, wanted = predictions("kind.db", "--refit")
    check("a refit answers in its own way", wanted != cases["kind"][1])
    program("export", "kind.db", "--format", "c", "--refit", "--force")
    if shutil.which("cc"):
        compare_header("kind", rows, classes, wanted)
    again = subprocess.run([PROGRAM, "export", "price.db", "--format", "onnx"], capture_output=True, text=True)
    check("what is there is not replaced", again.returncode == 2 and "--force" in again.stderr)
    absent = subprocess.run([PROGRAM, "export", "price.db", "--format", "c", "-o", "x.h", "--execution", "9"],
                            capture_output=True, text=True)
    check("an execution without weights is told of, and nothing is written",
          absent.returncode == 2 and "has no weights" in absent.stderr and not pathlib.Path("x.h").exists())
    pathlib.Path("cases.json").write_text(json.dumps(cases))
    test = subprocess.run([python, "-c", "import numpy"], capture_output=True) if os.path.exists(python) else None
    if test is None or test.returncode:
        print("skipped: NumPy, PyTorch, Keras, onnxruntime: no package numpy")
    else:
        environment = dict(os.environ, KERAS_BACKEND="torch")
        inside = subprocess.run([python, "-B", __file__, "--inside", os.getcwd()], env=environment)
        check("the oracles agree", inside.returncode == 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        oracles(sys.argv[2])
    elif len(sys.argv) != 3:
        sys.exit(__doc__)
    else:
        PROGRAM = os.path.abspath(sys.argv[1])
        __file__ = os.path.abspath(__file__)
        with tempfile.TemporaryDirectory() as work:
            os.chdir(work)
            main(sys.argv[2])
            os.chdir("/")
    sys.exit(1 if failures else 0)
