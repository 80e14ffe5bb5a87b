"""Waiting: how much of the workers' time goes into waiting for results that the search needs.

    python tests/bench/waiting.py [--program build/mlpsweep] [--workers 2]

Sweeps that learn or prune, with the default lag, over networks of very different size; parts of a
pruned sweep take some 50 ms and more. The share is what
`mlpsweep status` prints: wait / (wait + work) of all attempts. It fails if the share is 5 % or more.
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

GOAL = 0.05

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--program", default="build/mlpsweep")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--trials", type=int, default=60)
args = parser.parse_args()

SWEEP = {
    "seed": 1,
    "data": {"synthetic": "circles", "points": 5000},
    "hidden": {"layers": {"int": [1, 3]}, "same": {"activation": {"choice": ["relu", "tanh"]}},
               "each": {"units": {"int": [8, 64], "step": 8}}},
    "optimizer": "adam",
    "learning_rate": {"float": [1e-4, 1e-1], "log": True},
    "batch_size": {"choice": [32, 64, 128]},
}
HYPERBAND = {"name": "hyperband", "min_epochs": 74}  # 2000 epochs: four brackets
SEARCHES = {  # with the epochs of a whole trial
    "tpe": (200, {"method": "tpe"}),
    "gp": (200, {"method": "gp"}),
    "evolution": (200, {"method": "evolution"}),
    "random, median_stop": (2000, {"method": "random", "scheduler": "median_stop"}),
    "random, hyperband": (2000, {"method": "random", "scheduler": HYPERBAND}),
    "tpe, hyperband": (2000, {"method": "tpe", "scheduler": HYPERBAND}),
}


def share(folder, number, epochs, search):
    path, store = os.path.join(folder, f"{number}.json"), os.path.join(folder, f"{number}.db")
    with open(path, "w") as f:
        json.dump({**SWEEP, "epochs": epochs, "search": {**search, "max_trials": args.trials}}, f)
    subprocess.run([args.program, "run", path, "--store", store, "--workers", str(args.workers),
                    "--progress", "none"], check=True)
    shown = subprocess.run([args.program, "status", store], capture_output=True, text=True, check=True).stdout
    with sqlite3.connect(store) as db:
        # A worker's first wait belongs to the start of the run, and the wait for the winner's test to its end.
        wait, wall = db.execute(
            "SELECT sum(wait_s), sum(wall_s) FROM attempt AS a WHERE started_at > (SELECT min(b.started_at)"
            " FROM attempt AS b WHERE b.worker_rank = a.worker_rank) AND test_epoch = 0").fetchone()
    return wait / (wait + wall), wall, [line.strip() for line in shown.splitlines() if "wait" in line]


with tempfile.TemporaryDirectory() as folder:
    print(f"share of {args.workers} workers' time spent waiting, {args.trials} trials, default lag")
    missed = 0
    for number, (name, (epochs, search)) in enumerate(SEARCHES.items()):
        waited, wall, lines = share(folder, number, epochs, search)
        missed += waited >= GOAL
        print(f"{name:22}{100 * waited:6.2f} %{'!' if waited >= GOAL else ' '} of {wall:.0f} s; status: "
              + "; ".join(lines).split("; ")[-1])
if missed:
    sys.exit(f"'!' marks {100 * GOAL:.0f} % or more")
