#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the cases of this folder, see README.md:

    run_cases.py run PROGRAM [CASE…]    the program on each case, compared with the case's values
    run_cases.py oracles PYTHON [CASE…]    each case's oracle.py, compared with the same values; it is run by
                                           PYTHON if there is such a file, else by this interpreter

CASE is a theme (csv) or a case (csv/semicolon); without any, all run. Every failed case is named with what
was found and what was wanted. The last line counts; the exit status is 1 if a case failed, 77 if all
were skipped.
"""
import contextlib
import json
import math
import os
import pathlib
import re
import runpy
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STEP = {"command", "exit", "prints", "lacks", "values", "tolerance"}
CASE = STEP | {"shows", "values_from", "steps", "queries"}
COMMAND = "mlpsweep run sweep.json --workers 1 --store s.db"
STORE = "s.db"
TOLERANCE = 2e-6  # relative, or absolute below 1: what a float holds of a sum of some terms
SECONDS = 600  # that no command needs
METRIC = """SELECT value FROM epoch_metric JOIN execution USING (execution_id) JOIN trial USING (trial_id)
            WHERE metric = ? ORDER BY trial.number, execution.number, epoch DESC LIMIT 1"""


class Wrong(Exception):
    """A case that does not hold, and why."""


def load(folder):
    """The case of a folder: its fields, and its steps, of which it may itself be the only one."""
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    steps = case.get("steps", [{k: v for k, v in case.items() if k in STEP}])
    unknown = set(case) - CASE | {k for step in steps for k in set(step) - STEP}
    if unknown:
        raise Wrong(f"case.json: unknown field {', '.join(sorted(unknown))}")
    if not case.get("shows"):
        raise Wrong("case.json: 'shows' is missing")
    if any("values" in step for step in steps) and not case.get("values_from"):
        raise Wrong("case.json: values without 'values_from'")
    if not any(step.keys() & {"values", "prints", "lacks"} for step in steps):
        raise Wrong("case.json: nothing is expected")
    return case, steps


def same(found, wanted, tolerance):
    """Numbers within the tolerance, anything else exactly. None is SQL's NULL: NaN, or no value."""
    if isinstance(wanted, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(found, wanted, rel_tol=tolerance, abs_tol=tolerance)
    return type(found) is type(wanted) and found == wanted


def run_python(script, folder):
    """Runs a case's script with its folder as the present one; what is defined in it."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        return runpy.run_path(str(folder / script))
    finally:
        os.chdir(before)


def ask(folder, case, name):
    """The value of that name in the case's store: a query's, or the metric's of the first execution."""
    with contextlib.closing(sqlite3.connect(folder / STORE)) as store:
        query = case.get("queries", {}).get(name)
        rows = store.execute(query).fetchall() if query else store.execute(METRIC, (name,)).fetchall()
    if not rows:
        raise Wrong(f"{name}: the store has no such value")
    if len(rows) > 1 or len(rows[0]) > 1:
        raise Wrong(f"{name}: more than one value: {rows}")
    return rows[0][0]


def run_step(folder, case, step, path):
    command = step.get("command", COMMAND)
    done = subprocess.run(["bash", "-c", command], cwd=folder, timeout=SECONDS, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(os.environ, PATH=f"{path}:{os.environ['PATH']}", PYTHONPATH=str(HERE),
                                   PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8"))
    printed = done.stdout.decode("utf-8", "replace")
    said = "\n".join("      | " + line for line in printed.splitlines()[-40:])
    if done.returncode != step.get("exit", 0):
        raise Wrong(f"{command}: exit status {done.returncode}, wanted {step.get('exit', 0)}\n{said}")
    for pattern in step.get("prints", []):
        if not re.search(pattern, printed, re.M):
            raise Wrong(f"{command}: does not print /{pattern}/\n{said}")
    for pattern in step.get("lacks", []):
        if re.search(pattern, printed, re.M):
            raise Wrong(f"{command}: prints /{pattern}/\n{said}")
    for name, wanted in step.get("values", {}).items():
        found = ask(folder, case, name)
        if not same(found, wanted, step.get("tolerance", TOLERANCE)):
            raise Wrong(f"{name}: found {found!r}, wanted {wanted!r}\n{said}")


def run_case(folder, path):
    """Runs a case in a copy of its folder; `path` is a folder with nothing but the program."""
    case, steps = load(folder)
    with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as work:
        copy = pathlib.Path(work) / folder.name
        shutil.copytree(folder, copy)
        if (copy / "make.py").exists():
            run_python("make.py", copy)
        for step in steps:
            run_step(copy, case, step, path)


def run_oracle(folder):
    """Compares a case's stored values with those that its oracle computes; every oracle names all of them."""
    _, steps = load(folder)
    with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as work:
        copy = pathlib.Path(work) / folder.name
        shutil.copytree(folder, copy)
        if (copy / "make.py").exists():
            run_python("make.py", copy)
        values = run_python("oracle.py", copy)["values"]
    stored = {}
    for step in steps:
        stored.update(step.get("values", {}))
    if not values.keys() <= stored.keys():
        raise Wrong(f"oracle.py: case.json has no {', '.join(sorted(values.keys() - stored.keys()))}")
    for name, value in values.items():
        value = value.item() if hasattr(value, "item") else value
        if not same(stored[name], value, 1e-9):
            raise Wrong(f"{name}: case.json has {stored[name]!r}, oracle.py says {value!r}")


def within(folder, name):
    return f"{folder.relative_to(HERE)}/".startswith(f"{name.rstrip('/')}/")


def cases(names):
    """The folders of the cases so named, in order. A name that fits none is an error."""
    found = sorted(path.parent for path in HERE.glob("*/*/case.json"))
    for name in names:
        if not any(within(folder, name) for folder in found):
            sys.exit(f"run_cases.py: no case '{name}'")
    return [folder for folder in found if not names or any(within(folder, name) for name in names)]


def judge(folders, run):
    """Runs each folder's case, prints one line for each, and counts: passed, failed, skipped."""
    count = {"ok": 0, "FAIL": 0, "skip": 0}
    for folder in folders:
        name, word, why = folder.relative_to(HERE), "ok", ""
        try:
            run(folder)
        except ModuleNotFoundError as e:
            word, why = "skip", f": {e.name} is not there"
        except Wrong as e:
            word, why = "FAIL", f": {e}"
        except (OSError, ValueError, KeyError, sqlite3.Error, subprocess.SubprocessError) as e:
            word, why = "FAIL", f": {type(e).__name__}: {e}"
        count[word] += 1
        print(f"{word:5s} {name}{why}", flush=True)
    print(f"{count['ok']} passed, {count['FAIL']} failed, {count['skip']} skipped")
    return 1 if count["FAIL"] else 0 if count["ok"] else 77


def main(arguments):
    sys.path.insert(0, str(HERE))
    sys.dont_write_bytecode = True
    if arguments[:1] == ["run"] and len(arguments) > 1:
        with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as path:
            os.symlink(pathlib.Path(arguments[1]).resolve(), f"{path}/mlpsweep")
            return judge(cases(arguments[2:]), lambda folder: run_case(folder, path))
    if arguments[:1] == ["oracles"] and len(arguments) > 1:
        other = pathlib.Path(arguments[1])
        if other.exists() and other.parent != pathlib.Path(sys.executable).parent:
            os.execv(other, [str(other), "-B", __file__, *arguments])
        return judge([f for f in cases(arguments[2:]) if (f / "oracle.py").exists()], run_oracle)
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
