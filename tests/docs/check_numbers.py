#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The numbers that the pages of sweeps/ and the sweep files print are those that the program gives:

    check_numbers.py PROGRAM ROOT

- times: the table of sweeps in sweeps/README.md, by `plan --no-measure --workers 2`
- values: a parameter with a comment that lists its values, in README.md, sweeps/*.md and sweeps/*.json
- minima: the table of functions in sweeps/objectives.md, each function evaluated at its minimum
- counts: trials, executions and steps in the comments of sweep files

Every problem is printed on a line of its own. Sweeps of Fashion-MNIST are skipped by name where it is not
installed (apt install dataset-fashion-mnist). The last line counts; the exit status is 1 if there are problems.
"""
import json
import math
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile


class Checker:
    def __init__(self, program, root):
        self.program, self.root = str(pathlib.Path(program).resolve()), pathlib.Path(root)
        self.passed = self.failed = self.skipped = 0

    def equal(self, what, printed, found):
        if printed == found:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL  {what}: printed '{printed}', the program says '{found}'")

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=1800)
        return done.returncode, done.stdout.decode()

    def plan(self, path, *options):
        """What plan says of a sweep file; None, once it is counted as skipped, where its data are not there."""
        status, text = self.run("plan", path, "--no-measure", "--workers", "2", *options)
        if status == 0:
            return text
        if "fashion" in text and "No such file" in text:
            self.skipped += 1
            print(f"skip  {path.name}: Fashion-MNIST is not installed")
        else:
            self.equal(path.name, "a plan", text.strip())
        return None


def time_text(plan):
    if plan["wall_s"] is None:
        return "theirs"
    seconds = plan["wall_s"]
    return f"{math.ceil(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"


def check_times(c):
    page = (c.root / "sweeps" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*\.json`[^|]*) \|.*\| ([^|]*) \|$", page, re.M)
    named = set()
    for files, printed in rows:
        files = re.findall(r"`([^`]*\.json)`", files)
        named.update(files)
        plans = [c.plan(c.root / "sweeps" / file, "--json") for file in files]
        if None in plans:
            continue
        times = [time_text(json.loads(plan)) for plan in plans]
        found = ", ".join(times) if len(set(times)) > 1 else times[0] + (" each" if len(times) > 1 and times[0][0].isdigit() else "")
        c.equal(f"sweeps/README.md: time of {', '.join(files)}", printed[:len(found)], found)
    there = {path.name for path in (c.root / "sweeps").glob("*.json")}
    c.equal("sweeps/README.md: sweeps without a row", "", " ".join(sorted(there - named)))


def check_values(c):
    """A line such as "batch_size": {"int": [16, 64], "step": 2, "log": true}  // 16, 32, 64"""
    pages = [c.root / "README.md", *sorted((c.root / "sweeps").glob("*.md")), *sorted((c.root / "sweeps").glob("*.json"))]
    found = 0
    with tempfile.TemporaryDirectory(prefix="mlpsweep-docs.") as work:
        sweep = pathlib.Path(work) / "s.json"
        for page in pages:
            for parameter, printed in re.findall(r'(\{"(?:int|float)":[^{}]*\}).*// ([-0-9.e]+(?:, [-0-9.e]+)+)$',
                                                 page.read_text(encoding="utf-8"), re.M):
                found += 1
                sweep.write_text(f'{{"objective": {{"function": "sphere"}}, "params": {{"x": {parameter}}}}}')
                text = c.plan(sweep) or ""
                values = re.search(r"^ +x +(.*)$", text, re.M)
                c.equal(f"{page.name}: values of {parameter}", printed, values.group(1).strip() if values else text)
    c.equal("parameters with a list of their values", True, found >= 2)


def minimum_of(c, function, points, work):
    """The least value of a function at the points, and in which digits it is printed."""
    params = {f"x{k + 1}" if len(points[0]) > 2 else "xy"[k]: {"choice": sorted({p[k] for p in points})}
              for k in range(len(points[0]))}
    (work / "s.json").write_text(json.dumps({"objective": {"function": function}, "params": params}))
    for old in work.glob("s.db*"):
        old.unlink()
    status, text = c.run("run", work / "s.json", "--workers", "1", "--store", work / "s.db")
    if status:
        return text.strip()
    store = sqlite3.connect(work / "s.db")
    value = store.execute("SELECT min(objective) FROM execution").fetchone()[0]
    store.close()
    return value


def check_minima(c):
    page = (c.root / "sweeps" / "objectives.md").read_text(encoding="utf-8").replace("−", "-")
    rows = re.findall(r"^\| `(\w+)` \|.*\| .*minimum (\S+) at (.*) \|$", page, re.M)
    with tempfile.TemporaryDirectory(prefix="mlpsweep-docs.") as work:
        for function, printed, places in rows:
            points = [[float(x) for x in place.replace(", …,", ",").split(",")] for place in re.findall(r"\(([^)]*)\)", places)]
            value = minimum_of(c, function, points, pathlib.Path(work))
            digits = len(printed.partition(".")[2])
            found = value if isinstance(value, str) else f"{abs(value) if round(value, digits) == 0 else value:.{digits}f}"
            c.equal(f"objectives.md: minimum of {function}", printed, found)
    c.equal("objectives.md: functions with a minimum", True, len(rows) >= 7)


def check_counts(c):
    words = {"three": 3}
    text = (c.root / "sweeps" / "demo.json").read_text(encoding="utf-8")
    trials, executions = re.search(r"(\d+) random trials, each trained (\w+) times", text).groups()
    plan = json.loads(c.plan(c.root / "sweeps" / "demo.json", "--json"))
    c.equal("demo.json: trials", int(trials), plan["trials"])
    c.equal("demo.json: executions of a trial", words[executions], plan["executions"] / plan["trials"])
    text = (c.root / "sweeps" / "folds.json").read_text(encoding="utf-8")
    plan = json.loads(c.plan(c.root / "sweeps" / "folds.json", "--json"))
    c.equal("folds.json: executions of a trial", int(re.search(r"executions_per_trial is (\d+)", text).group(1)),
            plan["executions"] / plan["trials"])
    text = (c.root / "sweeps" / "d0-beale-grid.json").read_text(encoding="utf-8")
    plan = json.loads(c.plan(c.root / "sweeps" / "d0-beale-grid.json", "--json"))
    c.equal("d0-beale-grid.json: points", int(re.search(r"(\d+) points", text).group(1)), plan["trials"])
    path = c.root / "sweeps" / "d1-sgd-inverse-time.json"
    rows, steps = re.search(r"Batches of (\d+) rows are ([\d,]+) steps", path.read_text(encoding="utf-8")).groups()
    text = c.plan(path)
    if text:
        train = int(re.search(r"([\d,]+) train", text).group(1).replace(",", ""))
        c.equal("d1-sgd-inverse-time.json: steps of an epoch", steps, f"{math.ceil(train / int(rows)):,}")


def main(program, root):
    c = Checker(program, root)
    for check in (check_times, check_values, check_minima, check_counts):
        check(c)
    print(f"{c.passed} passed, {c.failed} failed, {c.skipped} skipped")
    return 1 if c.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
