"""plan's forecast beside the time that run takes, for the sweeps in sweeps/: one command, one table.

    python3 tests/bench/plan_forecast.py [--program build/mlpsweep] [--workers 1,2] [--rounds 1] [SWEEP ...]

For each sweep and number of workers: plan, run, plan, run …, so that a noisy machine is noisy for both.
Exit status 1 if a forecast is not within a factor of 1.5 of the wall time of the whole command. It needs
a machine with nothing else on it: the forecast is for workers with a processor each. On a machine with
other work --busy compares processor times instead: of one worker, without the launch.

Sweeps that take long are cut down, here and nowhere else, and both commands get the cut file:
a number in LESS replaces the file's max_trials (grid: its first trials), executions_per_trial or
epochs. Sweeps that stop early are forecast as if they did not (plan says "at most"), so for these only a
forecast that is too low counts. Needs nothing but Python's own library. Fashion-MNIST is the Debian
package dataset-fashion-mnist; without it the sweeps that read it are skipped by name.
"""
import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FACTOR = 1.5
LESS = {
    "demo": {},
    "folds": {},
    "a1-activation-width": {},
    "a2-optimizer-rate": {},
    "a3-sgd-rate": {},
    "a4-optimizer-wider-rates": {},
    "fashion-quick": {"executions_per_trial": 2, "epochs": 5},
    "b-staged": {"executions_per_trial": 1, "epochs": 2, "max_trials": 2},
    "d0-beale-grid": {},
    "beale-tpe": {},
    "beale-gp": {},
    "b1-layers-nodes": {"max_trials": 4, "executions_per_trial": 1, "epochs": 5},
    "b2-optimizer": {"max_trials": 2, "executions_per_trial": 1, "epochs": 5},
    "b3-batch-size": {"max_trials": 2, "executions_per_trial": 1, "epochs": 5},
    "b4-learning-rate": {"max_trials": 2, "executions_per_trial": 1, "epochs": 5},
    "b5-momentum": {"max_trials": 2, "executions_per_trial": 1, "epochs": 5},
    "b6-weight-penalty": {"max_trials": 2, "executions_per_trial": 1, "epochs": 5},
    "b7-dropout": {"max_trials": 2, "executions_per_trial": 1, "epochs": 10},
    "c-random-search": {"max_trials": 4, "executions_per_trial": 1, "epochs": 2},
    "d1-sgd-inverse-time": {"executions_per_trial": 1, "epochs": 5},
    "d2-exponential-epoch": {"executions_per_trial": 1, "epochs": 10},
    "d3-rmsprop": {"executions_per_trial": 1, "epochs": 10},
}


def cut(text, less):
    """The sweep file with these numbers; a key the file does not have goes where it belongs."""
    for key, value in less.items():
        text, found = re.subn(rf'("{key}":\s*)[0-9]+', rf"\g<1>{value}", text)
        if not found and key == "epochs":
            raise SystemExit("no epochs to cut")
        if not found:
            text, found = re.subn(r'("search":\s*\{)', rf'\g<1>"{key}": {value}, ', text)
    return text


def timed(command):
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return seconds, done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "mlpsweep"))
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("sweeps", nargs="*", default=list(LESS), help="names without .json; default: all")
    args = parser.parse_args()
    wrong = 0
    print(f"{'sweep':28}{'workers':>8}{'forecast s':>12}{'took s':>10}{'ratio':>8}{'plan took':>11}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in args.sweeps:
            text = open(os.path.join(ROOT, "sweeps", name + ".json"), encoding="utf-8").read()
            missing = [p for p in re.findall(r'"idx": "(/[^"]+)"', text) if not os.path.isdir(p)]
            if missing:
                print(f"{name:28}skipped: no {missing[0]}")
                continue
            path = os.path.join(folder, name + ".json")
            with open(path, "w", encoding="utf-8") as f:
                f.write(cut(text, LESS.get(name, {})))
            for round_number in range(args.rounds):
                for workers in args.workers.split(","):
                    plan_s, out = timed([args.program, "plan", path, "--workers", workers, "--json"])
                    forecast = json.loads(out)
                    store = os.path.join(folder, f"{name}-{workers}-{round_number}.db")
                    took_s, _ = timed([args.program, "run", path, "--store", store, "--workers", workers,
                                       "--progress", "none"])
                    expected_s = forecast["wall_s"]
                    if args.busy:
                        expected_s = forecast["one_worker_s"] - forecast["launch_s"]
                        with sqlite3.connect(store) as db:
                            took_s, = db.execute("select sum(cpu_s) from attempt").fetchone()
                    ratio = expected_s / took_s
                    fine = ratio >= 1 / FACTOR and (ratio <= FACTOR or forecast["at_most"])
                    wrong += not fine
                    print(f"{name:28}{workers:>8}{expected_s:>12.2f}{took_s:>10.2f}{ratio:>8.2f}"
                          f"{'' if fine else '!':1}{plan_s:>10.1f}", flush=True)
    print(f"{wrong} forecasts are not within a factor of {FACTOR}" if wrong else
          f"every forecast is within a factor of {FACTOR}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
