#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens exports with the programs that they are for, and compares what those say with the store.

    tools.py optuna|tensorboard|mlflow|pandas PROGRAM PYTHON…

PYTHON: interpreters that may have the tool's packages (requirements.txt); the first that does runs the
test. None does: the exit status is 77, which ctest shows as skipped. Expected values are asked of the
store by SQL, so that they owe nothing to the code of the exports.
"""
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

NEEDS = {"optuna": ("optuna", "optuna_dashboard"), "tensorboard": ("tensorboard",), "mlflow": ("mlflow",),
         "pandas": ("pandas",)}

# Parameters of every kind, conditional ones, and a scheduler that stops trials.
SWEEP = {
    "name": "tools & \"quotes\"", "seed": 3, "data": {"synthetic": "circles", "points": 300},
    "hidden": {"layers": {"int": [1, 2]}, "same": {"activation": {"choice": ["relu", "tanh"]}},
               "each": {"units": {"int": [4, 16], "step": 2, "log": True}}},
    "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": {"float": [0, 0.9], "step": 0.3},
                                      "nesterov": {"bool": None}}]},
    "learning_rate": {"float": [1e-4, 1e-1], "log": True}, "batch_size": {"choice": [32, 128]},
    "epochs": 12,
    "search": {"method": "random", "max_trials": 24, "executions_per_trial": 2, "scheduler": "median_stop"},
    "objective": {"metric": "val_accuracy"}}

# Two objectives.
GOALS = {
    "name": "goals", "seed": 4, "data": {"synthetic": "xor", "points": 200},
    "hidden": [{"units": {"int": [2, 12]}, "activation": "tanh"}], "learning_rate": {"float": [1e-3, 1e-1]},
    "epochs": 3, "search": {"method": "random", "max_trials": 8},
    "objective": [{"metric": "val_loss"}, {"metric": "weights", "goal": "minimize"}]}

# A program whose second trial fails.
FAILS = {
    "name": "fails", "seed": 5, "search": {"method": "grid"}, "params": {"x": {"int": [0, 2]}},
    "objective": {"command": ["sh", "-c", "[ {x} != 1 ] && echo '{{\"value\": {x}.5}}'"], "metric": "value",
                  "goal": "minimize"}}

failures = []


def equal(what, found, wanted):
    same = found == wanted or (found != found and wanted != wanted)
    print(f"{'ok  ' if same else 'FAIL'}  {what}" + ("" if same else f": found {found!r}, wanted {wanted!r}"))
    if not same:
        failures.append(what)


def near(what, found, wanted, tolerance):
    """For numbers that two programs round differently; None is a number that there is not."""
    same = None not in (found, wanted) and abs(found - wanted) <= tolerance * max(1, abs(wanted))
    equal(what, wanted if same else found, wanted)


def make_store(program, folder, sweep):
    """Runs a sweep; returns the path of its store."""
    file = folder / "sweep.json"
    file.write_text(json.dumps(sweep))
    store = folder / f"store{len(list(folder.glob('*.db')))}.db"
    run = subprocess.run([program, "run", file, "--store", store, "--workers", "1", "--progress", "none"],
                         capture_output=True, text=True)
    if run.returncode > 1:
        sys.exit(f"the sweep did not run: {run.stderr}{run.stdout}")
    return store


def export(program, store, kind, output):
    subprocess.run([program, "export", store, "--format", kind, "-o", output], check=True, stdout=subprocess.DEVNULL)
    return output


class Facts:
    """What the store knows, by SQL."""

    def __init__(self, store):
        db = sqlite3.connect(store)
        self.name = db.execute("SELECT name FROM sweep").fetchone()[0]
        self.summary = {r[0]: r[1:] for r in db.execute(
            "SELECT trial, n, n_failed, mean, sd, n_pruned FROM trial_summary ORDER BY trial")}
        self.params = {t: {} for t in self.summary}
        for trial, name, value, text in db.execute(
                "SELECT t.number, p.name, p.value, p.text FROM trial t JOIN param p USING (trial_id)"):
            self.params[trial][name] = {"true": True, "false": False}.get(text, value)
        self.executions = {}  # (trial, execution): objective
        self.curves = {}      # (trial, execution, metric): {epoch: value}
        for trial, number, value in db.execute(
                "SELECT t.number, x.number, x.objective FROM execution x JOIN trial t USING (trial_id)"):
            self.executions[trial, number] = value
        for trial, number, metric, epoch, value in db.execute(
                "SELECT t.number, x.number, m.metric, m.epoch, m.value FROM epoch_metric m"
                " JOIN execution x USING (execution_id) JOIN trial t USING (trial_id)"):
            self.curves.setdefault((trial, number, metric), {})[epoch] = value
        self.goals = {}
        for trial, position, value in db.execute("SELECT trial, position, value FROM trial_goal ORDER BY 1, 2"):
            self.goals.setdefault(trial, []).append(value)
        self.metrics = sorted({key[2] for key in self.curves})
        db.close()


class Server:
    """A tool's server on a free port, asked once it answers, and ended by its own id."""

    def __init__(self, command, environment=()):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([str(c).replace("PORT", str(self.port)) for c in command], stdout=self.log,
                                        stderr=subprocess.STDOUT, start_new_session=True,
                                        env={**os.environ, **dict(environment)})

    def __enter__(self):
        end = time.monotonic() + 300
        while True:
            try:
                self.get("/")
                return self
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > end:
                    self.log.seek(0)
                    self.__exit__()
                    sys.exit(f"{self.process.args[0]}: {error}\n{self.log.read()}")
                time.sleep(0.2)

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, 15)
        except ProcessLookupError:
            pass
        self.process.wait()

    def get(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def json(self, path, body=None):
        return json.loads(self.get(path, body))

    def page(self, path, words):
        """The page as a browser shows it has these words; without Chromium this is left out."""
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if not browser:
            print("skip  no chromium: the page was not looked at")
            return
        with tempfile.TemporaryDirectory() as profile:
            shown = subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 f"--user-data-dir={profile}", "--virtual-time-budget=30000", "--dump-dom", self.url + path],
                capture_output=True, text=True, timeout=600).stdout
        for word in words:
            equal(f"the page {path} shows '{word}'", word in shown, True)


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in NEEDS:
        sys.exit(__doc__)
    name, program, *pythons = arguments
    test = "import " + ", ".join(NEEDS[name])
    for python in pythons:
        if not os.path.exists(python) or subprocess.run([python, "-c", test], capture_output=True).returncode:
            continue
        script = pathlib.Path(__file__).parent / f"open_{name}.py"
        os.execv(python, [python, "-B", str(script), program])
    print(f"SKIPPED: no {' or '.join(pythons)} has {', '.join(NEEDS[name])}; see tests/tools/requirements.txt")
    return 77


def run(test):
    """A script's main: calls test(program, folder) in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        test(sys.argv[1], pathlib.Path(folder))
    print(f"{len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
